// SPDX-License-Identifier: GPL-2.0-only
/*
 * The service's callbacks; see service.h. What has come is committed 50 ms later, or
 * after 1,000 rows.
 */
#include "journal/service.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "journal/confine.h"
#include "proto/conn.h"

#define NAME "journal"
#define FILE_NAME "/journal.db"
#define COMMIT_MS 50
#define RETRY_MS 1000
#define PRUNE_MS 10000
#define MAX_LINES 8 /* of 64 KiB, before others get their turn */
#define EXIT_FAILED 1
#define PRIVATE_UMASK 0077

static const struct st_past_options *options_of_main;

static void read_boot_id(struct st_past_service *service)
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t nr = fd < 0 ? -1 : read(fd, service->boot_id, sizeof(service->boot_id) - 1);

	if (fd >= 0)
		close(fd);
	service->boot_id[nr < 0 ? 0 : nr] = '\0';
	service->boot_id[strcspn(service->boot_id, "\n")] = '\0';
	service->follow.boot_id = service->boot_id;
}

/* ---- timers ---- */

/* Each has its name as text, and its place, so that there is one of it at most. */
static int set_timer(struct suptree *self, uint64_t *timer, uint32_t delay_ms, const char *name)
{
	return *timer ? 0 : suptree_send_after(self, delay_ms, name, timer);
}

/* Read if there is room for it, commit and try again when it is time. */
static int arrange(struct suptree *self, struct st_past_service *service)
{
	bool shall_watch = !service->follow.is_stuck;
	int fd = service->follow.link.fd, err = 0;

	st_past_operations_synced(self, service);
	shall_watch = !service->follow.is_stuck;
	if (shall_watch && !service->is_watching)
		err = suptree_watch_fd(self, fd);
	else if (!shall_watch && service->is_watching)
		suptree_unwatch_fd(self, fd);
	service->is_watching = shall_watch;
	if (!err && shall_watch && service->store.is_open)
		err = set_timer(self, &service->commit_timer, COMMIT_MS, "commit");
	if (!err && !shall_watch)
		err = set_timer(self, &service->retry_timer, RETRY_MS, "retry");
	return err;
}

/* ---- begin ---- */

static int start_following(struct suptree *self, struct st_past_service *service)
{
	struct st_buf socket = ST_BUF_INIT;
	int err = st_conn_socket_path(service->options->socket, &socket);

	service->follow.store = &service->store;
	if (!err)
		err = st_past_follow_start(&service->follow, st_buf_text(&socket),
					   "the journal did not run");
	if (err)
		(void)suptree_fail(self, "connect to suptreed at %s: %s", st_buf_text(&socket),
				   strerror(-err));
	st_buf_done(&socket);
	return err;
}

static int open_all(struct suptree *self, struct st_past_service *service)
{
	st_buf_add_text(&service->file, service->options->folder);
	st_buf_add_text(&service->file, FILE_NAME);
	if (st_buf_error(&service->file))
		return suptree_fail(self, "out of memory");
	read_boot_id(service);
	/* SQLite must not be open yet: the copy would have its locks */
	if (!access(st_buf_text(&service->file), F_OK) &&
	    st_damage_start(&service->damage, st_buf_text(&service->file)))
		fputs("suptree-journal: examine the file: no process could be made\n", stderr);
	if (start_following(self, service))
		return -1;
	service->follow.is_stuck = st_recovery_open(service) != 0;
	return 0;
}

static void close_all(struct st_past_service *service)
{
	st_damage_stop(&service->damage);
	st_past_follow_done(&service->follow);
	st_store_close(&service->store);
	st_buf_done(&service->file);
	st_buf_done(&service->trouble);
}

static int get_ready(struct suptree *self, struct st_past_service *service)
{
	int err;

	service->options = options_of_main;
	service->follow.link.fd = -1;
	service->damage = (struct st_damage){ .process = ST_PIDREF_NONE, .fd = -1 };
	st_list_init(&service->syncs);
	if (open_all(self, service))
		return -1;
	if (suptree_register(self, NAME))
		return suptree_fail(self, "register the name " NAME ": %s", suptree_error(self));
	err = suptree_trap_exit(self, true);
	if (!err && service->damage.fd >= 0)
		err = suptree_watch_fd(self, service->damage.fd);
	if (!err)
		err = set_timer(self, &service->prune_timer, PRUNE_MS, "prune");
	if (!err)
		err = arrange(self, service);
	if (!err)
		err = st_journal_confine();
	return err ? suptree_fail(self, "get ready: %s", strerror(-err)) : 0;
}

static int init(struct suptree *self, void *state, int argc, char **argv)
{
	int ret = get_ready(self, state);

	(void)argc; /* main() has read them */
	(void)argv;
	if (ret)
		close_all(state);
	return ret;
}

/* ---- work ---- */

