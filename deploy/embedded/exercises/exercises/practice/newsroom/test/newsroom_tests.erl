-module(newsroom_tests).
-include_lib("eunit/include/eunit.hrl").

a_reader_gets_the_stories_of_its_topic_in_order_test() ->
    {ok, Newsroom} = newsroom:start_link(),
    ok = newsroom:subscribe(Newsroom, sport),
    1 = newsroom:publish(Newsroom, sport, "kick-off"),
    0 = newsroom:publish(Newsroom, weather, "rain"),
    1 = newsroom:publish(Newsroom, sport, "goal"),
    ?assertEqual([{story, sport, "kick-off"}, {story, sport, "goal"}], inbox()).

subscribing_twice_is_subscribing_once_test() ->
    {ok, Newsroom} = newsroom:start_link(),
    ok = newsroom:subscribe(Newsroom, sport),
    ok = newsroom:subscribe(Newsroom, sport),
    ?assertEqual(1, newsroom:publish(Newsroom, sport, "goal")),
    ?assertEqual([{story, sport, "goal"}], inbox()).

a_reader_can_leave_test() ->
    {ok, Newsroom} = newsroom:start_link(),
    ok = newsroom:subscribe(Newsroom, sport),
    ok = newsroom:unsubscribe(Newsroom, sport),
    ?assertEqual(0, newsroom:publish(Newsroom, sport, "goal")),
    ?assertEqual([], inbox()).

a_reader_that_ends_is_forgotten_test() ->
    {ok, Newsroom} = newsroom:start_link(),
    {Reader, Monitor} = spawn_monitor(fun() -> newsroom:subscribe(Newsroom, sport) end),
    receive {'DOWN', Monitor, process, Reader, normal} -> ok end,
    ?assertEqual(0, await_readers(Newsroom, sport, 0, 100)).

inbox() ->
    receive Message -> [Message | inbox()] after 0 -> [] end.

await_readers(Newsroom, Topic, _Wanted, 0) ->
    newsroom:publish(Newsroom, Topic, "anyone there?");
await_readers(Newsroom, Topic, Wanted, Tries) ->
    case newsroom:publish(Newsroom, Topic, "anyone there?") of
        Wanted -> Wanted;
        _ -> receive after 10 -> await_readers(Newsroom, Topic, Wanted, Tries - 1) end
    end.
