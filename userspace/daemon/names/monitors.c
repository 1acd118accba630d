// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of monitors; see monitors.h.
 */
#include "daemon/names/monitors.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "proto/json.h"
#include "proto/rpc.h"

struct monitor {
	struct st_list link; /* in monitors->list */
	struct monitor *next; /* the next older one of the same generation */
	struct st_client *client;
	uint64_t generation;
	uint64_t ref;
	char path[];
};

static struct monitor *monitor_of(struct st_list *link)
{
	return st_list_entry(link, struct monitor, link);
}

void st_monitors_init(struct st_monitors *monitors)
{
	*monitors = (struct st_monitors){ 0 };
	st_list_init(&monitors->list);
}

void st_monitors_done(struct st_monitors *monitors)
{
	while (!st_list_is_empty(&monitors->list)) {
		struct monitor *monitor = monitor_of(monitors->list.next);

		st_list_del(&monitor->link);
		st_free(monitor);
	}
	st_map_done(&monitors->by_generation);
}

static unsigned int count(const struct st_monitors *monitors, const struct st_client *client)
{
	unsigned int nr = 0;
	struct st_list *pos;

	st_list_for_each(pos, &monitors->list)
		nr += monitor_of(pos)->client == client;
	return nr;
}

uint64_t st_monitors_new_ref(struct st_monitors *monitors)
{
	return ++monitors->last_ref;
}

int st_monitors_add(struct st_monitors *monitors, struct st_client *client, uint64_t generation,
		    const char *path, uint64_t *ret_ref)
{
	size_t size = strlen(path) + 1;
	struct monitor *monitor;

	if (count(monitors, client) >= ST_MAX_MONITORS)
		return -E2BIG;
	if (st_map_reserve(&monitors->by_generation, monitors->by_generation.nr + 1))
		return -ENOMEM;
	monitor = st_alloc(sizeof(*monitor) + size);
	if (!monitor)
		return -ENOMEM;
	memcpy(monitor->path, path, size);
	monitor->client = client;
	monitor->generation = generation;
	monitor->ref = st_monitors_new_ref(monitors);
	monitor->next = st_map_get(&monitors->by_generation, generation);
	st_map_put(&monitors->by_generation, generation, monitor);
	st_list_add_tail(&monitor->link, &monitors->list);
	monitors->nr++;
	*ret_ref = monitor->ref;
	return 0;
}

static void remove_monitor(struct st_monitors *monitors, struct monitor *monitor)
{
	struct monitor *first = st_map_get(&monitors->by_generation, monitor->generation);
	struct monitor **at = &first;

	while (*at != monitor)
		at = &(*at)->next;
	*at = monitor->next;
	if (first)
		st_map_put(&monitors->by_generation, monitor->generation, first);
	else
		st_map_remove(&monitors->by_generation, monitor->generation);
	st_list_del(&monitor->link);
	monitors->nr--;
	st_free(monitor);
}

void st_monitors_remove(struct st_monitors *monitors, const struct st_client *client, uint64_t ref)
{
	struct st_list *pos;

	st_list_for_each(pos, &monitors->list) {
		struct monitor *monitor = monitor_of(pos);

		if (monitor->ref != ref || monitor->client != client)
			continue;
		remove_monitor(monitors, monitor);
		return;
	}
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

void st_monitors_ended(struct st_monitors *monitors, uint64_t generation,
		       const struct st_reason *reason)
{
	struct monitor *monitor = st_map_get(&monitors->by_generation, generation);
	struct st_buf text = ST_BUF_INIT;

	if (!monitor)
		return;
	st_reason_write(reason, &text);
	/* a `down` without its reason is better than no `down` */
	if (st_buf_error(&text)) {
		st_buf_done(&text);
		st_buf_add_text(&text, "\"unknown\"");
	}
	while (monitor) {
		struct monitor *next = monitor->next;

		st_monitors_send_down(monitor->client, monitor->ref, generation, monitor->path,
				      st_buf_text(&text), strlen(st_buf_text(&text)));
		remove_monitor(monitors, monitor);
		monitor = next;
	}
	st_buf_done(&text);
}

void st_monitors_forget(struct st_monitors *monitors, const struct st_client *client)
{
	struct st_list *pos, *tmp;

	st_list_for_each_safe(pos, tmp, &monitors->list)
		if (monitor_of(pos)->client == client)
			remove_monitor(monitors, monitor_of(pos));
}
