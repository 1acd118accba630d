// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests of owners, see request.h. Steps that can fail come first, outside the lock
 * if possible. After st_registry_change() nothing fails.
 */
#include "request.h"

#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/suptree.h>
#include <linux/ktime.h>
#include <net/genetlink.h>

#include "netlink.h"
#include "node.h"
#include "process.h"
#include "registry.h"
#include "tell.h"
#include "tree.h"
#include "watch.h"

/* A worker has no strategy; a process has the generation, not a node. */
static int check_attributes(struct genl_info *info, u8 kind)
{
	struct nlattr *strategy = info->attrs[SUPTREE_A_STRATEGY];
	struct nlattr *generation = info->attrs[SUPTREE_A_GENERATION];

	if (strategy && kind != SUPTREE_KIND_SUPERVISOR) {
		NL_SET_ERR_MSG_ATTR(info->extack, strategy, "STRATEGY: not of a worker");
		return -EINVAL;
	}
	if (generation && !info->attrs[SUPTREE_A_PID]) {
		NL_SET_ERR_MSG_ATTR(info->extack, generation, "GENERATION: without a PID");
		return -EINVAL;
	}
	return 0;
}

static int check_name(struct genl_info *info)
{
	struct nlattr *name = info->attrs[SUPTREE_A_NAME];
	const char *c = nla_data(name);

	if (!*c)
		goto refuse;
	for (; *c; c++)
		if (!isascii(*c) || !isgraph(*c) || *c == '/')
			goto refuse;
	return 0;
refuse:
	NL_SET_ERR_MSG_ATTR(info->extack, name, "NAME: 1 to 255 bytes of ! to ~, without /");
	return -EINVAL;
}

static int check_new(struct genl_info *info)
{
	if (GENL_REQ_ATTR_CHECK(info, SUPTREE_A_ID)) {
		GENL_SET_ERR_MSG(info, "ID: missing");
		return -EINVAL;
	}
	if (GENL_REQ_ATTR_CHECK(info, SUPTREE_A_KIND)) {
		GENL_SET_ERR_MSG(info, "KIND: missing");
		return -EINVAL;
	}
	if (GENL_REQ_ATTR_CHECK(info, SUPTREE_A_NAME)) {
		GENL_SET_ERR_MSG(info, "NAME: missing");
		return -EINVAL;
	}
	return check_name(info) ?: check_attributes(info, nla_get_u8(info->attrs[SUPTREE_A_KIND]));
}

static struct st_node *make_node(struct genl_info *info)
{
	struct st_node *node = st_node_new(nla_data(info->attrs[SUPTREE_A_NAME]));

	if (!node)
		return NULL;
	node->id = nla_get_u32(info->attrs[SUPTREE_A_ID]);
	node->kind = nla_get_u8(info->attrs[SUPTREE_A_KIND]);
	if (info->attrs[SUPTREE_A_STRATEGY])
		node->strategy = nla_get_u8(info->attrs[SUPTREE_A_STRATEGY]);
	if (info->attrs[SUPTREE_A_RESTARTS])
		node->restarts = nla_get_u32(info->attrs[SUPTREE_A_RESTARTS]);
	return node;
}

/* Takes the caller's reference to @watch. */
static void attach(struct st_node *node, struct st_watch *watch)
{
	watch->node = node;
	node->had_process = true;
	rcu_assign_pointer(node->watch, watch);
	st_watch_arm(watch);
}

static int find_parent(struct genl_info *info, struct st_tree *tree, struct st_node **ret_parent)
{
	struct nlattr *id = info->attrs[SUPTREE_A_PARENT];
	struct st_node *parent;

	*ret_parent = NULL;
	if (!id || !nla_get_u32(id))
		return 0;
	parent = st_tree_find(tree, nla_get_u32(id));
	if (!parent) {
		NL_SET_ERR_MSG_ATTR(info->extack, id, "PARENT: no such node");
		return -ENOENT;
	}
	if (parent->kind != SUPTREE_KIND_SUPERVISOR) {
		NL_SET_ERR_MSG_ATTR(info->extack, id, "PARENT: a worker");
		return -ENOTDIR;
	}
	if (parent->depth >= SUPTREE_DEPTH_MAX) {
		NL_SET_ERR_MSG_ATTR(info->extack, id, "PARENT: too deep");
		return -ELOOP;
	}
	*ret_parent = parent;
	return 0;
}

/* The tree takes the references to @node and @watch on success. */
static int add_node(struct genl_info *info, struct st_node *node, struct st_watch *watch)
{
	struct st_node *parent;
	struct st_tree *tree;
	int err;

	if (st_registry_is_full()) {
		GENL_SET_ERR_MSG(info, "as many nodes as max_nodes allows");
		return -ENOSPC;
	}
	tree = st_registry_own(genl_info_net(info), info->snd_portid);
	if (tree == ERR_PTR(-ENOSPC))
		GENL_SET_ERR_MSG(info, "as many trees as max_trees allows");
	if (IS_ERR(tree))
		return PTR_ERR(tree);
	err = find_parent(info, tree, &parent);
	if (!err)
		err = st_registry_insert(tree, node, parent);
	if (err == -EEXIST)
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[SUPTREE_A_ID], "ID: in use");
	if (err) {
		st_registry_disown(tree);
		return err;
	}
	if (watch)
		attach(node, watch);
	st_tell(node, watch ? SUPTREE_EVENT_STARTED : SUPTREE_EVENT_ADDED, ktime_get_boottime_ns());
	return 0;
}

