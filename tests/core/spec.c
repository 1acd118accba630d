// SPDX-License-Identifier: GPL-2.0-only
/*
 * Specifications: defaults, rules between their words, memory, text. [V1]..[V6]
 */
#include "kselftest_harness.h"

#include <signal.h>
#include <sys/resource.h>

#include "core/limits.h"
#include "core/spec_walk.h"
#include "lib/play.h"

static const char *child_json(const struct st_child_def *def)
{
	static struct st_buf out;
	struct st_child_spec *spec = st_child_spec_new(def);

	st_buf_reset(&out);
	st_child_spec_write(spec, &out);
	st_child_spec_put(spec);
	return st_buf_text(&out);
}

static const char *sup_json(const char *words)
{
	static struct st_buf out;
	struct st_sup_spec *spec = st_words_sup(words);

	st_buf_reset(&out);
	st_sup_spec_write(spec, &out);
	st_sup_spec_put(spec);
	return st_buf_text(&out);
}

TEST(a_supervisor_is_one_for_one_1_in_5_seconds_never_unless_told) /* [V1] */
{
	struct st_sup_flags flags;

	st_sup_flags_init(&flags);
	EXPECT_EQ(ST_STRATEGY_ONE_FOR_ONE, flags.strategy);
	EXPECT_EQ(1, flags.intensity);
	EXPECT_EQ(5, flags.period_s);
	EXPECT_EQ(ST_AUTO_SHUTDOWN_NEVER, flags.auto_shutdown);
	EXPECT_EQ(0, flags.max_children);
}

TEST(a_child_is_a_permanent_worker_with_5_seconds_unless_told) /* [V6] */
{
	struct st_child_def def;

	st_child_def_init(&def);
	EXPECT_EQ(ST_RESTART_PERMANENT, def.restart);
	EXPECT_EQ(ST_CHILD_TYPE_WORKER, def.type);
	EXPECT_EQ(ST_SHUTDOWN_TIMEOUT, def.shutdown.type);
	EXPECT_EQ(5000, def.shutdown.timeout_ms);
	EXPECT_FALSE(def.significant);
	EXPECT_EQ(0, def.start_timeout_ms);
	EXPECT_EQ(0, def.backoff.min_ms);
	EXPECT_EQ(-1, def.process.umask);
}

/* The error of a child with these words, for a supervisor with these flags. */
static enum st_spec_error check(const char *child_words, const char *sup_words)
{
	struct st_sup_spec *sup = sup_words ? st_words_sup(sup_words) : NULL;
	struct st_child_spec *child = st_words_child(child_words);
	enum st_spec_error error = st_child_def_check(&child->def, sup ? &sup->flags : NULL);

	st_child_spec_put(child);
	st_sup_spec_put(sup);
	return error;
}

TEST(significant_needs_auto_shutdown_and_a_child_that_is_not_permanent) /* [V4] */
{
	const char *const any = "one_for_one any_significant";

	EXPECT_EQ(ST_SPEC_NONE, check("a", "one_for_one"));
	EXPECT_EQ(ST_SPEC_BAD_COMBINATION_AUTO_SHUTDOWN,
		  check("a transient significant", "one_for_one"));
	EXPECT_EQ(ST_SPEC_BAD_COMBINATION_AUTO_SHUTDOWN, check("a significant", "one_for_one"));
	EXPECT_EQ(ST_SPEC_BAD_COMBINATION_RESTART, check("a significant", any));
	EXPECT_EQ(ST_SPEC_NONE, check("a transient significant", any));
	EXPECT_EQ(ST_SPEC_NONE, check("a temporary significant", any));
	EXPECT_EQ(ST_SPEC_BAD_COMBINATION_RESTART, check("a significant", NULL));
	EXPECT_EQ(ST_SPEC_NONE, check("a transient significant", NULL));
}

