// SPDX-License-Identifier: GPL-2.0-only
/*
 * A session's life: trial, load, attach, watch, read, count. See session.h.
 *
 * Only this file uses the skeleton of bpf/suptree.bpf.c; pins.c pins its objects.
 */
#include "tracer/session.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "suptree.skel.h"

#include "os/pidref.h"
#include "tracer/hooks.h"
#include "tracer/words.h"

#define TRIAL_RING_BYTES 65536

struct st_session {
	struct suptree_bpf *object;
	struct ring_buffer *ring;
	__u64 duration_ns;
	void (*take)(void *context, const struct st_record *record); /* while reading */
	void *context;
};

/* libbpf prints nothing; its returned errors are enough. */
static int say_nothing(enum libbpf_print_level level, const char *format, va_list words)
{
	(void)level;
	(void)format;
	(void)words;
	return 0;
}

static struct suptree_bpf *open_object(__u32 ring_bytes)
{
	(void)libbpf_set_print(say_nothing); /* returns the printer before it */
	struct suptree_bpf *object = suptree_bpf__open();

	/* it fails for a map that is loaded already, and this one is not */
	if (object && ring_bytes)
		(void)bpf_map__set_max_entries(object->maps.records, ring_bytes);
	return object;
}

/* Only programs whose hook was chosen are loaded with the object. */
static void choose(struct suptree_bpf *object, __u64 chosen)
{
	for (unsigned int i = 0; i < st_nr_hooks; i++) {
		struct bpf_program *program =
			bpf_object__find_program_by_name(object->obj, st_hooks[i].program);

		/* it fails for a program that is loaded already, and this one is not */
		if (program)
			(void)bpf_program__set_autoload(program, chosen >> i & 1);
	}
}

/* Load and attach some hooks, a bit each, and take them off again. */
static int try_hooks(__u64 hooks)
{
	struct suptree_bpf *object = open_object(TRIAL_RING_BYTES);

	if (!object)
		return -errno;
	choose(object, hooks);
	int result = suptree_bpf__load(object);

	if (!result)
		result = suptree_bpf__attach(object);
	suptree_bpf__destroy(object);
	return result;
}

/* The result of checking the hooks. */
struct choice {
	const char *reasons[ST_HOOKS_MAX]; /* why each does not work; NULL: it does */
	__u64 working; /* a bit for each */
	__u64 chosen;
	__u32 seen[ST_RECORD_KIND__MAX]; /* sights that have a hook */
};

/* NULL: it works (or may work, without a trial); otherwise why not. */
static const char *examine(unsigned int index, const struct btf *kernel, bool trial)
{
	const char *reason = st_hook_shape(&st_hooks[index], kernel);
	int result = reason || !trial ? 0 : try_hooks(1ull << index);

	return result ? strerrordesc_np(-result) : reason;
}

/* Those asked for, the first that works for each sight; others are looked at only if @all. */
static const char *choose_hook(unsigned int index, const struct st_session_limits *limits, bool all,
			       struct choice *choice)
{
	const struct st_hook *hook = &st_hooks[index];

	if (!hook->inherits && !(limits->kinds >> hook->kind & 1))
		return "its kind is not wanted";
	if (!hook->inherits && limits->tiers && !(limits->tiers >> hook->tier & 1))
		return "its tier is not wanted";
	if (!all && !(hook->sights & ~choice->seen[hook->kind]))
		return "it is not needed";
	return NULL;
}

static void look_at_all(const struct st_session_limits *limits, bool all, const struct btf *kernel,
			bool trial, struct choice *ret_choice)
{
	struct choice choice = { 0 };

	for (unsigned int i = 0; i < st_nr_hooks; i++) {
		const struct st_hook *hook = &st_hooks[i];

		choice.reasons[i] = choose_hook(i, limits, all, &choice);
		if (!choice.reasons[i])
			choice.reasons[i] = examine(i, kernel, trial);
		if (choice.reasons[i])
			continue;
		choice.working |= 1ull << i;
		if (hook->sights & ~choice.seen[hook->kind])
			choice.chosen |= 1ull << i;
		choice.seen[hook->kind] |= hook->sights;
	}
	*ret_choice = choice;
}

