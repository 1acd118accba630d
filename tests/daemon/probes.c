// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probes of real processes by real commands and sockets. [X11]
 *
 * The size of a file counts the commands that were run. Their number decides how each ends,
 * so a test knows what every probe finds.
 */
#include "kselftest_harness.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/alloc.h"
#include "daemon/descriptors.h"
#include "daemon/probes/probes.h"
#include "lib/processes.h"
#include "loop/ring.h"

#define SLEEP "/bin/sleep", "infinity"

/* Ends well if its number, from 0 on, is among the words after the file. */
#define COUNTING \
	"file=$1; shift; n=$(wc -c <\"$file\"); printf . >>\"$file\"; " \
	"for good; do [ $n -ne $good ] || exit 0; done; exit 1"

FIXTURE(probes)
{
	struct processes_test test;
	struct st_probes probes;
	struct st_descriptors descriptors;
	struct st_probe_spec spec;
	char counter[TEMPORARY_SIZE + 16];
	char address[TEMPORARY_SIZE + 32];
	uint64_t generation; /* of the child */
	bool is_open;
};

/* How many commands have counted. */
static off_t counter(const FIXTURE_DATA(probes) * self)
{
	struct stat status;

	if (stat(self->counter, &status))
		abort();
	return status.st_size;
}

