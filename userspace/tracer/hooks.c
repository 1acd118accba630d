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

#define TRACEPOINT(program, kind, target, inherits, nr) \
	{ \
#program, ST_RECORD_##kind, ST_TIER_TRACEPOINT, #target, inherits, nr \
	}

const struct st_hook st_hooks[] = {
	TRACEPOINT(process_fork, PROCESS, sched_process_fork, true, 2),
	TRACEPOINT(process_exec, PROCESS, sched_process_exec, false, 3),
	TRACEPOINT(process_exit, PROCESS, sched_process_exit, false, 1),
	TRACEPOINT(signal_sent, SIGNAL, signal_generate, false, 5),
	TRACEPOINT(signal_delivered, SIGNAL, signal_deliver, false, 3),
};
const unsigned int st_nr_hooks = ST_ARRAY_SIZE(st_hooks);

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
	if (btf_vlen(type) < hook->nr_parameters + nr_own)
		return "the kernel's has other parameters";
	return NULL;
}
