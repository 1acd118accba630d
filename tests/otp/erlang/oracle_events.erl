%% SPDX-License-Identifier: GPL-2.0-only
%% What happens in a tree, as events of a trace.
%%
%%   starts   are noted by the start functions, which OTP calls in the supervisor
%%   deaths   come from tracing: `exit' of every process of the tree
%%   reports  come from a logger handler, which runs in the supervisor
%%
%% Each has a time that respects causality, {monotonic time, unique integer}, and
%% the events of a step are put into that order. What OTP leaves open is marked
%% (FORMAT.md): compare.py looks at the marks.
-module(oracle_events).

-export([new/0, collector/0, add/1, flush/1, count/0, take/1]).
-export([log/2, term/1, inc_of/1, path_of/1, join/2, is_dynamic/1]).

-include("oracle.hrl").

new() ->
    [ets:new(Table, [named_table, public, Type]) ||
        {Table, Type} <- [{?EVENTS, ordered_set}, {?PROCS, set}, {?REGISTER, set}]],
    ok.

add(Event) ->
    ets:insert(?EVENTS, {{erlang:monotonic_time(nanosecond),
                          erlang:unique_integer([monotonic])}, Event}).

count() -> ets:info(?EVENTS, size).

%% The process that tracing reports to.
collector() ->
    receive
        {trace_ts, Pid, exit, Reason, Time} ->
            ets:insert(?EVENTS, {Time, {exit, Pid, Reason}}),
            collector();
        {From, Ref, flush} ->
            collect_delivered(erlang:trace_delivered(all)),
            From ! {Ref, ok},
            collector();
        _ -> collector()
    end.

collect_delivered(Trace) ->
    receive
        {trace_ts, Pid, exit, Reason, Time} ->
            ets:insert(?EVENTS, {Time, {exit, Pid, Reason}}),
            collect_delivered(Trace);
        {trace_delivered, all, Trace} -> ok
    end.

%% Wait until everything that has happened is in the table.
flush(Collector) ->
    Ref = make_ref(),
    Collector ! {self(), Ref, flush},
    receive {Ref, ok} -> ok after ?PATIENCE -> exit(collector_hangs) end.

%% The events since the last time, marked.
take(Collector) ->
    flush(Collector),
    All = ets:tab2list(?EVENTS),
    ets:delete_all_objects(?EVENTS),
    mark_parallel(mark_floating(lists:flatmap(fun to_trace/1, All), []), []).

%% A process that never became ready has no exit, nor has one outside of the tree.
to_trace({_, {exit, Pid, Reason}}) ->
    case ets:lookup(?PROCS, Pid) of
        [{_, Path, Inc, true}] ->
            [#{<<"ev">> => <<"exited">>, <<"child">> => Path, <<"inc">> => Inc,
               <<"reason">> => term(Reason)}];
        _ -> []
    end;
to_trace({_, Event}) -> [Event].

%% Children of a supervisor that was killed die of the broken link, at the same
%% time as everything that follows.
mark_floating([#{<<"ev">> := <<"exited">>, <<"child">> := Path} = Event | Rest], Killed) ->
    Marked = case [Sup || Sup <- Killed, is_under(Path, Sup)] of
                 [] -> Event;
                 _ -> Event#{<<"float">> => true}
             end,
    IsKilledSup = is_sup(Path) andalso maps:get(<<"reason">>, Event) =:= killed,
    [Marked | mark_floating(Rest, [Path || IsKilledSup] ++ Killed)];
mark_floating([Event | Rest], Killed) -> [Event | mark_floating(Rest, Killed)];
mark_floating([], _) -> [].

%% The children of a dynamic supervisor are stopped in parallel. Done holds the
%% events before, newest first.
mark_parallel([#{<<"ev">> := <<"exited">>, <<"child">> := Path} = Event | Rest], Done) ->
    case is_dynamic(Path) of
        true ->
            {Run, Before} = lists:splitwith(fun(E) -> is_of_stop(E, Path) end, Done),
            Marked = case [E || E <- Run, not maps:is_key(<<"float">>, E)] of
                         Few when length(Few) < 2 -> Run;
                         _ -> [E#{<<"par">> => Path} || E <- Run]
                     end,
            mark_parallel(Rest, [Event | Marked ++ Before]);
        false -> mark_parallel(Rest, [Event | Done])
    end;
mark_parallel([Event | Rest], Done) -> mark_parallel(Rest, [Event | Done]);
mark_parallel([], Done) -> lists:reverse(Done).

is_of_stop(#{<<"ev">> := <<"exited">>, <<"child">> := Path}, Sup) -> is_under(Path, Sup);
is_of_stop(#{<<"ev">> := <<"report">>, <<"context">> := shutdown_error, <<"sup">> := By}, Sup) ->
    By =:= Sup orelse is_under(By, Sup);
is_of_stop(_, _) -> false.

is_under(Path, Sup) ->
    Length = byte_size(Sup),
    case Path of <<Sup:Length/binary, "/", _/binary>> -> true; _ -> false end.

is_sup(Path) -> ets:member(?REGISTER, {dynamic, Path}).

is_dynamic(Path) ->
    case ets:lookup(?REGISTER, {dynamic, Path}) of [{_, Value}] -> Value; [] -> false end.

%% The logger handler: a supervisor's reports.
log(#{msg := {report, #{label := {supervisor, Context}, report := Report}}}, _)
  when Context =/= progress ->
    case ets:lookup(?PROCS, self()) of
        [{_, Sup, _, _}] -> add(report(Sup, Context, Report));
        [] -> ok
    end;
log(_, _) -> ok.

report(Sup, Context, Report) ->
    Offender = proplists:get_value(offender, Report),
    maps:merge(#{<<"ev">> => <<"report">>, <<"sup">> => Sup, <<"context">> => Context,
                 <<"reason">> => term(proplists:get_value(reason, Report))},
               offender(Sup, is_dynamic(Sup), Offender)).

offender(Sup, false, Offender) ->
    #{<<"child">> => join(Sup, proplists:get_value(id, Offender))};
offender(_, true, Offender) ->
    case lists:keyfind(nb_children, 1, Offender) of
        {_, Count} -> #{<<"count">> => Count};
        false -> #{<<"child">> => path_of(proplists:get_value(pid, Offender))}
    end.

path_of({restarting, Pid}) -> path_of(Pid);
path_of(Pid) ->
    case ets:lookup(?PROCS, Pid) of [{_, Path, _, _}] -> Path; [] -> null end.

inc_of(Pid) ->
    case ets:lookup(?PROCS, Pid) of [{_, _, Inc, _}] -> Inc; [] -> null end.

join(undefined, Id) -> Id;
join(Path, Id) when is_binary(Id) -> <<Path/binary, "/", Id/binary>>;
join(Path, Id) -> <<Path/binary, "/", (iolist_to_binary(io_lib:format("~p", [Id])))/binary>>.

%% An Erlang term as JSON: {Tag, Value} is an object with one member.
term({bad_start_spec, _}) -> <<"bad_start_spec">>;
term({invalid_child_spec, _}) -> <<"invalid_child_spec">>;
term({Tag, Value}) when is_atom(Tag) -> #{atom_to_binary(Tag) => term(Value)};
term({failed_to_start_child, Id, Reason}) ->
    #{<<"failed_to_start_child">> => #{<<"id">> => Id, <<"reason">> => term(Reason)}};
term(List) when is_list(List) -> [term(Element) || Element <- List];
term(Tuple) when is_tuple(Tuple) -> [term(Element) || Element <- tuple_to_list(Tuple)];
term(Pid) when is_pid(Pid) -> inc_of(Pid);
term(Other) -> Other.
