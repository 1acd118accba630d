/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Specifications of scenarios to those of a configuration.
 *
 * Only the names differ: an invalid value stays invalid, so that the binder refuses it.
 */
#ifndef ST_SCENARIO_SPEC_H
#define ST_SCENARIO_SPEC_H

#include <jansson.h>

/* A supervisor: SUP to the map that `supervisor` takes. Owned by the caller. */
json_t *st_spec_of_sup(const json_t *sup);

/* A child: CHILD to a child spec. Owned by the caller. */
json_t *st_spec_of_child(const json_t *child);

/* A worker's BEHAVIOUR as the argument that it is given. Owned by the caller. */
json_t *st_spec_of_behaviour(const json_t *behaviour);

#endif
