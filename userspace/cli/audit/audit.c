// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rounds of the audit, and their output; see audit.h.
 */
#include "cli/audit/audit.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "cli/call.h"
#include "cli/show/style.h"
#include "cli/show/words.h"

#define NR_ROUNDS 3 /* that must all show a difference */

struct audit_view {
	const char *file;
	pid_t owner;
	json_t *daemon; /* a list of nodes */
	json_t *module; /* NULL: not there */
	const char *without; /* why it is not */
};

static bool wants_json(const struct st_cli *cli)
{
	return cli->format == ST_FORMAT_JSON || cli->format == ST_FORMAT_JSONL;
}

/* The pids of the daemon must be valid in our pid namespace. */
static enum st_exit_code find_owner(const struct st_cli *cli, struct st_conn *conn,
				    pid_t *ret_owner)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);
	json_t *params = json_object(), *status = NULL;
	enum st_exit_code code = st_call(cli, conn, ST_OPERATION_STATUS, params, &status);
	json_int_t own = json_integer_value(json_object_get(status, "pid"));

	json_decref(params);
	json_decref(status);
	if (code != ST_EXIT_OK)
		return code;
	if (getsockopt(st_conn_fd(conn), SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0) {
		st_say_wrong("find the process that serves the socket: %s", strerror(errno));
		return ST_EXIT_FAILED;
	}
	if (peer.pid != own) {
		st_say_wrong(
			"the daemon is in another pid namespace, so its pids are not valid here");
		return ST_EXIT_REFUSED;
	}
	*ret_owner = peer.pid;
	return ST_EXIT_OK;
}

static enum st_exit_code look_at_module(struct audit_view *view)
{
	int err = st_audit_read_module(view->file, view->owner, &view->module);

	switch (err) {
	case 0:
		return ST_EXIT_OK;
	case -ENOENT:
		view->without = "the kernel module is not loaded";
		return ST_EXIT_OK;
	case -ESRCH:
		view->without = "the kernel module has no tree of this daemon";
		return ST_EXIT_OK;
	case -EPROTO:
		st_say_wrong("read %s: the format is not the expected one", view->file);
		return ST_EXIT_FAILED;
	default:
		st_say_wrong("read %s: %s", view->file, strerror(-err));
		return ST_EXIT_FAILED;
	}
}

/* The module first: the daemon may know of a later end, but not the reverse. */
static enum st_exit_code look(const struct st_cli *cli, struct st_conn *conn,
			      struct audit_view *view, json_t **ret_differences)
{
	enum st_exit_code code = look_at_module(view);
	json_t *params = json_object();

	if (code == ST_EXIT_OK)
		code = st_call(cli, conn, ST_OPERATION_PS, params, &view->daemon);
	json_decref(params);
	if (code == ST_EXIT_OK &&
	    st_audit_compare(view->daemon, view->module, view->owner, ret_differences)) {
		st_say_wrong("audit: out of memory");
		code = ST_EXIT_FAILED;
	}
	return code;
}

static void forget(struct audit_view *view)
{
	json_decref(view->daemon);
	json_decref(view->module);
	view->daemon = view->module = NULL;
}

static bool is_in(const json_t *list, const json_t *wanted)
{
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
		if (json_equal(one, wanted))
			return true;
	return false;
}

/* Of @differences those that were there before, too; @before is taken. */
static json_t *keep_lasting(json_t *before, json_t *differences)
{
	for (size_t i = json_array_size(differences); before && i > 0; i--)
		if (!is_in(before, json_array_get(differences, i - 1)))
			(void)json_array_remove(differences, i - 1); /* it is there */
	json_decref(before);
	return differences;
}

static void add_side(struct st_buf *text, const char *who, const json_t *difference,
		     const char *key)
{
	const char *what = json_string_value(json_object_get(difference, key));

	if (!what)
		return;
	st_buf_add_text(text, "; ");
	st_buf_add_text(text, who);
	st_buf_add_text(text, ": ");
	st_buf_add_text(text, what);
}

static void write_text(const struct audit_view *view, const json_t *differences,
		       struct st_buf *text)
{
	const json_t *one;
	size_t i;

	json_array_foreach(differences, i, one) {
		st_buf_add_text(text, json_string_value(json_object_get(one, "path")));
		st_buf_add_text(text, ": ");
		st_buf_add_text(text, json_string_value(json_object_get(one, "difference")));
		add_side(text, "the daemon", one, "daemon");
		add_side(text, "the module", one, "module");
		add_side(text, "/proc", one, "proc");
		st_buf_add_char(text, '\n');
	}
	st_buf_add_u64(text, json_array_size(view->daemon));
	st_buf_add_text(text, json_array_size(view->daemon) == 1 ? " node, " : " nodes, ");
	st_buf_add_u64(text, json_array_size(differences));
	st_buf_add_text(text, json_array_size(differences) == 1 ? " difference" : " differences");
	if (view->without) {
		st_buf_add_text(text, "; ");
		st_buf_add_text(text, view->without);
		st_buf_add_text(text, ": only /proc was compared");
	}
	st_buf_add_char(text, '\n');
}

static void write_json(const struct audit_view *view, json_t *differences, struct st_buf *text)
{
	json_t *all = json_pack("{s:I, s:s*, s:O}", "nodes",
				(json_int_t)json_array_size(view->daemon), "without", view->without,
				"differences", differences);

	if (all)
		st_words_json(all, text);
	else
		text->failed = true;
	st_buf_add_char(text, '\n');
	json_decref(all);
}

static enum st_exit_code say(const struct st_cli *cli, const struct audit_view *view,
			     json_t *differences)
{
	struct st_buf text = ST_BUF_INIT, fit = ST_BUF_INIT;
	enum st_exit_code code;

	if (wants_json(cli))
		write_json(view, differences, &text);
	else
		write_text(view, differences, &text);
	st_style_add_lines(&cli->style, st_buf_text(&text), text.len, &fit);
	fit.failed |= text.failed;
	st_buf_done(&text);
	code = st_say(&fit);
	return code == ST_EXIT_OK && json_array_size(differences) ? ST_EXIT_FINDINGS : code;
}

static enum st_exit_code audit(const struct st_cli *cli, struct st_conn *conn,
			       struct audit_view *view)
{
	json_t *lasting = NULL, *differences = NULL;
	enum st_exit_code code = find_owner(cli, conn, &view->owner);

	for (int round = 0; code == ST_EXIT_OK && round < NR_ROUNDS; round++) {
		forget(view);
		code = look(cli, conn, view, &differences);
		if (code == ST_EXIT_OK)
			lasting = keep_lasting(lasting, differences);
		if (!json_array_size(lasting))
			break;
	}
	if (code == ST_EXIT_OK)
		code = say(cli, view, lasting);
	json_decref(lasting);
	return code;
}

enum st_exit_code st_audit(const struct st_cli *cli, const json_t *params)
{
	const char *file = st_words_text(params, "module");
	struct audit_view view = { .file = *file ? file : ST_AUDIT_MODULE_FILE };
	struct st_conn *conn = NULL;
	enum st_exit_code code = st_call_open(cli, &conn);

	if (code != ST_EXIT_OK)
		return code;
	code = audit(cli, conn, &view);
	forget(&view);
	st_conn_close(conn);
	return code;
}
