// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clients that wait for a state; see until.h. condition.c defines the states.
 *
 * A condition is checked only after a step that has touched its path. A check
 * searches a child by name, and a step is part of every restart, so checking
 * all would make restarts slow. There is one exception. What the supervisor
 * decides about a dead child may cause no effect that names it. So a condition
 * about a dead child is checked after each step until that is decided.
 */
#include "daemon/history/until.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/list.h"
#include "daemon/history/condition.h"
#include "loop/deadline.h"
#include "proto/path.h"

/* A step with more effects than this counts as touching every path. */
#define MAX_EFFECTS 64

struct wait {
	struct st_list link; /* in untils->waits */
	struct st_untils *untils;
	struct st_client *client;
	struct st_condition condition;
	struct st_deadline deadline;
	bool is_touched; /* check it after this step */
};

struct st_untils {
	struct st_ring *ring;
	const struct st_tree *tree;
	struct st_list waits;
	struct st_buf path; /* of the child that an effect has touched */
};

static struct wait *wait_of(struct st_list *link)
{
	return st_list_entry(link, struct wait, link);
}

static void free_wait(struct wait *wait)
{
	st_list_del(&wait->link);
	st_deadline_done(&wait->deadline);
	st_free(wait);
}

int st_untils_new(struct st_ring *ring, const struct st_tree *tree, struct st_untils **ret_untils)
{
	struct st_untils *untils = st_alloc(sizeof(*untils));

	if (!untils)
		return -ENOMEM;
	untils->ring = ring;
	untils->tree = tree;
	st_list_init(&untils->waits);
	if (st_buf_reserve(&untils->path, ST_PATH_ROOM)) {
		st_untils_free(untils);
		return -ENOMEM;
	}
	*ret_untils = untils;
	return 0;
}

void st_untils_free(struct st_untils *untils)
{
	if (!untils)
		return;
	while (!st_list_is_empty(&untils->waits))
		free_wait(wait_of(untils->waits.next));
	st_buf_done(&untils->path);
	st_free(untils);
}

/* The answer reports the state that the child has now. */
static void on_timeout(struct st_deadline *deadline)
{
	struct wait *wait = container_of(deadline, struct wait, deadline);
	struct st_buf state = ST_BUF_INIT;

	st_condition_write_state(&wait->condition, wait->untils->tree, &state);
	st_client_reply_error(wait->client, ST_ERROR_TIMEOUT, NULL, "wait %s=%s: timed out: %s",
			      wait->condition.path, st_until_text[wait->condition.until],
			      st_buf_text(&state));
	st_buf_done(&state);
	free_wait(wait);
}

int st_untils_add(struct st_untils *untils, struct st_client *client,
		  const struct st_condition *condition, uint64_t deadline_ns)
{
	bool is_undecided;
	struct wait *wait;

	if (st_condition_holds(condition, untils->tree, &is_undecided)) {
		st_client_reply_ok(client);
		return 0;
	}
	wait = st_alloc(sizeof(*wait));
	if (!wait || st_deadline_init(&wait->deadline, untils->ring, on_timeout)) {
		st_free(wait);
		return -ENOMEM;
	}
	wait->untils = untils;
	wait->client = client;
	wait->condition = *condition;
	st_deadline_set(&wait->deadline, deadline_ns);
	wait->is_touched = is_undecided;
	st_list_add_tail(&wait->link, &untils->waits);
	return 0;
}

/*
 * A child matters to waits for itself, for those above it and for those below
 * it.
 */
static void touch(struct st_untils *untils, const struct st_child *child)
{
	struct st_list *pos;

	st_buf_reset(&untils->path);
	st_child_write_path(child, &untils->path);
	st_list_for_each(pos, &untils->waits) {
		struct wait *wait = wait_of(pos);
		const char *path = wait->condition.path;
		size_t len = strlen(path);

		wait->is_touched |=
			st_path_is_within(untils->path.data, untils->path.len, path, len) ||
			st_path_is_within(path, len, untils->path.data, untils->path.len);
	}
}

static void touch_all(struct st_untils *untils)
{
	struct st_list *pos;

	st_list_for_each(pos, &untils->waits)
		wait_of(pos)->is_touched = true;
}

void st_untils_check(struct st_untils *untils, const struct st_effects *effects)
{
	struct st_list *pos, *tmp;

	if (st_list_is_empty(&untils->waits))
		return;
	if (effects->nr > MAX_EFFECTS)
		touch_all(untils);
	for (uint32_t i = 0; i < effects->nr && effects->nr <= MAX_EFFECTS; i++) {
		const struct st_effect *effect = &effects->items[i];

		if (effect->child)
			touch(untils, effect->child);
		if (effect->sup)
			touch(untils, effect->sup->self);
	}
	st_list_for_each_safe(pos, tmp, &untils->waits) {
		struct wait *wait = wait_of(pos);

		if (!wait->is_touched ||
		    !st_condition_holds(&wait->condition, untils->tree, &wait->is_touched))
			continue;
		st_client_reply_ok(wait->client);
		free_wait(wait);
	}
}

void st_untils_shut_down(struct st_untils *untils)
{
	while (!st_list_is_empty(&untils->waits)) {
		struct wait *wait = wait_of(untils->waits.next);

		st_client_reply_error(wait->client, ST_ERROR_SHUTTING_DOWN, NULL,
				      "wait %s=%s: the daemon stops", wait->condition.path,
				      st_until_text[wait->condition.until]);
		free_wait(wait);
	}
}

void st_untils_forget(struct st_untils *untils, struct st_client *client)
{
	struct st_list *pos, *tmp;

	st_list_for_each_safe(pos, tmp, &untils->waits)
		if (wait_of(pos)->client == client)
			free_wait(wait_of(pos));
}
