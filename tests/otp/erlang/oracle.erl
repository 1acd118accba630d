%% SPDX-License-Identifier: GPL-2.0-only
%% Runs scenarios on the supervisor module of Erlang/OTP and writes their traces.
%% FORMAT.md describes both; oracle.sh calls main/1.
%%
%% One scenario at a time: a process performs its steps, another one (the owner) is
%% the parent of the root, a third one (oracle_events) collects what happens.
-module(oracle).

-export([main/1]).

-include("oracle.hrl").

%% Scenario and trace files, in turn. Exit status 1 if one could not be run.
main(Files) ->
    process_flag(trap_exit, true),
    ok = logger:set_primary_config(level, error),
    _ = logger:remove_handler(default),
    ok = logger:add_handler(oracle, oracle_events, #{level => error}),
    halt(case run_files(Files, 0) of 0 -> 0; _ -> 1 end).

run_files([In, Out | Rest], Failed) ->
    {Pid, Monitor} = spawn_monitor(fun() -> run_file(In, Out) end),
    receive
        {'DOWN', Monitor, process, Pid, normal} -> run_files(Rest, Failed);
        {'DOWN', Monitor, process, Pid, Reason} ->
            io:format(standard_error, "~ts: ~P~n", [In, Reason, 20]),
            run_files(Rest, Failed + 1)
    after 4 * ?PATIENCE ->
        exit(Pid, kill),
        io:format(standard_error, "~ts: does not end~n", [In]),
        run_files(Rest, Failed + 1)
    end;
run_files([], Failed) -> Failed.

run_file(In, Out) ->
    {ok, Text} = file:read_file(In),
    ok = file:write_file(Out, [oracle_json:encode(run(oracle_json:decode(Text))), $\n]).

run(Scenario) ->
    oracle_events:new(),
    put(collector, spawn_link(fun oracle_events:collector/0)),
    put(owner, spawn_link(fun owner/0)),
    put(root, undefined),
    erlang:trace(get(owner), true, [procs, set_on_spawn, strict_monotonic_timestamp,
                                    {tracer, get(collector)}]),
    Steps = [#{<<"op">> => <<"start">>, <<"tree">> => maps:get(<<"tree">>, Scenario)}]
        ++ maps:get(<<"steps">>, Scenario, []) ++ [#{<<"op">> => <<"shutdown_root">>}],
    Done = [step(N, Step) || {N, Step} <- lists:zip(lists:seq(0, length(Steps) - 1), Steps)],
    Left = [Path || {Pid, Path, _, true} <- ets:tab2list(?PROCS), is_process_alive(Pid)],
    #{<<"scenario">> => maps:get(<<"name">>, Scenario), <<"format">> => 1,
      <<"leftover">> => lists:sort(Left), <<"steps">> => Done}.

step(N, #{<<"op">> := Op} = Step) ->
    Done = #{<<"step">> => N, <<"op">> => Op, <<"result">> => do(Op, Step)},
    case maps:get(<<"settle">>, Step, true) of
        true ->
            settle(3, -1),
            Done#{<<"events">> => oracle_events:take(get(collector)), <<"state">> => state()};
        false -> Done
    end.

%%% The parent of the root

owner() ->
    process_flag(trap_exit, true),
    own().

own() ->
    receive
        {ask, From, Ref, {start, Tree}} -> From ! {Ref, oracle_tree:start_root(Tree)};
        {ask, From, Ref, {shutdown, Pid}} ->
            Monitor = monitor(process, Pid),
            exit(Pid, shutdown),
            receive {'DOWN', Monitor, _, _, _} -> From ! {Ref, ok} end;
        _ -> ok
    end,
    own().

ask_owner(Question) ->
    Ref = make_ref(),
    get(owner) ! {ask, self(), Ref, Question},
    receive {Ref, Answer} -> Answer after ?PATIENCE -> exit({owner_hangs, Question}) end.

%%% Steps

do(<<"start">>, #{<<"tree">> := Tree}) ->
    case ask_owner({start, Tree}) of
        {ok, Pid} -> put(root, Pid), #{<<"ok">> => <<"started">>};
        ignore -> #{<<"ok">> => <<"ignored">>};
        {error, Reason} -> failure(Reason)
    end;
do(<<"shutdown_root">>, _) ->
    case is_root_alive() of
        true -> ask_owner({shutdown, get(root)}), <<"ok">>;
        false -> failure(noproc)
    end;
do(<<"sleep">>, #{<<"ms">> := Ms}) ->
    timer:sleep(Ms),
    <<"ok">>;
do(<<"exit">>, #{<<"child">> := Path, <<"reason">> := Reason}) ->
    Pid = current(Path),
    case is_pid(Pid) andalso not ets:member(?REGISTER, {sup_pid, Pid}) of
        true -> end_worker(Pid, oracle_tree:reason(Reason));
        false -> failure(noproc)
    end;
do(<<"check_childspecs">>, #{<<"specs">> := Specs} = Step) ->
    Checked = [oracle_tree:child_spec(<<"check">>, Spec) || Spec <- Specs],
    plain(case Step of
              #{<<"auto_shutdown">> := Word} ->
                  supervisor:check_childspecs(Checked, oracle_tree:atom(Word));
              _ -> supervisor:check_childspecs(Checked)
          end);
do(Op, #{<<"sup">> := Path} = Step) ->
    Pid = current(Path),
    case ets:member(?REGISTER, {sup_pid, Pid}) of
        false -> failure(noproc);       % nobody, or a worker
        true ->
            try call(Op, Pid, Path, Step)
            catch
                exit:{_, {gen_server, call, _}} -> failure(noproc);
                exit:{_, {sys, _, _}} -> failure(noproc);
                exit:noproc -> failure(noproc);
                exit:{noproc, _} -> failure(noproc);
                throw:unknown_name -> failure(unknown_name)
            end
    end.

end_worker(Pid, Reason) ->
    Monitor = monitor(process, Pid),
    case Reason of
        killed -> exit(Pid, kill);
        _ -> Pid ! {end_as, Reason}
    end,
    receive
        {'DOWN', Monitor, _, _, noproc} -> failure(noproc);
        {'DOWN', Monitor, _, _, _} -> <<"ok">>
    after ?PATIENCE -> exit({does_not_end, Pid})
    end.

call(<<"stop">>, Pid, _, Step) ->
    Reason = oracle_tree:reason(maps:get(<<"reason">>, Step, <<"normal">>)),
    ok = gen_server:stop(Pid, Reason, ?PATIENCE),
    <<"ok">>;
call(<<"start_child">>, Pid, Path, Step) ->
    start_result(supervisor:start_child(
                   Pid,
                   case oracle_events:is_dynamic(Path) of
                       true -> [maps:with([<<"name">>, <<"behaviour">>], Step)];
                       false -> oracle_tree:child_spec(Path, maps:get(<<"spec">>, Step))
                   end));
call(<<"restart_child">>, Pid, Path, Step) ->
    start_result(supervisor:restart_child(Pid, target(Path, Step)));
call(<<"terminate_child">>, Pid, Path, Step) ->
    plain(supervisor:terminate_child(Pid, target(Path, Step)));
call(<<"delete_child">>, Pid, Path, Step) ->
    plain(supervisor:delete_child(Pid, target(Path, Step)));
call(<<"which_children">>, Pid, Path, _) ->
    children(Path, supervisor:which_children(Pid));
call(<<"count_children">>, Pid, _, _) ->
    counts(supervisor:count_children(Pid));
call(<<"get_childspec">>, Pid, Path, Step) ->
    case supervisor:get_childspec(Pid, target(Path, Step)) of
        {ok, Spec} ->
            Words = maps:with([id, restart, significant, shutdown, type], Spec),
            #{<<"ok">> => maps:from_list([{atom_to_binary(Key), Value} ||
                                             {Key, Value} <- maps:to_list(Words)])};
        {error, Reason} -> failure(Reason)
    end;
call(<<"code_change">>, Pid, Path, #{<<"to">> := Spec}) ->
    Undo = oracle_tree:change(Path, Spec),
    ok = sys:suspend(Pid),
    Result = sys:change_code(Pid, oracle_tree, undefined, []),
    ok = sys:resume(Pid),
    case Result of
        ok -> <<"ok">>;
        {error, {error, Reason}} -> Undo(), failure(Reason);
        {error, Reason} -> Undo(), failure(Reason)
    end.

%% A static child is addressed by its id, one of a dynamic supervisor by its last
%% process, or "$foreign" for one that is no child of it.
target(_, #{<<"name">> := <<"$foreign">>}) -> get(owner);
target(Path, #{<<"name">> := Name}) ->
    case ets:lookup(?REGISTER, {cur, oracle_events:join(Path, Name)}) of
        [{_, Pid}] -> Pid;
        [] -> throw(unknown_name)       % it never ran
    end;
target(_, #{<<"id">> := Id}) -> Id.

%%% Results

failure(Reason) -> #{<<"error">> => oracle_events:term(Reason)}.

plain(ok) -> <<"ok">>;
plain({error, Reason}) -> failure(Reason).

start_result({ok, undefined}) -> #{<<"ok">> => <<"ignored">>};
start_result({ok, Pid}) ->
    #{<<"ok">> => <<"started">>, <<"inc">> => oracle_events:inc_of(Pid)};
start_result({error, {already_started, Pid}}) ->
    #{<<"error">> => #{<<"already_started">> => oracle_events:inc_of(Pid)}};
start_result({error, {Reason, Record}}) when element(1, Record) =:= child ->
    start_error(Reason);
start_result({error, {Tag, _} = Reason})
  when Tag =:= bad_combination; Tag =:= invalid_child_spec; Tag =:= invalid_mfa;
       Tag =:= invalid_restart_type; Tag =:= invalid_shutdown; Tag =:= invalid_child_type;
       Tag =:= invalid_significant ->
    failure(Reason);
start_result({error, Word})
  when is_atom(Word), Word =/= normal, Word =/= shutdown, Word =/= killed ->
    failure(Word);
start_result({error, Reason}) -> start_error(Reason).

start_error(Reason) -> #{<<"error">> => #{<<"start_error">> => oracle_events:term(Reason)}}.

children(Path, Which) ->
    List = [child(Child) || Child <- Which],
    case oracle_events:is_dynamic(Path) of
        true -> #{<<"unordered">> => lists:sort(List)};
        false -> List
    end.

child({Id, restarting, Type, _}) -> child(Id, <<"restarting">>, Type);
child({Id, undefined, Type, _}) -> child(Id, <<"stopped">>, Type);
child({Id, Pid, Type, _}) ->
    Name = case Id of
               undefined -> lists:last(binary:split(oracle_events:path_of(Pid), <<"/">>, [global]));
               _ -> Id
           end,
    (child(Name, <<"running">>, Type))#{<<"inc">> => oracle_events:inc_of(Pid)}.

child(undefined, State, Type) -> child(null, State, Type);
child(Id, State, Type) -> #{<<"id">> => Id, <<"state">> => State, <<"type">> => Type}.

counts(List) -> maps:from_list([{atom_to_binary(Key), Value} || {Key, Value} <- List]).

%%% Settling, and the state

%% Settled: in three rounds one after the other each supervisor has answered a
%% call, no mailbox held anything, and nothing new has happened. Three waits see to it
%% that nothing is still on its way: for the workers that end at once, for a flush, which
%% returns after each scheduler has left what it ran, and for process_info/2, which
%% returns after the process has handled the signals that it had got.
settle(0, _) -> ok;
settle(Rounds, Before) ->
    {Sups, Others} = lists:partition(
                       fun({_, Path}) -> ets:member(?REGISTER, {dynamic, Path}) end,
                       [{Pid, Path} || {Pid, Path, _, _} <- ets:tab2list(?PROCS),
                                       is_process_alive(Pid)]),
    [await_end(Pid) || [Pid] <- ets:match(?REGISTER, {{ends, '$1'}, '_'})],
    [catch gen_server:call(Pid, which_children, ?PATIENCE) || {Pid, _} <- Sups],
    oracle_events:flush(get(collector)),
    [process_info(Pid, message_queue_len) || {Pid, _} <- Others],
    case {oracle_events:count(), lists:any(fun({Pid, _}) -> is_busy(Pid) end, Sups)} of
        {Before, false} -> settle(Rounds - 1, Before);
        {Now, _} -> settle(3, Now)
    end.

await_end(Pid) ->
    Monitor = monitor(process, Pid),
    receive {'DOWN', Monitor, _, _, _} -> ets:delete(?REGISTER, {ends, Pid})
    after ?PATIENCE -> exit({does_not_end, Pid})
    end.

is_busy(Pid) ->
    case process_info(Pid, message_queue_len) of
        {_, Length} -> Length > 0;
        undefined -> false
    end.

state() ->
    case is_root_alive() of
        true -> walk(<<"root">>, get(root));
        false -> []
    end.

walk(Path, Pid) ->
    Which = supervisor:which_children(Pid),
    Here = #{<<"sup">> => Path, <<"children">> => children(Path, Which),
             <<"counts">> => counts(supervisor:count_children(Pid))},
    Below = [walk(Under, Child) || {_, Child, _, _} <- Which, is_pid(Child),
                                   {_, Under, _, true} <- ets:lookup(?PROCS, Child),
                                   ets:member(?REGISTER, {dynamic, Under})],
    [Here | lists:sort(lists:append(Below))].

is_root_alive() -> is_pid(get(root)) andalso is_process_alive(get(root)).

current(Path) ->
    case ets:lookup(?REGISTER, {cur, Path}) of
        [{_, Pid}] -> case is_process_alive(Pid) of true -> Pid; false -> undefined end;
        [] -> undefined
    end.
