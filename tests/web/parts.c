// SPDX-License-Identifier: GPL-2.0-only
/* The pure parts of the gateway: targets, routes, the guard, rates, cookies. */
#include <errno.h>
#include <string.h>

#include "kselftest_harness.h"
#include "web/guard.h"
#include "web/route.h"
#include "web/sessions.h"
#include "web/uri.h"

TEST(a_target_is_divided_before_it_is_decoded)
{
	struct st_uri uri;
	const char *why;

	ASSERT_EQ(0, st_uri_parse("/a%2Fb/c?x=1+2&y=%2B&z", &uri, &why));
	EXPECT_EQ(2, uri.nr_segments);
	EXPECT_STREQ("a/b", uri.segments[0]);
	EXPECT_STREQ("1 2", st_uri_query_get(&uri, "x"));
	EXPECT_STREQ("+", st_uri_query_get(&uri, "y"));
	EXPECT_STREQ("", st_uri_query_get(&uri, "z"));
	EXPECT_EQ(NULL, st_uri_query_get(&uri, "w"));
	st_uri_done(&uri);
}

TEST(targets_that_mean_something_else_to_others_are_refused)
{
	static const char *const wrong[] = {
		"",	   "a",		 "//",	  "/a//b",   "/a/",    "/.",
		"/a/..",   "/%2e%2E",	 "/%",	  "/%0",     "/%0a",   "/%00",
		"/%c0%af", "/a?x=1&x=2", "/?%zz", "/?a=%1b", "/a\x01", "/1/2/3/4/5/6/7/8/9",
	};
	struct st_uri uri;
	const char *why;

	for (size_t i = 0; i < ST_ARRAY_SIZE(wrong); i++) {
		EXPECT_EQ(-EINVAL, st_uri_parse(wrong[i], &uri, &why))
		TH_LOG("%s", wrong[i]);
	}
}

TEST(a_segment_is_read_as_it_was_written)
{
	static const char text[] = "a/b c%\"<\xc3\xa9";
	struct st_buf out = ST_BUF_INIT;
	struct st_uri uri;
	const char *why;

	st_buf_add_char(&out, '/');
	st_uri_write_segment(text, &out);
	ASSERT_EQ(0, st_uri_parse(st_buf_text(&out), &uri, &why));
	EXPECT_STREQ(text, uri.segments[0]);
	st_uri_done(&uri);
	st_buf_done(&out);
}

/* Replace each {name} of a path by a word that fits any parameter. */
static void fill(const char *pattern, char *to)
{
	to += sprintf(to, "/api/v1");
	for (; *pattern; pattern++) {
		if (*pattern != '{') {
			*to++ = *pattern;
			continue;
		}
		*to++ = '1';
		pattern = strchr(pattern, '}');
	}
	*to = '\0';
}

TEST(each_row_with_a_path_is_found_by_it_and_by_no_other_method)
{
	char target[256], allowed[ST_ROUTE_MAX_ALLOWED];
	struct st_web_route route;
	struct st_uri uri;
	const char *why;

	for (int i = 0; i < ST_OPERATION__MAX; i++) {
		const struct st_operation_row *row = &st_operations[i];

		if (!row->rest.path)
			continue;
		fill(row->rest.path, target);
		ASSERT_EQ(0, st_uri_parse(target, &uri, &why));
		EXPECT_EQ(0,
			  st_web_route_find(st_http_text[row->rest.verb], &uri, &route, allowed));
		EXPECT_EQ(row, route.row) TH_LOG("%s: %s", row->name, target);
		EXPECT_EQ(-EPERM, st_web_route_find("PATCH", &uri, &route, allowed));
		EXPECT_NE(NULL, strstr(allowed, st_http_text[row->rest.verb]));
		st_uri_done(&uri);
	}
}

