/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the programs of this part call in fake_module.c instead: tools/build/tests.mk
 * takes the names out of these lines.
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
