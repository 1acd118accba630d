/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The types of the parameters of operations, with their limits.
 *
 * The form names the kind of JSON value. min and max are the limits: of a
 * number, of the bytes of a text, of the elements of a list. All parameters are
 * checked in one place (st_params_check), so a handler gets what the table
 * promises and nothing else. rpc.c uses this, and the CLI uses it to read
 * arguments.
 */
#ifndef ST_PROTO_PARAMS_H
#define ST_PROTO_PARAMS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "core/limits.h"
#include "core/service.h"
#include "proto/errors.h"

struct st_operation_row;

#define ST_MAX_PID 4194304 /* PID_MAX_LIMIT of Linux */
#define ST_MAX_UID 4294967294 /* -1 means no user */
#define ST_MAX_TEXT_LEN 4095 /* bytes of a text that has no limit of its own */
#define ST_MAX_SPEC_LEN 1048576 /* bytes of a specification given as text */
#define ST_MAX_STATE_LEN 65000 /* bytes of a state, which goes in one message */
#define ST_MAX_AGE_MS 3155760000000 /* a hundred years */
#define ST_MAX_PATTERN_LEN 256 /* bytes */
#define ST_MAX_TRIALS 32 /* changes that whatif tries one after the other */
#define ST_MAX_LINES 100000 /* lines of output in one answer */
#define ST_MAX_SIGNAL 64

enum st_form {
	ST_FORM_TEXT,
	ST_FORM_WORD, /* one of st_param_words() */
	ST_FORM_WORDS, /* some of st_param_words(), joined by commas */
	ST_FORM_INTEGER,
	ST_FORM_FLAG, /* true or false */
	ST_FORM_TEXTS, /* a list of texts */
	ST_FORM_SIGNAL, /* a name with or without SIG, or a number */
	ST_FORM_SPEC, /* an object, or YAML or JSON as text */
	ST_FORM_SPECS, /* a list of objects, or YAML or JSON as text */
	ST_FORM_REASON, /* "normal", {"code": 3}: as in the table of rules */
	ST_FORM_OBJECT, /* JSON, not as text */
	ST_FORM_OBJECTS, /* a list of objects */
};

/* clang-format off */

