// SPDX-License-Identifier: GPL-2.0-only
/*
 * suptreed: it starts, runs the loop, and ends. This file only calls the parts
 * in order.
 *
 * After start-up the daemon does not exit on an error that it can turn into an
 * event. An error during start-up ends it, with a message that says what
 * failed.
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config.h"
#include "daemon/daemon.h"
#include "daemon/effects.h"
#include "daemon/log.h"
#include "daemon/operations/dispatch.h"
#include "daemon/process/held_start.h"
#include "daemon/process/leftover.h"
#include "daemon/requests/killing.h"
#include "daemon/requests/pending.h"
#include "daemon/signals.h"
#include "daemon/stopping.h"
#include "os/capabilities.h"
#include "os/fd.h"
#include "os/signal.h"
#include "proto/parse.h"

#define LOG_PATIENCE_MS 200 /* at the end, for a reader of standard error */

static int print_features(void)
{
	struct st_probe probe;
	int err = st_probe_run(&probe);

	if (err) {
		(void)fprintf(stderr, "suptreed: probe io_uring: %s\n", strerror(-err));
		return EXIT_FAILURE;
	}
	for (int i = 0; i < ST_FEATURE__MAX; i++) {
		const struct st_feature_info *info = st_feature_info((enum st_feature)i);

		(void)printf("%-3s  %-18s Linux %-5s %s%s\n", probe.has[i] ? "yes" : "no",
			     info->name, info->version, info->use,
			     info->is_needed ? " (needed)" : "");
	}
	return EXIT_SUCCESS;
}

/* Return: the configuration's root supervisor, or one without children. */
static struct st_sup_spec *load(struct st_daemon *daemon)
{
	struct st_diags diags = ST_DIAGS_INIT;
	struct st_buf why = ST_BUF_INIT;
	struct st_sup_spec *spec = NULL;
	struct st_sup_flags flags;
	int err = 0;

	st_sup_flags_init(&flags);
	if (daemon->options.config)
		err = st_config_load(daemon->options.config, &diags, &spec);
	else
		spec = st_sup_spec_new(&flags, NULL, 0);
	if (spec)
		err = st_identity_prepare_sup(&daemon->identities, spec, &why);
	if (spec && !err)
		err = st_variables_read_sup(&daemon->variables, spec, &why);
	st_variables_keep(&daemon->variables);
	if (err == -EINVAL && why.len)
		st_log("%s: %s", daemon->options.config, st_buf_text(&why));
	else if (err == -EINVAL)
		st_diags_write_text(&diags, &why);
	else if (err || !spec)
		st_log("load the configuration: out of memory");
	if (err == -EINVAL && diags.nr)
		st_log_text(st_buf_text(&why));
	if (err) {
		st_sup_spec_put(spec);
		spec = NULL;
	}
	st_diags_done(&diags);
	st_buf_done(&why);
	(void)malloc_trim(0); /* give the parser's memory back; failure does not matter */
	return spec;
}

static uint64_t make_seed(void)
{
	uint64_t seed = 0;

	/* used for the jitter of back-offs, and to tell this daemon from another one */
	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) != sizeof(seed))
		seed = st_clock_ns();
	return seed;
}

/* A number that a double can hold, as JSON's numbers are doubles to many programs. */
static uint64_t make_incarnation(void)
{
	return (make_seed() & ((UINT64_C(1) << 53) - 1)) | 1;
}

/* Open what needs the kernel: the ring and everything on it. */
static int open_loop(struct st_daemon *daemon)
{
	enum st_feature missing;
	int err = st_probe_run(&daemon->probe);

	if (err) {
		st_log("probe io_uring: %s", strerror(-err));
		return err;
	}
	err = st_ring_new(&daemon->probe, &daemon->ring);
	if (err == -EOPNOTSUPP) {
		missing = st_probe_missing(&daemon->probe);
		st_log("this kernel has no %s (Linux %s): %s", st_feature_info(missing)->name,
		       st_feature_info(missing)->version, st_feature_info(missing)->use);
	} else if (err) {
		st_log("set up io_uring: %s", strerror(-err));
	}
	return err;
}

static int make_parts(struct st_daemon *daemon)
{
	daemon->history.tree = daemon->tree;
	int err = st_shell_init(&daemon->shell, daemon->tree, daemon->ring, &st_effects_executor,
				daemon);

	st_requests_init(&daemon->requests, daemon->ring, &daemon->shell, &daemon->history);
	daemon->directory = (struct st_directory){
		.tree = daemon->tree,
		.names = &daemon->names,
		.processes = &daemon->processes,
		.descriptors = &daemon->descriptors,
	};
	if (!err)
		err = st_events_new(&daemon->history, &daemon->history.events);
	st_relays_init(&daemon->relays, daemon->ring, &daemon->directory, &daemon->offers,
		       daemon->history.events);
	if (!err)
		err = st_outputs_new(daemon->ring, &daemon->outputs);
	if (!err)
		err = st_untils_new(daemon->ring, daemon->tree, &daemon->untils);
	if (!err)
		err = st_monitors_init(&daemon->monitors, daemon->ring);
	if (!err)
		err = st_own_service_init(&daemon->own_service, daemon->ring);
	if (err)
		st_log("make room for events: %s", strerror(-err));
	return err;
}

