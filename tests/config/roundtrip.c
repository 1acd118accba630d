// SPDX-License-Identifier: GPL-2.0-only
/*
 * What core writes as JSON is read back as the same specification: a state
 * file of the daemon depends on it.
 */
#include <string.h>

#include "core/limits.h"
#include "kselftest_harness.h"
#include "lib/asked.h"

static const char *const files[] = {
	"",
	"strategy: rest_for_one\nintensity: 0\nperiod: 1000000000\nauto_shutdown: "
	"any_significant\n",
	"children: [{id: a, start: [x, \"\", \"two words\", \"\\\"\\\\\\n\\x1b\\u20ac\"]}]\n",
	"children: [{id: a, start: [x], restart: transient, type: worker, shutdown: "
	"brutal_kill}]\n",
	"children: [{id: a, start: [x], restart: temporary, shutdown: infinity}]\n",
	"children: [{id: a, start: [x], shutdown: 0, start_timeout: 4294967294, backoff: 1 s}]\n",
	"children: [{id: a, start: [x], backoff: {min: 1, max: 4294967294, jitter: 100}}]\n",
	"children: [{id: a, start: [x], ready: notify, output: \"null\", umask: \"0777\", "
	"nice: 0}]\n",
	"children: [{id: a, start: [x], ready: notify, notify_access: main},\n"
	"           {id: b, start: [x], ready: notify, notify_access: descendants}]\n",
	"children: [{id: a, start: [x], ready: fd=1023, output: inherit, umask: 0, nice: -20}]\n",
	"children: [{id: a, start: [x], oom_score_adj: 0}, {id: b, start: [x], oom_score_adj: "
	"1000}]\n",
	"children: [{id: a, start: [x], environment: {A: \"b=c\", \"\\u00e9 x\": \"\", Z: "
	"\"\\n\"}}]\n",
	"children: [{id: a, start: [x], clear_environment: true, no_new_privs: true,\n"
	"            kill_subtree: true, accept: tree, accept_links: anyone, cwd: /,\n"
	"            user: 0, group: \"$x\"}]\n",
	"children: [{id: a, start: [x], stop_signal: QUIT, min_uptime: 1 s, start_now: false},\n"
	"           {id: b, start: [x], stop_signal: SIGRTMIN+3, ready: exit},\n"
	"           {id: c, supervisor: {}, start_now: false}]\n",
	"children: [{id: a, start: [x], environment_file: [/a, -/b c], environment: {A: b}}]\n",
	"children: [{id: a, start: [x], environment_file: /a}]\n",
	"children: [{id: a, supervisor: {partitions: 3, strategy: one_for_all,\n"
	"            children: [{id: t, start: [x]}]}},\n"
	"           {id: b, supervisor: {partitions: 2, children: [{id: s, supervisor:\n"
	"            {partitions: 1, children: [{id: x, start: [x]}]}}]}}]\n",
	"children: [{id: a, start: [x], ready: probe, probe: {command: [y, \"z z\"]}},\n"
	"           {id: b, start: [x], probe: {tcp: \"[::1]:80\", interval: 1, timeout: 2,\n"
	"            failures: 0, on_failure: shutdown}},\n"
	"           {id: c, start: [x], probe: {http: \"http://localhost/x\"}}]\n",
	"children: [{id: a, start: [x], limits: {as: [0, infinity], core: 9223372036854775807,\n"
	"            cpu: 1, data: 2, fsize: 3, locks: 4, memlock: 5, msgqueue: 6, nice: 7,\n"
	"            nofile: 8, nproc: 9, rss: 10, rtprio: 11, rttime: 12, sigpending: 13,\n"
	"            stack: infinity}}]\n",
	"log: journal\nchildren: [{id: a, start: [x], log: none}, {id: b, supervisor: {log:\n"
	"         {folder: /var/log/x, max_size: 4096, max_age: 1000000000, keep: 0,\n"
	"          timestamps: true}, strategy: dynamic}},\n"
	"           {id: c, start: [x], log: {file: \"/a b/\\n\", stderr: /e}}]\n",
	"log: {folder: /f, stderr: /g}\n",
	"trace: {payload: admin}\nchildren: [{id: a, supervisor: {trace: {payload: operator}}}]\n",
	"auto_shutdown: all_significant\n"
	"children: [{id: a, start: [x], restart: temporary, significant: true}]\n",
	"children: [{id: a, supervisor: {strategy: simple_one_for_one, intensity: 4,\n"
	"            children: [{id: t, supervisor: {children: [{id: x, start: [x]}]}}]}},\n"
	"           {id: b, supervisor: {strategy: dynamic, max_children: 7}},\n"
	"           {id: c, supervisor: {init: ignore}},\n"
	"           {id: d, supervisor: {init: {error: {a: [1, -2.5, \"x\\n\", null, true]}}}}]\n",
};

