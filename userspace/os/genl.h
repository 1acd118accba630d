/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Generic netlink to a family that a kernel module may provide: one connection,
 * messages in batches, and the messages that the kernel refuses.
 *
 *   st_genl_begin, _put_..., st_genl_end   once for each message
 *   st_genl_flush                          one sendmsg(2) for all of them
 *   st_genl_read_refusal                   when the descriptor is readable
 *
 * The kernel handles the messages in order, inside of the sendmsg(2), and goes on after
 * a message that it refuses. It answers only refused ones. This file does not know the
 * contents of the messages and never blocks. genl_watch.h reports when a family
 * appears or disappears.
 */
#ifndef ST_OS_GENL_H
#define ST_OS_GENL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct nl_msg;
struct nl_sock;

struct st_genl {
	struct nl_sock *sock; /* NULL: closed */
	int family; /* its number */
	uint8_t version;
	uint32_t seq; /* of the last message */
	struct nl_msg *message; /* that is being made, or NULL */
	struct st_buf batch; /* made, and not sent */
};

#define ST_GENL_INIT \
	{ \
		.batch = ST_BUF_INIT \
	}

#define ST_GENL_REASON_MAX 128

/* A message that the kernel refused. */
struct st_genl_refusal {
	uint32_t seq; /* its number, as st_genl_end() gave it */
	int err; /* -errno */
	char reason[ST_GENL_REASON_MAX]; /* in the kernel's words; "" if it has none */
};

/**
 * st_genl_open() - connect to a family
 * @genl: closed (ST_GENL_INIT)
 * @family: its name; the kernel loads the module that provides it, if one is installed
 * @version: of the messages
 *
 * Return: 0; -ENOENT: there is no such family; -ENOMEM; -EIO: anything else.
 */
int st_genl_open(struct st_genl *genl, const char *family, uint8_t version) __must_check;
void st_genl_close(struct st_genl *genl); /* what was not sent is dropped */

static inline bool st_genl_is_open(const struct st_genl *genl)
{
	return genl->sock != NULL;
}

int st_genl_fd(const struct st_genl *genl); /* to be polled for POLLIN */

/**
 * st_genl_begin() - begin a message
 * @genl: open, with no message begun
 * @command: of the family
 *
 * Without memory this and the following calls do nothing, and st_genl_flush() fails.
 */
void st_genl_begin(struct st_genl *genl, uint8_t command);
void st_genl_put_u8(struct st_genl *genl, int attribute, uint8_t value);
void st_genl_put_u32(struct st_genl *genl, int attribute, uint32_t value);
void st_genl_put_u64(struct st_genl *genl, int attribute, uint64_t value);
void st_genl_put_text(struct st_genl *genl, int attribute, const char *text);
void st_genl_put_flag(struct st_genl *genl, int attribute);
uint32_t st_genl_end(struct st_genl *genl); /* Return: the message's number */

/**
 * st_genl_flush() - send what was made
 * @genl: open
 *
 * Return: 0, also if there was nothing; -ENOMEM: not all messages could be made,
 * and none was sent; or -errno of sendmsg(2), -ENOBUFS for a batch that is larger than
 * the socket takes. The batch is empty afterwards in any case.
 */
int st_genl_flush(struct st_genl *genl) __must_check;

/**
 * st_genl_read_refusal() - what the kernel did not do
 * @genl: open
 * @ret_refusal: one refused message
 *
 * Return: 1: there is one; 0: nothing more now; -ENOBUFS: some were lost; or
 * another -errno.
 */
int st_genl_read_refusal(struct st_genl *genl, struct st_genl_refusal *ret_refusal) __must_check;

#endif
