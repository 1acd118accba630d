// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fills in the event of an end; see end.h.
 */
#include "daemon/process/end.h"

#include <string.h>
#include <sys/wait.h>

#include "daemon/log.h"

int st_end_status(const struct st_exit *how)
{
	if (how->code == CLD_EXITED)
		return W_EXITCODE(how->status, 0);
	return how->status | (how->code == CLD_DUMPED ? WCOREFLAG : 0);
}

static uint64_t ns_of(const struct timeval *time)
{
	return (uint64_t)time->tv_sec * ST_NSEC_PER_SEC + (uint64_t)time->tv_usec * 1000;
}

void st_end_set(struct st_event *exited, const struct st_exit *how, const struct rusage *usage)
{
	exited->reason = how->code == CLD_EXITED ? st_reason_from_exit(how->status) :
						   st_reason_from_signal(how->status);
	exited->status = st_end_status(how);
	exited->usage = (struct st_usage){
		.utime_ns = ns_of(&usage->ru_utime),
		.stime_ns = ns_of(&usage->ru_stime),
		.maxrss_kb = (uint64_t)usage->ru_maxrss,
	};
}

void st_end_set_unknown(struct st_event *exited, pid_t pid, int error)
{
	st_log("wait for process %d: %s; it is taken for a crash", (int)pid, strerror(-error));
	exited->reason = (struct st_reason){ .type = ST_REASON_UNKNOWN_END };
	exited->status = -1;
}
