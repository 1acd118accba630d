/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All verbs: those of the operations table, and the verbs of the CLI alone.
 *
 * Parsing, help and completion treat both kinds alike. They also treat the operations
 * that processes offer (offered.h) like these.
 */
#ifndef ST_CLI_COMMAND_VERBS_H
#define ST_CLI_COMMAND_VERBS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "proto/ops.h"

struct st_offered;

/* X(member, verb, GROUP, summary, example), with parameters as in proto/ops.h */
#define ST_LOCAL_VERB_LIST(X) \
	X(CALL, "call", TALK, "send a message to a process and show its answer", \
	  "suptree call counter_1 get_value") \
	X(CAST, "cast", TALK, "send a message to a process without waiting for an answer", \
	  "suptree cast counter_1 add 5") \
	X(STATE, "state", TALK, "show a server's state, or replace it", "suptree state counter_1") \
	X(TRACE_FOLLOW, "trace-follow", TRACE, "show the messages of a process as they happen", \
	  "suptree trace-follow counter_1") \
	X(TRACE_SEQUENCE, "trace-sequence", TRACE, "draw a trace as a sequence diagram", \
	  "suptree trace-sequence 1 --format mermaid") \
	X(TRACE_EXPORT, "trace-export", TRACE, \
	  "write a trace for other programs, such as ui.perfetto.dev", \
	  "suptree trace-export 1 --format perfetto >trace.json") \
	X(AUDIT, "audit", DAEMON, "compare what the daemon, the kernel module and /proc know", \
	  "suptree audit") \
	X(CHECK, "check", CONFIGURE, \
	  "check a configuration file, or show its keys, without a daemon", \
	  "suptree check /etc/suptree/suptree.yaml") \
	X(IMPORT, "import", CONFIGURE, \
	  "print a configuration made of a file of another system, without a daemon", \
	  "suptree import supervisord /etc/supervisord.conf >trees.yaml") \
	X(DEMO, "demo", PROGRAM, "show what to try in the demo that `make run` starts", \
	  "suptree demo help") \
	X(HELP, "help", PROGRAM, "explain a verb and its parameters", "suptree help start-child") \
	X(COMPLETION, "completion", PROGRAM, "write a completion script for a shell", \
	  "suptree completion bash >/etc/bash_completion.d/suptree")

#define ST_LOCAL_PARAMS_CALL(P) \
	P("path", CHILD, REQUIRED, ARG, 0, NONE, "the process", ST_ALIAS("name")) \
	P("words", ARGS, OPTIONAL, WORDS, 0, NONE, "the message; the process decides what it means")
#define ST_LOCAL_PARAMS_CAST(P) ST_LOCAL_PARAMS_CALL(P)
#define ST_LOCAL_PARAMS_STATE(P) \
	P("path", CHILD, REQUIRED, ARG, 0, NONE, "the process", ST_ALIAS("name")) \
	P("replace", STATE, OPTIONAL, OPTION, 'r', NONE, "the new state") \
	P("about", FLAG, OPTIONAL, OPTION, 'a', FALSE, \
	  "show facts about the server instead of its state, as JSON")
#define ST_LOCAL_PARAMS_TRACE_FOLLOW(P) \
	P("path", CHILD, ONE_OF, ARG, 0, NONE, \
	  "the child or supervisor to trace until you stop; or the number of a trace", \
	  ST_ALIAS("name")) \
	P("pid", PID, ONE_OF, OPTION, 'p', NONE, "trace any process and those that it starts") \
	P("kinds", WORDS, OPTIONAL, OPTION, 'k', TEXT("signal,process,unix"), \
	  "which kinds of messages", ST_ONLY_KINDS) \
	P("payload", COUNT, OPTIONAL, OPTION, 0, NUMBER(256), \
	  "how many bytes of each message to keep", ST_BETWEEN(0, 4096)) \
	P("pattern", PATTERN, OPTIONAL, OPTION, 0, MEANS("all"), \
	  "show only messages whose kept bytes match") \
	P("count", COUNT, OPTIONAL, OPTION, 'c', NONE, "end after this number of messages") \
	P("since", COUNT, OPTIONAL, OPTION, 's', MEANS("now"), \
	  "of a trace that exists: begin after the message with this number") \
	P("include_system", FLAG, OPTIONAL, OPTION, 'S', FALSE, \
	  "include messages to and from the daemon and the tracer", ST_ALIAS("system"))
#define ST_LOCAL_PARAMS_TRACE_SEQUENCE(P) \
	P("id", TRACE_ID, REQUIRED, ARG, 0, NONE, "the trace") \
	P("format", WORD, OPTIONAL, OPTION, 'F', TEXT("text"), "the format of the diagram", \
	  ST_ONLY("text", "mermaid")) \
	P("limit", COUNT, OPTIONAL, OPTION, 'n', NUMBER(100), \
	  "draw at most this number of messages, the newest", ST_BETWEEN(0, ST_MAX_LINES))
