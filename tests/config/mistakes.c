// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each kind of mistake and its message. Every file here has exactly one mistake;
 * messages.c tests the form of messages.
 */
#include <stdio.h>

#include "kselftest_harness.h"
#include "lib/asked.h"

struct mistake {
	const char *text; /* of a file, or of a child */
	const char *message;
};

/* A main file with one child, a worker, that @text is part of. */
static const char *message_of_child(const char *text)
{
	char file[256];

	snprintf(file, sizeof(file), "children:\n- id: a\n  start: [x]\n  %s\n", text);
	return only_message(file);
}

/* What is wrong with a supervisor's flags. [V1] */
static const struct mistake flags[] = {
	{ "strategy: 5", "strategy cannot be 5" },
	{ "strategy: parallel", "unknown strategy \"parallel\"" },
	{ "strategy: one_for_al", "unknown strategy \"one_for_al\"; did you mean one_for_all" },
	{ "intensity: many", "intensity cannot be \"many\"" },
	{ "intensity: -1", "intensity cannot be -1" },
	{ "intensity: 1.5", "intensity cannot be 1.5" },
	{ "intensity: 1000000001", "intensity cannot be 1000000001" },
	{ "intensity: 99999999999999999999", "intensity cannot be 99999999999999999999" },
	{ "intensity: true", "intensity cannot be true" },
	{ "period: 0", "period cannot be 0" },
	{ "period: 0 s", "period cannot be \"0 s\"" },
	{ "period: -5 s", "period cannot be \"-5 s\": it is negative" },
	{ "period: 300 ms", "period cannot be \"300 ms\": it is too fine" },
	{ "period: 1000000001", "period cannot be 1000000001: it is too large" },
	{ "period: 1000000001 s", "period cannot be \"1000000001 s\": it is too large" },
	{ "period: 99999999999 h", "period cannot be \"99999999999 h\": it is too large" },
	{ "period: 5 sec", "period cannot be \"5 sec\": it has an unknown unit" },
	{ "period: 1.5", "period cannot be 1.5: it has no unit" },
	{ "period: [5]", "period cannot be a list" },
	{ "auto_shutdown: any", "unknown auto_shutdown \"any\"" },
	{ "auto_shutdown: any_signifcant",
	  "unknown auto_shutdown \"any_signifcant\"; did you mean any_significant" },
};

TEST(a_wrong_flag_is_named)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(flags); i++)
		EXPECT_STREQ(flags[i].message, only_message(flags[i].text));
}

/* Keys where they do not belong, and words that others use. */
static const struct mistake places[] = {
	{ "max_children: 5", "max_children is a key of a supervisor, not of the main file" },
	{ "init: ignore", "init is a key of a supervisor, not of the main file" },
	{ "includes: []", "the main file has no key \"includes\"; did you mean include" },
	{ "Strategy: one_for_all", "the main file has no key \"Strategy\"; did you mean strategy" },
	{ "max_restarts: 3", "the main file has no key \"max_restarts\"; did you mean intensity" },
	{ "workers: []", "the main file has no key \"workers\"; did you mean children" },
	{ "<<: {}", "the main file has no key \"<<\"" },
	{ "children: [{id: a, start: [x], strategy: one_for_all}]",
	  "strategy is a key of a supervisor, not of a child" },
	{ "children: [{id: a, start: [x], min: 5 s}]", "min is a key of backoff, not of a child" },
	{ "children: [{id: a, start: [x], include: x}]",
	  "include is a key of the main file, not of a child" },
	{ "children: [{id: a, start: [x], timeout: 5 s}]",
	  "a child has no key \"timeout\"; did you mean shutdown" },
	{ "children: [{id: a, command: x, start: [x]}]",
	  "a child has no key \"command\"; did you mean start" },
	{ "children: [{id: a, start: [x], interval: 5 s}]",
	  "interval is a key of probe, not of a child" },
	{ "children: [{id: a, start: [x], env: {}}]",
	  "a child has no key \"env\"; did you mean environment" },
	{ "children: [{id: a, start: [x], backoff: {min: 1 s, maximum: 3 s}}]",
	  "backoff has no key \"maximum\"" },
	{ "children: [{id: s, supervisor: {include: x}}]",
	  "include is a key of the main file, not of a supervisor" },
	{ "children: [{id: s, supervisor: {}, ready: exec}]",
	  "ready is only for workers, and this child is a supervisor" },
	{ "children: [{id: s, supervisor: {}, cwd: /}]",
	  "cwd is only for workers, and this child is a supervisor" },
	{ "children: [{id: s, supervisor: {}, start_timeout: 5 s}]", /* [M2] */
	  "start_timeout is only for workers, and this child is a supervisor" },
};

