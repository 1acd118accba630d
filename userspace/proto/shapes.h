/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The shapes of results and notifications: the JSON that a client gets.
 *
 * A row of ops.h names the shape of its result. The schemas of OpenAPI
 * (openapi.h), the manual and help are made from this table. The tests check
 * every answer that they get against it: it is a failure if a member is not in
 * this table, is missing, or has another type. The lists are in shapes/, with
 * one header for each family.
 *
 * S(MEMBER, "Name", FORM, "help") is a shape, and ST_FIELDS_<MEMBER> has its
 * fields:
 *
 *	OBJECT		an object with these members and no others
 *	EITHER		exactly one of these values
 *	ANY_OF		at least one of these values
 *	PLAIN		the only field is the value itself: a list
 *
 * F("name", TYPE, REQ or OPT, "help") is a field; OPT: the member may be
 * missing. The names of alternatives and of plain values are labels, which JSON
 * does not show. A TYPE is one of:
 *
 *	TEXT, MATCHING(REGEX)		a text
 *	WALL				a time in UTC: "2026-11-23T08:59:07.120513Z"
 *	RULE				a rule's number in core/RULES.md: "D3"
 *	WORDS("a", "b")			one of these texts
 *	WORDS_OF(TABLE, NR)		one of the texts of an array
 *	OWNER, GROUP, ROLE, FAILURE_KIND, PARAMETER_TYPE, KIND
 *					one of the words of that table; KIND: of messages
 *	INTEGER, COUNT, BETWEEN(A, B)	a number; COUNT: not below 0
 *	FLAG, TRUE, FALSE		true or false; always true; always false
 *	ANY				any value
 *	SHAPE(MEMBER)			a value of that shape
 *	LIST(TYPE), MAP(TYPE)		a list; an object with any names
 *	NULLABLE(TYPE)			a value of that type, or null
 */
#ifndef ST_PROTO_SHAPES_H
#define ST_PROTO_SHAPES_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "proto/shapes/common.h"
#include "proto/shapes/daemon.h"
#include "proto/shapes/event.h"
#include "proto/shapes/forecast.h"
#include "proto/shapes/names.h"
#include "proto/shapes/observer.h"
#include "proto/shapes/spec.h"
#include "proto/shapes/trace.h"
#include "proto/shapes/tree.h"

#define ST_SHAPE_LIST(S) \
	ST_COMMON_SHAPES(S) \
	ST_TREE_SHAPES(S) \
	ST_EVENT_SHAPES(S) \
	ST_FORECAST_SHAPES(S) \
	ST_SPEC_SHAPES(S) \
	ST_NAMES_SHAPES(S) \
	ST_TRACE_SHAPES(S) \
	ST_OBSERVER_SHAPES(S) \
	ST_DAEMON_SHAPES(S)

#define ST_SHAPE_MEMBER(member, ...) ST_SHAPE_##member,
enum st_shape {
	ST_SHAPE_LIST(ST_SHAPE_MEMBER) ST_SHAPE__MAX
};
#undef ST_SHAPE_MEMBER

enum st_shape_form {
	ST_SHAPE_IS_OBJECT,
	ST_SHAPE_IS_EITHER,
	ST_SHAPE_IS_ANY_OF,
	ST_SHAPE_IS_PLAIN,
};

enum st_value_kind {
	ST_VALUE_ANY,
	ST_VALUE_TEXT,
	ST_VALUE_WORD,
	ST_VALUE_INTEGER,
	ST_VALUE_FLAG,
	ST_VALUE_TRUE,
	ST_VALUE_FALSE,
	ST_VALUE_SHAPE,
};

enum st_value_many {
	ST_VALUE_ONE,
	ST_VALUE_LIST,
	ST_VALUE_MAP,
};

/**
 * struct st_value_type - the type of a field
 * @kind: of the value, or of each element
 * @many: whether it is one value, a list, or an object with any names
 * @is_nullable: null is allowed, too
 * @shape: for SHAPE: the shape
 * @pattern: for TEXT: a regular expression as in ECMA-262; NULL: any text
 * @words: for WORD: the words
 * @nr_words: number of words
 * @min: for INTEGER: the smallest value; INT64_MIN: no limit
 * @max: for INTEGER: the largest value; INT64_MAX: no limit
 */
struct st_value_type {
	enum st_value_kind kind;
	enum st_value_many many;
	bool is_nullable;
	enum st_shape shape;
	const char *pattern;
	const char *const *words;
	unsigned int nr_words;
	int64_t min;
	int64_t max;
};

struct st_field {
	const char *name;
	struct st_value_type type;
	bool is_required;
	const char *help;
};

struct st_shape_row {
	const char *name; /* for people and schemas: "TraceSummary" */
	enum st_shape_form form;
	const char *help;
	const struct st_field *fields; /* the last one has no name */
};

/* Indexed by enum st_shape. */
extern const struct st_shape_row st_shapes[ST_SHAPE__MAX];

struct st_notification_row {
	const char *name; /* the method of JSON-RPC */
	enum st_shape shape; /* of its params */
	const char *after; /* the operations after which it comes: "subscribe, logs" */
};

extern const struct st_notification_row st_notifications[];
extern const unsigned int st_nr_notifications;

/**
 * st_shape_write_text() - append a shape in one line, for people
 * @shape: the shape
 * @out: gets "{seq, root: Node}", "[Row]", "Started or Ignored"
 */
void st_shape_write_text(enum st_shape shape, struct st_buf *out);

/* Append a type in the same way: "text", "[Node]", "worker". */
void st_value_type_write_text(const struct st_value_type *type, struct st_buf *out);

struct st_json;

/**
 * st_shape_check() - whether a value has a shape
 * @shape: the shape
 * @value: any value
 * @why: on failure: where, and what is wrong: "traces.id: is missing"
 *
 * Return: 0; -EINVAL with @why; -ENOMEM.
 */
int st_shape_check(enum st_shape shape, const json_t *value, struct st_buf *why) __must_check;

/**
 * st_shape_write_value() - write a value that has been checked
 * @value: the value
 * @json: gets it on one line, each text escaped
 */
void st_shape_write_value(const json_t *value, struct st_json *json);

/**
 * st_shape_write_schema() - append a shape as a JSON schema
 * @shape: the shape
 * @json: gets an object of JSON Schema 2020-12, as in OpenAPI 3.1; shapes inside it are
 *	references to "#/components/schemas/NAME"
 */
void st_shape_write_schema(enum st_shape shape, struct st_json *json);

/*
 * Append a reference to the schema of a shape: as an object, or as a member of
 * one.
 */
void st_shape_write_ref(enum st_shape shape, struct st_json *json);
void st_shape_write_ref_member(enum st_shape shape, struct st_json *json);

#endif