#define ST_LOCAL_PARAMS_TRACE_EXPORT(P) \
	P("id", TRACE_ID, REQUIRED, ARG, 0, NONE, "the trace") \
	P("format", WORD, OPTIONAL, OPTION, 'F', TEXT("json"), "the format", \
	  ST_ONLY("json", "csv", "perfetto", "mermaid")) \
	P("limit", COUNT, OPTIONAL, OPTION, 'n', MEANS("all"), \
	  "write at most this number of messages, the newest", ST_BETWEEN(0, ST_MAX_LINES))
#define ST_LOCAL_PARAMS_AUDIT(P) \
	P("module", FILE, OPTIONAL, OPTION, 'm', TEXT("/proc/suptree/tree"), \
	  "the file of the kernel module, or a copy of it")
#define ST_LOCAL_PARAMS_CHECK(P) \
	P("file", FILE, ONE_OF, ARG, 0, NONE, "the configuration; - is standard input", \
	  .or_stdin = true) \
	P("strict", FLAG, OPTIONAL, OPTION, 's', FALSE, "exit with 8 also for warnings") \
	P("keys", FLAG, ONE_OF, OPTION, 'k', FALSE, \
	  "show every key of a configuration with its type and default")
#define ST_LOCAL_PARAMS_IMPORT(P) \
	P("format", WORD, REQUIRED, ARG, 0, NONE, "the other system", \
	  ST_ONLY("supervisord", "procfile", "systemd", "process-compose", "erlang"), \
	  .metavar = "FORMAT") \
	P("file", FILE, REQUIRED, ARG, 0, NONE, "its file; - is standard input", .or_stdin = true) \
	P("more", ARGS, OPTIONAL, WORDS, 0, NONE, \
	  "systemd, erlang: files of further units or modules")
#define ST_LOCAL_PARAMS_DEMO(P) \
	P("all", WORD, OPTIONAL, ARG, 0, NONE, "show all there is to try", ST_ONLY("help"), \
	  .metavar = "help")
#define ST_LOCAL_PARAMS_HELP(P) \
	P("verb", WORD, OPTIONAL, ARG, 0, NONE, "the verb; without one, help lists all verbs", \
	  .metavar = "VERB")
#define ST_LOCAL_PARAMS_COMPLETION(P) \
	P("shell", NAME, REQUIRED, ARG, 0, NONE, \
	  "the shell: bash, zsh or fish; or words, to list how a command line can go on", \
	  .metavar = "SHELL") \
	P("words", ARGS, OPTIONAL, REST, 0, NONE, "with words: the command line up to the cursor")

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
	X("send_message", "cast", NULL) \
	X("services_list", "services", NULL)

/*
 * X(word, what is meant): words of other programs, which are no verbs here. The meaning
 * follows "did you mean", and begins with a verb.
 */
#define ST_SYNONYM_LIST(X) \
	X("top", "tree --watch") \
	X("watch", "tree --watch") \
	X("show", "tree, or info PATH for one child") \
	X("list", "ps, or tree") \
	X("ls", "ps, or tree") \
	X("children", "which-children PATH") \
	X("describe", "info PATH") \
	X("inspect", "info PATH") \
	X("start", "restart-child PATH for a child that is stopped, start-child for a new one, " \
		   "or load FILE for a configuration") \
	X("add", "start-child PATH SPEC for a child, or load FILE for a configuration") \
	X("run", "start-child PATH SPEC") \
	X("log", "logs PATH") \
	X("journal", "logs PATH, or events") \
	X("tail", "logs PATH --follow") \
	X("follow", "logs PATH --follow, or events") \
	X("explain", "why PATH") \
	X("reread", "reload") \
	X("update", "reload") \
	X("validate", "check FILE") \
	X("test", "check FILE") \
	X("convert", "import FORMAT FILE") \
	X("migrate", "import FORMAT FILE") \
	X("send", "cast PATH WORDS, or call PATH WORDS for an answer") \
	X("version", "--version")

#define ST_VERB_MEMBER(member, ...) ST_VERB_##member,
enum st_local_verb {
	ST_LOCAL_VERB_LIST(ST_VERB_MEMBER) ST_VERB__MAX
};
#undef ST_VERB_MEMBER

struct st_verb {
	const char *name;
	enum st_group group;
	const char *summary;
	const char *example;
	const struct st_param *params; /* the last one has no name */
	const struct st_operation_row *operation; /* NULL: local */
	enum st_local_verb local;
	struct st_offered *offered; /* owned: a process offers it; NULL: a table has it */
};

/**
 * st_verb_group() - find the first word of verbs that may be typed as two words
 * @word: "trace": "trace start" is trace-start
 *
 * Return: static, the same text; NULL: it is no such word.
 */
const char *st_verb_group(const char *word);

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
 * st_verb_hint() - append what may have been meant by a word that is no verb
 * @name: as typed
 * @out: gets "; did you mean tree --watch?" for a word of other programs (ST_SYNONYM_LIST),
 *	for the beginning of verbs, or for a mistyped verb; else nothing. A verb that ends
 *	something is never proposed.
 */
void st_verb_hint(const char *name, struct st_buf *out);

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
