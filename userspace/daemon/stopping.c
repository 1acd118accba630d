// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stops in order: first the tree, then the parts that served it. See
 * stopping.h.
 */
#include "daemon/stopping.h"

#include <errno.h>

#include "daemon/daemon.h"
#include "daemon/ahead.h"
#include "daemon/failed_start.h"
#include "daemon/log.h"
#include "daemon/requests/pending.h"

int st_stopping_wait(struct st_daemon *daemon, struct st_client *client)
{
	struct st_pending *pending = st_pending_new(client, ST_OPERATION_STOP, "/", false);

	if (!pending)
		return -ENOMEM;
	st_client_set_data(client, pending);
	st_list_add_tail(&pending->link, &daemon->stop_waiters);
	return 0;
}

/* The first time all trees stop in order [G1]; the second time they are killed. */
void st_daemon_stop(struct st_daemon *daemon)
{
	const struct st_event event = {
		.type = daemon->nr_stops ? ST_EV_KILL : ST_EV_STOP,
	};

	if (daemon->is_closing)
		return;
	daemon->nr_stops++;
	st_own_service_stopping(&daemon->own_service);
	st_log("%s", daemon->nr_stops > 1 ? "asked again to stop: all trees are killed" :
					    "asked to stop: all trees stop in order");
	st_shell_post(&daemon->shell, &event);
}

void st_daemon_halted(struct st_daemon *daemon, const struct st_reason *reason)
{
	struct st_buf text = ST_BUF_INIT;

	daemon->has_halted = true;
	if (daemon->nr_stops)
		return;
	daemon->exit_status = 1;
	if (reason->type == ST_REASON_FAILED_CHILD) {
		st_failed_start_report(daemon, reason);
		return;
	}
	st_reason_write(reason, &text);
	st_log("the root supervisor has ended: %s", st_buf_text(&text));
	st_buf_done(&text);
}

void st_stopping_close(struct st_daemon *daemon)
{
	daemon->is_closing = true;
	while (!st_list_is_empty(&daemon->stop_waiters)) {
		struct st_pending *pending =
			st_list_entry(daemon->stop_waiters.next, struct st_pending, link);

		st_list_del(&pending->link);
		if (pending->client) {
			st_client_set_data(pending->client, NULL);
			st_client_reply_ok(pending->client);
		}
		st_pending_free(pending);
	}
	/*
	 * followers and waiting clients get the end before the socket is closed
	 */
	st_events_pump(daemon->history.events);
	st_untils_shut_down(daemon->untils);
	st_outputs_close(daemon->outputs);
	st_outputs_pump(daemon->outputs);
	if (daemon->control)
		st_control_close(daemon->control);
	st_ahead_close(daemon);
	st_processes_close(&daemon->processes);
	st_mirror_close(&daemon->mirror);
	st_op_cancel(&daemon->log_poll.op);
}

bool st_stopping_is_done(const struct st_daemon *daemon)
{
	return daemon->is_closing && st_ring_nr_armed(daemon->ring) == 0;
}
