// SPDX-License-Identifier: GPL-2.0-only
/*
 * Starting processes for tests of os/; see child.h. What cannot fail in a sane
 * machine ends the test by abort().
 */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/futex.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/fd.h"
#include "os/pipe.h"

static char *const no_environment[] = { NULL };

static void must(bool is_true, const char *what)
{
	if (is_true)
		return;
	perror(what);
	abort();
}

void await_exec(struct st_spawn *spawn)
{
	while (st_spawn_in_flight(spawn))
		(void)syscall(SYS_futex, st_spawn_tid_word(spawn), FUTEX_WAIT, ST_SPAWN_TID_BUSY,
			      NULL, NULL, 0);
}

struct st_exit await_end(const struct st_pidref *ref)
{
	struct pollfd poll_fd = { .fd = ref->fd, .events = POLLIN };
	struct st_exit how = { 0, 0 };
	int ret;

	do
		ret = poll(&poll_fd, 1, -1);
	while (ret < 0 && errno == EINTR);
	must(ret == 1, "poll a pidfd");
	must(st_pidref_wait(ref, &how, NULL) == 1, "reap");
	return how;
}

static void await_readable(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	must(poll(&poll_fd, 1, -1) == 1, "poll a pipe");
}

void read_all(int fd, char *ret_text, size_t size)
{
	size_t len = 0;

	for (;;) {
		await_readable(fd);
		ssize_t got = read(fd, ret_text + len, size - 1 - len);

		must(got >= 0, "read");
		if (!got)
			break;
		len += (size_t)got;
	}
	ret_text[len] = '\0';
	st_fd_close(&fd);
}

int read_byte(int fd)
{
	unsigned char byte;

	await_readable(fd);
	return read(fd, &byte, 1) == 1 ? byte : -1;
}

static void start_and_wait(struct st_spawn_pool *pool, const struct st_spawn_request *request,
			   struct st_pidref *ret_ref, struct st_spawn_failure *ret_failure)
{
	struct st_spawn *spawn;

	st_pidref_init(ret_ref);
	if (st_spawn_begin(pool, request, ST_SPAWN_GATE_OPEN, &spawn, ret_failure) < 0)
		return;
	*ret_ref = st_pidref_take(st_spawn_pidref(spawn));
	await_exec(spawn);
	if (st_spawn_finish(spawn, ret_failure) == 0)
		ret_failure->step = ST_SPAWN_STEP_NONE;
}

struct outcome run(const struct st_spawn_request *request)
{
	struct st_spawn_request copy = *request;
	struct st_spawn_pool *pool;
	struct st_pidref ref;
	struct outcome outcome = { 0 };
	int reader = -1;
	int writer = -1;

	must(st_spawn_pool_new(0, &pool) == 0, "make a pool");
	if (copy.stdio[1] == ST_SPAWN_FD_NULL) {
		must(st_pipe_open(&reader, &writer) == 0, "make a pipe");
		copy.stdio[1] = writer;
	}
	start_and_wait(pool, &copy, &ref, &outcome.failure);
	st_fd_close(&writer);
	if (reader >= 0)
		read_all(reader, outcome.text, sizeof(outcome.text));
	if (st_pidref_is_set(&ref))
		outcome.how = await_end(&ref);
	st_pidref_done(&ref);
	st_spawn_pool_free(pool);
	return outcome;
}

void request_program(struct st_spawn_request *request, char *const argv[])
{
	st_spawn_request_init(request);
	request->path = argv[0];
	request->argv = argv;
	request->envp = no_environment;
}

struct outcome run_program(char *const argv[])
{
	struct st_spawn_request request;

	request_program(&request, argv);
	return run(&request);
}

const char *value_of(const char *text, const char *key)
{
	static char value[TEXT_MAX];
	size_t len = strlen(key);

	value[0] = '\0';
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, key, len) != 0 || line[len] != ':')
			continue;
		const char *start = line + len + 1;

		start += strspn(start, " \t");
		(void)snprintf(value, sizeof(value), "%.*s", (int)strcspn(start, "\n"), start);
		break;
	}
	return value;
}

void make_dir(char name[TEMPORARY_SIZE])
{
	must(temporary_folder(name, "st-test-os.XXXXXX") != NULL, "mkdtemp");
	must(chmod(name, 0755) == 0, "chmod");
}

void remove_dir(const char *name)
{
	char *argv[] = { "/bin/rm", "-rf", (char *)(uintptr_t)name, NULL };
	struct outcome outcome = run_program(argv);

	must(outcome.how.status == 0, "rm -rf");
}

void make_file(const char *path, const char *content, unsigned int mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	must(fd >= 0, path);
	must(write(fd, content, strlen(content)) == (ssize_t)strlen(content), path);
	must(fchmod(fd, mode) == 0, path);
	st_fd_close(&fd);
}

void become_nobody(void)
{
	must(setgroups(0, NULL) == 0, "setgroups");
	must(setresgid(65534, 65534, 65534) == 0, "setresgid");
	must(setresuid(65534, 65534, 65534) == 0, "setresuid");
	/* As a program that was started so: else /proc/self is root's. */
	must(prctl(PR_SET_DUMPABLE, 1) == 0, "prctl");
}

int lowest_free(void)
{
	int fd = dup(0);
	int number = fd;

	st_fd_close(&fd);
	return number;
}

/* What use_up_fds() opened: a row of numbers. */
static int first_used;
static int nr_used;

int use_up_fds(void)
{
	struct rlimit limit;

	must(getrlimit(RLIMIT_NOFILE, &limit) == 0, "getrlimit");
	limit.rlim_cur = 200;
	must(setrlimit(RLIMIT_NOFILE, &limit) == 0, "setrlimit");
	first_used = lowest_free();
	for (nr_used = 0; dup(0) >= 0;)
		nr_used++;
	return nr_used;
}

void give_back_fds(void)
{
	must(close_range((unsigned int)first_used, 199, 0) == 0, "close_range");
}

void drop_capability(unsigned int capability)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	must(syscall(SYS_capget, &header, data) == 0, "capget");
	data[CAP_TO_INDEX(capability)].effective &= ~CAP_TO_MASK(capability);
	data[CAP_TO_INDEX(capability)].permitted &= ~CAP_TO_MASK(capability);
	must(syscall(SYS_capset, &header, data) == 0, "capset");
}