/* Without @trial what the kernel's types promise, which is not always kept. */
static int choose_hooks(const struct st_session_limits *limits, bool all, bool trial,
			struct choice *ret_choice)
{
	struct btf *kernel = btf__load_vmlinux_btf();

	if (!kernel)
		return -errno;
	look_at_all(limits, all, kernel, trial, ret_choice);
	btf__free(kernel);
	return 0;
}

static struct st_hook_state state_of(unsigned int index, const struct choice *choice)
{
	const struct st_hook *hook = &st_hooks[index];

	return (struct st_hook_state){
		.name = hook->program,
		.kind = st_kind_word[hook->kind],
		.tier = st_tier_word[hook->tier],
		.target = hook->target,
		.reason = choice->reasons[index],
		.chosen = choice->chosen >> index & 1,
	};
}

int st_session_examine(void (*see)(void *context, const struct st_hook_state *state), void *context)
{
	struct st_session_limits limits = { .kinds = UINT32_MAX };
	struct choice choice;
	int result = choose_hooks(&limits, true, false, &choice);

	/* all at once, which is soon done if all work; if not, one after the other */
	if (!result && try_hooks(choice.working))
		result = choose_hooks(&limits, true, true, &choice);
	if (result)
		return result;
	for (unsigned int i = 0; i < st_nr_hooks; i++) {
		struct st_hook_state state = state_of(i, &choice);

		see(context, &state);
	}
	return __builtin_popcountll(choice.working);
}

/* Report missing hooks that no other hook replaces; -ENOENT: a kind has no hook at all. */
static int tell_missing(const struct st_session_limits *limits, const struct choice *choice)
{
	for (unsigned int i = 0; i < st_nr_hooks; i++) {
		const struct st_hook *hook = &st_hooks[i];
		struct st_hook_state state = state_of(i, choice);

		if (limits->missing && limits->kinds >> hook->kind & 1 &&
		    hook->sights & ~choice->seen[hook->kind])
			limits->missing(limits->context, &state);
	}
	for (unsigned int kind = 0; kind < ST_RECORD_KIND__MAX; kind++) {
		if (limits->required >> kind & 1 && !choice->seen[kind])
			return -ENOENT;
	}
	return choice->chosen ? 0 : -ENOENT;
}

static void configure(struct suptree_bpf *object, const struct st_session_limits *limits)
{
	object->rodata->kinds = limits->kinds;
	object->rodata->payload_max = limits->payload_max;
	object->rodata->rate_limit = limits->rate;
	object->rodata->stop_count = limits->count;
	object->rodata->watch_all = limits->all;
}

static int read_one(void *context, void *data, size_t size)
{
	struct st_session *session = context;
	const struct st_record *record = data;

	if (size >= sizeof(*record) && record->captured <= size - sizeof(*record))
		session->take(session->context, record);
	return 0;
}

static void unload(struct st_session *session)
{
	ring_buffer__free(session->ring);
	suptree_bpf__destroy(session->object);
	session->ring = NULL;
	session->object = NULL;
}

static int load(struct st_session *session, const struct st_session_limits *limits, __u64 chosen)
{
	session->object = open_object(limits->ring_bytes);
	if (!session->object)
		return -errno;
	choose(session->object, chosen);
	configure(session->object, limits);
	int result = suptree_bpf__load(session->object);

	if (!result)
		result = suptree_bpf__attach(session->object);
	if (result)
		return result;
	session->ring = ring_buffer__new(bpf_map__fd(session->object->maps.records), read_one,
					 session, NULL);
	return session->ring ? 0 : -errno;
}

/* Load all hooks that should work at once; if that fails, try each hook alone. */
static int load_best(struct st_session *session, const struct st_session_limits *limits)
{
	struct choice choice;
	int result = choose_hooks(limits, false, false, &choice);

	if (result)
		return result;
	if (!load(session, limits, choice.chosen))
		return tell_missing(limits, &choice);
	unload(session);
	result = choose_hooks(limits, false, true, &choice);
	if (!result)
		result = tell_missing(limits, &choice);
	return result ? result : load(session, limits, choice.chosen);
}

