// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals as data; see signal.h.
 */
#include "os/signal.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* Signals by which a program's own error ends it: they must stay deadly. */
static const int deadly[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGTRAP, SIGABRT };

int st_signal_block_all(void)
{
	sigset_t all;

	sigfillset(&all);
	return sigprocmask(SIG_BLOCK, &all, NULL) < 0 ? -errno : 0;
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

int st_signal_read(int fd, struct st_signal *ret_signal)
{
	struct signalfd_siginfo info;

	/* signalfd(2): a read gives whole records or none. */
	if (read(fd, &info, sizeof(info)) < 0)
		return -errno;
	*ret_signal = (struct st_signal){
		.signo = (int)info.ssi_signo,
		.code = info.ssi_code,
		.pid = (pid_t)info.ssi_pid,
		.uid = info.ssi_uid,
	};
	return 0;
}

/*
 * Both spellings of the real-time signals count from libc's SIGRTMIN, as
 * kill(1) does; the kernel's first two belong to libc's threads.
 */
#define NAMES(X) \
	X(HUP) \
	X(INT) X(QUIT) X(ILL) X(TRAP) X(ABRT) X(BUS) X(FPE) X(KILL) X(USR1) X(SEGV) X(USR2) \
		X(PIPE) X(ALRM) X(TERM) X(STKFLT) X(CHLD) X(CONT) X(STOP) X(TSTP) X(TTIN) X(TTOU) \
			X(URG) X(XCPU) X(XFSZ) X(VTALRM) X(PROF) X(WINCH) X(IO) X(PWR) X(SYS)

static const char *const names[] = {
#define NAME(name) [SIG##name] = #name,
	NAMES(NAME)
#undef NAME
};

static const char *const realtime_names[] = {
	"RTMIN",    "RTMIN+1",	"RTMIN+2",  "RTMIN+3",	"RTMIN+4",  "RTMIN+5",	"RTMIN+6",
	"RTMIN+7",  "RTMIN+8",	"RTMIN+9",  "RTMIN+10", "RTMIN+11", "RTMIN+12", "RTMIN+13",
	"RTMIN+14", "RTMIN+15", "RTMIN+16", "RTMIN+17", "RTMIN+18", "RTMIN+19", "RTMIN+20",
	"RTMIN+21", "RTMIN+22", "RTMIN+23", "RTMIN+24", "RTMIN+25", "RTMIN+26", "RTMIN+27",
	"RTMIN+28", "RTMIN+29", "RTMIN+30",
};

const char *st_signal_name(int signo)
{
	if (signo > 0 && signo < (int)ST_ARRAY_SIZE(names))
		return names[signo];
	if (signo >= SIGRTMIN && signo <= SIGRTMAX)
		return realtime_names[signo - SIGRTMIN];
	return NULL;
}

static bool is_signal(long signo)
{
	return signo > 0 && signo <= SIGRTMAX && st_signal_name((int)signo);
}

/* A decimal number without sign or space, or -1. */
static long number_of(const char *text)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return -1;
	errno = 0;
	long value = strtol(text, &end, 10);

	return errno || *end ? -1 : value;
}

/* "RTMIN", "RTMIN+3", "RTMAX" or "RTMAX-1": the signal, or -1. */
static long realtime_of(const char *name)
{
	bool is_min = !strncasecmp(name, "RTMIN", 5);

	if (!is_min && strncasecmp(name, "RTMAX", 5) != 0)
		return -1;
	long base = is_min ? SIGRTMIN : SIGRTMAX;

	if (!name[5])
		return base;
	long offset = name[5] == (is_min ? '+' : '-') ? number_of(name + 6) : -1;

	if (offset < 0 || offset > SIGRTMAX - SIGRTMIN)
		return -1;
	return is_min ? base + offset : base - offset;
}

int st_signal_find(const char *name)
{
	long signo = number_of(name);

	if (signo < 0) {
		if (!strncasecmp(name, "SIG", 3))
			name += 3;
		signo = realtime_of(name);
	}
	if (is_signal(signo))
		return (int)signo;
	for (int i = 1; i < (int)ST_ARRAY_SIZE(names); i++)
		if (names[i] && !strcasecmp(name, names[i]))
			return i;
	return -EINVAL;
}
