// SPDX-License-Identifier: GPL-2.0-only
/*
 * The group "notify" of nlctrl, the family that knows the others; see genl_watch.h.
 */
#include "os/genl_watch.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <string.h>
#include <sys/socket.h>

#include "os/fd.h"

int st_genl_watch_open(int *ret_fd)
{
	struct sockaddr_nl own = { .nl_family = AF_NETLINK };
	/* nlctrl's number and that of its one group are part of the kernel's interface */
	int group = GENL_ID_CTRL;
	st_cleanup(st_fd_close) int fd =
		socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_GENERIC);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&own, sizeof(own)) < 0 ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0)
		return -errno;
	*ret_fd = st_fd_take(&fd);
	return 0;
}

/* The change of @family that one message reports. */
static enum st_genl_change judge(struct nlmsghdr *header, const char *family)
{
	struct nlattr *attributes[CTRL_ATTR_MAX + 1] = { NULL };
	const struct genlmsghdr *command = nlmsg_data(header);

	if (header->nlmsg_type != GENL_ID_CTRL || !genlmsg_valid_hdr(header, 0) ||
	    (command->cmd != CTRL_CMD_NEWFAMILY && command->cmd != CTRL_CMD_DELFAMILY))
		return ST_GENL_NOTHING;
	if (genlmsg_parse(header, 0, attributes, CTRL_ATTR_MAX, NULL) ||
	    !attributes[CTRL_ATTR_FAMILY_NAME] ||
	    nla_strcmp(attributes[CTRL_ATTR_FAMILY_NAME], family) != 0)
		return ST_GENL_NOTHING;
	return command->cmd == CTRL_CMD_NEWFAMILY ? ST_GENL_CAME : ST_GENL_WENT;
}

int st_genl_watch_read(int fd, const char *family)
{
	union {
		struct nlmsghdr header;
		char room[8192]; /* a longer one is about another family, with more operations */
	} message;
	enum st_genl_change change = ST_GENL_NOTHING;
	ssize_t len;

	while (change == ST_GENL_NOTHING) {
		len = recv(fd, &message, sizeof(message), MSG_DONTWAIT);
		if (len < 0 && errno == ENOBUFS)
			return ST_GENL_UNKNOWN;
		if (len < 0)
			return errno == EAGAIN ? ST_GENL_NOTHING : -errno;
		if (nlmsg_ok(&message.header, (int)len))
			change = judge(&message.header, family);
	}
	return change;
}
