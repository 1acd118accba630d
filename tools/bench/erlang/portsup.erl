%% SPDX-License-Identifier: GPL-2.0-only
%% A real OTP supervisor of real processes: each is a port, held by a gen_server
%% (portworker.erl), under one one_for_one supervisor. SIGTERM (portsig.erl) stops
%% it in order. Started by peers.py:
%%   erl -pa DIR -run portsup main N CHILD RING MODE
-module(portsup).
-behaviour(supervisor).
-export([main/1, init/1, start_worker/4]).

main([Count, Child, Ring, Mode]) ->
    register(portmain, self()),
    os:set_signal(sigterm, handle),
    ok = gen_event:swap_handler(erl_signal_server, {erl_signal_handler, []}, {portsig, []}),
    Args = {list_to_integer(Count), Child, Ring, Mode},
    {ok, Sup} = supervisor:start_link({local, ?MODULE}, ?MODULE, Args),
    receive stop -> ok end,
    unlink(Sup),
    Ref = monitor(process, Sup),
    exit(Sup, shutdown),
    receive {'DOWN', Ref, _, _, _} -> halt(0) end.

init({Count, Child, Ring, Mode}) ->
    Flags = #{strategy => one_for_one, intensity => 1000000000, period => 1},
    Specs = [#{id => Slot, start => {?MODULE, start_worker, [Slot, Child, Ring, Mode]},
               restart => permanent, shutdown => 5000} || Slot <- lists:seq(0, Count - 1)],
    {ok, {Flags, Specs}}.

start_worker(Slot, Child, Ring, Mode) ->
    gen_server:start_link(portworker, {Slot, Child, Ring, Mode}, []).
