// SPDX-License-Identifier: GPL-2.0-only
/*
 * The part of the tree that the kernel module knows: a node for each child that
 * its supervisor lists, and for each supervisor. See mirror.h.
 *
 * Each node lists the nodes below it, as in the module. So a subtree can be
 * forgotten even if core has freed its children already. A node's pointer to
 * its child is only compared, never followed.
 */
#include <linux/suptree.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/list.h"
#include "daemon/mirror/mirror.h"

struct st_mirror_node {
	struct st_list sibling; /* in ->below of the parent node, or in mirror->tops */
	struct st_list below;
	const struct st_child *child;
	uint32_t id;
	uint32_t nr_restarts; /* as last sent; so is ->strategy */
	uint8_t strategy;
	bool is_sup;
};

static uint64_t key_of(const struct st_child *child)
{
	return (uintptr_t)child;
}

static struct st_mirror_node *find(const struct st_mirror *mirror, const struct st_child *child)
{
	return st_map_get(&mirror->nodes, key_of(child));
}

static struct st_mirror_node *node_of(struct st_list *sibling)
{
	return st_list_entry(sibling, struct st_mirror_node, sibling);
}

static void free_node(struct st_mirror *mirror, struct st_mirror_node *node)
{
	st_list_del(&node->sibling);
	st_map_remove(&mirror->nodes, key_of(node->child));
	st_free(node);
}

/*
 * Free without recursion: first move the nodes below a node to below the top.
 */
static void free_nodes(struct st_mirror *mirror, struct st_mirror_node *top)
{
	while (!st_list_is_empty(&top->below)) {
		struct st_mirror_node *node = node_of(top->below.next);

		st_list_splice_tail(&node->below, &top->below);
		free_node(mirror, node);
	}
	free_node(mirror, top);
}

static uint8_t strategy_of(const struct st_sup *sup)
{
	switch (sup->spec->flags.strategy) {
	case ST_STRATEGY_ONE_FOR_ALL:
		return SUPTREE_STRATEGY_ONE_FOR_ALL;
	case ST_STRATEGY_REST_FOR_ONE:
		return SUPTREE_STRATEGY_REST_FOR_ONE;
	case ST_STRATEGY_SIMPLE_ONE_FOR_ONE:
		return SUPTREE_STRATEGY_SIMPLE_ONE_FOR_ONE;
	case ST_STRATEGY_DYNAMIC:
		return SUPTREE_STRATEGY_DYNAMIC;
	case ST_STRATEGY_ONE_FOR_ONE:
	case ST_STRATEGY__MAX:
		break;
	}
	return SUPTREE_STRATEGY_ONE_FOR_ONE;
}

/* The module takes visible ASCII: every other byte is written as \xNN. */
static void put_name(struct st_mirror *mirror, const char *name)
{
	char text[SUPTREE_NAME_MAX + 1];
	size_t len = 0;

	for (; *name && len + 4 < sizeof(text); name++) {
		unsigned char c = (unsigned char)*name;

		if (c > ' ' && c < 0x7f && c != '\\')
			text[len++] = (char)c;
		else
			len += (size_t)snprintf(text + len, 5, "\\x%02x", c);
	}
	text[len] = '\0';
	st_genl_put_text(&mirror->genl, SUPTREE_A_NAME, text);
}

/*
 * Put the attributes that may change. The module takes note of the process now.
 */
static void put_state(struct st_mirror *mirror, struct st_mirror_node *node,
		      const struct st_child *child)
{
	if (!child->sup && child->alive && child->pid) {
		st_genl_put_u32(&mirror->genl, SUPTREE_A_PID, (uint32_t)child->pid);
		st_genl_put_u64(&mirror->genl, SUPTREE_A_GENERATION, child->generation);
	}
	node->nr_restarts = child->nr_restarts;
	st_genl_put_u32(&mirror->genl, SUPTREE_A_RESTARTS, node->nr_restarts);
	if (!child->sup)
		return;
	node->strategy = strategy_of(child->sup);
	st_genl_put_u8(&mirror->genl, SUPTREE_A_STRATEGY, node->strategy);
}

static bool is_told(const struct st_mirror_node *node, const struct st_child *child)
{
	return node->nr_restarts == child->nr_restarts &&
	       (!child->sup || node->strategy == strategy_of(child->sup));
}

static struct st_mirror_node *new_node(struct st_mirror *mirror, const struct st_child *child)
{
	struct st_mirror_node *node = st_alloc(sizeof(*node));

