// SPDX-License-Identifier: GPL-2.0-only
/*
 * Confinement; see confine.h.
 */
#include "web/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <pwd.h>
#include <seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int fail(struct st_buf *why, const char *what, int err)
{
	st_buf_add_text(why, what);
	st_buf_add_text(why, ": ");
	st_buf_add_text(why, strerror(err));
	return -err;
}

static int set_user(const char *name, struct st_buf *why)
{
	const struct passwd *user;

	errno = 0;
	user = getpwnam(name);
	if (!user) {
		st_buf_add_text(why, "user ");
		st_buf_add_text(why, name);
		st_buf_add_text(why, ": no such user");
		return -ENOENT;
	}
	if (!user->pw_uid) {
		st_buf_add_text(why, "user root: refused: name a user without rights");
		return -EPERM;
	}
	if (getuid() == user->pw_uid)
		return 0;
	if (initgroups(name, user->pw_gid))
		return fail(why, "set the groups of the user", errno);
	if (setresgid(user->pw_gid, user->pw_gid, user->pw_gid) ||
	    setresuid(user->pw_uid, user->pw_uid, user->pw_uid))
		return fail(why, "become the user", errno);
	return 0;
}

static int drop_capabilities(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };

	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	return syscall(SYS_capset, &head, none) ? -errno : 0;
}

int st_confine_become(const char *user, struct st_buf *why)
{
	int ret = user ? set_user(user, why) : 0;

	if (ret)
		return ret;
	if (!geteuid() || !getuid()) {
		st_buf_add_text(why, "refused: it does not run as root: name a user with --user");
		return -EPERM;
	}
	ret = drop_capabilities();
	if (ret)
		return fail(why, "give up the capabilities", -ret);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return fail(why, "set no_new_privs", errno);
	return 0;
}

/* Of the first version: what a newer one adds is not needed to open a file. */
#define FILES \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | \
	 LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR | \
	 LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE | \
	 LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | \
	 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | \
	 LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK | \
	 LANDLOCK_ACCESS_FS_MAKE_SYM)

#ifdef ST_SANITIZED
/* The search for leaks at the end reads about the process itself. */
static int allow_sanitizers(int rules)
{
	struct landlock_path_beneath_attr proc = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
		.parent_fd = open("/proc", O_PATH | O_CLOEXEC),
	};
	long ret = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &proc, 0);

	close(proc.parent_fd);
	return ret || prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) ? -errno : 0;
}
#else
static int allow_sanitizers(int rules)
{
	(void)rules;
	return 0;
}
#endif

int st_confine_files(void)
{
	const struct landlock_ruleset_attr rules = { .handled_access_fs = FILES };
	int fd = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules), 0);
	int ret;

	if (fd < 0)
		return -errno;
	ret = allow_sanitizers(fd);
	if (!ret && syscall(SYS_landlock_restrict_self, fd, 0))
		ret = -errno;
	close(fd);
	return ret;
}

static const int calls[] = {
	/* the loop, connections, and the daemon's socket */
	SCMP_SYS(epoll_wait),
	SCMP_SYS(epoll_pwait),
	SCMP_SYS(epoll_ctl),
	SCMP_SYS(accept4),
	SCMP_SYS(accept),
	SCMP_SYS(recvfrom),
	SCMP_SYS(sendto),
	SCMP_SYS(recvmsg),
	SCMP_SYS(sendmsg),
	SCMP_SYS(read),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(sendfile),
	SCMP_SYS(shutdown),
	SCMP_SYS(close),
	SCMP_SYS(connect),
	SCMP_SYS(setsockopt),
	SCMP_SYS(getsockopt),
	SCMP_SYS(getsockname),
	SCMP_SYS(fcntl),
	SCMP_SYS(ioctl),
	SCMP_SYS(poll),
	SCMP_SYS(eventfd2),
	/* memory, time, threads' locks */
	SCMP_SYS(mmap),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(brk),
	SCMP_SYS(futex),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(time),
	SCMP_SYS(getrandom),
	SCMP_SYS(restart_syscall),
	/* the end */
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(tgkill),
	SCMP_SYS(newfstatat),
	SCMP_SYS(fstat),
#ifdef ST_SANITIZED /* of the sanitizers, and of the search for leaks at the end */
	SCMP_SYS(mprotect),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(openat),
	SCMP_SYS(open),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(lseek),
	SCMP_SYS(getuid),
	SCMP_SYS(getgid),
	SCMP_SYS(geteuid),
	SCMP_SYS(getegid),
	SCMP_SYS(clone),
	SCMP_SYS(clone3),
	SCMP_SYS(ptrace),
	SCMP_SYS(wait4),
	SCMP_SYS(prctl),
	SCMP_SYS(getdents64),
	SCMP_SYS(getdents),
	SCMP_SYS(getppid),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(rseq),
	SCMP_SYS(prlimit64),
	SCMP_SYS(pipe2),
	SCMP_SYS(process_vm_readv),
#endif
};

int st_confine_calls(void)
{
	const struct scmp_arg_cmp is_unix = {
		.arg = 0,
		.op = SCMP_CMP_EQ,
		.datum_a = AF_UNIX,
		.datum_b = 0,
	};
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int ret = filter ? 0 : -ENOMEM;

	for (size_t i = 0; !ret && i < ST_ARRAY_SIZE(calls); i++)
		ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
	/* only unix sockets are made: the one that listens is there */
	if (!ret)
		ret = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1, &is_unix);
	if (!ret)
		ret = seccomp_load(filter);
	if (filter)
		seccomp_release(filter);
	return ret;
}
