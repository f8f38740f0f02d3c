-module(phoenix_tests).
-include_lib("eunit/include/eunit.hrl").

the_worker_runs_test() ->
    with_supervisor(fun(_Supervisor) -> ?assert(is_pid(whereis(phoenix_worker))) end).

a_killed_worker_comes_back_as_another_process_test() ->
    with_supervisor(fun(_Supervisor) ->
        First = whereis(phoenix_worker),
        ok = kill_worker(),
        Second = await_worker(First, 100),
        ?assertNotEqual(First, Second)
    end).

a_fault_that_stays_ends_the_supervisor_test() ->
    with_supervisor(fun(Supervisor) ->
        Monitor = erlang:monitor(process, Supervisor),
        kill_until_down(Monitor, 10)
    end).

with_supervisor(Check) ->
    process_flag(trap_exit, true),
    {ok, Supervisor} = phoenix:start_link(),
    try
        Check(Supervisor)
    after
        unlink(Supervisor),
        Monitor = erlang:monitor(process, Supervisor),
        exit(Supervisor, shutdown),
        receive {'DOWN', Monitor, process, Supervisor, _Reason} -> ok end
    end.

kill_until_down(_Monitor, 0) ->
    error(supervisor_never_gave_up);
kill_until_down(Monitor, Kills) ->
    kill_worker(),
    receive
        {'DOWN', Monitor, process, _Supervisor, shutdown} -> ok
    after 50 ->
        kill_until_down(Monitor, Kills - 1)
    end.

kill_worker() ->
    case whereis(phoenix_worker) of
        undefined -> ok;
        Worker -> exit(Worker, kill), ok
    end.

await_worker(_Old, 0) ->
    error(worker_never_came_back);
await_worker(Old, Tries) ->
    case whereis(phoenix_worker) of
        New when is_pid(New), New =/= Old -> New;
        _ -> receive after 10 -> await_worker(Old, Tries - 1) end
    end.
