/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The daemon's own lines on standard error: OTP's reports, and its own troubles.
 *
 * Any file of the daemon may call this, so it includes nothing of the daemon.
 * What children write is output (output.h), and the file of --log is the
 * transcript (transcript.h): neither comes this way.
 */
#ifndef ST_DAEMON_LOG_H
#define ST_DAEMON_LOG_H

#include "base/compiler.h"

/**
 * st_log() - write one line to standard error
 * @format: of the line without newline, as for printf; "suptreed: " is put before it
 *
 * One write(2) for each line: main() makes the stream line-buffered. A failure of
 * the write is ignored, for nobody is left who could be told of it.
 */
void st_log(const char *format, ...) __printf(1, 2);

#endif
