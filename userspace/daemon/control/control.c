// SPDX-License-Identifier: GPL-2.0-only
/*
 * Accepts connections; see control.h. Each peer is checked here, once: by its
 * credentials, and by whether there is room. A peer that is turned away gets
 * one line with the reason.
 *
 * One descriptor is kept in reserve. When the process has no other left, it is
 * closed for a moment to accept the connection and turn it away. A connection
 * that is not accepted would keep the listening socket ready for ever.
 */
#include "daemon/control/control.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "daemon/control/client_internal.h"
#include "daemon/control/control_socket.h"
#include "daemon/log.h"
#include "loop/accept.h"
#include "os/fd.h"
#include "proto/json.h"

struct st_control {
	struct st_client_host host;
	struct st_accept accept;
	struct st_poll wait; /* waits for a connection while there is no descriptor to accept it */
	struct st_role_groups groups;
	char path[ST_CONTROL_PATH_SIZE];
	int fd;
	int reserve_fd;
	bool is_closing;
};

static int open_reserve(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void turn_away(int fd, enum st_error kind, const char *why)
{
	static const struct st_rpc_id null_id = { "null" };
	struct st_rpc_error error;
	struct st_buf line = ST_BUF_INIT;

	st_rpc_fail(&error, kind, "", "connect: refused: %s", why);
	st_rpc_write_error(&line, &null_id, &error, NULL);
	/* may fail: a new socket has room, but the peer may be gone */
	(void)send(fd, st_buf_text(&line), line.len, MSG_DONTWAIT | MSG_NOSIGNAL);
	st_buf_done(&line);
}

static void admit(struct st_control *control, int fd)
{
	st_cleanup(st_fd_close) int owned = fd;
	struct st_peer peer;
	char why[128];
	int ret = st_peer_read(fd, &control->groups, &peer);

	if (!ret && control->host.handler->find_process)
		peer.generation =
			control->host.handler->find_process(control->host.owner, peer.pid);
	if (ret) {
		snprintf(why, sizeof(why), "read the credentials of the peer: %s", strerror(-ret));
		turn_away(fd, ST_ERROR_REFUSED, why);
	} else if (peer.role == ST_ROLE_NONE && !peer.generation &&
		   st_unmapped_is(&control->groups.unmapped_uid, peer.uid)) {
		snprintf(why, sizeof(why),
			 "uid %u stands for all users that the daemon's user namespace does not "
			 "map, so it has no role",
			 peer.uid);
		turn_away(fd, ST_ERROR_REFUSED, why);
	} else if (peer.role == ST_ROLE_NONE && !peer.generation) {
		snprintf(why, sizeof(why),
			 "uid %u is neither root nor in one of the groups suptree-viewer, "
			 "suptree-operator, suptree-admin",
			 peer.uid);
		turn_away(fd, ST_ERROR_REFUSED, why);
	} else if (control->host.nr_clients >= control->host.config.max_clients) {
		snprintf(why, sizeof(why), "all %u connections are in use",
			 control->host.config.max_clients);
		turn_away(fd, ST_ERROR_LIMIT, why);
	} else if (st_client_new(&control->host, fd, &peer)) {
		turn_away(fd, ST_ERROR_NO_MEMORY, "no memory");
	} else {
		(void)st_fd_take(&owned);
	}
}

static void accept_again(struct st_control *control);

/* Accept one connection with the reserved descriptor, to turn it away. */
static void shed(struct st_control *control)
{
	int fd;

	st_fd_close(&control->reserve_fd);
	fd = accept4(control->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd >= 0) {
		turn_away(fd, ST_ERROR_LIMIT, "the daemon has no descriptor left");
		close(fd);
	}
	control->reserve_fd = open_reserve();
}

/* A peer connects; the last time there was no descriptor left. */
static void on_connection(struct st_poll *poll, int result)
{
	struct st_control *control = container_of(poll, struct st_control, wait);
	int fd;

	if (control->is_closing)
		return;
	fd = accept4(control->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd >= 0)
		admit(control, fd);
	else if (errno == EMFILE || errno == ENFILE)
		shed(control);
	/*
	 * without a reserve this would spin: the next client that goes frees a
	 * descriptor
	 */
	if (control->reserve_fd >= 0)
		accept_again(control);
	(void)result; /* ready or failed: accept4() reports which */
}

static void on_accept(struct st_accept *accept, int result)
{
	struct st_control *control = container_of(accept, struct st_control, accept);

	if (result >= 0 && control->is_closing)
		close(result);
	else if (result >= 0)
		admit(control, result);
	if (st_op_is_armed(&accept->op) || control->is_closing)
		return;
	/*
	 * io_uring needs a descriptor before there is a connection, so wait for
	 * a connection
	 */
	if (result == -EMFILE || result == -ENFILE)
		st_poll_start(control->host.ring, &control->wait, control->fd, POLLIN,
			      on_connection);
	else
		accept_again(control);
}

static void accept_again(struct st_control *control)
{
	st_accept_start(control->host.ring, &control->accept, control->fd, on_accept);
}

static void on_freed(struct st_client_host *host)
{
	struct st_control *control = container_of(host, struct st_control, host);

	if (control->is_closing || control->reserve_fd >= 0)
		return;
	control->reserve_fd = open_reserve();
	if (control->reserve_fd >= 0)
		accept_again(control);
}

static void set_config(struct st_control_config *config, const struct st_control_config *given)
{
	*config = *given;
	if (!config->max_clients)
		config->max_clients = ST_CONTROL_MAX_CLIENTS;
	if (!config->requests_per_turn)
		config->requests_per_turn = ST_CONTROL_REQUESTS_PER_TURN;
	if (!config->output_limit)
		config->output_limit = ST_CONTROL_OUTPUT_LIMIT;
	if (!config->stream_limit)
		config->stream_limit = ST_CONTROL_STREAM_LIMIT;
}

/* Do all that may fail, in order; st_control_free() undoes any part of it. */
static int open_all(struct st_control *control, const char *path, pid_t *reterr_owner)
{
	int ret = st_role_groups_read(ST_ROLE_GROUPS_PATH, &control->groups);

	if (ret)
		return ret;
	control->groups.unmapped_uid = st_unmapped_uid();
	control->groups.unmapped_gid = st_unmapped_gid();
	if (st_unmapped_is(&control->groups.unmapped_uid, geteuid()))
		st_log("uid %u has no role here, although the daemon has it: it stands for all "
		       "users that this user namespace does not map (user_namespaces(7))",
		       geteuid());
	control->reserve_fd = open_reserve();
	if (control->reserve_fd < 0)
		return -errno;
	ret = st_control_listen(path, 0666, ST_CONTROL_PATIENCE_MS, reterr_owner, &control->fd);
	if (ret)
		return ret;
	memcpy(control->path, path, strlen(path) + 1);
	control->host.config.path = control->path;
	return 0;
}

int st_control_open(struct st_ring *ring, const struct st_control_config *config,
		    const struct st_control_handler *handler, void *owner, pid_t *reterr_owner,
		    struct st_control **ret_control)
{
	struct st_control *control = st_alloc(sizeof(*control));
	int ret;

	if (!control)
		return -ENOMEM;
	control->fd = -1;
	control->reserve_fd = -1;
	control->host.ring = ring;
	control->host.handler = handler;
	control->host.owner = owner;
	control->host.on_freed = on_freed;
	st_list_init(&control->host.clients);
	set_config(&control->host.config, config);
	ret = open_all(control, config->path, reterr_owner);
	if (ret) {
		st_control_free(control);
		return ret;
	}
	accept_again(control);
	*ret_control = control;
	return 0;
}

void st_control_close(struct st_control *control)
{
	if (control->is_closing)
		return;
	control->is_closing = true;
	(void)unlink(control->path); /* it may have been removed already */
	st_op_cancel(&control->accept.op);
	st_op_cancel(&control->wait.op);
	st_client_close_all(&control->host);
}

bool st_control_is_closed(const struct st_control *control)
{
	return control->is_closing && !control->host.nr_clients &&
	       !st_op_is_armed(&control->accept.op) && !st_op_is_armed(&control->wait.op);
}

void st_control_free(struct st_control *control)
{
	if (!control)
		return;
	st_fd_close(&control->fd);
	st_fd_close(&control->reserve_fd);
	st_free(control);
}

void st_control_tell_renamed(struct st_control *control, const char *name)
{
	struct st_buf params = ST_BUF_INIT;
	struct st_json json;
	struct st_list *pos;

	st_json_init(&json, &params);
	st_json_begin_object(&json);
	st_json_text_field(&json, "name", name);
	st_json_end_object(&json);
	st_list_for_each(pos, &control->host.clients)
		st_client_tell_renamed(st_list_entry(pos, struct st_client, link), &params);
	st_buf_done(&params);
}

uint32_t st_control_nr_clients(const struct st_control *control)
{
	return control->host.nr_clients;
}
