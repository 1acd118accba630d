/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages on unix sockets: streams, datagrams, sequenced packets.
 *
 * The channel is the receiving socket; its state is in that socket's storage and ends
 * with it. Streams count bytes, the others count messages. unix_hooks.bpf.h has the
 * hooks of the tiers "tracepoint" and "function", which find the socket and the bytes in
 * two ways. Out-of-band bytes are not recorded separately.
 */
#ifndef ST_BPF_UNIX_H
#define ST_BPF_UNIX_H

/* linux/socket.h, linux/net.h, net/tcp_states.h, net/sock.h */
#define FAMILY_UNIX 1
#define TYPE_STREAM 1
#define TYPE_DGRAM 2
#define MESSAGE_PEEK 2
#define STATE_LISTEN 10
#define SHUTDOWN_RECEIVE 1

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct channel);
} sockets SEC(".maps");

/* The receiver of the datagram that a thread is sending; it is known before the sender. */
struct destination {
	__u64 offset;
	__u32 serial; /* 0: none */
	__u32 channel;
	__u32 reader;
	__u32 unused;
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct destination);
} destinations SEC(".maps");

static __always_inline __u32 inode_of(const struct sock *sock)
{
	struct socket *socket = sock->sk_socket;

	/* no file: closed, or not accepted yet; a missing pointer reads as 0 */
	return socket ? socket->file->f_inode->i_ino : 0;
}

static __always_inline __u16 type_flag(const struct sock *sock)
{
	if (sock->sk_type == TYPE_STREAM)
		return 0;
	return sock->sk_type == TYPE_DGRAM ? ST_FLAG_DGRAM : ST_FLAG_SEQPACKET;
}

/* The waiting messages of a socket, or the waiting bytes of a stream. Seldom needed. */
static __always_inline __u64 waiting_in(struct sock *sock)
{
	const struct unix_skb_parms *own;
	struct sk_buff *buffer;
	__u64 bytes = 0;

	if (sock->sk_type != TYPE_STREAM)
		return sock->sk_receive_queue.qlen;
	buffer = sock->sk_receive_queue.next;
	for (int i = 0; i < WAITING_MAX && buffer; i++) {
		if ((void *)buffer == (void *)&sock->sk_receive_queue)
			break;
		own = (const void *)&buffer->cb;
		bytes += BPF_CORE_READ(buffer, len) - BPF_CORE_READ(own, consumed);
		buffer = BPF_CORE_READ(buffer, next);
	}
	return bytes;
}

/*
 * The channel of a receiving socket. A new one begins with what was in the queue
 * before the first message that is seen, which is @len long.
 */
static __always_inline struct channel *channel_of(struct sock *sock, bool create, __u64 len)
{
	struct channel *channel = bpf_sk_storage_get(&sockets, sock, NULL, 0);
	struct channel begin = { 0 };
	__u64 waiting;

	if (channel || !create)
		return channel;
	waiting = waiting_in(sock);
	channel_begin(&begin, waiting > len ? waiting - len : 0);
	channel = bpf_sk_storage_get(&sockets, sock, &begin, BPF_SK_STORAGE_GET_F_CREATE);
	if (channel)
		return channel;
	/* the other side has made it at the same time */
	return bpf_sk_storage_get(&sockets, sock, NULL, 0);
}

/* For a known peer: its channel and the place in it. False: the message is not wanted. */
static __always_inline bool to_peer(struct sock *peer, enum interest interest, __u64 len,
				    struct st_record *header)
{
	struct channel *channel = channel_of(peer, interest == INTEREST_ALWAYS, len);

	if (!channel)
		return interest == INTEREST_ALWAYS;
	header->channel = inode_of(peer);
	if (channel_lags(channel, peer->sk_receive_queue.qlen))
		channel_catch_up(channel, len, waiting_in(peer));
	channel_sent(channel, len, header);
	return true;
}

/* As stored by unix_ready; false: it was not stored, or the message is not wanted. */
static __always_inline bool to_destination(struct st_record *header)
{
	struct destination *destination =
		bpf_task_storage_get(&destinations, bpf_get_current_task_btf(), NULL, 0);

	if (!destination || !destination->serial)
		return false;
	header->channel = destination->channel;
	header->offset = destination->offset;
	header->extra = destination->serial;
	header->to = destination->reader;
	if (header->to)
		header->flags |= ST_FLAG_GUESS;
	destination->serial = 0;
	return true;
}

