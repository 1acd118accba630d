// SPDX-License-Identifier: GPL-2.0-only
/*
 * Raw generic netlink, see talk.h.
 */
#include "talk.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static struct nlmsghdr *header(struct request *request)
{
	return (void *)request->bytes;
}

size_t request_len(const struct request *request)
{
	struct nlmsghdr copy;

	memcpy(&copy, request->bytes, sizeof(copy));
	return copy.nlmsg_len;
}

void request_begin(struct request *request, const struct talk *talk, uint8_t command,
		   uint16_t flags)
{
	struct genlmsghdr *generic = NLMSG_DATA(header(request));

	memset(request->bytes, 0, NLMSG_LENGTH(GENL_HDRLEN));
	header(request)->nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN);
	header(request)->nlmsg_type = talk->family;
	header(request)->nlmsg_flags = NLM_F_REQUEST | flags;
	generic->cmd = command;
	generic->version = SUPTREE_GENL_VERSION;
}

void request_bytes(struct request *request, int attribute, const void *bytes, size_t len)
{
	struct nlmsghdr *message = header(request);
	struct nlattr *attr = (void *)(request->bytes + NLMSG_ALIGN(message->nlmsg_len));

	attr->nla_type = (uint16_t)attribute;
	attr->nla_len = (uint16_t)(NLA_HDRLEN + len);
	if (len)
		memcpy((char *)attr + NLA_HDRLEN, bytes, len);
	message->nlmsg_len = (uint32_t)(NLMSG_ALIGN(message->nlmsg_len) + NLA_ALIGN(attr->nla_len));
}

void request_u8(struct request *request, int attribute, uint8_t value)
{
	request_bytes(request, attribute, &value, sizeof(value));
}

void request_u32(struct request *request, int attribute, uint32_t value)
{
	request_bytes(request, attribute, &value, sizeof(value));
}

void request_u64(struct request *request, int attribute, uint64_t value)
{
	request_bytes(request, attribute, &value, sizeof(value));
}

void request_text(struct request *request, int attribute, const char *text)
{
	request_bytes(request, attribute, text, strlen(text) + 1);
}

static void take_attribute(struct seen *seen, int type, const void *data, size_t len)
{
	const struct {
		void *to;
		size_t size;
	} places[] = {
		[SUPTREE_A_TREE] = { &seen->tree, 4 },
		[SUPTREE_A_OWNER_PID] = { &seen->owner_pid, 4 },
		[SUPTREE_A_OWNER_PORT] = { &seen->owner_port, 4 },
		[SUPTREE_A_ID] = { &seen->id, 4 },
		[SUPTREE_A_PARENT] = { &seen->parent, 4 },
		[SUPTREE_A_KIND] = { &seen->kind, 1 },
		[SUPTREE_A_NAME] = { seen->name, sizeof(seen->name) },
		[SUPTREE_A_STRATEGY] = { &seen->strategy, 1 },
		[SUPTREE_A_PID] = { &seen->pid, 4 },
		[SUPTREE_A_GENERATION] = { &seen->generation, 8 },
		[SUPTREE_A_RESTARTS] = { &seen->restarts, 4 },
		[SUPTREE_A_STATE] = { &seen->state, 1 },
		[SUPTREE_A_EXIT_STATUS] = { &seen->exit_status, 4 },
		[SUPTREE_A_EVENT] = { &seen->event, 1 },
		[SUPTREE_A_SEQ] = { &seen->seq, 8 },
		[SUPTREE_A_TIME_NS] = { &seen->time_ns, 8 },
		[SUPTREE_A_MAX] = { NULL, 0 },
	};

	if (type > SUPTREE_A_MAX || len > places[type].size)
		return;
	memcpy(places[type].to, data, len);
	seen->has |= 1u << type;
}

static void take_message(struct seen *seen, const struct nlmsghdr *message)
{
	const char *at = (const char *)message + NLMSG_LENGTH(GENL_HDRLEN);
	const char *end = (const char *)message + message->nlmsg_len;
	const struct genlmsghdr *generic = (const void *)((const char *)message + NLMSG_HDRLEN);

	memset(seen, 0, sizeof(*seen));
	seen->command = generic->cmd;
	while (at + NLA_HDRLEN <= end) {
		const struct nlattr *attr = (const void *)at;

		if (attr->nla_len < NLA_HDRLEN)
			return;
		take_attribute(seen, attr->nla_type & NLA_TYPE_MASK, at + NLA_HDRLEN,
			       attr->nla_len - (size_t)NLA_HDRLEN);
		at += NLA_ALIGN(attr->nla_len);
	}
}

