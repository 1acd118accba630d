/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A way to run a scenario: core alone in virtual time (core_driver.c), or a
 * daemon with real processes (live_driver.c).
 *
 * Both have the same interface: calls are those of the control protocol, and the driver
 * passes its events to the record. So run.c, which knows scenarios, does not know which
 * of the two it drives.
 */
#ifndef ST_SCENARIO_DRIVER_H
#define ST_SCENARIO_DRIVER_H

#include <jansson.h>
#include <stdbool.h>

#include "record.h"

struct st_driver;

/**
 * struct st_driver_ops - the functions of a driver
 * @call: do an operation of the control protocol and wait for its answer. It takes
 *	@params. Returns {"result": R} or {"error": TERM}, with OTP's term for the error,
 *	owned by the caller. When it returns, the record has all events up to the answer
 * @end: let a worker end with a reason, and wait until it is dead
 * @settle: wait until nothing more happens by itself
 * @pass: let time pass
 * @shut_down: ask the daemon to stop, and wait for its end
 * @is_dynamic: whether the supervisor at a path is simple_one_for_one
 * @leftover: list of the paths of workers that outlived the daemon; owned by
 *	the caller
 * @free: after @shut_down
 */
struct st_driver_ops {
	json_t *(*call)(struct st_driver *driver, const char *method, json_t *params);
	void (*end)(struct st_driver *driver, const struct st_attempt *attempt,
		    const json_t *reason);
	void (*settle)(struct st_driver *driver);
	void (*pass)(struct st_driver *driver, unsigned int ms);
	void (*shut_down)(struct st_driver *driver);
	bool (*is_dynamic)(struct st_driver *driver, const char *path);
	json_t *(*leftover)(struct st_driver *driver);
	void (*free)(struct st_driver *driver);
};

struct st_driver {
	const struct st_driver_ops *ops;
	struct st_record record;
};

struct st_driver *st_core_driver_new(void);
struct st_driver *st_live_driver_new(void);

#endif
