// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mapping from Linux ends to OTP reasons, and the JSON form of reasons.
 *
 * Pure: it gets numbers and never asks the kernel. See reason.h.
 */
#include "core/reason.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#define STATUS_SIGTERM (128 + SIGTERM) /* what a shell reports for SIGTERM */

/* The C library keeps 32 and 33 for itself; SIGRTMIN is a function there. */
#define FIRST_RT 34
#define LAST_RT 64

static const char *const signal_names[] = {
	[SIGHUP] = "HUP",   [SIGINT] = "INT",	    [SIGQUIT] = "QUIT", [SIGILL] = "ILL",
	[SIGTRAP] = "TRAP", [SIGABRT] = "ABRT",	    [SIGBUS] = "BUS",	[SIGFPE] = "FPE",
	[SIGKILL] = "KILL", [SIGUSR1] = "USR1",	    [SIGSEGV] = "SEGV", [SIGUSR2] = "USR2",
	[SIGPIPE] = "PIPE", [SIGALRM] = "ALRM",	    [SIGTERM] = "TERM", [SIGSTKFLT] = "STKFLT",
	[SIGCHLD] = "CHLD", [SIGCONT] = "CONT",	    [SIGSTOP] = "STOP", [SIGTSTP] = "TSTP",
	[SIGTTIN] = "TTIN", [SIGTTOU] = "TTOU",	    [SIGURG] = "URG",	[SIGXCPU] = "XCPU",
	[SIGXFSZ] = "XFSZ", [SIGVTALRM] = "VTALRM", [SIGPROF] = "PROF", [SIGWINCH] = "WINCH",
	[SIGIO] = "IO",	    [SIGPWR] = "PWR",	    [SIGSYS] = "SYS",
};

static const char *const rt_names[LAST_RT - FIRST_RT + 1] = {
	"RTMIN",    "RTMIN+1",	"RTMIN+2",  "RTMIN+3",	"RTMIN+4",  "RTMIN+5",	"RTMIN+6",
	"RTMIN+7",  "RTMIN+8",	"RTMIN+9",  "RTMIN+10", "RTMIN+11", "RTMIN+12", "RTMIN+13",
	"RTMIN+14", "RTMIN+15", "RTMAX-14", "RTMAX-13", "RTMAX-12", "RTMAX-11", "RTMAX-10",
	"RTMAX-9",  "RTMAX-8",	"RTMAX-7",  "RTMAX-6",	"RTMAX-5",  "RTMAX-4",	"RTMAX-3",
	"RTMAX-2",  "RTMAX-1",	"RTMAX",
};

struct st_reason st_reason_from_exit(int status)
{
	struct st_reason reason = { .type = ST_REASON_CODE, .value = status };

	if (status == 0)
		reason.type = ST_REASON_NORMAL;
	else if (status == STATUS_SIGTERM)
		reason.type = ST_REASON_SHUTDOWN;
	else if (status >= ST_SHUTDOWN_STATUS_BASE &&
		 status < ST_SHUTDOWN_STATUS_BASE + ST_SHUTDOWN_STATUS_NR)
		reason.type = ST_REASON_SHUTDOWN_TERM;

	if (reason.type == ST_REASON_SHUTDOWN_TERM)
		reason.value = status - ST_SHUTDOWN_STATUS_BASE;
	else if (reason.type != ST_REASON_CODE)
		reason.value = 0;
	return reason;
}

struct st_reason st_reason_from_signal(int signo)
{
	if (signo == SIGTERM)
		return (struct st_reason){ .type = ST_REASON_SHUTDOWN };
	if (signo == SIGKILL)
		return (struct st_reason){ .type = ST_REASON_KILLED };
	return (struct st_reason){ .type = ST_REASON_SIGNAL, .value = signo };
}

bool st_reason_is_normal(const struct st_reason *reason)
{
	return reason->type == ST_REASON_NORMAL || reason->type == ST_REASON_SHUTDOWN ||
	       reason->type == ST_REASON_SHUTDOWN_TERM || reason->type == ST_REASON_UNHEALTHY;
}

