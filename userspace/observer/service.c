// SPDX-License-Identifier: GPL-2.0-only
/*
 * The service's callbacks; see observer.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "observer/confine.h"
#include "observer/observer.h"

#define NAME "observer"
#define EXIT_FAILED 1
/* looking may take a fiftieth of a processor */
#define SHARE 50
/* An interval that is shorter says little: ticks are 10 ms. */
#define MIN_INTERVAL_NS (500 * ST_NSEC_PER_MSEC)

static uint32_t wanted_interval_ms;

int st_observer_look(struct st_observer *observer)
{
	int err = st_known_refresh(&observer->known);

	if (!err)
		err = st_look_take(&observer->now, observer->proc);
	observer->nr_scans++;
	return err;
}

const struct st_look *st_observer_before(const struct st_observer *observer)
{
	for (unsigned int i = 0; i < 2; i++) {
		const struct st_look *look = &observer->looks[(observer->latest + i) % 2];

		if (look->scan.boot_ns &&
		    look->scan.boot_ns + MIN_INTERVAL_NS <= observer->now.scan.boot_ns)
			return look;
	}
	return NULL;
}

/* The look of a tick. Looks less often if it costs much. */
static int look_again(struct st_observer *observer)
{
	struct st_look *look = &observer->looks[1 - observer->latest];
	int err = st_known_refresh(&observer->known);
	uint64_t slow_ms;

	if (!err)
		err = st_look_take(look, observer->proc);
	if (err)
		return err;
	observer->nr_scans++;
	observer->latest = 1 - observer->latest;
	slow_ms = look->scan.cost_ns * SHARE / ST_NSEC_PER_MSEC;
	observer->actual_ms = slow_ms < observer->interval_ms ? observer->interval_ms :
			      slow_ms < UINT32_MAX	      ? (uint32_t)slow_ms :
								UINT32_MAX;
	return 0;
}

static void release(struct st_observer *observer)
{
	st_known_close(&observer->known);
	st_look_done(&observer->now);
	for (unsigned int i = 0; i < 2; i++)
		st_look_done(&observer->looks[i]);
	close(observer->proc);
}

/* What needs rights that confinement takes. */
static int open_all(struct suptree *self, struct st_observer *observer)
{
	int err;

	observer->proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (observer->proc < 0)
		return suptree_fail(self, "open /proc: %s", strerror(errno));
	err = st_known_open(&observer->known);
	if (err)
		return suptree_fail(self, "ask the daemon for its tree: %s", strerror(-err));
	if (suptree_register(self, NAME))
		return suptree_fail(self, "register the name " NAME ": %s", suptree_error(self));
	if (suptree_watch_fd(self, st_conn_fd(observer->known.conn)) ||
	    suptree_trap_exit(self, true))
		return suptree_fail(self, "get ready: %s", suptree_error(self));
	return 0;
}

static int begin(struct suptree *self, struct st_observer *observer)
{
	const char *what = "";
	int err = open_all(self, observer);

	if (err)
		return err;
	err = st_observer_confine(&what);
	if (err)
		return suptree_fail(self, "%s: %s", what, strerror(-err));
	err = look_again(observer);
	if (err)
		return suptree_fail(self, "look at /proc: %s", strerror(-err));
	if (suptree_send_after(self, observer->actual_ms, "tick", NULL))
		return suptree_fail(self, "get ready: %s", suptree_error(self));
	return 0;
}

static int init(struct suptree *self, void *state, int argc, char **argv)
{
	struct st_observer *observer = state;
	int err;

	(void)argc; /* main() has read them */
	(void)argv;
	observer->interval_ms = wanted_interval_ms;
	err = begin(self, observer);
	if (err)
		release(observer); /* terminate is not called then */
	return err;
}

static enum suptree_next handle_call(struct suptree *self, void *state,
				     const struct suptree_message *request,
				     struct suptree_from from)
{
	struct st_observer *observer = state;
	struct st_buf out = ST_BUF_INIT;

	if (st_observer_answer(observer, request->data, &out))
		suptree_reply_error(self, from, "%s",
				    st_buf_error(&out) || !out.len ? "no_memory no memory" :
								     st_buf_text(&out));
	else
		suptree_reply_bytes(self, from, out.data, out.len);
	st_buf_done(&out);
	return SUPTREE_CONTINUE;
}

/* Without the daemon it is of no use: the next incarnation may be. */
static enum suptree_next handle_info(struct suptree *self, void *state,
				     const struct suptree_info *info)
{
	struct st_observer *observer = state;
	int err = 0;

	if (info->type == SUPTREE_INFO_FD)
		err = st_known_heed(&observer->known);
	if (info->type == SUPTREE_INFO_TIMEOUT) {
		err = look_again(observer);
		if (!err)
			err = suptree_send_after(self, observer->actual_ms, "tick", NULL);
	}
	if (!err)
		return SUPTREE_CONTINUE;
	fprintf(stderr, "suptree-observer: look at the system: %s\n", strerror(-err));
	return suptree_stop(self, EXIT_FAILED);
}

static void terminate(struct suptree *self, void *state, const struct suptree_reason *reason)
{
	(void)self;
	(void)reason;
	release(state);
}

int st_observer_main(int argc, char **argv, uint32_t interval_ms)
{
	static const struct suptree_gen_server observer = {
		.vsn = "1",
		.state_size = sizeof(struct st_observer),
		.init = init,
		.handle_call = handle_call,
		.handle_info = handle_info,
		.terminate = terminate,
	};

	wanted_interval_ms = interval_ms;
	return suptree_gen_server_main(&observer, argc, argv);
}
