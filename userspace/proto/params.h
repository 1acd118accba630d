/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The types that parameters of operations have, with their limits.
 *
 * The form says which JSON value it is, min and max are its limits: of the
 * number, of the bytes of a text, of the elements of a list. All parameters
 * are checked in one place (st_params_check), so a handler gets what the table
 * promises and nothing else. Used by rpc.c, and by the CLI to read arguments.
 */
#ifndef ST_PROTO_PARAMS_H
#define ST_PROTO_PARAMS_H

#include <jansson.h>
#include <stdint.h>

#include "base/compiler.h"
#include "core/limits.h"
#include "proto/errors.h"

struct st_operation_row;

#define ST_MAX_PID 4194304 /* PID_MAX_LIMIT of Linux */
#define ST_MAX_TEXT_LEN 4095 /* bytes of a text without a limit of its own */
#define ST_MAX_SPEC_LEN 1048576 /* bytes of a specification given as text */
#define ST_MAX_STATE_LEN 65000 /* bytes of a state: it goes in one message */
#define ST_MAX_AGE_MS 3155760000000 /* a hundred years */
#define ST_MAX_PATTERN_LEN 256 /* bytes */
#define ST_MAX_LINES 100000 /* lines of output in one answer */
#define ST_MAX_SIGNAL 64

enum st_form {
	ST_FORM_TEXT,
	ST_FORM_WORD, /* one of st_param_words() */
	ST_FORM_INTEGER,
	ST_FORM_FLAG, /* true, false */
	ST_FORM_TEXTS, /* a list of texts */
	ST_FORM_SIGNAL, /* a name with or without SIG, or a number */
	ST_FORM_SPEC, /* an object, or YAML or JSON as text */
	ST_FORM_SPECS, /* a list of objects, or YAML or JSON as text */
	ST_FORM_REASON, /* "normal", {"code": 3}: as in the rules' table */
	ST_FORM_OBJECT, /* JSON, not as text */
	ST_FORM_OBJECTS, /* a list of objects */
};

/* clang-format off */

/* X(member, name, metavar, form, min, max, help) */
#define ST_PARAM_TYPE_LIST(X) \
	X(PATH, "path", "PATH", TEXT, 1, ST_MAX_PATH_LEN, \
	  "ids joined by '/'; '/' alone is the root") \
	X(NAME, "name", "NAME", TEXT, 1, ST_MAX_ID_LEN, \
	  "a name without '/' and control characters") \
	X(FILE, "file", "FILE", TEXT, 1, ST_MAX_PATH_LEN, "an absolute file name") \
	X(CONDITION, "condition", "PATH=STATE", TEXT, 3, ST_MAX_PATH_LEN + 16, \
	  "a state is one of: running, ready, stopped, restarting, gone, up") \
	X(STRATEGY, "strategy", "STRATEGY", WORD, 1, ST_MAX_ID_LEN, "a supervisor's strategy") \
	X(AUTO_SHUTDOWN, "auto_shutdown", "WHEN", WORD, 1, ST_MAX_ID_LEN, \
	  "when a supervisor stops by itself") \
	X(PID, "pid", "PID", INTEGER, 1, ST_MAX_PID, "the number of a process") \
	X(INTENSITY, "intensity", "N", INTEGER, 0, ST_MAX_INTENSITY, "a number of restarts") \
	X(PERIOD, "period", "SECONDS", INTEGER, 1, ST_MAX_PERIOD_S, "a time in seconds") \
	X(DURATION, "duration", "TIME", INTEGER, 0, ST_MAX_TIMEOUT_MS, \
	  "a time in milliseconds; the CLI takes 500ms, 10s, 2min, infinity") \
	X(AGE, "age", "TIME", INTEGER, 0, ST_MAX_AGE_MS, \
	  "a time ago in milliseconds; the CLI takes 10min, 2d, and a point in time: 18:23, " \
	  "2026-11-22, 2026-11-22T18:23:05+01:00") \
	X(LINES, "lines", "N", INTEGER, 0, ST_MAX_LINES, "a number of lines") \
	X(SEQ, "seq", "SEQ", INTEGER, 0, INT64_MAX, "the number of an event") \
	X(FLAG, "flag", "", FLAG, 0, 0, "true or false") \
	X(ARGS, "args", "ARGS", TEXTS, 0, ST_MAX_ARGS, "a list of texts") \
	X(SIGNAL, "signal", "SIGNAL", SIGNAL, 1, ST_MAX_SIGNAL, \
	  "a signal's name, with or without SIG, or its number") \
	X(SPEC, "spec", "SPEC", SPEC, 1, ST_MAX_SPEC_LEN, \
	  "an object, or a text in YAML or JSON; the CLI takes a text, @FILE, or - for its input") \
	X(SPECS, "specs", "SPECS", SPECS, 1, ST_MAX_SPEC_LEN, "a list, or a text as for spec") \
	X(STATE, "state", "STATE", TEXT, 0, ST_MAX_STATE_LEN, \
	  "a server's state, in the form in which it shows it") \
	X(REASON, "reason", "REASON", REASON, 1, ST_MAX_TEXT_LEN, \
	  "normal, shutdown, killed, {\"shutdown\":T}, {\"code\":N} or {\"signal\":NAME}") \
	X(WORD, "word", "WORD", TEXT, 1, ST_MAX_TEXT_LEN, \
	  "a text without blanks and control characters") \
	X(PATTERN, "pattern", "PATTERN", TEXT, 1, ST_MAX_PATTERN_LEN, \
	  "a text to be found; or, with * (any bytes) or ? (one byte), what the whole is like") \
	X(INTEGER, "integer", "N", INTEGER, INT64_MIN, INT64_MAX, "a whole number") \
	X(TEXT, "text", "TEXT", TEXT, 0, ST_MAX_TEXT_LEN, "a text") \
	X(OBJECT, "object", "OBJECT", OBJECT, 0, 0, "an object, in JSON") \
	X(OBJECTS, "objects", "OBJECTS", OBJECTS, 0, 0, "a list of objects, in JSON")

