/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The control protocol for a tree without a daemon: parameters to requests of core,
 * effects to answers and events. proto/ and daemon/ do the same on a socket.
 */
#ifndef ST_SCENARIO_CORE_PROTOCOL_H
#define ST_SCENARIO_CORE_PROTOCOL_H

#include <jansson.h>

#include "core/effect.h"
#include "core/event.h"
#include "core/types.h"

struct st_core_request;

/**
 * st_core_request_new() - read the parameters of an operation
 * @method: an operation that the tool uses
 * @params: taken
 *
 * Return: owned by the caller (st_core_request_free).
 */
struct st_core_request *st_core_request_new(const char *method, json_t *params);
void st_core_request_free(struct st_core_request *request);

/* The answer if core is not needed for it, owned by the caller; otherwise NULL. */
json_t *st_core_request_answer(const struct st_core_request *request);

/* The request for core, borrowed. */
const struct st_request *st_core_request_get(struct st_core_request *request, uint64_t token);

/* core_answer.c: a REPLY as {"result": R} or {"error": TERM}; owned by the caller. */
json_t *st_core_answer(const struct st_effect *effect);

/* core_answer.c: an effect that reports something, as an event; owned by the caller. */
json_t *st_core_event(const struct st_effect *effect);

#endif
