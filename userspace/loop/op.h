/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What all operations of the ring have in common. An operation is a struct
 * that its owner embeds: struct st_poll, struct st_read and so on, each in a
 * header of its own with one submit function and one completion callback.
 *
 *	idle --start--> armed --completion--> idle
 *	                  |  ^
 *	                  +--+ a repeating one (poll_watch, accept) stays armed
 *
 * The rule that everything rests on: an armed operation belongs to the kernel.
 * Its memory, and the buffer it names, may be freed or used again only when a
 * completion has come and st_op_is_armed() says no. So who wants to be rid of
 * one calls st_op_cancel() and waits for the callback, which says -ECANCELED,
 * or the true result if that was faster: one of both, never none.
 *
 * Starting never fails and never blocks: what does not fit into the ring now
 * waits in a list. Callbacks are called from st_ring_run_once() only, never
 * from within a start or a cancel. In a callback of an operation that is idle
 * its owner may free it.
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
