// SPDX-License-Identifier: GPL-2.0-only
/*
 * Accepts connections; see control.h. Each peer is checked here, once: by its
 * credentials, and by whether there is room. A peer that is turned away gets
 * one line with the reason.
 *
 * Connections are accepted a few in each turn, after everything else has had its turn, and
 * only one descriptor is used before the peer is checked: peers that are turned away, however
 * many, delay no restart and take no descriptor of others.
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
#include "os/fd.h"
#include "os/foreign.h"
#include "proto/json.h"

#define ACCEPTS_PER_TURN 4

struct st_control {
	struct st_client_host host;
	struct st_poll poll; /* of the listening socket */
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
	if (!st_buf_error(&line))
		(void)send(fd, line.data, line.len, MSG_DONTWAIT | MSG_NOSIGNAL);
	st_buf_done(&line);
}

/* A service may do what it is there for, whatever its user may do. */
static void lend_role(const struct st_control *control, struct st_peer *peer)
{
	enum st_role role = control->host.handler->lend_role(control->host.owner, peer->generation);

	if (role <= peer->role)
		return;
	peer->role = role;
	peer->is_lent = true;
}

static void admit(struct st_control *control, int fd)
{
	st_cleanup(st_foreign_close) int owned = fd;
	enum st_error error;
	struct st_peer peer;
	char why[160];
	int ret = st_peer_read(fd, &control->groups, &peer);

	if (!ret && control->host.handler->find_process)
		peer.generation =
			control->host.handler->find_process(control->host.owner, fd, peer.pid);
	if (!ret && peer.generation && control->host.handler->lend_role)
		lend_role(control, &peer);
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
	} else if (!st_places_take(&control->host.places, &peer, &error, why, sizeof(why))) {
		turn_away(fd, error, why);
	} else if (st_client_new(&control->host, fd, &peer)) {
		st_places_give_back(&control->host.places, &peer);
		turn_away(fd, ST_ERROR_NO_MEMORY, "no memory");
	} else {
		(void)st_fd_take(&owned);
	}
}

/*
 * Accept one connection with the reserved descriptor, to turn it away. Return: false if no
 * peer waits: without a descriptor accept4(2) does not say that.
 */
static bool shed(struct st_control *control)
{
	bool has_peer;
	int fd;

	st_fd_close(&control->reserve_fd);
	fd = accept4(control->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	has_peer = fd >= 0;
	if (has_peer) {
		turn_away(fd, ST_ERROR_LIMIT, "the daemon has no descriptor left");
		st_foreign_close(&fd);
	}
	control->reserve_fd = open_reserve();
	return has_peer;
}

/* Return: false if no peer waits, or if there is no descriptor to accept it. */
static bool accept_one(struct st_control *control)
{
	int fd = accept4(control->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd >= 0) {
		admit(control, fd);
		return true;
	}
	if (errno == EMFILE || errno == ENFILE) {
		if (control->reserve_fd < 0)
			return false; /* the next client that goes frees a descriptor */
		return shed(control) && control->reserve_fd >= 0;
	}
	return errno == EINTR || errno == ECONNABORTED;
}

static void watch(struct st_control *control);

static void on_turn(struct st_poll *poll, int result)
{
	struct st_control *control = container_of(poll, struct st_control, poll);
	int left = ACCEPTS_PER_TURN;

	if (control->is_closing)
		return;
	while (left && accept_one(control))
		left--;
	if (result < 0)
		watch(control); /* the kernel had no memory for the poll */
	else if (!left)
		st_poll_again(&control->poll);
}

static void watch(struct st_control *control)
{
	st_poll_watch_patiently(control->host.ring, &control->poll, control->fd, POLLIN, on_turn);
}

static void on_freed(struct st_client_host *host)
{
	struct st_control *control = container_of(host, struct st_control, host);

	if (control->is_closing || control->reserve_fd >= 0)
		return;
	control->reserve_fd = open_reserve();
	if (control->reserve_fd >= 0)
		st_poll_again(&control->poll);
}

static void set_config(struct st_control_config *config, const struct st_control_config *given)
{
	*config = *given;
	if (!config->max_clients)
		config->max_clients = ST_CONTROL_MAX_CLIENTS;
	if (!config->for_admins)
		config->for_admins =
			config->max_clients / (ST_CONTROL_MAX_CLIENTS / ST_CONTROL_FOR_ADMINS);
	if (!config->per_user)
		config->per_user = ST_CONTROL_PER_USER;
	if (!config->per_process)
		config->per_process = ST_CONTROL_PER_PROCESS;
	if (!config->requests_per_turn)
		config->requests_per_turn = ST_CONTROL_REQUESTS_PER_TURN;
	if (!config->output_limit)
		config->output_limit = ST_CONTROL_OUTPUT_LIMIT;
	if (!config->answers)
		config->answers = ST_CONTROL_ANSWERS;
	if (!config->answers_of_admins)
		config->answers_of_admins = config->answers / 4;
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
	st_places_init(&control->host.places, &control->host.config);
	ret = open_all(control, config->path, reterr_owner);
	if (ret) {
		st_control_free(control);
		return ret;
	}
	watch(control);
	*ret_control = control;
	return 0;
}

void st_control_close(struct st_control *control)
{
	if (control->is_closing)
		return;
	control->is_closing = true;
	(void)unlink(control->path); /* it may have been removed already */
	st_op_cancel(&control->poll.op);
	st_client_close_all(&control->host);
}

bool st_control_is_closed(const struct st_control *control)
{
	return control->is_closing && !control->host.nr_clients &&
	       !st_op_is_armed(&control->poll.op);
}

void st_control_free(struct st_control *control)
{
	if (!control)
		return;
	st_foreign_close(&control->fd); /* with those whom it has not accepted */
	st_fd_close(&control->reserve_fd);
	st_places_done(&control->host.places);
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