int st_request_node_new(struct sk_buff *skb, struct genl_info *info)
{
	struct st_watch *watch;
	struct st_node *node;
	int err;

	err = check_new(info);
	if (err)
		goto out;
	watch = st_process_of(info);
	err = PTR_ERR_OR_ZERO(watch);
	if (err)
		goto out;
	node = make_node(info);
	err = -ENOMEM;
	if (!node)
		goto out_watch;

	st_registry_begin();
	err = add_node(info, node, watch);
	st_registry_end();
	if (!err)
		return 0;

	st_node_put(node);
out_watch:
	st_watch_put(watch);
out:
	return st_netlink_refuse(info, err);
}

/* The sender's own node; with the lock. */
static struct st_node *find_node(struct genl_info *info)
{
	struct st_tree *tree = st_registry_tree_of(genl_info_net(info), info->snd_portid);
	struct nlattr *id = info->attrs[SUPTREE_A_ID];
	struct st_node *node;

	if (GENL_REQ_ATTR_CHECK(info, SUPTREE_A_ID)) {
		GENL_SET_ERR_MSG(info, "ID: missing");
		return ERR_PTR(-EINVAL);
	}
	node = tree ? st_tree_find(tree, nla_get_u32(id)) : NULL;
	if (!node) {
		NL_SET_ERR_MSG_ATTR(info->extack, id, "ID: no such node in the sender's tree");
		return ERR_PTR(-ENOENT);
	}
	return node;
}

/*
 * PID: a process, or none. Takes @watch.
 * Return: the event it is, or 0 if the node has this process already.
 */
static u8 set_process(struct genl_info *info, struct st_node *node, struct st_watch *watch)
{
	struct st_watch *old = rcu_dereference_protected(node->watch, st_registry_is_held());

	if (!watch) {
		st_node_unwatch(node);
		return old ? SUPTREE_EVENT_CLEARED : 0;
	}
	if (old && old->pid == watch->pid) {
		bool is_same = old->generation == watch->generation ||
			       !info->attrs[SUPTREE_A_GENERATION];

		if (!is_same)
			WRITE_ONCE(old->generation, watch->generation);
		st_watch_put(watch);
		return is_same ? 0 : SUPTREE_EVENT_CHANGED;
	}
	if (node->had_process && !info->attrs[SUPTREE_A_RESTARTS])
		WRITE_ONCE(node->restarts, node->restarts + 1);
	st_node_unwatch(node);
	attach(node, watch);
	return SUPTREE_EVENT_STARTED;
}

/* Return: does the node differ by it? */
static bool set_numbers(struct genl_info *info, struct st_node *node)
{
	struct nlattr *restarts = info->attrs[SUPTREE_A_RESTARTS];
	struct nlattr *strategy = info->attrs[SUPTREE_A_STRATEGY];
	bool is_changed = false;

	if (restarts && nla_get_u32(restarts) != node->restarts) {
		WRITE_ONCE(node->restarts, nla_get_u32(restarts));
		is_changed = true;
	}
	if (strategy && nla_get_u8(strategy) != node->strategy) {
		WRITE_ONCE(node->strategy, nla_get_u8(strategy));
		is_changed = true;
	}
	return is_changed;
}

/* Takes @watch on success. */
static int set_node(struct genl_info *info, struct st_watch *watch)
{
	struct st_node *node = find_node(info);
	u8 event = 0;
	int err;

	if (IS_ERR(node))
		return PTR_ERR(node);
	err = check_attributes(info, node->kind);
	if (err)
		return err;
	st_registry_change();
	if (set_numbers(info, node))
		event = SUPTREE_EVENT_CHANGED;
	if (info->attrs[SUPTREE_A_PID])
		event = set_process(info, node, watch) ?: event;
	if (event)
		st_tell(node, event, ktime_get_boottime_ns());
	return 0;
}

int st_request_node_set(struct sk_buff *skb, struct genl_info *info)
{
	struct st_watch *watch = st_process_of(info);
	int err = PTR_ERR_OR_ZERO(watch);

	if (err)
		return st_netlink_refuse(info, err);
	st_registry_begin();
	err = set_node(info, watch);
	st_registry_end();
	if (!err)
		return 0;
	st_watch_put(watch);
	return st_netlink_refuse(info, err);
}

int st_request_node_del(struct sk_buff *skb, struct genl_info *info)
{
	struct st_node *node;
	int err;

	st_registry_begin();
	node = find_node(info);
	err = PTR_ERR_OR_ZERO(node);
	if (!err && !list_empty(&node->children) && !info->attrs[SUPTREE_A_SUBTREE]) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[SUPTREE_A_ID], "ID: has children");
		err = -ENOTEMPTY;
	}
	if (!err) {
		st_tell(node, SUPTREE_EVENT_REMOVED, ktime_get_boottime_ns());
		st_registry_remove(node);
	}
	st_registry_end();
	return st_netlink_refuse(info, err);
}
