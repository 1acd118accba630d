%% SPDX-License-Identifier: GPL-2.0-only
%% gen_server:call to a server that asks a C port: what a call over libsuptree is held
%% against. Started by ../calls:
%%   erl -noshell -pa DIR -run portcall main PORT ROUNDS
-module(portcall).
-behaviour(gen_server).
-export([main/1, init/1, handle_call/3, handle_cast/2, handle_info/2]).

main([Program, Rounds]) ->
    {ok, Server} = gen_server:start_link(?MODULE, Program, []),
    N = list_to_integer(Rounds),
    _ = [call(Server) || _ <- lists:seq(1, 500)],
    Samples = lists:sort([call(Server) || _ <- lists:seq(1, N)]),
    io:format("{\"p50_us\":~.2f,\"p99_us\":~.2f,\"per_s\":~b}~n",
              [lists:nth(N div 2, Samples) / 1000, lists:nth(N * 99 div 100, Samples) / 1000,
               N * 1000000000 div lists:sum(Samples)]),
    halt(0).

call(Server) ->
    Begin = erlang:monotonic_time(nanosecond),
    <<"ping">> = gen_server:call(Server, <<"ping">>),
    erlang:monotonic_time(nanosecond) - Begin.

init(Program) ->
    {ok, open_port({spawn_executable, Program}, [{packet, 2}, binary, {args, ["port"]}])}.

handle_call(Request, _, Port) ->
    port_command(Port, Request),
    receive {Port, {data, Reply}} -> {reply, Reply, Port} end.

handle_cast(_, Port) -> {noreply, Port}.

handle_info(_, Port) -> {noreply, Port}.
