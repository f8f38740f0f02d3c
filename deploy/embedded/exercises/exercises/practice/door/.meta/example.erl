-module(door).
-behaviour(gen_statem).

-export([start_link/1, unlock/2, open/1, close/1, lock/1, state/1]).
-export([init/1, callback_mode/0]).
-export([locked/3, closed/3, open/3]).

start_link(Code) ->
    gen_statem:start_link(?MODULE, Code, []).

unlock(Door, Code) ->
    gen_statem:call(Door, {unlock, Code}).

open(Door) ->
    gen_statem:call(Door, open).

close(Door) ->
    gen_statem:call(Door, close).

lock(Door) ->
    gen_statem:call(Door, lock).

state(Door) ->
    gen_statem:call(Door, state).

callback_mode() ->
    state_functions.

init(Code) ->
    {ok, locked, Code}.

locked({call, From}, {unlock, Code}, Code) ->
    {next_state, closed, Code, {reply, From, ok}};
locked({call, From}, {unlock, _Wrong}, Code) ->
    {keep_state, Code, {reply, From, {error, wrong_code}}};
locked({call, From}, Event, Code) ->
    refuse(From, Event, locked, Code).

closed({call, From}, open, Code) ->
    {next_state, open, Code, {reply, From, ok}};
closed({call, From}, lock, Code) ->
    {next_state, locked, Code, {reply, From, ok}};
closed({call, From}, Event, Code) ->
    refuse(From, Event, closed, Code).

open({call, From}, close, Code) ->
    {next_state, closed, Code, {reply, From, ok}};
open({call, From}, Event, Code) ->
    refuse(From, Event, open, Code).

refuse(From, state, State, Code) ->
    {keep_state, Code, {reply, From, State}};
refuse(From, _Event, State, Code) ->
    {keep_state, Code, {reply, From, {error, State}}}.
