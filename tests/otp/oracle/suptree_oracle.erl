%% SPDX-License-Identifier: GPL-2.0-only
%% Differential-test oracle: runs a JSON scenario on the real OTP `supervisor'
%% module and writes the observable trace as JSON.  See README.md for the
%% scenario and trace formats.
%%
%% How events are observed
%%   * start outcomes are recorded by the child's start function, which OTP runs
%%     inside the supervisor process (so the order is the supervisor's order);
%%   * deaths are recorded by erlang:trace/3 `exit' events of every process in
%%     the tree, with strict monotonic timestamps;
%%   * supervisor reports are recorded by a logger handler, which runs inside
%%     the supervisor process.
%% All three carry {monotonic_time, unique_integer}, which respects causality;
%% the trace of a step is sorted by it.
-module(suptree_oracle).
-behaviour(supervisor).

-export([main/1, run_file/2]).
-export([init/1, start_worker/4, start_sup/3, start_dyn/4, worker_init/6]).
-export([log/2]).

-define(EV, oracle_events).      % {Timestamp, Event}
-define(PROC, oracle_procs).     % {Pid, Path, Inc, Started :: boolean()}
-define(REG, oracle_reg).        % {{inc|cur|override|dynamic, Path}, Value}
-define(CAP, 30000).             % no single call may take longer than this (ms)

%%% --------------------------------------------------------------------
%%% Entry points
%%% --------------------------------------------------------------------

