/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A supervisor's mailbox: messages in order of arrival. [M1]
 *
 * A mailbox is a list. A message is part of the object that it is about: a child has a
 * message for its death or its retry, a request is a message, and a supervisor has one
 * for the stop request of its parent. So a mailbox owns nothing, never allocates and is
 * never full, however many deaths, retries and requests wait.
 */
#ifndef ST_CORE_MAILBOX_H
#define ST_CORE_MAILBOX_H

#include "base/list.h"

enum st_message_type {
	ST_MESSAGE_EXIT, /* of a running child: it has ended */
	ST_MESSAGE_RETRY, /* of a restarting child: start it again [F2] */
	ST_MESSAGE_CALL, /* a request */
	ST_MESSAGE_STOP, /* of a supervisor: its parent wants it to end [M5] */
};

struct st_message {
	struct st_list node; /* on no list: it does not wait */
	enum st_message_type type;
};

static inline void st_message_init(struct st_message *message)
{
	st_list_init(&message->node);
}

static inline bool st_message_waits(const struct st_message *message, enum st_message_type type)
{
	return message->type == type && !st_list_is_empty(&message->node);
}

static inline void st_message_drop(struct st_message *message)
{
	st_list_del(&message->node);
}

/* Append a message; the same one, if it waits already, keeps its place. */
static inline void st_mailbox_put(struct st_list *mailbox, struct st_message *message,
				  enum st_message_type type)
{
	if (st_message_waits(message, type))
		return;
	st_message_drop(message);
	message->type = type;
	st_list_add_tail(&message->node, mailbox);
}

/* The oldest message, or NULL. */
static inline struct st_message *st_mailbox_peek(const struct st_list *mailbox)
{
	if (st_list_is_empty(mailbox))
		return NULL;
	return st_list_entry(mailbox->next, struct st_message, node);
}

/* Remove the oldest message and return it, or NULL. */
static inline struct st_message *st_mailbox_take(struct st_list *mailbox)
{
	struct st_message *message = st_mailbox_peek(mailbox);

	if (message)
		st_message_drop(message);
	return message;
}

#endif
