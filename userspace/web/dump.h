/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes a value of jansson. json_dumps() is not used: who gets its text cannot
 * know with which function to free it.
 */
#ifndef ST_WEB_DUMP_H
#define ST_WEB_DUMP_H

#include <jansson.h>

#include "base/buf.h"

/**
 * st_dump() - append a value on one line
 * @value: the value
 * @out: gets it; it has failed if there was no memory
 */
void st_dump(const json_t *value, struct st_buf *out);

#endif
