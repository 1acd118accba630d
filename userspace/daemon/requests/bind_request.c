// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads specifications from the parameters of requests; see bind_request.h.
 */
#include "daemon/requests/bind_request.h"

#include <errno.h>
#include <string.h>

#include "config/bind.h"
#include "config/json.h"
#include "config/yaml.h"

int st_bound_read(struct st_bound *bound, const struct st_rpc_request *request, const char *name)
{
	const json_t *value = json_object_get(request->params, name);

	memset(bound, 0, sizeof(*bound));
	st_diags_init(&bound->diags);
	bound->doc = st_doc_new();
	if (!bound->doc)
		return -ENOMEM;
	if (json_is_string(value))
		return st_yaml_parse(bound->doc, name, json_string_value(value),
				     json_string_length(value), &bound->diags, &bound->node);
	return st_json_read(bound->doc, name, value, &bound->diags, &bound->node);
}

void st_bound_done(struct st_bound *bound)
{
	st_diags_done(&bound->diags);
	st_doc_free(bound->doc);
}

void st_bound_refuse(struct st_client *client, const struct st_rpc_request *request,
		     const struct st_diags *diags)
{
	struct st_buf text = ST_BUF_INIT, term = ST_BUF_INIT;
	bool has_term = st_diags_otp_term(diags, ST_OTP_CALL, &term) == 0;

	st_diags_write_text(diags, &text);
	if (st_buf_error(&text) || st_buf_error(&term))
		st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "%s: out of memory",
				      st_operations[request->op].verb);
	else
		st_client_reply_error(client, ST_ERROR_INVALID_SPEC,
				      has_term ? st_buf_text(&term) : NULL,
				      "%s: the specification is not valid\n%s",
				      st_operations[request->op].verb, st_buf_text(&text));
	st_buf_done(&text);
	st_buf_done(&term);
}
