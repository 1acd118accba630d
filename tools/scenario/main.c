// SPDX-License-Identifier: GPL-2.0-only
/*
 * st-scenario: run a scenario of tests/otp/ and write its trace.
 *
 *	st-scenario [--core] SCENARIO.json TRACE.json
 *
 * Without --core it starts a daemon, suptreed beside this program, and real
 * processes; with it core runs alone in virtual time. tests/otp/compare.py
 * compares the trace with that of Erlang's supervisor.
 */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>

#include "die.h"
#include "driver.h"
#include "run.h"
#include "trace.h"

#define USAGE 2

static json_t *load(const char *path)
{
	json_error_t error;
	json_t *scenario = json_load_file(path, 0, &error);

	if (!scenario)
		st_die("read the scenario %s: line %d: %s", path, error.line, error.text);
	return scenario;
}

static bool read_options(int argc, char **argv, bool *ret_core)
{
	static const struct option options[] = {
		{ "core", no_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 },
	};
	int letter;

	while ((letter = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		if (letter != 'c')
			return false;
		*ret_core = true;
	}
	return argc - optind == 2;
}

int main(int argc, char **argv)
{
	bool in_core = false;
	struct st_driver *driver;
	json_t *scenario, *steps, *leftover;

	if (!read_options(argc, argv, &in_core)) {
		(void)fprintf(stderr, "usage: st-scenario [--core] SCENARIO.json TRACE.json\n");
		return USAGE;
	}
	scenario = load(argv[optind]);
	driver = in_core ? st_core_driver_new() : st_live_driver_new();
	steps = st_run(driver, scenario);
	leftover = driver->ops->leftover(driver);
	st_trace_write(argv[optind + 1], st_need_text(scenario, "name"), leftover, steps);
	driver->ops->free(driver);
	json_decref(leftover);
	json_decref(steps);
	json_decref(scenario);
	return 0;
}
