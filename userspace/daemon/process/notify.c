// SPDX-License-Identifier: GPL-2.0-only
/*
 * How processes report that they are ready: by a message (sd_notify) or by a
 * newline on a descriptor (s6).
 *
 * A message counts if the kernel reports that it came from the main process of
 * a child that is not reaped. All other messages are dropped.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "daemon/log.h"
#include "daemon/process/process_internal.h"
#include "daemon/shell.h"
#include "os/channel.h"
#include "os/ready.h"

#define BUDGET 64 /* messages in one turn of the loop */

static void keep_status(struct st_process *process, const char *status)
{
	size_t size = strlen(status) + 1;
	char *copy = st_alloc(size);

	if (!copy)
		return; /* the status is for people only: the old one stays */
	memcpy(copy, status, size);
	st_free(process->status);
	process->status = copy;
}

static void hear(struct st_process *process, const struct st_ready_message *message)
{
	struct st_processes *processes = process->processes;
	struct st_event event = { .type = ST_EV_IGNORE, .generation = process->generation };

	if (message->has_status)
		keep_status(process, message->status);
	if (message->has_mailbox) {
		process->has_mailbox = true;
		process->mailbox = message->mailbox & ST_CHANNEL_MAX_ADDRESS;
	}
	if (process->is_ready || process->spec->def.process.ready != ST_READY_NOTIFY)
		return;
	if (message->is_error) {
		const char *text = message->error[0] ? message->error :
						       strerror(message->error_number);

		process->is_ready = true; /* nothing more is expected from it */
		st_shell_post_text(processes->shell, ST_EV_ERROR, process->generation, "%s", text);
	} else if (message->is_ignored) {
		process->is_ready = true;
		st_shell_post(processes->shell, &event);
	} else if (message->is_ready) {
		st_process_said_ready(process);
	}
}

/* Return: false if no message is left. */
static bool receive(struct st_processes *processes)
{
	struct st_process *process;
	struct st_ready_message message;
	pid_t sender;
	int err;

	err = st_ready_receive(processes->notify_fd, &sender, &message);
	if (err)
		return err == -EBADMSG || err == -EMSGSIZE;
	process = st_process_find_pid(processes, sender);
	if (process)
		hear(process, &message);
	return true;
}

void st_notify_drain(struct st_processes *processes)
{
	for (unsigned int nr = 0; nr < BUDGET; nr++)
		if (!receive(processes))
			return;
	st_poll_again(&processes->notify_poll);
}

static void on_notify(struct st_poll *poll, int result)
{
	struct st_processes *processes = container_of(poll, struct st_processes, notify_poll);

	if (result == -ECANCELED)
		return;
	st_notify_drain(processes);
	if (!st_op_is_armed(&poll->op))
		st_poll_watch(processes->ring, poll, processes->notify_fd, POLLIN, on_notify);
}

int st_notify_open(struct st_processes *processes, const char *path)
{
	size_t size = strlen(path) + 1;
	int err;

	processes->notify_path = st_alloc(size);
	if (processes->notify_path)
		memcpy(processes->notify_path, path, size);
	/*
	 * children may have other uids; the sender's pid decides whether a
	 * message counts
	 */
	err = processes->notify_path ? st_ready_open(path, 0666, &processes->notify_fd) : -ENOMEM;
	if (err) {
		st_log("open the readiness socket %s: %s", path, strerror(-err));
		return err;
	}
	st_poll_watch(processes->ring, &processes->notify_poll, processes->notify_fd, POLLIN,
		      on_notify);
	return 0;
}

void st_processes_close(struct st_processes *processes)
{
	if (processes->notify_fd < 0)
		return;
	st_op_cancel(&processes->notify_poll.op);
	(void)unlink(processes->notify_path); /* its directory may have been removed */
}

static void on_ready_fd(struct st_poll *poll, int result)
{
	struct st_ready_wait *wait = container_of(poll, struct st_ready_wait, poll);
	struct st_process *process = wait->process;
	char text[256];
	ssize_t len;

	if (process->is_reaped || result == -ECANCELED) {
		st_process_idle(process);
		return;
	}
	len = read(wait->fd, text, sizeof(text));
	if (len > 0 && memchr(text, '\n', (size_t)len))
		st_process_said_ready(process);
	else if (len > 0 || (len < 0 && errno == EAGAIN))
		st_poll_start(process->processes->ring, poll, wait->fd, POLLIN, on_ready_fd);
	/*
	 * closed without a newline: the end of the process, or a start timeout,
	 * decides
	 */
}

void st_notify_watch_fd(struct st_process *process)
{
	if (process->ready_wait)
		st_poll_start(process->processes->ring, &process->ready_wait->poll,
			      process->ready_wait->fd, POLLIN, on_ready_fd);
}

void st_notify_free_fd(struct st_process *process)
{
	if (!process->ready_wait)
		return;
	close(process->ready_wait->fd);
	st_free(process->ready_wait);
	process->ready_wait = NULL;
}
