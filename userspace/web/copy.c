// SPDX-License-Identifier: GPL-2.0-only
/*
 * The copy of the tree: its connection, and who waits for it; see copy.h. Its
 * events and versions are in copy_events.c.
 */
#include "web/copy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/parse.h"
#include "web/copy_internal.h"

#define RETRY_NS (ST_NSEC_PER_SEC / 5)
#define FRESH_NS ST_NSEC_PER_SEC

enum {
	ID_LOGIN = 1,
	ID_SUBSCRIBE,
	ID_TREE,
};

int st_copy_init(struct st_copy *copy)
{
	st_list_init(&copy->served);
	st_list_init(&copy->waiting);
	copy->oldest = 1;
	copy->versions = json_object();
	return copy->versions ? 0 : -ENOMEM;
}

static void forget_tree(struct st_copy *copy)
{
	json_decref(copy->by_path);
	json_decref(copy->root);
	copy->by_path = NULL;
	copy->root = NULL;
	copy->is_current = false;
	copy->handler->on_change(copy->owner);
}

static void call_all(struct st_list *list)
{
	while (!st_list_is_empty(list)) {
		struct st_copy_wait *wait = st_list_entry(list->next, struct st_copy_wait, link);

		st_list_del(&wait->link);
		st_list_init(&wait->link);
		wait->on_tree(wait);
	}
}

static void disconnect(struct st_copy *copy, const char *why)
{
	st_pass_free(copy->pass);
	copy->pass = NULL;
	copy->is_ready = false;
	copy->is_late = false;
	copy->retry_ns = st_web_clock_ns() + RETRY_NS;
	fprintf(stderr, "suptree-web: the daemon at %s: %s\n", copy->socket, why);
	forget_tree(copy);
	call_all(&copy->served);
	call_all(&copy->waiting);
}

void st_copy_done(struct st_copy *copy)
{
	st_pass_free(copy->pass);
	json_decref(copy->by_path);
	json_decref(copy->root);
	json_decref(copy->versions);
	st_copy_forget_events(copy);
}

static void subscribe(struct st_copy *copy)
{
	json_t *params;
	int ret;

	if (copy->incarnation)
		params = json_pack("{s:I,s:I}", "since", (json_int_t)copy->seq, "incarnation",
				   (json_int_t)copy->incarnation);
	else
		params = json_pack("{s:i}", "since", 0);
	ret = params ? st_pass_send(copy->pass, ID_SUBSCRIBE, "subscribe", params) : -ENOMEM;
	json_decref(params);
	if (ret)
		disconnect(copy, "out of memory");
}

static void ask(struct st_copy *copy)
{
	st_list_splice_tail(&copy->waiting, &copy->served);
	copy->tree_ns = st_web_clock_ns();
	copy->is_current = false;
	copy->is_expired = false;
	if (st_pass_send(copy->pass, ID_TREE, "tree", NULL))
		disconnect(copy, "out of memory");
}

static int index_nodes(json_t *node, json_t *by_path)
{
	json_t *child;
	size_t index;

	if (json_object_set(by_path, json_string_value(json_object_get(node, "path")), node))
		return -ENOMEM;
	json_array_foreach(json_object_get(node, "children"), index, child)
		if (index_nodes(child, by_path))
			return -ENOMEM;
	return 0;
}

/*
 * Hand out the tree when all events that are in it have come: then versions fit it, too.
 * The daemon numbers events before it sends them, so those that are missing are on their way.
 */
static void hand_out_tree(struct st_copy *copy)
{
	if (!copy->is_late || copy->seq < copy->tree_seq)
		return;
	copy->is_late = false;
	call_all(&copy->served);
	if (copy->pass && !st_list_is_empty(&copy->waiting))
		ask(copy);
}

static void take_tree(struct st_copy *copy, const json_t *result)
{
	json_t *by_path = json_object(), *root = json_object_get(result, "root");

	if (!root || !by_path || index_nodes(root, by_path)) {
		json_decref(by_path);
		disconnect(copy, "its answer to tree cannot be used");
		return;
	}
	forget_tree(copy);
	copy->by_path = by_path;
	copy->root = json_incref(root);
	copy->tree_seq = (uint64_t)json_integer_value(json_object_get(result, "seq"));
	copy->tree_seq_end = (uint64_t)json_integer_value(json_object_get(result, "seq_end"));
	copy->is_current = copy->seq <= copy->tree_seq && !copy->is_expired;
	copy->is_late = true;
	hand_out_tree(copy);
}

