// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds children and processes by name; see directory.h.
 */
#include "daemon/requests/directory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/step.h"
#include "daemon/names/names.h"
#include "daemon/names/offers.h"
#include "daemon/process/accept.h"
#include "daemon/process/process.h"
#include "os/channel.h"
#include "proto/condition.h"

#define MAX_NAMED 4 /* of several children, in an error */

/*
 * Return: the only child with this name; NULL: there is none, or (*ret_nr > 1)
 * several.
 */
static struct st_child *find_last_part(const struct st_directory *directory, const char *name,
				       unsigned int *ret_nr)
{
	struct st_child *found = NULL, *root = directory->tree->root;

	*ret_nr = 0;
	for (struct st_child *child = root; child; child = st_child_next(child, root)) {
		if (child == root || strcmp(st_child_name(child), name) != 0)
			continue;
		found = child;
		(*ret_nr)++;
	}
	return *ret_nr == 1 ? found : NULL;
}

/* Read "#7". Return: 0 if the name is not of this form. */
static uint64_t read_generation(const char *name)
{
	unsigned long long generation;
	char *end;

	if (name[0] != '#' || name[1] < '1' || name[1] > '9')
		return 0;
	errno = 0;
	generation = strtoull(name + 1, &end, 10);
	return errno || *end ? 0 : generation;
}

struct st_child *st_directory_find(const struct st_directory *directory, const char *name,
				   unsigned int *ret_nr)
{
	struct st_child *child = st_tree_find(directory->tree, name);
	uint64_t generation;

	*ret_nr = 1;
	if (child)
		return child; /* first: nobody but an admin can take a path from a child */
	generation = st_names_find(directory->names, name);
	if (generation)
		child = st_tree_find_generation(directory->tree, generation);
	if (child)
		return child;
	*ret_nr = 0;
	generation = read_generation(name);
	if (generation)
		return st_tree_find_generation(directory->tree, generation);
	return strchr(name, '/') ? NULL : find_last_part(directory, name, ret_nr);
}

/* "one_for_one/counter_1, one_for_all/counter_1, ..." */
static void write_some(const struct st_directory *directory, const char *name, struct st_buf *out)
{
	struct st_child *root = directory->tree->root;
	unsigned int nr = 0;

	for (struct st_child *child = root; child && nr <= MAX_NAMED;
	     child = st_child_next(child, root)) {
		if (child == root || strcmp(st_child_name(child), name) != 0)
			continue;
		st_buf_add_text(out, nr ? ", " : "");
		if (nr++ == MAX_NAMED)
			st_buf_add_text(out, "...");
		else
			st_child_write_path(child, out);
	}
}

void st_directory_say_several(const struct st_directory *directory, struct st_client *client,
			      const char *verb, const char *name, unsigned int nr)
{
	struct st_buf some = ST_BUF_INIT;

	write_some(directory, name, &some);
	if (st_buf_error(&some))
		st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "%s %s: no memory", verb,
				      name);
	else
		st_client_reply_error(client, ST_ERROR_CONFLICT, NULL,
				      "%s %s: %u children have this name; give more of the path: "
				      "%s",
				      verb, name, nr, st_buf_text(&some));
	st_buf_done(&some);
}

/* @rest: what follows the path in the parameter: "" or "=up" */
static int replace(json_t *params, const char *key, const struct st_child *child, const char *rest)
{
	struct st_buf text = ST_BUF_INIT;
	int err;

	st_child_write_path(child, &text);
	st_buf_add_text(&text, rest);
	err = st_buf_error(&text);
	if (!err && json_object_set_new(params, key, json_string(st_buf_text(&text))))
		err = -ENOMEM;
	st_buf_done(&text);
	return err;
}

/* @path: of the parameter, without what follows it: @rest. */
static int complete(const struct st_directory *directory, struct st_client *client,
		    const struct st_rpc_request *request, const char *key, const char *path,
		    const char *rest)
{
	const char *verb = st_operations[request->op].verb;
	const struct st_child *child;
	unsigned int nr;

	if (strchr(path, '/') || st_tree_find(directory->tree, path))
		return 0;
	child = find_last_part(directory, path, &nr);
	if (nr > 1) {
		st_directory_say_several(directory, client, verb, path, nr);
		return -EEXIST;
	}
	if (!child || !replace(request->params, key, child, rest))
		return 0;
	st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "%s %s: no memory", verb, path);
	return -ENOMEM;
}

