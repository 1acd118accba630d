/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The state of a supervision tree, and which part of core may decide what.
 *
 * Everything core knows is in the three structs below: a tree, its
 * supervisors, and the children that supervisors hold. Read this page first;
 * the rules in brackets are those of RULES.md beside it.
 *
 * A child, as its supervisor sees it
 * ----------------------------------
 *
 *   state        process   means
 *   STOPPED      none      ended for good, terminated, ignored, or never started
 *   STARTING     maybe     started, not READY yet; its supervisor waits [M2]
 *   RUNNING      yes       READY. ->ended: it has died, the supervisor has not
 *                          come to that message yet [M1]
 *   STOPPING     yes       asked or forced to end; its supervisor waits [M2]
 *   RESTARTING   none      starting it again failed; a retry waits in the
 *                          supervisor's mailbox, or its back-off runs [F1]
 *
 *   STOPPED    -start->  STARTING  -ready->  RUNNING  -stop->  STOPPING -ended-> STOPPED
 *                        STARTING  -failed, ignored->  STOPPED
 *   STOPPED    -failed in a round->  RESTARTING  -retry->  STARTING
 *   RUNNING    -ended, handled->  STOPPED  -strategy->  STARTING
 *
 * "Process" is a Linux process for a worker, and a supervisor of this tree for
 * a child of type supervisor. Both are the same to the supervisor above.
 *
 * A supervisor is an actor [M1]
 * -----------------------------
 *
 *   phase     serves its mailbox   means
 *   DOWN      no                   does not run
 *   INIT      no                   starts its first children; its own start is not done [A2]
 *   UP        when job is NONE     runs
 *   STOPPING  no                   terminate/2: stops its children, then ends [G1]
 *   KILLED    no                   was killed: waits until its subtree is reaped [G7]
 *
 * Its current work is its ->job. A job works on one child at a time
 * (->waiting_for), except the stop of a dynamic supervisor, which waits for all
 * of them (->nr_waiting). While it waits, messages queue up in its mailbox and
 * the rest of the tree goes on.
 *
 * The order of decisions, highest first
 * -------------------------------------
 *
 *   1. A kill from above: the supervisor dies at once, whatever it does [G7].
 *   2. The job that runs: it is finished before the next message is looked at [M2].
 *   3. The mailbox, in order of arrival: deaths, requests, retries, and the
 *      stop request of the parent, which overtakes nothing [M5].
 *
 * A death is recorded as soon as the process is reaped (the effect EXITED), but the
 * decision comes when its message is taken. Each process has a generation. An event
 * with a generation other than the child's is stale and dropped in one place [M4].
 *
 * Memory
 * ------
 *
 * A child in its supervisor's specification has one struct st_child for ever
 * (->from_spec), which a restart of the supervisor uses again [E8]. Only children
 * that requests add are allocated and freed. A node that is freed during a step goes
 * to the tree's graveyard until the next step, because effects point at it. Restarts
 * and stops allocate nothing.
 */
#ifndef ST_CORE_TYPES_H
#define ST_CORE_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/heap.h"
#include "base/list.h"
#include "base/map.h"
#include "core/cause.h"
#include "core/mailbox.h"
#include "core/reason.h"
#include "core/spec.h"
#include "core/window.h"

struct st_call;
struct st_effect;
struct st_usage;

/* Something to be freed when the next step begins; first in its struct. */
struct st_grave {
	struct st_grave *next;
};

struct st_text {
	struct st_grave grave;
	char text[];
};

#define ST_CHILD_STATE_LIST(X) \
	X(ST_CHILD_STOPPED, "stopped") \
	X(ST_CHILD_STARTING, "starting") \
	X(ST_CHILD_RUNNING, "running") \
	X(ST_CHILD_STOPPING, "stopping") \
	X(ST_CHILD_RESTARTING, "restarting")

#define ST_PHASE_LIST(X) \
	X(ST_PHASE_DOWN, "down") \
	X(ST_PHASE_INIT, "init") \
	X(ST_PHASE_UP, "up") \
	X(ST_PHASE_STOPPING, "stopping") \
	X(ST_PHASE_KILLED, "killed")

#define ST_JOB_LIST(X) \
	X(ST_JOB_NONE, "none") \
	X(ST_JOB_INIT, "init") /* start all children in order [A1] */ \
	X(ST_JOB_UNDO, "undo") /* init failed: stop those already started [A5] */ \
	X(ST_JOB_ROUND_STOP, "round_stop") /* stop a range, in reverse order [D2] [D3] */ \
	X(ST_JOB_ROUND_START, "round_start") /* start a range, in order */ \
	X(ST_JOB_CALL_START, "call_start") /* start_child, restart_child [C1] [C3] */ \
	X(ST_JOB_CALL_STOP, "call_stop") /* terminate_child [C5] */ \
	X(ST_JOB_TERMINATE, "terminate") /* stop all, then end [G1] [I7] */ \
	X(ST_JOB_DIE, "die") /* killed: wait until the subtree is reaped [G7] */

