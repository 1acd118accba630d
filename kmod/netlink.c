// SPDX-License-Identifier: GPL-2.0-only
/*
 * The family, see netlink.h and uapi/linux/suptree.h.
 *
 * Each command has its own policy, so that an attribute that the command does not use
 * is refused. NLA_POLICY_RANGE() and _MAX() have only 16 bits: numbers of 32 bits have
 * only a minimum.
 */
#include "netlink.h"

#include <linux/atomic.h>
#include <linux/suptree.h>
#include <net/genetlink.h>

#include "answer.h"
#include "message.h"
#include "registry.h"
#include "request.h"
#include "ring.h"
#include "trace.h"
#include "tree.h"

static bool is_telling; /* under the registry's lock */
static atomic64_t nr_refused;
static atomic64_t nr_lost;

#define ID_POLICY NLA_POLICY_MIN(NLA_U32, 1)
#define STRATEGY_POLICY NLA_POLICY_MAX(NLA_U8, __SUPTREE_STRATEGY_MAX - 1)

static const struct nla_policy new_policy[SUPTREE_A_MAX + 1] = {
	[SUPTREE_A_ID] = ID_POLICY,
	[SUPTREE_A_PARENT] = { .type = NLA_U32 },
	[SUPTREE_A_KIND] = NLA_POLICY_MAX(NLA_U8, __SUPTREE_KIND_MAX - 1),
	[SUPTREE_A_NAME] = { .type = NLA_NUL_STRING, .len = SUPTREE_NAME_MAX },
	[SUPTREE_A_STRATEGY] = STRATEGY_POLICY,
	[SUPTREE_A_PID] = { .type = NLA_U32 },
	[SUPTREE_A_GENERATION] = { .type = NLA_U64 },
	[SUPTREE_A_RESTARTS] = { .type = NLA_U32 },
};

static const struct nla_policy set_policy[SUPTREE_A_MAX + 1] = {
	[SUPTREE_A_ID] = ID_POLICY,
	[SUPTREE_A_STRATEGY] = STRATEGY_POLICY,
	[SUPTREE_A_PID] = { .type = NLA_U32 },
	[SUPTREE_A_GENERATION] = { .type = NLA_U64 },
	[SUPTREE_A_RESTARTS] = { .type = NLA_U32 },
};

static const struct nla_policy del_policy[SUPTREE_A_MAX + 1] = {
	[SUPTREE_A_ID] = ID_POLICY,
	[SUPTREE_A_SUBTREE] = { .type = NLA_FLAG },
};

static const struct nla_policy get_policy[SUPTREE_A_MAX + 1] = {
	[SUPTREE_A_ID] = ID_POLICY,
	[SUPTREE_A_TREE] = ID_POLICY,
};

static const struct genl_ops ops[] = {
	{
		.cmd = SUPTREE_CMD_NODE_NEW,
		.flags = GENL_ADMIN_PERM,
		.policy = new_policy,
		.maxattr = SUPTREE_A_MAX,
		.doit = st_request_node_new,
	},
	{
		.cmd = SUPTREE_CMD_NODE_SET,
		.flags = GENL_ADMIN_PERM,
		.policy = set_policy,
		.maxattr = SUPTREE_A_MAX,
		.doit = st_request_node_set,
	},
	{
		.cmd = SUPTREE_CMD_NODE_DEL,
		.flags = GENL_ADMIN_PERM,
		.policy = del_policy,
		.maxattr = SUPTREE_A_MAX,
		.doit = st_request_node_del,
	},
	{
		.cmd = SUPTREE_CMD_NODE_GET,
		.policy = get_policy,
		.maxattr = SUPTREE_A_MAX,
		.doit = st_answer_node_get,
		.start = st_answer_dump_start,
		.dumpit = st_answer_dump,
		.done = st_answer_dump_done,
	},
};

static const struct genl_multicast_group groups[] = {
	{ .name = SUPTREE_MCGRP_EVENTS },
};

/* parallel_ops: the registry has its own lock, and its readers need none. */
struct genl_family st_family __ro_after_init = {
	.name = SUPTREE_GENL_NAME,
	.version = SUPTREE_GENL_VERSION,
	.maxattr = SUPTREE_A_MAX,
	.netnsok = true,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.resv_start_op = __SUPTREE_CMD_MAX,
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

/* Return: the message, or NULL without memory. */
static struct sk_buff *make_event(const struct st_record *record, const struct st_row *row)
{
	struct sk_buff *skb = genlmsg_new(ST_MESSAGE_SIZE, GFP_KERNEL);
	void *header;

	if (!skb)
		return NULL;
	header = genlmsg_put(skb, 0, 0, &st_family, 0, SUPTREE_CMD_EVENT);
	if (!header || st_message_put_event(skb, record, row)) {
		nlmsg_free(skb);
		return NULL;
	}
	genlmsg_end(skb, header);
	return skb;
}

void st_netlink_tell(const struct st_record *record, const struct st_row *row)
{
	struct net *net = record->tree->net;
	struct sk_buff *skb;
	int err;

	st_registry_assert_held();
	if (!is_telling || !genl_has_listeners(&st_family, net, 0))
		return;
	skb = make_event(record, row);
	err = skb ? genlmsg_multicast_netns(&st_family, net, skb, 0, 0, GFP_KERNEL) : -ENOMEM;
	if (err && err != -ESRCH) /* -ESRCH: the last listener has left */
		atomic64_inc(&nr_lost);
}

int st_netlink_refuse(struct genl_info *info, int err)
{
	if (err) {
		atomic64_inc(&nr_refused);
		trace_suptree_refused(info->genlhdr->cmd, info->snd_portid, err);
	}
	return err;
}

void st_netlink_count(struct st_netlink_counts *ret_counts)
{
	ret_counts->nr_refused = atomic64_read(&nr_refused);
	ret_counts->nr_lost = atomic64_read(&nr_lost);
}

/* Events of an unregistered family would go to a group of another family. */
static void set_telling(bool value)
{
	st_registry_begin();
	is_telling = value;
	st_registry_end();
}

int st_netlink_init(void)
{
	int err;

	set_telling(true); /* the first request may come before register returns */
	err = genl_register_family(&st_family);
	if (err)
		set_telling(false);
	return err;
}

void st_netlink_done(void)
{
	set_telling(false);
	genl_unregister_family(&st_family);
}