TEST(only_a_dynamic_supervisor_refuses_shutdown_0) /* [X2] [V6] */
{
	EXPECT_EQ(ST_SPEC_INVALID_SHUTDOWN, check("a 0ms", "dynamic"));
	EXPECT_EQ(ST_SPEC_NONE, check("a 1ms", "dynamic"));
	EXPECT_EQ(ST_SPEC_NONE, check("a brutal_kill", "dynamic"));
	EXPECT_EQ(ST_SPEC_NONE, check("a 0ms", "one_for_one"));
}

TEST(an_id_is_a_part_of_a_path) /* [V2] */
{
	EXPECT_TRUE(st_id_is_valid("a"));
	EXPECT_TRUE(st_id_is_valid("web server #1"));
	EXPECT_TRUE(st_id_is_valid("..."));
	EXPECT_TRUE(st_id_is_valid("\xc3\xa4"));
	EXPECT_FALSE(st_id_is_valid(""));
	EXPECT_FALSE(st_id_is_valid("."));
	EXPECT_FALSE(st_id_is_valid(".."));
	EXPECT_FALSE(st_id_is_valid("a/b"));
	EXPECT_FALSE(st_id_is_valid("a\nb"));
	EXPECT_FALSE(st_id_is_valid("a\x7f"));
}

TEST(a_spec_is_a_copy_and_lives_as_long_as_somebody_holds_it) /* [C9] */
{
	char id[] = "a", arg[] = "program", variable[] = "X=1", cwd[] = "/tmp";
	const char *argv[] = { arg, "-v" }, *env[] = { variable };
	struct st_sup_spec *sup = st_words_sup("one_for_one: x");
	struct st_child_spec *spec;
	struct st_child_def def;

	st_child_def_init(&def);
	def.id = id;
	def.process = (struct st_process_spec){
		.argv = argv, .nr_args = 2, .env = env, .nr_env = 1, .cwd = cwd
	};
	def.sup = sup;
	spec = st_child_spec_get(st_child_spec_new(&def));
	st_sup_spec_put(sup);
	id[0] = arg[0] = variable[0] = cwd[0] = '!';
	st_child_spec_put(spec);
	EXPECT_STREQ("a", spec->def.id);
	EXPECT_STREQ("program", spec->def.process.argv[0]);
	EXPECT_STREQ("-v", spec->def.process.argv[1]);
	EXPECT_EQ(NULL, spec->def.process.argv[2]);
	EXPECT_STREQ("X=1", spec->def.process.env[0]);
	EXPECT_EQ(NULL, spec->def.process.env[1]);
	EXPECT_STREQ("/tmp", spec->def.process.cwd);
	EXPECT_EQ(1, spec->def.sup->nr_children);
	st_child_spec_put(spec);
	st_child_spec_put(NULL);
	st_sup_spec_put(NULL);
}

TEST(specifications_of_any_depth_are_freed_without_recursion) /* [V3] */
{
	struct st_sup_flags flags;
	struct st_sup_spec *sup;
	struct st_child_def def;

	st_child_def_init(&def);
	st_sup_flags_init(&flags);
	def.id = "s";
	sup = st_sup_spec_new(&flags, NULL, 0);
	for (int depth = 0; depth < 200000; depth++) {
		struct st_child_spec *child;

		def.sup = sup;
		child = st_child_spec_new(&def);
		st_sup_spec_put(sup);
		sup = st_sup_spec_new(&flags, &child, 1);
		st_child_spec_put(child);
	}
	st_sup_spec_put(sup);
}

static const char *visited(const struct st_sup_spec *spec)
{
	static struct st_buf out;
	const struct st_child_spec *child;
	struct st_spec_walk walk;

	st_buf_reset(&out);
	st_spec_walk_begin(&walk, spec);
	while ((child = st_spec_walk_next(&walk)))
		st_buf_add_text(&out, child->def.id);
	return st_buf_text(&out);
}

TEST(a_walk_visits_all_children_in_the_order_of_their_starts)
{
	struct st_sup_spec *spec = st_words_sup("one_for_one: a, s {one_for_all: b, "
						"t {one_for_one: c}, u {one_for_one}, d}, e");

	EXPECT_STREQ("asbtcude", visited(spec));
	st_sup_spec_put(spec);
}

