%% SPDX-License-Identifier: GPL-2.0-only
%% The tree of a scenario: the callback of its supervisors, the start functions of
%% its children, and the worker, which stands for a Linux process.
%%
%% The start functions run in the supervisor. A supervisor that was changed asks
%% for the changed specification at each later start: as a new version of its
%% callback module would give it, whoever starts it.
-module(oracle_tree).
-behaviour(supervisor).

-export([init/1, child_spec/2, change/2, start_root/1, reason/1, atom/1]).
-export([start_worker/3, start_sup/3, start_dynamic/4, worker/6]).

-include("oracle.hrl").

start_root(Tree) ->
    start_sup(undefined, <<"root">>, Tree).

init({Path, Given}) ->
    Spec = case ets:lookup(?REGISTER, {override, Path}) of
               [{_, Changed}] -> Changed;
               [] -> Given
           end,
    %% a change calls this too, when the process is known already
    ets:insert_new(?PROCS, {self(), Path, cur_inc(Path), false}),
    ets:insert(?REGISTER, {{sup_pid, self()}, true}),
    case Spec of
        #{<<"init">> := <<"ignore">>} -> ignore;
        _ ->
            Flags = flags(Spec),
            Dynamic = maps:get(strategy, Flags, one_for_one) =:= simple_one_for_one,
            ets:insert(?REGISTER, {{dynamic, Path}, Dynamic}),
            {ok, {Flags, [child_spec(Path, C) || C <- maps:get(<<"children">>, Spec, [])]}}
    end.

flags(Spec) ->
    known(Spec, [{<<"strategy">>, strategy}, {<<"intensity">>, intensity},
                 {<<"period">>, period}, {<<"auto_shutdown">>, auto_shutdown}]).

known(From, Keys) ->
    maps:from_list([{Key, atom(Value)} || {Name, Key} <- Keys,
                                          {ok, Value} <- [maps:find(Name, From)]]).

