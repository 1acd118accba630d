// SPDX-License-Identifier: GPL-2.0-only
/*
 * The service's callbacks; see service.h. Rings are read every TICK_MS, which is also
 * how late `suptree why` may learn of a sender; while no record is there a tick is a
 * look at an empty ring.
 */
#include "tracer/service.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME "tracer"
#define TICK_MS 50
#define EXIT_FAILED 1

/* A child has started: add it to the traces that want it. */
static void on_started(void *context, const struct st_traced_child *child)
{
	struct st_service *service = context;
	struct st_list *pos;

	if (service->witness && child->pid != getpid())
		(void)!st_session_watch(service->witness, child->pid,
					ST_WATCH_ON | ST_WATCH_CHILDREN); /* or it has ended */
	st_list_for_each(pos, &service->traces)
		st_trace_started(st_list_entry(pos, struct st_trace, link), child);
}

/* Beside the control socket, so that each daemon has its own. */
static char *find_folder(void)
{
	struct st_buf path = ST_BUF_INIT;
	char *folder = NULL;

	if (!st_conn_socket_path(NULL, &path)) {
		st_buf_add_text(&path, ".tracer");
		folder = st_buf_error(&path) ? NULL : strdup(st_buf_text(&path));
	}
	st_buf_done(&path);
	return folder;
}

static int init(struct suptree *self, void *state, int argc, char **argv)
{
	struct st_service *service = state;
	int err;

	(void)argc; /* main() has read them */
	(void)argv;
	st_list_init(&service->traces);
	service->folder = find_folder();
	if (!service->folder)
		return suptree_fail(self, "out of memory");
	err = st_witness_open(service);
	if (err)
		return suptree_fail(self,
				    "load the BPF programs: %s; suptree-tracer --doctor shows more",
				    strerror(-err));
	service->children.started = on_started;
	service->children.context = service;
	err = st_traced_children_open(&service->children);
	if (err)
		return suptree_fail(self, "ask the daemon for its tree: %s", strerror(-err));
	if (suptree_register(self, NAME))
		return suptree_fail(self, "register the name " NAME ": %s", suptree_error(self));
	if (suptree_watch_fd(self, st_conn_fd(service->children.conn)) ||
	    suptree_trap_exit(self, true) || suptree_send_after(self, TICK_MS, "tick", NULL))
		return suptree_fail(self, "get ready: %s", suptree_error(self));
	st_operations_resume(service);
	suptree_set_status(self, "%u traces", service->nr_traces);
	return 0;
}

static enum suptree_next handle_call(struct suptree *self, void *state,
				     const struct suptree_message *request,
				     struct suptree_from from)
{
	struct st_service *service = state;
	struct st_buf out = ST_BUF_INIT;

	/* children that started before this request are traced when it is answered */
	if (st_traced_children_heed(&service->children) || st_witness_read(service))
		suptree_reply_error(self, from, "failed the daemon is lost");
	else if (st_operations_answer(service, request->data, &out))
		suptree_reply_error(self, from, "%s",
				    st_buf_error(&out) ? "no_memory no memory" : st_buf_text(&out));
	else
		suptree_reply_bytes(self, from, out.data, out.len);
	st_buf_done(&out);
	suptree_set_status(self, "%u traces", service->nr_traces);
	return SUPTREE_CONTINUE;
}

static int read_all(struct st_service *service)
{
	int err = st_traced_children_heed(&service->children);
	struct st_list *pos;

	if (!err)
		err = st_witness_read(service);
	st_list_for_each(pos, &service->traces)
		if (!err)
			err = st_trace_read(st_list_entry(pos, struct st_trace, link));
	return err;
}

/* Without the daemon, or its own rings, it is of no use: the next incarnation may be. */
static enum suptree_next handle_info(struct suptree *self, void *state,
				     const struct suptree_info *info)
{
	struct st_service *service = state;
	int err = 0;

	if (info->type == SUPTREE_INFO_FD)
		err = st_traced_children_heed(&service->children);
	else if (info->type == SUPTREE_INFO_TIMEOUT)
		err = read_all(service);
	if (!err && info->type == SUPTREE_INFO_TIMEOUT)
		err = suptree_send_after(self, TICK_MS, "tick", NULL);
	if (!err)
		return SUPTREE_CONTINUE;
	fprintf(stderr, "suptree-tracer: read records: %s\n", strerror(-err));
	return suptree_stop(self, EXIT_FAILED);
}

static void terminate(struct suptree *self, void *state, const struct suptree_reason *reason)
{
	struct st_service *service = state;

	(void)self;
	(void)reason;
	/* what would be begun again goes with the daemon */
	if (service->folder && st_traced_children_is_stopping(&service->children))
		st_operations_forget(service);
	while (!st_list_is_empty(&service->traces))
		st_trace_free(st_list_entry(service->traces.next, struct st_trace, link));
	st_session_free(service->witness);
	service->witness = NULL;
	st_traced_children_close(&service->children);
	free(service->folder);
}

int st_service_main(int argc, char **argv)
{
	static const struct suptree_gen_server tracer = {
		.vsn = "1",
		.state_size = sizeof(struct st_service),
		.init = init,
		.handle_call = handle_call,
		.handle_info = handle_info,
		.terminate = terminate,
	};

	return suptree_gen_server_main(&tracer, argc, argv);
}
