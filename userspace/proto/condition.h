/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The conditions of `wait`: "demo/counter_1=running".
 *
 *	running      the child runs; a supervisor: it has been started itself
 *	ready, up    it runs; a supervisor: every permanent child below it runs, too
 *	stopped      it exists, and has no process
 *	restarting   a restart of it has failed, and will be tried again
 *	gone         there is no child with this path
 *
 * This only reads the text. The daemon knows whether a condition holds.
 */
#ifndef ST_PROTO_CONDITION_H
#define ST_PROTO_CONDITION_H

#include "base/compiler.h"
#include "core/limits.h"

#define ST_UNTIL_LIST(X) \
	X(ST_UNTIL_RUNNING, "running") \
	X(ST_UNTIL_READY, "ready") \
	X(ST_UNTIL_STOPPED, "stopped") \
	X(ST_UNTIL_RESTARTING, "restarting") \
	X(ST_UNTIL_GONE, "gone") \
	X(ST_UNTIL_UP, "up")

#define ST_UNTIL_MEMBER(member, text) member,
enum st_until {
	ST_UNTIL_LIST(ST_UNTIL_MEMBER) ST_UNTIL__MAX
};
#undef ST_UNTIL_MEMBER

extern const char *const st_until_text[ST_UNTIL__MAX];

struct st_condition {
	char path[ST_MAX_PATH_LEN + 1]; /* without a leading '/'; or "/" alone */
	enum st_until until; /* never UP, which is another word for READY */
};

/**
 * st_condition_parse() - read a condition
 * @text: PATH=STATE, split at the last '='
 * @ret_condition: the condition
 *
 * Return: 0; -EINVAL: no '=', or not a valid path; -ENOENT: no such state.
 */
int st_condition_parse(const char *text, struct st_condition *ret_condition) __must_check;

#endif
