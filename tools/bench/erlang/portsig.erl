%% SPDX-License-Identifier: GPL-2.0-only
%% Makes a message to portmain of SIGTERM. Installed by portsup.erl.
-module(portsig).
-behaviour(gen_event).
-export([init/1, handle_event/2, handle_call/2]).

init(_) -> {ok, none}.

handle_event(sigterm, State) -> portmain ! stop, {ok, State};
handle_event(_, State) -> {ok, State}.

handle_call(_, State) -> {ok, ok, State}.
