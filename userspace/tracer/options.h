/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command line of suptree-tracer.
 */
#ifndef ST_TRACER_OPTIONS_H
#define ST_TRACER_OPTIONS_H

#include "tracer/session.h"

#define ST_TRACER_PIDS_MAX 256

enum st_tracer_task {
	ST_TRACER_TRACE,
	ST_TRACER_DOCTOR,
	ST_TRACER_HELP,
	ST_TRACER_VERSION
};

struct st_tracer_options {
	enum st_tracer_task task;
	struct st_session_limits limits;
	pid_t pids[ST_TRACER_PIDS_MAX];
	unsigned int nr_pids;
	bool alone; /* not what the processes fork */
	bool json;
	bool pin;
	bool join;
	bool kinds_given; /* each must have a hook */
};

extern const char st_tracer_usage[];

/**
 * st_tracer_options_parse() - read the command line
 * @argc: of main
 * @argv: of main
 * @ret_options: filled in
 *
 * Errors are printed on stderr.
 *
 * Return: 0, -EINVAL.
 */
int __must_check st_tracer_options_parse(int argc, char *const *argv,
					 struct st_tracer_options *ret_options);

#endif
