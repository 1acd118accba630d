// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads and closes sockets of untrusted peers; see foreign.h.
 */
#include "os/foreign.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "os/fd.h"

/* It has done its work when it is pending. */
static void on_alarm(int signo)
{
	(void)signo;
}

static void take_alarm(void)
{
	static bool is_taken;
	const struct sigaction action = { .sa_handler = on_alarm };

	if (!is_taken)
		is_taken = !sigaction(SIGALRM, &action, NULL); /* fails for no valid signal */
}

/* It repeats: the first one may come before the call. */
static void set_timer(suseconds_t us)
{
	const struct itimerval every = { .it_interval.tv_usec = us, .it_value.tv_usec = us };

	(void)setitimer(ITIMER_REAL, &every, NULL); /* fails for no valid time */
}

static void begin(sigset_t *ret_before)
{
	sigset_t alarm;

	take_alarm();
	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	set_timer(ST_FOREIGN_NS / 1000);
	(void)sigprocmask(SIG_UNBLOCK, &alarm, ret_before); /* fails for no valid word */
}

static void end(const sigset_t *before)
{
	int saved = errno;

	set_timer(0);
	(void)sigprocmask(SIG_SETMASK, before, NULL);
	errno = saved;
}

ssize_t st_foreign_recv(int fd, void *data, size_t len, int flags)
{
	sigset_t before;
	ssize_t ret;

	begin(&before);
	ret = recv(fd, data, len, flags | MSG_DONTWAIT);
	end(&before);
	return ret;
}

void st_foreign_close(int *fd)
{
	sigset_t before;

	if (*fd < 0)
		return;
	begin(&before);
	st_fd_close(fd);
	end(&before);
}
