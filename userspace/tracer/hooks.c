// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of hooks, and their shape in the kernel's BTF.
 *
 * Used by session.c, which does the loading. Of a kind with a hook in both tiers, the
 * first that loads is taken. Read bpf/README.md for what each hook can know.
 */
#include "tracer/hooks.h"

#include <bpf/btf.h>
#include <stdio.h>

#define HOOK(kind, sights, tier, program, target, nr) \
	{ \
#program, ST_RECORD_##kind, sights, ST_TIER_##tier, #target, false, nr, \
			ST_TIER_##tier == ST_TIER_FUNCTION \
	}

#define STREAM_OUT ST_SIGHT_STREAM_SENT
#define STREAM_IN ST_SIGHT_STREAM_RECEIVED
#define DGRAM_OUT ST_SIGHT_DGRAM_SENT
#define DGRAM_IN ST_SIGHT_DGRAM_RECEIVED

#define PIPE_OUT ST_SIGHT_PIPE_SENT
#define PIPE_IN ST_SIGHT_PIPE_RECEIVED
#define PIPE_URING ST_SIGHT_PIPE_URING
#define BOTH_WAYS (ST_SIGHT_OUT | ST_SIGHT_IN)

/* Of the hooks with the same sight those that know more come first. */
const struct st_hook st_hooks[] = {
	{ "process_fork", ST_RECORD_PROCESS, ST_SIGHT_FORK, ST_TIER_TRACEPOINT,
	  "sched_process_fork", true, 2, false },
	HOOK(PROCESS, ST_SIGHT_EXEC, TRACEPOINT, process_exec, sched_process_exec, 3),
	HOOK(PROCESS, ST_SIGHT_EXIT, TRACEPOINT, process_exit, sched_process_exit, 1),
	HOOK(SIGNAL, ST_SIGHT_SENT, TRACEPOINT, signal_sent, signal_generate, 5),
	HOOK(SIGNAL, ST_SIGHT_DELIVERED, TRACEPOINT, signal_delivered, signal_deliver, 3),
	HOOK(UNIX, ST_SIGHT_DGRAM_TO, TRACEPOINT, unix_ready_tp, sk_data_ready, 1),
	HOOK(UNIX, ST_SIGHT_DGRAM_TO, FUNCTION, unix_ready_fn, sock_def_readable, 1),
	HOOK(UNIX, STREAM_OUT, FUNCTION, unix_stream_sent, unix_stream_sendmsg, 3),
	HOOK(UNIX, STREAM_IN, FUNCTION, unix_stream_recvd, unix_stream_recvmsg, 4),
	HOOK(UNIX, DGRAM_OUT, FUNCTION, unix_dgram_sent, unix_dgram_sendmsg, 3),
	HOOK(UNIX, DGRAM_IN, FUNCTION, unix_dgram_recvd, __unix_dgram_recvmsg, 4),
	HOOK(UNIX, STREAM_OUT | DGRAM_OUT, TRACEPOINT, unix_sent_tp, sock_send_length, 2),
	HOOK(UNIX, STREAM_IN | DGRAM_IN, TRACEPOINT, unix_received_tp, sock_recv_length, 3),
	HOOK(PIPE, PIPE_OUT | PIPE_URING, FUNCTION, pipe_sent_anon, anon_pipe_write, 2),
	HOOK(PIPE, PIPE_IN | PIPE_URING, FUNCTION, pipe_recvd_anon, anon_pipe_read, 2),
	HOOK(PIPE, PIPE_OUT | PIPE_URING, FUNCTION, pipe_sent, pipe_write, 2),
	HOOK(PIPE, PIPE_IN | PIPE_URING, FUNCTION, pipe_recvd, pipe_read, 2),
	HOOK(PIPE, PIPE_OUT | PIPE_IN, TRACEPOINT, pipe_call, sys_exit, 2),
	{ "pipe_uring", ST_RECORD_PIPE, PIPE_URING, ST_TIER_TRACEPOINT, "io_uring_complete", false,
	  3, true }, /* it had eight once, and another order */
	HOOK(EVENTFD, ST_SIGHT_OUT, FUNCTION, eventfd_sent, eventfd_write, 4),
	HOOK(EVENTFD, ST_SIGHT_IN, FUNCTION, eventfd_recvd, eventfd_read, 2),
	HOOK(EVENTFD, BOTH_WAYS, TRACEPOINT, eventfd_call, sys_exit, 2),
	HOOK(SIGWAIT, ST_SIGHT_IN, FUNCTION, sigwait_3, dequeue_signal, 3),
	HOOK(SIGWAIT, ST_SIGHT_IN, FUNCTION, sigwait_4, dequeue_signal, 4),
	HOOK(SIGWAIT, ST_SIGHT_IN, TRACEPOINT, sigwait_call, sys_exit, 2),
	HOOK(MQUEUE, ST_SIGHT_OUT, FUNCTION, mqueue_sent, do_mq_timedsend, 5),
	HOOK(MQUEUE, ST_SIGHT_IN, FUNCTION, mqueue_recvd, do_mq_timedreceive, 5),
	HOOK(MQUEUE, BOTH_WAYS, TRACEPOINT, mqueue_call, sys_exit, 2),
	HOOK(SYSV, ST_SIGHT_OUT, FUNCTION, sysv_sent, do_msgsnd, 5),
	HOOK(SYSV, ST_SIGHT_IN, FUNCTION, sysv_recvd, do_msgrcv, 6),
	HOOK(SYSV, BOTH_WAYS, TRACEPOINT, sysv_call, sys_exit, 2),
	HOOK(FUTEX, ST_SIGHT_OUT, FUNCTION, futex_woken, futex_wake_mark, 2),
	HOOK(FUTEX, ST_SIGHT_OUT, TRACEPOINT, futex_call, sys_exit, 2),
};
const unsigned int st_nr_hooks = ST_ARRAY_SIZE(st_hooks);
_Static_assert(ST_ARRAY_SIZE(st_hooks) <= ST_HOOKS_MAX, "a bit each");

/* The prototype of a tracepoint's or function's BPF side; NULL: there is none. */
static const struct btf_type *prototype(const struct st_hook *hook, const struct btf *kernel)
{
	char name[128];
	int id;

	if (hook->tier == ST_TIER_FUNCTION) {
		id = btf__find_by_name_kind(kernel, hook->target, BTF_KIND_FUNC);
		return id < 0 ? NULL : btf__type_by_id(kernel, btf__type_by_id(kernel, id)->type);
	}
	(void)snprintf(name, sizeof(name), "btf_trace_%s", hook->target); /* names are short */
	id = btf__find_by_name_kind(kernel, name, BTF_KIND_TYPEDEF);
	if (id < 0)
		return NULL;
	const struct btf_type *pointer = btf__type_by_id(kernel, btf__type_by_id(kernel, id)->type);

	return btf__type_by_id(kernel, pointer->type);
}

const char *st_hook_shape(const struct st_hook *hook, const struct btf *kernel)
{
	const struct btf_type *type = prototype(hook, kernel);
	/* the first parameter of a tracepoint's function is its own data */
	unsigned int nr_own = hook->tier == ST_TIER_TRACEPOINT;

	if (!type || !btf_is_func_proto(type))
		return "the kernel has none of that name";
	/* a tracepoint may have more parameters; a function's result comes after its parameters */
	if (btf_vlen(type) < hook->nr_parameters + nr_own ||
	    (hook->exact && btf_vlen(type) != hook->nr_parameters + nr_own))
		return "the kernel's hook has other parameters";
	return NULL;
}
