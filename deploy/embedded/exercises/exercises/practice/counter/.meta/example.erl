-module(counter).
-behaviour(gen_server).

-export([start_link/0, increment/1, decrement/1, value/1]).
-export([init/1, handle_call/3, handle_cast/2]).

start_link() ->
    gen_server:start_link(?MODULE, [], []).

increment(Counter) ->
    gen_server:cast(Counter, {add, 1}).

decrement(Counter) ->
    gen_server:cast(Counter, {add, -1}).

value(Counter) ->
    gen_server:call(Counter, value).

init([]) ->
    {ok, 0}.

handle_call(value, _From, Count) ->
    {reply, Count, Count}.

handle_cast({add, Step}, Count) ->
    {noreply, Count + Step}.
