// SPDX-License-Identifier: GPL-2.0-only
/*
 * Confinement; see confine.h.
 */
#include "observer/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define USER "suptree-observer"
#define UID 61002 /* without a name, if there is no such user */

#define BIT(capability) (1u << (capability))
#define KEPT (BIT(CAP_SYS_PTRACE) | BIT(CAP_DAC_READ_SEARCH))

/* Keep what is needed of what there is. */
static int limit_capabilities(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &head, data))
		return -errno;
	data[0].permitted &= KEPT;
	data[0].effective = data[0].permitted;
	data[0].inheritable = 0;
	data[1] = (struct __user_cap_data_struct){ 0 };
	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	return syscall(SYS_capset, &head, data) ? -errno : 0;
}

static int become_user(void)
{
	const struct passwd *user = getpwnam(USER);
	uid_t uid = user && user->pw_uid ? user->pw_uid : UID;
	gid_t gid = user && user->pw_gid ? user->pw_gid : UID;

	if (geteuid() != 0)
		return 0;
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) || setgroups(0, NULL) || setresgid(gid, gid, gid) ||
	    setresuid(uid, uid, uid))
		return -errno;
	return 0;
}

static const int calls[] = {
	/* looking */
	SCMP_SYS(read),
	SCMP_SYS(pread64),
	SCMP_SYS(lseek),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(getdents64),
	SCMP_SYS(newfstatat),
	SCMP_SYS(fstat),
	SCMP_SYS(statfs),
	SCMP_SYS(fstatfs),
	SCMP_SYS(close),
	SCMP_SYS(uname),
	SCMP_SYS(sysinfo),
	SCMP_SYS(sched_getaffinity),
	/* the daemon, and messages */
	SCMP_SYS(epoll_wait),
	SCMP_SYS(epoll_pwait),
	SCMP_SYS(epoll_ctl),
	SCMP_SYS(accept4),
	SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg),
	SCMP_SYS(sendto),
	SCMP_SYS(sendmsg),
	SCMP_SYS(connect),
	SCMP_SYS(shutdown),
	SCMP_SYS(getsockopt),
	SCMP_SYS(setsockopt),
	SCMP_SYS(getsockname),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(fcntl),
	SCMP_SYS(write), /* reports on standard error; no file is open to be written */
	SCMP_SYS(writev),
	SCMP_SYS(signalfd4),
	/* memory, time */
	SCMP_SYS(mmap),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(brk),
	SCMP_SYS(futex),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(getrandom),
	SCMP_SYS(restart_syscall),
	/* the end */
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(getpid),
	SCMP_SYS(getppid),
	SCMP_SYS(gettid),
	SCMP_SYS(getuid),
	SCMP_SYS(geteuid),
#ifdef ST_SANITIZED /* of the sanitizers, and of the search for leaks at the end */
	SCMP_SYS(mprotect),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(sched_yield),
	SCMP_SYS(open),
	SCMP_SYS(getdents),
	SCMP_SYS(getgid),
	SCMP_SYS(getegid),
	SCMP_SYS(clone),
	SCMP_SYS(clone3),
	SCMP_SYS(ptrace),
	SCMP_SYS(wait4),
	SCMP_SYS(prctl),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(rseq),
	SCMP_SYS(prlimit64),
	SCMP_SYS(pipe2),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(tgkill),
#endif
};

static int allow_sockets(scmp_filter_ctx filter)
{
	static const int families[] = { AF_UNIX, AF_NETLINK };
	int ret = 0;

	for (size_t i = 0; !ret && i < ST_ARRAY_SIZE(families); i++) {
		const struct scmp_arg_cmp is_family = {
			.arg = 0,
			.op = SCMP_CMP_EQ,
			.datum_a = (scmp_datum_t)families[i],
			.datum_b = 0,
		};

		ret = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
					     &is_family);
	}
	return ret;
}

/* openat(2) without any flag that lets it write or make a file. */
static int allow_opening(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp only_reads = {
		.arg = 2,
		.op = SCMP_CMP_MASKED_EQ,
		.datum_a = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND,
		.datum_b = O_RDONLY,
	};

	return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1, &only_reads);
}

static int limit_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int ret = filter ? 0 : -ENOMEM;

	for (size_t i = 0; !ret && i < ST_ARRAY_SIZE(calls); i++)
		ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
	if (!ret)
		ret = allow_sockets(filter);
	if (!ret)
		ret = allow_opening(filter);
	if (!ret)
		ret = seccomp_load(filter);
	if (filter)
		seccomp_release(filter);
	return ret;
}

int st_observer_confine(const char **ret_what)
{
	int err;

	*ret_what = "become the user " USER;
	err = become_user();
	if (err)
		return err;
	*ret_what = "give up capabilities";
	err = limit_capabilities();
	if (err)
		return err;
#ifdef ST_SANITIZED
	(void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); /* the search for leaks reads its own memory */
#endif
	*ret_what = "set no_new_privs";
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	*ret_what = "limit its system calls";
	return limit_calls();
}
