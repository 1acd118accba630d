/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From the text of an argument to the JSON value of a parameter.
 */
#ifndef ST_CLI_COMMAND_CONVERT_H
#define ST_CLI_COMMAND_CONVERT_H

#include <jansson.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "proto/params.h"

/**
 * st_convert() - read an argument as a parameter wants it
 * @param: the parameter
 * @text: the argument; for SPEC and SPECS also @FILE, and - for standard input
 * @why: on failure the end of a sentence about the argument
 * @ret_value: owned by the caller; it satisfies st_value_check()
 *
 * Return: 0, -EINVAL with @why, -ENOMEM.
 */
int st_convert(const struct st_param *param, const char *text, struct st_buf *why,
	       json_t **ret_value) __must_check;

#endif
