/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All verbs: those of the operations table, and the verbs of the CLI alone.
 *
 * Parsing, help and completion treat both kinds alike. They also treat the operations
 * that processes offer (offered.h) like these.
 */
#ifndef ST_CLI_VERBS_H
#define ST_CLI_VERBS_H

#include <stdbool.h>

#include "base/compiler.h"
#include "proto/ops.h"

struct st_offered;

/* X(member, verb, summary, example), with parameters as in proto/ops.h */
#define ST_LOCAL_VERB_LIST(X) \
	X(CALL, "call", "send a message to a process and show its answer", \
	  "suptree call counter_1 get_value") \
	X(CAST, "cast", "send a message to a process without waiting for an answer", \
	  "suptree cast counter_1 add 5") \
	X(STATE, "state", "show a server's state, or replace it", "suptree state counter_1") \
	X(TRACE_FOLLOW, "trace-follow", "show the messages of a process as they happen", \
	  "suptree trace-follow counter_1") \
	X(TRACE_SEQUENCE, "trace-sequence", "draw the messages of a trace as a sequence diagram", \
	  "suptree trace-sequence 1 --format mermaid") \
	X(TRACE_EXPORT, "trace-export", \
	  "write a trace for other programs, or for ui.perfetto.dev", \
	  "suptree trace-export 1 --format perfetto >trace.json") \
	X(AUDIT, "audit", "compare what the daemon, the kernel module and /proc know", \
	  "suptree audit") \
	X(CHECK, "check", "check a configuration file, or show its keys, without a daemon", \
	  "suptree check /etc/suptree/suptree.yaml") \
	X(HELP, "help", "show help for a verb, or list all verbs", "suptree help start-child") \
	X(COMPLETION, "completion", "write a completion script for a shell", \
	  "suptree completion bash >/etc/bash_completion.d/suptree")

#define ST_LOCAL_PARAMS_CALL(P) \
	P("name", PATH, REQUIRED, ARG, 0, NULL, "a registered name, a path, or the end of one") \
	P("words", ARGS, OPTIONAL, WORDS, 0, NULL, \
	  "the message; its meaning depends on the process")
#define ST_LOCAL_PARAMS_CAST(P) ST_LOCAL_PARAMS_CALL(P)
#define ST_LOCAL_PARAMS_STATE(P) \
	P("name", PATH, REQUIRED, ARG, 0, NULL, "a registered name, a path, or the end of one") \
	P("replace", STATE, OPTIONAL, OPTION, 'r', NULL, "the new state") \
	P("about", FLAG, OPTIONAL, OPTION, 'a', "false", \
	  "show facts about the server instead of its state, as JSON")
#define ST_LOCAL_PARAMS_TRACE_FOLLOW(P) \
	P("name", PATH, ONE_OF, ARG, 0, NULL, \
	  "a child or supervisor to trace until this command ends; or the number of a trace") \
	P("pid", PID, ONE_OF, OPTION, 'p', NULL, "any process, and the processes that it forks") \
	P("kinds", WORD, OPTIONAL, OPTION, 'k', "signal,process,unix", "kinds of messages") \
	P("payload", INTEGER, OPTIONAL, OPTION, 0, "256", \
	  "how many bytes of each message to keep") \
	P("pattern", PATTERN, OPTIONAL, OPTION, 0, "all", \
	  "only messages that match this; it sees only the bytes that --payload keeps") \
	P("count", SEQ, OPTIONAL, OPTION, 'c', NULL, "end after this number of messages") \
	P("since", SEQ, OPTIONAL, OPTION, 's', "now", \
	  "for an existing trace: begin after this message") \
	P("system", FLAG, OPTIONAL, OPTION, 'S', "false", "include messages from and to the daemon")
#define ST_LOCAL_PARAMS_TRACE_SEQUENCE(P) \
	P("id", SEQ, REQUIRED, ARG, 0, NULL, "the trace's number") \
	P("format", WORD, OPTIONAL, OPTION, 'F', "text", "the output format: text or mermaid") \
	P("limit", LINES, OPTIONAL, OPTION, 'n', "100", \
	  "the largest number of messages; the last ones")
