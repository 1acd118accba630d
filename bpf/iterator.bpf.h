/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bytes that a kernel function has just taken from, or put into, its iov_iter. It is
 * for hooks at the function's return, when the iterator is after these bytes. Its form
 * differs between kernels: 6.1 has `iov`, later ones have `__iov`, and the numbers of its
 * types have changed.
 */
#ifndef ST_BPF_ITERATOR_H
#define ST_BPF_ITERATOR_H

struct iov_iter___old {
	const struct iovec *iov;
} __attribute__((preserve_access_index));

struct iov_iter___new {
	const struct iovec *__iov;
} __attribute__((preserve_access_index));

static __always_inline __u64 segments_of(const struct iov_iter *iter)
{
	const struct iov_iter___old *old = (const void *)iter;
	const struct iov_iter___new *new = (const void *)iter;

	if (bpf_core_field_exists(old->iov))
		return (__u64)BPF_CORE_READ(old, iov);
	return (__u64)BPF_CORE_READ(new, __iov);
}

/* Go back from the present segment to the one in which the @done bytes began. */
static __always_inline void walk_back(__u64 segments, __u64 offset, __u64 done,
				      struct source *source)
{
	__u64 before = offset; /* bytes of the segments from here on that are done */
	__u32 nr = offset ? 1 : 0;

	for (int i = 0; i < SEGMENTS_MAX && before < done; i++) {
		struct segment segment;

		segments -= sizeof(segment);
		if (read_at(&segment, sizeof(segment), segments, true))
			return;
		before += segment.len;
		nr++;
	}
	if (before < done)
		return;
	source->address = segments;
	source->nr_segments = nr;
	source->skip = before - done;
	source->is_kernel = true;
}

/* source->address stays 0 if the bytes are not a process's. */
static __always_inline void find_done(const struct iov_iter *iter, __u64 done,
				      struct source *source)
{
	__u32 type = BPF_CORE_READ(iter, iter_type);
	__u64 offset = BPF_CORE_READ(iter, iov_offset);

	if (bpf_core_enum_value_exists(enum iter_type, ITER_UBUF) &&
	    type == bpf_core_enum_value(enum iter_type, ITER_UBUF))
		source->address = (__u64)BPF_CORE_READ(iter, ubuf) + offset - done;
	else if (type == bpf_core_enum_value(enum iter_type, ITER_IOVEC))
		walk_back(segments_of(iter), offset, done, source);
}

#endif
