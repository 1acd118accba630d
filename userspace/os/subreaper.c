// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reaping orphans; see subreaper.h for why the two ways are complete together.
 */
#include "os/subreaper.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/wait.h>

int st_subreaper_enable(void)
{
	return prctl(PR_SET_CHILD_SUBREAPER, 1) < 0 ? -errno : 0;
}

static void tell(const struct st_subreaper *subreaper, const siginfo_t *info)
{
	struct st_exit how = { .code = info->si_code, .status = info->si_status };

	if (subreaper->orphan_ended)
		subreaper->orphan_ended(subreaper->owner, info->si_pid, &how);
}

int st_subreaper_reap_one(const struct st_subreaper *subreaper, pid_t pid)
{
	siginfo_t info = { 0 };

	if (pid <= 0)
		return -ECHILD;
	if (subreaper->is_supervised(subreaper->owner, pid))
		return 0;
	/*
	 * A pid is enough here: it names an own child that is not reaped, and such
	 * a pid cannot be recycled; or it names none, which is ECHILD.
	 */
	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG) < 0)
		return -errno;
	if (!info.si_pid)
		return 0;
	tell(subreaper, &info);
	return 1;
}

int st_subreaper_sweep(const struct st_subreaper *subreaper, unsigned int budget)
{
	for (; budget; budget--) {
		siginfo_t info = { 0 };

		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0)
			return errno == ECHILD ? 0 : -errno;
		if (!info.si_pid)
			return 0;
		if (subreaper->is_supervised(subreaper->owner, info.si_pid))
			return 1;
		int ret = st_subreaper_reap_one(subreaper, info.si_pid);

		if (ret < 0)
			return ret;
	}
	return 1;
}