/* clang-format on */

#define ST_PARAM_TYPE_MEMBER(member, ...) ST_PARAM_##member,
enum st_param_type {
	ST_PARAM_TYPE_LIST(ST_PARAM_TYPE_MEMBER) ST_PARAM__MAX
};
#undef ST_PARAM_TYPE_MEMBER

struct st_param_type_row {
	const char *name; /* as "operations" shows it */
	const char *metavar;
	enum st_form form;
	int64_t min;
	int64_t max;
	const char *help;
};

/* Indexed by enum st_param_type. */
extern const struct st_param_type_row st_param_types[ST_PARAM__MAX];

/**
 * st_param_words() - the only texts that a type takes
 * @type: the type
 * @ret_nr: their number
 *
 * Return: static texts, or NULL if the type takes others than a few words.
 */
const char *const *st_param_words(enum st_param_type type, int *ret_nr);

enum st_need {
	ST_NEED_REQUIRED,
	ST_NEED_OPTIONAL,
	ST_NEED_ONE_OF, /* exactly one of the operation's parameters marked so */
};

/* Where the CLI takes it from. */
enum st_place {
	ST_PLACE_ARG, /* positional */
	ST_PLACE_OPTION, /* --name VALUE */
	ST_PLACE_REST, /* all behind "--" */
	ST_PLACE_WORDS, /* all arguments behind the last positional one; a text: with blanks */
};

struct st_param {
	const char *name;
	enum st_param_type type;
	enum st_need need;
	enum st_place place;
	char letter; /* short option, or 0 */
	const char *fallback; /* the default, as text; or NULL */
	const char *help;
	const char *metavar; /* how the CLI calls it; NULL: as its type */
};

/* How the CLI calls a value of a parameter: "PATH". */
const char *st_param_metavar(const struct st_param *param);

/* What is wrong with a request, ready to be answered. */
struct st_rpc_error {
	enum st_error kind;
	char param[64]; /* the parameter at fault, or "" */
	char message[4096];
};

/**
 * st_rpc_fail() - fill in an error
 * @error: what to fill
 * @kind: its kind
 * @param: the parameter at fault, or ""
 * @format: its text, as for printf; cut if it is too long
 */
void st_rpc_fail(struct st_rpc_error *error, enum st_error kind, const char *param,
		 const char *format, ...) __printf(4, 5);

/**
 * st_rpc_hint() - append "did you mean" to an error's text
 * @error: filled in
 * @meant: what was probably meant; NULL: nothing is appended
 */
void st_rpc_hint(struct st_rpc_error *error, const char *meant);

/**
 * st_params_check() - check parameters against a row of the table
 * @row: the operation
 * @params: an object; paths are brought into their one form ("/a/b" -> "a/b")
 * @ret_error: what is wrong, written only on failure
 *
 * Unknown names first, then each parameter in the table's order.
 *
 * Return: 0; -EINVAL or -ENOMEM, both with @ret_error.
 */
int st_params_check(const struct st_operation_row *row, json_t *params,
		    struct st_rpc_error *ret_error) __must_check;

#endif
