/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The daemon's descriptors, divided once at its start, so that nobody takes those of
 * another:
 *
 *	own	open after the start: the ring, sockets, signals
 *	spare	for a moment only: pipes of a process that is being started or has just
 *		ended, a file in /proc, a configuration
 *	workers	for each child of the tree, whether it runs or not (core counts them)
 *	clients	connections, and descriptors on their way to a client
 *
 * main() divides them. control/ and requests/ borrow from the part of clients. So
 * a restart never fails because of clients or of other children. Nothing here opens or
 * closes a descriptor.
 */
#ifndef ST_DAEMON_DESCRIPTORS_H
#define ST_DAEMON_DESCRIPTORS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

struct st_descriptors {
	uint32_t limit; /* of the process */
	uint32_t own;
	uint32_t spare;
	uint32_t old_pipes; /* pairs of pipes, part of ->spare (output.h) */
	uint32_t workers;
	uint32_t clients;
	uint32_t admins; /* the part of ->clients that only admins may borrow */
	uint32_t nr_lent; /* to clients */
};

/**
 * st_descriptors_divide() - divide all descriptors
 * @limit: number of descriptors that the process may have
 * @nr_open: number of those that are open already
 * @nr_needed: number of those that the workers of the configuration need
 * @ret_descriptors: the parts
 *
 * Return: 0; -EMFILE: the workers of the configuration need more than there are. Then
 * @ret_descriptors->workers says how many there are for them.
 */
int st_descriptors_divide(uint32_t limit, uint32_t nr_open, uint32_t nr_needed,
			  struct st_descriptors *ret_descriptors) __must_check;

/**
 * st_descriptors_lend() - lend one to a client
 * @descriptors: the parts; NULL: there is no limit
 * @is_admin: the client is an admin, so it may use the last ones, too
 *
 * Return: false if there is none. Else give it back when it is closed.
 */
bool st_descriptors_lend(struct st_descriptors *descriptors, bool is_admin) __must_check;

/** st_descriptors_give_back() - take back one that was lent */
void st_descriptors_give_back(struct st_descriptors *descriptors);

#endif