bool st_reason_is_equal(const struct st_reason *a, const struct st_reason *b)
{
	for (; a && b; a = a->inner, b = b->inner) {
		if (a->type != b->type || a->value != b->value || !a->text != !b->text)
			return false;
		if (a->text && strcmp(a->text, b->text))
			return false;
	}
	return a == b;
}

struct st_reason st_reason_plain(const struct st_reason *reason)
{
	if (reason->type > ST_REASON_UNHEALTHY)
		return (struct st_reason){ .type = ST_REASON_ERROR };
	return (struct st_reason){ .type = reason->type, .value = reason->value };
}

static void write_pair(struct st_buf *out, const char *key, const char *text)
{
	st_buf_add_text(out, "{\"");
	st_buf_add_text(out, key);
	st_buf_add_text(out, "\":");
	st_buf_add_json_string(out, text, strlen(text));
	st_buf_add_char(out, '}');
}

static void write_number(struct st_buf *out, const char *key, int value)
{
	st_buf_add_text(out, "{\"");
	st_buf_add_text(out, key);
	st_buf_add_text(out, "\":");
	st_buf_add_i64(out, value);
	st_buf_add_char(out, '}');
}

static void write_simple(const struct st_reason *reason, struct st_buf *out)
{
	const char *name;

	switch (reason->type) {
	case ST_REASON_NORMAL:
		st_buf_add_text(out, "\"normal\"");
		return;
	case ST_REASON_SHUTDOWN:
		st_buf_add_text(out, "\"shutdown\"");
		return;
	case ST_REASON_SHUTDOWN_TERM:
		write_number(out, "shutdown", reason->value);
		return;
	case ST_REASON_UNHEALTHY:
		write_pair(out, "shutdown", "unhealthy");
		return;
	case ST_REASON_CODE:
		write_number(out, "code", reason->value);
		return;
	case ST_REASON_KILLED:
		st_buf_add_text(out, "\"killed\"");
		return;
	case ST_REASON_SIGNAL:
		name = st_signal_name(reason->value);
		if (name)
			write_pair(out, "signal", name);
		else
			write_number(out, "signal", reason->value);
		return;
	case ST_REASON_UNKNOWN_END:
		st_buf_add_text(out, "\"unknown_end\"");
		return;
	case ST_REASON_ERROR:
		write_pair(out, "error", reason->text ? reason->text : "");
		return;
	case ST_REASON_TERM:
		st_buf_add_text(out, reason->text);
		return;
	case ST_REASON_INTENSITY:
		st_buf_add_text(out, "\"reached_max_restart_intensity\"");
		return;
	case ST_REASON_FAILED_CHILD:
	case ST_REASON__MAX:
		break;
	}
	st_buf_add_text(out, "null");
}

void st_reason_write(const struct st_reason *reason, struct st_buf *out)
{
	unsigned int nesting = 0;

	for (; reason->type == ST_REASON_FAILED_CHILD; reason = reason->inner) {
		st_buf_add_text(out, "{\"shutdown\":{\"failed_to_start_child\":{\"id\":");
		st_buf_add_json_string(out, reason->text, strlen(reason->text));
		st_buf_add_text(out, ",\"reason\":");
		nesting++;
	}
	write_simple(reason, out);
	while (nesting--)
		st_buf_add_text(out, "}}}");
}

const char *st_signal_name(int signo)
{
	if (signo >= FIRST_RT && signo <= LAST_RT)
		return rt_names[signo - FIRST_RT];
	if (signo > 0 && (size_t)signo < ST_ARRAY_SIZE(signal_names))
		return signal_names[signo];
	return NULL;
}

int st_signal_number(const char *name)
{
	if (!strncmp(name, "SIG", 3))
		name += 3;
	for (int signo = 1; signo <= LAST_RT; signo++) {
		const char *known = st_signal_name(signo);

		if (known && !strcmp(known, name))
			return signo;
	}
	return -EINVAL;
}
