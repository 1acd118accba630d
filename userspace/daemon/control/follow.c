// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sends the one notification that events and output share; see follow.h.
 */
#include "daemon/control/follow.h"

void st_follow_resync(struct st_client *client, const char *path, uint64_t seq, uint64_t nr_dropped)
{
	struct st_buf params = ST_BUF_INIT, line = ST_BUF_INIT;
	struct st_json json;

	st_json_init(&json, &params);
	st_json_begin_object(&json);
	if (path)
		st_json_text_field(&json, "path", path);
	st_json_u64_field(&json, "seq", seq);
	st_json_u64_field(&json, "dropped", nr_dropped);
	st_json_u64_field(&json, "incarnation", st_client_incarnation(client));
	st_json_end_object(&json);
	if (!st_buf_error(&params))
		st_rpc_write_notification(&line, "resync", params.data, params.len);
	/* without memory for it the next number still shows the gap */
	if (!st_buf_error(&line))
		st_client_notify(client, seq, &line);
	st_buf_done(&line);
	st_buf_done(&params);
}
