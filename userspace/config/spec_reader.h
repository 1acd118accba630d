/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Specifications in one line of JSON, as core writes them: for the saved state of a tree, which
 * core cannot read alone (core/save.h).
 */
#ifndef ST_CONFIG_SPEC_READER_H
#define ST_CONFIG_SPEC_READER_H

#include "core/save.h"

extern const struct st_spec_reader st_config_spec_reader;

#endif
