// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzing what a client can send: bytes, in portions, to lines, to requests.
 *
 * The first byte is the size of the portions. Lines must not depend on it, a
 * request that is read must be read as the same when it is written again, and
 * every refusal must be one line of JSON.
 */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/frame.h"
#include "proto/json.h"
#include "proto/offer.h"
#include "proto/rpc.h"

#define LIMIT 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds)
{
	if (!holds)
		abort();
}

static void check_refusal(const struct st_rpc_id *id, const struct st_rpc_error *error)
{
	struct st_buf out = ST_BUF_INIT;
	json_t *json;

	st_rpc_write_error(&out, id, error, NULL);
	if (out.len) {
		must(strchr(out.data, '\n') == out.data + out.len - 1);
		json = json_loadb(out.data, out.len, JSON_REJECT_DUPLICATES, NULL);
		must(json != NULL);
		json_decref(json);
	}
	st_buf_done(&out);
}

/* What a process may offer is listed so that it is read as the same. */
static void check_offer(const json_t *described)
{
	struct st_rpc_error error = { .message = "" };
	struct st_offer *offer = NULL, *again = NULL;
	struct st_buf text = ST_BUF_INIT, words = ST_BUF_INIT;
	struct st_json json;
	json_t *listed, *nothing;

	if (st_offer_read(described, ST_OFFER_FROM_CHILD, &offer, &error)) {
		must(error.message[0]);
		return;
	}
	st_json_init(&json, &text);
	st_json_begin_object(&json);
	st_operation_write(&offer->row, &json);
	st_json_end_object(&json);
	listed = json_loadb(text.data, text.len, JSON_REJECT_DUPLICATES, NULL);
	must(listed != NULL);
	must(!st_offer_read(listed, ST_OFFER_FROM_LISTING, &again, &error));
	must(again->nr_params == offer->nr_params && !strcmp(again->row.name, offer->row.name));
	nothing = json_object();
	must(!st_offer_words(again, nothing, &words) && !strcmp(words.data, offer->row.name));
	json_decref(nothing);
	json_decref(listed);
	st_offer_free(again);
	st_offer_free(offer);
	st_buf_done(&words);
	st_buf_done(&text);
}

static void check_request(const struct st_rpc_request *request)
{
	const json_t *operations = json_object_get(request->params, "operations");
	const json_t *described;
	size_t index;

	const char *method = st_operations[request->op].name;
	struct st_buf line = ST_BUF_INIT;
	struct st_rpc_request again;
	struct st_rpc_error error;

	must(!st_rpc_write_request(&line, 1, method, request->params));
	must(!st_rpc_parse(line.data, line.len, &again, &error));
	must(again.op == request->op && json_equal(again.params, request->params));
	st_rpc_request_done(&again);
	st_buf_done(&line);
	json_array_foreach(operations, index, described)
		check_offer(described);
}

static void take_lines(struct st_frame *frame, struct st_buf *lines)
{
	const char *line;
	size_t len;
	int ret;

	while ((ret = st_frame_next(frame, &line, &len)) != 0) {
		struct st_rpc_request request;
		struct st_rpc_error error;

		st_buf_add_i64(lines, ret);
		if (ret < 0)
			continue;
		must(len >= 1 && len <= LIMIT);
		st_buf_add(lines, line, len);
		if (st_rpc_parse(line, len, &request, &error))
			check_refusal(&request.id, &error);
		else
			check_request(&request);
		st_rpc_request_done(&request);
	}
}

static void split(const uint8_t *data, size_t size, size_t portion, struct st_buf *lines)
{
	struct st_frame frame;

	st_frame_init(&frame, LIMIT);
	for (size_t at = 0; at < size; at += portion) {
		must(!st_frame_feed(&frame, data + at, size - at < portion ? size - at : portion));
		take_lines(&frame, lines);
	}
	st_frame_finish(&frame);
	take_lines(&frame, lines);
	st_frame_done(&frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct st_buf whole = ST_BUF_INIT;
	struct st_buf parts = ST_BUF_INIT;

	if (!size)
		return 0;
	split(data + 1, size - 1, size, &whole);
	split(data + 1, size - 1, (size_t)data[0] + 1, &parts);
	must(whole.len == parts.len && (!whole.len || !memcmp(whole.data, parts.data, whole.len)));
	st_buf_done(&whole);
	st_buf_done(&parts);
	return 0;
}
