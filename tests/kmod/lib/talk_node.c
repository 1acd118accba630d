// SPDX-License-Identifier: GPL-2.0-only
/*
 * The requests of an owner in a line each, see talk.h.
 */
#include <stdio.h>

#include "talk.h"

void request_new(struct request *request, const struct talk *talk, const struct new_node *node)
{
	char name[16];

	snprintf(name, sizeof(name), "n%u", node->id);
	request_begin(request, talk, SUPTREE_CMD_NODE_NEW, 0);
	request_u32(request, SUPTREE_A_ID, node->id);
	request_text(request, SUPTREE_A_NAME, node->name ? node->name : name);
	request_u8(request, SUPTREE_A_KIND, node->kind);
	if (node->parent)
		request_u32(request, SUPTREE_A_PARENT, node->parent);
	if (node->strategy)
		request_u8(request, SUPTREE_A_STRATEGY, node->strategy);
	if (node->pid)
		request_u32(request, SUPTREE_A_PID, (uint32_t)node->pid);
	if (node->generation)
		request_u64(request, SUPTREE_A_GENERATION, node->generation);
	if (node->restarts)
		request_u32(request, SUPTREE_A_RESTARTS, node->restarts);
}

int talk_new(struct talk *talk, struct new_node node)
{
	struct request request;

	request_new(&request, talk, &node);
	return talk_ask(talk, &request);
}

int talk_set_pid(struct talk *talk, uint32_t id, pid_t pid, uint64_t generation)
{
	struct request request;

	request_begin(&request, talk, SUPTREE_CMD_NODE_SET, 0);
	request_u32(&request, SUPTREE_A_ID, id);
	request_u32(&request, SUPTREE_A_PID, (uint32_t)pid);
	if (generation)
		request_u64(&request, SUPTREE_A_GENERATION, generation);
	return talk_ask(talk, &request);
}

int talk_del(struct talk *talk, uint32_t id, bool with_subtree)
{
	struct request request;

	request_begin(&request, talk, SUPTREE_CMD_NODE_DEL, 0);
	request_u32(&request, SUPTREE_A_ID, id);
	if (with_subtree)
		request_bytes(&request, SUPTREE_A_SUBTREE, NULL, 0);
	return talk_ask(talk, &request);
}