TEST(the_guard_compares_with_its_list_only)
{
	struct st_guard guard = { .nr_hosts = 0 };
	struct st_guard_request request = { .method = "GET", .host = "127.0.0.1:80" };
	const char *why;

	ASSERT_EQ(0, st_guard_add(&guard, "127.0.0.1:80"));
	ASSERT_EQ(0, st_guard_add(&guard, "localhost:80"));
	EXPECT_EQ(0, st_guard_check(&guard, &request, &why));
	request.origin = "http://localhost:80";
	request.site = "same-origin";
	EXPECT_EQ(0, st_guard_check(&guard, &request, &why));
	request.host = request.origin + strlen("http://");
	request.origin = "http://evil.example:80";
	EXPECT_EQ(403, st_guard_check(&guard, &request, &why));
	request.host = "evil.example:80";
	EXPECT_EQ(403, st_guard_check(&guard, &request, &why));
	request.origin = NULL;
	EXPECT_EQ(403, st_guard_check(&guard, &request, &why));
	request.host = NULL;
	EXPECT_EQ(400, st_guard_check(&guard, &request, &why));
	request = (struct st_guard_request){ .method = "PUT",
					     .host = "localhost:80",
					     .has_body = true };
	EXPECT_EQ(415, st_guard_check(&guard, &request, &why));
	request.content_type = "application/jsonx";
	EXPECT_EQ(415, st_guard_check(&guard, &request, &why));
	request.content_type = "Application/JSON; charset=utf-8";
	EXPECT_EQ(0, st_guard_check(&guard, &request, &why));
}

TEST(a_rate_has_its_burst_and_then_its_pace)
{
	struct st_rate rate = { 0 };
	uint64_t now_ns = 5 * ST_NSEC_PER_SEC;

	for (int i = 0; i < 10; i++)
		EXPECT_EQ(0, st_rate_take(&rate, now_ns, 2, 10));
	EXPECT_EQ(1, st_rate_take(&rate, now_ns, 2, 10));
	now_ns += ST_NSEC_PER_SEC;
	EXPECT_EQ(0, st_rate_take(&rate, now_ns, 2, 10));
	EXPECT_EQ(0, st_rate_take(&rate, now_ns, 2, 10));
	EXPECT_LT(0, st_rate_take(&rate, now_ns, 2, 10));
	now_ns += 1000 * ST_NSEC_PER_SEC;
	for (int i = 0; i < 10; i++)
		EXPECT_EQ(0, st_rate_take(&rate, now_ns, 2, 10));
	EXPECT_LT(0, st_rate_take(&rate, now_ns, 2, 10));
}

TEST(a_cookie_has_its_whole_name_and_comes_once)
{
	char value[16];

	st_cookie_find("a=b; suptree=x; c=d", "suptree", value, sizeof(value));
	EXPECT_STREQ("x", value);
	st_cookie_find("xsuptree=x", "suptree", value, sizeof(value));
	EXPECT_STREQ("", value);
	st_cookie_find("suptree=x;suptree=y", "suptree", value, sizeof(value));
	EXPECT_STREQ("", value);
	st_cookie_find("suptree=0123456789abcdef", "suptree", value, sizeof(value));
	EXPECT_STREQ("", value);
	st_cookie_find(NULL, "suptree", value, sizeof(value));
	EXPECT_STREQ("", value);
}

TEST(the_text_against_forgery_depends_on_the_secret_and_on_the_key)
{
	struct st_sessions *sessions = calloc(2, sizeof(*sessions));
	char one[ST_CSRF_SIZE], other[ST_CSRF_SIZE];

	ASSERT_NE(NULL, sessions);
	st_sessions_csrf(&sessions[0], "a", one);
	st_sessions_csrf(&sessions[0], "a", other);
	EXPECT_STREQ(one, other);
	st_sessions_csrf(&sessions[0], "b", other);
	EXPECT_STRNE(one, other);
	sessions[1].key[0] = 1;
	st_sessions_csrf(&sessions[1], "a", other);
	EXPECT_STRNE(one, other);
	free(sessions);
}

TEST_HARNESS_MAIN
