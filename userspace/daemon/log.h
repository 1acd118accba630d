/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The daemon's own lines on standard error: OTP's reports, and its own errors.
 *
 * Any file of the daemon may call this, so it includes nothing of the daemon.
 * Other texts do not come here: what children write is output (output.h), and
 * the file of --log is the transcript (transcript.h).
 */
#ifndef ST_DAEMON_LOG_H
#define ST_DAEMON_LOG_H

#include "base/compiler.h"

/**
 * st_log() - write one line to standard error
 * @format: of the line without newline, as for printf; "suptreed: " is put
 *	before it
 *
 * Each line is one write(2), since main() makes the stream line-buffered. A
 * failure of the write is ignored, because there is nowhere to report it.
 */
void st_log(const char *format, ...) __printf(1, 2);

#endif
