/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * JSON values as YAML: for results that show.c does not format itself, and for
 * specifications in the form of a configuration.
 */
#ifndef ST_CLI_SHOW_YAML_H
#define ST_CLI_SHOW_YAML_H

#include <jansson.h>

#include "base/buf.h"
#include "cli/cli.h"

/**
 * st_yaml_write() - append a value as YAML
 * @value: any; at most 64 levels deep, as all that comes from the daemon
 * @style: of the output; keys are coloured
 * @out: where to; ends with a newline
 */
void st_yaml_write(json_t *value, const struct st_style *style, struct st_buf *out);

#endif
