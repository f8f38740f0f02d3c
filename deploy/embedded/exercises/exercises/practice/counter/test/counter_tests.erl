-module(counter_tests).
-include_lib("eunit/include/eunit.hrl").

starts_at_zero_test() ->
    {ok, Counter} = counter:start_link(),
    ?assertEqual(0, counter:value(Counter)).

counts_up_and_down_test() ->
    {ok, Counter} = counter:start_link(),
    ok = counter:increment(Counter),
    ok = counter:increment(Counter),
    ok = counter:decrement(Counter),
    ?assertEqual(1, counter:value(Counter)).

two_counters_do_not_share_test() ->
    {ok, One} = counter:start_link(),
    {ok, Other} = counter:start_link(),
    ok = counter:increment(One),
    ?assertEqual({1, 0}, {counter:value(One), counter:value(Other)}).

a_hundred_callers_lose_nothing_test() ->
    {ok, Counter} = counter:start_link(),
    Self = self(),
    Callers = [spawn_link(fun() -> counter:increment(Counter), Self ! {done, self()} end) || _ <- lists:seq(1, 100)],
    [receive {done, Caller} -> ok end || Caller <- Callers],
    ?assertEqual(100, counter:value(Counter)).
