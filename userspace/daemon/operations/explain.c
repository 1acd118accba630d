// SPDX-License-Identifier: GPL-2.0-only
/*
 * The handler of why: finds the child that the client names, and answers for a
 * child that has never ended. why.c finds the chain.
 *
 * why --running asks the other way round: why a child runs (../requests/running.h).
 *
 * A name is looked for in the tree first, then among the children that have
 * ended: a temporary child is forgotten, but a client may still ask why it
 * ended. This file also has the handler of report_signal, by which the tracer
 * reports signals.
 */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "core/reason.h"
#include "daemon/history/events_ring.h"
#include "daemon/history/why.h"
#include "daemon/operations/dispatch.h"
#include "daemon/operations/owned.h"
#include "daemon/requests/directory.h"
#include "daemon/requests/running.h"

#define DEFAULT_STEPS 100
#define MAX_STEPS 1000 /* in one answer, so that a restart need not wait for it */
#define LAST_LINES 5 /* of the output of a process that has ended */
#define MAX_COMPARED 500 /* names compared with a mistyped one */

/* Return: the most similar name of the tree; NULL: there is no similar one. */
static const char *nearest(const struct st_daemon *daemon, const char *name)
{
	struct st_child *root = daemon->tree->root;
	const char *names[MAX_COMPARED];
	const char *slash = strrchr(name, '/');
	size_t nr = 0;

	for (struct st_child *child = st_child_next(root, root); child && nr < MAX_COMPARED;
	     child = st_child_next(child, root))
		names[nr++] = st_child_name(child);
	return st_text_nearest(slash ? slash + 1 : name, names, nr);
}

static void reply_unknown(struct st_daemon *daemon, struct st_client *client, const char *name,
			  unsigned int nr)
{
	const char *meant = nearest(daemon, name);

	if (nr > 1)
		st_directory_say_several(&daemon->directory, client, "why", name, nr);
	else
		st_client_reply_error(client, ST_ERROR_NOT_FOUND, "\"not_found\"",
				      "why %s: no such child, and none that has ended%s%s%s", name,
				      meant ? "; did you mean " : "", meant ? meant : "",
				      meant ? "?" : "");
}

static void write_state(const struct st_child *child, struct st_json *json)
{
	if (!child) {
		st_json_text_field(json, "state", "forgotten");
		return;
	}
	st_json_text_field(json, "type", child->sup ? "supervisor" : "worker");
	st_json_text_field(json, "state",
			   child->ended ? "ended" : st_child_state_text[child->state]);
	if (child->pid)
		st_json_i64_field(json, "pid", child->pid);
	if (child->alive)
		st_json_u64_field(json, "generation", child->generation);
}

/* Write since when events are kept, and what ended below the child. */
static void write_never(const struct st_daemon *daemon, const char *path, struct st_json *json)
{
	const struct st_events_ring *ring = st_events_ring(daemon->history.events);
	uint64_t below = st_why_find_end_below(ring, path);

	st_json_u64_field(json, "events_from", ring->first);
	if (below) {
		st_json_key(json, "below");
		st_why_write_end(&daemon->history, st_owned_find(daemon, ST_OWNER_TRACER), below,
				 json);
	}
}

/* Write what the process of an end wrote last, if anything of it is kept. */
static void write_output(const struct st_daemon *daemon, uint64_t seq, const char *key,
			 struct st_json *json)
{
	const struct st_events_ring *ring = st_events_ring(daemon->history.events);
	const struct st_event_record *end = st_events_ring_get(ring, seq);
	struct st_buf path = ST_BUF_INIT, lines = ST_BUF_INIT;
	struct st_json array;

	st_json_init(&array, &lines);
	st_buf_add(&path, end->text, end->path_len);
	if (!st_buf_error(&path) && st_outputs_write_of(daemon->outputs, st_buf_text(&path),
							end->generation, LAST_LINES, &array)) {
		st_json_key(json, key);
		st_buf_add_buf(st_json_place(json), &lines);
	}
	json->out->failed |= path.failed;
	st_buf_done(&path);
	st_buf_done(&lines);
}

static void write_outputs(const struct st_daemon *daemon, uint64_t seq, struct st_json *json)
{
	uint64_t root = st_why_root(st_events_ring(daemon->history.events), seq);

	write_output(daemon, seq, "output", json);
	if (root != seq)
		write_output(daemon, root, "root_output", json);
}

static void begin_why(const struct st_child *child, const char *path, struct st_json *json)
{
	st_json_begin_object(json);
	st_json_text_field(json, "path", path);
	write_state(child, json);
}

/* Write who started it, and since when it runs. */
static void write_running(const struct st_daemon *daemon, const struct st_child *child,
			  struct st_json *json)
{
	uint64_t now_ns = st_clock_ns();

	st_json_bool_field(json, "running", true);
	st_json_u64_field(json, "restarts", child->nr_restarts);
	if (child->state == ST_CHILD_RUNNING && now_ns > child->since_ns)
		st_json_u64_field(json, "uptime_ms", (now_ns - child->since_ns) / ST_NSEC_PER_MSEC);
	st_why_write_start(&daemon->history, st_owned_find(daemon, ST_OWNER_TRACER),
			   child->generation, json);
}