TEST(a_key_that_does_not_belong_is_told_its_place)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(places); i++)
		EXPECT_STREQ(places[i].message, only_message(places[i].text));
}

/* The list of children. [V3] [V5] [X1] */
static const struct mistake children[] = {
	{ "- a", "the main file cannot be a list" },
	{ "strategy: simple_one_for_one", "the root supervisor cannot be simple_one_for_one" },
	{ "strategy: dynamic", "the root supervisor cannot be dynamic" },
	{ "children: x", "children cannot be \"x\"" },
	{ "children: {}", "children cannot be a map" },
	{ "children: [x]", "a child cannot be \"x\"" },
	{ "children: [[]]", "a child cannot be a list" },
	{ "children: [null]", "a child cannot be empty" },
	{ "children: [{id: s, supervisor: {strategy: simple_one_for_one}}]",
	  "a simple_one_for_one supervisor with 0 child specs" },
	{ "children: [{id: s, supervisor: {strategy: simple_one_for_one, children: [{id: a, "
	  "start: [x]}, {id: b, start: [x]}]}}]",
	  "a simple_one_for_one supervisor with 2 child specs" },
	{ "children: [{id: s, supervisor: {strategy: dynamic, children: [{id: a, start: [x]}]}}]",
	  "a dynamic supervisor with 1 child spec" },
	{ "children: [{id: s, supervisor: {strategy: dynamic, auto_shutdown: any_significant}}]",
	  "a dynamic supervisor cannot shut down by itself" },
	{ "children: [{id: s, supervisor: {strategy: dynamic, max_children: 100001}}]",
	  "max_children cannot be 100001" },
	{ "children: [{id: s, supervisor: {max_children: 1}}]",
	  "max_children is only for the strategy dynamic" },
	{ "children: [{id: s, supervisor: {partitions: 2}}]",
	  "a supervisor with partitions and 0 child specs" },
	{ "children: [{id: s, supervisor: {partitions: 2, children: [{id: a, start: [x]}, {id: b, "
	  "start: [x]}]}}]",
	  "a supervisor with partitions and 2 child specs" },
	{ "children: [{id: s, supervisor: {partitions: 2, strategy: simple_one_for_one, children: "
	  "[{id: a, start: [x]}]}}]",
	  "a supervisor with partitions cannot be simple_one_for_one" },
	{ "children: [{id: s, supervisor: {partitions: 2, auto_shutdown: any_significant, "
	  "children: [{id: a, start: [x]}]}}]",
	  "a supervisor with partitions cannot shut down by itself" },
	{ "children: [{id: s, supervisor: {partitions: 0, children: [{id: a, start: [x]}]}}]",
	  "partitions cannot be 0" },
	{ "children: [{id: s, supervisor: {partitions: 1025, children: [{id: a, start: [x]}]}}]",
	  "partitions cannot be 1025" },
	{ "children: [{id: s, supervisor: {partitions: cpu, children: [{id: a, start: [x]}]}}]",
	  "partitions cannot be \"cpu\"; did you mean cpus" },
	{ "partitions: 2", "partitions is a key of a supervisor, not of the main file" },
	{ "children: [{id: s, supervisor: {strategy: dynamik, max_children: 1}}]",
	  "unknown strategy \"dynamik\"; did you mean dynamic" },
};

TEST(a_wrong_list_of_children_is_told)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(children); i++)
		EXPECT_STREQ(children[i].message, only_message(children[i].text));
}

