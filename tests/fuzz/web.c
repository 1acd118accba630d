// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzing what a client of the gateway sends: a target in the first line, a
 * header Cookie in the second, and a body.
 *
 * What is accepted must be clean, a segment must be read as it was written, and
 * the parameters of a route must be those that the daemon would accept.
 */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "web/route.h"
#include "web/sessions.h"
#include "web/uri.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds)
{
	if (!holds)
		abort();
}

static void check_segment(const char *text)
{
	struct st_buf out = ST_BUF_INIT;
	struct st_uri uri;
	const char *why;

	for (const char *c = text; *c; c++)
		must((unsigned char)*c >= 0x20 && *c != 0x7f);
	must(strcmp(text, ".") != 0 && strcmp(text, "..") != 0);
	st_buf_add_char(&out, '/');
	st_uri_write_segment(text, &out);
	must(strlen(st_buf_text(&out)) > ST_URI_MAX_LEN ||
	     !st_uri_parse(st_buf_text(&out), &uri, &why));
	if (strlen(st_buf_text(&out)) <= ST_URI_MAX_LEN) {
		must(uri.nr_segments == 1 && !strcmp(uri.segments[0], text));
		st_uri_done(&uri);
	}
	st_buf_done(&out);
}

static void check_route(const char *method, const struct st_uri *uri, const char *body)
{
	char allowed[ST_ROUTE_MAX_ALLOWED];
	struct st_web_route_error error;
	struct st_web_route route;
	json_t *params;
	int ret;

	if (st_web_route_find(method, uri, &route, allowed))
		return;
	ret = st_web_route_params(&route, uri, body, strlen(body), &params, &error);
	if (ret) {
		must(error.error.message[0] && strlen(error.pointer) < sizeof(error.pointer));
		must(!error.pointer[0] || error.pointer[0] == '/');
		return;
	}
	must(json_is_object(params) && !st_params_check(route.row, params, &error.error));
	json_decref(params);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const methods[] = { "GET", "PUT", "POST", "DELETE", "HEAD", "TRACE" };
	char *text = malloc(size + 1), *cookie, *body, value[ST_SECRET_LEN + 1];
	struct st_uri uri;
	const char *why;

	must(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	cookie = text + strcspn(text, "\n");
	if (*cookie)
		*cookie++ = '\0';
	body = cookie + strcspn(cookie, "\n");
	if (*body)
		*body++ = '\0';
	st_cookie_find(cookie, "suptree", value, sizeof(value));
	must(strlen(value) <= ST_SECRET_LEN);
	if (!st_uri_parse(text, &uri, &why)) {
		for (size_t i = 0; i < uri.nr_segments; i++)
			check_segment(uri.segments[i]);
		for (size_t i = 0; i < ST_ARRAY_SIZE(methods); i++)
			check_route(methods[i], &uri, body);
		st_uri_done(&uri);
	}
	free(text);
	return 0;
}