/* Return: 0; -errno: it cannot go on. Failures of the store are no reason to end. */
static int bear(struct st_past_service *service, int err)
{
	if (err == -EREMOTEIO) {
		fprintf(stderr, "suptree-journal: suptreed refuses: %s\n",
			st_past_follow_why(&service->follow));
		return err;
	}
	if (!err || !service->follow.is_stuck) {
		if (err)
			fprintf(stderr, "suptree-journal: read from suptreed: %s\n",
				strerror(-err));
		return err;
	}
	st_recovery_fail(service, err);
	return 0;
}

static int read_events(struct suptree *self, struct st_past_service *service)
{
	bool has_more = false;
	int err = bear(service, st_past_follow_read(&service->follow, MAX_LINES, &has_more));

	/* lines that are here already do not make the descriptor readable */
	if (!err && has_more && !service->follow.is_stuck)
		err = suptree_send_after(self, 0, "more", NULL);
	return err;
}

static int prune(struct suptree *self, struct st_past_service *service)
{
	struct timespec now;
	bool has_more = false;
	int err = 0;

	(void)clock_gettime(CLOCK_REALTIME, &now); /* a clock that Linux has cannot fail */
	if (!service->follow.is_stuck) {
		err = st_past_follow_commit(&service->follow);
		if (!err)
			err = st_store_prune(&service->store, &service->options->limits,
					     (int64_t)now.tv_sec * 1000000, &has_more);
		if (err)
			st_recovery_fail(service, err);
	}
	return set_timer(self, &service->prune_timer, has_more && !err ? 1 : PRUNE_MS, "prune");
}

static int on_timer(struct suptree *self, struct st_past_service *service, const char *name)
{
	if (!strcmp(name, "commit")) {
		service->commit_timer = 0;
		return service->follow.is_stuck ?
			       0 :
			       bear(service, st_past_follow_commit(&service->follow));
	}
	if (!strcmp(name, "retry")) {
		service->retry_timer = 0;
		if (service->follow.is_stuck && st_recovery_retry(service))
			return 0;
		return read_events(self, service);
	}
	if (!strcmp(name, "prune")) {
		service->prune_timer = 0;
		return prune(self, service);
	}
	return service->follow.is_stuck ? 0 : read_events(self, service);
}

static void on_examined(struct suptree *self, struct st_past_service *service)
{
	int fd = service->damage.fd;

	if (!st_damage_read(&service->damage))
		return;
	suptree_unwatch_fd(self, fd);
	if (service->damage.said.len && !service->is_another)
		st_recovery_replace(service, st_buf_text(&service->damage.said));
	st_damage_stop(&service->damage);
	if (service->follow.is_stuck)
		(void)!st_recovery_retry(service); /* otherwise in a second */
}

static enum suptree_next handle_call(struct suptree *self, void *state,
				     const struct suptree_message *request,
				     struct suptree_from from)
{
	struct st_past_service *service = state;
	struct st_buf out = ST_BUF_INIT;
	int ret = st_past_operations_answer(service, request->data, from, &out);

	if (ret < 0 || (!ret && st_buf_error(&out)))
		suptree_reply_error(self, from, "%s",
				    st_buf_error(&out) ? "no_memory no memory" : st_buf_text(&out));
	else if (!ret)
		suptree_reply_bytes(self, from, out.data, out.len);
	st_buf_done(&out);
	return arrange(self, service) ? suptree_stop(self, EXIT_FAILED) : SUPTREE_CONTINUE;
}

static enum suptree_next handle_info(struct suptree *self, void *state,
				     const struct suptree_info *info)
{
	struct st_past_service *service = state;
	int err = 0;

	if (info->type == SUPTREE_INFO_TIMEOUT)
		err = on_timer(self, service, info->message.data);
	else if (info->type == SUPTREE_INFO_FD && info->value == service->damage.fd)
		on_examined(self, service);
	else if (info->type == SUPTREE_INFO_FD && !service->follow.is_stuck)
		err = read_events(self, service);
	if (!err)
		err = arrange(self, service);
	return err ? suptree_stop(self, EXIT_FAILED) : SUPTREE_CONTINUE;
}

static void terminate(struct suptree *self, void *state, const struct suptree_reason *reason)
{
	struct st_past_service *service = state;

	(void)reason;
	if (!service->follow.is_stuck && st_store_commit(&service->store))
		fprintf(stderr, "suptree-journal: write the last events: %s\n",
			st_store_error(&service->store));
	while (!st_list_is_empty(&service->syncs)) {
		struct st_past_sync *sync =
			st_list_entry(service->syncs.next, struct st_past_sync, link);

		st_list_del(&sync->link);
		st_free(sync);
	}
	if (service->is_watching)
		suptree_unwatch_fd(self, service->follow.link.fd);
	close_all(service);
}

int st_past_service_main(const struct st_past_options *options)
{
	static const struct suptree_gen_server journal = {
		.vsn = "1",
		.state_size = sizeof(struct st_past_service),
		.init = init,
		.handle_call = handle_call,
		.handle_info = handle_info,
		.terminate = terminate,
	};

	options_of_main = options;
	(void)umask(PRIVATE_UMASK); /* specifications, with their secrets, are in the file */
	return suptree_gen_server_main(&journal, 0, NULL);
}