#define ST_LOCAL_PARAMS_TRACE_EXPORT(P) \
	P("id", SEQ, REQUIRED, ARG, 0, NULL, "the trace's number") \
	P("format", WORD, OPTIONAL, OPTION, 'F', "json", \
	  "the output format: json, csv, perfetto or mermaid") \
	P("limit", LINES, OPTIONAL, OPTION, 'n', "all", \
	  "the largest number of messages; the last ones")
#define ST_LOCAL_PARAMS_AUDIT(P) \
	P("module", FILE, OPTIONAL, OPTION, 'm', "/proc/suptree/tree", \
	  "the module's file, or one that was kept")
#define ST_LOCAL_PARAMS_CHECK(P) \
	P("file", FILE, ONE_OF, ARG, 0, NULL, "the configuration") \
	P("keys", FLAG, ONE_OF, OPTION, 'k', "false", \
	  "show every key of a configuration with its type and default")
#define ST_LOCAL_PARAMS_HELP(P) \
	P("verb", WORD, OPTIONAL, ARG, 0, NULL, "the verb; without it all verbs are listed")
#define ST_LOCAL_PARAMS_COMPLETION(P) \
	P("shell", NAME, REQUIRED, ARG, 0, NULL, \
	  "bash, zsh or fish; or words, to list the possible completions of a command line") \
	P("words", ARGS, OPTIONAL, REST, 0, NULL, "that command line, up to the cursor")

/*
 * X(name, verb, option of the verb or NULL): other names for verbs. They are the names
 * of functions in an Elixir console, which some users know.
 */
#define ST_ALIAS_LIST(X) \
	X("list_supervisors", "ps", "type=supervisor") \
	X("list_all_processes", "ps", NULL) \
	X("get_supervision_tree", "tree", NULL) \
	X("get_process_info", "info", NULL) \
	X("get_process_state", "state", NULL) \
	X("kill_process", "kill", NULL) \
	X("send_message", "cast", NULL)

#define ST_VERB_MEMBER(member, ...) ST_VERB_##member,
enum st_local_verb {
	ST_LOCAL_VERB_LIST(ST_VERB_MEMBER) ST_VERB__MAX
};
#undef ST_VERB_MEMBER

struct st_verb {
	const char *name;
	const char *summary;
	const char *example;
	const struct st_param *params; /* the last one has no name */
	const struct st_operation_row *operation; /* NULL: local */
	enum st_local_verb local;
	struct st_offered *offered; /* owned: a process offers it; NULL: a table has it */
};

/* The number of verbs; the operations come first. */
#define ST_NR_VERBS (ST_OPERATION__MAX + ST_VERB__MAX)

/**
 * st_verb_get() - get a verb by its index
 * @index: less than ST_NR_VERBS
 *
 * Return: the verb, by value; its texts are static.
 */
struct st_verb st_verb_get(unsigned int index);

/**
 * st_verb_find() - find a verb by its name
 * @name: as typed; an alias is possible
 * @ret_verb: the verb
 *
 * Return: 0 or -ENOENT.
 */
int st_verb_find(const char *name, struct st_verb *ret_verb) __must_check;

void st_verb_done(struct st_verb *verb);

/**
 * st_verb_nearest() - find the verb that is most similar to a mistyped one
 * @name: as typed
 *
 * Return: static text, or NULL if no verb is similar.
 */
const char *st_verb_nearest(const char *name);

struct st_alias {
	const char *name;
	const char *verb;
	const char *option; /* given with it, for example "type=supervisor"; or NULL */
};

extern const struct st_alias st_aliases[];
extern const size_t st_nr_aliases;

/**
 * st_alias_find() - find an alias by its name
 * @name: as typed; with dashes or underscores
 *
 * Return: static, or NULL.
 */
const struct st_alias *st_alias_find(const char *name);

#define ST_OPTION_SIZE 64

/**
 * st_param_option() - get the long option of a parameter
 * @param: placed as an option
 * @ret_option: for example "dry-run"; "timeout" for timeout_ms
 */
void st_param_option(const struct st_param *param, char ret_option[ST_OPTION_SIZE]);

#endif