static void take_subscribed(struct st_copy *copy, const json_t *result)
{
	uint64_t incarnation = (uint64_t)json_integer_value(json_object_get(result, "incarnation"));
	uint64_t seq = (uint64_t)json_integer_value(json_object_get(result, "seq"));

	if (incarnation != copy->incarnation) {
		st_copy_begin_events(copy, incarnation);
		copy->seq = copy->floor = seq; /* earlier ones may follow */
		copy->oldest = seq + 1;
	}
	copy->is_ready = true;
	copy->handler->on_event(copy->owner);
	if (!st_list_is_empty(&copy->waiting))
		ask(copy);
}

static void take_answer(struct st_copy *copy, const json_t *line)
{
	const json_t *result = json_object_get(line, "result");
	const json_t *error = json_object_get(line, "error");
	const char *why = json_string_value(json_object_get(error, "message"));

	if (!result) {
		disconnect(copy, why ? why : "its answer cannot be used");
		return;
	}
	switch (json_integer_value(json_object_get(line, "id"))) {
	case ID_LOGIN:
		subscribe(copy);
		break;
	case ID_SUBSCRIBE:
		take_subscribed(copy, result);
		break;
	case ID_TREE:
		take_tree(copy, result);
		break;
	default:
		break;
	}
}

static void on_line(struct st_pass *pass, const char *text, size_t len)
{
	struct st_copy *copy = pass->owner;
	const char *method;
	json_t *line;

	if (st_json_parse(text, len, JSON_REJECT_DUPLICATES, &line, NULL)) {
		disconnect(copy, "it sent something that is not JSON, or memory is short");
		return;
	}
	method = json_string_value(json_object_get(line, "method"));
	if (!method) {
		take_answer(copy, line);
	} else {
		st_copy_take_event(copy, method, json_object_get(line, "params"));
		copy->is_current &= copy->seq <= copy->tree_seq;
		copy->handler->on_change(copy->owner);
		copy->handler->on_event(copy->owner);
		hand_out_tree(copy);
	}
	json_decref(line);
}

static void on_end(struct st_pass *pass, int err)
{
	disconnect(pass->owner, err == -EPIPE ? "it has closed the connection" : strerror(-err));
}

static const struct st_pass_handler handler = { .on_line = on_line, .on_end = on_end };

uint64_t st_copy_look(struct st_copy *copy, uint64_t now_ns)
{
	int ret;

	if (copy->pass)
		return ST_NO_DEADLINE;
	if (now_ns < copy->retry_ns)
		return copy->retry_ns;
	ret = st_pass_new(copy->loop, copy->socket, &handler, copy, &copy->pass);
	if (ret) {
		copy->retry_ns = now_ns + RETRY_NS;
		return copy->retry_ns;
	}
	if (!copy->secret)
		subscribe(copy);
	else if (st_pass_login(copy->pass, copy->secret))
		disconnect(copy, "out of memory");
	return copy->pass ? ST_NO_DEADLINE : copy->retry_ns;
}

void st_copy_wait(struct st_copy *copy, struct st_copy_wait *wait)
{
	bool is_fresh = st_web_clock_ns() < copy->tree_ns + FRESH_NS;

	st_list_init(&wait->link);
	if (!copy->is_ready || (copy->is_current && !copy->is_late && is_fresh)) {
		wait->on_tree(wait);
		return;
	}
	st_list_add_tail(&wait->link, &copy->waiting);
	if (st_list_is_empty(&copy->served))
		ask(copy);
}

void st_copy_expire(struct st_copy *copy)
{
	copy->is_current = false;
	copy->is_expired = true;
}

json_t *st_copy_find(const struct st_copy *copy, const char *path)
{
	return json_object_get(copy->by_path, path);
}

const char *st_copy_find_pid(const struct st_copy *copy, int64_t pid)
{
	const char *path;
	json_t *node;

	json_object_foreach(copy->by_path, path, node)
		if (json_integer_value(json_object_get(node, "pid")) == pid)
			return path;
	return NULL;
}
