// SPDX-License-Identifier: GPL-2.0-only
/*
 * A session that sees every signal to a child and reports the sender to the daemon, for
 * `suptree why`. See service.h.
 *
 * It does not report signals that the daemon itself sends, or SIGCHLD, which the daemon
 * knows better. The number of reports is limited.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tracer/names.h"
#include "tracer/service.h"

#define RING_BYTES (1u << 20)
#define RATE 10000 /* signals a second */
#define MAX_TOLD 200 /* in one batch */
#define PATIENCE_MS 5000

struct telling {
	struct st_service *service;
	int64_t offset_ns; /* from CLOCK_BOOTTIME to CLOCK_MONOTONIC */
	unsigned int nr;
	int err;
};

int st_witness_open(struct st_service *service)
{
	const struct st_session_limits limits = {
		.kinds = 1u << ST_RECORD_SIGNAL,
		.ring_bytes = RING_BYTES,
		.rate = RATE,
	};
	int err = st_session_new(&limits, &service->witness);

	if (!err)
		err = st_session_watch(service->witness, getpid(), ST_WATCH_NEVER);
	if (!err) /* what the daemon forks is watched from its first moment on */
		err = st_session_watch(service->witness, getppid(),
				       ST_WATCH_ON | ST_WATCH_CHILDREN);
	if (!err)
		st_session_start(service->witness);
	return err;
}

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	(void)clock_gettime(clock, &now); /* a clock that Linux has cannot fail */
	return (uint64_t)now.tv_sec * ST_NSEC_PER_SEC + (uint64_t)now.tv_nsec;
}

static void tell(struct telling *telling, const struct st_record *record)
{
	static struct st_process_names names; /* too large for the stack */
	json_t *params = json_pack("{s:i, s:i, s:I}", "pid", (int)record->to, "signal",
				   (int)record->channel, "time_ns",
				   (json_int_t)record->time_ns - telling->offset_ns);
	json_t *result = NULL;
	struct st_conn_failure failure = { .error = NULL };
	const char *name = "kernel";

	if (record->from) {
		st_process_names_forget(&names);
		st_process_names_learn(&names, record);
		name = st_process_names_of(&names, record->from);
		json_object_set_new(params, "sender", json_integer(record->from));
		json_object_set_new(params, "uid", json_integer(record->source));
	}
	json_object_set_new(params, "name", json_string(name));
	telling->err = st_conn_call(telling->service->children.conn, "report_signal", params,
				    PATIENCE_MS, &result, &failure);
	if (telling->err == -EREMOTEIO)
		telling->err = 0; /* the daemon decides what it keeps */
	json_decref(failure.error);
	json_decref(result);
	json_decref(params);
}

static void take(void *context, const struct st_record *record)
{
	struct telling *telling = context;

	if (record->kind != ST_RECORD_SIGNAL || record->action != ST_ACTION_SENT ||
	    record->channel == SIGCHLD || record->from == (__u32)getppid() || telling->err ||
	    telling->nr == MAX_TOLD ||
	    !st_traced_children_find(&telling->service->children, (pid_t)record->to))
		return;
	telling->nr++;
	tell(telling, record);
}

int st_witness_read(struct st_service *service)
{
	struct telling telling = {
		.service = service,
		.offset_ns = (int64_t)(clock_ns(CLOCK_BOOTTIME) - clock_ns(CLOCK_MONOTONIC)),
	};
	int nr = st_session_read(service->witness, take, &telling);

	return nr < 0 ? nr : telling.err;
}
