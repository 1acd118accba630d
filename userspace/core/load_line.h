/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A line of a saved state: a word, and then members, each a key with or without a value.
 *
 * st_load_line() finds all members of a line and checks the form of each; load.c and load_call.c
 * use them. Nothing here knows what a member is for. Nobody else includes this.
 */
#ifndef ST_CORE_LOAD_LINE_H
#define ST_CORE_LOAD_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "core/save_internal.h"

enum st_key_form {
	ST_FORM_NUMBER, /* not below 0 */
	ST_FORM_SIGNED,
	ST_FORM_FLAG, /* no value */
	ST_FORM_WORD,
	ST_FORM_TEXT, /* a JSON string */
	ST_FORM_JSON, /* an object */
};

/* X(key, form, whether it may come more than once in a line) */
#define ST_LOAD_KEYS(X) \
	X(nodes, NUMBER, false) \
	X(now, NUMBER, false) \
	X(random, NUMBER, false) \
	X(changes, NUMBER, false) \
	X(room, NUMBER, false) \
	X(max_fds, NUMBER, false) \
	X(checksum, NUMBER, false) \
	X(parent, NUMBER, false) \
	X(slot, NUMBER, false) \
	X(same, NUMBER, false) \
	X(of, NUMBER, false) \
	X(slots, NUMBER, false) \
	X(waiting_for, NUMBER, false) \
	X(nr_waiting, NUMBER, false) \
	X(walk, NUMBER, false) \
	X(range, NUMBER, false) \
	X(failed, NUMBER, false) \
	X(used, NUMBER, false) \
	X(intensity, NUMBER, false) \
	X(period, NUMBER, false) \
	X(cause, NUMBER, false) \
	X(token, NUMBER, false) \
	X(at, NUMBER, false) \
	X(second, NUMBER, true) \
	X(restarts, NUMBER, true) \
	X(generation, NUMBER, false) \
	X(ready_generation, NUMBER, false) \
	X(since_ns, NUMBER, false) \
	X(spawned_ns, NUMBER, false) \
	X(ready_ns, NUMBER, false) \
	X(nr_restarts, NUMBER, false) \
	X(nr_delays, NUMBER, false) \
	X(pid, SIGNED, false) \
	X(ready_pid, SIGNED, false) \
	X(status, SIGNED, false) \
	X(value, SIGNED, false) \
	X(halted, FLAG, false) \
	X(unlisted, FLAG, false) \
	X(begun, FLAG, false) \
	X(alone, FLAG, false) \
	X(deleted, FLAG, false) \
	X(alive, FLAG, false) \
	X(ended, FLAG, false) \
	X(lingering, FLAG, false) \
	X(killed, FLAG, false) \
	X(was_ready, FLAG, false) \
	X(counted, FLAG, false) \
	X(is_settling, FLAG, false) \
	X(is_unhealthy, FLAG, false) \
	X(is_wanted, FLAG, false) \
	X(foreign, FLAG, false) \
	X(significant, FLAG, false) \
	X(flags_only, FLAG, false) \
	X(whole, FLAG, false) \
	X(state, WORD, false) \
	X(outcome, WORD, false) \
	X(phase, WORD, false) \
	X(job, WORD, false) \
	X(rule, WORD, false) \
	X(type, WORD, false) \
	X(error, WORD, false) \
	X(reason, WORD, false) \
	X(changed, WORD, false) /* numbers, each with a comma after it */ \
	X(text, TEXT, false) \
	X(name, TEXT, false) \
	X(arg, TEXT, true) \
	X(id, TEXT, false) \
	X(term, TEXT, false) \
	X(spec, JSON, false) \
	X(sup, JSON, false)

#define ST_KEY_MEMBER(key, form, repeats) ST_KEY_##key,
enum st_key {
	ST_LOAD_KEYS(ST_KEY_MEMBER) ST_KEY__MAX
};
#undef ST_KEY_MEMBER

/* One member; its text is part of the saved state. */
struct st_member {
	enum st_key key;
	const char *at; /* the value; NULL: this member is missing */
	size_t len;
	uint64_t number; /* NUMBER; SIGNED: as int64_t */
};

struct st_load_line {
	const char *at; /* the rest of the line, for st_load_member() */
	const char *end;
	const char *word;
	size_t word_len;
	struct st_member members[ST_KEY__MAX]; /* the last of each key */
};

/**
 * st_load_line() - read a line
 * @text: its first byte
 * @end: its end, without the newline
 * @line: filled in
 *
 * Return: NULL, or what is wrong.
 */
const char *st_load_line(const char *text, const char *end, struct st_load_line *line) __must_check;

/* Go through the members of a line in their order; false: there are no more. */
bool st_load_member(struct st_load_line *line, struct st_member *ret_member);
void st_load_rewind(struct st_load_line *line);

bool st_load_is(const struct st_load_line *line, const char *word);

static inline bool st_load_has(const struct st_load_line *line, enum st_key key)
{
	return line->members[key].at != NULL;
}

static inline uint64_t st_load_number(const struct st_load_line *line, enum st_key key)
{
	return line->members[key].number;
}

/* Return: the index of the word in @table; 0 if the member is missing; -EINVAL. */
int st_load_word(const struct st_load_line *line, enum st_key key, const char *const *table,
		 int nr) __must_check;

/* Return: a JSON string as it is, to be freed by the caller; NULL: no memory, or not valid. */
char *st_load_text(const struct st_member *member) __must_check;

#endif