/* Make the directory of the socket: one level only, not a whole path. */
static void make_directory(const char *path)
{
	char *directory = strdup(path);
	char *slash = directory ? strrchr(directory, '/') : NULL;

	if (slash && slash != directory) {
		*slash = '\0';
		if (mkdir(directory, 0755) && errno != EEXIST)
			st_log("make %s: %s", directory, strerror(errno));
	}
	free(directory);
}

static void on_reaped(void *owner, uint64_t generation)
{
	struct st_daemon *daemon = owner;

	st_killing_ended(&daemon->requests, generation);
}

static int open_processes(struct st_daemon *daemon)
{
	static const struct st_process_handler handler = { .on_reaped = on_reaped };
	struct st_buf notify = ST_BUF_INIT;
	int err;

	st_probes_init(&daemon->probes, daemon->ring, &daemon->shell, daemon->tree,
		       &daemon->processes, &daemon->descriptors);
	st_buf_add_text(&notify, daemon->options.socket);
	st_buf_add_text(&notify, ".notify");
	err = st_buf_error(&notify);
	if (err)
		st_log("open the socket for readiness: %s", strerror(-err));
	else
		err = st_processes_open(&daemon->processes,
					&(struct st_processes_config){
						.ring = daemon->ring,
						.shell = &daemon->shell,
						.tree = daemon->tree,
						.outputs = daemon->outputs,
						.identities = &daemon->identities,
						.variables = &daemon->variables,
						.socket = daemon->options.socket,
						.notify_path = st_buf_text(&notify),
						.handler = &handler,
						.owner = daemon,
					});
	if (!err)
		st_leftover_end(daemon->options.socket, daemon->processes.subtrees.family);
	st_buf_done(&notify);
	return err;
}

static int open_sockets(struct st_daemon *daemon)
{
	const struct st_control_config config = {
		.path = daemon->options.socket,
		.incarnation = make_incarnation(),
		.descriptors = &daemon->descriptors,
	};
	const char *path = daemon->options.socket;
	pid_t owner;
	int err;

	make_directory(path);
	err = st_control_open(daemon->ring, &config, &st_dispatch_handler, daemon, &owner,
			      &daemon->control);
	if (!err)
		return open_processes(daemon);
	if (err == -EADDRINUSE && owner)
		st_log("open the control socket %s: another daemon uses it, pid %d; stop that "
		       "daemon, or choose another path with --socket",
		       path, (int)owner);
	else if (err == -EADDRINUSE)
		st_log("open the control socket %s: another daemon uses it, or starts there", path);
	else
		st_log("open the control socket %s: %s", path, strerror(-err));
	return err;
}

static int open_transcript(struct st_daemon *daemon)
{
	int err;

	if (!daemon->options.transcript)
		return 0;
	err = st_transcript_open(daemon->options.transcript, &daemon->transcript);
	if (err == -EINVAL || err == -ENXIO) /* a reader of a pipe must not stop the daemon */
		st_log("open the transcript %s: it is neither a file nor a terminal",
		       daemon->options.transcript);
	else if (err)
		st_log("open the transcript %s: %s", daemon->options.transcript, strerror(-err));
	return err;
}

static int open_all(struct st_daemon *daemon)
{
	int err = open_loop(daemon);

	if (!err)
		err = make_parts(daemon);
	if (!err)
		err = open_transcript(daemon);
	if (!err)
		err = st_signals_open(daemon);
	if (!err)
		err = open_sockets(daemon);
	return err;
}

/* Called when all is open that stays open. */
static int divide_descriptors(struct st_daemon *daemon)
{
	struct st_descriptors *descriptors = &daemon->descriptors;
	struct rlimit limit = { 0 };
	uint32_t nr_open = 0;
	int err = st_fd_count(&nr_open);

	if (!err && getrlimit(RLIMIT_NOFILE, &limit))
		err = -errno;
	if (err) {
		st_log("count the open descriptors: %s", strerror(-err));
		return err;
	}
	if (limit.rlim_cur > INT32_MAX)
		limit.rlim_cur = INT32_MAX;
	err = st_descriptors_divide((uint32_t)limit.rlim_cur, nr_open, daemon->tree->nr_fds,
				    descriptors);
	if (err)
		st_log("%s: its children need %u descriptors, and the limit of %u leaves %u for "
		       "them; raise it (ulimit -n, LimitNOFILE=)",
		       daemon->options.config, daemon->tree->nr_fds, descriptors->limit,
		       descriptors->workers);
	daemon->tree->max_fds = descriptors->workers;
	st_outputs_limit_old(daemon->outputs, descriptors->old_pipes);
	return err;
}

/*
 * Called last: all that needs the capabilities is done; io_uring(7) may need
 * CAP_SYS_ADMIN to set up.
 */
static int limit_capabilities(void)
{
	int err = st_capabilities_limit();

	if (err)
		st_log("give up capabilities: %s", strerror(-err));
	return err;
}

