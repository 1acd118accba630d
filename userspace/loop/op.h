/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What all operations of the ring have in common. An operation is a struct
 * that its owner embeds: struct st_poll, struct st_read and so on. Each has its
 * own header, with one submit function and one completion callback.
 *
 *	idle --start--> armed --completion--> idle
 *	                  |  ^
 *	                  +--+ a repeating one (poll_watch, accept) stays armed
 *
 * The most important rule: an armed operation belongs to the kernel. Its memory,
 * and the buffer it names, may be freed or used again only after a completion,
 * when st_op_is_armed() returns false. To get rid of an operation its owner calls
 * st_op_cancel() and waits for the callback. The callback always comes, with
 * -ECANCELED, or with the true result if that was faster.
 *
 * Starting never fails and never blocks: an operation that does not fit into the
 * ring waits in a list. Callbacks are called only from st_ring_run_once(), never
 * from within a start or a cancel. In the callback of an operation that is idle
 * the owner may free it.
 */
#ifndef ST_LOOP_OP_H
#define ST_LOOP_OP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/list.h"

struct st_op_type;
struct st_ring;

/**
 * struct st_op - the common part; its fields are private to loop/
 * @type: how to prepare and complete it
 * @ring: the ring on which it was started last
 * @link: in one of the ring's lists, or in none
 * @state: enum st_op_state
 * @is_cancelled: a cancel was asked for
 */
struct st_op {
	const struct st_op_type *type;
	struct st_ring *ring;
	struct st_list link;
	uint8_t state;
	bool is_cancelled;
};

/**
 * st_op_is_armed() - whether the kernel or the ring still holds the operation
 * @op: one that was started, or whose memory is all zero
 */
bool st_op_is_armed(const struct st_op *op);

/**
 * st_op_cancel() - ask for the end of an operation
 * @op: if it is idle, or cancelled already, nothing happens
 *
 * The completion comes later, from st_ring_run_once().
 */
void st_op_cancel(struct st_op *op);

#endif
