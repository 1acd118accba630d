/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checks whether a JSON value has the type of a parameter.
 */
#ifndef ST_PROTO_VALUE_H
#define ST_PROTO_VALUE_H

#include <jansson.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "proto/params.h"

/**
 * st_value_check() - check one value of a parameter
 * @param: the parameter: its type, limits and words count
 * @value: the value; a path is brought into its one form
 * @why: on failure the end of a sentence is appended: "must be ..., not ..."
 *
 * Return: 0, -EINVAL with @why, -ENOMEM.
 */
int st_value_check(const struct st_param *param, json_t *value, struct st_buf *why) __must_check;

#endif
