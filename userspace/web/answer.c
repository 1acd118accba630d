// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answers, with the headers that each of them has; see exchange.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "proto/json.h"
#include "web/dump.h"
#include "web/exchange.h"

#define NOTHING "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
#define PROBLEM_TYPE "application/problem+json"
#define PROBLEM_URN "urn:suptree:problem:"

static bool add(struct MHD_Response *response, const char *name, const char *value)
{
	return !value || MHD_add_response_header(response, name, value) == MHD_YES;
}

static bool add_number(struct MHD_Response *response, const char *name, unsigned int number)
{
	char text[16];

	if (!number)
		return true;
	(void)snprintf(text, sizeof(text), "%u", number);
	return add(response, name, text);
}

bool st_answer_add_headers(const struct st_answer *answer, struct MHD_Response *response)
{
	return add(response, "Content-Type", answer->type ? answer->type : "application/json") &&
	       add(response, "Cache-Control", answer->tag ? "no-cache" : "no-store") &&
	       add(response, "Content-Security-Policy",
		   answer->policy ? answer->policy : NOTHING) &&
	       add(response, "X-Content-Type-Options", "nosniff") &&
	       add(response, "X-Frame-Options", "DENY") &&
	       add(response, "Referrer-Policy", "no-referrer") &&
	       add(response, "Cross-Origin-Opener-Policy", "same-origin") &&
	       add(response, "Cross-Origin-Resource-Policy", "same-origin") &&
	       add(response, "ETag", answer->tag) && add(response, "Location", answer->location) &&
	       add(response, "Link", answer->link) && add(response, "Set-Cookie", answer->cookie) &&
	       add(response, "Allow", answer->allow) &&
	       add(response, "WWW-Authenticate", answer->status == 401 ? "Bearer" : NULL) &&
	       add_number(response, "Retry-After", answer->retry_s);
}

struct MHD_Response *st_answer_make(const struct st_answer *answer, struct st_buf *text)
{
	struct MHD_Response *response;

	if (text->failed)
		return NULL;
	response = MHD_create_response_from_buffer_with_free_callback(
		text->len, text->data ? text->data : "", text->data ? st_free : NULL);
	if (!response)
		return NULL;
	*text = (struct st_buf)ST_BUF_INIT;
	if (st_answer_add_headers(answer, response))
		return response;
	MHD_destroy_response(response);
	return NULL;
}

void st_answer_response(struct st_exchange *exchange, unsigned int status,
			struct MHD_Response *response)
{
	bool is_suspended = exchange->state == ST_EXCHANGE_WAITING;

	if (exchange->state == ST_EXCHANGE_ANSWERED) {
		MHD_destroy_response(response);
		return;
	}
	exchange->state = ST_EXCHANGE_ANSWERED;
	exchange->response = response;
	exchange->status = status;
	if (is_suspended) {
		exchange->web->must_run = true;
		MHD_resume_connection(exchange->http);
	}
}

void st_answer_no_memory(struct st_exchange *exchange)
{
	static char body[] = "{\"type\":\"" PROBLEM_URN "no_memory\",\"title\":\"the daemon has no "
			     "memory for it\",\"status\":503,\"detail\":\"suptree-web: out of "
			     "memory\",\"kind\":\"no_memory\"}";
	static struct MHD_Response *response;

	/* made at the first use, and kept: then there may be memory for so little */
	if (!response) {
		response = MHD_create_response_from_buffer(sizeof(body) - 1, body,
							   MHD_RESPMEM_PERSISTENT);
		if (!response)
			abort();
		(void)add(response, "Content-Type", PROBLEM_TYPE);
	}
	if (exchange->state == ST_EXCHANGE_ANSWERED)
		return;
	exchange->has_shared_response = true;
	st_answer_response(exchange, 503, response);
}

void st_answer_text(struct st_exchange *exchange, const struct st_answer *answer,
		    struct st_buf *text)
{
	struct MHD_Response *response = st_answer_make(answer, text);

	if (response)
		st_answer_response(exchange, answer->status, response);
	else
		st_answer_no_memory(exchange);
	st_buf_done(text);
}

void st_answer_problem(struct st_exchange *exchange, const struct st_problem *problem)
{
	const struct st_error_row *row = &st_errors[problem->kind];
	unsigned int status = problem->status ? problem->status : row->http;
	const struct st_answer answer = {
		.status = status,
		.type = PROBLEM_TYPE,
		.retry_s = problem->retry_s ? problem->retry_s : status == 429 || status == 503,
		.allow = problem->allow,
	};
	struct st_buf text = ST_BUF_INIT, type = ST_BUF_INIT;
	struct st_json json;

	st_buf_add_text(&type, PROBLEM_URN);
	st_buf_add_text(&type, row->kind);
	st_json_init(&json, &text);
	st_json_begin_object(&json);
	st_json_buf_field(&json, "type", &type);
	st_json_text_field(&json, "title", row->meaning);
	st_json_u64_field(&json, "status", status);
	st_json_text_field(&json, "detail", problem->detail);
	st_json_text_field(&json, "kind", row->kind);
	if (problem->pointer && *problem->pointer)
		st_json_text_field(&json, "pointer", problem->pointer);
	if (problem->otp) {
		st_json_key(&json, "otp");
		st_dump(problem->otp, st_json_place(&json));
	}
	st_json_end_object(&json);
	st_buf_done(&type);
	st_answer_text(exchange, &answer, &text);
}

void st_answer_failure(struct st_exchange *exchange, enum st_error kind, const char *detail)
{
	st_answer_problem(exchange, &(struct st_problem){ .kind = kind, .detail = detail });
}
