// SPDX-License-Identifier: GPL-2.0-only
/*
 * Refuse early what would fail later; see privilege.h. The rules are the kernel's own
 * checks, which are named at each rule.
 */
#include "os/privilege.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/fd.h"

static bool has_capability(unsigned int capability)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &header, data) < 0)
		return false;
	return data[CAP_TO_INDEX(capability)].effective & CAP_TO_MASK(capability);
}

/* setresuid(2): unprivileged, any of the three own ids may be chosen. */
static bool is_own_uid(uid_t uid)
{
	uid_t real, effective, saved;

	return getresuid(&real, &effective, &saved) == 0 &&
	       (uid == real || uid == effective || uid == saved);
}

static enum st_spawn_step refuse_credentials(const struct st_credentials *credentials)
{
	/* setgroups(2) is for CAP_SETGID, also when it would change nothing. */
	if (!has_capability(CAP_SETGID))
		return ST_SPAWN_STEP_GROUPS;
	if (!is_own_uid(credentials->uid) && !has_capability(CAP_SETUID))
		return ST_SPAWN_STEP_UID;
	return ST_SPAWN_STEP_NONE;
}

/* prlimit(2): every process can lower a hard limit, and root can raise it. */
static bool refuses_limits(const struct st_limit *limits, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		struct rlimit own;

		if (getrlimit((__rlimit_resource_t)limits[i].resource, &own) < 0)
			return true;
		if (limits[i].value.rlim_max > own.rlim_max && !has_capability(CAP_SYS_RESOURCE))
			return true;
	}
	return false;
}

/* setpriority(2): raising nice is always allowed; RLIMIT_NICE is the limit, as 20 - nice. */
static bool refuses_nice(int nice)
{
	struct rlimit limit;

	if (nice >= getpriority(PRIO_PROCESS, 0) || has_capability(CAP_SYS_NICE))
		return false;
	return getrlimit(RLIMIT_NICE, &limit) < 0 || (rlim_t)(20 - nice) > limit.rlim_cur;
}

/*
 * proc(5): unprivileged, the score cannot go below what root set last. That is
 * not shown, but it is 0 unless root had a hand in the score.
 */
static bool refuses_oom_score(int score)
{
	char text[16];
	st_cleanup(st_fd_close) int fd = open("/proc/self/oom_score_adj", O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (len < 0 || has_capability(CAP_SYS_RESOURCE))
		return false;
	text[len] = '\0';
	return score < 0 && score < strtol(text, NULL, 10);
}

enum st_spawn_step st_privilege_refuses(const struct st_spawn_request *request)
{
	if (request->flags & ST_SPAWN_SET_OOM_SCORE && refuses_oom_score(request->oom_score_adj))
		return ST_SPAWN_STEP_OOM_SCORE;
	if (request->flags & ST_SPAWN_SET_NICE && refuses_nice(request->nice))
		return ST_SPAWN_STEP_NICE;
	if (refuses_limits(request->limits, request->nr_limits))
		return ST_SPAWN_STEP_LIMITS;
	if (request->credentials)
		return refuse_credentials(request->credentials);
	return ST_SPAWN_STEP_NONE;
}
