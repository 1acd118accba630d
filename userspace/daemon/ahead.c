// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies of the daemon that read and look up; see ahead.h. ahead_text.c writes and reads what
 * they find.
 */
#include "daemon/ahead.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "base/alloc.h"
#include "config/config.h"
#include "core/spec_walk.h"
#include "daemon/ahead_text.h"
#include "daemon/daemon.h"
#include "os/aside.h"
#include "os/fd.h"
#include "proto/rpc.h"

#define MAX_AHEADS 8 /* at once */
#define PORTION 4096
#define PORTIONS_PER_TURN 16

struct ahead {
	struct st_list link; /* in daemon->aheads */
	struct st_daemon *daemon;
	struct st_client *client; /* NULL: it was a signal */
	struct st_rpc_request request;
	st_ahead_again *again;
	struct st_poll poll; /* of fd */
	struct st_pidref copy;
	struct st_buf found;
	int fd;
	bool has_request;
	bool is_over; /* nobody waits for it any more */
};

/* What to look for: one of these. */
struct job {
	struct st_daemon *daemon;
	const char *file;
	const struct st_sup_spec *sup;
	const struct st_child_spec *child;
};

/* ---- in the copy ---- */

static void look_below(struct st_daemon *daemon, const struct st_sup_spec *sup)
{
	const struct st_child_spec *child;
	struct st_spec_walk walk;
	int err = 0;

	st_spec_walk_begin(&walk, sup);
	while (!err && (child = st_spec_walk_next(&walk)))
		err = st_identity_look_ahead(&daemon->identities, child);
}

/* Mistakes are of no interest here: the daemon finds them, too. */
static void look_at(struct st_daemon *daemon, const struct st_child_spec *child,
		    const struct st_sup_spec *sup)
{
	struct st_buf why = ST_BUF_INIT;

	if (child)
		(void)!st_identity_look_ahead(&daemon->identities, child);
	if (child && child->def.sup)
		look_below(daemon, child->def.sup);
	if (sup)
		look_below(daemon, sup);
	if (child)
		(void)!st_variables_read(&daemon->variables, child, &why);
	if (sup)
		(void)!st_variables_read_sup(&daemon->variables, sup, &why);
}

static void look(void *context, int fd)
{
	const struct job *job = context;
	struct st_daemon *daemon = job->daemon;
	struct st_diags diags = ST_DIAGS_INIT;
	struct st_sup_spec *loaded = NULL;
	struct st_buf text = ST_BUF_INIT;

	if (job->file)
		(void)!st_config_load(job->file, &diags, &loaded);
	look_at(daemon, job->child, loaded ? loaded : job->sup);
	st_ahead_write(&daemon->identities, &text);
	for (size_t at = 0; !st_buf_error(&text) && at < text.len;) {
		ssize_t nr = write(fd, text.data + at, text.len - at);

		if (nr < 0)
			break; /* the daemon has ended */
		at += (size_t)nr;
	}
}

/* ---- in the daemon ---- */

static void free_ahead(struct ahead *ahead)
{
	st_list_del(&ahead->link);
	ahead->daemon->nr_aheads--;
	st_pidref_done(&ahead->copy);
	st_fd_close(&ahead->fd);
	st_buf_done(&ahead->found);
	json_decref(ahead->request.params);
	st_free(ahead);
}

/* Its end is reaped as that of any process that nobody supervises. */
static void end(struct ahead *ahead)
{
	ahead->is_over = true;
	(void)!st_pidref_signal(&ahead->copy, SIGKILL); /* -ESRCH: it has ended */
	st_op_cancel(&ahead->poll.op);
}

static void carry_out(struct ahead *ahead)
{
	struct st_daemon *daemon = ahead->daemon;

	/* What is missing, because there is no memory or it was killed, is looked up now. */
	st_ahead_read(&ahead->found, &daemon->identities);
	daemon->is_again = true;
	ahead->again(daemon, ahead->client, ahead->has_request ? &ahead->request : NULL);
	daemon->is_again = false;
	st_identities_forget_ahead(&daemon->identities);
}

/* Return: false if nothing more will come. */
static bool read_portion(struct ahead *ahead, bool *ret_is_empty)
{
	char portion[PORTION];
	ssize_t nr = read(ahead->fd, portion, sizeof(portion));

	*ret_is_empty = nr < 0 && errno == EAGAIN;
	if (nr > 0)
		st_buf_add(&ahead->found, portion, (size_t)nr);
	return nr > 0 || *ret_is_empty || (nr < 0 && errno == EINTR);
}

