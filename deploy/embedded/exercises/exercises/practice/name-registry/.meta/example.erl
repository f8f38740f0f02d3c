-module(name_registry).
-behaviour(gen_server).

-export([start_link/0, register/3, lookup/2]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

start_link() ->
    gen_server:start_link(?MODULE, [], []).

register(Registry, Name, Pid) ->
    gen_server:call(Registry, {register, Name, Pid}).

lookup(Registry, Name) ->
    gen_server:call(Registry, {lookup, Name}).

init([]) ->
    {ok, #{}}.

handle_call({register, Name, Pid}, _From, Names) ->
    case find(Name, Names) of
        {ok, _Owner} ->
            {reply, {error, taken}, Names};
        error ->
            erlang:monitor(process, Pid),
            {reply, ok, Names#{Name => Pid}}
    end;
handle_call({lookup, Name}, _From, Names) ->
    {reply, find(Name, Names), Names}.

handle_cast(_Message, Names) ->
    {noreply, Names}.

handle_info({'DOWN', _Monitor, process, Pid, _Reason}, Names) ->
    {noreply, maps:filter(fun(_Name, Owner) -> Owner =/= Pid end, Names)}.

%% The monitor's message may still be on its way: a dead owner does not count.
find(Name, Names) ->
    case Names of
        #{Name := Pid} ->
            case is_process_alive(Pid) of
                true -> {ok, Pid};
                false -> error
            end;
        #{} ->
            error
    end.
