// SPDX-License-Identifier: GPL-2.0-only
/*
 * Good files: every key, every form of its value, every default, down to the
 * field of the specification that it ends in.
 */
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/asked.h"

FIXTURE(good)
{
	struct st_sup_spec *root;
};

FIXTURE_SETUP(good)
{
	self->root = NULL;
}

FIXTURE_TEARDOWN(good)
{
	st_sup_spec_put(self->root);
}

#define LOAD(yaml) \
	do { \
		struct st_diags diags = ST_DIAGS_INIT; \
\
		ASSERT_EQ(0, st_config_parse("t.yaml", yaml, strlen(yaml), &diags, &self->root)) \
		TH_LOG("%s", ask_file(yaml)); \
		st_diags_done(&diags); \
	} while (0)

#define CHILD(index) (&self->root->children[index]->def)

TEST_F(good, an_empty_file_is_a_root_without_children_and_with_otps_defaults) /* [V1] */
{
	LOAD("");
	EXPECT_EQ(ST_STRATEGY_ONE_FOR_ONE, self->root->flags.strategy);
	EXPECT_EQ(1u, self->root->flags.intensity);
	EXPECT_EQ(5u, self->root->flags.period_s);
	EXPECT_EQ(ST_AUTO_SHUTDOWN_NEVER, self->root->flags.auto_shutdown);
	EXPECT_EQ(0u, self->root->flags.max_children);
	EXPECT_EQ(0u, self->root->nr_children);
	EXPECT_EQ(ST_INIT_OK, self->root->init);
}

TEST_F(good, the_flags_of_the_root_are_bound)
{
	LOAD("strategy: rest_for_one\n"
	     "intensity: 1000000000\n"
	     "period: 2 min\n"
	     "auto_shutdown: all_significant\n"
	     "children:\n");
	EXPECT_EQ(ST_STRATEGY_REST_FOR_ONE, self->root->flags.strategy);
	EXPECT_EQ(1000000000u, self->root->flags.intensity);
	EXPECT_EQ(120u, self->root->flags.period_s);
	EXPECT_EQ(ST_AUTO_SHUTDOWN_ALL_SIGNIFICANT, self->root->flags.auto_shutdown);
}

TEST_F(good, a_worker_has_otps_defaults) /* [V6] */
{
	LOAD("children: [{id: a, start: [x]}]\n");
	ASSERT_EQ(1u, self->root->nr_children);
	EXPECT_STREQ("a", CHILD(0)->id);
	EXPECT_EQ(ST_RESTART_PERMANENT, CHILD(0)->restart);
	EXPECT_EQ(ST_CHILD_TYPE_WORKER, CHILD(0)->type);
	EXPECT_FALSE(CHILD(0)->significant);
	EXPECT_EQ(ST_SHUTDOWN_TIMEOUT, CHILD(0)->shutdown.type);
	EXPECT_EQ(5000u, CHILD(0)->shutdown.timeout_ms);
	EXPECT_EQ(0u, CHILD(0)->start_timeout_ms);
	EXPECT_EQ(0u, CHILD(0)->backoff.min_ms);
	EXPECT_EQ(ST_READY_EXEC, CHILD(0)->process.ready);
	EXPECT_EQ(ST_NOTIFY_ACCESS_DESCENDANTS, CHILD(0)->process.notify_access);
	EXPECT_EQ(ST_OUTPUT_RING, CHILD(0)->process.out);
	EXPECT_EQ(-1, CHILD(0)->process.umask);
	EXPECT_FALSE(CHILD(0)->process.has_nice);
	EXPECT_FALSE(CHILD(0)->process.has_oom_score_adj);
	EXPECT_FALSE(CHILD(0)->process.clear_env);
	EXPECT_EQ(ST_ACCEPT_DEFAULT, CHILD(0)->process.accept);
	EXPECT_EQ(ST_ACCEPT_DEFAULT, CHILD(0)->process.accept_links);
	EXPECT_FALSE(CHILD(0)->process.kill_subtree);
	EXPECT_FALSE(CHILD(0)->process.no_new_privs);
	EXPECT_EQ(NULL, CHILD(0)->process.cwd);
	EXPECT_EQ(NULL, CHILD(0)->process.user);
	EXPECT_EQ(NULL, CHILD(0)->process.group);
}

