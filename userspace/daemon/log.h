/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The daemon's own lines on standard error: OTP's reports, and its own errors.
 *
 * Any file of the daemon may call this, so it includes nothing of the daemon.
 * Other texts do not come here: what children write is output (output.h), and
 * the file of --transcript is the transcript (transcript.h).
 *
 * Nothing here waits. Standard error may be a pipe that nobody reads, or a
 * terminal that is stopped (Ctrl-S). Then lines are kept, up to ST_LOG_ROOM
 * bytes; further lines are lost, and counted. When there is room again, a line
 * reports how many are missing. main.c polls the descriptor while lines wait.
 */
#ifndef ST_DAEMON_LOG_H
#define ST_DAEMON_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

#define ST_LOG_ROOM (64u << 10)

/**
 * st_log() - write one line to standard error, or keep it
 * @format: of the line without newline, as for printf; "suptreed: " is put
 *	before it
 *
 * What a terminal may take for a command becomes ?. A line is cut at 8 KiB. It is not
 * a failure if nothing can be written, because there is nowhere to report it but
 * st_log_nr_lost().
 */
void st_log(const char *format, ...) __printf(1, 2);

/**
 * st_log_text() - the same for a text that is ready
 * @text: whole lines, newlines included; nothing is put before them
 */
void st_log_text(const char *text);

/**
 * st_log_open() - find out how to write to standard error without waiting
 *
 * main() calls this once, first. Without it, each write is preceded by poll(2).
 */
void st_log_open(void);

/**
 * st_log_gather() - keep lines until st_log_flush(), or until there is no room
 *
 * The loop flushes once a turn, before it sleeps: a thousand restarts in one turn cost
 * one write(2).
 */
void st_log_gather(void);

/**
 * st_log_close() - write what is left, if that is possible soon
 * @patience_ms: how long to wait for a reader
 */
void st_log_close(unsigned int patience_ms);

/**
 * st_log_waiting_fd() - the descriptor to poll for POLLOUT
 *
 * Return: -1 if no line waits.
 */
int st_log_waiting_fd(void);

/**
 * st_log_flush() - write the lines that wait, as many as are taken now
 */
void st_log_flush(void);

/**
 * st_log_nr_lost() - the number of lines that were lost since the start
 */
uint64_t st_log_nr_lost(void);

#endif