/* NLMSG_ERROR: the errno, the message's header (all of it on error), and words */
static int take_error(struct talk *talk, const struct nlmsghdr *message)
{
	const struct nlmsgerr *error = (const void *)((const char *)message + NLMSG_HDRLEN);
	const char *end = (const char *)message + message->nlmsg_len;
	const char *at = (const char *)(error + 1);

	talk->reason[0] = '\0';
	talk->attribute = 0;
	if (!(message->nlmsg_flags & NLM_F_ACK_TLVS))
		return error->error;
	if (!(message->nlmsg_flags & NLM_F_CAPPED))
		at += NLMSG_ALIGN(error->msg.nlmsg_len) - NLMSG_HDRLEN;
	while (at + NLA_HDRLEN <= end) {
		const struct nlattr *attr = (const void *)at;

		if ((attr->nla_type & NLA_TYPE_MASK) == NLMSGERR_ATTR_MSG)
			snprintf(talk->reason, sizeof(talk->reason), "%s", at + NLA_HDRLEN);
		else if ((attr->nla_type & NLA_TYPE_MASK) == NLMSGERR_ATTR_OFFS)
			memcpy(&talk->attribute, at + NLA_HDRLEN, sizeof(talk->attribute));
		at += NLA_ALIGN(attr->nla_len);
	}
	return error->error;
}

static ssize_t receive(struct talk *talk)
{
	ssize_t len = recv(talk->fd, talk->buf, sizeof(talk->buf), 0);

	return len < 0 ? -errno : len;
}

/* Send; then each message of the answer until its end. */
static int converse(struct talk *talk, struct request *request,
		    void (*each)(const struct nlmsghdr *message, void *data), void *data)
{
	header(request)->nlmsg_seq = ++talk->seq;
	if (send(talk->fd, request->bytes, request_len(request), 0) < 0)
		return -errno;
	for (;;) {
		ssize_t len = receive(talk);
		struct nlmsghdr *message = (void *)talk->buf;

		if (len < 0)
			return (int)len;
		for (; NLMSG_OK(message, (size_t)len); message = NLMSG_NEXT(message, len)) {
			if (message->nlmsg_seq != talk->seq)
				continue;
			if (message->nlmsg_type == NLMSG_ERROR)
				return take_error(talk, message);
			if (message->nlmsg_type == NLMSG_DONE)
				return 0;
			if (each)
				each(message, data);
		}
	}
}

int talk_ask(struct talk *talk, struct request *request)
{
	header(request)->nlmsg_flags |= NLM_F_ACK;
	return converse(talk, request, NULL, NULL);
}

static void see(const struct nlmsghdr *message, void *data)
{
	take_message(data, message);
}

int talk_get(struct talk *talk, uint32_t tree, uint32_t id, struct seen *ret_seen)
{
	struct request request;

	request_begin(&request, talk, SUPTREE_CMD_NODE_GET, NLM_F_ACK);
	if (tree)
		request_u32(&request, SUPTREE_A_TREE, tree);
	request_u32(&request, SUPTREE_A_ID, id);
	return converse(talk, &request, see, ret_seen);
}

struct dumping {
	void (*each)(const struct seen *seen, void *data);
	void *data;
	int nr;
};

static void see_next(const struct nlmsghdr *message, void *data)
{
	struct dumping *dumping = data;
	struct seen seen;

	take_message(&seen, message);
	dumping->nr++;
	if (dumping->each)
		dumping->each(&seen, dumping->data);
}

int talk_dump(struct talk *talk, void (*each)(const struct seen *seen, void *data), void *data)
{
	struct dumping dumping = { each, data, 0 };
	struct request request;
	int err;

	request_begin(&request, talk, SUPTREE_CMD_NODE_GET, NLM_F_DUMP);
	err = converse(talk, &request, see_next, &dumping);
	return err ? err : dumping.nr;
}