/* Who a child is and what it runs. [V2] */
static const struct mistake identity[] = {
	{ "children: [{start: [x]}]", "a child has no id" },
	{ "children: [{id: , start: [x]}]", "id cannot be empty" },
	{ "children: [{id: [], start: [x]}]", "id cannot be a list" },
	{ "children: [{id: 1.5, start: [x]}]", "id cannot be 1.5" },
	{ "children: [{id: a/b, start: [x]}]", "id cannot be \"a/b\"" },
	{ "children: [{id: .., start: [x]}]", "id cannot be \"..\"" },
	{ "children: [{id: \"\", start: [x]}]", "id cannot be \"\"" },
	{ "children: [{id: \"a\\tb\", start: [x]}]", "id cannot be \"a?b\"" },
	{ "children: [{id: a}]", "a child has neither start nor supervisor" },
	{ "children: [{id: a, start: }]", "start cannot be empty" },
	{ "children: [{id: a, start: []}]", "start cannot be a list: it has no word" },
	{ "children: [{id: a, start: \"\"}]", "start cannot be \"\": it has no word" },
	{ "children: [{id: a, start: \"  \"}]", "start cannot be \"  \": it has no word" },
	{ "children: [{id: a, start: 5}]", "start cannot be 5" },
	{ "children: [{id: a, start: {}}]", "start cannot be a map" },
	{ "children: [{id: a, start: [[]]}]", "a word of start cannot be a list" },
	{ "children: [{id: a, start: [x, null]}]", "a word of start cannot be empty" },
	{ "children: [{id: a, start: [\"\"]}]", "start cannot be a list: its first word is empty" },
	{ "children: [{id: a, start: \"'' b\"}]",
	  "start cannot be \"'' b\": its first word is empty" },
	{ "children: [{id: a, start: \"a 'b\"}]", "start cannot be \"a 'b\": a quote has no end" },
	{ "children: [{id: a, start: \"a \\\\\"}]",
	  "start cannot be \"a \\\": there is nothing after the last backslash" },
	{ "children: [{id: a, start: [x], supervisor: {}}]",
	  "a child has both start and supervisor" },
	{ "children: [{id: a, supervisor: 5}]", "supervisor cannot be 5" },
	{ "children: [{id: a, supervisor: }]", "supervisor cannot be empty" },
	{ "children: [{id: a, supervisor: {}, type: worker}]",
	  "the type worker does not fit a child with supervisor" },
	{ "children: [{id: a, supervisor: {init: maybe}}]", "init cannot be \"maybe\"" },
	{ "children: [{id: a, supervisor: {init: {error: x, more: y}}}]", "init cannot be a map" },
};

TEST(a_child_needs_an_id_and_a_start)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(identity); i++)
		EXPECT_STREQ(identity[i].message, only_message(identity[i].text));
}

/* The other words of a child spec. [V2] [V4] [X1] */
static const struct mistake words[] = {
	{ "type: supervisor", "the type supervisor does not fit a child with start" },
	{ "type: superviser", "unknown type \"superviser\"; did you mean supervisor" },
	{ "type: 1", "type cannot be 1" },
	{ "restart: tranzient", "unknown restart \"tranzient\"; did you mean transient" },
	{ "restart: true", "restart cannot be true; did you mean permanent" },
	{ "restart: ", "restart cannot be empty" },
	{ "significant: maybe", "significant cannot be \"maybe\"" },
	{ "significant: on", "significant cannot be \"on\"; did you mean true" },
	{ "significant: 1", "significant cannot be 1" },
	{ "significant: true", "a significant child needs a supervisor with auto_shutdown" },
	{ "shutdown: -1", "shutdown cannot be -1: it is negative" },
	{ "shutdown: soon", "shutdown cannot be \"soon\": it is not a number with a unit" },
	{ "shutdown: brutal_kil", "shutdown cannot be \"brutal_kil\"; did you mean brutal_kill" },
	{ "shutdown: 4294967295", "shutdown cannot be 4294967295: it is too large" },
	{ "shutdown: 1.5", "shutdown cannot be 1.5: it has no unit" },
	{ "shutdown: 0.5 ms", "shutdown cannot be \"0.5 ms\": it is too fine" },
	{ "shutdown: 50 days", "shutdown cannot be \"50 days\": it has an unknown unit" },
	{ "shutdown: 2000 h", "shutdown cannot be \"2000 h\": it is too large" },
	{ "shutdown: ", "shutdown cannot be empty" },
	{ "start_timeout: infinity",
	  "start_timeout cannot be \"infinity\": it is not a number with a unit" },
	{ "start_timeout: -1 s", "start_timeout cannot be \"-1 s\": it is negative" },
	{ "start_timeout: 4294967295 ms",
	  "start_timeout cannot be \"4294967295 ms\": it is too large" },
	{ "backoff: soon", "backoff cannot be \"soon\": it is not a number with a unit" },
	{ "backoff: []", "backoff cannot be a list" },
	{ "backoff: {}", "backoff has no min" },
	{ "backoff: {min: 0}", "min cannot be 0" },
	{ "backoff: {min: 1 s, max: 0}", "max cannot be 0" },
	{ "backoff: {min: 1 s, max: 500 ms}", "max cannot be \"500 ms\": it is below min" },
	{ "backoff: {min: 1 s, jitter: 101}", "jitter cannot be 101" },
	{ "backoff: {min: 1 s, jitter: -1}", "jitter cannot be -1" },
};

