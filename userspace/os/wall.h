/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Times of the wall clock as text, in the forms of ISO 8601 that RFC 3339
 * allows. By hand: it is done for each event and line that somebody gets.
 */
#ifndef ST_OS_WALL_H
#define ST_OS_WALL_H

#include <stddef.h>
#include <stdint.h>

#define ST_WALL_SIZE 40

/* CLOCK_REALTIME in nanoseconds. */
uint64_t st_wall_ns(void);

/**
 * st_wall_write_utc() - 2026-11-22T18:23:05.123456Z
 * @wall_ns: nanoseconds since 1970
 * @text: not terminated
 *
 * Return: the number of bytes.
 */
size_t st_wall_write_utc(uint64_t wall_ns, char text[ST_WALL_SIZE]);

/**
 * st_wall_write_local() - 2026-11-22T19:23:05.123456+01:00
 * @wall_ns: nanoseconds since 1970
 * @text: not terminated
 *
 * The zone is the daemon's ($TZ, /etc/localtime).
 *
 * Return: the number of bytes.
 */
size_t st_wall_write_local(uint64_t wall_ns, char text[ST_WALL_SIZE]);

#endif
