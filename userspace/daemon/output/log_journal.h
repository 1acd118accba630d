/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sends lines of children to journald, by its native protocol. Each line is a
 * datagram with the fields MESSAGE, PRIORITY (6; standard error: 4),
 * SYSLOG_IDENTIFIER (the child's id), SUPTREE_PATH, SUPTREE_GENERATION and
 * SUPTREE_STREAM.
 *
 *	journalctl SUPTREE_PATH=demo/a
 *
 * Lines wait in a queue of ST_JOURNAL_MAX_WAITING bytes. A turn of the loop
 * sends at most ST_JOURNAL_BATCH of them, as fast as journald takes them. When
 * journald's queue is full, the ring reports when there is room, and children
 * that write much are held back for a while (log_gate.h). After that, lines
 * that do not fit are lost and counted; so are lines that come while no
 * journald listens. A loss is logged when it begins, at most once in
 * ST_JOURNAL_SILENCE_NS. When it is over, the journal gets a message about it.
 *
 * Nothing here waits. Read next: os/datagram.h;
 * https://systemd.io/JOURNAL_NATIVE_PROTOCOL
 */
#ifndef ST_DAEMON_OUTPUT_LOG_JOURNAL_H
#define ST_DAEMON_OUTPUT_LOG_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "daemon/output/log_gate.h"
#include "daemon/output/output_line.h"
#include "loop/poll.h"
#include "loop/ring.h"

#define ST_JOURNAL_SOCKET "/run/systemd/journal/socket"
#define ST_JOURNAL_VARIABLE "SUPTREE_JOURNAL_SOCKET" /* names another socket, for tests */
#define ST_JOURNAL_ENOUGH (128u << 10) /* bytes that wait: above this the gate is closed */
#define ST_JOURNAL_MAX_WAITING (4u << 20) /* bytes */
#define ST_JOURNAL_BATCH 64
#define ST_JOURNAL_RETRY_NS (5 * ST_NSEC_PER_SEC)
#define ST_JOURNAL_SILENCE_NS (60 * ST_NSEC_PER_SEC)

struct st_journal {
	struct st_ring *ring;
	struct st_poll poll; /* armed: nothing is sent before it completes */
	int fd; /* -1: not connected */
	struct st_buf queue; /* for each datagram its length and its bytes */
	size_t sent; /* bytes of the queue that need not be sent any more */
	struct st_buf datagram; /* the one being made */
	struct st_log_gate gate;
	bool is_closing;
	bool is_in_trouble;
	bool was_said; /* the loss has been logged */
	uint64_t silent_until_ns;
	uint64_t retry_ns; /* do not connect before this time */
	uint64_t nr_lost; /* lines lost since the last message about losses */
	uint64_t nr_lost_ever;
};

void st_journal_init(struct st_journal *journal, struct st_ring *ring);

/**
 * st_journal_close() - send what can be sent now, and then nothing more
 * @journal: the journal
 *
 * The caller runs the ring until st_journal_is_closed().
 */
void st_journal_close(struct st_journal *journal);
/* No program: only st_outputs_is_closed() and tests call it. */
bool st_journal_is_closed(const struct st_journal *journal);
void st_journal_done(struct st_journal *journal);

/**
 * st_journal_add() - add a line to the queue
 * @journal: the journal
 * @line: copied
 */
void st_journal_add(struct st_journal *journal, const struct st_output_line *line);

/* Return: the gate of the journal if it is closed; NULL if it is open. */
struct st_log_gate *st_journal_gate(struct st_journal *journal);

/**
 * st_journal_pump() - send the lines that wait, as far as journald takes them
 * @journal: the journal; call this once in each turn of the loop
 */
void st_journal_pump(struct st_journal *journal);

#endif