TEST(a_wrong_word_of_a_child_is_told)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(words); i++)
		EXPECT_STREQ(words[i].message, message_of_child(words[i].text));
}

/* How the process is started. */
static const struct mistake process[] = {
	{ "ready: now", "ready cannot be \"now\"" },
	{ "ready: notfy", "ready cannot be \"notfy\"; did you mean notify" },
	{ "ready: fd=2", "ready cannot be \"fd=2\"" },
	{ "ready: fd=1024", "ready cannot be \"fd=1024\"" },
	{ "ready: fd=99999999999", "ready cannot be \"fd=99999999999\"" },
	{ "ready: fd=", "ready cannot be \"fd=\"" },
	{ "ready: fd=3x", "ready cannot be \"fd=3x\"" },
	{ "ready: 3", "ready cannot be 3" },
	{ "environment: [A=1]", "environment cannot be a list" },
	{ "environment: {A: [1]}", "the variable \"A\" cannot be a list" },
	{ "environment: {A: }", "the variable \"A\" cannot be empty" },
	{ "environment: {\"A=B\": 1}", "a variable cannot be named \"A=B\"" },
	{ "environment: {\"\": 1}", "a variable cannot be named \"\"" },
	{ "clear_environment: 1", "clear_environment cannot be 1" },
	{ "cwd: srv", "cwd cannot be \"srv\"" },
	{ "cwd: 5", "cwd cannot be 5" },
	{ "user: \"\"", "user cannot be \"\"" },
	{ "user: -1", "user cannot be -1" },
	{ "user: \"a b\"", "user cannot be \"a b\"" },
	{ "user: [root]", "user cannot be a list" },
	{ "group: a:b", "group cannot be \"a:b\"" },
	{ "umask: 22", "umask cannot be 22" },
	{ "umask: \"0888\"", "umask cannot be \"0888\"" },
	{ "umask: 01000", "umask cannot be 01000" },
	{ "umask: rwx", "umask cannot be \"rwx\"" },
	{ "umask: true", "umask cannot be true" },
	{ "nice: 20", "nice cannot be 20" },
	{ "nice: -21", "nice cannot be -21" },
	{ "nice: high", "nice cannot be \"high\"" },
	{ "oom_score_adj: 1001", "oom_score_adj cannot be 1001" },
	{ "oom_score_adj: -1001", "oom_score_adj cannot be -1001" },
	{ "oom_score_adj: never", "oom_score_adj cannot be \"never\"" },
	{ "notify_access: all", "unknown notify_access \"all\"" },
	{ "notify_access: mainn", "unknown notify_access \"mainn\"; did you mean main" },
	{ "output: file", "unknown output \"file\"" },
	{ "output: rings", "unknown output \"rings\"; did you mean ring" },
	{ "log: {stderr: /x}", "log has neither file nor folder" },
	{ "log: {file: /x, stderr: y}", "stderr cannot be \"y\"" },
	{ "environment_file: a", "environment_file cannot be \"a\"" },
	{ "environment_file: [/a, [b]]", "environment_file cannot be a list" },
	{ "environment_file: {}", "environment_file cannot be a map" },
	{ "probe: 5", "probe cannot be 5" },
	{ "probe: {}", "probe has neither command, tcp nor http" },
	{ "probe: {tcp: 80, command: [x]}", "probe has more than one kind" },
	{ "probe: {tcp: 0}", "tcp cannot be 0" },
	{ "probe: {tcp: example.com:80}", "tcp cannot be \"example.com:80\"" },
	{ "probe: {tcp: \"unix:x\"}", "tcp cannot be \"unix:x\"" },
	{ "probe: {http: 127.0.0.1}", "http cannot be \"127.0.0.1\"" },
	{ "probe: {http: \"http://localhost/a b\"}", "http cannot be \"http://localhost/a b\"" },
	{ "probe: {command: []}", "command cannot be a list: it has no word" },
	{ "probe: {command: [[x]]}", "a word of command cannot be a list" },
	{ "probe: {tcp: 80, interval: 0}", "interval cannot be 0" },
	{ "probe: {tcp: 80, timeout: -1}", "timeout cannot be -1: it is negative" },
	{ "probe: {tcp: 80, failures: -1}", "failures cannot be -1" },
	{ "probe: {tcp: 80, on_failure: stop}", "unknown on_failure \"stop\"" },
	{ "probe: {tcp: 80, intervall: 1}",
	  "probe has no key \"intervall\"; did you mean interval" },
	{ "probe: {tcp: 80}\n  ready: exit",
	  "probe needs a child that stays up, and this one has ready: exit" },
	{ "ready: probe", "ready cannot be \"probe\": the child has no probe" },
	{ "stop_signal: KILL", "stop_signal cannot be \"KILL\": no process can handle it" },
	{ "stop_signal: SIGSTOP", "stop_signal cannot be \"SIGSTOP\": no process can handle it" },
	{ "stop_signal: 15", "stop_signal cannot be 15" },
	{ "stop_signal: quit", "stop_signal cannot be \"quit\"" },
	{ "start_now: no", "start_now cannot be \"no\"; did you mean false" },
	{ "min_uptime: -1", "min_uptime cannot be -1: it is negative" },
	{ "min_uptime: 1 s\n  ready: exit",
	  "min_uptime needs a child that stays up, and this one has ready: exit" },
	{ "ready: exti", "ready cannot be \"exti\"; did you mean exit" },
	{ "kill_subtree: yes", "kill_subtree cannot be \"yes\"; did you mean true" },
	{ "kill_subtree: No", "kill_subtree cannot be \"No\"; did you mean false" },
	{ "accept: sameuser", "unknown accept \"sameuser\"; did you mean same_user" },
	{ "accept_links: yes", "unknown accept_links \"yes\"" },
	{ "no_new_privs: tru", "no_new_privs cannot be \"tru\"; did you mean true" },
	{ "no_new_privs: nope", "no_new_privs cannot be \"nope\"" },
};

