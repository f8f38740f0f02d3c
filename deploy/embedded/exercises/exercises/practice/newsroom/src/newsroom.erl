-module(newsroom).
-behaviour(gen_server).

-export([start_link/0, subscribe/2, unsubscribe/2, publish/3]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

start_link() ->
    gen_server:start_link(?MODULE, [], []).

subscribe(_Newsroom, _Topic) ->
    error(not_implemented).

unsubscribe(_Newsroom, _Topic) ->
    error(not_implemented).

publish(_Newsroom, _Topic, _Story) ->
    error(not_implemented).

init([]) ->
    {ok, []}.

handle_call(_Request, _From, State) ->
    {reply, {error, unknown_request}, State}.

handle_cast(_Message, State) ->
    {noreply, State}.

handle_info(_Message, State) ->
    {noreply, State}.
