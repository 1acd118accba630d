-module(shop_pool_sup).
-behaviour(supervisor).
-export([start_link/0, init/1]).

start_link() -> supervisor:start_link(?MODULE, []).

init([]) ->
    {ok, {{simple_one_for_one, 5, 60},
          [{order, {shop_order, start_link, []}, temporary, brutal_kill, worker, [shop_order]}]}}.
