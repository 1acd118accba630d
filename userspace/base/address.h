/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Addresses of servers as people write them, for probes. No name is looked up: that could
 * wait for the network.
 *
 *	8080, 127.0.0.1:8080, localhost:8080, [::1]:8080, unix:/run/x.sock
 *	http://127.0.0.1:8080/health
 *
 * config/ checks an address with this, daemon/probes/ connects to it.
 */
#ifndef ST_BASE_ADDRESS_H
#define ST_BASE_ADDRESS_H

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/compiler.h"

struct st_address {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
		struct sockaddr_un path;
	};
	socklen_t len;
};

/**
 * st_address_parse() - read the address of a stream socket
 * @text: a port (on 127.0.0.1), HOST:PORT or unix:PATH; HOST is localhost, an IPv4
 *	address, or an IPv6 address in brackets
 * @ret_address: the address
 *
 * Return: 0 or -EINVAL.
 */
int st_address_parse(const char *text, struct st_address *ret_address) __must_check;

/**
 * st_address_parse_http() - read the address of a page
 * @text: http://HOST[:PORT][/PATH], in printable ASCII; without a port it is 80
 * @ret_address: the address of the server
 * @ret_host: HOST[:PORT] in @text, @ret_host_len bytes
 * @ret_host_len: its length
 * @ret_path: the path in @text, up to its end; "/" if there is none
 *
 * Return: 0 or -EINVAL.
 */
int st_address_parse_http(const char *text, struct st_address *ret_address, const char **ret_host,
			  size_t *ret_host_len, const char **ret_path) __must_check;

#endif
