// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ends of other processes: monitors, links, and why a call was not answered.
 *
 * All three are monitors of the daemon, and each monitor gets one `down`. A link is a
 * monitor on each side: the linking process sends LINK, and the other one then monitors
 * it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libsuptree/internal.h"

#define EXPLAIN_MS 1000 /* for a reason, when a call's time is over */

static void free_watch(struct st_watch *watch)
{
	if (!watch)
		return;
	free(watch->path);
	free(watch->reason);
	free(watch);
}

static void free_list(struct st_list *list)
{
	while (!st_list_is_empty(list)) {
		struct st_watch *watch = st_list_entry(list->next, struct st_watch, link);

		st_list_del(&watch->link);
		free_watch(watch);
	}
}

void st_watch_done(struct suptree *self)
{
	free_list(&self->watches);
	free_list(&self->ended);
	free_watch(self->told);
	self->told = NULL;
}

static struct st_watch *find_ref(const struct st_list *list, uint64_t ref)
{
	struct st_list *pos;

	st_list_for_each(pos, list) {
		struct st_watch *watch = st_list_entry(pos, struct st_watch, link);

		if (watch->ref == ref)
			return watch;
	}
	return NULL;
}

static struct st_watch *find_linked(const struct st_list *list, uint64_t generation)
{
	struct st_list *pos;

	st_list_for_each(pos, list) {
		struct st_watch *watch = st_list_entry(pos, struct st_watch, link);

		if (watch->kind == ST_WATCH_LINK && watch->generation == generation)
			return watch;
	}
	return NULL;
}

/* An end that cannot be kept is one without its reason. */
static void set_ended(struct suptree *self, struct st_watch *watch, const char *reason)
{
	watch->reason = reason ? strdup(reason) : NULL;
	st_list_del(&watch->link);
	st_list_add_tail(&watch->link, &self->ended);
}

void st_watch_down(struct suptree *self, const json_t *params)
{
	uint64_t ref = (uint64_t)json_integer_value(json_object_get(params, "ref"));
	struct st_watch *watch = find_ref(&self->watches, ref);
	char *reason;

	if (!watch)
		return; /* it was given up while this was under way */
	reason = json_dumps(json_object_get(params, "reason"), JSON_ENCODE_ANY | JSON_COMPACT);
	set_ended(self, watch, reason);
	free(reason);
}

void st_watch_lost(struct suptree *self)
{
	while (!st_list_is_empty(&self->watches))
		set_ended(self, st_list_entry(self->watches.next, struct st_watch, link),
			  "\"noconnection\"");
}

static int add(struct suptree *self, enum st_watch_kind kind, json_t *params,
	       struct st_watch **ret_watch)
{
	struct st_watch *watch = calloc(1, sizeof(*watch));
	json_t *result = NULL;
	const char *path;
	int ret;

	if (!watch) {
		json_decref(params);
		return st_fail(self, -ENOMEM, "no memory");
	}
	ret = st_ask(self, ST_OPERATION_MONITOR, params, &result);
	if (ret) {
		free(watch);
		return ret;
	}
	path = json_string_value(json_object_get(result, "path"));
	watch->kind = kind;
	watch->ref = (uint64_t)json_integer_value(json_object_get(result, "ref"));
	watch->generation = (uint64_t)json_integer_value(json_object_get(result, "generation"));
	watch->path = path && *path ? strdup(path) : NULL;
	json_decref(result);
	st_list_add_tail(&watch->link, &self->watches);
	*ret_watch = watch;
	return 0;
}

static json_t *of_generation(uint64_t generation)
{
	return json_pack("{s:I}", "generation", (json_int_t)generation);
}

int st_watch_explain(struct suptree *self, uint64_t generation, uint64_t deadline_ns)
{
	uint64_t at_least_ns = st_deadline_after(EXPLAIN_MS);
	struct st_watch *watch;
	int ret = add(self, ST_WATCH_CALL, of_generation(generation), &watch);

	if (ret)
		return -ECONNRESET;
	if (deadline_ns < at_least_ns)
		deadline_ns = at_least_ns;
	while (!watch->reason && !ret)
		ret = st_heed_next(self, st_timeout_until(deadline_ns));
	if (watch->reason)
		(void)st_fail(self, 0, "%s", st_reason_read(watch->reason).text);
	else
		(void)st_fail(self, 0, "the server has closed the connection");
	st_list_del(&watch->link);
	free_watch(watch);
	return -ECONNRESET;
}