static void on_turn(struct st_poll *poll, int result)
{
	struct ahead *ahead = container_of(poll, struct ahead, poll);
	bool is_empty = false;

	if (result < 0) {
		if (!ahead->is_over)
			carry_out(ahead);
		free_ahead(ahead);
		return;
	}
	for (int left = PORTIONS_PER_TURN; left && !is_empty; left--) {
		if (!read_portion(ahead, &is_empty)) {
			st_op_cancel(&poll->op); /* its end carries the request out */
			return;
		}
	}
	if (!is_empty)
		st_poll_again(poll);
}

static struct ahead *new_ahead(const struct st_ahead_request *from)
{
	struct ahead *ahead = st_alloc(sizeof(*ahead));

	if (!ahead)
		return NULL;
	ahead->daemon = from->daemon;
	ahead->client = from->client;
	ahead->again = from->again;
	ahead->has_request = from->request;
	if (from->request) {
		ahead->request = *from->request;
		json_incref(ahead->request.params);
	}
	st_pidref_init(&ahead->copy);
	ahead->fd = -1;
	st_list_init(&ahead->link);
	st_list_add_tail(&ahead->link, &from->daemon->aheads);
	from->daemon->nr_aheads++;
	return ahead;
}

static bool refuse(const struct st_ahead_request *from)
{
	if (from->daemon->nr_aheads < MAX_AHEADS || !from->client)
		return false;
	st_client_reply_error(from->client, ST_ERROR_LIMIT, NULL,
			      "%s: %d others wait for files to be read or users to be looked up; "
			      "ask again later",
			      st_operations[from->request->op].verb, MAX_AHEADS);
	return true;
}

/* Only the newest signal counts. */
static void end_signals(struct st_daemon *daemon)
{
	struct st_list *pos;

	st_list_for_each(pos, &daemon->aheads)
		if (!st_list_entry(pos, struct ahead, link)->client)
			end(st_list_entry(pos, struct ahead, link));
}

static bool start(const struct st_ahead_request *from, struct job *job)
{
	struct ahead *ahead;

	if (from->daemon->is_again)
		return false;
	if (refuse(from))
		return true;
	if (!from->client)
		end_signals(from->daemon);
	ahead = new_ahead(from);
	if (!ahead)
		return false;
	if (st_aside_start(look, job, &ahead->copy, &ahead->fd)) {
		free_ahead(ahead);
		return false; /* better late than never */
	}
	st_poll_watch(from->daemon->ring, &ahead->poll, ahead->fd, POLLIN, on_turn);
	return true;
}

bool st_ahead_file(const struct st_ahead_request *from, const char *file)
{
	struct job job = { .daemon = from->daemon, .file = file };

	return start(from, &job);
}

static bool is_slow(const struct st_daemon *daemon, const struct st_child_spec *child)
{
	return child->def.process.nr_env_files ||
	       st_identity_is_unknown(&daemon->identities, child);
}

static bool is_any_slow(const struct st_daemon *daemon, const struct st_sup_spec *sup)
{
	const struct st_child_spec *child;
	struct st_spec_walk walk;

	st_spec_walk_begin(&walk, sup);
	while ((child = st_spec_walk_next(&walk)))
		if (is_slow(daemon, child))
			return true;
	return false;
}

int st_ahead_sup(const struct st_ahead_request *from, const struct st_sup_spec *spec)
{
	struct job job = { .daemon = from->daemon, .sup = spec };

	return is_any_slow(from->daemon, spec) && start(from, &job) ? -EINPROGRESS : 0;
}

int st_ahead_child(const struct st_ahead_request *from, const struct st_child_spec *spec)
{
	struct job job = { .daemon = from->daemon, .child = spec };
	bool is_needed = is_slow(from->daemon, spec) ||
			 (spec->def.sup && is_any_slow(from->daemon, spec->def.sup));

	return is_needed && start(from, &job) ? -EINPROGRESS : 0;
}

void st_ahead_forget(struct st_daemon *daemon, const struct st_client *client)
{
	struct st_list *pos;

	st_list_for_each(pos, &daemon->aheads)
		if (st_list_entry(pos, struct ahead, link)->client == client)
			end(st_list_entry(pos, struct ahead, link));
}

void st_ahead_close(struct st_daemon *daemon)
{
	struct st_list *pos;

	st_list_for_each(pos, &daemon->aheads)
		end(st_list_entry(pos, struct ahead, link));
}
