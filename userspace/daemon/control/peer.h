/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who a peer of the control socket is, and so what it may do.
 *
 * root and the daemon's own user are admins. Any other peer has the highest
 * role among its groups: suptree-admin, suptree-operator or suptree-viewer, as
 * far as these groups exist. All others have no role. The kernel reports who
 * the peer was when it connected, so a process cannot lie. A user or group that
 * the daemon's user namespace does not map gives no role, for it may be any.
 */
#ifndef ST_DAEMON_CONTROL_PEER_H
#define ST_DAEMON_CONTROL_PEER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/compiler.h"
#include "os/user_namespace.h"
#include "proto/ops.h"

struct st_peer {
	pid_t pid; /* for people only: the pid may belong to another process by now */
	uid_t uid;
	gid_t gid;
	enum st_role role;
	uint64_t generation; /* of the supervised process that it is; 0: it is not supervised */
	bool is_lent; /* the role is that of a service: it ends with the process */
};

/* The file in which the groups of the roles are looked up. */
#define ST_ROLE_GROUPS_PATH "/etc/group"

/*
 * The groups of the roles, looked up once, when the daemon starts; and the ids that
 * give no role, since they may be anybody's.
 */
struct st_role_groups {
	gid_t gid[ST_ROLE__MAX];
	bool exists[ST_ROLE__MAX];
	struct st_unmapped unmapped_uid;
	struct st_unmapped unmapped_gid;
};

/**
 * st_role_groups_read() - look up the groups of the roles by name
 * @path: a file in the format of group(5); a file that does not exist has no
 *	groups
 * @ret_groups: the groups that exist, and their numbers
 *
 * Reads the file and asks no name service. These groups belong to this machine.
 * A name service may make the daemon wait for the network, and its modules
 * would stay in the daemon's memory.
 *
 * Return: 0, or -errno of open(2), read(2) or -ENOMEM; a group that does not
 * exist is not an error.
 */
int st_role_groups_read(const char *path, struct st_role_groups *ret_groups) __must_check;

/**
 * st_peer_read() - ask the kernel for the process at the other end
 * @fd: a connected unix socket
 * @groups: groups of the roles
 * @ret_peer: the peer; its role is ST_ROLE_NONE if it may do nothing
 *
 * Return: 0, or -errno of getsockopt(2).
 */
int st_peer_read(int fd, const struct st_role_groups *groups,
		 struct st_peer *ret_peer) __must_check;

#endif
