// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reasons of ends: read from the daemon's JSON, and died of.
 */
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "libsuptree/internal.h"

#define SHUTDOWN_TERM_NR 16

static const struct {
	const char *json;
	const char *text;
	enum suptree_reason_type type;
} plain[] = {
	{ "\"normal\"", "normal", SUPTREE_REASON_NORMAL },
	{ "\"shutdown\"", "shutdown", SUPTREE_REASON_SHUTDOWN },
	{ "{\"shutdown\":\"unhealthy\"}", "unhealthy", SUPTREE_REASON_SHUTDOWN },
	{ "\"killed\"", "killed", SUPTREE_REASON_KILLED },
	{ "\"noproc\"", "noproc", SUPTREE_REASON_NOPROC },
	{ "\"noconnection\"", "noconnection", SUPTREE_REASON_NOCONNECTION },
};

static int signal_number(const char *name)
{
	for (int signo = 1; name && signo < NSIG; signo++) {
		const char *known = sigabbrev_np(signo);

		if (known && !strcmp(known, name))
			return signo;
	}
	return 0;
}

struct suptree_reason st_reason_read(const char *text)
{
	struct suptree_reason reason = { SUPTREE_REASON_OTHER, 0, text };
	json_t *json;

	for (size_t i = 0; i < ST_ARRAY_SIZE(plain); i++)
		if (!strcmp(text, plain[i].json))
			return (struct suptree_reason){ plain[i].type, 0, plain[i].text };
	json = json_loads(text, 0, NULL);
	if (json_is_integer(json_object_get(json, "code"))) {
		reason.type = SUPTREE_REASON_CODE;
		reason.value = (int)json_integer_value(json_object_get(json, "code"));
	} else if (json_is_integer(json_object_get(json, "shutdown"))) {
		reason.type = SUPTREE_REASON_SHUTDOWN;
		reason.value = (int)json_integer_value(json_object_get(json, "shutdown"));
	} else if (json_object_get(json, "signal")) {
		reason.type = SUPTREE_REASON_SIGNAL;
		reason.value = signal_number(json_string_value(json_object_get(json, "signal")));
	}
	json_decref(json);
	return reason;
}

struct suptree_reason st_reason_of_status(int status)
{
	if (status == SUPTREE_EXIT_NORMAL)
		return (struct suptree_reason){ SUPTREE_REASON_NORMAL, 0, "normal" };
	if (status >= SUPTREE_EXIT_SHUTDOWN_TERM(0) &&
	    status < SUPTREE_EXIT_SHUTDOWN_TERM(SHUTDOWN_TERM_NR))
		return (struct suptree_reason){ SUPTREE_REASON_SHUTDOWN,
						status - SUPTREE_EXIT_SHUTDOWN_TERM(0),
						"shutdown" };
	if (status == SUPTREE_EXIT_SHUTDOWN)
		return (struct suptree_reason){ SUPTREE_REASON_SHUTDOWN, 0, "shutdown" };
	return (struct suptree_reason){ SUPTREE_REASON_CODE, status, "code" };
}

/* No core dump: the process did not really commit the fault of the signal. */
static void __attribute__((noreturn)) die_of_signal(int signo)
{
	const struct rlimit none = { 0, 0 };
	sigset_t set;

	setrlimit(RLIMIT_CORE, &none);
	signal(signo, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, signo);
	raise(signo);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	_exit(128 + signo); /* a signal that does not end a process */
}

void st_reason_die(const struct suptree_reason *reason)
{
	switch (reason->type) {
	case SUPTREE_REASON_NORMAL:
		_exit(SUPTREE_EXIT_NORMAL);
	case SUPTREE_REASON_SHUTDOWN:
		if (reason->value)
			_exit(SUPTREE_EXIT_SHUTDOWN_TERM(reason->value));
		_exit(SUPTREE_EXIT_SHUTDOWN);
	case SUPTREE_REASON_CODE:
		_exit(reason->value);
	case SUPTREE_REASON_KILLED:
		die_of_signal(SIGKILL);
	case SUPTREE_REASON_SIGNAL:
		die_of_signal(reason->value ? reason->value : SIGABRT);
	case SUPTREE_REASON_NOPROC:
	case SUPTREE_REASON_NOCONNECTION:
	case SUPTREE_REASON_OTHER:
		break;
	}
	_exit(EXIT_FAILURE);
}
