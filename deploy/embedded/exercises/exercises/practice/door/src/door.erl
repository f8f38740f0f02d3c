-module(door).
-behaviour(gen_statem).

-export([start_link/1, unlock/2, open/1, close/1, lock/1, state/1]).
-export([init/1, callback_mode/0]).
-export([locked/3, closed/3, open/3]).

start_link(Code) ->
    gen_statem:start_link(?MODULE, Code, []).

unlock(_Door, _Code) ->
    error(not_implemented).

open(_Door) ->
    error(not_implemented).

close(_Door) ->
    error(not_implemented).

lock(_Door) ->
    error(not_implemented).

state(_Door) ->
    error(not_implemented).

callback_mode() ->
    state_functions.

init(Code) ->
    {ok, locked, Code}.

locked({call, From}, _Event, Code) ->
    {keep_state, Code, {reply, From, {error, locked}}}.

closed({call, From}, _Event, Code) ->
    {keep_state, Code, {reply, From, {error, closed}}}.

open({call, From}, _Event, Code) ->
    {keep_state, Code, {reply, From, {error, open}}}.
