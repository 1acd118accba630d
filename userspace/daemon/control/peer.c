// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds the role of the process at the other end of a socket; see peer.h.
 */
#include "daemon/control/peer.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/alloc.h"

#define GROUP_PREFIX "suptree-"

static void take_group(struct st_role_groups *groups, const struct group *group)
{
	const char *role_text = group->gr_name + strlen(GROUP_PREFIX);

	if (strncmp(group->gr_name, GROUP_PREFIX, strlen(GROUP_PREFIX)) != 0)
		return;
	for (int role = ST_ROLE_VIEWER; role < ST_ROLE__MAX; role++) {
		if (groups->exists[role] || strcmp(role_text, st_role_text[role]) != 0)
			continue;
		groups->gid[role] = group->gr_gid;
		groups->exists[role] = true;
	}
}

static int read_group_file(FILE *file, struct st_role_groups *groups)
{
	struct group *group;

	for (;;) {
		errno = 0;
		group = fgetgrent(file);
		if (!group)
			return errno == ENOENT ? 0 : -errno; /* glibc: ENOENT at the end */
		take_group(groups, group);
	}
}

int st_role_groups_read(const char *path, struct st_role_groups *ret_groups)
{
	struct st_role_groups groups = { 0 };
	FILE *file = fopen(path, "re");
	int ret;

	if (!file && errno != ENOENT)
		return -errno;
	ret = file ? read_group_file(file, &groups) : 0;
	if (file)
		(void)fclose(file); /* it was only read */
	if (!ret)
		*ret_groups = groups;
	return ret;
}

static enum st_role role_of_group(const struct st_role_groups *groups, gid_t gid)
{
	if (st_unmapped_is(&groups->unmapped_gid, gid))
		return ST_ROLE_NONE;
	for (int role = ST_ROLE__MAX - 1; role > ST_ROLE_NONE; role--)
		if (groups->exists[role] && groups->gid[role] == gid)
			return (enum st_role)role;
	return ST_ROLE_NONE;
}

/* Find the highest role that a supplementary group of the peer has. */
static int read_groups(int fd, const struct st_role_groups *groups, enum st_role *role)
{
	socklen_t len = 0;
	gid_t *gids;
	int ret = 0;

	/* called without room, it returns the size needed */
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
	peer.generation = 0;
	peer.is_lent = false;
	if (st_unmapped_is(&groups->unmapped_uid, cred.uid) ||
	    (cred.uid != 0 && cred.uid != geteuid())) {
		int ret;

		peer.role = role_of_group(groups, cred.gid);
		ret = read_groups(fd, groups, &peer.role);
		if (ret)
			return ret;
	}
	*ret_peer = peer;
	return 0;
}