%% What is invalid is handed on to OTP as it is.
child_spec(Path, Child) when is_map(Child) ->
    Id = maps:get(<<"id">>, Child, undefined),
    Words = known(Child, [{<<"restart">>, restart}, {<<"significant">>, significant},
                          {<<"shutdown">>, shutdown}, {<<"type">>, type}]),
    maps:without([binary_to_atom(Name) || Name <- maps:get(<<"omit">>, Child, [])],
                 Words#{id => Id, start => start(Path, Id, Child), modules => dynamic});
child_spec(_, Invalid) -> Invalid.

start(_, _, #{<<"start">> := Invalid}) -> Invalid;
start(Path, Id, Child) ->
    case {oracle_events:is_dynamic(Path), Child} of
        {true, _} -> {?MODULE, start_dynamic, [Path, Id, Child]};
        {false, #{<<"sup">> := Sup}} -> {?MODULE, start_sup, [Path, Id, Sup]};
        {false, _} -> {?MODULE, start_worker, [Path, Id, behaviour(Child)]}
    end.

behaviour(Child) -> maps:get(<<"behaviour">>, Child, #{}).

%% Let Path start as Spec from now on; returns what undoes it.
change(Path, Spec) ->
    Before = ets:lookup(?REGISTER, {override, Path}),
    ets:insert(?REGISTER, {{override, Path}, Spec}),
    fun() ->
        ets:delete(?REGISTER, {override, Path}),
        ets:insert(?REGISTER, Before)
    end.

%%% Start functions

start_sup(Above, Id, Spec) ->
    Path = oracle_events:join(Above, Id),
    _ = count_attempt(Path),
    note_start(Path, supervisor:start_link(?MODULE, {Path, Spec})).

start_dynamic(Sup, _, #{<<"sup">> := Spec}, #{<<"name">> := Name}) ->
    start_sup(Sup, Name, Spec);
start_dynamic(Sup, _, Template, #{<<"name">> := Name} = Args) ->
    start_worker(Sup, Name, maps:get(<<"behaviour">>, Args, behaviour(Template))).

start_worker(Sup, Id, Behaviour) ->
    Path = oracle_events:join(Sup, Id),
    Inc = count_attempt(Path),
    ets:delete(?REGISTER, {dynamic, Path}),     % a supervisor may have had this path
    Outcome = nth(Inc, maps:get(<<"start">>, Behaviour, [<<"ok">>])),
    Delay = nth(Inc, maps:get(<<"start_delay_ms">>, Behaviour, [0])),
    Result = proc_lib:start_link(?MODULE, worker,
                                 [Path, Inc, Outcome, Delay, Behaviour, self()]),
    note_start(Path, Result),
    case Result of
        {ok, Pid} ->
            note_end(Pid, after_start(Inc, Behaviour)),
            Pid ! go;
        _ -> ok
    end,
    Result.

after_start(Inc, Behaviour) -> nth(Inc, maps:get(<<"after_start">>, Behaviour, [<<"run">>])).

%% One that ends at once, by a timer of 0 ms: oracle:settle/2 waits for it.
note_end(Pid, #{<<"exit">> := _} = Plan) when not is_map_key(<<"after_ms">>, Plan) ->
    ets:insert(?REGISTER, {{ends, Pid}, true});
note_end(Pid, #{<<"exit">> := _, <<"after_ms">> := 0}) ->
    ets:insert(?REGISTER, {{ends, Pid}, true});
note_end(_, _) -> ok.

note_start(Path, Result) ->
    Inc = cur_inc(Path),
    Event = #{<<"child">> => Path, <<"inc">> => Inc},
    case Result of
        {ok, Pid} ->
            ets:insert(?PROCS, {Pid, Path, Inc, true}),
            ets:insert(?REGISTER, {{cur, Path}, Pid}),
            oracle_events:add(Event#{<<"ev">> => <<"started">>});
        ignore -> oracle_events:add(Event#{<<"ev">> => <<"ignored">>});
        {error, Reason} ->
            oracle_events:add(Event#{<<"ev">> => <<"start_failed">>,
                                     <<"reason">> => oracle_events:term(Reason)})
    end,
    Result.

count_attempt(Path) -> ets:update_counter(?REGISTER, {inc, Path}, 1, {{inc, Path}, 0}).

cur_inc(Path) ->
    case ets:lookup(?REGISTER, {inc, Path}) of [{_, Inc}] -> Inc; [] -> 0 end.

%%% The worker

worker(Path, Inc, Outcome, Delay, Behaviour, Parent) ->
    process_flag(trap_exit, true),
    ets:insert(?PROCS, {self(), Path, Inc, false}),
    timer:sleep(Delay),
    case Outcome of
        <<"ok">> ->
            proc_lib:init_ack(Parent, {ok, self()}),
            receive go -> ok end,
            plan_end(after_start(Inc, Behaviour)),
            run(Parent, maps:get(<<"on_stop">>, Behaviour, #{}));
        <<"ignore">> ->
            proc_lib:init_ack(Parent, ignore),
            exit(normal);
        #{<<"error">> := Text} ->
            proc_lib:init_ack(Parent, {error, {error, Text}}),
            exit(normal);
        #{<<"exit">> := Reason} ->
            exit(reason(Reason))
    end.

plan_end(<<"run">>) -> ok;
plan_end(#{<<"exit">> := Reason} = Plan) ->
    erlang:send_after(maps:get(<<"after_ms">>, Plan, 0), self(), {end_as, reason(Reason)}).

run(Parent, OnStop) ->
    receive
        {end_as, killed} -> exit(self(), kill), run(Parent, OnStop);
        {end_as, Reason} -> exit(Reason);
        {'EXIT', Parent, shutdown} -> stop(Parent, OnStop);
        {'EXIT', Parent, Reason} -> exit(Reason);       % the supervisor was killed
        _ -> run(Parent, OnStop)
    end.

stop(Parent, #{<<"ignore">> := true} = OnStop) -> run(Parent, OnStop);
stop(_, OnStop) ->
    timer:sleep(maps:get(<<"delay_ms">>, OnStop, 0)),
    exit(reason(maps:get(<<"exit">>, OnStop, <<"shutdown">>))).

%%% Words

nth(N, List) when is_list(List), N =< length(List) -> lists:nth(N, List);
nth(_, List) when is_list(List) -> lists:last(List);
nth(_, Value) -> Value.

atom(Text) when is_binary(Text) -> binary_to_atom(Text);
atom(Value) -> Value.

reason(#{<<"shutdown">> := Value}) -> {shutdown, Value};
reason(#{<<"code">> := Value}) -> {code, Value};
reason(#{<<"signal">> := Value}) -> {signal, Value};
reason(Word) -> atom(Word).                             % normal, shutdown, killed
