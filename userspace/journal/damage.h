/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Looking whether the file is whole, in a process of its own, and giving a damaged one
 * another name.
 *
 * The process examines the file as it is while the journal writes already. It says what is
 * wrong on a pipe, and nothing if all is well. If it dies, the journal says so and goes on.
 */
#ifndef ST_JOURNAL_DAMAGE_H
#define ST_JOURNAL_DAMAGE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "os/pidref.h"

struct st_damage {
	struct st_pidref process;
	int fd; /* what it says; -1: no process is at work */
	struct st_buf said;
};

/**
 * st_damage_start() - begin to examine a file
 * @damage: all zero, but fd is -1
 * @file: of the database
 *
 * Return: 0 or -errno: there is no process.
 */
int st_damage_start(struct st_damage *damage, const char *file) __must_check;

/**
 * st_damage_read() - read what the process says
 * @damage: a process is at work
 *
 * Return: 1: it has said all: ->said is what is wrong; empty: nothing is. Call
 * st_damage_stop() next; 0: it goes on.
 */
int st_damage_read(struct st_damage *damage) __must_check;

/* End the process, if there is one, and forget what it said. */
void st_damage_stop(struct st_damage *damage);

/**
 * st_damage_set_aside() - give a file and those of SQLite beside it another name
 * @file: of the database
 * @ret_name: gets the new name, FILE.damaged-N
 *
 * Return: 0 or -errno of rename(2).
 */
int st_damage_set_aside(const char *file, struct st_buf *ret_name) __must_check;

#endif