TEST(a_wrong_word_about_the_process_is_told)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(process); i++)
		EXPECT_STREQ(process[i].message, message_of_child(process[i].text));
}

static const struct mistake traces[] = {
	{ "trace: operator", "trace cannot be \"operator\"" },
	{ "trace: [x]", "trace cannot be a list" },
	{ "trace: {payload: viewer}", "unknown payload \"viewer\"" },
	{ "trace: {payload: operater}", "unknown payload \"operater\"; did you mean operator" },
	{ "trace: {role: admin}", "trace has no key \"role\"" },
};

TEST(a_wrong_word_about_traces_is_told)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(traces); i++)
		EXPECT_STREQ(traces[i].message, only_message(traces[i].text));
}

/* Logs. */
static const struct mistake logs[] = {
	{ "log: 5", "log cannot be 5" },
	{ "log: jornal", "log cannot be \"jornal\"; did you mean journal" },
	{ "log: non", "log cannot be \"non\"; did you mean none" },
	{ "log: /var/log/x", "log cannot be \"/var/log/x\"" },
	{ "log: {max_size: 4096}", "log has neither file nor folder" },
	{ "log: {file: /f, folder: /g}", "log has both file and folder" },
	{ "log: {flle: /f}", "log has no key \"flle\"; did you mean file" },
	{ "log: {path: /f, folder: /g}", "log has no key \"path\"; did you mean file" },
	{ "log: {file: x.log}", "file cannot be \"x.log\"" },
	{ "log: {file: /var/log/}", "file cannot be \"/var/log/\"" },
	{ "log: {folder: [/x]}", "folder cannot be a list" },
	{ "log: {file: /f, max_size: 4095}", "max_size cannot be 4095: it is too small" },
	{ "log: {file: /f, max_size: 10 Mib}",
	  "max_size cannot be \"10 Mib\": it has an unknown unit" },
	{ "log: {file: /f, max_size: -1}", "max_size cannot be -1: it is negative" },
	{ "log: {file: /f, max_size: 9000000 TiB}",
	  "max_size cannot be \"9000000 TiB\": it is too large" },
	{ "log: {file: /f, max_size: big}", "max_size cannot be \"big\"" },
	{ "log: {file: /f, max_age: 0}", "max_age cannot be 0" },
	{ "log: {file: /f, max_age: 1 day}",
	  "max_age cannot be \"1 day\": it has an unknown unit" },
	{ "log: {file: /f, max_age: 10 ms}", "max_age cannot be \"10 ms\": it is too fine" },
	{ "log: {file: /f, keep: -1}", "keep cannot be -1" },
	{ "log: {file: /f, keep: 101}", "keep cannot be 101" },
	{ "log: {file: /f, timestamps: yes}", "timestamps cannot be \"yes\"; did you mean true" },
	{ "output: inherit\n  log: journal",
	  "log needs the output ring, and the output is inherit" },
	{ "file: /f", "file is a key of log, not of a child" },
};