/* X(member, name, metavar, form, min, max, help) */
#define ST_PARAM_TYPE_LIST(X) \
	X(PATH, "path", "PATH", TEXT, 1, ST_MAX_PATH_LEN, \
	  "ids joined by '/', or only the last if one child has it; the root is '/'") \
	X(CHILD, "child", "PATH", TEXT, 1, ST_MAX_PATH_LEN, \
	  "its path, the last part of it, or its registered name") \
	X(NAME, "name", "NAME", TEXT, 1, ST_MAX_ID_LEN, \
	  "a name without '/' and control characters") \
	X(FILE, "file", "FILE", TEXT, 1, ST_MAX_PATH_LEN, \
	  "an absolute file name; on the command line any file name") \
	X(CONDITION, "condition", "PATH=STATE", TEXT, 3, ST_MAX_PATH_LEN + 16, \
	  "the path, =, and a state; running: it runs; ready or up: it runs, and so do all " \
	  "permanent children below it; stopped: it has no process; restarting: a restart failed " \
	  "and will be tried again; gone: no child has this path") \
	X(STRATEGY, "strategy", "STRATEGY", WORD, 1, ST_MAX_ID_LEN, "a supervisor's strategy") \
	X(AUTO_SHUTDOWN, "auto_shutdown", "WHEN", WORD, 1, ST_MAX_ID_LEN, \
	  "when a supervisor stops by itself") \
	X(PID, "pid", "PID", INTEGER, 1, ST_MAX_PID, "its pid") \
	X(INTENSITY, "intensity", "N", INTEGER, 0, ST_MAX_INTENSITY, "a number of restarts") \
	X(PERIOD, "period", "SECONDS", INTEGER, 1, ST_MAX_PERIOD_S, "a time in seconds") \
	X(DURATION, "duration", "TIME", INTEGER, 0, ST_MAX_TIMEOUT_MS, \
	  "in milliseconds; on the command line a time with its unit, like 500ms, 10s or 2min, " \
	  "or infinity") \
	X(AGE, "age", "TIME", INTEGER, 0, ST_MAX_AGE_MS, \
	  "how many milliseconds ago; on the command line an age like 10min or 2d, or a point in " \
	  "time like 18:23, 2026-11-22 or 2026-11-22T18:23:05+01:00") \
	X(LINES, "lines", "N", INTEGER, 0, ST_MAX_LINES, "a number of lines") \
	X(SEQ, "seq", "SEQ", INTEGER, 0, INT64_MAX, "the number of an event") \
	X(COUNT, "count", "N", INTEGER, 0, INT64_MAX, "a number") \
	X(GENERATION, "generation", "N", INTEGER, 0, INT64_MAX, \
	  "the number of one run of a child, as info shows it") \
	X(UID, "uid", "UID", INTEGER, 0, ST_MAX_UID, "the user's number") \
	X(TIME_NS, "time_ns", "NS", INTEGER, 0, INT64_MAX, \
	  "nanoseconds of the monotonic clock") \
	X(REF, "ref", "REF", INTEGER, 0, INT64_MAX, "its number, which monitor has returned") \
	X(TRACE_ID, "trace_id", "ID", INTEGER, 0, INT64_MAX, \
	  "its number, as trace-list shows it") \
	X(FLAG, "flag", "", FLAG, 0, 0, "true or false") \
	X(ARGS, "args", "ARGS", TEXTS, 0, ST_MAX_ARGS, "a list of texts") \
	X(SIGNAL, "signal", "SIGNAL", SIGNAL, 1, ST_MAX_SIGNAL, \
	  "its name, with or without SIG, or its number") \
	X(SPEC, "spec", "SPEC", SPEC, 1, ST_MAX_SPEC_LEN, \
	  "an object, or a text in YAML or JSON; on the command line the text, @FILE, or - for " \
	  "standard input") \
	X(SPECS, "specs", "SPECS", SPECS, 1, ST_MAX_SPEC_LEN, \
	  "a list of objects, or a text in YAML or JSON; on the command line the text, @FILE, " \
	  "or - for standard input") \
	X(STATE, "state", "STATE", TEXT, 0, ST_MAX_STATE_LEN, \
	  "a text as suptree state shows it") \
	X(REASON, "reason", "REASON", REASON, 1, ST_MAX_TEXT_LEN, \
	  "one of normal, shutdown, killed, {\"shutdown\":T}, {\"code\":N} or {\"signal\":NAME}") \
	X(WORD, "word", "WORD", TEXT, 1, ST_MAX_TEXT_LEN, \
	  "a text without blanks and control characters") \
	X(WORDS, "words", "WORDS", WORDS, 1, ST_MAX_TEXT_LEN, "words joined by commas") \
	X(METHOD, "method", "x.NAME.OP", TEXT, 1, ST_MAX_PATH_LEN, \
	  "x., a name or path of the process, a dot, and the name of its operation") \
	X(PATTERN, "pattern", "PATTERN", TEXT, 1, ST_MAX_PATTERN_LEN, \
	  "a text to find; with * (any bytes) or ? (one byte), a pattern for all bytes") \
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
	const char *name; /* as the operation "operations" shows it */
	const char *metavar;
	enum st_form form;
	int64_t min;
	int64_t max;
	const char *help;
};

/* Indexed by enum st_param_type. */
extern const struct st_param_type_row st_param_types[ST_PARAM__MAX];

/**
 * st_param_type_words() - get the words that a type allows
 * @type: the type
 * @ret_nr: number of words
 *
 * Return: static texts, or NULL if the type allows more than a few words.
 */
const char *const *st_param_type_words(enum st_param_type type, int *ret_nr);

enum st_need {
	ST_NEED_REQUIRED,
	ST_NEED_OPTIONAL,
	ST_NEED_ONE_OF, /* exactly one of the operation's parameters of the same set */
};

/* Where the CLI takes the parameter from. */
enum st_place {
	ST_PLACE_ARG, /* positional */
	ST_PLACE_OPTION, /* --name VALUE */
	ST_PLACE_REST, /* all arguments after "--" */
	ST_PLACE_WORDS, /* all arguments after the last positional one, joined by blanks */
};

/* What a missing parameter means. */
enum st_default_kind {
	ST_DEFAULT_IS_NONE,
	ST_DEFAULT_IS_NUMBER, /* this number, in the unit of the parameter's type */
	ST_DEFAULT_IS_TEXT, /* this text */
	ST_DEFAULT_IS_FALSE,
	ST_DEFAULT_IS_MEANING, /* a missing parameter means "now", "infinity" and so on */
};

struct st_default {
	enum st_default_kind kind;
	int64_t number;
	const char *text;
};

