/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The functions that fake_module.c replaces in the programs of this part:
 * tools/build/tests.mk takes the names out of these lines.
 */
#ifndef ST_TESTS_DAEMON_WRAPPED_H
#define ST_TESTS_DAEMON_WRAPPED_H

#define CALLS(CALL) \
	CALL(st_genl_open, int) \
	CALL(st_genl_close, void) \
	CALL(st_genl_flush, int) \
	CALL(st_genl_read_refusal, int) \
	CALL(st_genl_watch_open, int) \
	CALL(st_genl_watch_read, int)

#endif
