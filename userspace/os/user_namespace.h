/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ids that stand for nobody in particular: user_namespaces(7), "Unmapped user and
 * group IDs".
 *
 * A user namespace may know only some users. The kernel shows all others as one, the
 * overflow uid (65534). So a process with this uid may be anybody, and it may not get the
 * rights of a user who has the same number.
 */
#ifndef ST_OS_USER_NAMESPACE_H
#define ST_OS_USER_NAMESPACE_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct st_unmapped - the id that stands for all ids that are not known here
 * @exists: whether there are such ids; if not, @id is an id like all others
 * @id: the id
 */
struct st_unmapped {
	bool exists;
	uint32_t id;
};

/**
 * st_unmapped_uid() - read what the user namespace of this process knows
 *
 * Return: what stands for unknown users. If the files of /proc cannot be read, there are
 * unknown users, and they are 65534.
 */
struct st_unmapped st_unmapped_uid(void);
struct st_unmapped st_unmapped_gid(void); /* the same for groups */

/**
 * st_user_namespace_has() - whether an id is one that a process here can have
 * @id: a uid that is a gid as well
 *
 * Return: true if the maps of users and of groups have it.
 */
bool st_user_namespace_has(uint32_t id);

/**
 * st_unmapped_is() - whether an id may be anybody's
 * @unmapped: of users or groups
 * @id: an id of this kind
 */
static inline bool st_unmapped_is(const struct st_unmapped *unmapped, uint32_t id)
{
	return unmapped->exists && id == unmapped->id;
}

#endif
