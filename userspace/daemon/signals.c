// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals to the daemon: SIGTERM and SIGINT stop it, SIGHUP reloads, SIGCHLD
 * may mean that an orphan has ended.
 */
#include "daemon/signals.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "daemon/daemon.h"
#include "daemon/log.h"
#include "daemon/operations/reload.h"
#include "os/signal.h"
#include "os/subreaper.h"

#define SWEEP_PAUSE_NS ST_NSEC_PER_SEC
#define SWEEP_BUDGET 256

static bool is_supervised(void *owner, pid_t pid)
{
	return st_process_find_pid(owner, pid) != NULL;
}

static void child_signal(struct st_daemon *daemon, pid_t pid)
{
	const struct st_subreaper subreaper = { .is_supervised = is_supervised,
						.owner = &daemon->processes };

	/*
	 * Linux merges signals, so one may stand for several: sweep later. A
	 * process that was reaped just now need not be looked for. If an orphan
	 * has got its pid since, the sweep finds it.
	 */
	if (!st_process_was_reaped(&daemon->processes, pid))
		(void)!st_subreaper_reap_one(&subreaper, pid);
	if (st_deadline_at(&daemon->sweep) == ST_NO_DEADLINE)
		st_deadline_set(&daemon->sweep, st_clock_ns() + SWEEP_PAUSE_NS);
}

static void on_sweep(struct st_deadline *deadline)
{
	struct st_daemon *daemon = container_of(deadline, struct st_daemon, sweep);
	const struct st_subreaper subreaper = { .is_supervised = is_supervised,
						.owner = &daemon->processes };

	if (st_subreaper_sweep(&subreaper, SWEEP_BUDGET) == 1) /* there may be more */
		st_deadline_set(deadline, st_clock_ns() + SWEEP_PAUSE_NS);
}

static void take(struct st_daemon *daemon, const struct st_signal *signal)
{
	if (signal->signo == SIGCHLD)
		child_signal(daemon, signal->pid);
	else if (signal->signo == SIGTERM || signal->signo == SIGINT)
		st_daemon_stop(daemon);
	else if (signal->signo == SIGHUP && !daemon->nr_stops)
		st_reload_on_signal(daemon);
}

static void on_signal(struct st_poll *poll, int result)
{
	struct st_daemon *daemon = container_of(poll, struct st_daemon, signal_poll);
	struct st_signal signals[ST_SIGNALS_MAX];
	int nr = ST_SIGNALS_MAX;

	if (result == -ECANCELED)
		return;
	while (nr == ST_SIGNALS_MAX) {
		nr = st_signal_read(daemon->signal_fd, signals);
		for (int i = 0; i < nr; i++)
			take(daemon, &signals[i]);
	}
	if (!st_op_is_armed(&poll->op) && !daemon->is_closing)
		st_poll_watch(daemon->ring, poll, daemon->signal_fd, POLLIN, on_signal);
}

int st_signals_open(struct st_daemon *daemon)
{
	int err = st_signal_open(&daemon->signal_fd);

	if (!err)
		err = st_deadline_init(&daemon->sweep, daemon->ring, on_sweep);
	if (err) {
		daemon->signal_fd = -1;
		st_log("open the signal descriptor: %s", strerror(-err));
		return err;
	}
	st_poll_watch(daemon->ring, &daemon->signal_poll, daemon->signal_fd, POLLIN, on_signal);
	return 0;
}

void st_signals_close(struct st_daemon *daemon)
{
	st_op_cancel(&daemon->signal_poll.op);
	st_deadline_clear(&daemon->sweep);
}
