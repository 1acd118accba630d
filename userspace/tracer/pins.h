/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pins: while a session runs, its maps, programs and links have names below
 * ST_PINS_FOLDER, so that bpftool and other programs find them.
 *
 * A pinned link would go on tracing without its tracer. So a second process, the keeper,
 * removes all pins when the tracer has ended, however it ended. If the keeper was killed
 * too, the next tracer that pins removes them. Read session.h first.
 */
#ifndef ST_TRACER_PINS_H
#define ST_TRACER_PINS_H

#include "base/compiler.h"
#include "tracer/session.h"

#define ST_PINS_ROOT "/sys/fs/bpf"
#define ST_PINS_NAME "suptree"
#define ST_PINS_FOLDER ST_PINS_ROOT "/" ST_PINS_NAME

struct st_pins;

/**
 * st_pins_new() - take the folder, and start the keeper
 * @ret_pins: to be freed by st_pins_free()
 *
 * Call it before there is a session: the keeper must not have its descriptors.
 *
 * Return: 0; -EBUSY: another tracer pins there; -ENOTSUP: ST_PINS_ROOT is no BPF file
 * system; -errno.
 */
int __must_check st_pins_new(struct st_pins **ret_pins);

/**
 * st_pins_add() - pin everything that a session has in the kernel
 * @pins: without a session yet
 * @session: any
 *
 * Return: 0; -errno: some may be pinned, until st_pins_free().
 */
int __must_check st_pins_add(const struct st_pins *pins, const struct st_session *session);

/**
 * st_pins_free() - take everything away; returns when it is
 * @pins: or NULL
 */
void st_pins_free(struct st_pins *pins);

#endif
