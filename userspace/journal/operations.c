// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operations of the journal (proto/ops/journal.h), as the daemon passes them on: the
 * name, a blank, the parameters. Their types were checked there. See service.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "journal/answer.h"
#include "journal/service.h"
#include "proto/ops.h"
#include "proto/parse.h"

static int say(struct st_buf *out, int err, const char *text)
{
	st_buf_reset(out);
	st_buf_add_text(out, text);
	return err;
}

static int say_trouble(const struct st_past_service *service, struct st_buf *out, int err)
{
	st_buf_reset(out);
	st_buf_add_text(out, "failed the journal cannot use its file: ");
	st_buf_add_text(out, service->trouble.len ? st_buf_text(&service->trouble) :
						    st_store_error(&service->store));
	return err;
}

static int64_t now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now); /* a clock that Linux has cannot fail */
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int read_store(struct st_past_service *service, int operation, const json_t *params,
		      struct st_buf *out)
{
	int err;

	if (!service->store.database.handle)
		return say_trouble(service, out, -EIO);
	/* roll-ups of the transaction, by which times are found, are in memory until then */
	err = service->follow.is_stuck ? 0 : st_past_follow_commit(&service->follow);
	if (err) {
		st_recovery_fail(service, err);
		return say_trouble(service, out, err);
	}
	if (operation == ST_OPERATION_HISTORY)
		err = st_past_answer_history(&service->store, params, now_us(), out);
	else
		err = st_past_answer_unstable(&service->store, params, now_us(), out);
	if (err == -ENOMEM)
		return say(out, err, "no_memory no memory");
	if (err) {
		(void)say_trouble(service, out, err);
		st_recovery_fail(service, err);
	}
	return err;
}

/* ---- sync ---- */

static int sync_later(struct st_past_service *service, struct suptree_from from, struct st_buf *out)
{
	struct st_past_sync *sync;
	int err;

	if (service->follow.is_stuck)
		return say_trouble(service, out, -EIO);
	if (service->nr_syncs == ST_SYNCS_MAX)
		return say(out, -E2BIG, "limit too many clients wait for sync");
	sync = st_alloc(sizeof(*sync));
	if (!sync)
		return say(out, -ENOMEM, "no_memory no memory");
	*sync = (struct st_past_sync){ .from = from };
	err = st_past_follow_sync(&service->follow, &sync->id);
	if (err) {
		st_free(sync);
		return say(out, err, "failed the journal has lost the daemon");
	}
	st_list_add_tail(&sync->link, &service->syncs);
	service->nr_syncs++;
	return 1;
}

static void end_sync(struct st_past_service *service, struct st_past_sync *sync)
{
	st_list_del(&sync->link);
	st_free(sync);
	service->nr_syncs--;
}

/* The first one that the daemon has answered, and whose events are there; NULL: none. */
static struct st_past_sync *find_synced(const struct st_past_service *service)
{
	const struct st_past_follow *follow = &service->follow;
	struct st_list *pos;

	st_list_for_each(pos, &service->syncs) {
		struct st_past_sync *sync = st_list_entry(pos, struct st_past_sync, link);

		if (!sync->seq && follow->answered_id >= sync->id)
			sync->seq = follow->synced_seq ? follow->synced_seq : 1;
		if (follow->is_stuck || (sync->seq && service->store.last_seq >= sync->seq))
			return sync;
	}
	return NULL;
}

void st_past_operations_synced(struct suptree *self, struct st_past_service *service)
{
	struct st_past_sync *sync;

	while ((sync = find_synced(service))) {
		int err = service->follow.is_stuck ? 0 : st_past_follow_commit(&service->follow);

		if (err)
			st_recovery_fail(service, err);
		if (service->follow.is_stuck)
			suptree_reply_error(self, sync->from,
					    "failed the journal cannot use its file: %s",
					    st_buf_text(&service->trouble));
		else
			suptree_reply(self, sync->from, "{\"seq\":%llu,\"incarnation\":%lld}",
				      (unsigned long long)sync->seq,
				      (long long)service->follow.incarnation);
		end_sync(service, sync);
	}
}

/* ---- dispatch ---- */

int st_past_operations_answer(struct st_past_service *service, const char *request,
			      struct suptree_from from, struct st_buf *out)
{
	const char *blank = strchr(request, ' ');
	char name[64] = "";
	json_error_t error;
	json_t *params = NULL;
	int operation, ret;

	if (blank && (size_t)(blank - request) < sizeof(name))
		memcpy(name, request, (size_t)(blank - request));
	if (!blank || st_json_parse(blank + 1, strlen(blank + 1), 0, &params, &error))
		return say(out, -EINVAL, "invalid_params an operation and its parameters in JSON");
	operation = st_operation_find(name);
	if (operation == ST_OPERATION_SYNC)
		ret = sync_later(service, from, out);
	else if (operation == ST_OPERATION_HISTORY || operation == ST_OPERATION_UNSTABLE)
		ret = read_store(service, operation, params, out);
	else
		ret = say(out, -EINVAL, "method_not_found the journal has no such operation");
	json_decref(params);
	return ret;
}