static __always_inline bool address_sent(struct sock *sock, enum interest interest, __u64 len,
					 struct st_record *header)
{
	struct unix_sock *own = bpf_skc_to_unix_sock(sock);
	struct sock *peer;

	if (!own)
		return false;
	peer = own->peer;
	if (sock->sk_type != TYPE_STREAM) {
		if (to_destination(header))
			return true;
		len = 1;
	}
	return peer ? to_peer(peer, interest, len, header) : interest == INTEREST_ALWAYS;
}

/* The header of a sent message; false: it is not recorded. */
static __always_inline bool unix_begin_sent(struct sock *sock, int len, struct st_record *header)
{
	enum interest interest;

	if (sock->__sk_common.skc_family != FAMILY_UNIX || !wants(ST_RECORD_UNIX))
		return false;
	if (len < 0 || (len == 0 && sock->sk_type == TYPE_STREAM))
		return false;
	interest = interest_in(bpf_get_current_task_btf());
	if (interest == INTEREST_NEVER)
		return false;
	header_sent(header);
	header->kind = ST_RECORD_UNIX;
	header->size = len;
	header->flags = type_flag(sock);
	header->source = inode_of(sock);
	return address_sent(sock, interest, len, header);
}

/* Nothing came, for the other side has shut down. */
static __always_inline bool is_end(struct sock *sock, int len)
{
	if (len > 0)
		return false;
	return sock->sk_type != TYPE_DGRAM &&
	       (sock->sk_type == TYPE_STREAM || sock->sk_shutdown & SHUTDOWN_RECEIVE);
}

/* The same for a received message; *@ret_unseen: its sender was never seen. */
static __always_inline bool unix_begin_received(struct sock *sock, int len, int flags,
						struct st_record *header, bool *ret_unseen)
{
	struct channel *channel;
	enum interest interest;
	__u64 written;

	if (sock->__sk_common.skc_family != FAMILY_UNIX || !wants(ST_RECORD_UNIX))
		return false;
	if (len < 0 || is_end(sock, len))
		return false;
	interest = interest_in(bpf_get_current_task_btf());
	if (interest == INTEREST_NEVER)
		return false;
	/* without old content: a sender whose hook is still to come counts it itself */
	channel = channel_of(sock, interest == INTEREST_ALWAYS, ~0ull);
	if (!channel)
		return false;
	header_received(header);
	header->kind = ST_RECORD_UNIX;
	header->size = len;
	header->flags = type_flag(sock) | (flags & MESSAGE_PEEK ? ST_FLAG_PEEK : 0);
	header->channel = inode_of(sock);
	*ret_unseen = !channel->last_writer;
	written = channel->written;
	header->detail = sock->sk_receive_queue.qlen;
	channel_received(channel, sock->sk_type == TYPE_STREAM ? len : 1, written, header->detail,
			 header);
	return true;
}

static __always_inline void add_source(struct sock *sock, struct st_record *header)
{
	struct unix_sock *own = bpf_skc_to_unix_sock(sock);
	struct sock *peer = own ? own->peer : NULL;

	if (peer)
		header->source = inode_of(peer);
}

/*
 * A receiver of datagrams has one more in its queue, and the sender still runs. Only
 * here it is known which receiver that is.
 */
static __always_inline int unix_ready(struct sock *sock)
{
	struct destination *destination;
	struct st_record header = { 0 };
	enum interest interest;

	if (sock->__sk_common.skc_family != FAMILY_UNIX || !wants(ST_RECORD_UNIX) ||
	    sock->sk_type == TYPE_STREAM || sock->__sk_common.skc_state == STATE_LISTEN)
		return 0;
	interest = interest_in(bpf_get_current_task_btf());
	if (interest == INTEREST_NEVER)
		return 0;
	header_sent(&header);
	if (!to_peer(sock, interest, 1, &header) || !header.extra)
		return 0;
	destination = bpf_task_storage_get(&destinations, bpf_get_current_task_btf(), NULL,
					   BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!destination)
		return 0;
	destination->offset = header.offset;
	destination->serial = header.extra;
	destination->channel = header.channel;
	destination->reader = header.to;
	return 0;
}

#endif
