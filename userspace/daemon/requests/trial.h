/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Something to be tried out on a copy of the tree: `kill site/web --signal TERM`.
 *
 * Text of a client becomes a trial; what is wrong with it is said with what is known. Read
 * next: forecast.h, which tries it.
 */
#ifndef ST_DAEMON_REQUESTS_TRIAL_H
#define ST_DAEMON_REQUESTS_TRIAL_H

#include <stdbool.h>

#include "base/buf.h"
#include "core/event.h"

/* X(member, word, the request; __MAX: none): the verbs of suptree(1) that can be tried */
#define ST_TRIAL_LIST(X) \
	X(KILL, "kill", ST_REQUEST__MAX) \
	X(RESTART, "restart", ST_REQUEST_RESTART) \
	X(TERMINATE_CHILD, "terminate-child", ST_REQUEST_TERMINATE_CHILD) \
	X(RESTART_CHILD, "restart-child", ST_REQUEST_RESTART_CHILD) \
	X(DELETE_CHILD, "delete-child", ST_REQUEST_DELETE_CHILD) \
	X(STOP_SUPERVISOR, "stop-supervisor", ST_REQUEST_STOP) \
	X(STRATEGY, "strategy", ST_REQUEST_CHANGE) \
	X(STOP, "stop", ST_REQUEST__MAX) \
	X(UNLOAD, "unload", ST_REQUEST_TERMINATE_CHILD) \
	X(RELOAD, "reload", ST_REQUEST__MAX)

#define ST_TRIAL_MEMBER(member, ...) ST_TRIAL_##member,
enum st_trial_verb {
	ST_TRIAL_LIST(ST_TRIAL_MEMBER) ST_TRIAL__MAX
};
#undef ST_TRIAL_MEMBER

extern const char *const st_trial_words[ST_TRIAL__MAX];

struct st_script;

/* All zero: done. */
struct st_trial {
	enum st_trial_verb verb;
	int signo; /* of kill */
	int strategy; /* of strategy, as the others; -1: as it is */
	int64_t intensity;
	int64_t period_s;
	struct st_script *script; /* of reload: its requests, which are not sent; owned */
	char *text; /* as it is shown: the verb, the path, the options; owned */
	char *path; /* owned */
	char *sup; /* the part of ->path that names the supervisor; owned */
	const char *id; /* the part that names the child */
};

/**
 * st_trial_init() - make a trial of a verb
 * @trial: filled in, with SIGKILL and no change
 * @verb: the verb
 * @path: of the child or supervisor; copied
 *
 * Return: 0 or -ENOMEM.
 */
int st_trial_init(struct st_trial *trial, enum st_trial_verb verb, const char *path) __must_check;

/**
 * st_trial_parse() - read a trial
 * @trial: filled in
 * @text: "VERB PATH", and what this verb may have after it; not reload, which needs a file
 * @why: what is wrong, if it is
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int st_trial_parse(struct st_trial *trial, const char *text, struct st_buf *why) __must_check;

/* Set ->text from the rest. Return: 0 or -ENOMEM. */
int st_trial_describe(struct st_trial *trial) __must_check;
void st_trial_done(struct st_trial *trial);

/* The request that it is; __MAX: it is none. */
enum st_request_type st_trial_request(const struct st_trial *trial);

/* Whether a process that does not handle a signal ends by it: not if it only stops, or ignores. */
bool st_trial_is_deadly(int signo);

#endif