int st_directory_complete(const struct st_directory *directory, struct st_client *client,
			  const struct st_rpc_request *request)
{
	int err = 0;

	for (const struct st_param *param = st_operations[request->op].params; !err && param->name;
	     param++) {
		const char *text = st_rpc_text(request, param->name, NULL);
		struct st_condition condition;

		if (text && param->type == ST_PARAM_PATH)
			err = complete(directory, client, request, param->name, text, "");
		else if (text && param->type == ST_PARAM_CONDITION &&
			 !st_condition_parse(text, &condition))
			err = complete(directory, client, request, param->name, condition.path,
				       strrchr(text, '='));
	}
	return err;
}

static bool is_running(const struct st_child *child)
{
	return child->state == ST_CHILD_RUNNING && !child->ended;
}

struct st_process *st_directory_find_running(const struct st_directory *directory,
					     struct st_client *client, const char *verb,
					     const char *name)
{
	struct st_process *process = NULL;
	unsigned int nr;
	const struct st_child *child = st_directory_find(directory, name, &nr);

	if (child && !child->sup && is_running(child))
		process = st_process_find(directory->processes, child->generation);
	if (process)
		return process;
	if (nr > 1)
		st_directory_say_several(directory, client, verb, name, nr);
	else if (child && child->sup)
		st_client_reply_error(client, ST_ERROR_NOPROC, "\"noproc\"",
				      "%s %s: a supervisor is not a process", verb, name);
	else
		st_client_reply_error(client, ST_ERROR_NOPROC, "\"noproc\"",
				      child ? "%s %s: it does not run" : "%s %s: no such process",
				      verb, name);
	return NULL;
}

struct st_process *st_directory_find_process(const struct st_directory *directory,
					     struct st_client *client,
					     const struct st_rpc_request *request)
{
	return st_directory_find_running(directory, client, st_operations[request->op].verb,
					 st_rpc_text(request, "path", ""));
}

/* A supervised process has its rights as long as it lives, not its connection. */
static bool is_supervised(const struct st_directory *directory, const struct st_peer *peer)
{
	return peer->generation && st_tree_find_generation(directory->tree, peer->generation);
}

/* Whether a process that accepts @who accepts this peer. */
static bool is_accepted(const struct st_directory *directory, const struct st_process *process,
			enum st_accept who, const struct st_peer *peer)
{
	bool is_known = peer->role >= ST_ROLE_OPERATOR || is_supervised(directory, peer);

	switch (who) {
	case ST_ACCEPT_SAME_USER:
		return peer->role == ST_ROLE_ADMIN ||
		       (is_known && peer->uid == st_process_uid(process));
	case ST_ACCEPT_TREE:
		return is_known;
	case ST_ACCEPT_ANYONE:
		return is_known || peer->role > ST_ROLE_NONE;
	case ST_ACCEPT_DEFAULT:
	case ST_ACCEPT_NONE:
	case ST_ACCEPT__MAX:
		break;
	}
	return false;
}

static bool may_link(const struct st_directory *directory, const struct st_process *process,
		     const struct st_peer *peer)
{
	return is_supervised(directory, peer) &&
	       is_accepted(directory, process, st_accept_links(process), peer);
}

/* Write who the caller is, for the server. */
static void write_hello(const struct st_directory *directory, const struct st_peer *peer,
			const struct st_process *process, struct st_buf *out)
{
	struct st_json json;

	st_json_init(&json, out);
	st_json_begin_object(&json);
	if (peer->generation) {
		st_directory_write_path(directory, peer->generation, &json);
		st_json_u64_field(&json, "generation", peer->generation);
	}
	st_json_i64_field(&json, "pid", peer->pid);
	st_json_u64_field(&json, "uid", peer->uid);
	if (peer->role > ST_ROLE_NONE)
		st_json_text_field(&json, "role", st_role_text[peer->role]);
	if (may_link(directory, process, peer))
		st_json_bool_field(&json, "link", true);
	st_json_end_object(&json);
}

