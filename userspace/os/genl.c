// SPDX-License-Identifier: GPL-2.0-only
/*
 * Batches of generic netlink messages, made with libnl and sent at once; see genl.h.
 *
 * libnl's own sending and receiving waits for an answer to each message, which is
 * why only its making and taking apart of messages is used here.
 */
#include "os/genl.h"

#include <errno.h>
#include <linux/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <stdio.h>
#include <sys/socket.h>

#define SEND_BUFFER (512 << 10) /* bytes; the kernel limits it to its maximum */
#define RECEIVE_BUFFER (64 << 10)

/* libnl's own errors are less precise. */
static int to_errno(int nl_error)
{
	switch (nl_error) {
	case -NLE_OBJ_NOTFOUND:
		return -ENOENT;
	case -NLE_NOMEM:
		return -ENOMEM;
	default:
		return -EIO;
	}
}

static int set_up(struct st_genl *genl, const char *family)
{
	static const int on = 1;
	int err = genl_connect(genl->sock);

	if (err)
		return to_errno(err);
	err = genl_ctrl_resolve(genl->sock, family);
	if (err < 0)
		return to_errno(err);
	genl->family = err;
	err = nl_socket_set_buffer_size(genl->sock, RECEIVE_BUFFER, SEND_BUFFER);
	if (!err)
		err = nl_socket_set_nonblocking(genl->sock);
	if (err)
		return to_errno(err);
	/* the kernel's words come with an error, and not the whole message once more */
	if (setsockopt(st_genl_fd(genl), SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on)) < 0 ||
	    setsockopt(st_genl_fd(genl), SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on)) < 0)
		return -errno;
	return 0;
}

int st_genl_open(struct st_genl *genl, const char *family, uint8_t version)
{
	int err;

	genl->version = version;
	genl->seq = 0;
	genl->sock = nl_socket_alloc();
	if (!genl->sock)
		return -ENOMEM;
	err = set_up(genl, family);
	if (err)
		st_genl_close(genl);
	return err;
}

void st_genl_close(struct st_genl *genl)
{
	nlmsg_free(genl->message);
	nl_socket_free(genl->sock);
	genl->message = NULL;
	genl->sock = NULL;
	st_buf_done(&genl->batch);
}

int st_genl_fd(const struct st_genl *genl)
{
	return nl_socket_get_fd(genl->sock);
}

static void fail(struct st_genl *genl)
{
	genl->batch.failed = true;
}

void st_genl_begin(struct st_genl *genl, uint8_t command)
{
	genl->seq++;
	genl->message = nlmsg_alloc();
	if (!genl->message || !genlmsg_put(genl->message, NL_AUTO_PORT, genl->seq, genl->family, 0,
					   NLM_F_REQUEST, command, genl->version))
		fail(genl);
}

void st_genl_put_u8(struct st_genl *genl, int attribute, uint8_t value)
{
	if (!genl->batch.failed && nla_put_u8(genl->message, attribute, value))
		fail(genl);
}

void st_genl_put_u32(struct st_genl *genl, int attribute, uint32_t value)
{
	if (!genl->batch.failed && nla_put_u32(genl->message, attribute, value))
		fail(genl);
}

void st_genl_put_u64(struct st_genl *genl, int attribute, uint64_t value)
{
	if (!genl->batch.failed && nla_put_u64(genl->message, attribute, value))
		fail(genl);
}

void st_genl_put_text(struct st_genl *genl, int attribute, const char *text)
{
	if (!genl->batch.failed && nla_put_string(genl->message, attribute, text))
		fail(genl);
}

void st_genl_put_flag(struct st_genl *genl, int attribute)
{
	if (!genl->batch.failed && nla_put_flag(genl->message, attribute))
		fail(genl);
}

uint32_t st_genl_end(struct st_genl *genl)
{
	struct nlmsghdr *header;

	if (!genl->batch.failed) {
		header = nlmsg_hdr(genl->message);
		st_buf_add(&genl->batch, header, NLMSG_ALIGN(header->nlmsg_len));
	}
	nlmsg_free(genl->message);
	genl->message = NULL;
	return genl->seq;
}

int st_genl_flush(struct st_genl *genl)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int err = st_buf_error(&genl->batch);

	if (!err && genl->batch.len &&
	    sendto(st_genl_fd(genl), genl->batch.data, genl->batch.len, MSG_DONTWAIT,
		   (const struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		err = errno == EMSGSIZE ? -ENOBUFS : -errno;
	st_buf_reset(&genl->batch);
	return err;
}

static void read_reason(struct nlmsghdr *header, char *reason)
{
	const struct nlmsgerr *error = nlmsg_data(header);
	struct nlattr *attributes[NLMSGERR_ATTR_MAX + 1] = { NULL };
	int at = sizeof(*error); /* without the message that follows it */

	reason[0] = '\0';
	if (!(header->nlmsg_flags & NLM_F_ACK_TLVS) || nlmsg_datalen(header) < at)
		return;
	if (nla_parse(attributes, NLMSGERR_ATTR_MAX,
		      (struct nlattr *)((char *)nlmsg_data(header) + at),
		      nlmsg_datalen(header) - at, NULL) ||
	    !attributes[NLMSGERR_ATTR_MSG])
		return;
	(void)snprintf(reason, ST_GENL_REASON_MAX, "%.*s", nla_len(attributes[NLMSGERR_ATTR_MSG]),
		       (const char *)nla_data(attributes[NLMSGERR_ATTR_MSG])); /* cut is fine */
}

int st_genl_read_refusal(struct st_genl *genl, struct st_genl_refusal *ret_refusal)
{
	union {
		struct nlmsghdr header;
		char room[1024]; /* an error without the message that caused it */
	} answer;
	const struct nlmsgerr *error;
	ssize_t len;

	for (;;) {
		len = recv(st_genl_fd(genl), &answer, sizeof(answer), MSG_DONTWAIT);
		if (len < 0)
			return errno == EAGAIN ? 0 : -errno;
		error = nlmsg_data(&answer.header);
		if (nlmsg_ok(&answer.header, (int)len) && answer.header.nlmsg_type == NLMSG_ERROR &&
		    nlmsg_datalen(&answer.header) >= (int)sizeof(*error) && error->error)
			break;
	}
	ret_refusal->seq = error->msg.nlmsg_seq;
	ret_refusal->err = error->error;
	read_reason(&answer.header, ret_refusal->reason);
	return 1;
}
