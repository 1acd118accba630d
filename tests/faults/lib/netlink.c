// SPDX-License-Identifier: GPL-2.0-only
/*
 * Generic netlink: a batch to nlctrl, of which one message is refused, and news.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <netlink/errno.h>

#include "os/fd.h"
#include "os/genl.h"
#include "os/genl_watch.h"
#include "faults.h"
#include "scenarios.h"

#define WRONG 1

/* One of each kind of attribute; nobody has the family. */
static void make_message(struct st_genl *genl)
{
	st_genl_begin(genl, CTRL_CMD_GETFAMILY);
	st_genl_put_text(genl, CTRL_ATTR_FAMILY_NAME, "nobody");
	st_genl_put_u8(genl, CTRL_ATTR_MAXATTR, 1);
	st_genl_put_u32(genl, CTRL_ATTR_VERSION, 1);
	st_genl_put_u64(genl, CTRL_ATTR_HDRSIZE, 1);
	st_genl_put_flag(genl, CTRL_ATTR_OPS);
	(void)st_genl_end(genl);
}

static int send_one(struct st_genl *genl)
{
	struct st_genl_refusal refusal;
	int ret;

	faults_on();
	make_message(genl);
	ret = st_genl_flush(genl);
	if (!ret)
		ret = st_genl_read_refusal(genl, &refusal);
	faults_off();
	if (ret == 1)
		return refusal.err == -ENOENT ? 0 : WRONG;
	return ret;
}

static int run_genl(void)
{
	struct st_genl genl = ST_GENL_INIT;
	int ret = COUNTED(st_genl_open(&genl, "nlctrl", 2));

	if (!ret) {
		ret = send_one(&genl);
		st_genl_close(&genl);
	}
	return ret;
}

static int run_genl_watch(void)
{
	int fd = -1;
	int ret = COUNTED(st_genl_watch_open(&fd));

	if (!ret)
		ret = COUNTED(st_genl_watch_read(fd, "suptree"));
	st_fd_close(&fd);
	return ret == ST_GENL_UNKNOWN ? -ENOBUFS : ret;
}

static const struct answer of_genl[] = {
	{ "genl_connect", NLE_NOMEM, ENOMEM, "libnl has numbers of its own" },
	{ "genl_connect", NLE_BAD_SOCK, EIO, "libnl does not say why" },
	{ "genl_ctrl_resolve", NLE_OBJ_NOTFOUND, ENOENT, "libnl has numbers of its own" },
	{ "genl_ctrl_resolve", NLE_NOMEM, ENOMEM, "the same" },
	{ "genl_ctrl_resolve", NLE_PERM, EIO, "libnl does not say why" },
	{ "nl_socket_set_buffer_size", 0, EIO, "libnl does not say why" },
	{ "nl_socket_set_nonblocking", 0, EIO, "the same" },
	{ "nla_put_flag", 0, ENOMEM, "libnl has numbers of its own" },
	{ "nla_put_string", 0, ENOMEM, "the same" },
	{ "nla_put_u32", 0, ENOMEM, "the same" },
	{ "nla_put_u64", 0, ENOMEM, "the same" },
	{ "nla_put_u8", 0, ENOMEM, "the same" },
	{ "recv", EAGAIN, 0, "there is nothing" },
	{ "sendto", EMSGSIZE, ENOBUFS, "a batch that is too large" },
	{ 0 },
};

static const struct answer of_genl_watch[] = {
	{ "recv", EAGAIN, 0, "there is nothing" },
	{ 0 },
};

const struct scenario netlink_batch = { run_genl, of_genl };
const struct scenario netlink_news = { run_genl_watch, of_genl_watch };
