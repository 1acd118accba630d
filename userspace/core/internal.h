/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of core share; no other folder includes this.
 *
 * In reading order: step.c takes events, runs the queue of supervisors and handles one
 * message of one supervisor; start.c and stop.c start and stop single children; jobs.c
 * and parallel.c handle several children; restart.c decides about deaths; request.c and
 * change.c answer requests; node.c makes and frees nodes.
 */
#ifndef ST_CORE_INTERNAL_H
#define ST_CORE_INTERNAL_H

#include "core/effect.h"
#include "core/event.h"
#include "core/step.h"
#include "core/types.h"

/* A request that waits in a mailbox or is being worked on. */
struct st_call {
	struct st_message message; /* in ->sup->mailbox, or on a list of calls of the tree */
	enum st_request_type type;
	uint64_t token;
	struct st_sup *sup; /* whom it was sent to */
	char *id;
	uint64_t generation;
	bool foreign;
	bool significant;
	bool flags_only;
	bool whole;
	enum st_spec_error error;
	char *error_json;
	struct st_instance *instance; /* START_CHILD, simple_one_for_one: taken by the child */
	struct st_child_spec *spec;
	struct st_sup_spec *to;
	struct st_reason reason;
};

/* node.c: children and supervisors as memory */
int st_node_new(struct st_tree *tree, struct st_sup *parent, struct st_child_spec *spec,
		struct st_instance *instance, struct st_child **ret_child) __must_check;
void st_node_free(struct st_tree *tree, struct st_child *top);
struct st_sup *st_sup_new(struct st_tree *tree, struct st_child *self, struct st_sup_spec *spec,
			  struct st_list *unbuilt);
struct st_tree *st_tree_alloc(uint64_t random);
struct st_instance *st_instance_get(struct st_instance *instance);
void st_instance_put(struct st_instance *instance);

/*
 * For load.c: one child, or one supervisor, without what is below it. st_child_alloc() takes
 * @instance on success; st_child_dealloc() is for a child that is nowhere yet.
 */
struct st_child_spec *st_root_spec_new(struct st_sup_spec *spec) __must_check; /* tree.c */
int st_tree_reserve_for(struct st_tree *tree, uint32_t nr, uint64_t room) __must_check;
int st_child_alloc(struct st_tree *tree, struct st_sup *parent, struct st_child_spec *spec,
		   struct st_instance *instance, struct st_child **ret_child) __must_check;
void st_child_dealloc(struct st_tree *tree, struct st_child *child);
int st_sup_alloc(struct st_tree *tree, struct st_child *self,
		 struct st_sup_spec *spec) __must_check;

/* walk.c: a child leaves its list for good; walks at it or below it go on after it. */
void st_walks_leave(struct st_tree *tree, struct st_child *child);

/*
 * spec_copy.c: a specification of our own, with those of the supervisors below it: a change
 * writes in them when it is made. Returns one reference, or NULL: no memory.
 */
struct st_sup_spec *st_sup_spec_copy(const struct st_sup_spec *from) __must_check;

/* fds.c: keeps ->nr_fds of a child and of the tree. */

/* Count a child with its specification, which is new. */
void st_fds_count(struct st_tree *tree, struct st_child *child);

/* The child goes. */
void st_fds_forget(struct st_tree *tree, const struct st_child *child);

/* The log of a supervisor is another one: count what is below it again. */
void st_fds_recount(struct st_sup *sup);
int st_tree_reserve(struct st_tree *tree, uint32_t nr_more) __must_check;
int st_child_refit(struct st_child *child) __must_check;

/*
 * lookup.c: children by name. It holds those on the list and those of the
 * specification.
 */
void st_lookup_init(struct st_lookup *lookup);
void st_lookup_done(struct st_lookup *lookup);
int st_lookup_reserve(struct st_sup *sup, uint32_t nr) __must_check;
void st_lookup_add(struct st_child *child);
void st_lookup_add_hashed(struct st_child *child); /* ->name_hash is right, and it is not in it */
void st_lookup_remove(struct st_child *child);
struct st_child *st_lookup_part(const struct st_sup *sup, const char *name, size_t len);

/*
 * A supervisor that was changed itself keeps that change when its parent is changed: it
 * will start with its own specification. [K7] Returns the spec for @child (NULL: none
 * yet) if the parent's change wants @spec: a reference, or NULL without memory.
 */
