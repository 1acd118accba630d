// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads addresses; see address.h.
 */
#include "base/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#define MAX_HOST 64
#define HTTP_PORT 80

/* The port that all of @text is, 1 to 65535; or 0. */
static uint16_t parse_port(const char *text)
{
	uint32_t port = 0;

	if (!*text)
		return 0;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return 0;
		port = port * 10 + (uint32_t)(*text - '0');
		if (port > UINT16_MAX)
			return 0;
	}
	return (uint16_t)port;
}

static int set_host(const char *host, uint16_t port, struct st_address *address)
{
	size_t len = strlen(host);
	char inner[MAX_HOST];

	memset(address, 0, sizeof(*address));
	if (!strcmp(host, "localhost"))
		host = "127.0.0.1";
	address->v4.sin_port = htons(port);
	address->v4.sin_family = AF_INET;
	address->len = sizeof(address->v4);
	if (inet_pton(AF_INET, host, &address->v4.sin_addr) == 1)
		return 0;
	if (len < 3 || *host != '[' || host[len - 1] != ']')
		return -EINVAL;
	memcpy(inner, host + 1, len - 2);
	inner[len - 2] = '\0';
	memset(address, 0, sizeof(*address));
	address->v6.sin6_port = htons(port);
	address->v6.sin6_family = AF_INET6;
	address->len = sizeof(address->v6);
	return inet_pton(AF_INET6, inner, &address->v6.sin6_addr) == 1 ? 0 : -EINVAL;
}

/* HOST:PORT of @len bytes; without a port it is @port, which may be 0: it must be there. */
static int parse_host(const char *text, size_t len, uint16_t port, struct st_address *address)
{
	char host[MAX_HOST];
	char *colon;

	if (!len || len >= sizeof(host))
		return -EINVAL;
	memcpy(host, text, len);
	host[len] = '\0';
	colon = strrchr(host, ':');
	if (colon && !strchr(colon, ']')) { /* not one inside an IPv6 address */
		*colon = '\0';
		port = parse_port(colon + 1);
	}
	return port ? set_host(host, port, address) : -EINVAL;
}

static int parse_path(const char *path, struct st_address *address)
{
	size_t len = strlen(path);

	memset(address, 0, sizeof(*address));
	if (*path != '/' || len >= sizeof(address->path.sun_path))
		return -EINVAL;
	address->path.sun_family = AF_UNIX;
	memcpy(address->path.sun_path, path, len);
	address->len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len + 1);
	return 0;
}

int st_address_parse(const char *text, struct st_address *ret_address)
{
	uint16_t port = parse_port(text);

	if (port)
		return set_host("127.0.0.1", port, ret_address);
	if (!strncmp(text, "unix:", 5))
		return parse_path(text + 5, ret_address);
	return parse_host(text, strlen(text), 0, ret_address);
}

int st_address_parse_http(const char *text, struct st_address *ret_address, const char **ret_host,
			  size_t *ret_host_len, const char **ret_path)
{
	size_t len;

	if (strncmp(text, "http://", 7))
		return -EINVAL;
	for (const char *c = text; *c; c++)
		if (*c <= ' ' || *c >= 0x7f)
			return -EINVAL; /* it will be a line of a request */
	text += 7;
	len = strcspn(text, "/");
	*ret_host = text;
	*ret_host_len = len;
	*ret_path = text[len] ? text + len : "/";
	return parse_host(text, len, HTTP_PORT, ret_address);
}
