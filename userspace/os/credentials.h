/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Look up the numbers of a user and a group with which a process runs: uid, gid and
 * supplementary groups; and the user's name, home directory and shell.
 *
 * The daemon does this when a specification is loaded, not when a child starts. A
 * look-up may go through NSS to the network, and a restart must never wait for that.
 * Next: spawn.h, which uses the numbers.
 */
#ifndef ST_OS_CREDENTIALS_H
#define ST_OS_CREDENTIALS_H

#include <sys/types.h>

#include "base/compiler.h"

/* More supplementary groups than this are refused; Linux allows 65,536. */
#define ST_CREDENTIALS_GROUPS_MAX 1024

/**
 * struct st_credentials - a user and his groups
 * @uid: the number of the user
 * @gid: of the group
 * @groups: supplementary groups
 * @nr_groups: their number
 * @name: of the user; NULL: the database has no entry for the number
 * @home: his home directory; NULL like @name
 * @shell: his shell; NULL like @name
 */
struct st_credentials {
	uid_t uid;
	gid_t gid;
	gid_t *groups;
	size_t nr_groups;
	char *name;
	char *home;
	char *shell;
};

/**
 * st_credentials_resolve() - look up a user and a group
 * @user: a name or a decimal uid; NULL: the uid of this process
 * @group: a name or a decimal gid; NULL: the primary group of @user
 * @ret_credentials: the numbers; the caller owns them (st_credentials_done)
 * @reterr_what: on failure "user" or "group": which of the two has failed
 *
 * The supplementary groups are those the group database gives the user. A
 * decimal uid without an entry there is allowed if @group is given; it has no
 * supplementary groups. A name of digits only is always a number.
 *
 * Return: 0; -ESRCH: there is none of that name; -EINVAL: the name is empty,
 * or the number is too large, or a number without entry came without @group;
 * -E2BIG: the user is in too many groups; -ENOMEM; otherwise the error of NSS.
 */
int st_credentials_resolve(const char *user, const char *group,
			   struct st_credentials *ret_credentials,
			   const char **reterr_what) __must_check;

/**
 * st_credentials_done() - free the list of groups and the texts
 * @credentials: may be all zero
 */
void st_credentials_done(struct st_credentials *credentials);

#endif
