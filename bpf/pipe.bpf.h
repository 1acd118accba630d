/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pipes and fifos: one queue of bytes, so the channel and the source are one inode.
 *
 * The channel is identified by the address of the pipe and the inode. No hook sees
 * spliced bytes, so they shift the offsets until the pipe is empty.
 */
#ifndef ST_BPF_PIPE_H
#define ST_BPF_PIPE_H

#define MODE_TYPE 0170000
#define MODE_FIFO 0010000

static __always_inline __u32 buffers_in(struct pipe_inode_info *pipe)
{
	return BPF_CORE_READ(pipe, head) - BPF_CORE_READ(pipe, tail);
}

/* Bytes in a pipe. Seldom needed. */
static __always_inline __u64 bytes_in(struct pipe_inode_info *pipe)
{
	struct pipe_buffer *buffers = BPF_CORE_READ(pipe, bufs);
	__u32 mask = BPF_CORE_READ(pipe, ring_size) - 1;
	__u32 tail = BPF_CORE_READ(pipe, tail);
	__u32 nr = buffers_in(pipe);
	__u64 bytes = 0;

	for (__u32 i = 0; i < WAITING_MAX && i < nr; i++)
		bytes += BPF_CORE_READ(&buffers[(tail + i) & mask], len);
	return bytes;
}

/* A new channel of a sender's begins with what was there before its @len bytes. */
static __always_inline __u64 bytes_before(struct pipe_inode_info *pipe, bool sent, __u64 len)
{
	__u64 waiting = sent ? bytes_in(pipe) : 0;

	return waiting > len ? waiting - len : 0;
}

static __always_inline int pipe_moved(struct object *key, bool sent, __u64 len,
				      struct source *source, __u16 flags)
{
	struct st_record header = { .kind = ST_RECORD_PIPE, .size = len, .flags = flags };
	struct pipe_inode_info *pipe = (struct pipe_inode_info *)key->address;
	enum interest interest = interest_in(bpf_get_current_task_btf());
	struct channel *channel;

	if (interest == INTEREST_NEVER)
		return 0;
	channel = bpf_map_lookup_elem(&objects, key);
	if (!channel)
		channel = object_channel(key, interest, bytes_before(pipe, sent, len));
	if (!channel)
		return 0;
	header.source = header.channel = key->number;
	source->len = len;
	if (sent) {
		header_sent(&header);
		if (channel_lags(channel, buffers_in(pipe)))
			channel_catch_up(channel, len, bytes_in(pipe));
		channel_sent(channel, len, &header);
		return emit(&header, source);
	}
	header_received(&header);
	bool is_unseen = !channel->last_writer;
	__u64 written = channel->written;

	header.detail = buffers_in(pipe);
	channel_received(channel, len, written, header.detail, &header);
	return is_unseen ? emit(&header, source) : emit(&header, NULL);
}

/* At the end of the kernel's own functions. */
static __always_inline int pipe_end(struct kiocb *call, const struct iov_iter *iter, bool sent,
				    long result)
{
	struct source source = { 0 };
	struct object key = { 0 };
	struct file *file = call->ki_filp;

	if (result <= 0 || !wants(ST_RECORD_PIPE))
		return 0;
	key.address = (__u64)file->private_data;
	key.number = number_of(file->f_inode);
	find_done(iter, result, &source);
	return pipe_moved(&key, sent, result, &source, by_worker());
}

SEC("fexit/anon_pipe_write")
int BPF_PROG(pipe_sent_anon, struct kiocb *call, struct iov_iter *iter, long result)
{
	return pipe_end(call, iter, true, result);
}

SEC("fexit/anon_pipe_read")
int BPF_PROG(pipe_recvd_anon, struct kiocb *call, struct iov_iter *iter, long result)
{
	return pipe_end(call, iter, false, result);
}

SEC("fexit/pipe_write")
int BPF_PROG(pipe_sent, struct kiocb *call, struct iov_iter *iter, long result)
{
	return pipe_end(call, iter, true, result);
}

SEC("fexit/pipe_read")
int BPF_PROG(pipe_recvd, struct kiocb *call, struct iov_iter *iter, long result)
{
	return pipe_end(call, iter, false, result);
}

static __always_inline bool is_fifo(struct file *file)
{
	return (BPF_CORE_READ(file, f_inode, i_mode) & MODE_TYPE) == MODE_FIFO;
}

static __always_inline int pipe_by_file(struct file *file, bool sent, __u64 len,
					struct source *source, __u16 flags)
{
	struct object key = { 0 };

	key.address = (__u64)BPF_CORE_READ(file, private_data);
	key.number = number_of(BPF_CORE_READ(file, f_inode));
	return pipe_moved(&key, sent, len, source, flags);
}

/* At the end of each system call. */
SEC("tp_btf/sys_exit")
int BPF_PROG(pipe_call, struct pt_regs *regs, long result)
{
	struct source source = { 0 };
	enum transfer transfer;
	struct file *file;

	if (result <= 0 || !wants(ST_RECORD_PIPE))
		return 0;
	transfer = transfer_of(regs);
	if (transfer == TRANSFER_NONE || interest_in(bpf_get_current_task_btf()) == INTEREST_NEVER)
		return 0;
	file = file_of(regs->di);
	if (!file || !is_fifo(file))
		return 0;
	find_buffer(&source);
	return pipe_by_file(file, transfer == TRANSFER_OUT, result, &source, 0);
}

/* linux/io_uring.h */
#define URING_READV 1
#define URING_WRITEV 2
#define URING_READ 22
#define URING_WRITE 23

/* At the end of each io_uring request, which is not a system call. */
SEC("tp_btf/io_uring_complete")
int BPF_PROG(pipe_uring, void *ring, void *request, struct io_uring_cqe *done)
{
	struct io_kiocb *own = request;
	struct source source = { 0 };
	int result = BPF_CORE_READ(done, res);
	__u8 opcode;
	struct file *file;

	if (!own || result <= 0 || !wants(ST_RECORD_PIPE))
		return 0;
	opcode = BPF_CORE_READ(own, opcode);
	if (opcode != URING_READ && opcode != URING_WRITE && opcode != URING_READV &&
	    opcode != URING_WRITEV)
		return 0;
	file = BPF_CORE_READ(own, file);
	if (!file || !is_fifo(file))
		return 0;
	source.address = (__u64)BPF_CORE_READ((struct io_rw *)&own->cmd, addr);
	if (opcode == URING_READV || opcode == URING_WRITEV)
		source.nr_segments = BPF_CORE_READ((struct io_rw *)&own->cmd, len);
	return pipe_by_file(file, opcode == URING_WRITE || opcode == URING_WRITEV, result, &source,
			    ST_FLAG_IO_URING);
}

#endif
