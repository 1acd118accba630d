// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads from other processes, and closes connections to them, without waiting for them.
 *
 * A packet may bring descriptors that nobody asked for. If its sender has closed his, then
 * whoever drops ours closes the file, and that takes as long as the sender likes: a TCP socket
 * with SO_LINGER and bytes that nobody reads waits for its whole linger time. So a packet with
 * descriptors is seen before it is taken, and it ends the connection. While a connection is
 * closed, a timer of this thread ends each wait: all of them end when a signal is pending.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "libsuptree/internal.h"

#define PATIENCE_NS 100000

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

/* 1: descriptors come with the next packet, which stays; 0: none do; -errno. */
static int look(int fd, int flags)
{
	struct msghdr message = { .msg_iovlen = 0 }; /* no room for descriptors */

	if (recvmsg(fd, &message, flags | MSG_PEEK) < 0)
		return -errno;
	return message.msg_flags & MSG_CTRUNC ? 1 : 0;
}

int st_peer_receive(int fd, struct st_packet *packet, int flags, size_t *ret_len)
{
	int ret = look(fd, flags);

	if (ret < 0)
		return ret;
	return ret ? -EPROTO : st_packet_receive(fd, packet, flags, ret_len);
}

/* It has done its work when it is pending. */
static void on_signal(int signo)
{
	(void)signo;
}

void st_peer_close(int *fd)
{
	const struct itimerspec every = { .it_interval.tv_nsec = PATIENCE_NS,
					  .it_value.tv_nsec = PATIENCE_NS };
	const struct sigaction action = { .sa_handler = on_signal };
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = ST_PEER_SIGNAL };
	sigset_t signals, before;
	bool has_timer;
	timer_t timer;

	if (*fd < 0)
		return;
	event.sigev_notify_thread_id = gettid();
	sigemptyset(&signals);
	sigaddset(&signals, ST_PEER_SIGNAL);
	has_timer = !timer_create(CLOCK_MONOTONIC, &event, &timer); /* without one it may wait */
	(void)sigaction(ST_PEER_SIGNAL, &action, NULL); /* fails for no valid signal */
	(void)pthread_sigmask(SIG_UNBLOCK, &signals, &before);
	if (has_timer)
		(void)timer_settime(timer, 0, &every, NULL); /* it repeats: one may come before */
	close(*fd);
	*fd = -1;
	if (has_timer)
		(void)timer_delete(timer);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}
