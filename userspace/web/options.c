// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line; see options.h. Errors are printed on stderr.
 */
#include "web/options.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "proto/conn.h"
#include "proto/ops.h"
#include "proto/version.h"

#define WRITES_PER_SECOND 50

static const char usage[] =
	"usage: suptree-web [OPTION]...\n"
	"Serve the REST interface of suptreed to programs and browsers of this machine.\n"
	"\n"
	"  -l, --listen ADDRESS:PORT  an address of loopback; twice at most\n"
	"                             (127.0.0.1:4780 and [::1]:4780; port 0: any)\n"
	"  -s, --socket PATH          the control socket of suptreed\n"
	"  -u, --user USER            become this user; required for root\n"
	"      --writes N             writes that a session may make in a second (50)\n"
	"      --access-log           a line on standard error for each request\n"
	"  -h, --help                 print this\n"
	"  -V, --version              print the version\n"
	"\n"
	"suptree-web(8) says more. `suptree open` makes a link to log in with.\n";

enum {
	OPTION_WRITES = 256,
	OPTION_ACCESS_LOG,
};

static const struct option options[] = {
	{ "listen", required_argument, NULL, 'l' },
	{ "socket", required_argument, NULL, 's' },
	{ "user", required_argument, NULL, 'u' },
	{ "writes", required_argument, NULL, OPTION_WRITES },
	{ "access-log", no_argument, NULL, OPTION_ACCESS_LOG },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static bool read_number(const char *text, unsigned long max, unsigned long *ret_number)
{
	char *end;

	errno = 0;
	*ret_number = strtoul(text, &end, 10);
	return !errno && *text >= '0' && *text <= '9' && !*end && *ret_number <= max;
}

static bool is_loopback(const struct st_web_listen *listen)
{
	const struct sockaddr_in *four = (const void *)&listen->address;
	const struct sockaddr_in6 *six = (const void *)&listen->address;

	if (listen->address.ss_family == AF_INET)
		return four->sin_addr.s_addr == htonl(INADDR_LOOPBACK);
	return IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
}

static bool read_address(const char *text, struct st_web_listen *ret_listen)
{
	struct sockaddr_in *four = (void *)&ret_listen->address;
	struct sockaddr_in6 *six = (void *)&ret_listen->address;
	const char *colon = strrchr(text, ':');
	char host[64];
	size_t len = colon ? (size_t)(colon - text) : 0;
	unsigned long port;

	*ret_listen = (struct st_web_listen){ 0 };
	if (!len || len >= sizeof(host) || !read_number(colon + 1, 65535, &port))
		return false;
	memcpy(host, text, len);
	host[len] = '\0';
	if (host[0] == '[' && host[len - 1] == ']') {
		host[len - 1] = '\0';
		six->sin6_family = AF_INET6;
		six->sin6_port = htons((uint16_t)port);
		ret_listen->len = sizeof(*six);
		return inet_pton(AF_INET6, host + 1, &six->sin6_addr) == 1;
	}
	four->sin_family = AF_INET;
	four->sin_port = htons((uint16_t)port);
	ret_listen->len = sizeof(*four);
	return inet_pton(AF_INET, host, &four->sin_addr) == 1;
}

static bool add_listen(struct st_web_options *ret, const char *text)
{
	struct st_web_listen listen;

	if (ret->nr_listen == ST_WEB_MAX_LISTEN) {
		fprintf(stderr, "suptree-web: --listen %s: it listens at two addresses at most\n",
			text);
		return false;
	}
	if (!read_address(text, &listen)) {
		fprintf(stderr,
			"suptree-web: --listen %s: it must be ADDRESS:PORT, like 127.0.0.1:%d or "
			"[::1]:%d\n",
			text, ST_WEB_PORT, ST_WEB_PORT);
		return false;
	}
	if (!is_loopback(&listen)) {
		fprintf(stderr,
			"suptree-web: --listen %s: refused: it speaks HTTP without TLS, so it "
			"listens at 127.0.0.1 and [::1] only; let a server with TLS pass requests "
			"on, or use ssh -L\n",
			text);
		return false;
	}
	ret->listen[ret->nr_listen++] = listen;
	return true;
}

static bool set(struct st_web_options *ret, int option, const char **ret_socket)
{
	unsigned long number;

	switch (option) {
	case 'l':
		return add_listen(ret, optarg);
	case 's':
		*ret_socket = optarg;
		return true;
	case 'u':
		ret->user = optarg;
		return true;
	case OPTION_WRITES:
		if (!read_number(optarg, ST_MAX_SERVICE_WRITES, &number) || !number) {
			fprintf(stderr, "suptree-web: --writes %s: it must be 1 to %d\n", optarg,
				ST_MAX_SERVICE_WRITES);
			return false;
		}
		ret->writes_per_second = (unsigned int)number;
		return true;
	case OPTION_ACCESS_LOG:
		ret->logs_access = true;
		return true;
	default:
		fputs("suptree-web: try: suptree-web --help\n", stderr);
		return false;
	}
}

static bool add_defaults(struct st_web_options *ret)
{
	struct st_buf text = ST_BUF_INIT;
	bool is_added;

	if (ret->nr_listen)
		return true;
	st_buf_add_text(&text, "127.0.0.1:");
	st_buf_add_u64(&text, ST_WEB_PORT);
	is_added = add_listen(ret, st_buf_text(&text));
	st_buf_reset(&text);
	st_buf_add_text(&text, "[::1]:");
	st_buf_add_u64(&text, ST_WEB_PORT);
	is_added = is_added && add_listen(ret, st_buf_text(&text));
	st_buf_done(&text);
	return is_added;
}

enum st_web_task st_web_options_read(int argc, char **argv, struct st_web_options *ret_options)
{
	const char *socket = NULL;
	int option;

	*ret_options = (struct st_web_options){ .writes_per_second = WRITES_PER_SECOND };
	while ((option = getopt_long(argc, argv, "l:s:u:hV", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(usage, stdout);
			return ST_WEB_EXIT;
		}
		if (option == 'V') {
			printf("suptree-web %s\n", ST_VERSION);
			return ST_WEB_EXIT;
		}
		if (!set(ret_options, option, &socket))
			return ST_WEB_USAGE;
	}
	if (optind < argc) {
		fprintf(stderr, "suptree-web: %s: it takes no arguments, only options\n",
			argv[optind]);
		return ST_WEB_USAGE;
	}
	if (!add_defaults(ret_options) || st_conn_socket_path(socket, &ret_options->socket)) {
		st_web_options_done(ret_options);
		return ST_WEB_USAGE;
	}
	return ST_WEB_RUN;
}

void st_web_options_done(struct st_web_options *options_of_web)
{
	st_buf_done(&options_of_web->socket);
}