TEST_F(good, a_supervisor_below_the_root_is_transient_and_deeper_ones_permanent) /* [V6] */
{
	LOAD("children:\n"
	     "- id: tree\n"
	     "  supervisor: {children: [{id: inner, supervisor: {}}]}\n"
	     "- {id: kept, restart: permanent, supervisor: {}, type: supervisor}\n");
	ASSERT_EQ(2u, self->root->nr_children);
	EXPECT_EQ(ST_CHILD_TYPE_SUPERVISOR, CHILD(0)->type);
	EXPECT_EQ(ST_RESTART_TRANSIENT, CHILD(0)->restart);
	EXPECT_EQ(ST_SHUTDOWN_INFINITY, CHILD(0)->shutdown.type);
	EXPECT_EQ(ST_RESTART_PERMANENT, CHILD(0)->sup->children[0]->def.restart);
	EXPECT_EQ(ST_SHUTDOWN_INFINITY, CHILD(0)->sup->children[0]->def.shutdown.type);
	EXPECT_EQ(ST_RESTART_PERMANENT, CHILD(1)->restart);
}

TEST_F(good, the_words_of_a_child_spec_are_bound)
{
	LOAD("auto_shutdown: any_significant\n"
	     "children:\n"
	     "- id: a\n"
	     "  start: [/bin/x, -v, 8080, 1.5, true, \"two words\"]\n"
	     "  restart: temporary\n"
	     "  significant: true\n"
	     "  type: worker\n"
	     "  shutdown: 1.5 s\n"
	     "  start_timeout: 10 s\n"
	     "  backoff: {min: 100 ms, max: 1 min, jitter: 20}\n");
	EXPECT_EQ(ST_RESTART_TEMPORARY, CHILD(0)->restart);
	EXPECT_TRUE(CHILD(0)->significant);
	EXPECT_EQ(1500u, CHILD(0)->shutdown.timeout_ms);
	EXPECT_EQ(10000u, CHILD(0)->start_timeout_ms);
	EXPECT_EQ(100u, CHILD(0)->backoff.min_ms);
	EXPECT_EQ(60000u, CHILD(0)->backoff.max_ms);
	EXPECT_EQ(20u, CHILD(0)->backoff.jitter_percent);
	ASSERT_EQ(6u, CHILD(0)->process.nr_args);
	EXPECT_STREQ("8080", CHILD(0)->process.argv[2]);
	EXPECT_STREQ("1.5", CHILD(0)->process.argv[3]);
	EXPECT_STREQ("true", CHILD(0)->process.argv[4]);
	EXPECT_STREQ("two words", CHILD(0)->process.argv[5]);
	EXPECT_EQ(NULL, CHILD(0)->process.argv[6]);
}

TEST_F(good, a_shutdown_is_a_word_or_a_time_up_to_the_limit) /* [V6] [G3] */
{
	LOAD("children:\n"
	     "- {id: a, start: [x], shutdown: brutal_kill}\n"
	     "- {id: b, start: [x], shutdown: infinity}\n"
	     "- {id: c, start: [x], shutdown: 0}\n"
	     "- {id: d, start: [x], shutdown: 4294967294}\n"
	     "- {id: e, start: [x], shutdown: 500ms}\n");
	EXPECT_EQ(ST_SHUTDOWN_BRUTAL_KILL, CHILD(0)->shutdown.type);
	EXPECT_EQ(ST_SHUTDOWN_INFINITY, CHILD(1)->shutdown.type);
	EXPECT_EQ(ST_SHUTDOWN_TIMEOUT, CHILD(2)->shutdown.type);
	EXPECT_EQ(0u, CHILD(2)->shutdown.timeout_ms);
	EXPECT_EQ(4294967294u, CHILD(3)->shutdown.timeout_ms);
	EXPECT_EQ(500u, CHILD(4)->shutdown.timeout_ms);
}

TEST_F(good, a_backoff_may_be_one_time_or_none)
{
	LOAD("children:\n"
	     "- {id: a, start: [x], backoff: 2 s}\n"
	     "- {id: b, start: [x], backoff: 0}\n"
	     "- {id: c, start: [x], backoff: {min: 250}}\n");
	EXPECT_EQ(2000u, CHILD(0)->backoff.min_ms);
	EXPECT_EQ(2000u, CHILD(0)->backoff.max_ms);
	EXPECT_EQ(0u, CHILD(0)->backoff.jitter_percent);
	EXPECT_EQ(0u, CHILD(1)->backoff.min_ms);
	EXPECT_EQ(250u, CHILD(2)->backoff.max_ms);
}

