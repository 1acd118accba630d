// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sends lines to journald; see log_journal.h.
 */
#include "daemon/output/log_journal.h"

#include <endian.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/log.h"
#include "os/datagram.h"
#include "os/fd.h"

#define KEEP_CAP 4096 /* an empty queue frees memory above this size */

/* Priorities of syslog(3). */
#define PRIORITY_OUT "6" /* informational */
#define PRIORITY_ERR "4" /* warning: not every line on standard error is an error */

static const char *socket_path(void)
{
	const char *path = getenv(ST_JOURNAL_VARIABLE);

	return path && *path ? path : ST_JOURNAL_SOCKET;
}

void st_journal_init(struct st_journal *journal, struct st_ring *ring)
{
	*journal = (struct st_journal){ .ring = ring, .fd = -1 };
	st_log_gate_init(&journal->gate);
}

/* ---- datagrams ---- */

/*
 * Add NAME=value; a value with a newline goes as NAME, its length in little
 * endian, value.
 */
static void add_field(struct st_buf *out, const char *name, const char *value, size_t len)
{
	uint64_t length = htole64(len);

	st_buf_add_text(out, name);
	if (memchr(value, '\n', len)) {
		st_buf_add_char(out, '\n');
		st_buf_add(out, &length, sizeof(length));
	} else {
		st_buf_add_char(out, '=');
	}
	st_buf_add(out, value, len);
	st_buf_add_char(out, '\n');
}

static void add_text(struct st_buf *out, const char *name, const char *value)
{
	add_field(out, name, value, strlen(value));
}

static void make_datagram(struct st_buf *out, const struct st_output_line *line)
{
	const char *slash = strrchr(line->path, '/');

	st_buf_reset(out);
	add_field(out, "MESSAGE", line->text, line->len);
	add_text(out, "PRIORITY", line->stream == ST_STREAM_ERR ? PRIORITY_ERR : PRIORITY_OUT);
	add_text(out, "SYSLOG_IDENTIFIER", slash ? slash + 1 : line->path);
	add_text(out, "SUPTREE_PATH", line->path);
	st_buf_add_text(out, "SUPTREE_GENERATION=");
	st_buf_add_u64(out, line->generation);
	st_buf_add_char(out, '\n');
	add_text(out, "SUPTREE_STREAM", st_stream_text[line->stream]);
}

/* Make the message that reports how many lines are missing. */
static void make_note(struct st_buf *out, uint64_t nr_lost)
{
	st_buf_reset(out);
	st_buf_add_text(out, "MESSAGE=");
	st_buf_add_u64(out, nr_lost);
	st_buf_add_text(out, " lines of children are missing here\nPRIORITY=" PRIORITY_ERR
			     "\nSYSLOG_IDENTIFIER=suptreed\n");
}

/* ---- the queue ---- */

static size_t waiting(const struct st_journal *journal)
{
	return journal->queue.len - journal->sent;
}

struct st_log_gate *st_journal_gate(struct st_journal *journal)
{
	if (waiting(journal) < ST_JOURNAL_ENOUGH || journal->gate.is_forced)
		return NULL;
	return &journal->gate;
}

static uint32_t first_len(const struct st_journal *journal)
{
	uint32_t len;

	memcpy(&len, journal->queue.data + journal->sent, sizeof(len));
	return len;
}

static void drop_first(struct st_journal *journal)
{
	journal->sent += sizeof(uint32_t) + first_len(journal);
	if (waiting(journal) < ST_JOURNAL_ENOUGH)
		st_log_gate_open(&journal->gate);
	if (waiting(journal)) {
		/* on average each byte is moved once at most */
		if (journal->sent > journal->queue.len / 2) {
			st_buf_consume(&journal->queue, journal->sent);
			journal->sent = 0;
		}
		return;
	}
	journal->sent = 0;
	if (journal->queue.cap > KEEP_CAP)
		st_buf_done(&journal->queue);
	else
		st_buf_reset(&journal->queue);
}

/* ---- failures ---- */

static void lose(struct st_journal *journal)
{
	journal->nr_lost++;
	journal->nr_lost_ever++;
}

static void complain(struct st_journal *journal, const char *why)
{
	uint64_t now_ns = st_clock_ns();

	if (journal->is_in_trouble)
		return;
	journal->is_in_trouble = true;
	journal->was_said = now_ns >= journal->silent_until_ns;
	if (!journal->was_said)
		return;
	journal->silent_until_ns = now_ns + ST_JOURNAL_SILENCE_NS;
	st_log("journal %s: %s; lines are lost until that is over", socket_path(), why);
}

static void recover(struct st_journal *journal)
{
	if (journal->is_in_trouble && journal->was_said)
		st_log("journal %s: it takes lines again; %llu are missing", socket_path(),
		       (unsigned long long)journal->nr_lost);
	journal->is_in_trouble = false;
	journal->nr_lost = 0;
}