static int start_up(struct st_daemon *daemon)
{
	struct st_sup_spec *spec = load(daemon);
	uint64_t seed = make_seed();
	int err;

	if (!spec)
		return -EINVAL;
	err = st_tree_new(spec, seed, &daemon->tree);
	if (err)
		st_log("make the tree: %s",
		       err == -E2BIG ? "it is deeper or larger than is allowed" : strerror(-err));
	if (!err)
		err = open_all(daemon);
	if (!err)
		err = limit_capabilities();
	if (!err)
		st_mirror_open(&daemon->mirror, daemon->ring, daemon->tree);
	if (!err)
		err = divide_descriptors(daemon);
	if (!err && daemon->transcript)
		st_transcript_header_write(spec, seed, daemon->tree->max_fds,
					   st_transcript_text(daemon->transcript));
	st_sup_spec_put(spec);
	return err;
}

static void on_log(struct st_poll *poll, int result)
{
	(void)poll;
	if (result != -ECANCELED)
		st_log_flush();
}

/* Lines wait for a reader of standard error: the loop goes on, and learns of the room. */
static void watch_log(struct st_daemon *daemon)
{
	int fd = st_log_waiting_fd();

	if (fd >= 0 && !daemon->is_closing && !st_op_is_armed(&daemon->log_poll.op))
		st_poll_start(daemon->ring, &daemon->log_poll, fd, POLLOUT, on_log);
}

/* Run one turn of the loop, and what is done once a turn. */
static int turn(struct st_daemon *daemon)
{
	int err;

	do
		st_processes_spin(&daemon->processes);
	while (daemon->nr_stops && st_held_starts_end(&daemon->processes));
	st_log_flush(); /* the lines of the last turn, if no answer was sent after them */
	watch_log(daemon);
	err = st_ring_run_once(daemon->ring, true);

	if (err < 0) {
		st_log("the event loop: %s", strerror(-err));
		return err;
	}
	st_events_pump(daemon->history.events);
	st_outputs_pump(daemon->outputs);
	err = daemon->transcript ? st_transcript_flush(daemon->transcript) : 0;
	if (err)
		st_log("write %s: %s; the transcript ends here", daemon->options.transcript,
		       strerror(-err));
	return 0;
}

static int run(struct st_daemon *daemon)
{
	static const struct st_event boot = { .type = ST_EV_BOOT };
	int err = 0;

	st_log_gather();
	st_shell_post(&daemon->shell, &boot);
	while (!err && !st_stopping_is_done(daemon))
		err = turn(daemon);
	return err ? EXIT_FAILURE : daemon->exit_status;
}

static void tear_down(struct st_daemon *daemon)
{
	st_control_free(daemon->control);
	st_probes_done(&daemon->probes);
	st_processes_done(&daemon->processes);
	st_leftover_none(daemon->options.socket);
	st_outputs_free(daemon->outputs);
	st_untils_free(daemon->untils);
	st_monitors_done(&daemon->monitors);
	st_names_done(&daemon->names);
	st_names_done(&daemon->groups);
	st_offers_done(&daemon->offers);
	st_events_free(daemon->history.events);
	st_transcript_close(daemon->transcript);
	st_shell_done(&daemon->shell);
	st_requests_done(&daemon->requests);
	st_tree_free(daemon->tree);
	st_identities_done(&daemon->identities);
	st_variables_done(&daemon->variables);
	st_own_service_done(&daemon->own_service);
	st_mirror_done(&daemon->mirror);
	st_deadline_done(&daemon->sweep);
	st_ring_free(daemon->ring);
	if (daemon->signal_fd >= 0)
		close(daemon->signal_fd);
	st_options_done(&daemon->options);
}

int main(int argc, char **argv)
{
	static struct st_daemon daemon = { .signal_fd = -1, .mirror.news_fd = -1 };
	int err, status;

	switch (st_options_read(argc, argv, &daemon.options)) {
	case ST_ACTION_FEATURES:
		return print_features();
	case ST_ACTION_EXIT:
		return EXIT_SUCCESS;
	case ST_ACTION_USAGE:
		return 2;
	case ST_ACTION_RUN:
		break;
	}
	st_log_open();
	st_json_init_memory();
	/* answers go back to the kernel when they are sent; glibc's own threshold grows */
	(void)mallopt(M_MMAP_THRESHOLD, 64 << 10); /* failure only costs memory */
	daemon.started_ns = st_clock_ns();
	st_list_init(&daemon.stop_waiters);
	st_list_init(&daemon.aheads);
	st_identities_init(&daemon.identities);
	st_variables_init(&daemon.variables);
	st_names_init(&daemon.names, ST_MAX_NAMES);
	st_names_init(&daemon.groups, ST_MAX_MEMBERSHIPS);
	st_offers_init(&daemon.offers);
	err = st_signal_block_all();
	if (!err)
		err = st_signal_reset_ignored();
	if (err)
		st_log("set up signals: %s", strerror(-err));
	else
		err = start_up(&daemon);
	status = err ? EXIT_FAILURE : run(&daemon);
	if (!err) /* else the kernel closes what was opened */
		tear_down(&daemon);
	st_log_close(LOG_PATIENCE_MS);
	return status;
}
