/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One packet of a connection between two processes:
 * userspace/libsuptree/PROTOCOL.md, "Frames".
 *
 * This is the part that both ends need. It knows neither the ends nor the
 * content.
 */
#ifndef ST_PROTO_PACKET_H
#define ST_PROTO_PACKET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/compiler.h"

#define ST_PACKET_MAX_PAYLOAD 65536

/* The longest packet. */
#define ST_PACKET_SIZE (sizeof(struct st_packet_header) + ST_PACKET_MAX_PAYLOAD)

enum st_packet_type {
	ST_PACKET_HELLO = 1,
	ST_PACKET_CALL,
	ST_PACKET_REPLY,
	ST_PACKET_ERROR,
	ST_PACKET_CAST,
	ST_PACKET_INFO,
	ST_PACKET_SYSTEM,
	ST_PACKET_LINK,
	ST_PACKET_UNLINK,
	ST_PACKET__MAX
};

struct st_packet_header {
	uint8_t type; /* enum st_packet_type */
	uint8_t zero[7];
	uint64_t ref;
};

/* Room for any packet, and for a NUL after the payload. */
struct st_packet {
	struct st_packet_header header;
	char payload[ST_PACKET_MAX_PAYLOAD + 1];
};

/**
 * st_packet_send() - send one packet
 * @fd: a connection
 * @header: its type and ref
 * @data: the payload
 * @len: length of the payload, at most ST_PACKET_MAX_PAYLOAD
 * @flags: of send(2)
 *
 * Return: 0, or a negative errno of send(2).
 */
int st_packet_send(int fd, const struct st_packet_header *header, const void *data, size_t len,
		   int flags) __must_check;

/**
 * st_packet_receive() - receive one packet
 * @fd: a connection
 * @packet: filled in
 * @flags: of recv(2)
 * @ret_len: length of the payload
 *
 * Return: 0; -EPIPE: the other end has closed the connection; -EPROTO: it is
 * not a packet of PROTOCOL.md; another negative errno of recv(2).
 */
int st_packet_receive(int fd, struct st_packet *packet, int flags, size_t *ret_len) __must_check;

/**
 * st_packet_check() - the same, for who has called recv(2) with MSG_TRUNC himself
 * @packet: what was received, at most ST_PACKET_SIZE bytes; a NUL is added
 * @nr: what recv(2) has returned
 * @ret_len: bytes of the payload
 *
 * Return: as st_packet_receive().
 */
int st_packet_check(struct st_packet *packet, ssize_t nr, size_t *ret_len) __must_check;

#endif