TEST_F(good, the_process_of_a_worker_is_bound)
{
	LOAD("children:\n"
	     "- id: 17\n"
	     "  start: [x]\n"
	     "  ready: fd=3\n"
	     "  notify_access: main\n"
	     "  environment: {PORT: 8080, DEBUG: true, EMPTY: \"\", HEX: 0x1F}\n"
	     "  clear_environment: true\n"
	     "  cwd: /srv\n"
	     "  user: www-data\n"
	     "  group: 33\n"
	     "  umask: 022\n"
	     "  nice: -5\n"
	     "  oom_score_adj: -1000\n"
	     "  output: inherit\n"
	     "  accept: same_user\n"
	     "  accept_links: none\n"
	     "  kill_subtree: true\n"
	     "  no_new_privs: true\n");
	EXPECT_STREQ("17", CHILD(0)->id);
	EXPECT_EQ(ST_READY_FD, CHILD(0)->process.ready);
	EXPECT_EQ(3, CHILD(0)->process.ready_fd);
	EXPECT_EQ(ST_NOTIFY_ACCESS_MAIN, CHILD(0)->process.notify_access);
	ASSERT_EQ(4u, CHILD(0)->process.nr_env);
	EXPECT_STREQ("PORT=8080", CHILD(0)->process.env[0]);
	EXPECT_STREQ("DEBUG=true", CHILD(0)->process.env[1]);
	EXPECT_STREQ("EMPTY=", CHILD(0)->process.env[2]);
	EXPECT_STREQ("HEX=0x1F", CHILD(0)->process.env[3]);
	EXPECT_TRUE(CHILD(0)->process.clear_env);
	EXPECT_STREQ("/srv", CHILD(0)->process.cwd);
	EXPECT_STREQ("www-data", CHILD(0)->process.user);
	EXPECT_STREQ("33", CHILD(0)->process.group);
	EXPECT_EQ(022, CHILD(0)->process.umask);
	EXPECT_TRUE(CHILD(0)->process.has_nice);
	EXPECT_EQ(-5, CHILD(0)->process.nice);
	EXPECT_TRUE(CHILD(0)->process.has_oom_score_adj);
	EXPECT_EQ(-1000, CHILD(0)->process.oom_score_adj);
	EXPECT_EQ(ST_OUTPUT_INHERIT, CHILD(0)->process.out);
	EXPECT_EQ(ST_ACCEPT_SAME_USER, CHILD(0)->process.accept);
	EXPECT_EQ(ST_ACCEPT_NONE, CHILD(0)->process.accept_links);
	EXPECT_TRUE(CHILD(0)->process.kill_subtree);
	EXPECT_TRUE(CHILD(0)->process.no_new_privs);
}

TEST_F(good, partitions_are_copies_of_one_template) /* [X5] */
{
	const struct st_sup_spec *pool;

	LOAD("children:\n"
	     "- {id: p, supervisor: {partitions: 12,\n"
	     "   children: [{id: t, start: [x, y], nice: 3}]}}\n"
	     "- {id: q, supervisor: {partitions: cpus, intensity: 9, strategy: rest_for_one,\n"
	     "   children: [{id: t, supervisor: {children: [{id: x, start: [x]}]}}]}}\n"
	     "- {id: r, supervisor: {partitions: 1024, children: [{id: t, start: [x]}]}}\n");
	pool = CHILD(0)->sup;
	EXPECT_EQ(ST_STRATEGY_ONE_FOR_ONE, pool->flags.strategy);
	EXPECT_EQ(3u, pool->flags.intensity);
	ASSERT_EQ(12u, pool->nr_children);
	EXPECT_STREQ("0", pool->children[0]->def.id);
	EXPECT_STREQ("11", pool->children[11]->def.id);
	EXPECT_STREQ("y", pool->children[11]->def.process.argv[1]);
	EXPECT_EQ(3, pool->children[11]->def.process.nice);
	pool = CHILD(1)->sup;
	EXPECT_EQ((uint32_t)sysconf(_SC_NPROCESSORS_ONLN), pool->nr_children);
	EXPECT_EQ(9u, pool->flags.intensity);
	EXPECT_EQ(1u, pool->children[0]->def.sup->nr_children);
	EXPECT_EQ(1024u, CHILD(2)->sup->nr_children);
}

