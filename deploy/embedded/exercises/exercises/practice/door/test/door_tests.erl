-module(door_tests).
-include_lib("eunit/include/eunit.hrl").

a_new_door_is_locked_test() ->
    {ok, Door} = door:start_link("1234"),
    ?assertEqual(locked, door:state(Door)).

the_right_code_unlocks_it_test() ->
    {ok, Door} = door:start_link("1234"),
    ?assertEqual(ok, door:unlock(Door, "1234")),
    ?assertEqual(closed, door:state(Door)).

a_wrong_code_changes_nothing_test() ->
    {ok, Door} = door:start_link("1234"),
    ?assertEqual({error, wrong_code}, door:unlock(Door, "4321")),
    ?assertEqual(locked, door:state(Door)).

it_goes_round_test() ->
    {ok, Door} = door:start_link("1234"),
    ok = door:unlock(Door, "1234"),
    ok = door:open(Door),
    ?assertEqual(open, door:state(Door)),
    ok = door:close(Door),
    ok = door:lock(Door),
    ?assertEqual(locked, door:state(Door)).

a_locked_door_does_not_open_test() ->
    {ok, Door} = door:start_link("1234"),
    ?assertEqual({error, locked}, door:open(Door)),
    ?assertEqual(locked, door:state(Door)).

an_open_door_cannot_be_locked_test() ->
    {ok, Door} = door:start_link("1234"),
    ok = door:unlock(Door, "1234"),
    ok = door:open(Door),
    ?assertEqual({error, open}, door:lock(Door)),
    ?assertEqual(open, door:state(Door)).
