// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals as messages, and SIGTERM as the supervisor's wish when exits are trapped.
 */
#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "libsuptree/server.h"

static int watch(struct st_server *server)
{
	int fd = signalfd(server->signal_fd, &server->signals, SFD_CLOEXEC | SFD_NONBLOCK);
	int ret;

	if (fd < 0)
		return -errno;
	if (server->signal_fd >= 0)
		return 0;
	ret = st_loop_add(server, fd, ST_SOURCE_SIGNALS, 0);
	if (ret)
		close(fd);
	else
		server->signal_fd = fd;
	return ret;
}

static int take(struct st_server *server, int signo)
{
	sigset_t set;
	int ret;

	sigaddset(&server->signals, signo);
	ret = watch(server);
	if (ret) {
		sigdelset(&server->signals, signo);
		return ret;
	}
	sigemptyset(&set);
	sigaddset(&set, signo);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return 0;
}

/* Restore the default action of the signal; a pending one is delivered now. */
static int give_back(struct st_server *server, int signo)
{
	sigset_t set;

	sigdelset(&server->signals, signo);
	if (server->signal_fd >= 0)
		(void)watch(server); /* to watch less cannot fail */
	sigemptyset(&set);
	sigaddset(&set, signo);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	return 0;
}

int suptree_trap_exit(struct suptree *self, bool on)
{
	struct st_server *server = st_server_of(self);
	int ret = 0;

	if (on != server->traps_exits)
		ret = on ? take(server, SIGTERM) : give_back(server, SIGTERM);
	if (ret)
		return st_fail(self, ret, "signalfd");
	server->traps_exits = on;
	return 0;
}

int suptree_watch_signal(struct suptree *self, int signo)
{
	int ret;

	if (signo < 1 || signo > SIGRTMAX || signo == SIGKILL || signo == SIGSTOP ||
	    signo == SIGTERM || signo == ST_PEER_SIGNAL)
		return st_fail(self, -EINVAL, "signal %d cannot be watched", signo);
	ret = take(st_server_of(self), signo);
	return ret ? st_fail(self, ret, "signalfd") : 0;
}

static void handle(struct st_server *server, int signo)
{
	const struct suptree_info info = { .type = SUPTREE_INFO_SIGNAL, .value = signo };

	if (signo == SIGTERM)
		(void)suptree_stop(&server->self, SUPTREE_EXIT_SHUTDOWN);
	else
		st_deliver_info(server, &info);
}

void st_signals_read(struct st_server *server)
{
	struct signalfd_siginfo signal;

	while (!server->is_stopping &&
	       read(server->signal_fd, &signal, sizeof(signal)) == sizeof(signal))
		handle(server, (int)signal.ssi_signo);
}