int st_session_new(const struct st_session_limits *limits, struct st_session **ret_session)
{
	if (geteuid() != 0) /* capabilities would do; errors do not name them */
		return -EPERM;
	struct st_session *session = calloc(1, sizeof(*session));

	if (!session)
		return -ENOMEM;
	session->duration_ns = limits->duration_ns;
	int result = load_best(session, limits);

	if (result) {
		st_session_free(session);
		return result;
	}
	*ret_session = session;
	return 0;
}

void st_session_free(struct st_session *session)
{
	if (!session)
		return;
	unload(session);
	free(session);
}

int st_session_watch(struct st_session *session, pid_t pid, __u32 word)
{
	struct st_pidref ref;
	int result = st_pidref_open(pid, &ref);

	if (result < 0)
		return result;
	int fd = bpf_map__fd(session->object->maps.watched);

	if (bpf_map_update_elem(fd, &ref.fd, &word, BPF_ANY))
		result = -errno;
	st_pidref_done(&ref);
	return result;
}

void st_session_start(struct st_session *session)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_BOOTTIME, &now); /* a clock that Linux has cannot fail */
	if (session->duration_ns)
		session->object->bss->stop_time_ns = (__u64)now.tv_sec * ST_NSEC_PER_SEC +
						     (__u64)now.tv_nsec + session->duration_ns;
	session->object->bss->reader_waits = 1;
	session->object->bss->running = 1;
}

void st_session_stop(struct st_session *session)
{
	session->object->bss->running = 0;
}

int st_session_fd(const struct st_session *session)
{
	return ring_buffer__epoll_fd(session->ring);
}

int st_session_read(struct st_session *session,
		    void (*take)(void *context, const struct st_record *record), void *context)
{
	session->take = take;
	session->context = context;

	int result = ring_buffer__consume(session->ring);

	__atomic_store_n(&session->object->bss->reader_waits, 1, __ATOMIC_RELEASE);
	return result;
}

const struct bpf_object_skeleton *st_session_skeleton(const struct st_session *session)
{
	return session->object->skeleton;
}

/* Runs that the kernel left out because the same program ran on that CPU. */
static int count_missed(const struct st_session *session, __u64 *ret_missed)
{
	struct bpf_program *program;
	__u64 missed = 0;

	bpf_object__for_each_program(program, session->object->obj)
	{
		struct bpf_prog_info info = { 0 };
		__u32 len = sizeof(info);

		if (bpf_program__fd(program) < 0)
			continue; /* not chosen */
		if (bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &len))
			return -errno;
		missed += info.recursion_misses;
	}
	*ret_missed = missed;
	return 0;
}

static int count_kind(int fd, __u32 kind, int nr_cpus, struct st_record_counter *ret_sum)
{
	struct st_record_counter *each = calloc((size_t)nr_cpus, sizeof(*each));
	struct st_record_counter sum = { 0 };

	if (!each)
		return -ENOMEM;
	int result = bpf_map_lookup_elem(fd, &kind, each) ? -errno : 0;

	for (int i = 0; i < nr_cpus; i++) {
		sum.emitted += each[i].emitted;
		sum.dropped += each[i].dropped;
		sum.limited += each[i].limited;
	}
	free(each);
	*ret_sum = sum;
	return result;
}

int st_session_counts(const struct st_session *session, struct st_session_counts *ret_counts)
{
	int fd = bpf_map__fd(session->object->maps.counters);
	int nr_cpus = libbpf_num_possible_cpus();
	struct st_session_counts counts = {
		.unwatched_children = session->object->bss->nr_unwatched_children,
	};
	int result = nr_cpus < 0 ? nr_cpus : count_missed(session, &counts.missed);

	for (__u32 kind = 0; kind < ST_RECORD_KIND__MAX && !result; kind++)
		result = count_kind(fd, kind, nr_cpus, &counts.kinds[kind]);
	if (!result)
		*ret_counts = counts;
	return result;
}
