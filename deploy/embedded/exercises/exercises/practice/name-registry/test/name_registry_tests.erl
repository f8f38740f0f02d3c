-module(name_registry_tests).
-include_lib("eunit/include/eunit.hrl").

finds_what_was_registered_test() ->
    {ok, Registry} = name_registry:start_link(),
    ok = name_registry:register(Registry, kitchen, self()),
    ?assertEqual({ok, self()}, name_registry:lookup(Registry, kitchen)).

an_unknown_name_is_an_error_test() ->
    {ok, Registry} = name_registry:start_link(),
    ?assertEqual(error, name_registry:lookup(Registry, attic)).

a_taken_name_stays_with_its_owner_test() ->
    {ok, Registry} = name_registry:start_link(),
    ok = name_registry:register(Registry, kitchen, self()),
    Other = spawn_link(fun wait/0),
    ?assertEqual({error, taken}, name_registry:register(Registry, kitchen, Other)),
    ?assertEqual({ok, self()}, name_registry:lookup(Registry, kitchen)).

the_name_of_a_dead_process_is_free_test() ->
    {ok, Registry} = name_registry:start_link(),
    Guest = spawn(fun wait/0),
    ok = name_registry:register(Registry, guest_room, Guest),
    Monitor = erlang:monitor(process, Guest),
    exit(Guest, kill),
    receive {'DOWN', Monitor, process, Guest, killed} -> ok end,
    ?assertEqual(ok, name_registry:register(Registry, guest_room, self())).

wait() ->
    receive stop -> ok end.
