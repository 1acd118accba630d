/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Real processes, with a tree, a shell and outputs, but without a daemon: the
 * test has the executor. Everything that happens is noted, in order, as text:
 *
 *	"a spawned, a ready, a reaped, a exited \"normal\" 0x0, "
 *
 * "reaped" is a call of the handler; the other words are events that core has
 * handled. All calls abort the test program on an error of its own set-up.
 */
#ifndef ST_TESTS_DAEMON_PROCESSES_H
#define ST_TESTS_DAEMON_PROCESSES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "core/step.h"
#include "daemon/identity.h"
#include "daemon/process/process.h"
#include "daemon/shell.h"
#include "outputs.h"
#include "temporary.h"

#define ACT ST_TEST_OUT "/programs/act"
#define MAX_SPECS 320
#define MAX_GENERATIONS 512

struct processes_test {
	struct outputs_test outputs; /* with the ring */
	struct st_child_spec *specs[MAX_SPECS]; /* of the root's children */
	uint32_t nr_specs;
	struct st_tree *tree;
	struct st_shell shell;
	struct st_identities identities;
	struct st_processes processes;
	char folder[TEMPORARY_SIZE];
	char notify_path[TEMPORARY_SIZE + 16];
	bool is_open;

	bool without_cgroups; /* descendants are known by their marks */
	bool clones_ahead; /* call st_prepare_next() after each step */
	unsigned long fail_at; /* which allocation of each start fails; 0: none */
	unsigned long nr_allocations; /* of the last start */
	void (*look_at_reaped)(void *owner, uint64_t generation);
	void *owner;

	struct st_buf reason; /* has room, so that a note takes no allocation that shall fail */
	char names[MAX_GENERATIONS][16]; /* of workers, by generation */
	char log[32768];
};

void processes_init(struct processes_test *test);

/* On a ring that lacks a feature, as on an older kernel. */
void processes_init_without(struct processes_test *test, enum st_feature feature);

/* Kill the tree, run until nothing is left, and see that nothing is. */
void processes_done(struct processes_test *test);

/**
 * processes_define() - a temporary worker, as st_child_spec_new() takes it
 * @def: filled in; the test may change it
 * @id: of the child
 * @argv: the program and its arguments, NULL-terminated; must outlive @def
 */
void processes_define(struct st_child_def *def, const char *id, const char *const *argv);

/* The next child of the root, to be added before processes_boot(). */
void processes_add(struct processes_test *test, const struct st_child_def *def);
void processes_add_spec(struct processes_test *test, struct st_child_spec *spec);

/* The same for a worker that runs act with these words. */
#define ADD_ACT(test, id, how, ...) \
	do { \
		static const char *const act_argv[] = { ACT, ##__VA_ARGS__, NULL }; \
		struct st_child_def act_def; \
\
		processes_define(&act_def, id, act_argv); \
		act_def.process.ready = (how); \
		processes_add(test, &act_def); \
	} while (0)

/* Open the processes, and let the root start its children. No turn is taken. */
void processes_boot(struct processes_test *test);

/* A turn as the daemon takes it, which waits for something; and turns until the log holds @text. */
void processes_turn(struct processes_test *test);
void processes_run_until(struct processes_test *test, const char *text);

/* The process of a child of the tree; NULL: it has none. */
struct st_process *processes_find(struct processes_test *test, const char *path);

#endif
