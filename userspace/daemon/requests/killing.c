// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sends signals to children for clients. See killing.h; otp.c reads the
 * request. Nothing here decides what happens to the child.
 */
#include "daemon/requests/killing.h"

#include <errno.h>
#include <string.h>

#include "core/reason.h"
#include "daemon/history/history.h"
#include "daemon/process/facts.h"
#include "daemon/process/process.h"
#include "daemon/requests/pending.h"
#include "loop/ring.h"

#define PATIENCE_NS (3 * ST_NSEC_PER_SEC)

static void answer(struct st_client *client, bool has_ended)
{
	struct st_buf text = ST_BUF_INIT;
	struct st_json json;

	st_json_init(&json, &text);
	st_json_begin_object(&json);
	st_json_bool_field(&json, "ok", true);
	st_json_bool_field(&json, "ended", has_ended);
	st_json_end_object(&json);
	st_client_reply_result(client, &text);
	st_buf_done(&text);
}

static void finish(struct st_pending *pending, bool has_ended)
{
	if (pending->client) {
		st_client_set_data(pending->client, NULL);
		answer(pending->client, has_ended);
	}
	st_pending_free(pending);
}

static void on_timeout(struct st_deadline *deadline)
{
	finish(container_of(deadline, struct st_pending, deadline), false);
}

void st_killing_begin(struct st_requests *requests, struct st_client *client,
		      const struct st_process *process, int signo)
{
	bool is_deadly = st_facts_is_deadly(process->ref.pid, signo);
	struct st_pending *pending = st_pending_new(client, ST_OPERATION_KILL, "/", false);
	int err = pending ? st_deadline_init(&pending->deadline, requests->ring, on_timeout) :
			    -ENOMEM;

	if (!err)
		err = st_pidref_signal(&process->ref, signo);
	if (err)
		st_client_reply_error(client, err == -ENOMEM ? ST_ERROR_NO_MEMORY : ST_ERROR_FAILED,
				      NULL, "kill pid %d with SIG%s: %s", (int)process->ref.pid,
				      st_signal_name(signo), strerror(-err));
	else
		st_asked_signal(&requests->history->asked, client, signo, process->generation);
	if (!err && !is_deadly)
		answer(client, false);
	if (err || !is_deadly) {
		st_pending_free(pending);
		return;
	}
	pending->killed_generation = process->generation;
	st_deadline_set(&pending->deadline, st_clock_ns() + PATIENCE_NS);
	st_client_set_data(client, pending);
	st_list_add_tail(&pending->link, &requests->killers);
}

void st_killing_ended(struct st_requests *requests, uint64_t generation)
{
	struct st_list *pos, *tmp;

	st_list_for_each_safe(pos, tmp, &requests->killers) {
		struct st_pending *pending = st_list_entry(pos, struct st_pending, link);

		if (pending->killed_generation == generation)
			finish(pending, true);
	}
}
