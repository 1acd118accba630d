%% SPDX-License-Identifier: GPL-2.0-only
%% The tables that all modules of the oracle share; public, made anew by each run.
-define(EVENTS, oracle_events).     % {Timestamp, Event}: what happened, by time
-define(PROCS, oracle_procs).       % {Pid, Path, Inc, Started}
-define(REGISTER, oracle_register). % {{inc | cur | dynamic | override, Path}, Value},
                                    % {{sup_pid, Pid}, true}
-define(PATIENCE, 30000).           % ms; a guard against hanging, nothing else
