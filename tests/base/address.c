// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses: each form, and what is none.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/address.h"
#include "kselftest_harness.h"

/* The address as "4 127.0.0.1 80", "6 ::1 80" or "unix /x"; "none". */
static const char *write_address(int err, const struct st_address *address)
{
	static char text[256];
	char host[INET6_ADDRSTRLEN] = "";

	if (err)
		return err == -EINVAL ? "none" : "another error";
	if (address->any.sa_family == AF_UNIX) {
		snprintf(text, sizeof(text), "unix %s", address->path.sun_path);
	} else if (address->any.sa_family == AF_INET) {
		inet_ntop(AF_INET, &address->v4.sin_addr, host, sizeof(host));
		snprintf(text, sizeof(text), "4 %s %d", host, ntohs(address->v4.sin_port));
	} else {
		inet_ntop(AF_INET6, &address->v6.sin6_addr, host, sizeof(host));
		snprintf(text, sizeof(text), "6 %s %d", host, ntohs(address->v6.sin6_port));
	}
	return text;
}

static const struct {
	const char *text, *address;
} sockets[] = {
	{ "80", "4 127.0.0.1 80" },
	{ "65535", "4 127.0.0.1 65535" },
	{ "10.0.0.1:1", "4 10.0.0.1 1" },
	{ "localhost:22", "4 127.0.0.1 22" },
	{ "[::1]:443", "6 ::1 443" },
	{ "unix:/run/x:y.sock", "unix /run/x:y.sock" },
	{ "", "none" },
	{ "0", "none" },
	{ "65536", "none" },
	{ "-1", "none" },
	{ "80 ", "none" },
	{ "host", "none" },
	{ "example.com:80", "none" },
	{ "127.0.0.1", "none" },
	{ "127.0.0.1:", "none" },
	{ "127.0.0.1:http", "none" },
	{ "[::1]", "none" },
	{ "::1:80", "none" },
	{ "[]:80", "none" },
	{ "[::g]:80", "none" },
	{ ":80", "none" },
	{ "unix:", "none" },
	{ "unix:run", "none" },
};

TEST(an_address_is_a_port_a_numeric_host_or_a_path)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(sockets); i++) {
		struct st_address address;
		int err = st_address_parse(sockets[i].text, &address);

		EXPECT_STREQ(sockets[i].address, write_address(err, &address))
		TH_LOG("%s", sockets[i].text);
	}
}

TEST(what_is_too_long_is_no_address)
{
	char text[300] = "unix:/";
	struct st_address address;

	memset(text + 6, 'x', 106);
	EXPECT_EQ(0, st_address_parse(text, &address)); /* the longest that Linux takes */
	text[112] = 'x';
	EXPECT_EQ(-EINVAL, st_address_parse(text, &address));
	memset(text, '1', 200);
	text[200] = '\0';
	EXPECT_EQ(-EINVAL, st_address_parse(text, &address));
}

static const struct {
	const char *text, *address, *host, *path;
} pages[] = {
	{ "http://127.0.0.1", "4 127.0.0.1 80", "127.0.0.1", "/" },
	{ "http://localhost:8080/a/b?c=d", "4 127.0.0.1 8080", "localhost:8080", "/a/b?c=d" },
	{ "http://[::1]/", "6 ::1 80", "[::1]", "/" },
	{ "http://[::1]:81", "6 ::1 81", "[::1]:81", "/" },
	{ "http://", "none", "", "" },
	{ "http://x/", "none", "", "" },
	{ "https://127.0.0.1/", "none", "", "" },
	{ "127.0.0.1/", "none", "", "" },
	{ "http://127.0.0.1/a b", "none", "", "" },
	{ "http://127.0.0.1/\r\nX: y", "none", "", "" },
	{ "http://127.0.0.1/\xc3\xa4", "none", "", "" },
};

TEST(the_address_of_a_page_has_a_host_and_a_path)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(pages); i++) {
		const char *host = "", *path = "";
		struct st_address address;
		size_t host_len = 0;
		int err = st_address_parse_http(pages[i].text, &address, &host, &host_len, &path);

		EXPECT_STREQ(pages[i].address, write_address(err, &address))
		TH_LOG("%s", pages[i].text);
		if (err)
			continue;
		EXPECT_EQ(strlen(pages[i].host), host_len);
		EXPECT_EQ(0, strncmp(pages[i].host, host, host_len));
		EXPECT_STREQ(pages[i].path, path);
	}
}

TEST_HARNESS_MAIN