TEST_F(good, the_extensions_of_a_child_are_off_until_it_asks_for_them) /* [X6] [X7] [X8] [X9] */
{
	LOAD("children:\n"
	     "- {id: a, start: [x]}\n"
	     "- {id: b, start: [x], stop_signal: QUIT, start_now: false, min_uptime: 2 s}\n"
	     "- {id: c, start: [x], stop_signal: SIGINT, start_now: true, ready: exit,\n"
	     "   min_uptime: 0}\n"
	     "- {id: d, start: [x], stop_signal: TERM}\n"
	     "- {id: e, supervisor: {}, start_now: false}\n");
	EXPECT_EQ(0, CHILD(0)->process.stop_signal);
	EXPECT_FALSE(CHILD(0)->start_later);
	EXPECT_EQ(0u, CHILD(0)->min_uptime_ms);
	EXPECT_EQ(SIGQUIT, CHILD(1)->process.stop_signal);
	EXPECT_TRUE(CHILD(1)->start_later);
	EXPECT_EQ(2000u, CHILD(1)->min_uptime_ms);
	EXPECT_EQ(SIGINT, CHILD(2)->process.stop_signal);
	EXPECT_FALSE(CHILD(2)->start_later);
	EXPECT_EQ(ST_READY_EXIT, CHILD(2)->process.ready);
	EXPECT_EQ(0, CHILD(3)->process.stop_signal);
	EXPECT_TRUE(CHILD(4)->start_later);
}

TEST_F(good, a_log_has_its_forms_and_stands_in_children_and_supervisors)
{
	const struct st_log_spec *log;

	LOAD("log: journal\n"
	     "children:\n"
	     "- {id: a, start: [x], log: {file: /f, max_size: 10MiB, max_age: 1d, keep: 7}}\n"
	     "- {id: b, start: [x], log: none, output: inherit}\n"
	     "- {id: c, start: [x]}\n"
	     "- {id: d, supervisor: {log: {folder: /g, timestamps: true}}}\n");
	EXPECT_EQ(ST_LOG_JOURNAL, self->root->log.to);
	log = CHILD(0)->process.log;
	EXPECT_EQ(ST_LOG_FILE, log->to);
	EXPECT_STREQ("/f", log->path);
	EXPECT_EQ(10u << 20, log->max_size);
	EXPECT_EQ(24u * 3600, log->max_age_s);
	EXPECT_EQ(7u, log->keep);
	EXPECT_FALSE(log->timestamps);
	EXPECT_EQ(ST_LOG_NONE, CHILD(1)->process.log->to);
	EXPECT_EQ(NULL, CHILD(2)->process.log);
	log = &CHILD(3)->sup->log;
	EXPECT_EQ(ST_LOG_FOLDER, log->to);
	EXPECT_STREQ("/g", log->path);
	EXPECT_EQ(0u, log->max_size);
	EXPECT_EQ(5u, log->keep);
	EXPECT_TRUE(log->timestamps);
}

TEST_F(good, the_words_of_ready_output_and_umask_have_their_forms)
{
	LOAD("children:\n"
	     "- {id: a, start: [x], ready: exec, output: ring, umask: \"0\"}\n"
	     "- {id: b, start: [x], ready: notify, output: \"null\", umask: 0o777}\n"
	     "- {id: c, start: [x], ready: fd=1023, nice: 19}\n");
	EXPECT_EQ(ST_READY_EXEC, CHILD(0)->process.ready);
	EXPECT_EQ(0, CHILD(0)->process.umask);
	EXPECT_EQ(ST_READY_NOTIFY, CHILD(1)->process.ready);
	EXPECT_EQ(ST_OUTPUT_NULL, CHILD(1)->process.out);
	EXPECT_EQ(0777, CHILD(1)->process.umask);
	EXPECT_EQ(1023, CHILD(2)->process.ready_fd);
}

