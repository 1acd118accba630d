/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A supervisor's mailbox: messages in order of arrival. [M1]
 *
 * Messages are small values in a ring. Room is reserved when a child is added
 * (one death or retry each, and some), so that putting a death or a retry
 * does not allocate; only a flood of requests makes the ring grow, and that
 * is where -ENOMEM is answered.
 */
#ifndef ST_CORE_MAILBOX_H
#define ST_CORE_MAILBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

struct st_child;
struct st_call;

enum st_message_type {
	ST_MESSAGE_EXIT, /* a running child has ended */
	ST_MESSAGE_RETRY, /* try again to start a restarting child [F2] */
	ST_MESSAGE_CALL, /* a request */
	ST_MESSAGE_STOP, /* the parent wants it to end [M5] */
	ST_MESSAGE_VOID, /* its child was freed meanwhile */
};

struct st_message {
	enum st_message_type type;
	uint64_t generation; /* EXIT: of the process that ended */
	union {
		struct st_child *child; /* EXIT, RETRY */
		struct st_call *call; /* CALL: owned */
	};
};

struct st_mailbox {
	struct st_message *ring;
	uint32_t cap; /* a power of two, or 0 */
	uint32_t first;
	uint32_t nr;
};

/**
 * st_mailbox_reserve() - make room for messages
 * @mailbox: the mailbox
 * @nr: messages that must fit altogether
 *
 * Return: 0 or -ENOMEM.
 */
int st_mailbox_reserve(struct st_mailbox *mailbox, uint32_t nr) __must_check;

/**
 * st_mailbox_put() - append a message
 * @mailbox: the mailbox
 * @message: copied
 *
 * Return: 0, or -ENOMEM if it was full and could not grow.
 */
int st_mailbox_put(struct st_mailbox *mailbox, const struct st_message *message) __must_check;

/**
 * st_mailbox_take() - remove the oldest message
 * @mailbox: the mailbox
 * @ret_message: the message
 *
 * Return: false if there was none.
 */
bool st_mailbox_take(struct st_mailbox *mailbox, struct st_message *ret_message);

/**
 * st_mailbox_peek() - look at a message without removing it
 * @mailbox: the mailbox
 * @index: 0 is the oldest
 *
 * Return: borrowed, or NULL if there are not so many.
 */
struct st_message *st_mailbox_peek(const struct st_mailbox *mailbox, uint32_t index);

/**
 * st_mailbox_forget() - make void what is said about a child that is freed
 * @mailbox: the mailbox
 * @child: the child
 */
void st_mailbox_forget(struct st_mailbox *mailbox, const struct st_child *child);

void st_mailbox_done(struct st_mailbox *mailbox); /* must hold no calls */

#endif
