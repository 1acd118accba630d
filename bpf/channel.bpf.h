/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The place of a message in its channel. Both sides are counted separately: hooks of
 * senders count what is written, hooks of receivers count what is read. A hook runs a
 * little after the queue has changed, so a receiver may be counted before its sender. But
 * both count the same messages, so they get the same numbers. A channel that is known is
 * marked: a watched process has used it, so its messages are recorded for all processes.
 *
 * Messages that no hook counts (spliced, or sent before the mark) would shift one side.
 * Two facts correct this: waiting messages come after all messages that were read; and
 * when nothing waits, all messages written before have been read.
 */
#ifndef ST_BPF_CHANNEL_H
#define ST_BPF_CHANNEL_H

#define WAITING_MAX 64 /* buffers of a queue that are looked at for a new channel */

struct channel {
	__u64 written;
	__u64 read;
	__u32 serial;
	__u32 last_writer;
	__u32 last_reader;
	__u32 unused;
};

__u32 nr_channels; /* serial numbers given */

static __always_inline void channel_begin(struct channel *channel, __u64 waiting_before)
{
	channel->written = waiting_before;
	channel->serial = __sync_fetch_and_add(&nr_channels, 1) + 1;
}

/* @waiting: what is in the queue now, in any unit. True: something was sent unseen. */
static __always_inline bool channel_lags(const struct channel *channel, __u64 waiting)
{
	return waiting && channel->written < channel->read;
}

/* @waiting: in the channel's unit, with the @len that is being sent */
static __always_inline void channel_catch_up(struct channel *channel, __u64 len, __u64 waiting)
{
	__u64 written = channel->written;
	__u64 before = waiting > len ? waiting - len : 0;

	__sync_val_compare_and_swap(&channel->written, written, channel->read + before);
}

static __always_inline void channel_sent(struct channel *channel, __u64 len,
					 struct st_record *header)
{
	header->offset = __sync_fetch_and_add(&channel->written, len);
	header->extra = channel->serial;
	channel->last_writer = header->from;
	header->to = channel->last_reader;
	if (header->to)
		header->flags |= ST_FLAG_GUESS;
}

/* @written: of before @waiting, what is left, was looked at */
static __always_inline void channel_received(struct channel *channel, __u64 len, __u64 written,
					     __u64 waiting, struct st_record *header)
{
	header->extra = channel->serial;
	header->from = channel->last_writer;
	if (header->from)
		header->flags |= ST_FLAG_GUESS;
	if (header->flags & ST_FLAG_PEEK) {
		header->offset = channel->read;
		return;
	}
	header->offset = __sync_fetch_and_add(&channel->read, len);
	__u64 end = header->offset + len;

	/* another reader may have taken the rest, and be counted soon */
	if (!waiting && end < written && channel->last_reader == header->to)
		__sync_val_compare_and_swap(&channel->read, end, written);
	channel->last_reader = header->to;
}

static __always_inline void header_sent(struct st_record *header)
{
	__u64 id = bpf_get_current_pid_tgid();

	header->action = ST_ACTION_SENT;
	header->from = id >> 32;
	header->from_tid = id;
}

static __always_inline void header_received(struct st_record *header)
{
	__u64 id = bpf_get_current_pid_tgid();

	header->action = ST_ACTION_RECEIVED;
	header->to = id >> 32;
	header->to_tid = id;
}

#endif
