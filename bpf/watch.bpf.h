/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The watched processes: a word in the storage of each process's first thread. The tracer
 * sets it through a pidfd. A fork inherits it if a bit in it says so, and it ends with
 * the process. So a reused pid is never mistaken, and a miss costs one look-up.
 */
#ifndef ST_BPF_WATCH_H
#define ST_BPF_WATCH_H

const volatile bool watch_all; /* everything but ST_WATCH_NEVER */

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u32);
} watched SEC(".maps");

/* The word of a task's process; 0: none. */
static __always_inline __u32 watch_word(struct task_struct *task)
{
	__u32 *word = bpf_task_storage_get(&watched, task->group_leader, 0, 0);

	return word ? *word : 0;
}

static __always_inline bool is_watched(struct task_struct *task)
{
	__u32 word = watch_word(task);

	return (watch_all || (word & ST_WATCH_ON)) && !(word & ST_WATCH_NEVER);
}

/* Whether a channel that a process uses is recorded: never, if it is marked, always. */
enum interest {
	INTEREST_NEVER,
	INTEREST_IF_MARKED,
	INTEREST_ALWAYS
};

static __always_inline enum interest interest_in(struct task_struct *task)
{
	__u32 word = watch_word(task);

	if (word & ST_WATCH_NEVER)
		return INTEREST_NEVER;
	return watch_all || (word & ST_WATCH_ON) ? INTEREST_ALWAYS : INTEREST_IF_MARKED;
}

#endif
