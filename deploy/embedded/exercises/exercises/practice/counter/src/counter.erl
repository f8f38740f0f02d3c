-module(counter).
-behaviour(gen_server).

-export([start_link/0, increment/1, decrement/1, value/1]).
-export([init/1, handle_call/3, handle_cast/2]).

start_link() ->
    gen_server:start_link(?MODULE, [], []).

increment(_Counter) ->
    error(not_implemented).

decrement(_Counter) ->
    error(not_implemented).

value(_Counter) ->
    error(not_implemented).

init([]) ->
    {ok, 0}.

handle_call(_Request, _From, Count) ->
    {reply, {error, unknown_request}, Count}.

handle_cast(_Message, Count) ->
    {noreply, Count}.
