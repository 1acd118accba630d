/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Read how long ago something was: an age (10min, 2d) or a point in time (18:23,
 * 2026-11-22T18:23:05+01:00).
 *
 * For `suptree logs --since`. Never asks the daemon: its clock is that of this
 * machine.
 */
#ifndef ST_CLI_COMMAND_AGE_H
#define ST_CLI_COMMAND_AGE_H

#include <stdint.h>

#include "base/compiler.h"

/**
 * st_cli_age() - read an age that a user gave
 * @text: a duration; or a date, a time of day or both, of this zone unless an
 *	offset or Z follows. A time of day that is still to come is yesterday's
 * @ret_ms: milliseconds
 *
 * Return: NULL, or what is wrong with it.
 */
const char *st_cli_age(const char *text, uint64_t *ret_ms);

#endif
