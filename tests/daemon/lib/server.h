/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The small tree, names for its processes, and one child that takes messages:
 * the test itself is the process of that child, and reads its mailbox.
 */
#ifndef ST_TESTS_DAEMON_SERVER_H
#define ST_TESTS_DAEMON_SERVER_H

#include "daemon/names/names.h"
#include "daemon/process/process.h"
#include "daemon/requests/directory.h"
#include "proto/packet.h"
#include "small_tree.h"

#define SERVER_PROCESSES 8

struct server {
	struct small_tree small; /* started */
	struct st_names names;
	struct st_processes processes; /* nothing of it but the table is in use */
	struct st_process process[SERVER_PROCESSES];
	unsigned int nr;
	struct st_directory directory;
	int listener; /* of the mailbox of each process that has one; -1: closed */
	uint32_t address;
};

/* All calls abort the test program on an error of the test's own set-up. */
void server_init(struct server *server);
void server_done(struct server *server);

/* There is a process of a child, with the test's own pid; @has_mailbox: the listener's. */
struct st_process *server_process(struct server *server, const char *path, bool has_mailbox);

/* Take in the next connection, and drop its HELLO. Never waits: it must be there. */
int server_accept(struct server *server);

/* The next packet of a connection, as "TYPE REF TEXT"; "closed". */
const char *server_read(int fd, struct st_packet *packet);

void server_send(int fd, enum st_packet_type type, uint64_t ref, const char *data, size_t len);

#endif
