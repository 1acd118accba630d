/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Exit reasons: why a process or a supervisor ended, or could not start.
 *
 * The mapping from Linux to OTP looks only at how the process ended, never at
 * whether its supervisor had asked for it (RULES.md, "Reasons"). A reason is a
 * small value; its texts and inner reasons are borrowed from the tree, the
 * spec or the event they came with.
 */
#ifndef ST_CORE_REASON_H
#define ST_CORE_REASON_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/compiler.h"

/* A process that exits with 160+T, T in 0..15, ends with {shutdown,T}. */
#define ST_SHUTDOWN_STATUS_BASE 160
#define ST_SHUTDOWN_STATUS_NR 16

enum st_reason_type {
	ST_REASON_NORMAL, /* exit status 0 */
	ST_REASON_SHUTDOWN, /* killed by SIGTERM, or exit status 143 */
	ST_REASON_SHUTDOWN_TERM, /* exit status 160+T: value = T */
	ST_REASON_CODE, /* any other exit status: value = status */
	ST_REASON_KILLED, /* killed by SIGKILL */
	ST_REASON_SIGNAL, /* killed by another signal: value = number */
	ST_REASON_UNKNOWN_END, /* it has ended, and Linux could not say how */
	ST_REASON_UNHEALTHY, /* {shutdown,unhealthy}: its probe has failed too often [X11] */
	ST_REASON_ERROR, /* it never ran: text has the reason */
	ST_REASON_FAILED_CHILD, /* {shutdown,{failed_to_start_child,id,inner}} */
	ST_REASON_TERM, /* a specification that OTP refuses: text is JSON */
	ST_REASON_INTENSITY, /* reached_max_restart_intensity; reports only */
	ST_REASON__MAX
};

struct st_reason {
	enum st_reason_type type;
	int value;
	const char *text; /* ERROR, TERM; FAILED_CHILD: the child's id */
	const struct st_reason *inner; /* FAILED_CHILD */
};

/**
 * st_reason_from_exit() - map an exit status to a reason
 * @status: the status given to exit(), 0..255
 *
 * Return: normal, shutdown, {shutdown,T} or the code.
 */
struct st_reason st_reason_from_exit(int status);

/**
 * st_reason_from_signal() - map a deadly signal to a reason
 * @signo: the signal's number
 *
 * Return: shutdown for SIGTERM, killed for SIGKILL, else the signal.
 */
struct st_reason st_reason_from_signal(int signo);

/**
 * st_reason_is_normal() - whether a transient child with it is not restarted [B2]
 * @reason: the reason
 *
 * Return: true for exactly normal, shutdown and {shutdown,_}.
 */
bool st_reason_is_normal(const struct st_reason *reason);

/**
 * st_reason_is_equal() - compare two reasons, inner ones included
 * @a: one
 * @b: the other
 *
 * Return: true if both would be written the same.
 */
bool st_reason_is_equal(const struct st_reason *a, const struct st_reason *b);

/**
 * st_reason_plain() - a reason that needs no other memory
 * @reason: the reason of a process that has run
 *
 * Return: the same without texts; a reason that is nothing without them
 * becomes an error without a text.
 */
struct st_reason st_reason_plain(const struct st_reason *reason);

/**
 * st_reason_write() - append a reason as JSON, in the form of the rules' table
 * @reason: the reason
 * @out: where to, for example "normal", {"code":3}, {"signal":"SEGV"}
 */
void st_reason_write(const struct st_reason *reason, struct st_buf *out);

/**
 * st_signal_name() - the name of a signal without SIG
 * @signo: its number
 *
 * Return: static text such as "SEGV" or "RTMIN+3"; NULL if there is none.
 */
const char *st_signal_name(int signo);

/**
 * st_signal_number() - the number of a signal
 * @name: "SEGV" or "SIGSEGV"
 *
 * Return: the number, or -EINVAL.
 */
int st_signal_number(const char *name) __must_check;

#endif
