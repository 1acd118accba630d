// SPDX-License-Identifier: GPL-2.0-only
/*
 * suptree-journal: keeps every event of suptreed, and answers questions about the past.
 * It reads its command line and becomes a service (service.h).
 */
#include <stdio.h>
#include <stdlib.h>

#include "journal/service.h"
#include "proto/parse.h"

#define EXIT_WRONG_USAGE 2

int main(int argc, char **argv)
{
	struct st_past_options options;

	st_json_init_memory();
	setlinebuf(stderr);
	switch (st_past_options_read(argc, argv, &options)) {
	case ST_PAST_TASK_EXIT:
		return EXIT_SUCCESS;
	case ST_PAST_TASK_USAGE:
		return EXIT_WRONG_USAGE;
	case ST_PAST_TASK_RUN:
	default:
		return st_past_service_main(&options);
	}
}
