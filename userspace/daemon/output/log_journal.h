/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lines of children for journald, by its native protocol: a datagram for each,
 * of fields MESSAGE, PRIORITY (6; standard error: 4), SYSLOG_IDENTIFIER (the
 * child's id), SUPTREE_PATH, SUPTREE_GENERATION and SUPTREE_STREAM.
 *
 *	journalctl SUPTREE_PATH=demo/a
 *
 * Lines wait in a queue of ST_JOURNAL_MAX_WAITING bytes. A turn of the loop
 * sends at most ST_JOURNAL_BATCH of them, as fast as journald takes them; when
 * its queue is full the ring tells when there is room, and children that write
 * much are held back for a while (log_gate.h). What then does not fit, and what
 * comes while nobody is there, is lost and counted: said when that begins, not
 * more often than every ST_JOURNAL_SILENCE_NS, and in the journal when it is over.
 *
 * Never waits. Next: os/datagram.h;
 * https://systemd.io/JOURNAL_NATIVE_PROTOCOL
 */
#ifndef ST_DAEMON_OUTPUT_LOG_JOURNAL_H
#define ST_DAEMON_OUTPUT_LOG_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "daemon/output/log_gate.h"
#include "daemon/output/log_line.h"
#include "loop/poll.h"
#include "loop/ring.h"

#define ST_JOURNAL_SOCKET "/run/systemd/journal/socket"
#define ST_JOURNAL_VARIABLE "SUPTREE_JOURNAL_SOCKET" /* another one, for tests */
#define ST_JOURNAL_ENOUGH (128u << 10) /* bytes that wait: its gate is closed */
#define ST_JOURNAL_MAX_WAITING (4u << 20) /* bytes */
#define ST_JOURNAL_BATCH 64
#define ST_JOURNAL_RETRY_NS (5 * ST_NSEC_PER_SEC)
#define ST_JOURNAL_SILENCE_NS (60 * ST_NSEC_PER_SEC)

struct st_journal {
	struct st_ring *ring;
	struct st_poll poll; /* armed: nothing is sent before it says so */
	int fd; /* -1: not connected */
	struct st_buf queue; /* of a length and a datagram each */
	size_t sent; /* bytes of the queue that are done with */
	struct st_buf datagram; /* the one that is made */
	struct st_log_gate gate;
	bool is_closing;
	bool is_in_trouble;
	bool was_said; /* that it is */
	uint64_t silent_until_ns;
	uint64_t retry_ns; /* not connected before */
	uint64_t nr_lost; /* since the last message about it */
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
/* No program: only st_outputs_is_closed() asks, and tests. */
bool st_journal_is_closed(const struct st_journal *journal);
void st_journal_done(struct st_journal *journal);

/**
 * st_journal_add() - let a line be sent
 * @journal: the journal
 * @line: copied
 */
void st_journal_add(struct st_journal *journal, const struct st_log_line *line);

/* Its gate; NULL: it is open. */
struct st_log_gate *st_journal_gate(struct st_journal *journal);

/**
 * st_journal_pump() - send what waits, as far as it goes
 * @journal: the journal; once in each turn of the loop
 */
void st_journal_pump(struct st_journal *journal);

#endif