TEST(a_walk_leaves_out_what_is_deeper_than_a_tree_may_be) /* [V3] */
{
	struct st_sup_spec *spec = st_words_sup("one_for_one: w");
	struct st_sup_flags flags;

	st_sup_flags_init(&flags);
	for (size_t i = 0; i < 2 * ST_MAX_DEPTH; i++) {
		struct st_child_def def = { .id = "s", .sup = spec };
		struct st_child_spec *child = st_child_spec_new(&def);

		st_sup_spec_put(spec);
		spec = st_sup_spec_new(&flags, &child, 1);
		st_child_spec_put(child);
	}
	EXPECT_EQ(ST_MAX_DEPTH + 2u, strlen(visited(spec)));
	EXPECT_EQ(ST_MAX_DEPTH + 2u, strspn(visited(spec), "s"));
	st_sup_spec_put(spec);
}

TEST(a_child_is_written_with_the_words_that_get_childspec_shows) /* [C9] [V6] */
{
	struct st_child_def def;

	st_child_def_init(&def);
	def.id = "a \"b\"";
	EXPECT_STREQ("{\"id\":\"a \\\"b\\\"\",\"restart\":\"permanent\",\"significant\":false,"
		     "\"shutdown\":5000,\"type\":\"worker\",\"start\":[]}",
		     child_json(&def));
}

TEST(the_public_form_has_names_of_variables_and_no_values)
{
	static const char *const argv[] = { "/bin/x" };
	static const char *const env[] = { "A=secret", "B=" };
	struct st_child_spec *child;
	struct st_buf text = ST_BUF_INIT;
	struct st_child_def def;

	st_child_def_init(&def);
	def.id = "a";
	def.process.argv = argv;
	def.process.nr_args = 1;
	def.process.env = env;
	def.process.nr_env = 2;
	child = st_child_spec_new(&def);
	ASSERT_NE(NULL, child);
	st_child_spec_write_public(child, &text);
	EXPECT_STREQ("{\"id\":\"a\",\"restart\":\"permanent\",\"significant\":false,"
		     "\"shutdown\":5000,\"type\":\"worker\",\"start\":[\"/bin/x\"],"
		     "\"environment\":{\"A\":null,\"B\":null}}",
		     st_buf_text(&text));
	st_buf_done(&text);
	st_child_spec_put(child);
}

TEST(everything_that_is_not_default_is_written) /* [C9] */
{
	static const char *const argv[] = { "/bin/x", "two words" };
	static const char *const env[] = { "A=1", "B=x=y", "C=" };
	static const struct st_rlimit rlimits[] = {
		{ RLIMIT_NOFILE, 64, 128 },
		{ RLIMIT_CORE, 0, UINT64_MAX },
	};
	struct st_child_def def = {
		.id = "a",
		.restart = ST_RESTART_TRANSIENT,
		.significant = true,
		.shutdown = { .type = ST_SHUTDOWN_BRUTAL_KILL },
		.start_later = true,
		.start_timeout_ms = 700,
		.min_uptime_ms = 900,
		.backoff = { .min_ms = 1, .max_ms = 2, .jitter_percent = 3 },
		.process = { .argv = argv,
			     .nr_args = 2,
			     .env = env,
			     .nr_env = 3,
			     .clear_env = true,
			     .no_new_privs = true,
			     .kill_subtree = true,
			     .accept = ST_ACCEPT_SAME_USER,
			     .accept_links = ST_ACCEPT_NONE,
			     .stop_signal = SIGINT,
			     .ready = ST_READY_FD,
			     .ready_fd = 5,
			     .out = ST_OUTPUT_NULL,
			     .nice = -5,
			     .has_nice = true,
			     .umask = 027,
			     .cwd = "/tmp",
			     .user = "nobody",
			     .group = "adm",
			     .rlimits = rlimits,
			     .nr_rlimits = 2 },
	};

	EXPECT_STREQ("{\"id\":\"a\",\"restart\":\"transient\",\"significant\":true,"
		     "\"shutdown\":\"brutal_kill\",\"type\":\"worker\",\"start_now\":false,"
		     "\"start_timeout\":700,\"min_uptime\":900,"
		     "\"backoff\":{\"min\":1,\"max\":2,\"jitter\":3},"
		     "\"start\":[\"/bin/x\",\"two words\"],"
		     "\"environment\":{\"A\":\"1\",\"B\":\"x=y\",\"C\":\"\"},"
		     "\"clear_environment\":true,\"no_new_privs\":true,\"kill_subtree\":true,"
		     "\"stop_signal\":\"INT\","
		     "\"ready\":\"fd=5\",\"accept\":\"same_user\",\"accept_links\":\"none\","
		     "\"output\":\"null\",\"nice\":-5,\"umask\":\"0027\","
		     "\"cwd\":\"/tmp\",\"user\":\"nobody\",\"group\":\"adm\","
		     "\"limits\":{\"nofile\":[64,128],\"core\":[0,\"infinity\"]}}",
		     child_json(&def));
}