/* The outcome of the start of a child; valid while its job uses it. */
#define ST_OUTCOME_LIST(X) \
	X(ST_OUTCOME_NONE, "none") \
	X(ST_OUTCOME_READY, "ready") \
	X(ST_OUTCOME_IGNORED, "ignored") \
	X(ST_OUTCOME_DONE, "done") /* ready: exit [X8] */ \
	X(ST_OUTCOME_FAILED, "failed")

#define ST_ENUM_MEMBER(name, text) name,
enum st_child_state {
	ST_CHILD_STATE_LIST(ST_ENUM_MEMBER) ST_CHILD_STATE__MAX
};
enum st_phase {
	ST_PHASE_LIST(ST_ENUM_MEMBER) ST_PHASE__MAX
};
enum st_job {
	ST_JOB_LIST(ST_ENUM_MEMBER) ST_JOB__MAX
};
enum st_outcome {
	ST_OUTCOME_LIST(ST_ENUM_MEMBER) ST_OUTCOME__MAX
};
#undef ST_ENUM_MEMBER

extern const char *const st_child_state_text[ST_CHILD_STATE__MAX];

/*
 * The name and arguments of one child of a simple_one_for_one supervisor. [I1] It never
 * changes, so a tree and its copies share it.
 */
struct st_instance {
	unsigned int refs;
	uint32_t nr_args;
	const char *name; /* after args */
	const char *args[]; /* appended to the template's argv */
};

/* The children of a supervisor by name: hash chains, the newest child first. */
struct st_lookup {
	struct st_child **buckets;
	uint32_t mask; /* their number, a power of two, minus 1 */
	struct st_child *first; /* the only bucket until there is memory for more */
};

struct st_child {
	struct st_list sibling; /* in ->parent->children, in start order */
	struct st_message message; /* in ->parent->mailbox: EXIT or RETRY */
	struct st_sup *parent; /* NULL for the root alone */
	struct st_child_spec *spec; /* counted */
	struct st_sup *sup; /* type supervisor: its instance, owned; else NULL */
	struct st_instance *instance; /* dynamic children, counted; else NULL */
	struct st_heap_node timer; /* start or stop timeout, or back-off */
	struct st_child *same_bucket; /* the next in ->parent->lookup */

	uint64_t generation; /* of the current or the last start attempt */
	uint64_t ready_generation; /* of the last one that was READY: OTP's pid [I6] */
	uint64_t since_ns; /* monotonic time of the last change of ->state */
	uint64_t spawned_ns; /* the same of the moment when its process existed; 0: none */
	uint64_t ready_ns; /* the same of the last time that it was READY */
	struct st_reason reason; /* why it ended, ignored or failed to start */
	struct st_text *error; /* text of ->reason, owned; else NULL */
	uint32_t nr_restarts; /* READY again after the first time */
	uint32_t nr_delays; /* back-offs in a row */
	int32_t pid; /* of the process, for people; 0 when there is none */
	int32_t ready_pid; /* the same for ->ready_generation; stays when it is dead */
	int status; /* of its last end, as the event had it; -1: none */
	uint32_t name_hash; /* while it is in ->parent->lookup */

	enum st_child_state state : 8;
	enum st_outcome outcome : 8;
	bool from_spec : 1; /* storage belongs to ->parent->slots */
	bool listed : 1; /* on ->parent->children */
	bool in_lookup : 1; /* in ->parent->lookup */
	bool deleted : 1; /* a request took it from the list, and none put it back [K9] */
	bool alive : 1; /* a process, or an instance that is not DOWN, exists */
	bool ended : 1; /* RUNNING, but dead: a message waits [M1] */
	bool lingering : 1; /* sent IGNORE or ERROR, has not ended yet */
	bool killed : 1; /* SIGKILL was sent */
	bool was_ready : 1; /* was READY before: the next time is a restart */
	bool counted : 1; /* its back-off runs, the restart was admitted already */
	uint32_t nr_fds : 4; /* its part of ->nr_fds of the tree */
	bool is_settling : 1; /* READY, but not up for its min_uptime yet [X9] */
	bool is_unhealthy : 1; /* its probe failed: it was killed, or asked to end [X11] */
	bool is_wanted : 1; /* was READY, and nobody has terminated it since [X7] */
	uint32_t nr_walks; /* walks that are at it or below it (walk.h) */
	uint32_t copy_at; /* copy.c: its place in the copy that is being made */
};

