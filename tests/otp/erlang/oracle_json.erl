%% SPDX-License-Identifier: GPL-2.0-only
%% JSON, as much of it as scenarios and traces need.
%%
%% Objects are maps with binaries as keys, strings are binaries, and true, false
%% and null are atoms. Object members are written in the order of their keys.
-module(oracle_json).
-export([decode/1, encode/1]).

decode(Bin) ->
    {V, Rest} = value(ws(Bin)),
    <<>> = ws(Rest),
    V.

ws(<<C, R/binary>>) when C =:= $\s; C =:= $\t; C =:= $\n; C =:= $\r -> ws(R);
ws(R) -> R.

value(<<"{", R/binary>>) -> object(ws(R), #{});
value(<<"[", R/binary>>) -> array(ws(R), []);
value(<<"\"", R/binary>>) -> string(R, <<>>);
value(<<"true", R/binary>>) -> {true, R};
value(<<"false", R/binary>>) -> {false, R};
value(<<"null", R/binary>>) -> {null, R};
value(R) -> number(R, <<>>).

object(<<"}", R/binary>>, M) -> {M, R};
object(<<"\"", R/binary>>, M) ->
    {K, R1} = string(R, <<>>),
    <<":", R2/binary>> = ws(R1),
    {V, R3} = value(ws(R2)),
    case ws(R3) of
        <<",", R4/binary>> -> object(ws(R4), M#{K => V});
        <<"}", R4/binary>> -> {M#{K => V}, R4}
    end.

array(<<"]", R/binary>>, []) -> {[], R};
array(R, Acc) ->
    {V, R1} = value(R),
    case ws(R1) of
        <<",", R2/binary>> -> array(ws(R2), [V | Acc]);
        <<"]", R2/binary>> -> {lists:reverse(Acc, [V]), R2}
    end.

string(<<"\"", R/binary>>, Acc) -> {Acc, R};
string(<<"\\u", H:4/binary, R/binary>>, Acc) ->
    string(R, <<Acc/binary, (binary_to_integer(H, 16))/utf8>>);
string(<<"\\", C, R/binary>>, Acc) ->
    X = case C of $n -> $\n; $t -> $\t; $r -> $\r; $b -> $\b; $f -> $\f; _ -> C end,
    string(R, <<Acc/binary, X>>);
string(<<C, R/binary>>, Acc) -> string(R, <<Acc/binary, C>>).

number(<<C, R/binary>>, Acc)
  when C >= $0, C =< $9; C =:= $-; C =:= $+; C =:= $.; C =:= $e; C =:= $E ->
    number(R, <<Acc/binary, C>>);
number(R, Acc) ->
    N = try binary_to_integer(Acc) catch error:badarg -> binary_to_float(Acc) end,
    {N, R}.

encode(V) -> iolist_to_binary(enc(V)).

enc(true) -> "true";
enc(false) -> "false";
enc(null) -> "null";
enc(A) when is_atom(A) -> enc(atom_to_binary(A));
enc(I) when is_integer(I) -> integer_to_list(I);
enc(F) when is_float(F) -> io_lib:format("~p", [F]);
enc(B) when is_binary(B) -> [$", [esc(C) || <<C/utf8>> <= B], $"];
enc(L) when is_list(L) -> [$[, lists:join($,, [enc(E) || E <- L]), $]];
enc(M) when is_map(M) ->
    [${, lists:join($,, [[enc(K), $:, enc(V)] || {K, V} <- lists:sort(maps:to_list(M))]), $}].

esc($") -> "\\\"";
esc($\\) -> "\\\\";
esc(C) when C < 32 -> io_lib:format("\\u~4.16.0b", [C]);
esc(C) -> <<C/utf8>>.
