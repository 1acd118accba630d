// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a socket to a role; see peer.h.
 */
#include "daemon/peer.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/alloc.h"

#define GROUP_BUF_SIZE 65536 /* a group of the database, with its members */

static int find_group(const char *name, gid_t *ret_gid, bool *ret_exists)
{
	char *buf = st_alloc(GROUP_BUF_SIZE);
	struct group group, *found = NULL;
	int error;

	if (!buf)
		return -ENOMEM;
	error = getgrnam_r(name, &group, buf, GROUP_BUF_SIZE, &found);
	*ret_exists = found != NULL;
	if (found)
		*ret_gid = found->gr_gid;
	st_free(buf);
	/* getgrnam_r(3): these too can mean that there is no such group */
	if (error == ENOENT || error == ESRCH || error == EBADF || error == EPERM)
		return 0;
	return -error;
}

int st_role_groups_find(struct st_role_groups *ret_groups)
{
	struct st_role_groups groups = { 0 };

	for (int role = ST_ROLE_VIEWER; role < ST_ROLE__MAX; role++) {
		char name[32];
		int ret;

		snprintf(name, sizeof(name), "suptree-%s", st_role_text[role]);
		ret = find_group(name, &groups.gid[role], &groups.exists[role]);
		if (ret)
			return ret;
	}
	*ret_groups = groups;
	return 0;
}

bool st_role_groups_any(const struct st_role_groups *groups)
{
	for (int role = ST_ROLE_VIEWER; role < ST_ROLE__MAX; role++)
		if (groups->exists[role])
			return true;
	return false;
}

static enum st_role role_of_group(const struct st_role_groups *groups, gid_t gid)
{
	for (int role = ST_ROLE__MAX - 1; role > ST_ROLE_NONE; role--)
		if (groups->exists[role] && groups->gid[role] == gid)
			return (enum st_role)role;
	return ST_ROLE_NONE;
}

/* The highest role that a supplementary group of the peer gives. */
static int read_groups(int fd, const struct st_role_groups *groups, enum st_role *role)
{
	socklen_t len = 0;
	gid_t *gids;
	int ret = 0;

	/* with no room it says how much is needed */
	if (!getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, NULL, &len))
		return 0;
	if (errno != ERANGE)
		return -errno;
	gids = st_alloc(len);
	if (!gids)
		return -ENOMEM;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, gids, &len))
		ret = -errno;
	for (size_t i = 0; !ret && i < len / sizeof(*gids); i++) {
		enum st_role found = role_of_group(groups, gids[i]);

		if (found > *role)
			*role = found;
	}
	st_free(gids);
	return ret;
}

int st_peer_read(int fd, const struct st_role_groups *groups, struct st_peer *ret_peer)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);
	struct st_peer peer;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len))
		return -errno;
	peer.pid = cred.pid;
	peer.uid = cred.uid;
	peer.gid = cred.gid;
	peer.role = ST_ROLE_ADMIN;
	if (cred.uid != 0 && cred.uid != geteuid()) {
		int ret;

		peer.role = role_of_group(groups, cred.gid);
		ret = read_groups(fd, groups, &peer.role);
		if (ret)
			return ret;
	}
	*ret_peer = peer;
	return 0;
}
