/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The CLI's own options. Options of operations are parameters in proto/ops.h. Help
 * and completion are also made from this table.
 */
#ifndef ST_CLI_COMMAND_OPTIONS_H
#define ST_CLI_COMMAND_OPTIONS_H

#include "base/compiler.h"
#include "cli/cli.h"
#include "cli/command/verbs.h"

/* The verbs before which a terminal is asked (cli/confirm.h). */
#define ST_ASKED_VERBS \
	"stop kill restart terminate-child delete-child stop-supervisor unload reload"

/* X(member, name, letter, metavar or NULL, only for these verbs or NULL, help) */
#define ST_CLI_OPTION_LIST(X) \
	X(FORMAT, "format", 'F', "FORMAT", "tree", \
	  "the output format: text, json, dot (Graphviz) or mermaid") \
	X(TYPE, "type", 't', "TYPE", "ps", "list only this type: worker or supervisor") \
	X(WATCH, "watch", 'w', NULL, "tree", "show the tree again after each event") \
	X(AGAIN, "watch", 'w', NULL, "trace-summary", "show the summary again every second") \
	X(UNTIL_NOW, "until-now", 'u', NULL, "events", \
	  "end after the events that have happened; without --since: all that are kept") \
	X(TIMESTAMPS, "timestamps", 't', NULL, "logs", "begin each line with its time and stream") \
	X(OPENAPI, "openapi", 0, NULL, "operations", \
	  "print the REST interface as OpenAPI 3.1, without a daemon") \
	X(YES, "yes", 'y', NULL, ST_ASKED_VERBS, \
	  "do not ask first; without it, a terminal is shown what would happen, and asked") \
	X(JSON, "json", 0, NULL, NULL, "print one JSON document instead of text") \
	X(JSONL, "jsonl", 0, NULL, NULL, "print JSON, one element a line") \
	X(TIMEOUT, "timeout", 0, "TIME", NULL, \
	  "how long to wait for the answer, such as 10s or infinity") \
	X(SOCKET, "socket", 0, "PATH", NULL, "the daemon's control socket") \
	X(COLOR, "color", 0, "WHEN", NULL, "when to use colour: auto, always or never") \
	X(HELP, "help", 'h', NULL, NULL, "show help for the verb") \
	X(VERSION, "version", 'V', NULL, NULL, "print the version")

#define ST_CLI_OPTION_MEMBER(member, ...) ST_CLI_OPTION_##member,
enum st_cli_option {
	ST_CLI_OPTION_LIST(ST_CLI_OPTION_MEMBER) ST_CLI_OPTION__MAX
};
#undef ST_CLI_OPTION_MEMBER

struct st_cli_option_row {
	const char *name;
	char letter; /* or 0 */
	const char *metavar; /* NULL: takes no value */
	const char *verbs; /* with blanks between; NULL: all */
	const char *help;
};

/* Indexed by enum st_cli_option. */
extern const struct st_cli_option_row st_cli_options[ST_CLI_OPTION__MAX];

/**
 * st_cli_option_applies() - whether an option belongs to a verb
 * @option: the option
 * @verb: the verb; NULL or without a name: before it is known
 *
 * Return: false also if the verb has a parameter of the same name.
 */
bool st_cli_option_applies(const struct st_cli_option_row *option, const struct st_verb *verb);

/* The meaning of an option's name: one of these two, or neither. */
struct st_option {
	const struct st_param *param;
	const struct st_cli_option_row *own;
};

/**
 * st_option_find() - the option with a name
 * @verb: of which verb; NULL or without a name: before it is known
 * @name: the long name, or a letter
 * @len: bytes of the long name; 0: it is a letter
 *
 * Return: both NULL if there is none.
 */
struct st_option st_option_find(const struct st_verb *verb, const char *name, size_t len);

/* Whether it takes a value. */
bool st_option_takes_value(struct st_option option);

/**
 * st_cli_option_set() - set an option to a value
 * @cli: gets the value
 * @option: the option
 * @value: its value; NULL if it takes none
 *
 * Return: NULL, or a text with the allowed values.
 */
const char *st_cli_option_set(struct st_cli *cli, enum st_cli_option option, const char *value);

/**
 * st_cli_duration() - read a time that a user gave
 * @text: for example "500ms", "10s", "2min"
 * @ret_ms: milliseconds
 *
 * Return: NULL, or what is wrong with it.
 */
const char *st_cli_duration(const char *text, uint64_t *ret_ms);

#endif
