-module(name_registry).
-behaviour(gen_server).

-export([start_link/0, register/3, lookup/2]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

start_link() ->
    gen_server:start_link(?MODULE, [], []).

register(_Registry, _Name, _Pid) ->
    error(not_implemented).

lookup(_Registry, _Name) ->
    error(not_implemented).

init([]) ->
    {ok, #{}}.

handle_call(_Request, _From, Names) ->
    {reply, {error, unknown_request}, Names}.

handle_cast(_Message, Names) ->
    {noreply, Names}.

handle_info(_Message, Names) ->
    {noreply, Names}.
