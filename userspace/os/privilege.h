/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a daemon without root may not do for its children. Asked when a
 * specification is loaded, so that an unprivileged daemon refuses "user: web"
 * with a clear text instead of failing each start of the child.
 */
#ifndef ST_OS_PRIVILEGE_H
#define ST_OS_PRIVILEGE_H

#include "base/compiler.h"
#include "os/spawn/spawn.h"

/**
 * st_privilege_refuses() - the first step for which this process lacks rights
 * @request: the request
 *
 * Looks at capabilities and limits of this process, not at its uid, and at no
 * file: a working directory may still be refused when the child starts.
 *
 * Return: a step (OOM_SCORE, NICE, LIMITS, GROUPS, UID), or ST_SPAWN_STEP_NONE
 * if all may be tried.
 */
enum st_spawn_step st_privilege_refuses(const struct st_spawn_request *request);

#endif
