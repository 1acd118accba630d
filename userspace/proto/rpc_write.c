// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes answers, notifications and requests; see rpc.h.
 */
#include "proto/rpc.h"

#include <errno.h>
#include <string.h>

#include "proto/json.h"

static void begin(struct st_json *json, struct st_buf *out)
{
	st_json_init(json, out);
	st_json_begin_object(json);
	st_json_text_field(json, "jsonrpc", "2.0");
}

static void end(struct st_json *json)
{
	st_json_end_object(json);
	st_buf_add_char(json->out, '\n');
}

static void raw_field(struct st_json *json, const char *key, const char *text, size_t len)
{
	st_json_key(json, key);
	st_json_raw(json, text, len);
}

void st_rpc_write_result(struct st_buf *out, const struct st_rpc_id *id, const char *result,
			 size_t len)
{
	struct st_json json;

	if (!id->text[0])
		return;
	begin(&json, out);
	raw_field(&json, "id", id->text, strlen(id->text));
	raw_field(&json, "result", result, len);
	end(&json);
}

void st_rpc_write_result_head(struct st_buf *out, const struct st_rpc_id *id)
{
	struct st_json json;

	begin(&json, out);
	raw_field(&json, "id", id->text, strlen(id->text));
	st_json_key(&json, "result");
}

void st_rpc_write_result_tail(struct st_buf *out)
{
	st_buf_add(out, "}\n", 2);
}

void st_rpc_write_error(struct st_buf *out, const struct st_rpc_id *id,
			const struct st_rpc_error *error, const char *otp)
{
	const struct st_error_row *row = &st_errors[error->kind];
	struct st_json json;

	if (!id->text[0])
		return;
	begin(&json, out);
	raw_field(&json, "id", id->text, strlen(id->text));
	st_json_key(&json, "error");
	st_json_begin_object(&json);
	st_json_i64_field(&json, "code", row->code);
	st_json_text_field(&json, "message", error->message);
	st_json_key(&json, "data");
	st_json_begin_object(&json);
	st_json_text_field(&json, "kind", row->kind);
	if (error->param[0])
		st_json_text_field(&json, "param", error->param);
	if (otp && *otp) /* empty if there was no memory to write it */
		raw_field(&json, "otp", otp, strlen(otp));
	st_json_end_object(&json);
	st_json_end_object(&json);
	end(&json);
}

void st_rpc_write_notification(struct st_buf *out, const char *method, const char *params,
			       size_t len)
{
	struct st_json json;

	begin(&json, out);
	st_json_text_field(&json, "method", method);
	raw_field(&json, "params", params, len);
	end(&json);
}

static int add_bytes(const char *bytes, size_t len, void *out)
{
	st_buf_add(out, bytes, len);
	return 0;
}

int st_rpc_write_request(struct st_buf *out, int64_t id, const char *method, const json_t *params)
{
	struct st_json json;

	begin(&json, out);
	st_json_i64_field(&json, "id", id);
	st_json_text_field(&json, "method", method);
	if (params) {
		st_json_key(&json, "params");
		if (json_dump_callback(params, add_bytes, st_json_place(&json), JSON_COMPACT))
			return -ENOMEM;
	}
	end(&json);
	return st_buf_error(out);
}
