/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Doubles of what os/ and loop/ call: each passes on to the real function, but the
 * n-th call of one kind is refused. The kinds are the rows of wrapped.h and one
 * more, the operations that are handed to an io_uring.
 *
 * Only calls between faults_on() and faults_off() count, so that a scenario can
 * prepare and clear away undisturbed.
 */
#ifndef ST_TESTS_FAULTS_FAULTS_H
#define ST_TESTS_FAULTS_FAULTS_H

#include <stdbool.h>

#define ERRNOS_MAX 6

/**
 * struct fault_kind - one row
 * @name: as in the table
 * @errnos: the refusals to try, 0 after the last
 */
struct fault_kind {
	const char *name;
	int errnos[ERRNOS_MAX];
};

extern const struct fault_kind fault_kinds[];
extern const unsigned int nr_fault_kinds;

/* Refuse the @nth call of a kind with @error; 0: none. */
void faults_arm(unsigned int kind, unsigned long nth, int error);

/* Refuse nothing any more, but remember whether that call has come. */
void faults_calm(void);

/* Whether that call has come. */
bool faults_fired(void);

/* The kind that fired, by its name; "" if none has. */
const char *faults_fired_name(void);

/* Which system calls by number have come that the table does not have: -1, or one. */
long faults_unlisted(void);

/* A call between these two counts. */
void faults_on(void);
void faults_off(void);

/* How often a call of this kind was refused, in this process and in all forked of it. */
unsigned long faults_nr_fired(unsigned int kind);

#endif
