%% SPDX-License-Identifier: GPL-2.0-only
%% One process, as a port: it ends when the process does. Started by portsup.erl.
-module(portworker).
-behaviour(gen_server).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).

init({Slot, Child, Ring, Mode}) ->
    process_flag(trap_exit, true),
    Args = [Ring, integer_to_list(Slot), Mode],
    {ok, open_port({spawn_executable, Child}, [exit_status, {args, Args}])}.

handle_call(_, _, Port) -> {reply, ok, Port}.

handle_cast(_, Port) -> {noreply, Port}.

handle_info({Port, {exit_status, _}}, Port) -> {stop, shutdown, gone};
handle_info(_, Port) -> {noreply, Port}.

%% Closing a port does not kill its process, and OTP has no call that does: a shell
%% is what people use.
terminate(_, gone) -> ok;
terminate(_, Port) ->
    case erlang:port_info(Port, os_pid) of
        {os_pid, Pid} -> os:cmd("kill " ++ integer_to_list(Pid)), ok;
        _ -> ok
    end.
