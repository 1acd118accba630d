/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Users, groups and folders of children, resolved when a specification is loaded.
 *
 * Looking a user up may go to the network. A restart must never wait for that.
 * So every pair that a specification names is looked up once, before the
 * specification is accepted, and kept.
 */
#ifndef ST_DAEMON_IDENTITY_H
#define ST_DAEMON_IDENTITY_H

#include "base/buf.h"
#include "base/list.h"
#include "core/spec.h"
#include "os/credentials.h"

/* Variables of the environment about a user: HOME, USER, LOGNAME, SHELL. */
#define ST_IDENTITY_VARIABLES 4

struct st_identity {
	struct st_list link;
	char *user; /* NULL: not given */
	char *group;
	struct st_credentials credentials;
	char *environment[ST_IDENTITY_VARIABLES + 1];
	int err; /* only of one looked up ahead: that there is none; ... */
	const char *what; /* ... "user" or "group" */
};

struct st_identities {
	struct st_list list; /* of struct st_identity: those that children have */
	struct st_list ahead; /* those that the next specification needs */
	bool has_service_users; /* services get users of their own */
	/*
	 * SUPTREE_FOLDER=... of services that name no folder; owned. NULL: it could not be
	 * made; the service starts all the same, and says what it cannot do.
	 */
	char *folders[ST_SERVICE__MAX];
};

void st_identities_init(struct st_identities *identities);
void st_identities_done(struct st_identities *identities);

/**
 * st_identity_find() - get the numbers of a process's user and group
 * @identities: holds the pair, which was prepared
 * @process: the specification; if it names neither, a service has a user of its own
 *
 * Return: the numbers, borrowed; NULL: the daemon's own.
 */
const struct st_credentials *st_identity_find(const struct st_identities *identities,
					      const struct st_process_spec *process);

/**
 * st_identity_environment() - get the variables about a user
 * @identities: holds the pair, which was prepared
 * @user: as in the specification
 * @group: as in the specification, or NULL
 *
 * A user number without an entry in the user database has the home directory / and the
 * shell /bin/sh, and is called by the number.
 *
 * Return: "NAME=VALUE", NULL-terminated, borrowed; NULL if the pair was not prepared.
 */
char *const *st_identity_environment(const struct st_identities *identities, const char *user,
				     const char *group);

/**
 * st_identity_prepare() - resolve the users of a child and of all below it
 * @identities: gets the pairs
 * @spec: the child
 * @why: on failure: what cannot be used, for which child, and why
 *
 * Also refuses a specification that needs rights that this daemon does not
 * have.
 *
 * Return: 0; -EINVAL with @why; -ENOMEM.
 */
int st_identity_prepare(struct st_identities *identities, const struct st_child_spec *spec,
			struct st_buf *why) __must_check;

/* The same for all children of a supervisor. */
int st_identity_prepare_sup(struct st_identities *identities, const struct st_sup_spec *spec,
			    struct st_buf *why) __must_check;

/**
 * st_identity_is_unknown() - whether the user of a child has to be looked up
 * @identities: what is known
 * @spec: the child itself, not those below it
 */
bool st_identity_is_unknown(const struct st_identities *identities,
			    const struct st_child_spec *spec);

/**
 * st_identity_look_ahead() - look up the user of a child, if that has to be
 * @identities: gets the outcome, whatever it is, for the next st_identity_prepare()
 * @spec: the child itself, not those below it
 *
 * Return: 0 or -ENOMEM.
 */
int st_identity_look_ahead(struct st_identities *identities,
			   const struct st_child_spec *spec) __must_check;

/**
 * st_identity_new() - make an outcome that another process has found
 * @user: or NULL; copied
 * @group: or NULL; copied
 *
 * Return: without credentials; to be given to st_identity_expect(); NULL: no memory.
 */
struct st_identity *st_identity_new(const char *user, const char *group);

void st_identity_free(struct st_identity *identity); /* one that is in no list */

/* Use it for the next st_identity_prepare(). */
void st_identity_expect(struct st_identities *identities, struct st_identity *identity);

/* Forget what was looked up ahead, and not used. */
void st_identities_forget_ahead(struct st_identities *identities);

#endif
