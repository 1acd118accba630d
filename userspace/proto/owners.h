/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The owners of operations: which process serves a row of ops.h.
 *
 * The daemon serves its own rows. It passes a request for a row of another
 * owner on to the supervised process that has registered the owner's name and
 * runs as the daemon's own user. That process gets the call "NAME PARAMS", and
 * answers with a reply of JSON or with an error "KIND TEXT", with a kind of
 * errors.h. So a new service is a line here, its rows, and a program; the
 * daemon needs no code for it.
 */
#ifndef ST_PROTO_OWNERS_H
#define ST_PROTO_OWNERS_H

#include <stdint.h>

/* clang-format off */

/*
 *   X(member, name, timeout_ms, start)
 * The service registers this name. It has this time to answer. "start" is a
 * command that starts it; the error that no service runs shows it.
 */
#define ST_OWNER_LIST(X) \
	X(DAEMON, "daemon", 0, "suptreed") \
	X(OBSERVER, "observer", 20000 /* it reads many files of the kernel */, \
	  "suptree services start observer") \
	X(TRACER, "tracer", 60000 /* the kernel verifies BPF: seconds on a slow CPU */, \
	  "suptree start-child / '{id: tracer, ready: notify, start: [suptree-tracer, --service]}'")

/* clang-format on */

#define ST_OWNER_MEMBER(member, ...) ST_OWNER_##member,
enum st_owner {
	ST_OWNER_LIST(ST_OWNER_MEMBER) ST_OWNER__MAX
};
#undef ST_OWNER_MEMBER

struct st_owner_row {
	const char *name;
	int64_t timeout_ms;
	const char *start;
};

/* Indexed by enum st_owner. */
extern const struct st_owner_row st_owners[ST_OWNER__MAX];

/*
 * ST_IF_DAEMON(OWNER, then, otherwise): becomes one of the two texts, before
 * compilation
 */
#define ST_IF_DAEMON(owner, then, otherwise) ST_PICK_SECOND(ST_IS_OWNER_##owner then, otherwise, )
#define ST_PICK_SECOND(...) ST_SECOND(__VA_ARGS__)
#define ST_SECOND(first, second, ...) second
#define ST_IS_OWNER_DAEMON ,

#endif
