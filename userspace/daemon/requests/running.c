// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes what a process holds, a slice a turn; see running.h.
 */
#include "daemon/requests/running.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "daemon/descriptors.h"
#include "daemon/process/process.h"
#include "os/held.h"
#include "proto/json.h"

#define FDS_PER_SLICE 32

enum stage {
	HEAD,
	FILES,
	PORTS,
	END
};

struct running {
	struct st_slices slices;
	struct st_running_query query;
	struct st_buf head;
	struct st_held held;
	struct st_json json;
	enum stage stage;
	int err; /* why nothing is known */
	unsigned int nr_lent;
	uint64_t nr[ST_HELD_OTHER + 1]; /* by kind */
	uint64_t nr_ports;
};

static void free_running(struct st_slices *slices)
{
	struct running *running = container_of(slices, struct running, slices);

	st_held_done(&running->held);
	for (; running->nr_lent; running->nr_lent--)
		st_descriptors_give_back(running->query.descriptors);
	st_buf_done(&running->head);
	st_free(running);
}

static const struct st_process *process_of(const struct running *running)
{
	const struct st_process *process =
		st_process_find(running->query.processes, running->query.generation);

	return process && !process->is_reaped ? process : NULL;
}

/* Open the folder of the process, which nobody has reaped. */
static void open_process(struct running *running)
{
	const struct st_process *process = process_of(running);

	running->err = process ? st_pidref_signal(&process->ref, 0) : -ESRCH;
	if (running->err == -EPERM)
		running->err = 0; /* it has changed its user, and is still this one */
	if (!running->err)
		running->err = st_held_open(&running->held, process->ref.pid);
}

static bool lend(struct running *running)
{
	while (running->nr_lent < ST_RUNNING_DESCRIPTORS) {
		if (!st_descriptors_lend(running->query.descriptors, running->query.is_admin))
			return false;
		running->nr_lent++;
	}
	return true;
}

/* ---- slices ---- */

static void write_unknown(struct running *running)
{
	struct st_json *json = &running->json;

	st_json_text_field(json, "unknown",
			   running->err == -ESRCH || running->err == -ENOENT ?
				   "the process has ended meanwhile" :
				   strerror(-running->err));
	st_json_end_object(json);
	st_json_end_object(json);
	running->stage = END;
}

static void write_head(struct running *running)
{
	struct st_json *json = &running->json;

	st_buf_add_buf(json->out, &running->head);
	json->need_comma = true;
	if (!running->query.generation) {
		st_json_end_object(json);
		running->stage = END;
		return;
	}
	open_process(running);
	st_json_key(json, "holds");
	st_json_begin_object(json);
	if (running->err) {
		write_unknown(running);
		return;
	}
	st_json_key(json, "files");
	st_json_begin_array(json);
	running->stage = FILES;
}

static void write_file(struct running *running, const struct st_held_fd *fd)
{
	struct st_json *json = &running->json;

	if (running->nr[fd->kind]++ >= ST_RUNNING_MAX_SHOWN || fd->kind != ST_HELD_FILE)
		return;
	st_json_begin_object(json);
	st_json_i64_field(json, "fd", fd->fd);
	st_json_text_field(json, "path", fd->path);
	st_json_bool_field(json, "reads", fd->reads);
	st_json_bool_field(json, "writes", fd->writes);
	st_json_end_object(json);
}

static void end_files(struct running *running)
{
	struct st_json *json = &running->json;

	st_json_end_array(json);
	st_json_u64_field(json, "sockets", running->nr[ST_HELD_SOCKET]);
	st_json_u64_field(json, "pipes", running->nr[ST_HELD_PIPE]);
	st_json_u64_field(json, "others", running->nr[ST_HELD_OTHER]);
	st_json_key(json, "ports");
	st_json_begin_array(json);
	running->stage = PORTS;
}

static void write_files(struct running *running)
{
	struct st_held_fd fd;
	int ret = 1;

	for (unsigned int nr = 0; nr < FDS_PER_SLICE && ret > 0; nr++) {
		ret = st_held_next_fd(&running->held, &fd);
		if (ret > 0)
			write_file(running, &fd);
	}
	if (ret == -ENOMEM)
		running->json.out->failed = true; /* the client is told nothing that is not whole */
	if (ret <= 0)
		end_files(running);
}

static uint64_t left_of(uint64_t nr)
{
	return nr > ST_RUNNING_MAX_SHOWN ? nr - ST_RUNNING_MAX_SHOWN : 0;
}

static void end_ports(struct running *running)
{
	struct st_json *json = &running->json;

	st_json_end_array(json);
	st_json_u64_field(json, "left_out",
			  left_of(running->nr[ST_HELD_FILE]) + left_of(running->nr_ports) +
				  running->held.nr_unknown);
	if (!process_of(running))
		st_json_bool_field(json, "gone", true);
	st_json_end_object(json);
	st_json_end_object(json);
	running->stage = END;
}

static void write_port(struct running *running, const struct st_held_port *port)
{
	struct st_json *json = &running->json;

	if (running->nr_ports++ >= ST_RUNNING_MAX_SHOWN)
		return;
	st_json_begin_object(json);
	st_json_i64_field(json, "fd", port->fd);
	st_json_text_field(json, "protocol", port->protocol);
	st_json_text_field(json, "address", port->address);
	if (port->port >= 0)
		st_json_i64_field(json, "port", port->port);
	st_json_end_object(json);
}

/* Up to the end of a part of a table. */
static void write_ports(struct running *running)
{
	struct st_held_port port;
	int ret;

	while ((ret = st_held_next_port(&running->held, &port)) > 0)
		write_port(running, &port);
	if (!ret)
		end_ports(running);
}

static bool write_slice(struct st_slices *slices, struct st_buf *out, size_t room)
{
	struct running *running = container_of(slices, struct running, slices);

	(void)room; /* a slice writes little */
	running->json.out = out;
	switch (running->stage) {
	case HEAD:
		write_head(running);
		break;
	case FILES:
		write_files(running);
		break;
	case PORTS:
		write_ports(running);
		break;
	case END:
		break;
	}
	return running->stage == END || out->failed;
}

int st_running_new(const struct st_running_query *query, struct st_buf *head,
		   struct st_slices **ret_slices)
{
	struct running *running = st_alloc(sizeof(*running));

	if (!running)
		return -ENOMEM;
	running->slices = (struct st_slices){ .write = write_slice, .free = free_running };
	running->query = *query;
	st_json_init(&running->json, NULL);
	st_held_init(&running->held);
	if (query->generation && !lend(running)) {
		free_running(&running->slices);
		return -EMFILE;
	}
	*ret_slices = &running->slices;
	running->head = *head;
	*head = (struct st_buf)ST_BUF_INIT;
	return 0;
}
