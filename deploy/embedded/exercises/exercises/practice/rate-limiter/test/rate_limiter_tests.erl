-module(rate_limiter_tests).
-include_lib("eunit/include/eunit.hrl").

lets_the_limit_through_and_no_more_test() ->
    {ok, Limiter} = rate_limiter:start_link(2),
    ?assertEqual([ok, ok, {error, wait}], [rate_limiter:take(Limiter) || _ <- [1, 2, 3]]).

a_refill_opens_it_again_test() ->
    {ok, Limiter} = rate_limiter:start_link(1),
    ok = rate_limiter:take(Limiter),
    {error, wait} = rate_limiter:take(Limiter),
    ok = rate_limiter:refill(Limiter),
    ?assertEqual(ok, rate_limiter:take(Limiter)).

refills_do_not_add_up_test() ->
    {ok, Limiter} = rate_limiter:start_link(1),
    [ok = rate_limiter:refill(Limiter) || _ <- lists:seq(1, 5)],
    ok = rate_limiter:take(Limiter),
    ?assertEqual({error, wait}, rate_limiter:take(Limiter)).

of_fifty_callers_exactly_ten_pass_test() ->
    {ok, Limiter} = rate_limiter:start_link(10),
    Self = self(),
    Callers = [spawn_link(fun() -> Self ! {self(), rate_limiter:take(Limiter)} end) || _ <- lists:seq(1, 50)],
    Answers = [receive {Caller, Answer} -> Answer end || Caller <- Callers],
    ?assertEqual(10, length([ok || ok <- Answers])).

a_limit_that_makes_no_sense_is_refused_test() ->
    ?assertError(function_clause, rate_limiter:start_link(0)),
    ?assertError(function_clause, rate_limiter:start_link(-1)).
