// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes the children of a subtree in slices; see nodes.h.
 *
 * A nested answer has open supervisors, one a level. When a child's turn comes, the
 * supervisors that are not above it are closed, and those above it that are not open are
 * opened first. So the nesting is right also if children have gone since the last slice, or if
 * only some children are shown.
 */
#include "daemon/requests/nodes.h"

#include "base/alloc.h"
#include "core/limits.h"
#include "core/walk.h"
#include "daemon/history/events.h"

struct nodes {
	struct st_slices slices;
	struct st_nodes_query query;
	struct st_walk walk;
	struct st_json json;
	uint64_t nr_left; /* children that may be shown */
	unsigned int nr_open; /* supervisors whose "children" are being written */
	bool has_begun;
	struct st_buf last; /* path of the last child that was shown, if there is a limit */
};

static void open_node(struct nodes *nodes, const struct st_child *child)
{
	struct st_json *json = &nodes->json;

	st_json_begin_object(json);
	st_view_members(&nodes->query.view, child, json);
	if (!child->sup || !nodes->query.is_nested) {
		st_json_end_object(json);
		return;
	}
	st_json_key(json, "children");
	st_json_begin_array(json);
	nodes->nr_open++;
}

static void close_to(struct nodes *nodes, unsigned int depth)
{
	for (; nodes->nr_open > depth; nodes->nr_open--) {
		st_json_end_array(&nodes->json);
		st_json_end_object(&nodes->json);
	}
}

/* Open the supervisors above a child that are not open. */
static void open_above(struct nodes *nodes, const struct st_child *child, unsigned int depth)
{
	const struct st_child *chain[ST_MAX_DEPTH + 2];
	const struct st_child *at = child;

	for (unsigned int i = depth; i > nodes->nr_open; i--) {
		at = at->parent->self;
		chain[i - 1] = at;
	}
	while (nodes->nr_open < depth)
		open_node(nodes, chain[nodes->nr_open]);
}

static void note_last(struct nodes *nodes, const struct st_child *child)
{
	if (nodes->query.limit == UINT64_MAX)
		return;
	st_buf_reset(&nodes->last);
	st_child_write_path(child, &nodes->last);
}

static bool finish(struct nodes *nodes, bool has_more)
{
	struct st_json *json = &nodes->json;

	close_to(nodes, 0);
	if (!nodes->query.is_nested) {
		st_json_end_array(json);
		return true;
	}
	st_json_u64_field(json, "seq_end", st_events_seq(nodes->query.view.events));
	if (has_more)
		st_json_buf_field(json, "next", &nodes->last);
	st_json_end_object(json);
	return true;
}

static bool is_shown(const struct nodes *nodes, const struct st_child *child)
{
	return nodes->query.state < 0 || (int)child->state == nodes->query.state;
}

/* Show the child whose turn it is. Return: false if no more may be shown. */
static bool visit(struct nodes *nodes)
{
	struct st_child *child = nodes->walk.at;
	unsigned int depth = st_walk_depth(child, nodes->query.top);
	bool is_nested = nodes->query.is_nested;

	if (is_shown(nodes, child) || (is_nested && !depth)) {
		if (!nodes->nr_left)
			return false;
		nodes->nr_left--;
		if (is_nested) {
			close_to(nodes, depth);
			open_above(nodes, child, depth);
		}
		open_node(nodes, child);
		note_last(nodes, child);
	} else if (is_nested) {
		close_to(nodes, depth);
	}
	st_walk_next(&nodes->walk, depth < nodes->query.depth);
	return true;
}

/* Return: how many children it has visited. */
static unsigned int begin(struct nodes *nodes, struct st_buf *out)
{
	st_json_init(&nodes->json, out);
	nodes->has_begun = true;
	if (!nodes->query.is_nested) {
		st_json_begin_array(&nodes->json);
		return 0;
	}
	st_json_begin_object(&nodes->json);
	st_json_u64_field(&nodes->json, "seq", st_events_seq(nodes->query.view.events));
	st_json_key(&nodes->json, "root");
	/* a nested answer always has its top, also if that is removed before the next slice */
	if (nodes->walk.at == nodes->query.top)
		return visit(nodes);
	open_node(nodes, nodes->query.top);
	return 1;
}

static bool write(struct st_slices *slices, struct st_buf *out, size_t room)
{
	struct nodes *nodes = container_of(slices, struct nodes, slices);
	size_t end = out->len + room;
	unsigned int nr = 0;

	if (!nodes->has_begun)
		nr = begin(nodes, out);
	for (; nr < ST_NODES_PER_SLICE && out->len < end; nr++) {
		if (!nodes->walk.at)
			return finish(nodes, false);
		if (!visit(nodes))
			return finish(nodes, true);
	}
	return !nodes->walk.at && finish(nodes, false);
}

static void free_nodes(struct st_slices *slices)
{
	struct nodes *nodes = container_of(slices, struct nodes, slices);

	st_walk_end(&nodes->walk);
	st_buf_done(&nodes->last);
	st_free(nodes);
}

/* Go to the first child after one: those above it are opened when a child is shown. */
static void skip(struct nodes *nodes)
{
	const struct st_nodes_query *query = &nodes->query;

	st_walk_to(&nodes->walk, query->after);
	st_walk_next(&nodes->walk, st_walk_depth(query->after, query->top) < query->depth);
}

struct st_slices *st_nodes_new(const struct st_nodes_query *query)
{
	struct nodes *nodes = st_alloc(sizeof(*nodes));

	if (!nodes)
		return NULL;
	nodes->slices = (struct st_slices){ .write = write, .free = free_nodes };
	nodes->query = *query;
	nodes->nr_left = query->limit;
	st_walk_begin(&nodes->walk, query->tree, query->top);
	if (query->after)
		skip(nodes);
	return &nodes->slices;
}