TEST(a_log_a_probe_and_a_service_are_written) /* [C9] [X11] [X13] */
{
	static const char *const argv[] = { "/bin/x" }, *const files[] = { "/a", "-/b" };
	const struct st_log_spec log = { .to = ST_LOG_FILE,
					 .path = "/l",
					 .stderr_path = "/e",
					 .max_size = 4096,
					 .max_age_s = 60,
					 .keep = 3,
					 .timestamps = true };
	const struct st_probe_spec probe = { .type = ST_PROBE_COMMAND,
					     .argv = argv,
					     .nr_args = 1,
					     .interval_ms = 1,
					     .timeout_ms = 2,
					     .failures = 3,
					     .on_failure = ST_ON_FAILURE_KILL };
	const struct st_log_spec to_journal = { .to = ST_LOG_JOURNAL };
	struct st_child_def def = {
		.id = "a",
		.shutdown = { .type = ST_SHUTDOWN_INFINITY },
		.process = { .argv = argv,
			     .nr_args = 1,
			     .env_files = files,
			     .nr_env_files = 2,
			     .notify_access = ST_NOTIFY_ACCESS_MAIN,
			     .log = &log,
			     .probe = &probe,
			     .has_oom_score_adj = true,
			     .oom_score_adj = -7,
			     .service = ST_SERVICE_TRACER,
			     .umask = -1 },
	};

	EXPECT_STREQ("{\"id\":\"a\",\"restart\":\"permanent\",\"significant\":false,"
		     "\"shutdown\":\"infinity\",\"type\":\"worker\",\"start\":[\"/bin/x\"],"
		     "\"environment_file\":[\"/a\",\"-/b\"],\"notify_access\":\"main\","
		     "\"log\":{\"file\":\"/l\",\"stderr\":\"/e\",\"max_size\":4096,"
		     "\"max_age\":60,\"keep\":3,\"timestamps\":true},"
		     "\"probe\":{\"command\":[\"/bin/x\"],\"interval\":1,\"timeout\":2,"
		     "\"failures\":3,\"on_failure\":\"kill\"},"
		     "\"oom_score_adj\":-7,\"service\":\"tracer\"}",
		     child_json(&def));
	def.process = (struct st_process_spec){
		.argv = argv, .nr_args = 1, .log = &to_journal, .umask = -1
	};
	EXPECT_STREQ("{\"id\":\"a\",\"restart\":\"permanent\",\"significant\":false,"
		     "\"shutdown\":\"infinity\",\"type\":\"worker\",\"start\":[\"/bin/x\"],"
		     "\"log\":\"journal\"}",
		     child_json(&def));
}