%% Args: pairs SCENARIO OUT SCENARIO OUT ...
main(Args) ->
    process_flag(trap_exit, true),
    ok = logger:set_primary_config(level, error),
    _ = logger:remove_handler(default),
    ok = logger:add_handler(oracle, ?MODULE, #{level => error}),
    Bad = run_pairs(Args, 0),
    halt(case Bad of 0 -> 0; _ -> 1 end).

run_pairs([In, Out | Rest], Bad) ->
    Self = self(),
    {Pid, Mon} = spawn_monitor(fun() -> Self ! {self(), run_file(In, Out)} end),
    receive
        {'DOWN', Mon, process, Pid, normal} ->
            receive {Pid, ok} -> ok end,
            run_pairs(Rest, Bad);
        {'DOWN', Mon, process, Pid, Reason} ->
            io:format(standard_error, "~ts: oracle failed: ~p~n", [In, Reason]),
            run_pairs(Rest, Bad + 1)
    after 120000 ->
            exit(Pid, kill),
            io:format(standard_error, "~ts: oracle timed out~n", [In]),
            run_pairs(Rest, Bad + 1)
    end;
run_pairs([], Bad) -> Bad.

run_file(In, Out) ->
    {ok, Bin} = file:read_file(In),
    Sc = suptree_json:decode(Bin),
    Trace = run(Sc),
    ok = file:write_file(Out, [pretty(Trace), $\n]),
    ok.

%% One line per step keeps expected files readable and diffable.
pretty(#{<<"steps">> := Steps} = T) ->
    Head = maps:remove(<<"steps">>, T),
    H = suptree_json:encode(Head),
    Body = lists:join(",\n", [["  ", suptree_json:encode(S)] || S <- Steps]),
    [binary:part(H, 0, byte_size(H) - 1), ",\"steps\":[\n", Body, "\n]}"].

run(Sc) ->
    [ets:new(T, [named_table, public, O]) ||
        {T, O} <- [{?EV, ordered_set}, {?PROC, set}, {?REG, set}]],
    Collector = spawn_link(fun collector/0),
    Owner = spawn_link(fun owner/0),
    erlang:trace(Owner, true,
                 [procs, set_on_spawn, strict_monotonic_timestamp, {tracer, Collector}]),
    put(collector, Collector),
    put(owner, Owner),
    put(root, undefined),
    Tree = maps:get(<<"tree">>, Sc),
    Steps0 = maps:get(<<"steps">>, Sc, []),
    Steps = [#{<<"op">> => <<"start">>, <<"tree">> => Tree}] ++ Steps0 ++
            [#{<<"op">> => <<"shutdown_root">>, <<"final">> => true}],
    Res = [run_step(I, S) || {I, S} <- lists:zip(lists:seq(0, length(Steps) - 1), Steps)],
    Left = [P || {Pid, P, _, true} <- ets:tab2list(?PROC), is_process_alive(Pid)],
    #{<<"scenario">> => maps:get(<<"name">>, Sc),
      <<"format">> => 1,
      <<"leftover">> => lists:sort(Left),
      <<"steps">> => Res}.

run_step(I, Step) ->
    #{<<"op">> := Op} = Step,
    Result = do(Op, Step),
    Base = #{<<"step">> => I, <<"op">> => Op, <<"result">> => Result},
    case maps:get(<<"settle">>, Step, true) of
        true ->
            settle(),
            Events = take_events(),
            Base#{<<"events">> => tag(Events), <<"state">> => snapshot()};
        false ->
            Base                    % events are attributed to the next settled step
    end.

%%% --------------------------------------------------------------------
%%% Operations
%%% --------------------------------------------------------------------

do(<<"start">>, #{<<"tree">> := Tree}) ->
    Path = <<"root">>,
    bump(Path),
    R = ask_owner({start, Path, Tree}),
    case R of
        {ok, Pid} ->
            put(root, Pid),
            #{<<"ok">> => <<"started">>};
        ignore -> #{<<"ok">> => <<"ignored">>};
        {error, E} -> #{<<"error">> => term(E)}
    end;
do(<<"shutdown_root">>, _) ->
    %% The parent of the root asks it to stop (= daemon gets SIGTERM).
    case root_alive() of
        true -> ask_owner({shutdown, get(root)}), <<"ok">>;
        false -> #{<<"error">> => <<"noproc">>}
    end;
do(<<"sleep">>, #{<<"ms">> := Ms}) ->
    timer:sleep(Ms), <<"ok">>;
do(<<"exit">>, #{<<"child">> := Path, <<"reason">> := R}) ->
    case cur(Path) of
        undefined -> #{<<"error">> => <<"noproc">>};
        Pid ->
            false = ets:member(?REG, {sup_pid, Pid}),
            Mon = monitor(process, Pid),
            case reason(R) of
                killed -> exit(Pid, kill);
                Reason -> Pid ! {oracle_exit, Reason}
            end,
            receive {'DOWN', Mon, _, _, noproc} -> #{<<"error">> => <<"noproc">>};
                    {'DOWN', Mon, _, _, _} -> <<"ok">>
            after ?CAP -> exit({exit_step_hangs, Path})
            end
    end;
do(<<"stop">>, #{<<"sup">> := Path} = S) ->
    %% gen_server:stop/3 == Elixir Supervisor.stop/3
    with_sup(Path, fun(Pid) ->
        R = reason(maps:get(<<"reason">>, S, <<"normal">>)),
        ok = gen_server:stop(Pid, R, ?CAP),
        <<"ok">>
    end);
do(<<"start_child">>, #{<<"sup">> := Path} = S) ->
    with_sup(Path, fun(Pid) ->
        case is_dynamic(Path) of
            true ->
                Arg = maps:with([<<"name">>, <<"behaviour">>], S),
                start_result(supervisor:start_child(Pid, [Arg]));
            false ->
                start_result(supervisor:start_child(Pid, child_spec(Path, maps:get(<<"spec">>, S))))
        end
    end);
do(<<"restart_child">>, #{<<"sup">> := Path} = S) ->
    with_sup(Path, fun(Pid) -> start_result(supervisor:restart_child(Pid, target(Path, S))) end);
do(<<"terminate_child">>, #{<<"sup">> := Path} = S) ->
    with_sup(Path, fun(Pid) -> plain(supervisor:terminate_child(Pid, target(Path, S))) end);
do(<<"delete_child">>, #{<<"sup">> := Path} = S) ->
    with_sup(Path, fun(Pid) -> plain(supervisor:delete_child(Pid, target(Path, S))) end);
do(<<"which_children">>, #{<<"sup">> := Path}) ->
    with_sup(Path, fun(Pid) -> children_json(Path, supervisor:which_children(Pid)) end);
do(<<"count_children">>, #{<<"sup">> := Path}) ->
    with_sup(Path, fun(Pid) -> counts_json(supervisor:count_children(Pid)) end);
do(<<"get_childspec">>, #{<<"sup">> := Path} = S) ->
    with_sup(Path, fun(Pid) ->
        case supervisor:get_childspec(Pid, target(Path, S)) of
            {ok, #{id := Id, restart := R, significant := Sg, shutdown := Sh, type := T}} ->
                #{<<"ok">> => #{<<"id">> => Id, <<"restart">> => R, <<"significant">> => Sg,
                                <<"shutdown">> => Sh, <<"type">> => T}};
            {error, E} -> #{<<"error">> => term(E)}
        end
    end);
do(<<"check_childspecs">>, #{<<"specs">> := Specs} = S) ->
    L = [child_spec(<<"check">>, C) || C <- Specs],
    R = case S of
            #{<<"auto_shutdown">> := A} -> supervisor:check_childspecs(L, atom(A));
            _ -> supervisor:check_childspecs(L)
        end,
    plain(R);
do(<<"code_change">>, #{<<"sup">> := Path, <<"to">> := New}) ->
    with_sup(Path, fun(Pid) ->
        Old = ets:lookup(?REG, {override, Path}),
        ets:insert(?REG, {{override, Path}, New}),
        ok = sys:suspend(Pid),
        R = sys:change_code(Pid, ?MODULE, undefined, []),
        ok = sys:resume(Pid),
        case R of
            ok -> <<"ok">>;
            {error, E0} ->
                ets:delete(?REG, {override, Path}),
                ets:insert(?REG, Old),
                E = case E0 of {error, E1} -> E1; _ -> E0 end,
                #{<<"error">> => term(E)}
        end
    end).

%% "noproc" also when the path names a worker: there is no such supervisor.
with_sup(Path, Fun) ->
    Pid = cur(Path),
    case ets:member(?REG, {sup_pid, Pid}) of
        false -> #{<<"error">> => <<"noproc">>};
        true ->
            try Fun(Pid)
            catch exit:{_, {gen_server, call, _}} -> #{<<"error">> => <<"noproc">>};
                  exit:noproc -> #{<<"error">> => <<"noproc">>};
                  exit:{noproc, _} -> #{<<"error">> => <<"noproc">>};
                  throw:unknown_name -> #{<<"error">> => <<"unknown_name">>}
            end
    end.

%% A static child is addressed by "id"; a child of a dynamic
%% (simple_one_for_one) supervisor by "name", or "$foreign" for some live
%% process that is no child of it.
target(_Path, #{<<"name">> := <<"$foreign">>}) -> get(owner);
target(Path, #{<<"name">> := Name}) ->
    case ets:lookup(?REG, {cur, join(Path, Name)}) of
        [{_, Pid}] -> Pid;
        [] -> throw(unknown_name)           % it never ran: nothing to address
    end;
target(_Path, #{<<"id">> := Id}) -> Id.

start_result({ok, undefined}) -> #{<<"ok">> => <<"ignored">>};
start_result({ok, Pid}) when is_pid(Pid) -> #{<<"ok">> => <<"started">>, <<"inc">> => inc_of(Pid)};
start_result({error, {Reason, Rec}}) when is_tuple(Rec), element(1, Rec) =:= child ->
    #{<<"error">> => #{<<"start_error">> => term(Reason)}};
start_result({error, {already_started, Pid}}) ->
    #{<<"error">> => #{<<"already_started">> => inc_of(Pid)}};
start_result({error, {Tag, _} = E}) when Tag =:= bad_combination; Tag =:= invalid_child_spec;
                                         Tag =:= invalid_mfa; Tag =:= invalid_restart_type;
                                         Tag =:= invalid_shutdown; Tag =:= invalid_child_type;
                                         Tag =:= invalid_significant ->
    #{<<"error">> => term(E)};
start_result({error, E}) when is_atom(E), E =/= normal, E =/= shutdown, E =/= killed ->
    #{<<"error">> => term(E)};
start_result({error, E}) -> #{<<"error">> => #{<<"start_error">> => term(E)}}.

plain(ok) -> <<"ok">>;
plain({error, E}) -> #{<<"error">> => term(E)}.

%%% --------------------------------------------------------------------
%%% The parent of the root supervisor
%%% --------------------------------------------------------------------

owner() ->
    process_flag(trap_exit, true),
    owner_loop().

owner_loop() ->
    receive
        {ask, From, Ref, {start, Path, Tree}} ->
            R = supervisor:start_link(?MODULE, {Path, Tree}),
            record_start(Path, R),
            From ! {Ref, R},
            owner_loop();
        {ask, From, Ref, {shutdown, Pid}} ->
            Mon = monitor(process, Pid),
            exit(Pid, shutdown),
            receive {'DOWN', Mon, _, _, _} -> ok end,
            From ! {Ref, ok},
            owner_loop();
        _ -> owner_loop()
    end.

ask_owner(Q) ->
    Ref = make_ref(),
    get(owner) ! {ask, self(), Ref, Q},
    receive {Ref, R} -> R after ?CAP -> exit({owner_hangs, Q}) end.

%%% --------------------------------------------------------------------
%%% Supervisor callback and start functions (run inside the supervisor)
%%% --------------------------------------------------------------------

init({Path, Spec0}) ->
    Spec = case ets:lookup(?REG, {override, Path}) of
               [{_, O}] -> O;
               [] -> Spec0
           end,
    %% insert_new: during a code change the process is known already
    ets:insert_new(?PROC, {self(), Path, cur_inc(Path), false}),
    ets:insert(?REG, {{sup_pid, self()}, true}),
    case Spec of
        #{<<"init">> := <<"ignore">>} -> ignore;
        _ ->
            Flags = maps:from_list(
                      [{F, atom(V)} || {K, F} <- [{<<"strategy">>, strategy},
                                                  {<<"intensity">>, intensity},
                                                  {<<"period">>, period},
                                                  {<<"auto_shutdown">>, auto_shutdown}],
                                       {ok, V} <- [maps:find(K, Spec)]]),
            Dyn = maps:get(strategy, Flags, one_for_one) =:= simple_one_for_one,
            ets:insert(?REG, {{dynamic, Path}, Dyn}),
            Children = [child_spec(Path, C) || C <- maps:get(<<"children">>, Spec, [])],
            {ok, {Flags, Children}}
    end.

child_spec(Path, C) when is_map(C) ->
    Id = maps:get(<<"id">>, C, undefined),
    Start =
        case C of
            #{<<"start">> := Bad} -> Bad;           % deliberately invalid
            _ ->
                case is_dynamic(Path) of
                    true -> {?MODULE, start_dyn, [Path, Id, C]};
                    false ->
                        case C of
                            #{<<"sup">> := Sup} -> {?MODULE, start_sup, [Path, Id, Sup]};
                            _ -> {?MODULE, start_worker, [Path, Id, behaviour(C), undefined]}
                        end
                end
        end,
    Opt = [{F, atom(V)} || {K, F} <- [{<<"restart">>, restart},
                                      {<<"significant">>, significant},
                                      {<<"shutdown">>, shutdown},
                                      {<<"type">>, type}],
                           {ok, V} <- [maps:find(K, C)]],
    M = maps:from_list([{id, Id}, {start, Start}, {modules, dynamic} | Opt]),
    maps:without([binary_to_atom(O) || O <- maps:get(<<"omit">>, C, [])], M);
child_spec(_Path, X) -> X.                          % deliberately invalid

behaviour(C) -> maps:get(<<"behaviour">>, C, #{}).

start_worker(SupPath, Id, B, _) ->
    start_worker_at(join(SupPath, Id), B).

start_worker_at(Path, B) ->
    N = bump(Path),
    ets:delete(?REG, {dynamic, Path}),      % in case a supervisor had this path
    Outcome = nth(N, maps:get(<<"start">>, B, [<<"ok">>])),
    Delay = nth(N, maps:get(<<"start_delay_ms">>, B, [0])),
    R = proc_lib:start_link(?MODULE, worker_init, [Path, N, Outcome, Delay, B, self()]),
    record_start(Path, R),
    case R of {ok, P} -> P ! go; _ -> ok end,
    R.

start_sup(SupPath, Id, Sup) ->
    Path = join(SupPath, Id),
    _ = bump(Path),
    R = supervisor:start_link(?MODULE, {Path, Sup}),
    record_start(Path, R),
    R.

start_dyn(SupPath, _TmplId, Tmpl, Arg) ->
    Name = maps:get(<<"name">>, Arg),
    case Tmpl of
        #{<<"sup">> := Sup} -> start_sup(SupPath, Name, Sup);
        _ -> start_worker_at(join(SupPath, Name), maps:get(<<"behaviour">>, Arg, behaviour(Tmpl)))
    end.

record_start(Path, R) ->
    N = cur_inc(Path),
    case R of
        {ok, Pid} ->
            ets:insert(?PROC, {Pid, Path, N, true}),
            ets:insert(?REG, {{cur, Path}, Pid}),
            event(#{<<"ev">> => <<"started">>, <<"child">> => Path, <<"inc">> => N});
        ignore ->
            event(#{<<"ev">> => <<"ignored">>, <<"child">> => Path, <<"inc">> => N});
        {error, E} ->
            event(#{<<"ev">> => <<"start_failed">>, <<"child">> => Path, <<"inc">> => N,
                    <<"reason">> => term(E)})
    end.

%%% --------------------------------------------------------------------
%%% Worker: stands for one Linux process
%%% --------------------------------------------------------------------

worker_init(Path, N, Outcome, Delay, B, Parent) ->
    process_flag(trap_exit, true),
    ets:insert(?PROC, {self(), Path, N, false}),
    timer:sleep(Delay),
    case Outcome of
        <<"ok">> ->
            proc_lib:init_ack(Parent, {ok, self()}),
            receive go -> ok end,
            case nth(N, maps:get(<<"after_start">>, B, [<<"run">>])) of
                <<"run">> -> ok;
                #{<<"exit">> := R} = A ->
                    erlang:send_after(maps:get(<<"after_ms">>, A, 0), self(),
                                      {oracle_exit, reason(R)})
            end,
            worker_loop(Parent, maps:get(<<"on_stop">>, B, #{}));
        <<"ignore">> ->
            proc_lib:init_ack(Parent, ignore),
            exit(normal);
        #{<<"error">> := Text} ->
            proc_lib:init_ack(Parent, {error, {error, Text}}),
            exit(normal);
        #{<<"exit">> := R} ->
            exit(reason(R))
    end.

worker_loop(Parent, OnStop) ->
    receive
        {oracle_exit, killed} -> exit(self(), kill), worker_loop(Parent, OnStop);
        {oracle_exit, R} -> exit(R);
        {'EXIT', Parent, shutdown} ->               % polite stop request
            case OnStop of
                #{<<"ignore">> := true} -> worker_loop(Parent, OnStop);
                _ ->
                    timer:sleep(maps:get(<<"delay_ms">>, OnStop, 0)),
                    exit(reason(maps:get(<<"exit">>, OnStop, <<"shutdown">>)))
            end;
        {'EXIT', Parent, R} -> exit(R);             % the supervisor itself was killed
        _ -> worker_loop(Parent, OnStop)
    end.

%%% --------------------------------------------------------------------
%%% Event collection
%%% --------------------------------------------------------------------

event(E) -> ets:insert(?EV, {{erlang:monotonic_time(nanosecond),
                              erlang:unique_integer([monotonic])}, E}).

collector() ->
    receive
        {trace_ts, Pid, exit, Reason, Ts} ->
            ets:insert(?EV, {Ts, {exit, Pid, Reason}}),
            collector();
        {From, Ref, flush} ->
            T = erlang:trace_delivered(all),
            collector_wait(T),
            From ! {Ref, ok},
            collector();
        _ -> collector()
    end.

collector_wait(T) ->
    receive
        {trace_ts, Pid, exit, Reason, Ts} ->
            ets:insert(?EV, {Ts, {exit, Pid, Reason}}),
            collector_wait(T);
        {trace_delivered, all, T} -> ok
    end.

flush() ->
    Ref = make_ref(),
    get(collector) ! {self(), Ref, flush},
    receive {Ref, ok} -> ok after ?CAP -> exit(collector_hangs) end.

%% Logger handler; runs in the supervisor process.
log(#{msg := {report, #{label := {supervisor, Ctx}, report := R}}}, _) when Ctx =/= progress ->
    case ets:lookup(?PROC, self()) of
        [{_, SupPath, _, _}] ->
            Off = proplists:get_value(offender, R),
            Base = #{<<"ev">> => <<"report">>, <<"sup">> => SupPath, <<"context">> => Ctx,
                     <<"reason">> => term(proplists:get_value(reason, R))},
            Child =
                case {is_dynamic(SupPath), lists:keyfind(nb_children, 1, Off)} of
                    {false, _} -> #{<<"child">> => join(SupPath, proplists:get_value(id, Off))};
                    {true, {_, Nb}} -> #{<<"count">> => Nb};
                    {true, false} -> #{<<"child">> => path_of(proplists:get_value(pid, Off))}
                end,
            event(maps:merge(Base, Child));
        [] -> ok
    end;
log(_, _) -> ok.

path_of({restarting, P}) -> path_of(P);
path_of(P) ->
    case ets:lookup(?PROC, P) of [{_, Path, _, _}] -> Path; [] -> null end.

take_events() ->
    flush(),
    L = ets:tab2list(?EV),
    ets:delete_all_objects(?EV),
    lists:flatmap(
      fun({_, {exit, Pid, Reason}}) ->
              case ets:lookup(?PROC, Pid) of
                  [{_, Path, N, true}] ->
                      [#{<<"ev">> => <<"exited">>, <<"child">> => Path, <<"inc">> => N,
                         <<"reason">> => term(Reason)}];
                  _ -> []           % never became ready, or not part of the tree
              end;
         ({_, E}) -> [E]
      end, L).

%% Mark what OTP leaves unordered:
%%   "float": exits of the children of a supervisor that was killed (brutal_kill):
%%            they die from the broken link, concurrently with everything after;
%%   "par":   exits in the parallel termination of a dynamic supervisor.
tag(Events) -> tag_par(tag_float(Events, []), []).

tag_float([#{<<"ev">> := <<"exited">>, <<"child">> := C} = E | T], KilledSups) ->
    Under = [S || S <- KilledSups, is_under(C, S)],
    E1 = case Under of [] -> E; _ -> E#{<<"float">> => true} end,
    K1 = case is_sup(C) andalso maps:get(<<"reason">>, E) =:= killed of
             true -> [C | KilledSups];
             false -> KilledSups
         end,
    [E1 | tag_float(T, K1)];
tag_float([E | T], K) -> [E | tag_float(T, K)];
tag_float([], _) -> [].

%% Acc holds already passed events, newest first.
tag_par([#{<<"ev">> := <<"exited">>, <<"child">> := C} = E | T], Acc) ->
    case is_dynamic(C) of
        true ->
            {Run, Rest} = lists:splitwith(fun(X) -> par_member(X, C) end, Acc),
            Acc1 = case [X || X <- Run, not maps:is_key(<<"float">>, X)] of
                       L when length(L) < 2 -> Acc;
                       _ -> [X#{<<"par">> => C} || X <- Run] ++ Rest
                   end,
            tag_par(T, [E | Acc1]);
        false -> tag_par(T, [E | Acc])
    end;
tag_par([E | T], Acc) -> tag_par(T, [E | Acc]);
tag_par([], Acc) -> lists:reverse(Acc).

par_member(#{<<"ev">> := <<"exited">>, <<"child">> := X}, C) -> is_under(X, C);
par_member(#{<<"ev">> := <<"report">>, <<"context">> := shutdown_error, <<"sup">> := S}, C) ->
    S =:= C orelse is_under(S, C);
par_member(_, _) -> false.

is_under(P, S) ->
    L = byte_size(S),
    case P of <<S:L/binary, "/", _/binary>> -> true; _ -> false end.

is_sup(Path) -> ets:member(?REG, {dynamic, Path}).

%%% --------------------------------------------------------------------
%%% Quiescence and snapshot
%%% --------------------------------------------------------------------

%% The tree is settled when, in three consecutive rounds, every live supervisor
%% answered a synchronous call, no mailbox of the tree held anything, and no
%% new event appeared.
settle() -> settle(3, -1).

settle(0, _) -> ok;
settle(K, N0) ->
    Pids = sups_alive(),
    lists:foreach(fun(P) -> catch gen_server:call(P, which_children, ?CAP) end, Pids),
    timer:sleep(2),
    flush(),
    N1 = ets:info(?EV, size),
    Busy = lists:any(
             fun(P) ->
                     case process_info(P, message_queue_len) of
                         {_, Q} when Q > 0 -> true;
                         _ -> false
                     end
             end, Pids),
    if N1 =:= N0, not Busy -> settle(K - 1, N1);
       true -> settle(3, N1)
    end.

sups_alive() ->
    [P || {P, Path, _, _} <- ets:tab2list(?PROC), is_sup(Path), is_process_alive(P)].

snapshot() ->
    case root_alive() of
        true -> walk(<<"root">>, get(root));
        false -> []
    end.

walk(Path, Pid) ->
    Which = supervisor:which_children(Pid),
    Counts = supervisor:count_children(Pid),
    Here = #{<<"sup">> => Path,
             <<"children">> => children_json(Path, Which),
             <<"counts">> => counts_json(Counts)},
    Sub = lists:append(
            [walk(P, C) || {_, C, _, _} <- Which, is_pid(C),
                           [{_, P, _, true}] <- [ets:lookup(?PROC, C)], is_sup(P)]),
    [Here | lists:sort(fun(#{<<"sup">> := A}, #{<<"sup">> := B}) -> A =< B end, Sub)].

children_json(Path, Which) ->
    L = [child_json(W) || W <- Which],
    case is_dynamic(Path) of
        true -> #{<<"unordered">> => lists:sort(L)};
        false -> L
    end.

child_json({Id, restarting, T, _}) ->
    #{<<"id">> => undef(Id), <<"state">> => <<"restarting">>, <<"type">> => T};
child_json({Id, undefined, T, _}) ->
    #{<<"id">> => undef(Id), <<"state">> => <<"stopped">>, <<"type">> => T};
child_json({undefined, Pid, T, _}) ->
    #{<<"id">> => lists:last(binary:split(path_of(Pid), <<"/">>, [global])),
      <<"state">> => <<"running">>, <<"type">> => T, <<"inc">> => inc_of(Pid)};
child_json({Id, Pid, T, _}) ->
    #{<<"id">> => Id, <<"state">> => <<"running">>, <<"type">> => T, <<"inc">> => inc_of(Pid)}.

undef(undefined) -> null;
undef(X) -> X.

counts_json(L) -> maps:from_list([{atom_to_binary(K), V} || {K, V} <- L]).

%%% --------------------------------------------------------------------
%%% Small helpers
%%% --------------------------------------------------------------------

join(undefined, B) -> B;
join(A, B) when is_binary(B) -> <<A/binary, "/", B/binary>>;
join(A, B) -> <<A/binary, "/", (iolist_to_binary(io_lib:format("~p", [B])))/binary>>.

bump(Path) -> ets:update_counter(?REG, {inc, Path}, 1, {{inc, Path}, 0}).
cur_inc(Path) -> case ets:lookup(?REG, {inc, Path}) of [{_, N}] -> N; [] -> 0 end.
inc_of(Pid) -> case ets:lookup(?PROC, Pid) of [{_, _, N, _}] -> N; [] -> null end.

cur(Path) ->
    case ets:lookup(?REG, {cur, Path}) of
        [{_, Pid}] -> case is_process_alive(Pid) of true -> Pid; false -> undefined end;
        [] -> undefined
    end.

root_alive() ->
    case get(root) of undefined -> false; P -> is_process_alive(P) end.

is_dynamic(Path) ->
    case ets:lookup(?REG, {dynamic, Path}) of [{_, V}] -> V; [] -> false end.

nth(N, L) when is_list(L), N =< length(L) -> lists:nth(N, L);
nth(_, L) when is_list(L) -> lists:last(L);
nth(_, V) -> V.

atom(B) when is_binary(B) -> binary_to_atom(B);
atom(V) -> V.

%% JSON exit reason -> Erlang exit reason
reason(<<"normal">>) -> normal;
reason(<<"shutdown">>) -> shutdown;
reason(<<"killed">>) -> killed;
reason(#{<<"shutdown">> := T}) -> {shutdown, T};
reason(#{<<"code">> := N}) -> {code, N};
reason(#{<<"signal">> := S}) -> {signal, S}.

%% Erlang term -> canonical JSON
term({bad_start_spec, _}) -> <<"bad_start_spec">>;
term({invalid_child_spec, _}) -> <<"invalid_child_spec">>;
term({Tag, V}) when is_atom(Tag) -> #{atom_to_binary(Tag) => term(V)};
term({failed_to_start_child, Id, R}) ->
    #{<<"failed_to_start_child">> => #{<<"id">> => Id, <<"reason">> => term(R)}};
term(L) when is_list(L) -> [term(X) || X <- L];
term(T) when is_tuple(T) -> [term(X) || X <- tuple_to_list(T)];
term(P) when is_pid(P) -> inc_of(P);
term(X) -> X.