/* why --running: the answer is written in slices. */
static void reply_running(struct st_daemon *daemon, struct st_client *client, const char *path,
			  const struct st_child *child)
{
	struct st_running_query query = {
		.processes = &daemon->processes,
		.descriptors = &daemon->descriptors,
		.is_admin = st_client_peer(client)->role == ST_ROLE_ADMIN,
		.generation = child && child->pid > 0 ? child->generation : 0,
	};
	struct st_buf head = ST_BUF_INIT;
	struct st_slices *slices;
	struct st_json json;
	int err;

	if (!child || !child->alive || child->ended) {
		st_client_reply_error(client, ST_ERROR_NOPROC, "\"noproc\"",
				      "why --running %s: it does not run; ask without --running "
				      "why it has ended",
				      path);
		return;
	}
	st_json_init(&json, &head);
	begin_why(child, path, &json);
	write_running(daemon, child, &json);
	err = st_buf_error(&head) ? -ENOMEM : st_running_new(&query, &head, &slices);
	if (!err)
		st_client_reply_slices(client, slices);
	else if (err == -EMFILE)
		st_client_reply_error(client, ST_ERROR_LIMIT, NULL,
				      "why --running %s: no descriptors are left for clients; ask "
				      "again later",
				      path);
	else
		st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL,
				      "why --running %s: out of memory", path);
	st_buf_done(&head);
}

/* @child: NULL: it is forgotten; @seq: of its last end, 0: there is none */
static void reply_why(struct st_daemon *daemon, struct st_client *client, const char *path,
		      const struct st_child *child, uint64_t seq, uint32_t max)
{
	bool has_tracer = st_owned_find(daemon, ST_OWNER_TRACER);
	struct st_buf text = ST_BUF_INIT;
	struct st_json json;

	st_json_init(&json, &text);
	begin_why(child, path, &json);
	st_json_bool_field(&json, "ended", seq != 0);
	if (seq) {
		st_json_key(&json, "end");
		st_why_write_end(&daemon->history, has_tracer, seq, &json);
		if (st_why_write_chain(&daemon->history, has_tracer, seq, max, &json))
			text.failed = true;
		write_outputs(daemon, seq, &json);
	} else {
		write_never(daemon, path, &json);
	}
	st_json_end_object(&json);
	st_client_reply_result(client, &text);
	st_buf_done(&text);
}

void st_handle_why(struct st_daemon *daemon, struct st_client *client,
		   const struct st_rpc_request *request)
{
	const struct st_events_ring *ring = st_events_ring(daemon->history.events);
	const char *name = st_rpc_text(request, "path", "");
	int64_t max = st_rpc_integer(request, "limit", DEFAULT_STEPS);
	struct st_buf buf = ST_BUF_INIT;
	struct st_child *child;
	unsigned int nr = 0;
	const char *path = "";
	uint64_t seq = 0;
	int err = 0;

	child = name[0] == '#' ? NULL : st_directory_find(&daemon->directory, name, &nr);
	if (child) {
		err = st_child_path(child, &buf, &path);
		seq = err ? 0 : st_why_find_end(ring, path, true);
	} else {
		seq = nr > 1 ? 0 : st_why_find_end(ring, name, false);
		if (seq) {
			const struct st_event_record *end = st_events_ring_get(ring, seq);

			st_buf_add(&buf, end->text, end->path_len);
			err = st_buf_get(&buf, &path);
			child = err ? NULL : st_tree_find(daemon->tree, path);
		}
	}
	if (err)
		st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "why %s: out of memory",
				      name);
	else if ((child || seq) && st_rpc_flag(request, "running"))
		reply_running(daemon, client, path, child);
	else if (child || seq)
		reply_why(daemon, client, path, child, seq,
			  (uint32_t)(max < MAX_STEPS ? max : MAX_STEPS));
	else
		reply_unknown(daemon, client, name, nr);
	st_buf_done(&buf);
}

void st_handle_report_signal(struct st_daemon *daemon, struct st_client *client,
			     const struct st_rpc_request *request)
{
	const char *name = st_rpc_text(request, "signal", NULL);
	struct st_seen_signal seen = {
		.time_ns = (uint64_t)st_rpc_integer(request, "time_ns", (int64_t)st_clock_ns()),
		.pid = (pid_t)st_rpc_integer(request, "pid", 0),
		.signo = name ? st_signal_number(name) : (int)st_rpc_integer(request, "signal", 0),
		.sender = (pid_t)st_rpc_integer(request, "sender", 0),
		.uid = st_rpc_integer(request, "uid", -1),
	};
	const char *sender = st_rpc_text(request, "name", "");
	size_t len = strnlen(sender, ST_WITNESS_NAME_SIZE - 1);

	memcpy(seen.name, sender, len);
	st_witness_add(&daemon->history.witness, &seen);
	st_client_reply_ok(client);
}
