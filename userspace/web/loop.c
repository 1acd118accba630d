// SPDX-License-Identifier: GPL-2.0-only
/*
 * The loop; see loop.h.
 */
#include "web/loop.h"

#include <errno.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#define MAX_WAIT_MS 3600000

int st_web_loop_init(struct st_web_loop *loop)
{
	loop->nr = 0;
	loop->fd = epoll_create1(EPOLL_CLOEXEC);
	return loop->fd < 0 ? -errno : 0;
}

void st_web_loop_done(struct st_web_loop *loop)
{
	close(loop->fd);
}

static int control(struct st_web_loop *loop, int what, struct st_source *source, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = source };

	return epoll_ctl(loop->fd, what, source->fd, &event) ? -errno : 0;
}

int st_web_loop_add(struct st_web_loop *loop, struct st_source *source, uint32_t events)
{
	return control(loop, EPOLL_CTL_ADD, source, events);
}

void st_web_loop_change(struct st_web_loop *loop, struct st_source *source, uint32_t events)
{
	(void)control(loop, EPOLL_CTL_MOD, source, events); /* it is there, so this cannot fail */
}

void st_web_loop_remove(struct st_web_loop *loop, struct st_source *source)
{
	(void)control(loop, EPOLL_CTL_DEL, source, 0);
	for (int i = 0; i < loop->nr; i++)
		if (loop->batch[i] == source)
			loop->batch[i] = NULL;
}

uint64_t st_web_clock_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* a clock that Linux has cannot fail */
	return (uint64_t)now.tv_sec * ST_NSEC_PER_SEC + (uint64_t)now.tv_nsec;
}

static int wait_ms(uint64_t until_ns)
{
	uint64_t now_ns = st_web_clock_ns(), ms;

	if (until_ns == ST_NO_DEADLINE)
		return -1;
	if (until_ns <= now_ns)
		return 0;
	ms = (until_ns - now_ns + ST_NSEC_PER_MSEC - 1) / ST_NSEC_PER_MSEC;
	return ms > MAX_WAIT_MS ? MAX_WAIT_MS : (int)ms;
}

int st_web_loop_turn(struct st_web_loop *loop, uint64_t until_ns)
{
	struct epoll_event events[ST_LOOP_BATCH];
	int nr = epoll_wait(loop->fd, events, ST_LOOP_BATCH, wait_ms(until_ns));

	if (nr < 0)
		return errno == EINTR ? 0 : -errno;
	for (int i = 0; i < nr; i++) {
		loop->batch[i] = events[i].data.ptr;
		loop->events[i] = events[i].events;
	}
	loop->nr = nr;
	for (int i = 0; i < nr; i++)
		if (loop->batch[i])
			loop->batch[i]->on_ready(loop->batch[i], loop->events[i]);
	loop->nr = 0;
	return 0;
}