TEST(a_wrong_word_about_logs_is_told)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(logs); i++)
		EXPECT_STREQ(logs[i].message, message_of_child(logs[i].text));
}

/* Resource limits. */
static const struct mistake limits[] = {
	{ "limits: 5", "limits cannot be 5" },
	{ "limits: {nofiles: 1}", "unknown limit \"nofiles\"; did you mean nofile" },
	{ "limits: {nofile: many}", "the limit nofile cannot be \"many\"" },
	{ "limits: {nofile: -1}", "the limit nofile cannot be -1: it is negative" },
	{ "limits: {nofile: [1]}",
	  "the limit nofile cannot be a list: it needs two values: [SOFT, HARD]" },
	{ "limits: {nofile: [1, 2, 3]}",
	  "the limit nofile cannot be a list: it needs two values: [SOFT, HARD]" },
	{ "limits: {nofile: [2, 1]}", "the soft limit of nofile is above the hard one" },
	{ "limits: {nofile: [infinity, 5]}", "the soft limit of nofile is above the hard one" },
	{ "limits: {nofile: 1 MiB}", "the limit nofile cannot be \"1 MiB\"" },
	{ "limits: {as: 1 MeB}", "the limit as cannot be \"1 MeB\": it has an unknown unit" },
	{ "limits: {as: 0.5}", "the limit as cannot be 0.5: it is too fine" },
	{ "limits: {as: 8388608 TiB}", "the limit as cannot be \"8388608 TiB\": it is too large" },
	{ "limits: {cpu: 1500 ms}", "the limit cpu cannot be \"1500 ms\": it is too fine" },
	{ "limits: {cpu: 1 GiB}", "the limit cpu cannot be \"1 GiB\": it has an unknown unit" },
	{ "limits: {core: }", "the limit core cannot be empty" },
	{ "limits: {core: {}}", "the limit core cannot be a map" },
};

TEST(a_wrong_limit_is_told)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(limits); i++)
		EXPECT_STREQ(limits[i].message, message_of_child(limits[i].text));
}

TEST(a_significant_child_cannot_be_permanent_whatever_its_supervisor_does) /* [V4] */
{
	EXPECT_STREQ("a significant child must not be permanent",
		     only_message("auto_shutdown: any_significant\n"
				  "children: [{id: a, start: [x], significant: true}]\n"));
}

TEST(a_dynamic_supervisor_refuses_a_shutdown_of_nothing) /* [X1] */
{
	struct st_sup_flags of;

	st_sup_flags_init(&of);
	of.strategy = ST_STRATEGY_DYNAMIC;
	EXPECT_STREQ("spec: /shutdown: error: shutdown cannot be 0: its supervisor is dynamic\n"
		     "    expected brutal_kill, infinity, or a time up to 4294967294 ms: "
		     "milliseconds, or a number with ms, s, min or h\n",
		     ask_child_spec("{\"id\":\"a\",\"start\":[\"x\"],\"shutdown\":0}",
				    ST_BIND_STRICT, &of));
}

TEST_HARNESS_MAIN