bool st_directory_check_accept(const struct st_directory *directory, struct st_client *client,
			       const char *verb, const char *name, const struct st_process *process)
{
	const struct st_peer *peer = st_client_peer(client);
	enum st_accept who = st_accept_messages(process);

	if (is_accepted(directory, process, who, peer))
		return true;
	st_client_reply_error(client, ST_ERROR_REFUSED, NULL,
			      "%s %s: refused: the process runs as uid %u and accepts messages "
			      "from: %s; uid %u with the role %s is not among them",
			      verb, name, st_process_uid(process), st_accept_text[who], peer->uid,
			      st_role_text[peer->role]);
	return false;
}

int st_directory_connect(const struct st_directory *directory, struct st_client *client,
			 const char *verb, const char *name, const struct st_process *process)
{
	struct st_buf hello = ST_BUF_INIT;
	int fd = -1, err;

	if (!process->has_mailbox) {
		st_client_reply_error(client, ST_ERROR_NO_MAILBOX, NULL,
				      "%s %s: it takes no messages", verb, name);
		return -1;
	}
	write_hello(directory, st_client_peer(client), process, &hello);
	err = st_buf_error(&hello);
	if (!err)
		err = st_channel_open(process->mailbox, process->ref.pid, hello.data, hello.len,
				      &fd);
	if (err == -ECONNREFUSED || err == -ESRCH)
		/* most often the end of the process is already on its way */
		st_client_reply_error(client, ST_ERROR_NOPROC, "\"noproc\"",
				      "%s %s: it has closed its mailbox", verb, name);
	else if (err == -ENOMEM)
		st_client_reply_error(client, ST_ERROR_NO_MEMORY, NULL, "%s %s: no memory", verb,
				      name);
	else if (err)
		st_client_reply_error(client, ST_ERROR_FAILED, NULL, "%s %s: %s", verb, name,
				      err == -EAGAIN ?
					      "too many others wait for a connection to it" :
					      strerror(-err));
	st_buf_done(&hello);
	return fd;
}

void st_directory_write_path(const struct st_directory *directory, uint64_t generation,
			     struct st_json *json)
{
	const struct st_child *child = st_tree_find_generation(directory->tree, generation);
	struct st_buf path = ST_BUF_INIT;

	if (!child)
		return;
	st_child_write_path(child, &path);
	st_json_buf_field(json, "path", &path);
	st_buf_done(&path);
}

void st_directory_write(const struct st_directory *directory, const struct st_process *process,
			struct st_json *json)
{
	st_directory_write_path(directory, process->generation, json);
	st_json_i64_field(json, "pid", process->ref.pid);
	st_json_u64_field(json, "generation", process->generation);
	st_json_u64_field(json, "uid", st_process_uid(process));
}

bool st_directory_may_link(const struct st_directory *directory, const struct st_client *client,
			   const struct st_process *process)
{
	return may_link(directory, process, st_client_peer(client));
}

const struct st_child *st_directory_find_other(const struct st_directory *directory,
					       const char *name, uint64_t generation)
{
	const struct st_child *own = st_tree_find_generation(directory->tree, generation);
	struct st_child *child = st_tree_find(directory->tree, name);
	struct st_child *root = directory->tree->root;

	if (child && child != own)
		return child;
	if (strchr(name, '/'))
		return NULL;
	for (child = root; child; child = st_child_next(child, root))
		if (child != root && child != own && !strcmp(st_child_name(child), name))
			return child;
	return NULL;
}

void st_directory_write_method(const struct st_directory *directory,
			       const struct st_offering *offering, struct st_buf *out)
{
	const char *name = st_names_of(directory->names, offering->generation);
	const struct st_child *child =
		st_tree_find_generation(directory->tree, offering->generation);

	st_buf_add_text(out, ST_OFFER_PREFIX);
	if (name)
		st_buf_add_text(out, name);
	else if (child)
		st_child_write_path(child, out);
	st_buf_add_char(out, '.');
	st_buf_add_text(out, offering->offer->row.name);
}

uint64_t st_directory_asking(struct st_client *client, const struct st_rpc_request *request)
{
	uint64_t generation = st_client_peer(client)->generation;

	if (!generation)
		st_client_reply_error(client, ST_ERROR_REFUSED, NULL,
				      "%s: refused: only a supervised process may do this",
				      st_operations[request->op].verb);
	return generation;
}
