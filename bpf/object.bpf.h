/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Channels of objects that have no BPF storage: pipes, event counters, queues.
 *
 * They are in one table. The key is the kernel's address or number of the object, and
 * something that distinguishes it from an earlier object at the same address. When the
 * table is full, the least recently used entries are removed. A channel that comes back
 * gets a new serial number.
 */
#ifndef ST_BPF_OBJECT_H
#define ST_BPF_OBJECT_H

#define OBJECTS_MAX 16384

struct object {
	__u64 address; /* or number */
	__u64 number; /* of the inode, and its generation; of the kind, if there is none */
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, OBJECTS_MAX);
	__type(key, struct object);
	__type(value, struct channel);
} objects SEC(".maps");

/* File systems reuse inode numbers at once; the generation shows that. */
static __always_inline __u64 number_of(const struct inode *inode)
{
	__u64 generation = BPF_CORE_READ(inode, i_generation);

	return generation << 32 | (__u32)BPF_CORE_READ(inode, i_ino);
}

static __always_inline struct channel *object_channel(struct object *object, enum interest interest,
						      __u64 waiting_before)
{
	struct channel *channel = bpf_map_lookup_elem(&objects, object);
	struct channel begin = { 0 };

	if (channel || interest != INTEREST_ALWAYS)
		return channel;
	channel_begin(&begin, waiting_before);
	/* it may exist by now: the other side was as fast */
	bpf_map_update_elem(&objects, object, &begin, BPF_NOEXIST);
	return bpf_map_lookup_elem(&objects, object);
}

/*
 * A message on an object that does not count its bytes or messages: the header has kind,
 * channel and size; false: the message is not wanted.
 */
static __always_inline bool object_moved(struct object *object, bool sent, struct st_record *header)
{
	enum interest interest = interest_in(bpf_get_current_task_btf());
	struct channel *channel;

	if (interest == INTEREST_NEVER)
		return false;
	channel = object_channel(object, interest, 0);
	if (!channel)
		return false;
	header->source = header->channel;
	header->extra = channel->serial;
	if (sent) {
		header_sent(header);
		header->to = channel->last_reader;
		channel->last_writer = header->from;
	} else {
		header_received(header);
		header->from = channel->last_writer;
		channel->last_reader = header->to;
	}
	if (sent ? header->to : header->from)
		header->flags |= ST_FLAG_GUESS;
	return true;
}

#endif
