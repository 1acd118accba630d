/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one loop of the gateway: epoll, and the next moment at which something
 * has to be done. Everything runs in it, in one thread.
 */
#ifndef ST_WEB_LOOP_H
#define ST_WEB_LOOP_H

#include <stdint.h>

#include "base/compiler.h"

#define ST_LOOP_BATCH 64

struct st_source;

/**
 * struct st_source - a descriptor that the loop watches; embed it
 * @fd: the descriptor, which the owner closes after st_web_loop_remove()
 * @on_ready: called with EPOLLIN and so on; it may remove any source
 */
struct st_source {
	int fd;
	void (*on_ready)(struct st_source *source, uint32_t events);
};

struct st_web_loop {
	int fd;
	struct st_source *batch[ST_LOOP_BATCH]; /* what is ready in this turn */
	uint32_t events[ST_LOOP_BATCH];
	int nr;
};

int st_web_loop_init(struct st_web_loop *loop) __must_check;
void st_web_loop_done(struct st_web_loop *loop);

/**
 * st_web_loop_add() - watch a descriptor
 * @loop: the loop
 * @source: outlives the watching
 * @events: EPOLLIN, EPOLLOUT or both; the kernel adds EPOLLHUP and EPOLLERR
 *
 * Return: 0, or -errno of epoll_ctl(2).
 */
int st_web_loop_add(struct st_web_loop *loop, struct st_source *source,
		    uint32_t events) __must_check;
void st_web_loop_change(struct st_web_loop *loop, struct st_source *source, uint32_t events);
void st_web_loop_remove(struct st_web_loop *loop, struct st_source *source);

/**
 * st_web_loop_turn() - wait for something, and call its owner
 * @loop: the loop
 * @until_ns: return at this time at the latest; ST_NO_DEADLINE: never
 *
 * Return: 0, or -errno of epoll_wait(2).
 */
int st_web_loop_turn(struct st_web_loop *loop, uint64_t until_ns) __must_check;

uint64_t st_web_clock_ns(void); /* monotonic */

#endif
