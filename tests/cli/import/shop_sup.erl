%% The supervisor of a shop, in the ways in which such sources are written.
-module(shop_sup).
-behaviour(supervisor).

-export([start_link/0, init/1]).

-include("shop.hrl").
-define(SERVER, ?MODULE).
-define(CHILD(I, Args), {I, {I, start_link, Args}, permanent, 5000, worker, [I]}).
-ifdef(TEST).
-define(PAUSE, 10).
-else.
-define(PAUSE, (2 * 1000)).
-endif.

start_link() ->
    supervisor:start_link({local, ?SERVER}, ?MODULE, []).

init([]) ->
    process_flag(trap_exit, true),
    SupFlags = #{strategy => rest_for_one,
                 intensity => 16#A,     % ten
                 period => 1_0},
    Defaults = #{restart => transient, shutdown => timer:seconds(30)},
    Cart = Defaults#{id => cart, % a "comment" with quotes
                     start => {shop_cart, start_link, [{"basket", <<"öl"/utf8>>}, $a, -1.5e3]}},
    Pools = [#{id => 'order pool',
               start => {shop_pool_sup, start_link, []},
               type => supervisor}],
    Log = case os:type() of
        {unix, _} -> #{id => log, start => {shop_log, start, [fun() -> ok end]}};
        _ -> undefined
    end,
    Mailer = #{id => mailer,
               start => {shop_mailer, start_link, [#smtp{host = "mail"}, self(), Log]},
               shutdown => brutal_kill,
               modules => dynamic,
               colour => red},
    {ok, {SupFlags, [?CHILD(shop_store, [?PAUSE, ?STORE_FILE]), Cart, Mailer, Log
                     | Pools] ++ [child(N) || N <- lists:seq(1, 3)]}};
init(_Other) ->
    ignore.
