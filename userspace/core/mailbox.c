// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mailbox of mailbox.h: a ring of messages that doubles when it must.
 */
#include "core/mailbox.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"

#define MIN_CAP 4

int st_mailbox_reserve(struct st_mailbox *mailbox, uint32_t nr)
{
	uint32_t cap = mailbox->cap ? mailbox->cap : MIN_CAP;
	struct st_message *ring;

	if (nr <= mailbox->cap)
		return 0;
	while (cap < nr)
		cap *= 2;
	ring = st_alloc_array(cap, sizeof(*ring));
	if (!ring)
		return -ENOMEM;
	for (uint32_t i = 0; i < mailbox->nr; i++)
		ring[i] = *st_mailbox_peek(mailbox, i);
	st_free(mailbox->ring);
	mailbox->ring = ring;
	mailbox->cap = cap;
	mailbox->first = 0;
	return 0;
}

int st_mailbox_put(struct st_mailbox *mailbox, const struct st_message *message)
{
	int err = st_mailbox_reserve(mailbox, mailbox->nr + 1);

	if (err)
		return err;
	mailbox->ring[(mailbox->first + mailbox->nr) & (mailbox->cap - 1)] = *message;
	mailbox->nr++;
	return 0;
}

bool st_mailbox_take(struct st_mailbox *mailbox, struct st_message *ret_message)
{
	if (!mailbox->nr)
		return false;
	*ret_message = mailbox->ring[mailbox->first];
	mailbox->first = (mailbox->first + 1) & (mailbox->cap - 1);
	mailbox->nr--;
	return true;
}

struct st_message *st_mailbox_peek(const struct st_mailbox *mailbox, uint32_t index)
{
	if (index >= mailbox->nr)
		return NULL;
	return &mailbox->ring[(mailbox->first + index) & (mailbox->cap - 1)];
}

void st_mailbox_forget(struct st_mailbox *mailbox, const struct st_child *child)
{
	for (uint32_t i = 0; i < mailbox->nr; i++) {
		struct st_message *message = st_mailbox_peek(mailbox, i);

		if ((message->type == ST_MESSAGE_EXIT || message->type == ST_MESSAGE_RETRY) &&
		    message->child == child)
			message->type = ST_MESSAGE_VOID;
	}
}

void st_mailbox_done(struct st_mailbox *mailbox)
{
	st_free(mailbox->ring);
	memset(mailbox, 0, sizeof(*mailbox));
}
