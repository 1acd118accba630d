/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a decided event to a record in the ring: limits, counters, classes of room.
 *
 * The hooks ask watch.bpf.h whether the event is wanted, fill a header, describe the
 * payload (payload.bpf.h) and call emit(). This file does not read kernel structures.
 */
#ifndef ST_BPF_EMIT_H
#define ST_BPF_EMIT_H

/* Told before loading: the verifier removes what is switched off. */
const volatile __u32 kinds = (1u << ST_RECORD_KIND__MAX) - 1;
const volatile __u32 payload_max = 64;
const volatile __u32 wake_bytes = 65536; /* the reader sleeps until so much waits */
const volatile __u64 rate_limit; /* records a second; 0: no limit */
const volatile __u64 stop_count; /* records in all; 0: no limit */

/* May change at any time. */
__u32 running;
__u64 stop_time_ns; /* of CLOCK_BOOTTIME; 0: never */
__u64 nr_taken;
__u64 rate_state; /* second << 32 | records in it */
__u32 reader_waits; /* 1: the reader asks to be woken; once, for that costs an interrupt */
__u64 nr_unwatched_children; /* storage for a child's word could not be had */

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 << 20);
} records SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, ST_RECORD_KIND__MAX);
	__type(key, __u32);
	__type(value, struct st_record_counter);
} counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} sequences SEC(".maps");

static __always_inline bool wants(enum st_record_kind kind)
{
	return running && (kinds & (1u << kind));
}

/* Counts by compare and swap; a caller that loses eight times counts as over the rate. */
static __always_inline bool over_rate(__u64 now_ns)
{
	__u64 second = now_ns / 1000000000 << 32;

	if (!rate_limit)
		return false;
	for (int i = 0; i < 8; i++) {
		__u64 old = rate_state;
		__u64 next = (old & ~0xffffffffull) == second ? old + 1 : second + 1;

		if ((__u32)next > rate_limit)
			return true;
		if (__sync_val_compare_and_swap(&rate_state, old, next) == old)
			return false;
	}
	return true;
}

static __always_inline bool over_limit(__u64 now_ns)
{
	if (stop_time_ns && now_ns >= stop_time_ns)
		return true;
	if (over_rate(now_ns))
		return true;
	return stop_count && __sync_fetch_and_add(&nr_taken, 1) >= stop_count;
}

static __always_inline __u64 wake_flags(void)
{
	if (reader_waits && bpf_ringbuf_query(&records, BPF_RB_AVAIL_DATA) >= wake_bytes &&
	    __sync_val_compare_and_swap(&reader_waits, 1, 0) == 1)
		return BPF_RB_FORCE_WAKEUP;
	return BPF_RB_NO_WAKEUP;
}

/* A constant @class is the room of the payload: the ring reserves no other way. */
static __always_inline bool put(const struct st_record *header, const struct source *source,
				__u64 len, const __u32 class)
{
	struct st_record *record = bpf_ringbuf_reserve(&records, sizeof(*record) + class, 0);

	if (!record)
		return false;
	*record = *header;
	if (class)
		copy_payload(record, source, len, class);
	bpf_ringbuf_submit(record, wake_flags());
	return true;
}

/* Twice the room: the verifier bounds where a segment begins and how long it is apart. */
static __always_inline bool put_segments(const struct st_record *header,
					 const struct source *source, __u64 len, const __u32 class)
{
	struct st_record *record = bpf_ringbuf_reserve(&records, sizeof(*record) + 2 * class, 0);

	if (!record)
		return false;
	*record = *header;
	copy_segments(record, source, len, class);
	bpf_ringbuf_submit(record, wake_flags());
	return true;
}

static __always_inline bool put_by_class(struct st_record *header, const struct source *source)
{
	if (!source)
		return put(header, source, 0, 0);
	__u64 len = source->len;

	if (len > payload_max && !source->is_name) {
		len = payload_max;
		header->flags |= ST_FLAG_TRUNCATED;
	}
	if (len && !source->address)
		header->flags |= ST_FLAG_NO_PAYLOAD;
	if (len == 0 || !source->address)
		return put(header, source, 0, 0);
	if (source->nr_segments)
		return len <= 256 ? put_segments(header, source, len, 256) :
				    put_segments(header, source, len, ST_RECORD_PAYLOAD_MAX);
	if (len <= 64)
		return put(header, source, len, 64);
	if (len <= 256)
		return put(header, source, len, 256);
	if (len <= 1024)
		return put(header, source, len, 1024);
	return put(header, source, len, ST_RECORD_PAYLOAD_MAX);
}

/*
 * An interrupt may come between any two steps: per-CPU numbers are added to atomically.
 * The function is global so that it is verified once, for all possible arguments.
 * Otherwise 6.1 assumes that all callers have the stack contents of one caller, and
 * removes the other branch.
 * @source: NULL: no payload
 */
__noinline int emit(struct st_record *header, const struct source *source)
{
	if (!header)
		return 0; /* never; the verifier cannot know */
	__u32 kind = header->kind;
	__u32 zero = 0;
	struct st_record_counter *counter = bpf_map_lookup_elem(&counters, &kind);
	__u32 *sequence = bpf_map_lookup_elem(&sequences, &zero);

	if (!counter || !sequence)
		return 0; /* never: both are arrays */
	header->time_ns = bpf_ktime_get_boot_ns();
	if (over_limit(header->time_ns)) {
		__sync_fetch_and_add(&counter->limited, 1);
		return 0;
	}
	header->cpu = bpf_get_smp_processor_id();
	header->sequence = __sync_fetch_and_add(sequence, 1);
	if (put_by_class(header, source))
		__sync_fetch_and_add(&counter->emitted, 1);
	else
		__sync_fetch_and_add(&counter->dropped, 1);
	return 0;
}

#endif
