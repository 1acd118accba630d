// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of monitors; see monitors.h.
 */
#include "daemon/names/monitors.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/alloc.h"
#include "proto/json.h"
#include "proto/rpc.h"

#define SLICE 256 /* downs in one turn of the loop */

struct monitor {
	struct st_list of_client; /* in owner->monitors */
	/*
	 * While the process lives: a ring without a head, newest first, which begins with the
	 * value of by_generation. When it has ended: in ending->monitors.
	 */
	struct st_list of_process;
	struct owner *owner;
	uint64_t generation;
	uint64_t ref;
	char path[];
};

/* A client that has monitors. */
struct owner {
	struct st_client *client;
	struct st_list monitors;
	unsigned int nr;
};

/* A process that has ended, and the monitors for which no `down` is sent so far. */
struct ending {
	struct st_list link; /* in monitors->endings */
	struct st_list monitors;
	size_t len;
	char reason[]; /* as JSON */
};

static uint64_t key_of(const struct st_client *client)
{
	return (uintptr_t)client;
}

static void on_due(struct st_deadline *deadline);

int st_monitors_init(struct st_monitors *monitors, struct st_ring *ring)
{
	*monitors = (struct st_monitors){ 0 };
	st_list_init(&monitors->endings);
	return st_deadline_init(&monitors->due, ring, on_due);
}

void st_monitors_done(struct st_monitors *monitors)
{
	for (uint32_t i = 0; i < monitors->by_ref.cap; i++)
		st_free(monitors->by_ref.entries[i].value);
	for (uint32_t i = 0; i < monitors->by_client.cap; i++)
		st_free(monitors->by_client.entries[i].value);
	while (!st_list_is_empty(&monitors->endings)) {
		struct ending *ending = st_list_entry(monitors->endings.next, struct ending, link);

		st_list_del(&ending->link);
		st_free(ending);
	}
	st_map_done(&monitors->by_generation);
	st_map_done(&monitors->by_client);
	st_map_done(&monitors->by_ref);
	st_deadline_done(&monitors->due);
}

uint64_t st_monitors_new_ref(struct st_monitors *monitors)
{
	return ++monitors->last_ref;
}

static struct owner *find_owner(struct st_monitors *monitors, struct st_client *client)
{
	struct owner *owner = st_map_get(&monitors->by_client, key_of(client));

	if (owner)
		return owner;
	owner = st_alloc(sizeof(*owner));
	if (!owner)
		return NULL;
	owner->client = client;
	st_list_init(&owner->monitors);
	st_map_put(&monitors->by_client, key_of(client), owner);
	return owner;
}

static void free_if_unused(struct st_monitors *monitors, struct owner *owner)
{
	if (owner->nr)
		return;
	st_map_remove(&monitors->by_client, key_of(owner->client));
	st_free(owner);
}

static void link_monitor(struct st_monitors *monitors, struct monitor *monitor)
{
	struct monitor *newest = st_map_get(&monitors->by_generation, monitor->generation);

	st_list_init(&monitor->of_process);
	if (newest)
		st_list_add_tail(&monitor->of_process, &newest->of_process);
	st_map_put(&monitors->by_generation, monitor->generation, monitor);
	st_map_put(&monitors->by_ref, monitor->ref, monitor);
	st_list_add_tail(&monitor->of_client, &monitor->owner->monitors);
	monitor->owner->nr++;
	monitors->nr++;
}

static void free_monitor(struct st_monitors *monitors, struct monitor *monitor)
{
	struct owner *owner = monitor->owner;

	if (st_map_get(&monitors->by_generation, monitor->generation) == monitor) {
		if (st_list_is_empty(&monitor->of_process))
			st_map_remove(&monitors->by_generation, monitor->generation);
		else
			st_map_put(&monitors->by_generation, monitor->generation,
				   st_list_entry(monitor->of_process.next, struct monitor,
						 of_process));
	}
	st_list_del(&monitor->of_process);
	st_list_del(&monitor->of_client);
	st_map_remove(&monitors->by_ref, monitor->ref);
	st_free(monitor);
	monitors->nr--;
	owner->nr--;
	free_if_unused(monitors, owner);
}

static int reserve(struct st_monitors *monitors)
{
	int err = st_map_reserve(&monitors->by_generation, monitors->by_generation.nr + 1);

	if (!err)
		err = st_map_reserve(&monitors->by_client, monitors->by_client.nr + 1);
	if (!err)
		err = st_map_reserve(&monitors->by_ref, monitors->by_ref.nr + 1);
	return err;
}