struct st_child_spec *st_child_spec_for(const struct st_child *child, struct st_child_spec *spec);
void st_sup_reset(struct st_sup *sup);
void st_child_link(struct st_child *child, struct st_list *before);
void st_child_unlink(struct st_child *child);
struct st_effect *st_child_forget(struct st_child *child);
void st_bury(struct st_tree *tree, struct st_grave *grave);
void st_empty_graves(struct st_tree *tree);

/* effect.c: one function for each kind of effect that has more than a child */
struct st_effect *st_emit(struct st_tree *tree, enum st_effect_type type,
			  const struct st_child *child);
struct st_effect *st_emit_reason(struct st_tree *tree, enum st_effect_type type,
				 const struct st_child *child);
void st_emit_signal(struct st_child *child, int signo);

/* Say how often its child was restarted, and how often its supervisor may still do so. */
void st_effect_count(struct st_effect *effect);

/* The same, with what its process has used: of an end. */
void st_effect_end(struct st_effect *effect);
void st_report(struct st_child *child, enum st_context context, const struct st_reason *reason);
void st_report_count(struct st_sup *sup, const struct st_reason *reason, uint32_t count);

/* start.c */
void st_child_start(struct st_child *child);
void st_child_outcome(struct st_child *child, enum st_outcome outcome);
void st_child_set_error(struct st_child *child, const char *text);
void st_child_linger(struct st_child *child, enum st_outcome outcome);
void st_child_settle(struct st_child *child);

/* stop.c */
struct st_reason st_child_reason(const struct st_child *child, const struct st_reason *reason);
void st_child_stop(struct st_child *child);
void st_child_unhealthy(struct st_child *child);
void st_child_kill(struct st_child *child);
void st_child_ended(struct st_child *child, const struct st_reason *reason);
void st_child_stopped(struct st_child *child);
struct st_cause st_stop_cause(const struct st_child *child);
bool st_shutdown_is_error(const struct st_child *child);
void st_sup_kill(struct st_sup *sup);
void st_sup_ended(struct st_sup *sup, const struct st_reason *reason);

/* jobs.c */
void st_sup_set_job(struct st_sup *sup, enum st_job job);
void st_sup_set_cause(struct st_sup *sup, enum st_rule rule, const struct st_child *child);
void st_sup_set_request(struct st_sup *sup, const struct st_call *call);
void st_sup_advance(struct st_sup *sup);
void st_sup_begin_init(struct st_sup *sup);
void st_sup_begin_round(struct st_sup *sup, struct st_child *child);
void st_sup_begin_call(struct st_sup *sup, enum st_job job, struct st_child *child,
		       struct st_call *call);
void st_sup_begin_terminate(struct st_sup *sup, const struct st_reason *reason);

/* Does it wait for a request to start it? [X7] */
static inline bool st_child_is_left(const struct st_child *child)
{
	return child->spec->def.start_later && !child->is_wanted;
}

/* Does it keep an all_significant supervisor alive? [H3] */
static inline bool st_child_is_significant(const struct st_child *child)
{
	return child->listed && child->spec->def.significant &&
	       (child->state == ST_CHILD_RUNNING || child->state == ST_CHILD_RESTARTING);
}

void st_child_set_state(struct st_child *child, enum st_child_state state);
void st_sup_wake(struct st_sup *sup);

/* parallel.c: the stop of dynamic supervisors */
void st_parallel_stop(struct st_sup *sup);
void st_parallel_finish(struct st_sup *sup);

/* restart.c */
void st_restart_exit(struct st_child *child);
void st_restart_retry(struct st_child *child);
void st_restart_failed(struct st_child *child);
void st_restart_queue(struct st_child *child);

/* request.c */
struct st_instance *st_instance_new(const char *name, const char *const *args,
				    uint32_t nr) __must_check;
int st_call_new(struct st_tree *tree, const struct st_request *request,
		struct st_call **ret_call) __must_check;
void st_call_free(struct st_call *call);
void st_call_answer(struct st_tree *tree, struct st_call *call, enum st_reply reply,
		    const struct st_child *child);
enum st_reply st_reply_from(int err);
void st_call_invalid(struct st_tree *tree, struct st_call *call, const char *term);
void st_call_begin(struct st_sup *sup, struct st_call *call);
void st_call_start_done(struct st_sup *sup, struct st_child *child);
void st_call_stop_done(struct st_sup *sup, struct st_child *child);
void st_mailbox_refuse(struct st_sup *sup);

/* change.c */
void st_call_change(struct st_sup *sup, struct st_call *call);

#endif
