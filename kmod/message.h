/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The attributes of answers and events, as uapi/linux/suptree.h promises them.
 * Called by netlink.c and answer.c; takes no lock and finds nothing by itself.
 */
#ifndef _SUPTREE_MESSAGE_H
#define _SUPTREE_MESSAGE_H

struct pid_namespace;
struct sk_buff;
struct st_record;
struct st_row;

/* room for any message: a NAME, and less than twenty numbers */
#define ST_MESSAGE_SIZE 768

/* Return: 0 or -EMSGSIZE. Pids are numbers of @ns. */
int __must_check st_message_put_row(struct sk_buff *skb, const struct st_row *row,
				    struct pid_namespace *ns);

/* An event; @row NULL: of the whole tree. Pids are numbers of the owner's namespace. */
int __must_check st_message_put_event(struct sk_buff *skb, const struct st_record *record,
				      const struct st_row *row);

#endif /* _SUPTREE_MESSAGE_H */
