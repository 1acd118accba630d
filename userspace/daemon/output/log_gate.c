// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opens gates, and forces them open in time; see log_gate.h.
 */
#include "daemon/output/log_gate.h"

static struct st_log_gate *first_of(const struct st_log_gates *gates)
{
	return st_list_entry(gates->closed.next, struct st_log_gate, link);
}

void st_log_gate_init(struct st_log_gate *gate)
{
	*gate = (struct st_log_gate){ .is_forced = false };
	st_list_init(&gate->waiters);
	st_list_init(&gate->link);
}

/*
 * All gates are held for the same time, so the first closed is the first
 * forced.
 */
static void await_first(struct st_log_gates *gates)
{
	st_deadline_set(&gates->deadline, st_list_is_empty(&gates->closed) ?
						  ST_NO_DEADLINE :
						  first_of(gates)->deadline_ns);
}

void st_log_gate_wait(struct st_log_gates *gates, struct st_log_gate *gate,
		      struct st_log_waiter *waiter)
{
	st_list_add_tail(&waiter->link, &gate->waiters);
	if (!st_list_is_empty(&gate->link))
		return;
	gate->deadline_ns = st_clock_ns() + ST_LOG_HOLD_NS;
	gate->gates = gates;
	st_list_add_tail(&gate->link, &gates->closed);
	await_first(gates);
}

static void let_through(struct st_log_gate *gate)
{
	struct st_log_gates *gates = gate->gates;

	st_list_del(&gate->link);
	if (gates)
		await_first(gates);
	gate->gates = NULL;
	while (!st_list_is_empty(&gate->waiters)) {
		struct st_log_waiter *waiter =
			st_list_entry(gate->waiters.next, struct st_log_waiter, link);

		st_list_del(&waiter->link);
		waiter->go_on(waiter);
	}
}

static void on_due(struct st_deadline *deadline)
{
	struct st_log_gates *gates = container_of(deadline, struct st_log_gates, deadline);
	uint64_t now_ns = st_clock_ns();

	while (!st_list_is_empty(&gates->closed) && first_of(gates)->deadline_ns <= now_ns) {
		struct st_log_gate *gate = first_of(gates);

		gate->is_forced = true;
		let_through(gate);
	}
	await_first(gates);
}

int st_log_gates_init(struct st_log_gates *gates, struct st_ring *ring)
{
	st_list_init(&gates->closed);
	return st_deadline_init(&gates->deadline, ring, on_due);
}

void st_log_gates_done(struct st_log_gates *gates)
{
	st_deadline_done(&gates->deadline);
}

void st_log_gate_open(struct st_log_gate *gate)
{
	gate->is_forced = false;
	let_through(gate);
}
