// SPDX-License-Identifier: GPL-2.0-only
/*
 * A worker whose argument describes its behaviour, for tests and experiments.
 *
 *	st-worker [...] BEHAVIOUR
 *
 * BEHAVIOUR is JSON; tests/otp/FORMAT.md describes it, and behaviour.h parses it. The
 * last argument counts, so that a child of a template can have its own. Start it with
 * `ready: notify`. SIGTERM asks it to stop. SIGRTMIN+1 with a value makes it end: the
 * value is an exit status, or 256 plus the number of a signal.
 *
 * The attempts at a path are counted in a file of the folder $ST_WORKER_DIR, whose name
 * is the path with a tab for each '/': one byte an attempt, 'r', or 'e' for a process
 * that will end by itself as soon as it is READY. Without that folder each attempt
 * counts as the first. It never makes other processes.
 */
#include "workers/behaviour.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define END_BY_SIGNAL 256
#define USAGE 2

static void fail(const char *what)
{
	(void)fprintf(stderr, "st-worker: %s: %s\n", what, strerror(errno));
	exit(USAGE);
}

static void end(const struct st_worker_end *how)
{
	sigset_t set;

	if (!how->by_signal)
		exit(how->number);
	(void)sigemptyset(&set);
	(void)sigaddset(&set, how->number);
	(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
	(void)raise(how->number);
	fail("die of a signal");
}

/* Let time pass; all signals that matter are blocked. */
static void delay(unsigned int ms)
{
	const struct timespec time = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };

	if (ms && ppoll(NULL, 0, &time, NULL) < 0)
		fail("wait");
}

static const char *counter_name(const char *path)
{
	static char name[4096];

	(void)snprintf(name, sizeof(name), "%s", path);
	for (char *c = name; *c; c++)
		if (*c == '/')
			*c = '\t';
	return name;
}

/* The file that counts the attempts, or -1: they are not counted. */
static int open_counter(void)
{
	const char *dir = getenv("ST_WORKER_DIR"), *path = getenv("SUPTREE_PATH");
	int dir_fd, fd;

	if (!dir || !path)
		return -1;
	dir_fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir_fd < 0)
		fail(dir);
	fd = openat(dir_fd, counter_name(path), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		fail(counter_name(path));
	(void)close(dir_fd);
	return fd;
}

static unsigned int count_attempts(int counter)
{
	struct stat status;

	if (counter < 0)
		return 0;
	if (fstat(counter, &status))
		fail("count attempts");
	return (unsigned int)status.st_size;
}

static void note_attempt(int counter, const struct st_behaviour *behaviour)
{
	char mark = behaviour->ends && !behaviour->ends_after_ms ? 'e' : 'r';

	if (counter < 0)
		return;
	if (write(counter, &mark, 1) != 1)
		fail("count an attempt");
	(void)close(counter);
}

static void notify(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void notify(const char *format, ...)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = getenv("NOTIFY_SOCKET");
	char message[1024];
	va_list args;
	int fd;

	va_start(args, format);
	(void)vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	if (!path || strlen(path) >= sizeof(address.sun_path))
		return;
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || sendto(fd, message, strlen(message), MSG_NOSIGNAL,
			     (struct sockaddr *)&address, sizeof(address)) < 0)
		fail("notify");
	(void)close(fd);
}

static void start(const struct st_behaviour *behaviour)
{
	static const struct st_worker_end quietly = { false, 0 };

	delay(behaviour->start_delay_ms);
	switch (behaviour->start) {
	case ST_WORKER_READY:
		notify("READY=1\n");
		break;
	case ST_WORKER_IGNORE:
		notify("X_SUPTREE=IGNORE\n");
		end(&quietly);
		break;
	case ST_WORKER_ERROR:
		notify("X_SUPTREE_ERROR=%s\n", behaviour->error);
		end(&quietly);
		break;
	case ST_WORKER_EXIT:
		end(&behaviour->start_end);
		break;
	}
}

static void stop(const struct st_behaviour *behaviour)
{
	if (behaviour->ignores_stop)
		return;
	delay(behaviour->stop_delay_ms);
	end(&behaviour->stop_end);
}

static void end_as_told(int value)
{
	const struct st_worker_end how = {
		.by_signal = value >= END_BY_SIGNAL,
		.number = value >= END_BY_SIGNAL ? value - END_BY_SIGNAL : value,
	};

	end(&how);
}

static void run(const struct st_behaviour *behaviour, const sigset_t *signals)
{
	const struct timespec time = {
		.tv_sec = behaviour->ends_after_ms / 1000,
		.tv_nsec = behaviour->ends_after_ms % 1000 * 1000000L,
	};

	for (;;) {
		siginfo_t info;
		int signo = sigtimedwait(signals, &info, behaviour->ends ? &time : NULL);

		if (signo < 0 && errno == EAGAIN)
			end(&behaviour->end);
		if (signo == SIGTERM)
			stop(behaviour);
		else if (signo > 0)
			end_as_told(info.si_value.sival_int);
	}
}

static void block(sigset_t *signals)
{
	(void)sigemptyset(signals);
	(void)sigaddset(signals, SIGTERM);
	(void)sigaddset(signals, SIGRTMIN + 1);
	if (sigprocmask(SIG_BLOCK, signals, NULL))
		fail("block signals");
	/* deaths by signals are part of the play: no core files */
	(void)setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
}

int main(int argc, char **argv)
{
	struct st_behaviour behaviour;
	sigset_t signals;
	json_t *json;
	int counter;

	if (argc < 2) {
		(void)fprintf(stderr, "usage: st-worker BEHAVIOUR\n");
		return USAGE;
	}
	block(&signals);
	json = json_loads(argv[argc - 1], 0, NULL);
	counter = open_counter();
	if (!json || !st_behaviour_read(json, count_attempts(counter) + 1, &behaviour)) {
		(void)fprintf(stderr, "st-worker: no behaviour: %s\n", argv[argc - 1]);
		return USAGE;
	}
	note_attempt(counter, &behaviour);
	start(&behaviour);
	run(&behaviour, &signals);
}
