// SPDX-License-Identifier: GPL-2.0-only
/*
 * How processes report that they are ready: by a message (sd_notify) or by a
 * newline on a descriptor (s6).
 *
 * A message counts if the kernel reports that it came from the main process of a child
 * that is not reaped, or from a descendant of that process (notify_access). All other
 * messages are dropped. Who has sent a dropped one is logged once.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "core/step.h"
#include "daemon/log.h"
#include "daemon/process/process_internal.h"
#include "daemon/shell.h"
#include "loop/ring.h"
#include "os/ancestor.h"
#include "os/channel.h"
#include "os/ready.h"

#define BUDGET 64 /* in one turn of the loop: messages, and steps to their senders' parents */
#define SILENCE_NS ST_NSEC_PER_SEC /* between two lines about strangers */

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

/* Return: an enum st_accept; @old if the word is none of its words. */
static uint32_t read_accept(const char *word, uint32_t old)
{
	int value = *word ? st_text_index(st_accept_text, ST_ACCEPT__MAX, word) : -EINVAL;

	return value > ST_ACCEPT_DEFAULT ? (uint32_t)value : old;
}

static void hear(struct st_process *process, const struct st_ready_message *message)
{
	struct st_processes *processes = process->processes;
	struct st_event event = { .type = ST_EV_IGNORE, .generation = process->generation };

	if (message->has_status)
		keep_status(process, message->status);
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

static void hear_main(struct st_process *process, const struct st_ready_message *message)
{
	if (message->has_mailbox) { /* only its own: messages for the process go there */
		process->has_mailbox = true;
		process->mailbox = message->mailbox & ST_CHANNEL_MAX_ADDRESS;
	}
	process->accept = read_accept(message->accept, process->accept) & 7u;
	process->accept_links = read_accept(message->accept_links, process->accept_links) & 7u;
	hear(process, message);
}

static void drop_descendants(struct st_process *process, pid_t sender)
{
	const struct st_child *child =
		st_tree_find_generation(process->processes->tree, process->generation);
	struct st_buf path = ST_BUF_INIT;

	if (process->has_said_drop)
		return;
	process->has_said_drop = true;
	if (child)
		st_child_write_path(child, &path);
	st_log("%s: messages of process %d to $NOTIFY_SOCKET are dropped: notify_access is main, "
	       "and the main process is %d",
	       st_buf_text(&path), (int)sender, (int)process->ref.pid);
	st_buf_done(&path);
}

static void drop_strangers(struct st_processes *processes, pid_t sender)
{
	struct st_strangers *strangers = &processes->strangers;
	uint64_t now_ns = st_clock_ns();

	if (sender == strangers->last)
		return;
	if (now_ns < strangers->silent_until_ns) {
		strangers->nr_unsaid++;
		return;
	}
	st_log("messages of process %d to $NOTIFY_SOCKET are dropped: it is no process of a child, "
	       "or it had ended when its message was read",
	       (int)sender);
	if (strangers->nr_unsaid)
		st_log("%llu more messages to $NOTIFY_SOCKET were dropped before",
		       (unsigned long long)strangers->nr_unsaid);
	*strangers = (struct st_strangers){
		.last = sender,
		.silent_until_ns = now_ns + SILENCE_NS,
	};
}

static bool is_main(void *owner, pid_t pid)
{
	return st_process_find_pid(owner, pid) != NULL;
}

/* A message of a process that is not the main one of a child. Return: the steps it took. */
static int hear_other(struct st_processes *processes, pid_t sender,
		      const struct st_ready_message *message)
{
	struct st_process *process;
	pid_t main_pid;
	int ret = st_ancestor_find(sender, is_main, processes, &main_pid);

	if (ret < 0) {
		drop_strangers(processes, sender);
		return ST_ANCESTOR_MAX; /* at most */
	}
	process = st_process_find_pid(processes, main_pid);
	if (process->command)
		return ret; /* nor can those below it */
	if (process->spec->def.process.notify_access == ST_NOTIFY_ACCESS_MAIN)
		drop_descendants(process, sender);
	else
		hear(process, message);
	return ret;
}

/* A message as it was received. Return: the steps it took. */
static int take(struct st_processes *processes, pid_t sender,
		const struct st_ready_message *message)
{
	struct st_process *process = st_process_find_pid(processes, sender);

	if (!process)
		return hear_other(processes, sender, message);
	if (!process->command) /* that one cannot speak for the child */
		hear_main(process, message);
	return 1;
}

/* Return: what it cost; 0: no message is left. */
static int receive(struct st_processes *processes)
{
	struct st_ready_message message;
	pid_t sender;
	int err = st_ready_receive(processes->notify_fd, &sender, &message);

	if (err)
		return err == -EBADMSG || err == -EMSGSIZE;
	int cost = take(processes, sender, &message);

	/* not before: a sender that waits for this may end now, and would be a stranger */
	st_ready_done(processes->notify_fd);
	return cost;
}

void st_notify_drain(struct st_processes *processes)
{
	for (int left = BUDGET; left > 0;) {
		int cost = receive(processes);

		if (!cost)
			return;
		left -= cost;
	}
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