static bool open_journal(struct st_journal *journal)
{
	int ret;

	if (journal->fd >= 0)
		return true;
	if (st_clock_ns() < journal->retry_ns)
		return false;
	ret = st_datagram_connect(socket_path(), &journal->fd);
	if (!ret)
		return true;
	journal->retry_ns = st_clock_ns() + ST_JOURNAL_RETRY_NS;
	complain(journal, strerror(-ret));
	return false;
}

static void lose_waiting(struct st_journal *journal)
{
	while (waiting(journal)) {
		lose(journal);
		drop_first(journal);
	}
}

/* ---- sending ---- */

static bool is_gone(int error)
{
	return error == -ECONNREFUSED || error == -ENOTCONN || error == -ECONNRESET ||
	       error == -EPIPE;
}

/* Before the next line, report the lines that are missing in front of it. */
static int send_note(struct st_journal *journal)
{
	int ret;

	if (!journal->nr_lost)
		return 0;
	make_note(&journal->datagram, journal->nr_lost);
	ret = st_buf_error(&journal->datagram);
	if (!ret)
		ret = st_datagram_send(journal->fd, journal->datagram.data, journal->datagram.len);
	if (!ret)
		recover(journal);
	return ret;
}

static int send_first(struct st_journal *journal)
{
	int ret = send_note(journal);

	return ret ? ret :
		     st_datagram_send(journal->fd,
				      journal->queue.data + journal->sent + sizeof(uint32_t),
				      first_len(journal));
}

static void on_room(struct st_poll *poll, int result);

static void await_room(struct st_journal *journal)
{
	if (!journal->is_closing)
		st_poll_start(journal->ring, &journal->poll, journal->fd, POLLOUT, on_room);
}

/*
 * Send one line, or count it as lost for good. Return: false if it must wait.
 */
static bool send_or_lose(struct st_journal *journal)
{
	int ret = send_first(journal);

	if (is_gone(ret) && !journal->is_closing) { /* journald may have been restarted: retry */
		st_fd_close(&journal->fd);
		if (!open_journal(journal)) {
			lose_waiting(journal);
			return false;
		}
		ret = send_first(journal);
	}
	if (ret == -EAGAIN) {
		await_room(journal);
		return false;
	}
	if (ret) {
		lose(journal);
		complain(journal, strerror(-ret));
	}
	drop_first(journal);
	return true;
}

void st_journal_pump(struct st_journal *journal)
{
	unsigned int nr = 0;

	if (!waiting(journal) || st_op_is_armed(&journal->poll.op))
		return;
	if (!open_journal(journal)) {
		lose_waiting(journal);
		return;
	}
	while (waiting(journal)) {
		if (nr++ == ST_JOURNAL_BATCH) {
			await_room(journal); /* let others have their turn */
			return;
		}
		if (!send_or_lose(journal))
			return;
	}
}

static void on_room(struct st_poll *poll, int result)
{
	struct st_journal *journal = container_of(poll, struct st_journal, poll);

	(void)result; /* sending reports errors */
	if (!journal->is_closing)
		st_journal_pump(journal);
}

static bool add_to_queue(struct st_journal *journal)
{
	uint32_t len = (uint32_t)journal->datagram.len;
	size_t before = journal->queue.len;

	st_buf_add(&journal->queue, &len, sizeof(len));
	st_buf_add(&journal->queue, journal->datagram.data, len);
	if (!journal->queue.failed)
		return true;
	journal->queue.len = before;
	journal->queue.failed = false;
	return false;
}

void st_journal_add(struct st_journal *journal, const struct st_output_line *line)
{
	make_datagram(&journal->datagram, line);
	if (waiting(journal) + journal->datagram.len > ST_JOURNAL_MAX_WAITING) {
		complain(journal, "it is full");
		lose(journal);
	} else if (st_buf_error(&journal->datagram) || !add_to_queue(journal)) {
		lose(journal);
	}
}

void st_journal_close(struct st_journal *journal)
{
	st_op_cancel(&journal->poll.op);
	journal->is_closing = true;
	if (waiting(journal) && open_journal(journal))
		while (waiting(journal) && send_or_lose(journal))
			continue;
	lose_waiting(journal);
	if (journal->nr_lost)
		st_log("journal %s: %llu lines are missing at its end", socket_path(),
		       (unsigned long long)journal->nr_lost);
}

bool st_journal_is_closed(const struct st_journal *journal)
{
	return !st_op_is_armed(&journal->poll.op);
}

void st_journal_done(struct st_journal *journal)
{
	st_fd_close(&journal->fd);
	st_buf_done(&journal->queue);
	st_buf_done(&journal->datagram);
}
