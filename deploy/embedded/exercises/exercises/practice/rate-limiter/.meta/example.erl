-module(rate_limiter).
-behaviour(gen_server).

-export([start_link/1, take/1, refill/1]).
-export([init/1, handle_call/3, handle_cast/2]).

start_link(Limit) when is_integer(Limit), Limit > 0 ->
    gen_server:start_link(?MODULE, Limit, []).

take(Limiter) ->
    gen_server:call(Limiter, take).

refill(Limiter) ->
    gen_server:call(Limiter, refill).

init(Limit) ->
    {ok, {Limit, Limit}}.

handle_call(take, _From, {Limit, 0}) ->
    {reply, {error, wait}, {Limit, 0}};
handle_call(take, _From, {Limit, Left}) ->
    {reply, ok, {Limit, Left - 1}};
handle_call(refill, _From, {Limit, _Left}) ->
    {reply, ok, {Limit, Limit}}.

handle_cast(_Message, State) ->
    {noreply, State}.
