// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random requests: of every kind, to supervisors and children that are there
 * and to some that are not.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/compiler.h"
#include "storm.h"

#define MAX_NODES 60 /* a tree that has more gets no more children */

static struct st_child *any_child(struct st_storm *storm, const struct st_sup *sup)
{
	struct st_list *pos = sup->children.next;

	if (!sup->nr_children)
		return NULL;
	for (uint32_t skip = st_random_below(&storm->random, sup->nr_children); skip; skip--)
		pos = pos->next;
	return st_child_of(pos);
}

/* Down from the root at random; now and then one that does not run. */
static struct st_sup *any_sup(struct st_storm *storm)
{
	struct st_sup *sup = storm->tree->root->sup;

	for (uint32_t tries = st_random_below(&storm->random, 6); tries; tries--) {
		struct st_child *child = any_child(storm, sup);

		if (child && child->sup)
			sup = child->sup;
	}
	return sup;
}

static const char *name_target(struct st_storm *storm, const struct st_sup *sup)
{
	if (st_random_percent(&storm->random, 2))
		return "no/such/supervisor";
	st_buf_reset(&storm->path);
	st_child_write_path(sup->self, &storm->path);
	return st_buf_text(&storm->path);
}

static void name_child(struct st_storm *storm, const struct st_sup *sup, struct st_request *request)
{
	const struct st_child *child = any_child(storm, sup);

	request->id = st_shape_id(&storm->random);
	if (!child || st_random_percent(&storm->random, 20))
		return;
	if (request->type == ST_REQUEST_TERMINATE_CHILD && st_sup_is_dynamic(sup) &&
	    st_random_percent(&storm->random, 70))
		request->terminate.generation =
			child->generation - st_random_percent(&storm->random, 10);
	else if (st_random_percent(&storm->random, 5))
		request->terminate.foreign = true;
	else
		request->id = st_child_name(child);
}

/* The error that the binder would have found, with its term. */
static void refuse_spec(struct st_storm *storm, struct st_request *request)
{
	static const uint8_t errors[] = { ST_SPEC_MISSING_ID, ST_SPEC_INVALID_RESTART_TYPE,
					  ST_SPEC_BAD_COMBINATION_RESTART,
					  ST_SPEC_INVALID_SHUTDOWN };

	request->error = errors[st_random_below(&storm->random, ST_ARRAY_SIZE(errors))];
	request->error_json = "{\"invalid\":\"this\"}";
	if (request->type == ST_REQUEST_START_CHILD)
		request->start.significant = st_random_percent(&storm->random, 50);
}

static void fill_start(struct st_storm *storm, const struct st_sup *sup, struct st_request *request)
{
	static const char *const args[] = { "one", "two" };

	if (sup->spec->flags.strategy == ST_STRATEGY_SIMPLE_ONE_FOR_ONE &&
	    !st_random_percent(&storm->random, 3)) {
		request->id = st_shape_id(&storm->random);
		request->start.args = args;
		request->start.nr_args = st_random_below(&storm->random, 3);
	} else if (st_random_percent(&storm->random, 5)) {
		refuse_spec(storm, request);
	} else {
		request->start.spec = st_shape_child(&storm->random, sup);
	}
}

static void fill_change(struct st_storm *storm, const struct st_sup *sup,
			struct st_request *request)
{
	if (st_random_percent(&storm->random, 5)) {
		refuse_spec(storm, request);
		return;
	}
	request->change.to = st_shape_change(&storm->random, sup);
	request->change.flags_only = request->change.to->init == ST_INIT_OK &&
				     st_random_percent(&storm->random, 20);
	request->change.whole = !request->change.flags_only &&
				st_random_percent(&storm->random, 30);
}

/* How often each kind of request is made. */
static enum st_request_type random_type(struct st_storm *storm)
{
	static const struct {
		enum st_request_type type;
		uint32_t share;
	} shares[] = {
		{ ST_REQUEST_START_CHILD, 25 },	    { ST_REQUEST_RESTART_CHILD, 15 },
		{ ST_REQUEST_TERMINATE_CHILD, 15 }, { ST_REQUEST_DELETE_CHILD, 10 },
		{ ST_REQUEST_RESTART, 5 },	    { ST_REQUEST_WHICH_CHILDREN, 5 },
		{ ST_REQUEST_COUNT_CHILDREN, 5 },   { ST_REQUEST_GET_CHILDSPEC, 7 },
		{ ST_REQUEST_CHANGE, 5 },	    { ST_REQUEST_STOP, 2 },
		{ ST_REQUEST_SETTLE, 6 },
	};
	uint32_t dice = st_random_below(&storm->random, 100), at = 0;

	while (dice >= shares[at].share)
		dice -= shares[at++].share;
	return shares[at].type;
}

static struct st_reason random_reason(struct st_storm *storm)
{
	static const uint8_t statuses[] = { 0, 143, 161, 9 };

	return st_reason_from_exit(
		statuses[st_random_below(&storm->random, ST_ARRAY_SIZE(statuses))]);
}

static uint64_t new_token(struct st_storm *storm)
{
	if (storm->nr_asked == storm->cap_asked) {
		storm->cap_asked = storm->cap_asked ? storm->cap_asked * 2 : 1024;
		storm->answered = st_realloc(storm->answered, storm->cap_asked);
		if (!storm->answered)
			exit(3); /* a storm can not go on without memory */
	}
	storm->answered[storm->nr_asked++] = false;
	return storm->nr_asked;
}

void st_ask(struct st_storm *storm)
{
	struct st_sup *sup = any_sup(storm);
	struct st_request request = { .type = random_type(storm) };
	const struct st_event event = { .type = ST_EV_REQUEST, .request = &request };

	/* separate events stop the root; otherwise storms would be short */
	if ((request.type == ST_REQUEST_STOP && !sup->self->parent) ||
	    (request.type == ST_REQUEST_START_CHILD && storm->tree->nr_nodes > MAX_NODES))
		request.type = ST_REQUEST_WHICH_CHILDREN;
	request.token = new_token(storm);
	request.sup = name_target(storm, sup);
	if (request.type == ST_REQUEST_START_CHILD)
		fill_start(storm, sup, &request);
	else if (request.type == ST_REQUEST_CHANGE)
		fill_change(storm, sup, &request);
	else if (request.type == ST_REQUEST_STOP)
		request.stop.reason = random_reason(storm);
	else
		name_child(storm, sup, &request);
	st_storm_step(storm, &event);
	st_request_done(&request);
}
