// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes without a daemon; see processes.h.
 */
#include "processes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "daemon/process/prepare.h"
#include "loop/ring.h"
#include "os/signal.h"
#include "small_tree.h"

static void check(bool is_good, const char *what)
{
	if (is_good)
		return;
	perror(what);
	abort();
}

static void note(struct processes_test *test, uint64_t generation, const char *format, ...)
	__printf(3, 4);

static void note(struct processes_test *test, uint64_t generation, const char *format, ...)
{
	size_t len = strlen(test->log);
	va_list args;

	if (generation >= MAX_GENERATIONS || !test->names[generation][0])
		return; /* of no worker */
	len += (size_t)snprintf(test->log + len, sizeof(test->log) - len, "%s ",
				test->names[generation]);
	va_start(args, format);
	len += (size_t)vsnprintf(test->log + len, sizeof(test->log) - len, format, args);
	va_end(args);
	check(len + 3 < sizeof(test->log), "note what happens");
	memcpy(test->log + len, ", ", 3);
}

static void note_event(struct processes_test *test, const struct st_event *event)
{
	if (event->type == ST_EV_EXITED) {
		st_buf_reset(&test->reason);
		st_reason_write(&event->reason, &test->reason);
		note(test, event->generation, "exited %s 0x%x", st_buf_text(&test->reason),
		     (unsigned int)event->status);
	} else if (event->text) {
		note(test, event->generation, "%s: %s", st_event_text[event->type], event->text);
	} else {
		note(test, event->generation, "%s", st_event_text[event->type]);
	}
}

static void start(struct processes_test *test, const struct st_effect *effect)
{
	unsigned long before = st_alloc_count();

	check(effect->generation < MAX_GENERATIONS, "keep the name of a process");
	snprintf(test->names[effect->generation], sizeof(test->names[0]), "%s",
		 st_child_name(effect->child));
	st_alloc_fail_at(test->fail_at);
	st_process_start(&test->processes, effect->child);
	st_alloc_fail_at(0);
	test->nr_allocations = st_alloc_count() - before;
}

static void execute(void *owner, const struct st_event *event, const struct st_effects *effects,
		    uint64_t now_ns)
{
	struct processes_test *test = owner;

	note_event(test, event);
	for (uint32_t i = 0; i < effects->nr; i++) {
		const struct st_effect *effect = &effects->items[i];

		if (effect->type == ST_FX_SPAWN)
			start(test, effect);
		else if (effect->type == ST_FX_SIGNAL)
			st_process_signal(&test->processes, effect->generation, effect->value);
	}
	if (test->clones_ahead)
		st_prepare_next(&test->processes, effects, now_ns);
}

static void rest(void *owner, bool is_idle)
{
	(void)owner;
	(void)is_idle;
}

static void on_reaped(void *owner, uint64_t generation)
{
	struct processes_test *test = owner;

	note(test, generation, "reaped");
	if (test->look_at_reaped)
		test->look_at_reaped(test->owner, generation);
}

void processes_init(struct processes_test *test)
{
	processes_init_without(test, ST_FEATURE__MAX);
}

void processes_init_without(struct processes_test *test, enum st_feature feature)
{
	check(!st_signal_block_all(), "block signals"); /* as main() does */
	st_buf_init(&test->reason);
	check(!st_buf_reserve(&test->reason, 256), "make room for reasons");
	outputs_init_without(&test->outputs, feature);
	st_identities_init(&test->identities);
	check(temporary_folder(test->folder, "processes-XXXXXX") != NULL, "make a folder");
	snprintf(test->notify_path, sizeof(test->notify_path), "%s/notify", test->folder);
}

void processes_define(struct st_child_def *def, const char *id, const char *const *argv)
{
	st_child_def_init(def);
	def->id = id;
	def->restart = ST_RESTART_TEMPORARY;
	def->process.argv = argv;
	while (argv[def->process.nr_args])
		def->process.nr_args++;
}

void processes_add_spec(struct processes_test *test, struct st_child_spec *spec)
{
	check(spec && test->nr_specs < MAX_SPECS, "make a specification");
	test->specs[test->nr_specs++] = spec;
}

void processes_add(struct processes_test *test, const struct st_child_def *def)
{
	processes_add_spec(test, st_child_spec_new(def));
}

void processes_boot(struct processes_test *test)
{
	static const struct st_process_handler handler = { .on_reaped = on_reaped };
	static const struct st_executor executor = { .execute = execute, .rest = rest };
	static const struct st_event boot = { .type = ST_EV_BOOT };
	struct st_sup_spec *root =
		small_sup_spec(ST_STRATEGY_ONE_FOR_ONE, 1000000, test->specs, test->nr_specs);
	struct st_processes_config config = {
		.ring = test->outputs.ring,
		.shell = &test->shell,
		.outputs = test->outputs.outputs,
		.identities = &test->identities,
		.socket = "/run/suptree/test.sock",
		.notify_path = test->notify_path,
		.handler = &handler,
		.owner = test,
	};

	check(!st_tree_new(root, 1, &test->tree), "make the tree");
	st_sup_spec_put(root);
	check(!st_shell_init(&test->shell, test->tree, test->outputs.ring, &executor, test),
	      "make a shell");
	config.tree = test->tree;
	check(!st_processes_open(&test->processes, &config), "open the processes");
	test->processes.subtrees.has_tried = test->without_cgroups;
	test->is_open = true;
	st_shell_post(&test->shell, &boot);
}

void processes_turn(struct processes_test *test)
{
	size_t len = strlen(test->log);

	st_processes_spin(&test->processes);
	if (strlen(test->log) == len)
		outputs_turn(&test->outputs);
	else
		outputs_settle(&test->outputs); /* what is awaited may have happened already */
}

void processes_run_until(struct processes_test *test, const char *text)
{
	while (!strstr(test->log, text))
		processes_turn(test);
}

struct st_process *processes_find(struct processes_test *test, const char *path)
{
	const struct st_child *child = st_tree_find(test->tree, path);

	return child ? st_process_find(&test->processes, child->generation) : NULL;
}

static void close_all(struct processes_test *test)
{
	static const struct st_event kill = { .type = ST_EV_KILL };

	st_shell_post(&test->shell, &kill);
	while (!test->tree->halted || test->processes.by_pid.nr)
		processes_turn(test);
	st_processes_close(&test->processes);
	st_outputs_close(test->outputs.outputs);
	while (st_ring_nr_armed(test->outputs.ring))
		outputs_turn(&test->outputs);
	check(st_list_is_empty(&test->processes.dead), "see that no process is kept");
	st_processes_done(&test->processes);
	st_shell_done(&test->shell);
	st_tree_free(test->tree);
}

void processes_done(struct processes_test *test)
{
	if (test->is_open)
		close_all(test);
	outputs_done(&test->outputs);
	st_identities_done(&test->identities);
	st_buf_done(&test->reason);
	rmdir(test->folder);
}
