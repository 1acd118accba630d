/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reload: finds what a new configuration changes, and changes it. [K3] [K9]
 *
 * reload_plan.c compares the specification of the file with the tree as it is:
 * with the children on the lists, with what runs, and with what would be started
 * next. Each supervisor that differs gets one change. By OTP's rules this restarts
 * nothing: known children run on with their new specification, new children are
 * added as stopped, missing ones are kept. On request children that were never
 * started are started, and missing ones stopped and deleted.
 *
 * reload.c sends the requests of the plan. The lists of the plan are the answer: an
 * entry leaves its list if the request that it depends on did not do it. If the tree
 * changed meanwhile, a second plan finds what is left.
 */
#ifndef ST_DAEMON_OPERATIONS_RELOAD_H
#define ST_DAEMON_OPERATIONS_RELOAD_H

#include "core/spec.h"
#include "daemon/control/client.h"

struct st_daemon;
struct st_script;
struct st_sup;
struct st_variables;

enum st_reload_flag {
	ST_RELOAD_DRY_RUN = 1 << 0,
	ST_RELOAD_START_NEW = 1 << 1,
	ST_RELOAD_PRUNE = 1 << 2,
};

/* member of the answer: its paths */
#define ST_RELOAD_LIST(X) \
	X(ST_RELOAD_ADDED, "added") /* new on the list of their supervisor */ \
	X(ST_RELOAD_STARTED, "started") /* never started before, and now */ \
	X(ST_RELOAD_STOPPED, "stopped") /* never started, and not now either */ \
	X(ST_RELOAD_CHANGED, "changed") /* supervisors with a new specification */ \
	X(ST_RELOAD_LOGS, "logs") /* their own log setting changed, also for what runs */ \
	X(ST_RELOAD_VARIABLES, "variables") /* of a file of theirs, from their next start on */ \
	X(ST_RELOAD_REMOVED, "removed") /* not in the configuration: stopped, deleted */ \
	X(ST_RELOAD_KEPT, "kept") /* not in the configuration: as they were */

#define ST_ENUM_MEMBER(name, text) name,
enum st_reload_list {
	ST_RELOAD_LIST(ST_ENUM_MEMBER) ST_RELOAD__MAX
};
#undef ST_ENUM_MEMBER

struct st_reload_entry {
	char *path; /* owned; NULL: it did not happen */
	uint32_t request; /* of the script, on which it depends */
};

struct st_reload_entries {
	struct st_reload_entry *items; /* ->request never falls */
	size_t nr;
	size_t cap;
};

struct st_reload {
	struct st_daemon *daemon; /* NULL in tests of the plan */
	const struct st_sup *root;
	struct st_sup_spec *spec; /* counted */
	const struct st_variables *variables; /* of files, those of @spec staged; or NULL */
	unsigned int flags;
	unsigned int nr_plans;
	bool is_unsure; /* the tree may be different when all requests were answered */
	struct st_reload_entries lists[ST_RELOAD__MAX];
	struct st_buf failures; /* JSON objects with commas between */
	struct st_buf path; /* for the walk, as are ... */
	struct st_buf text_a; /* ... these two specifications */
	struct st_buf text_b;
};

/**
 * st_reload() - read the configuration again and apply it
 * @daemon: the daemon
 * @client: gets the plan as its answer; NULL: the daemon logs it
 * @flags: enum st_reload_flag
 *
 * A reload that is still under way sends nothing more, and its client gets an error.
 */
void st_reload(struct st_daemon *daemon, struct st_client *client, unsigned int flags);

/**
 * st_reload_read() - plan a reload, and send nothing
 * @daemon: the daemon
 * @client: has its answer on failure
 * @op: the operation that asks, for messages
 * @flags: enum st_reload_flag
 *
 * Return: a script with the requests, owned by the caller; NULL: the client has its answer.
 */
struct st_script *st_reload_read(struct st_daemon *daemon, struct st_client *client,
				 enum st_operation op, unsigned int flags) __must_check;

/* The same without a client: the configuration is read ahead first. */
void st_reload_on_signal(struct st_daemon *daemon);

/**
 * st_reload_init() - prepare for a plan
 * @reload: filled in
 * @root: the root supervisor that runs
 * @spec: what it is to be; a reference is added
 * @flags: enum st_reload_flag
 */
void st_reload_init(struct st_reload *reload, const struct st_sup *root, struct st_sup_spec *spec,
		    unsigned int flags);
void st_reload_done(struct st_reload *reload);

/**
 * st_reload_plan() - compare the running tree with the new specification
 * @reload: gets entries in its lists
 * @script: gets the requests, unless it is a dry run
 * @why: gets the reason of a refusal
 *
 * Return: 0, -ENOMEM, or -EINVAL with @why: a supervisor cannot become what it is to
 * be. Then nothing may be sent.
 */
int st_reload_plan(struct st_reload *reload, struct st_script *script,
		   struct st_buf *why) __must_check;

/**
 * st_reload_write() - write the lists as the answer
 * @reload: planned, and carried out unless it is a dry run
 * @out: gets one JSON object; look at st_buf_error()
 */
void st_reload_write(struct st_reload *reload, struct st_buf *out);

/**
 * st_reload_drop() - what depends on a request did not happen
 * @reload: the reload
 * @list: the list
 * @request: its number in the script
 */
void st_reload_drop(struct st_reload *reload, enum st_reload_list list, uint32_t request);

/* Append a path, which is copied, to a list. Returns 0 or -ENOMEM. */
int st_reload_add(struct st_reload *reload, enum st_reload_list list, const char *path,
		  uint32_t request) __must_check;

/* Forget the entries that a further plan has added. */
void st_reload_cut(struct st_reload *reload, const size_t nr[ST_RELOAD__MAX]);

#endif
