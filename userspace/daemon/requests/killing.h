/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signals that clients send to children, and who waits for what comes of them.
 *
 * A client that kills a child goes on when the child has ended, so that what
 * it asks next finds the death known: `suptree kill x; suptree settle` waits
 * for the restart. Only a signal whose effect is certain is waited for, and
 * not for ever: a process may be stopped in the kernel, or be traced.
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
 * @client: answered {"ok":true,"ended":BOOL}: at once with false if the process
 *	may survive the signal; when it has ended; or when that took too long
 * @process: has not been reaped
 * @signo: the signal
 */
void st_killing_begin(struct st_requests *requests, struct st_client *client,
		      const struct st_process *process, int signo);

/**
 * st_killing_ended() - a process has been reaped: answer those who wait for it
 * @requests: all requests
 * @generation: of the process
 *
 * Core must be told of the end before the next request is taken.
 */
void st_killing_ended(struct st_requests *requests, uint64_t generation);

#endif
