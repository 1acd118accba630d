/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of keys: every key of the configuration, its values, its default, its
 * meaning, and the function that binds it.
 *
 * It is the only list of keys. The binder goes through it from top to bottom, which is
 * OTP's order of checking [V1] [V2]. The reference, the check for unknown keys and the
 * suggestions are made from it.
 */
#ifndef ST_CONFIG_KEYS_H
#define ST_CONFIG_KEYS_H

#include "config/diag.h"
#include "config/doc.h"
#include "core/spec.h"

/* The maps in which a key may be; a key may belong to several. */
enum st_scope {
	ST_SCOPE_CONFIG = 1 << 0, /* the main file: the root supervisor */
	ST_SCOPE_INCLUDED = 1 << 1, /* an included file */
	ST_SCOPE_SUP = 1 << 2, /* a supervisor's specification */
	ST_SCOPE_FLAGS = 1 << 3, /* a change of a supervisor's flags */
	ST_SCOPE_CHILD = 1 << 4, /* a child spec */
	ST_SCOPE_BACKOFF = 1 << 5, /* the map below backoff */
	ST_SCOPE_LOG = 1 << 6, /* the map below log */
	ST_SCOPE_TRACE = 1 << 7, /* the map below trace */
	ST_SCOPE_PROBE = 1 << 8, /* the map below probe */
	ST_SCOPE_SERVICES = 1 << 9, /* the map below services: each key is a service */
	ST_SCOPE_JOURNAL = 1 << 10, /* the map below services: journal */
	ST_SCOPE_TRACER = 1 << 11, /* the map below services: tracer */
	ST_SCOPE_OBSERVER = 1 << 12, /* the map below services: observer */
	ST_SCOPE_WEB = 1 << 13, /* the map below services: web */
};

enum st_key_flag {
	ST_KEY_REQUIRED = 1 << 0, /* bound with node NULL where it is missing */
	ST_KEY_WORKER = 1 << 1, /* means nothing for a supervisor */
};

struct st_binder;
struct st_key;

/*
 * Binds the value of a key; @draft is what the scope is bound to. Mistakes go
 * to the binder's diagnostics.
 */
typedef void st_bind_fn(struct st_binder *binder, const struct st_key *key,
			const struct st_doc_node *node, void *draft);

struct st_key {
	const char *name;
	unsigned int scopes; /* enum st_scope */
	unsigned int flags; /* enum st_key_flag */
	st_bind_fn *bind; /* NULL: the loader of files takes it */
	const char *const *words; /* the words it takes, or NULL */
	int nr_words;
	const char *expected; /* its values, with limits; NULL: words */
	enum st_spec_error otp; /* OTP's word for a bad value */
	const char *fallback; /* the default, for the reference */
	const char *help;
};

extern const struct st_key st_keys[];
extern const size_t st_nr_keys;

/* The scopes in the order of the reference and the manual. */
struct st_key_section {
	enum st_scope scope;
	const char *name; /* for programs: one word */
	const char *title;
};

extern const struct st_key_section st_key_sections[];
extern const size_t st_nr_key_sections;

/* The names of resource limits, and what their values count. */
enum st_resource_unit {
	ST_RESOURCE_COUNT,
	ST_RESOURCE_BYTES,
	ST_RESOURCE_SECONDS,
	ST_RESOURCE_MICROSECONDS,
};

extern const char *const st_resource_unit_text[]; /* by the unit */

#define ST_RESOURCE_SECTION "limits" /* the map that they stand in */
#define ST_RESOURCE_TITLE "Map below limits"
#define ST_RESOURCE_DEFAULT "the daemon's"

struct st_resource {
	const char *name; /* as prlimit(1) calls it */
	int resource; /* RLIMIT_* */
	enum st_resource_unit unit;
};

extern const struct st_resource st_resources[];
extern const size_t st_nr_resources;

/**
 * st_key_find() - look up a key
 * @name: its name
 * @scope: the map in which it is
 *
 * Return: the key, or NULL.
 */
const struct st_key *st_key_find(const char *name, enum st_scope scope);

/**
 * st_keys_check() - report the keys of a map that do not belong there
 * @map: the map
 * @scope: the kind of map
 * @diags: gets the mistakes
 */
void st_keys_check(const struct st_doc_node *map, enum st_scope scope, struct st_diags *diags);

/**
 * st_key_write_expected() - append what a key takes
 * @key: the key
 * @out: where to, for example "true or false"
 */
void st_key_write_expected(const struct st_key *key, struct st_buf *out);

/**
 * st_key_refuse() - report a value that a key does not take
 * @key: the key
 * @node: the value
 * @why: what is wrong with it, for example "it is negative"; NULL: it shows
 * @meant: the value that was probably meant, or NULL
 * @diags: gets the mistake, with OTP's word and the value where OTP has one
 */
void st_key_refuse(const struct st_key *key, const struct st_doc_node *node, const char *why,
		   const char *meant, struct st_diags *diags);

/**
 * st_describe() - name a value in a message
 * @node: the value
 * @quoted: room for the result
 *
 * Return: the value as written if it is a scalar, otherwise what it is.
 */
const char *st_describe(const struct st_doc_node *node, struct st_quoted *quoted);

#endif
