/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signals that clients send to children, and clients that wait for the end.
 *
 * A client that kills a child gets its answer when the child has ended. So its
 * next request finds that the death is known: `suptree kill x; suptree settle`
 * waits for the restart. The daemon waits only after a signal whose effect is
 * certain, and not for ever: a process may be stopped in the kernel, or be
 * traced.
 */
#ifndef ST_DAEMON_REQUESTS_KILLING_H
#define ST_DAEMON_REQUESTS_KILLING_H

#include <stdint.h>

struct st_client;
struct st_process;
struct st_requests;

/**
 * st_killing_begin() - send a signal to a process, and answer the client
 * @requests: all requests
 * @client: gets {"ok":true,"ended":BOOL}: false at once if the process may
 *	survive the signal; true when it has ended; false when that took too
 *	long
 * @process: has not been reaped
 * @signo: the signal
 */
void st_killing_begin(struct st_requests *requests, struct st_client *client,
		      const struct st_process *process, int signo);

/**
 * st_killing_ended() - a process has been reaped: answer the waiting clients
 * @requests: all requests
 * @generation: of the process
 *
 * The end must be posted to core before the next request is read.
 */
void st_killing_ended(struct st_requests *requests, uint64_t generation);

#endif