static const struct {
	const char *text;
	int resource;
	uint64_t soft, hard;
} limits[] = {
	{ "nofile: 1024", RLIMIT_NOFILE, 1024, 1024 },
	{ "core: 0", RLIMIT_CORE, 0, 0 },
	{ "as: [1 GiB, infinity]", RLIMIT_AS, 1ull << 30, UINT64_MAX },
	{ "stack: infinity", RLIMIT_STACK, UINT64_MAX, UINT64_MAX },
	{ "cpu: [10 s, 1 min]", RLIMIT_CPU, 10, 60 },
	{ "cpu: 30", RLIMIT_CPU, 30, 30 },
	{ "rttime: 10 ms", RLIMIT_RTTIME, 10000, 10000 },
	{ "data: 9223372036854775807", RLIMIT_DATA, INT64_MAX, INT64_MAX },
	{ "fsize: 1.5 MiB", RLIMIT_FSIZE, 1572864, 1572864 },
	{ "locks: 5", RLIMIT_LOCKS, 5, 5 },
	{ "memlock: 64K", RLIMIT_MEMLOCK, 65536, 65536 },
	{ "msgqueue: 800 kB", RLIMIT_MSGQUEUE, 800000, 800000 },
	{ "nice: 20", RLIMIT_NICE, 20, 20 },
	{ "nproc: [1, 2]", RLIMIT_NPROC, 1, 2 },
	{ "rss: 1 TB", RLIMIT_RSS, 1000000000000, 1000000000000 },
	{ "rtprio: 7", RLIMIT_RTPRIO, 7, 7 },
	{ "sigpending: 100", RLIMIT_SIGPENDING, 100, 100 },
};

TEST_F(good, every_limit_has_a_soft_and_a_hard_value)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(limits); i++) {
		char yaml[128];

		snprintf(yaml, sizeof(yaml), "children: [{id: a, start: [x], limits: {%s}}]",
			 limits[i].text);
		LOAD(yaml);
		ASSERT_EQ(1u, CHILD(0)->process.nr_rlimits);
		EXPECT_EQ(limits[i].resource, CHILD(0)->process.rlimits[0].resource);
		EXPECT_EQ(limits[i].soft, CHILD(0)->process.rlimits[0].soft);
		EXPECT_EQ(limits[i].hard, CHILD(0)->process.rlimits[0].hard);
		st_sup_spec_put(self->root);
		self->root = NULL;
	}
}

TEST_F(good, dynamic_supervisors_have_elixirs_defaults_and_a_limit) /* [X1] [V5] */
{
	LOAD("children:\n"
	     "- {id: a, supervisor: {strategy: dynamic, max_children: 100000}}\n"
	     "- {id: b, supervisor: {strategy: dynamic, intensity: 1}}\n"
	     "- {id: c, supervisor: {strategy: simple_one_for_one,\n"
	     "                       children: [{id: t, start: [x]}]}}\n");
	EXPECT_EQ(3u, CHILD(0)->sup->flags.intensity);
	EXPECT_EQ(5u, CHILD(0)->sup->flags.period_s);
	EXPECT_EQ(100000u, CHILD(0)->sup->flags.max_children);
	EXPECT_EQ(1u, CHILD(1)->sup->flags.intensity);
	EXPECT_EQ(1u, CHILD(2)->sup->flags.intensity);
	EXPECT_EQ(1u, CHILD(2)->sup->nr_children);
}

TEST_F(good, a_supervisor_may_ignore_or_fail_its_start) /* [A3] [A5] */
{
	LOAD("children:\n"
	     "- {id: a, supervisor: {init: ignore, children: [{id: x, start: [x]}]}}\n"
	     "- {id: b, supervisor: {init: {error: {why: [1, 2.5, null, true]}}}}\n"
	     "- {id: c, supervisor: {init: ok}}\n");
	EXPECT_EQ(ST_INIT_IGNORE, CHILD(0)->sup->init);
	EXPECT_EQ(ST_INIT_ERROR, CHILD(1)->sup->init);
	EXPECT_STREQ("{\"why\":[1,2.5,null,true]}", CHILD(1)->sup->error);
	EXPECT_EQ(ST_INIT_OK, CHILD(2)->sup->init);
}

TEST_F(good, an_alias_stands_for_what_its_anchor_holds)
{
	LOAD("children:\n"
	     "- {id: a, start: &command [x, -v], backoff: &pause {min: 1 s, max: 2 s}}\n"
	     "- {id: b, start: *command, backoff: *pause}\n");
	ASSERT_EQ(2u, CHILD(1)->process.nr_args);
	EXPECT_STREQ("-v", CHILD(1)->process.argv[1]);
	EXPECT_EQ(2000u, CHILD(1)->backoff.max_ms);
}

TEST_HARNESS_MAIN