static int give_up(struct suptree *self, struct st_watch *watch)
{
	json_t *result;
	uint64_t ref = watch->ref;

	st_list_del(&watch->link);
	free_watch(watch);
	if (st_ask(self, ST_OPERATION_DEMONITOR, json_pack("{s:I}", "ref", (json_int_t)ref),
		   &result))
		return 0; /* no daemon, no `down` */
	json_decref(result);
	return 0;
}

int suptree_monitor(struct suptree *self, const char *name, uint64_t *ret_ref)
{
	struct st_watch *watch;
	int ret = add(self, ST_WATCH_MONITOR, json_pack("{s:s}", "path", name), &watch);

	if (!ret && ret_ref)
		*ret_ref = watch->ref;
	return ret;
}

int suptree_demonitor(struct suptree *self, uint64_t ref)
{
	struct st_watch *watch = find_ref(&self->watches, ref);

	if (!watch)
		watch = find_ref(&self->ended, ref);
	if (!watch || watch->kind != ST_WATCH_MONITOR)
		return st_fail(self, -ENOENT, "no such monitor");
	return give_up(self, watch);
}

/* Send LINK, if the other side accepts it. */
static int ask_to_link(struct suptree *self, const char *name)
{
	struct st_route *route;
	int ret = st_route_find(self, name, &route);

	if (ret)
		return ret;
	if (!route->may_link)
		return st_fail(self, -EACCES, "refused: %s does not accept the link", name);
	return st_send_to(self, name, ST_PACKET_LINK, NULL, 0);
}

int suptree_link(struct suptree *self, const char *name)
{
	struct st_watch *watch;
	int ret;

	if (!self->generation)
		return st_fail(self, -EINVAL, "only a supervised server has links");
	ret = add(self, ST_WATCH_LINK, json_pack("{s:s}", "path", name), &watch);
	if (ret)
		return ret;
	if (find_linked(&self->watches, watch->generation) != watch)
		return give_up(self, watch); /* they were linked before */
	ret = ask_to_link(self, name);
	if (!ret || ret == -ESRCH)
		return 0; /* it has ended: its `down` is on the way */
	(void)give_up(self, watch);
	return ret;
}

int suptree_unlink(struct suptree *self, const char *name)
{
	struct suptree_process process;
	struct st_watch *watch;
	int ret = suptree_whereis(self, name, &process);

	if (ret)
		return ret == -ESRCH ? st_fail(self, -ENOENT, "not linked") : ret;
	watch = find_linked(&self->watches, process.generation);
	if (!watch)
		return st_fail(self, -ENOENT, "not linked");
	ret = st_send_to(self, name, ST_PACKET_UNLINK, NULL, 0);
	(void)give_up(self, watch);
	return ret == -ESRCH ? 0 : ret;
}

void st_watch_linked(struct suptree *self, uint64_t generation)
{
	struct st_watch *watch;

	if (!find_linked(&self->watches, generation))
		/* without the daemon there are no links */
		(void)add(self, ST_WATCH_LINK, of_generation(generation), &watch);
}

void st_watch_unlinked(struct suptree *self, uint64_t generation)
{
	struct st_watch *watch = find_linked(&self->watches, generation);

	if (watch)
		(void)give_up(self, watch);
}

const struct st_watch *st_watch_take(struct suptree *self)
{
	if (st_list_is_empty(&self->ended))
		return NULL;
	free_watch(self->told);
	self->told = st_list_entry(self->ended.next, struct st_watch, link);
	st_list_del(&self->told->link);
	return self->told;
}

void st_watch_inform(const struct st_watch *watch, struct suptree_info *ret_info)
{
	*ret_info = (struct suptree_info){
		.type = watch->kind == ST_WATCH_LINK ? SUPTREE_INFO_EXIT : SUPTREE_INFO_DOWN,
		.ref = watch->kind == ST_WATCH_LINK ? 0 : watch->ref,
		.path = watch->path ? watch->path : "",
		.generation = watch->generation,
		.reason = st_reason_read(watch->reason ? watch->reason : "\"no memory\""),
	};
}

int suptree_receive(struct suptree *self, int timeout_ms, struct suptree_info *ret_info)
{
	uint64_t deadline_ns = st_deadline_after(timeout_ms);
	const struct st_watch *watch;
	int ret = 0;

	while (!(watch = st_watch_take(self)) && !ret)
		ret = st_heed_next(self, st_timeout_until(deadline_ns));
	if (watch)
		st_watch_inform(watch, ret_info);
	return watch ? 0 : ret;
}
