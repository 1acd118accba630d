/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One line of a child's output, in the form that log files and the journal get.
 */
#ifndef ST_DAEMON_OUTPUT_OUTPUT_LINE_H
#define ST_DAEMON_OUTPUT_OUTPUT_LINE_H

#include <stdint.h>

#include "daemon/output/output_ring.h"

struct st_output_line {
	const char *path; /* of the child */
	uint64_t generation; /* of the process */
	uint64_t wall_ns; /* time at which the end of the line was read */
	enum st_stream stream;
	const char *text; /* without newline */
	uint32_t len;
};

#endif
