// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals as data; see signal.h.
 */
#include "os/signal.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Signals by which a program's own error ends it: they must stay deadly. */
static const int deadly[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGTRAP, SIGABRT };

/* struct sigaction as the kernel knows it; libc's refuses the two signals of libc. */
struct kernel_sigaction {
	uintptr_t handler;
	unsigned long flags;
	uintptr_t restorer;
	uint64_t mask;
};

int st_signal_block_all(void)
{
	sigset_t all;

	sigfillset(&all);
	return sigprocmask(SIG_BLOCK, &all, NULL) < 0 ? -errno : 0;
}

int st_signal_reset_ignored(void)
{
	for (int signo = 1; signo < _NSIG; signo++) {
		struct kernel_sigaction action = { 0 };

		if (syscall(SYS_rt_sigaction, signo, NULL, &action, sizeof(action.mask)) < 0)
			return -errno;
		if (action.handler != (uintptr_t)SIG_IGN)
			continue;
		action = (struct kernel_sigaction){ .handler = (uintptr_t)SIG_DFL };
		if (syscall(SYS_rt_sigaction, signo, &action, NULL, sizeof(action.mask)) < 0)
			return -errno;
	}
	return 0;
}

int st_signal_open(int *ret_fd)
{
	sigset_t wanted;

	sigfillset(&wanted);
	for (size_t i = 0; i < ST_ARRAY_SIZE(deadly); i++)
		sigdelset(&wanted, deadly[i]);
	int fd = signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC);

	if (fd < 0)
		return -errno;
	*ret_fd = fd;
	return 0;
}

int st_signal_read(int fd, struct st_signal ret_signals[ST_SIGNALS_MAX])
{
	struct signalfd_siginfo infos[ST_SIGNALS_MAX];
	ssize_t len = read(fd, infos, sizeof(infos));
	int nr;

	if (len < 0)
		return -errno;
	nr = (int)((size_t)len / sizeof(*infos)); /* signalfd(2): whole records only */
	for (int i = 0; i < nr; i++)
		ret_signals[i] = (struct st_signal){
			.signo = (int)infos[i].ssi_signo,
			.code = infos[i].ssi_code,
			.pid = (pid_t)infos[i].ssi_pid,
			.uid = infos[i].ssi_uid,
		};
	return nr;
}
