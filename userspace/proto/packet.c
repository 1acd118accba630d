// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sends and receives packets; see packet.h.
 */
#include "proto/packet.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

int st_packet_send(int fd, const struct st_packet_header *header, const void *data, size_t len,
		   int flags)
{
	struct st_packet_header copy = *header; /* an iovec is not const */
	struct iovec parts[] = {
		{ .iov_base = &copy, .iov_len = sizeof(copy) },
		{ .iov_base = (void *)(uintptr_t)data, .iov_len = len },
	};
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = ST_ARRAY_SIZE(parts) };
	ssize_t nr;

	do
		nr = sendmsg(fd, &message, flags | MSG_NOSIGNAL);
	while (nr < 0 && errno == EINTR);
	return nr < 0 ? -errno : 0;
}

static bool is_known(const struct st_packet_header *header)
{
	static const uint8_t zero[sizeof(header->zero)];

	return header->type >= ST_PACKET_HELLO && header->type < ST_PACKET__MAX &&
	       !memcmp(header->zero, zero, sizeof(zero));
}

int st_packet_receive(int fd, struct st_packet *packet, int flags, size_t *ret_len)
{
	/* MSG_TRUNC returns the true length, so a longer packet is noticed */
	return st_packet_check(packet, recv(fd, packet, ST_PACKET_SIZE, flags | MSG_TRUNC),
			       ret_len);
}

int st_packet_check(struct st_packet *packet, ssize_t nr, size_t *ret_len)
{
	if (nr < 0)
		return -errno;
	if (!nr)
		return -EPIPE;
	if ((size_t)nr < sizeof(packet->header) || (size_t)nr > ST_PACKET_SIZE ||
	    !is_known(&packet->header))
		return -EPROTO;
	*ret_len = (size_t)nr - sizeof(packet->header);
	packet->payload[*ret_len] = '\0';
	return 0;
}