struct st_sup {
	struct st_child *self; /* the child that this is, above */
	struct st_tree *tree;
	struct st_sup_spec *spec; /* counted; flags and children [K7] */
	struct st_list children; /* of struct st_child, in start order */
	struct st_child **slots; /* one for each child of ->spec, owned */
	uint32_t nr_slots;
	uint32_t nr_children; /* on ->children */
	uint32_t nr_significant; /* of these, RUNNING or RESTARTING [H3] */
	struct st_lookup lookup; /* of ->children and ->slots */

	struct st_list mailbox; /* of struct st_message, oldest first */
	struct st_message stop; /* in its own mailbox: asked to stop */
	struct st_window window; /* restarts of the last period [E5] */
	struct st_list runnable; /* in ->tree->runnable */

	enum st_phase phase;
	enum st_job job;
	struct st_cause cause; /* of ->job, the last one when there is none */
	struct st_child *waiting_for; /* the child that the job waits for */
	uint32_t nr_waiting; /* children that a parallel stop or a kill waits for */
	struct st_list *walk; /* where the job is in ->children */
	struct st_list *range; /* the node before a round's range; &->children: all */
	bool begun; /* the start of the child at ->walk was begun */
	bool alone; /* the round is one child only: one_for_one */
	struct st_child *failed; /* init failed because of it [A5] */
	struct st_sup *before; /* which it replaces, while it is built [K7] */
	struct st_call *call; /* the request that the job answers, owned */
	struct st_reason end_reason; /* with which it will end [G6] */
};

struct st_tree {
	struct st_child *root;
	uint64_t now_ns; /* of the step that runs */
	uint64_t last_generation;
	struct st_map generations; /* generation -> struct st_child with a process */
	struct st_heap timers;
	struct st_list runnable; /* supervisors with something to decide */
	struct st_list settle_calls; /* answered when nothing is left to decide */
	struct st_list refused_calls; /* to be answered: noproc [C6] */
	struct st_list walks; /* of struct st_walk: not over yet */
	struct st_list dead_children; /* freed when the next step begins, as are ... */
	struct st_list dead_sups; /* ... instances that a change replaced ... */
	struct st_list dead_calls; /* ... answered requests ... */
	struct st_grave *graveyard; /* ... and texts */
	const struct st_usage *usage; /* of the process whose end is being handled; or NULL */
	struct st_effect *fx; /* of the step that runs; room for fx_cap */
	uint32_t nr_fx;
	uint32_t fx_cap;
	uint32_t nr_nodes; /* struct st_child of the whole tree */
	struct st_child *block; /* of a copy: holds the children that were copied; owned */
	uint32_t nr_block; /* room in it */
	uint32_t nr_fds; /* descriptors that all workers need when they run (fds.c) */
	uint32_t max_fds; /* no request adds a worker beyond it; 0: no limit */
	uint32_t nr_busy; /* supervisors with a job */
	uint32_t nr_calls; /* requests without an answer yet */
	uint64_t nr_changes; /* specifications that took the place of others [K9] */
	uint64_t random; /* state of the jitter's generator, never 0 */
	bool shown; /* an effect shows what may change: the step ends here */
	bool halted; /* the root has ended */
};

/**
 * st_child_is_dynamic() - whether a child has no place in a specification
 * @child: the child
 *
 * Return: true for children of simple_one_for_one and dynamic supervisors.
 */
bool st_child_is_dynamic(const struct st_child *child);

/**
 * st_child_name() - the last part of a child's path
 * @child: the child
 *
 * Return: borrowed text: the instance's name, or the spec's id.
 */
const char *st_child_name(const struct st_child *child);

/**
 * st_child_write_path() - append the path of a child, ids joined by '/'
 * @child: the child; the root's path is "/"
 * @out: where to; whoever uses its text must see that it is whole
 */
void st_child_write_path(const struct st_child *child, struct st_buf *out);

/**
 * st_child_path() - get the path of a child
 * @child: the child
 * @buf: holds the path; what was in it is lost
 * @ret_path: the whole path, borrowed from @buf
 *
 * Return: 0 or -ENOMEM.
 */
int st_child_path(const struct st_child *child, struct st_buf *buf,
		  const char **ret_path) __must_check;

/**
 * st_child_next() - walk a subtree in pre-order without recursion
 * @child: where the walk is
 * @top: where it began; it ends when @top's subtree is done
 *
 * Return: the next listed child, or NULL.
 */
struct st_child *st_child_next(struct st_child *child, const struct st_child *top);

static inline struct st_child *st_child_of(struct st_list *sibling)
{
	return st_list_entry(sibling, struct st_child, sibling);
}

static inline bool st_sup_is_dynamic(const struct st_sup *sup)
{
	return sup->spec->flags.strategy == ST_STRATEGY_SIMPLE_ONE_FOR_ONE ||
	       sup->spec->flags.strategy == ST_STRATEGY_DYNAMIC;
}

#endif