	if (!node || st_map_reserve(&mirror->nodes, mirror->nodes.nr + 1)) {
		st_free(node);
		st_mirror_lacks_memory(mirror);
		return NULL;
	}
	st_list_init(&node->sibling);
	st_list_init(&node->below);
	node->child = child;
	node->is_sup = child->sup != NULL;
	node->id = ++mirror->last_id;
	st_map_put(&mirror->nodes, key_of(child), node);
	return node;
}

static void tell_new(struct st_mirror *mirror, const struct st_child *child)
{
	struct st_mirror_node *above = child->parent ? find(mirror, child->parent->self) : NULL;
	struct st_mirror_node *node;

	if (child->parent && !above) /* the supervisor is sent later, with all below it */
		return;
	node = new_node(mirror, child);
	if (!node)
		return;
	st_genl_begin(&mirror->genl, SUPTREE_CMD_NODE_NEW);
	st_genl_put_u32(&mirror->genl, SUPTREE_A_ID, node->id);
	st_list_add_tail(&node->sibling, above ? &above->below : &mirror->tops);
	if (above)
		st_genl_put_u32(&mirror->genl, SUPTREE_A_PARENT, above->id);
	st_genl_put_u8(&mirror->genl, SUPTREE_A_KIND,
		       child->sup ? SUPTREE_KIND_SUPERVISOR : SUPTREE_KIND_WORKER);
	put_name(mirror, child->parent ? st_child_name(child) : "root");
	put_state(mirror, node, child);
	st_mirror_message_ends(mirror);
}

static void tell_gone(struct st_mirror *mirror, const struct st_child *child)
{
	struct st_mirror_node *node = find(mirror, child);

	if (!node)
		return;
	st_genl_begin(&mirror->genl, SUPTREE_CMD_NODE_DEL);
	st_genl_put_u32(&mirror->genl, SUPTREE_A_ID, node->id);
	st_genl_put_flag(&mirror->genl, SUPTREE_A_SUBTREE);
	st_mirror_message_ends(mirror);
	free_nodes(mirror, node);
}

static void tell_set(struct st_mirror *mirror, const struct st_child *child)
{
	struct st_mirror_node *node = find(mirror, child);

	if (!node)
		return;
	st_genl_begin(&mirror->genl, SUPTREE_CMD_NODE_SET);
	st_genl_put_u32(&mirror->genl, SUPTREE_A_ID, node->id);
	put_state(mirror, node, child);
	st_mirror_message_ends(mirror);
}

static void tell_if_missing(struct st_mirror *mirror, const struct st_child *child)
{
	const struct st_mirror_node *node = find(mirror, child);

	if (node && node->is_sup != (child->sup != NULL)) { /* its kind has changed */
		tell_gone(mirror, child);
		node = NULL;
	}
	if (!node)
		tell_new(mirror, child);
	else if (!is_told(node, child)) /* it is new, and its restarts count from 0 [E8] [K3] */
		tell_set(mirror, child);
}

/* Send a child, and all below it that is listed. */
static void tell_missing(struct st_mirror *mirror, const struct st_child *top)
{
	tell_if_missing(mirror, top);
	if (!top->sup)
		return;
	for (struct st_child *child = st_child_next(top->sup->self, top); child;
	     child = st_child_next(child, top))
		tell_if_missing(mirror, child);
}

void st_mirror_tell_process(struct st_mirror *mirror, const struct st_child *child)
{
	tell_set(mirror, child);
}

void st_mirror_tell(struct st_mirror *mirror, const struct st_effect *effect)
{
	switch (effect->type) {
	case ST_FX_SPAWN: /* a request's child is ADDED when it is ready [C1] */
	case ST_FX_STARTED:
		tell_if_missing(mirror, effect->child);
		break;
	case ST_FX_STARTING:
	case ST_FX_CHANGED:
		tell_missing(mirror, effect->child);
		break;
	case ST_FX_REMOVED:
		tell_gone(mirror, effect->child);
		break;
	case ST_FX_SIGNAL:
	case ST_FX_IGNORED:
	case ST_FX_DONE:
	case ST_FX_START_FAILED:
	case ST_FX_START_ABORTED:
	case ST_FX_ADDED:
	case ST_FX_EXITED: /* the module sees that itself */
	case ST_FX_REPORT:
	case ST_FX_DELAYED:
	case ST_FX_REPLY:
	case ST_FX_HALTED:
	case ST_FX__MAX:
		break;
	}
}

void st_mirror_tell_all(struct st_mirror *mirror)
{
	tell_missing(mirror, mirror->tree->root);
}

void st_mirror_tell_end(struct st_mirror *mirror)
{
	tell_gone(mirror, mirror->tree->root);
}

void st_mirror_forget_all(struct st_mirror *mirror)
{
	while (!st_list_is_empty(&mirror->tops))
		free_nodes(mirror, node_of(mirror->tops.next));
}