static void check_again(struct __test_metadata *_metadata, const char *json, enum st_bind_mode mode)
{
	char *first = strdup(json);

	ASSERT_NE(NULL, first);
	ASSERT_EQ('{', *first) TH_LOG("%s", first);
	EXPECT_STREQ(first, ask_sup(first, mode));
	free(first);
}

TEST(what_is_written_is_read_as_the_same)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(files); i++) {
		check_again(_metadata, ask_file(files[i]), ST_BIND_STRICT);
		check_again(_metadata, ask_file(files[i]), ST_BIND_ROOT);
		check_again(_metadata, ask_file(files[i]), ST_BIND_OTP);
	}
}

/* A child "s" that is @nr supervisors inside each other, in the root. */
static const char *ask_depth(unsigned int nr)
{
	struct st_buf yaml = ST_BUF_INIT;
	const char *answer;

	st_buf_add_text(&yaml, "children: [");
	for (unsigned int i = 0; i < nr; i++)
		st_buf_add_text(&yaml, "{id: s, supervisor: {children: [");
	for (unsigned int i = 0; i < nr; i++)
		st_buf_add_text(&yaml, "]}}");
	st_buf_add_text(&yaml, "]");
	answer = ask_file(st_buf_text(&yaml));
	st_buf_done(&yaml);
	return answer;
}

TEST(supervisors_nest_up_to_the_limit_and_no_deeper)
{
	check_again(_metadata, ask_depth(ST_MAX_DEPTH - 1), ST_BIND_STRICT);
	EXPECT_NE(NULL, strstr(ask_depth(ST_MAX_DEPTH),
			       "error: supervisors are nested more than 32 deep\n"));
}

/* A root with @nr workers below two supervisors. */
static const char *ask_workers(unsigned int nr)
{
	struct st_buf yaml = ST_BUF_INIT;
	const char *answer;

	st_buf_add_text(&yaml, "children:\n- id: a\n  supervisor: {children: [");
	for (unsigned int i = 0; i < nr; i++) {
		if (i == nr / 2)
			st_buf_add_text(&yaml, "]}\n- id: b\n  supervisor: {children: [");
		st_buf_add_text(&yaml, "{id: ");
		st_buf_add_u64(&yaml, i);
		st_buf_add_text(&yaml, ", start: [x]},\n   ");
	}
	st_buf_add_text(&yaml, "]}\n");
	answer = ask_file(st_buf_text(&yaml));
	st_buf_done(&yaml);
	return answer;
}

TEST(a_configuration_has_children_up_to_the_limit)
{
	check_again(_metadata, ask_workers(ST_MAX_NODES - 2), ST_BIND_STRICT);
}

TEST(a_configuration_has_no_more_children_than_the_limit)
{
	EXPECT_NE(NULL, strstr(ask_workers(ST_MAX_NODES - 1),
			       "error: more than 100000 children in total\n"));
}

/* A worker with an id of @len bytes and @nr variables. */
static const char *ask_large(unsigned int len, unsigned int nr)
{
	struct st_buf yaml = ST_BUF_INIT;
	const char *answer;

	st_buf_add_text(&yaml, "children:\n- id: ");
	while (len--)
		st_buf_add_char(&yaml, 'i');
	st_buf_add_text(&yaml, "\n  start: [x]\n  environment:\n");
	for (unsigned int i = 0; i < nr; i++) {
		st_buf_add_text(&yaml, "    V");
		st_buf_add_u64(&yaml, i);
		st_buf_add_text(&yaml, ": x\n");
	}
	answer = ask_file(st_buf_text(&yaml));
	st_buf_done(&yaml);
	return answer;
}

TEST(ids_and_environments_have_their_limits)
{
	check_again(_metadata, ask_large(ST_MAX_ID_LEN, ST_MAX_ENV), ST_BIND_STRICT);
	EXPECT_NE(NULL, strstr(ask_large(ST_MAX_ID_LEN + 1, 1), "error: id cannot be \"iii"));
	EXPECT_NE(NULL, strstr(ask_large(1, ST_MAX_ENV + 1),
			       "error: environment cannot be a map: it has too many names\n"));
}

TEST(a_path_of_the_working_folder_has_its_limit)
{
	char yaml[ST_MAX_PATH_LEN + 100], path[ST_MAX_PATH_LEN + 2];

	memset(path, 'p', sizeof(path));
	path[0] = '/';
	for (unsigned int len = ST_MAX_PATH_LEN; len <= ST_MAX_PATH_LEN + 1; len++) {
		const char *answer;

		snprintf(yaml, sizeof(yaml), "children: [{id: a, start: [x], cwd: %.*s}]\n",
			 (int)len, path);
		answer = ask_file(yaml);
		EXPECT_EQ(len == ST_MAX_PATH_LEN, *answer == '{');
	}
}

TEST_HARNESS_MAIN