/* The column DEFAULT: NONE, NUMBER(100), TEXT("KILL"), FALSE or MEANS("now"). */
#define ST_DEFAULT_NONE \
	{ \
		.kind = ST_DEFAULT_IS_NONE \
	}
#define ST_DEFAULT_NUMBER(value) \
	{ \
		.kind = ST_DEFAULT_IS_NUMBER, .number = (value) \
	}
#define ST_DEFAULT_TEXT(value) \
	{ \
		.kind = ST_DEFAULT_IS_TEXT, .text = (value) \
	}
#define ST_DEFAULT_FALSE \
	{ \
		.kind = ST_DEFAULT_IS_FALSE \
	}
#define ST_DEFAULT_MEANS(words) \
	{ \
		.kind = ST_DEFAULT_IS_MEANING, .text = (words) \
	}

/* The place of a parameter in REST. */
enum st_rest_in {
	ST_REST_IN_DERIVED, /* see st_operation_rest_in() */
	ST_REST_IN_PATH,
	ST_REST_IN_QUERY,
	ST_REST_IN_BODY,
};

struct st_param {
	const char *name;
	enum st_param_type type;
	enum st_need need;
	unsigned int set; /* for ONE_OF: the number of its set */
	enum st_place place;
	char letter; /* short option, or 0 */
	struct st_default fallback;
	const char *help;
	const char *metavar; /* the CLI's name for the value; NULL: that of its type */
	bool or_stdin; /* on the command line - is standard input */
	const char *alias; /* an older name, which is accepted too; or NULL */
	const char *const *words; /* the only texts allowed, then NULL; NULL: those of its type */
	bool is_bounded; /* by min and max, within the limits of its type */
	int64_t min;
	int64_t max;
	enum st_rest_in rest_in;
};

/* More columns of a parameter. */
#define ST_BETWEEN(least, most) .is_bounded = true, .min = (least), .max = (most)
#define ST_ONLY(...) \
	.words = (const char *const[]) \
	{ \
		__VA_ARGS__, NULL \
	}
/* the name of a service, which core/service.h lists */
#define ST_SERVICE_WORD(member, text, ...) text,
#define ST_ONLY_SERVICES \
	.words = (const char *const[]) \
	{ \
		ST_SERVICE_LIST(ST_SERVICE_WORD) NULL \
	}
#define ST_ALIAS(older) .alias = (older)
#define ST_SET(number) .set = (number)
#define ST_IN(where) .rest_in = ST_REST_IN_##where

/*
 * A row P of ops.h as an element of an array; the last arguments are help and
 * more columns.
 */
#define ST_PARAM(text, kind, needed, taken_from, option, standard, ...) \
	{ .name = text, \
	  .type = ST_PARAM_##kind, \
	  .need = ST_NEED_##needed, \
	  .place = ST_PLACE_##taken_from, \
	  .letter = option, \
	  .fallback = ST_DEFAULT_##standard, \
	  .help = __VA_ARGS__ },

/**
 * st_param_words() - get the words that a parameter allows
 * @param: the parameter
 * @ret_nr: number of words
 *
 * Return: static texts, its own or its type's; NULL if it allows more than a
 * few words.
 */
const char *const *st_param_words(const struct st_param *param, int *ret_nr);

/*
 * Return: the help for the parameter's type; NULL: the parameter's own help is
 * enough.
 */
const char *st_param_type_help(const struct st_param *param);

/**
 * st_param_write_default() - append a parameter's default as help shows it
 * @param: the parameter
 * @out: gets "KILL", "100", "5s"; nothing for a flag or without a default
 */
void st_param_write_default(const struct st_param *param, struct st_buf *out);

/* Return: the CLI's name for a value of the parameter: "PATH". */
const char *st_param_metavar(const struct st_param *param);

/* What is wrong with a request; ready to be sent. */
struct st_rpc_error {
	enum st_error kind;
	char param[64]; /* the parameter that is wrong, or "" */
	char message[4096];
};

/**
 * st_rpc_fail() - fill in an error
 * @error: filled in
 * @kind: its kind
 * @param: the parameter that is wrong, or ""
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
 * @params: an object; paths are brought into their one form ("/a/b" -> "a/b"),
 *	and parameters under older names are renamed
 * @ret_error: what is wrong, written only on failure
 *
 * It checks for unknown names first, then each parameter in the table's order.
 *
 * Return: 0; -EINVAL or -ENOMEM, both with @ret_error.
 */
int st_params_check(const struct st_operation_row *row, json_t *params,
		    struct st_rpc_error *ret_error) __must_check;

#endif
