-module(phoenix).
-behaviour(supervisor).

-export([start_link/0, init/1]).
-export([start_worker/0]).

start_link() ->
    supervisor:start_link(?MODULE, []).

init([]) ->
    error(not_implemented).

%% The worker: it waits until it is told to stop, or is killed.
start_worker() ->
    Pid = spawn_link(fun() -> receive stop -> ok end end),
    register(phoenix_worker, Pid),
    {ok, Pid}.