int st_monitors_add(struct st_monitors *monitors, struct st_client *client, uint64_t generation,
		    const char *path, uint64_t *ret_ref)
{
	size_t size = strlen(path) + 1;
	struct monitor *monitor;
	struct owner *owner;

	if (reserve(monitors))
		return -ENOMEM;
	owner = find_owner(monitors, client);
	if (!owner)
		return -ENOMEM;
	if (owner->nr >= ST_MAX_MONITORS)
		return -E2BIG;
	monitor = st_alloc(sizeof(*monitor) + size);
	if (!monitor) {
		free_if_unused(monitors, owner);
		return -ENOMEM;
	}
	memcpy(monitor->path, path, size);
	monitor->owner = owner;
	monitor->generation = generation;
	monitor->ref = st_monitors_new_ref(monitors);
	link_monitor(monitors, monitor);
	*ret_ref = monitor->ref;
	return 0;
}

void st_monitors_remove(struct st_monitors *monitors, const struct st_client *client, uint64_t ref)
{
	struct monitor *monitor = ref ? st_map_get(&monitors->by_ref, ref) : NULL;

	if (monitor && monitor->owner->client == client)
		free_monitor(monitors, monitor);
}

void st_monitors_send_down(struct st_client *client, uint64_t ref, uint64_t generation,
			   const char *path, const char *reason, size_t len)
{
	struct st_buf params = ST_BUF_INIT;
	struct st_json json;

	st_json_init(&json, &params);
	st_json_begin_object(&json);
	st_json_u64_field(&json, "ref", ref);
	st_json_u64_field(&json, "generation", generation);
	st_json_text_field(&json, "path", path);
	st_json_key(&json, "reason");
	st_json_raw(&json, reason, len);
	st_json_end_object(&json);
	st_client_push(client, "down", &params);
	st_buf_done(&params);
}

/* Send one `down`, with @reason of @len bytes, and free its monitor. */
static void report(struct st_monitors *monitors, struct monitor *monitor, const char *reason,
		   size_t len)
{
	st_monitors_send_down(monitor->owner->client, monitor->ref, monitor->generation,
			      monitor->path, reason, len);
	free_monitor(monitors, monitor);
}

/* A `down` for each monitor that is on the list, up to @most. */
static unsigned int report_some(struct st_monitors *monitors, struct st_list *list,
				unsigned int most, const char *reason, size_t len)
{
	unsigned int nr = 0;

	while (nr < most && !st_list_is_empty(list)) {
		report(monitors, st_list_entry(list->next, struct monitor, of_process), reason,
		       len);
		nr++;
	}
	return nr;
}

/* The next slice. Who goes meanwhile, or takes back a monitor, gets no `down`. */
static void on_due(struct st_deadline *deadline)
{
	struct st_monitors *monitors = container_of(deadline, struct st_monitors, due);
	unsigned int left = SLICE;

	while (left && !st_list_is_empty(&monitors->endings)) {
		struct ending *ending = st_list_entry(monitors->endings.next, struct ending, link);

		left -= report_some(monitors, &ending->monitors, left, ending->reason, ending->len);
		if (!st_list_is_empty(&ending->monitors))
			continue;
		st_list_del(&ending->link);
		st_free(ending);
	}
	if (!st_list_is_empty(&monitors->endings))
		st_deadline_set(&monitors->due, 0);
}

/* Leave the others to later turns; without memory for that, to this one. */
static void report_later(struct st_monitors *monitors, struct st_list *list, const char *reason,
			 size_t len)
{
	struct ending *ending = st_alloc(sizeof(*ending) + len);

	if (!ending) {
		report_some(monitors, list, UINT_MAX, reason, len);
		return;
	}
	memcpy(ending->reason, reason, len);
	ending->len = len;
	st_list_init(&ending->monitors);
	st_list_splice_tail(list, &ending->monitors);
	st_list_add_tail(&ending->link, &monitors->endings);
	st_deadline_set(&monitors->due, 0);
}

void st_monitors_ended(struct st_monitors *monitors, uint64_t generation,
		       const struct st_reason *reason)
{
	struct monitor *newest = st_map_get(&monitors->by_generation, generation);
	struct st_buf text = ST_BUF_INIT;
	struct st_list list;

	if (!newest)
		return;
	st_reason_write(reason, &text);
	/* a `down` without its reason is better than no `down` */
	if (st_buf_error(&text)) {
		st_buf_done(&text);
		st_buf_add_text(&text, "\"unknown\"");
	}
	st_map_remove(&monitors->by_generation, generation);
	st_list_init(&list);
	st_list_add_tail(&list, &newest->of_process); /* the head of the ring */
	report_some(monitors, &list, SLICE, st_buf_text(&text), text.len);
	if (!st_list_is_empty(&list))
		report_later(monitors, &list, st_buf_text(&text), text.len);
	st_buf_done(&text);
}

void st_monitors_forget(struct st_monitors *monitors, const struct st_client *client)
{
	struct owner *owner = st_map_get(&monitors->by_client, key_of(client));

	for (unsigned int nr = owner ? owner->nr : 0; nr; nr--) /* the last one frees the owner */
		free_monitor(monitors,
			     st_list_entry(owner->monitors.next, struct monitor, of_client));
}