FIXTURE_SETUP(probes)
{
	processes_init(&self->test);
	snprintf(self->counter, sizeof(self->counter), "%s/count", self->test.folder);
	snprintf(self->address, sizeof(self->address), "unix:%s/sock", self->test.folder);
	close(open(self->counter, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	self->descriptors = (struct st_descriptors){ .limit = 100, .clients = 100 };
	self->spec = (struct st_probe_spec){
		.type = ST_PROBE_COMMAND,
		.interval_ms = 1,
		.timeout_ms = 3600000,
		.failures = 1,
	};
}

static void end_probes(FIXTURE_DATA(probes) * self)
{
	st_probes_ended(&self->probes, self->generation);
	while (self->probes.nr_active)
		processes_turn(&self->test);
}

FIXTURE_TEARDOWN(probes)
{
	if (self->is_open)
		end_probes(self);
	EXPECT_EQ(0, self->descriptors.nr_lent);
	EXPECT_EQ(0, self->probes.by_generation.nr);
	EXPECT_TRUE(!self->is_open || st_list_is_empty(&self->probes.line));
	unlink(self->counter);
	unlink(self->address + strlen("unix:"));
	processes_done(&self->test);
	st_probes_done(&self->probes);
}

static const struct st_child *child_of(const FIXTURE_DATA(probes) * self)
{
	return st_tree_find(self->test.tree, "a");
}

/* Start the child a with the probe, which is made from now on if it decides when a is ready. */
static void start(FIXTURE_DATA(probes) * self, enum st_ready ready)
{
	static const char *const argv[] = { SLEEP, NULL };
	struct st_child_def def;

	processes_define(&def, "a", argv);
	def.process.probe = &self->spec;
	def.process.ready = ready;
	processes_add(&self->test, &def);
	processes_boot(&self->test);
	st_probes_init(&self->probes, self->test.outputs.ring, &self->test.shell, self->test.tree,
		       &self->test.processes, &self->descriptors);
	self->is_open = true;
	processes_run_until(&self->test, ready == ST_READY_PROBE ? "a spawned" : "a ready");
	self->generation = child_of(self)->generation;
	st_probes_spawned(&self->probes, child_of(self));
}

/* The same with a counting command; @good: the numbers of the probes that are to succeed. */
#define START_COUNTING(self, ready, ...) \
	do { \
		static const char *good[] = { "/bin/sh", "-c",		COUNTING, "sh", \
					      "",	 ##__VA_ARGS__, NULL }; \
\
		good[4] = self->counter; \
		self->spec.argv = good; \
		self->spec.nr_args = ST_ARRAY_SIZE(good) - 1; \
		start(self, ready); \
	} while (0)

static void run_until_counted(FIXTURE_DATA(probes) * self, off_t number)
{
	while (counter(self) < number)
		processes_turn(&self->test);
}

static size_t nr_of(const FIXTURE_DATA(probes) * self, const char *text)
{
	size_t nr = 0;

	for (const char *at = self->test.log; (at = strstr(at, text)); at++)
		nr++;
	return nr;
}

TEST_F(probes, the_first_probe_that_succeeds_makes_a_child_ready_and_no_other_does) /* [X11] */
{
	START_COUNTING(self, ST_READY_PROBE, "3", "4", "5");
	EXPECT_EQ(NULL, strstr(self->test.log, "a ready"));
	processes_run_until(&self->test, "a ready");
	EXPECT_LE(4, counter(self));
	/* without st_probes_started() no failure counts, though more than one is needed */
	run_until_counted(self, 8);
	EXPECT_EQ(1, nr_of(self, "a ready"));
	EXPECT_EQ(0, nr_of(self, "a unhealthy"));
}

TEST_F(probes, only_failures_in_a_row_make_a_child_unhealthy) /* [X11] */
{
	self->spec.failures = 2;
	START_COUNTING(self, ST_READY_EXEC, "1", "3", "4");
	EXPECT_EQ(0, self->probes.by_generation.nr); /* it is not probed before it is started */
	st_probes_started(&self->probes, child_of(self));
	processes_run_until(&self->test, "a unhealthy");
	EXPECT_EQ(7, counter(self)); /* 0 and 2 failed alone, 5 and 6 together */
	processes_run_until(&self->test, "a exited \"killed\"");
	EXPECT_EQ(1, nr_of(self, "a unhealthy"));
	EXPECT_EQ(7, counter(self)); /* nothing more to find out */
}

TEST_F(probes, with_0_failures_none_matters) /* [X11] */
{
	self->spec.failures = 0;
	START_COUNTING(self, ST_READY_EXEC);
	st_probes_started(&self->probes, child_of(self));
	run_until_counted(self, 10);
	EXPECT_EQ(0, nr_of(self, "a unhealthy"));
}

TEST_F(probes, a_probe_beyond_its_time_is_ended_and_has_failed) /* [X11] */
{
	static const char *const argv[] = { SLEEP };

	self->spec.argv = argv;
	self->spec.nr_args = 2;
	self->spec.timeout_ms = 1;
	self->spec.failures = 3;
	start(self, ST_READY_EXEC);
	st_probes_started(&self->probes, child_of(self));
	processes_run_until(&self->test, "a unhealthy");
	EXPECT_EQ(0, self->probes.nr_active);
}

TEST_F(probes, the_end_of_a_child_ends_its_probe_without_an_outcome) /* [X11] */
{
	static const char *const argv[] = { SLEEP };

	self->spec.argv = argv;
	self->spec.nr_args = 2;
	start(self, ST_READY_EXEC);
	st_probes_started(&self->probes, child_of(self));
	while (!self->probes.nr_active)
		processes_turn(&self->test);
	EXPECT_EQ(1, self->descriptors.nr_lent);
	end_probes(self);
	EXPECT_EQ(0, self->probes.by_generation.nr);
	EXPECT_EQ(0, nr_of(self, "a unhealthy"));
	EXPECT_NE(NULL, processes_find(&self->test, "a"));
}

TEST_F(probes, without_a_descriptor_none_is_made_and_that_says_nothing_about_the_child)
{
	self->descriptors.clients = 0;
	START_COUNTING(self, ST_READY_EXEC, "0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
	st_probes_started(&self->probes, child_of(self));
	for (int i = 0; i < 10; i++)
		processes_turn(&self->test); /* which waits until the next one is due */
	EXPECT_EQ(0, counter(self));
	EXPECT_EQ(0, nr_of(self, "a unhealthy"));
	self->descriptors.clients = 1;
	run_until_counted(self, 1);
}

TEST_F(probes, a_socket_is_well_while_it_accepts) /* [X11] */
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/sock", self->test.folder);
	ASSERT_EQ(0, bind(fd, (const struct sockaddr *)&address, sizeof(address)));
	self->spec.type = ST_PROBE_TCP;
	self->spec.address = self->address;
	start(self, ST_READY_PROBE);
	while (self->probes.nr_active || !st_list_is_empty(&self->probes.line))
		processes_turn(&self->test);
	EXPECT_EQ(0, nr_of(self, "a ready")); /* nobody listens yet */
	ASSERT_EQ(0, listen(fd, 128));
	processes_run_until(&self->test, "a ready");
	st_probes_started(&self->probes, child_of(self));
	close(fd);
	processes_run_until(&self->test, "a unhealthy");
}

TEST_F(probes, without_memory_a_child_is_not_probed_and_nothing_is_kept)
{
	unsigned long nr = 0;

	START_COUNTING(self, ST_READY_EXEC, "0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
	do {
		EXPECT_EQ(0, self->probes.by_generation.nr);
		st_alloc_fail_at(++nr);
		st_probes_started(&self->probes, child_of(self));
		st_alloc_fail_at(0);
	} while (!self->probes.by_generation.nr && nr < 100);
	EXPECT_LT(1, nr);
	run_until_counted(self, 1); /* whole, at last */
}

TEST_F(probes, a_command_without_memory_says_nothing_about_the_child)
{
	START_COUNTING(self, ST_READY_EXEC, "0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
	st_probes_started(&self->probes, child_of(self));
	for (unsigned long nr = 1; !counter(self); nr++) {
		st_alloc_fail_at(nr);
		processes_turn(&self->test);
		st_alloc_fail_at(0);
		ASSERT_GT(1000, nr);
		EXPECT_EQ(0, nr_of(self, "a unhealthy"));
	}
}

TEST_HARNESS_MAIN
