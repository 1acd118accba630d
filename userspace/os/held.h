/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a process holds: its open files, and the ports and paths that it listens on.
 *
 *	/proc/PID/fd --a few at a time--> files, and the numbers of sockets
 *	/proc/PID/net/tcp ... --a part at a time--> what these sockets listen on
 *
 * Each call does a small part of the work, because the caller has other things to do. The
 * folder /proc/PID is opened once, and stays that of this process: if its pid gets another
 * process, nothing more is found in it. Nothing is changed, and no descriptor is copied.
 * Read proc(5).
 */
#ifndef ST_OS_HELD_H
#define ST_OS_HELD_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/compiler.h"
#include "base/map.h"

#define ST_HELD_MAX_TEXT 4096
#define ST_HELD_MAX_SOCKETS 4096 /* that are looked for */

enum st_held_kind {
	ST_HELD_FILE, /* a file, a folder or a device: it has a path */
	ST_HELD_SOCKET,
	ST_HELD_PIPE,
	ST_HELD_OTHER, /* an eventfd, an epoll, ... */
};

/* An open descriptor. */
struct st_held_fd {
	int fd;
	enum st_held_kind kind;
	bool reads;
	bool writes;
	const char *path; /* of a file; borrowed until the next call */
};

/* Where a socket gets connections or datagrams. */
struct st_held_port {
	int fd;
	const char *protocol; /* tcp, udp or unix; static */
	const char *address; /* an address of IP, or a path; borrowed until the next call */
	int port; /* -1: unix has none */
};

/* All zero but the descriptors, which are -1: done. */
struct st_held {
	int proc; /* the folder of the process */
	int fds; /* its folder fd */
	int table; /* the table that is being read */
	unsigned int nr_tables; /* those that were begun */
	uint32_t nr_unknown; /* sockets beyond ST_HELD_MAX_SOCKETS */
	struct st_map sockets; /* inode -> descriptor + 1 */
	char names[1024]; /* of getdents64(2) */
	size_t nr_names; /* bytes */
	size_t at;
	char lines[ST_HELD_MAX_TEXT + 1]; /* of the table */
	size_t nr_lines; /* bytes */
	size_t line; /* where the next one begins */
	bool is_cut; /* what follows is the rest of a line that was too long */
	char text[ST_HELD_MAX_TEXT + 1]; /* what the caller borrows */
};

void st_held_init(struct st_held *held);
void st_held_done(struct st_held *held);

/**
 * st_held_open() - begin to look
 * @held: as st_held_init() has left it
 * @pid: a process that has not been reaped
 *
 * Return: 0; -EACCES: this user may not look; -ENOENT: it has ended, or there is no /proc;
 * -EMFILE, -ENFILE.
 */
int st_held_open(struct st_held *held, pid_t pid) __must_check;

/**
 * st_held_next_fd() - the next open descriptor
 * @held: open
 * @ret_fd: on success
 *
 * Return: 1; 0: there are no more; -ENOMEM; another -errno: the process has ended, or became
 * one at which this user may not look.
 */
int st_held_next_fd(struct st_held *held, struct st_held_fd *ret_fd) __must_check;

/**
 * st_held_next_port() - the next part of the tables of sockets
 * @held: open; all descriptors have been seen
 * @ret_port: on success
 *
 * Return: 1; 0: there are no more; -EAGAIN: nothing in this part, call it again; a table that
 * cannot be read is left out.
 */
int st_held_next_port(struct st_held *held, struct st_held_port *ret_port) __must_check;

#endif