int talk_event(struct talk *talk, struct seen *ret_seen)
{
	const struct nlmsghdr *message;

	if (talk->at >= talk->len) {
		ssize_t len = receive(talk);

		if (len < 0)
			return (int)len;
		talk->len = (size_t)len;
		talk->at = 0;
	}
	message = (const void *)(talk->buf + talk->at);
	talk->at += NLMSG_ALIGN(message->nlmsg_len);
	take_message(ret_seen, message);
	return 0;
}

int talk_await(struct talk *talk, uint8_t event, uint32_t id, struct seen *ret_seen)
{
	int err;

	do
		err = talk_event(talk, ret_seen);
	while (!err && (ret_seen->event != event || ret_seen->id != id));
	return err;
}

struct family {
	struct talk *talk;
	bool is_found;
};

static void take_group(struct talk *talk, const char *at, const char *end)
{
	uint32_t id = 0;
	bool is_events = false;

	while (at + NLA_HDRLEN <= end) {
		const struct nlattr *attr = (const void *)at;

		if (attr->nla_type == CTRL_ATTR_MCAST_GRP_ID)
			memcpy(&id, at + NLA_HDRLEN, sizeof(id));
		else if (attr->nla_type == CTRL_ATTR_MCAST_GRP_NAME)
			is_events = !strcmp(at + NLA_HDRLEN, SUPTREE_MCGRP_EVENTS);
		at += NLA_ALIGN(attr->nla_len);
	}
	if (is_events)
		talk->group = id;
}

static void take_family(const struct nlmsghdr *message, void *data)
{
	const char *at = (const char *)message + NLMSG_LENGTH(GENL_HDRLEN);
	const char *end = (const char *)message + message->nlmsg_len;
	struct talk *talk = data;

	while (at + NLA_HDRLEN <= end) {
		const struct nlattr *attr = (const void *)at;
		const char *inner = at + NLA_HDRLEN;

		if (attr->nla_type == CTRL_ATTR_FAMILY_ID)
			memcpy(&talk->family, inner, sizeof(talk->family));
		while (attr->nla_type == CTRL_ATTR_MCAST_GROUPS && inner < at + attr->nla_len) {
			const struct nlattr *group = (const void *)inner;

			take_group(talk, inner + NLA_HDRLEN, inner + group->nla_len);
			inner += NLA_ALIGN(group->nla_len);
		}
		at += NLA_ALIGN(attr->nla_len);
	}
}

static int find_family(struct talk *talk)
{
	struct genlmsghdr *generic;
	struct request request;
	int err;

	talk->family = GENL_ID_CTRL;
	request_begin(&request, talk, CTRL_CMD_GETFAMILY, NLM_F_ACK);
	generic = NLMSG_DATA(header(&request));
	generic->version = 1;
	request_text(&request, CTRL_ATTR_FAMILY_NAME, SUPTREE_GENL_NAME);
	err = converse(talk, &request, take_family, talk);
	return !err && talk->family == GENL_ID_CTRL ? -ENOENT : err;
}

int talk_open(struct talk *talk)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	struct timeval patience = { .tv_sec = TALK_PATIENCE_S };
	socklen_t len = sizeof(address);
	int one = 1, err;

	memset(talk, 0, sizeof(*talk));
	talk->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (talk->fd < 0)
		return -errno;
	if (bind(talk->fd, (void *)&address, sizeof(address)) ||
	    getsockname(talk->fd, (void *)&address, &len) ||
	    setsockopt(talk->fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one)) ||
	    setsockopt(talk->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)))
		err = -errno;
	else
		err = find_family(talk);
	talk->port = address.nl_pid;
	if (err)
		talk_close(talk);
	return err;
}

void talk_close(struct talk *talk)
{
	if (talk->fd >= 0)
		close(talk->fd);
	talk->fd = -1;
}

/* As much room as there may be: events of thousands of nodes come at once. */
int talk_listen(struct talk *talk)
{
	int room = 64 << 20;

	(void)setsockopt(talk->fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	if (setsockopt(talk->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &talk->group,
		       sizeof(talk->group)))
		return -errno;
	return 0;
}