TEST(a_service_and_the_supervisor_of_services_are_known) /* [X13] */
{
	struct st_child_spec *sup, *plain = st_child_spec_new(&(struct st_child_def){
					   .id = "a", .process = { .umask = -1 } });
	struct st_child_spec *service = st_child_spec_new(&(struct st_child_def){
		.id = "t", .process = { .umask = -1, .service = ST_SERVICE_TRACER } });
	struct st_child_spec *children[] = { plain, service };
	struct st_sup_flags flags;
	struct st_child_def def;

	st_sup_flags_init(&flags);
	st_child_def_init(&def);
	def.id = "s";
	def.type = ST_CHILD_TYPE_SUPERVISOR;
	def.sup = st_sup_spec_new(&flags, children, 2);
	ASSERT_NE(NULL, def.sup);
	sup = st_child_spec_new(&def);
	ASSERT_NE(NULL, sup);
	EXPECT_FALSE(st_service_is_in(plain));
	EXPECT_TRUE(st_service_is_in(service));
	EXPECT_TRUE(st_service_is_in(sup));
	EXPECT_STREQ("suptree-tracer", st_services[ST_SERVICE_TRACER].program);
	st_child_spec_put(sup);
	st_sup_spec_put(def.sup);
	st_child_spec_put(plain);
	st_child_spec_put(service);
}

TEST(what_is_default_is_not_written) /* [C9] */
{
	const struct st_child_def def = {
		.id = "a",
		.restart = ST_RESTART_TRANSIENT,
		.significant = true,
		.shutdown = { .type = ST_SHUTDOWN_INFINITY },
		.process = { .ready = ST_READY_NOTIFY, .umask = -1 },
	};

	EXPECT_STREQ("{\"id\":\"a\",\"restart\":\"transient\",\"significant\":true,"
		     "\"shutdown\":\"infinity\",\"type\":\"worker\",\"start\":[],"
		     "\"ready\":\"notify\"}",
		     child_json(&def));
}

TEST(a_supervisor_is_written_with_all_that_is_inside) /* [C9] */
{
	EXPECT_STREQ("{\"strategy\":\"one_for_all\",\"intensity\":3,\"period\":10,"
		     "\"auto_shutdown\":\"any_significant\",\"children\":["
		     "{\"id\":\"a\",\"restart\":\"permanent\",\"significant\":false,"
		     "\"shutdown\":5000,\"type\":\"worker\",\"start\":[\"true\"]},"
		     "{\"id\":\"s\",\"restart\":\"permanent\",\"significant\":false,"
		     "\"shutdown\":\"infinity\",\"type\":\"supervisor\",\"supervisor\":"
		     "{\"strategy\":\"dynamic\",\"intensity\":1,\"period\":5,"
		     "\"auto_shutdown\":\"never\",\"max_children\":4,\"children\":[]}},"
		     "{\"id\":\"b\",\"restart\":\"permanent\",\"significant\":false,"
		     "\"shutdown\":5000,\"type\":\"worker\",\"start\":[\"true\"]}]}",
		     sup_json("one_for_all 3/10 any_significant: a, s {dynamic max=4}, b"));
}

TEST(a_supervisor_that_does_not_start_is_written_so) /* [A3] [V1] */
{
	EXPECT_STREQ("{\"init\":\"ignore\",\"strategy\":\"one_for_one\",\"intensity\":1,"
		     "\"period\":5,\"auto_shutdown\":\"never\",\"children\":[]}",
		     sup_json("one_for_one init=ignore"));
	EXPECT_STREQ("{\"init\":{\"error\":{\"supervisor_data\":{\"invalid_intensity\":-1}}},"
		     "\"strategy\":\"one_for_one\",\"intensity\":1,\"period\":5,"
		     "\"auto_shutdown\":\"never\",\"children\":[]}",
		     sup_json("one_for_one init=error"));
}

TEST(words_and_enums_are_one_table)
{
	EXPECT_EQ(ST_STRATEGY_DYNAMIC,
		  st_text_index(st_strategy_text, ST_STRATEGY__MAX, "dynamic"));
	EXPECT_GT(0, st_text_index(st_strategy_text, ST_STRATEGY__MAX, "one_for_al"));
	for (int i = 0; i < ST_STRATEGY__MAX; i++)
		EXPECT_EQ(i,
			  st_text_index(st_strategy_text, ST_STRATEGY__MAX, st_strategy_text[i]));
	for (int i = 0; i < ST_SPEC__MAX; i++)
		EXPECT_NE(NULL, st_spec_error_text[i]);
}

TEST_HARNESS_MAIN
