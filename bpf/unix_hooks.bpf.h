/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hooks of unix.bpf.h, twice: as tracepoints that fire at the end of each sendmsg
 * and recvmsg of any socket, and as ends of af_unix's own functions, which also have
 * the bytes of io_uring's messages. hooks.c of the tracer takes what the kernel has.
 */
#ifndef ST_BPF_UNIX_HOOKS_H
#define ST_BPF_UNIX_HOOKS_H

SEC("tp_btf/sk_data_ready")
int BPF_PROG(unix_ready_tp, struct sock *sock)
{
	return unix_ready(sock);
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(unix_sent_tp, struct sock *sock, int result)
{
	struct source source = { 0 };
	struct st_record header = { 0 };

	if (!unix_begin_sent(sock, result, &header))
		return 0;
	source.len = result;
	header.flags |= find_buffer(&source);
	return emit(&header, &source);
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(unix_received_tp, struct sock *sock, int result, int flags)
{
	struct source source = { 0 };
	struct st_record header = { 0 };
	bool is_unseen = false;
	__u16 how;

	if (!unix_begin_received(sock, result, flags, &header, &is_unseen))
		return 0;
	add_source(sock, &header);
	how = find_buffer(&source);
	header.flags |= how;
	if (!is_unseen)
		return emit(&header, NULL);
	source.len = result;
	return emit(&header, &source);
}

SEC("fentry/sock_def_readable")
int BPF_PROG(unix_ready_fn, struct sock *sock)
{
	return unix_ready(sock);
}

static __always_inline int unix_sent_end(struct sock *sock, struct msghdr *message, int result)
{
	struct source source = { 0 };
	struct st_record header = { 0 };

	if (!unix_begin_sent(sock, result, &header))
		return 0;
	source.len = result;
	header.flags |= by_worker();
	find_done(&message->msg_iter, result, &source);
	return emit(&header, &source);
}

static __always_inline int unix_received_end(struct sock *sock, struct msghdr *message, int flags,
					     int result)
{
	struct source source = { 0 };
	struct st_record header = { 0 };
	bool is_unseen = false;

	if (!unix_begin_received(sock, result, flags, &header, &is_unseen))
		return 0;
	add_source(sock, &header);
	header.flags |= by_worker();
	if (!is_unseen)
		return emit(&header, NULL);
	source.len = result;
	find_done(&message->msg_iter, result, &source);
	return emit(&header, &source);
}

SEC("fexit/unix_stream_sendmsg")
int BPF_PROG(unix_stream_sent, struct socket *socket, struct msghdr *message, size_t len,
	     int result)
{
	return unix_sent_end(socket->sk, message, result);
}

SEC("fexit/unix_stream_recvmsg")
int BPF_PROG(unix_stream_recvd, struct socket *socket, struct msghdr *message, size_t len,
	     int flags, int result)
{
	return unix_received_end(socket->sk, message, flags, result);
}

SEC("fexit/unix_dgram_sendmsg")
int BPF_PROG(unix_dgram_sent, struct socket *socket, struct msghdr *message, size_t len, int result)
{
	return unix_sent_end(socket->sk, message, result);
}

SEC("fexit/__unix_dgram_recvmsg")
int BPF_PROG(unix_dgram_recvd, struct sock *sock, struct msghdr *message, size_t len, int flags,
	     int result)
{
	return unix_received_end(sock, message, flags, result);
}

#endif
