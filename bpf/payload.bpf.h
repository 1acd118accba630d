/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the bytes of a message are, and how they are copied to a record.
 *
 * A hook runs after the kernel has copied the bytes, so they have been there. But the
 * memory belongs to the process: another thread may have changed or unmapped it since.
 * Then the record has other bytes, or the flag NO_PAYLOAD; nothing fails.
 */
#ifndef ST_BPF_PAYLOAD_H
#define ST_BPF_PAYLOAD_H

#define SEGMENTS_MAX 64 /* of one message; later ones are cut */

/* from uio.h; its name in vmlinux.h differs between kernels */
struct segment {
	__u64 base;
	__u64 len;
};

/* Bytes, or an array of segments; address 0: nothing that could be read. */
struct source {
	__u64 address;
	__u32 len; /* bytes of the message */
	__u32 nr_segments; /* 0: the address points to the bytes */
	__u64 skip; /* bytes of the first segment that belong to another message */
	__u32 is_kernel; /* the address is; what segments point to is the process's anyway */
	__u32 is_name; /* of a process: kept whatever the limit of payloads is */
}; /* without holes, which a verifier would not let be passed */

static __always_inline long read_at(void *to, __u32 len, __u64 address, bool is_kernel)
{
	if (is_kernel)
		return bpf_probe_read_kernel(to, len, (const void *)address);
	return bpf_probe_read_user(to, len, (const void *)address);
}

static __always_inline void copy_payload(struct st_record *record, const struct source *source,
					 __u64 len, const __u32 class)
{
	/* clang would compare a shifted copy, and the verifier sees no bound */
	asm volatile("" : "+r"(len));
	if (len > class)
		len = class;
	record->captured = len;
	if (read_at(record + 1, len, source->address, source->is_kernel)) {
		record->captured = 0;
		record->flags |= ST_FLAG_NO_PAYLOAD;
	}
}

/* Segment after segment, up to @len; the room after @record is twice @class. */
static __always_inline void copy_segments(struct st_record *record, const struct source *source,
					  __u64 len, const __u32 class)
{
	__u64 done = 0;
	__u64 skip = source->skip;

	for (__u32 i = 0; i < SEGMENTS_MAX; i++) {
		struct segment segment;
		__u64 part;

		if (i >= source->nr_segments || done >= len)
			break;
		if (read_at(&segment, sizeof(segment), source->address + i * sizeof(segment),
			    source->is_kernel) ||
		    segment.len < skip)
			break;
		part = segment.len - skip;
		if (part > len - done)
			part = len - done;
		asm volatile("" : "+r"(part), "+r"(done));
		if (part > class || done > class)
			break;
		if (bpf_probe_read_user((void *)(record + 1) + done, part,
					(const void *)(segment.base + skip)))
			break;
		done += part;
		skip = 0;
	}
	record->captured = done;
	if (done < len)
		record->flags |= ST_FLAG_NO_PAYLOAD;
}

#endif
