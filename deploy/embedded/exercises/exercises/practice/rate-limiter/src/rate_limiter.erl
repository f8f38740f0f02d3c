-module(rate_limiter).
-behaviour(gen_server).

-export([start_link/1, take/1, refill/1]).
-export([init/1, handle_call/3, handle_cast/2]).

start_link(_Limit) ->
    error(not_implemented).

take(_Limiter) ->
    error(not_implemented).

refill(_Limiter) ->
    error(not_implemented).

init(Limit) ->
    {ok, Limit}.

handle_call(_Request, _From, State) ->
    {reply, {error, unknown_request}, State}.

handle_cast(_Message, State) ->
    {noreply, State}.
