/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a daemon that was killed has left, and the next one ends.
 *
 * Children die with the daemon (PR_SET_PDEATHSIG), but Linux forgets this for a program
 * that gains privileges or changes its user, a program may clear it, and it is not
 * passed on to descendants. All of them bear the daemon's mark (os/mark.h). The daemon
 * writes the family of its marks into a file beside its socket, and removes the file
 * when it ends in order. If the file is there, the next daemon on this socket ends what
 * is left, before it starts its own children, and logs that.
 *
 * Not found: a process that has set the limit that is its mark, and what a daemon that
 * is not root's may not look at. Nothing is found by a daemon on another socket.
 */
#ifndef ST_DAEMON_PROCESS_LEFTOVER_H
#define ST_DAEMON_PROCESS_LEFTOVER_H

#include <stdint.h>

/**
 * st_leftover_end() - end what the daemon before has left; note the own family
 * @socket: path of the control socket, which is the own one by now
 * @family: of the own marks; 0: none
 *
 * Waits for the ends for two seconds at most. All failures are logged.
 */
void st_leftover_end(const char *socket, uint64_t family);

/**
 * st_leftover_none() - note that the daemon ends in order
 * @socket: as above
 */
void st_leftover_none(const char *socket);

#endif
