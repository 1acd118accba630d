// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads a configuration for load and reload. See read_spec.h.
 */
#include "daemon/operations/read_spec.h"

#include <errno.h>

#include "config/config.h"
#include "daemon/daemon.h"
#include "daemon/log.h"
#include "proto/ops.h"

void st_read_spec_no_memory(struct st_client *client, enum st_operation op)
{
	if (client)
		st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "%s: out of memory",
				      st_operations[op].verb);
	else
		st_log("%s: out of memory", st_operations[op].verb);
}

/*
 * Report all mistakes of a file, to the client or on standard error. The file may have secrets,
 * so only an admin sees lines of it.
 */
static void refuse_file(struct st_client *client, enum st_operation op,
			const struct st_diags *diags)
{
	struct st_buf text = ST_BUF_INIT;

	if (client && st_client_peer(client)->role != ST_ROLE_ADMIN)
		st_diags_write_public(diags, &text);
	else
		st_diags_write_text(diags, &text);
	if (client)
		st_client_reply_error(client, ST_ERROR_INVALID_SPEC, NULL,
				      "%s: the configuration is not valid\n%s",
				      st_operations[op].verb, st_buf_text(&text));
	else
		st_log("%s: the configuration is not valid; nothing was changed\n%s",
		       st_operations[op].verb, st_buf_text(&text));
	st_buf_done(&text);
}

struct st_sup_spec *st_read_spec_file(struct st_daemon *daemon, struct st_client *client,
				      enum st_operation op, const char *file)
{
	struct st_diags diags = ST_DIAGS_INIT;
	struct st_buf why = ST_BUF_INIT;
	struct st_sup_spec *spec = NULL;
	int err = st_config_load(file, &diags, &spec);

	if (!err)
		err = st_identity_prepare_sup(&daemon->identities, spec, &why);
	if (!err)
		err = st_variables_read_sup(&daemon->variables, spec, &why);
	if (err)
		st_variables_drop(&daemon->variables);
	if (why.len && client)
		st_client_reply_error(client, ST_ERROR_INVALID_SPEC, NULL, "%s %s: %s",
				      st_operations[op].verb, file, st_buf_text(&why));
	else if (why.len)
		st_log("%s %s: %s", st_operations[op].verb, file, st_buf_text(&why));
	else if (err == -EINVAL)
		refuse_file(client, op, &diags);
	else if (err)
		st_read_spec_no_memory(client, op);
	if (err) {
		st_sup_spec_put(spec);
		spec = NULL;
	}
	st_diags_done(&diags);
	st_buf_done(&why);
	return spec;
}
