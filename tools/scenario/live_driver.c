// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver of a real daemon: calls go over its control socket, workers are
 * processes of st-worker.
 *
 * It subscribes to all events before anything else happens. Each event has a number, so
 * the driver knows when all events up to an answer have come. A worker that will end by
 * itself right after its start notes that in its file of attempts (st-worker.c): the tree
 * has not settled before that end.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "die.h"
#include "driver.h"
#include "live_daemon.h"
#include "os/fd.h"
#include "proto/conn.h"
#include "workers/behaviour.h"

#define PATIENCE_MS 60000 /* only a guard against hanging */
#define END_BY_SIGNAL 256 /* as in st-worker.c */

struct live_driver {
	struct st_driver driver;
	struct st_live_daemon daemon;
	struct st_conn *conn;
	json_int_t seq; /* of the last event that has come */
	json_t *leftover; /* when the daemon has ended */
};

static struct live_driver *live_of(struct st_driver *driver)
{
	return container_of(driver, struct live_driver, driver);
}

/* The file in which the attempts at a path are counted. */
static int open_attempts(const struct live_driver *live, const char *path, int flags)
{
	char *name = st_need(strdup(path));
	st_cleanup(st_fd_close) int dir = -1;
	int fd;

	for (char *c = name; *c; c++)
		if (*c == '/')
			*c = '\t';
	dir = open(st_live_daemon_path(&live->daemon, "attempts"), O_PATH | O_CLOEXEC);
	fd = openat(dir, name, flags | O_CLOEXEC, 0600);
	if (fd < 0)
		st_die("open the attempts at %s: %s", path, strerror(errno));
	free(name);
	return fd;
}

/* Attempts of supervisors count too, should a worker ever have their path. */
static void note_supervisor(const struct live_driver *live, const char *path)
{
	st_cleanup(st_fd_close) int fd = open_attempts(live, path, O_WRONLY | O_APPEND | O_CREAT);

	if (write(fd, "r", 1) != 1)
		st_die("note an attempt at %s: %s", path, strerror(errno));
}

static void take_event(struct live_driver *live, const json_t *event)
{
	live->seq = json_integer_value(json_object_get(event, "seq"));
	st_record_event(&live->driver.record, event);
	if (!strcmp(st_need_text(event, "event"), "starting"))
		note_supervisor(live, st_need_text(event, "path"));
}

/* Wait for the next event. Returns false if there was none for so long. */
static bool next_event(struct live_driver *live, int timeout_ms)
{
	json_t *message;
	int err = st_conn_next(live->conn, timeout_ms, &message);

	if (err == -ETIMEDOUT)
		return false;
	if (err)
		st_die("wait for events: %s", st_conn_error(live->conn));
	if (strcmp(st_need_text(message, "method"), "event"))
		st_die("events were lost");
	take_event(live, json_object_get(message, "params"));
	json_decref(message);
	return true;
}

static void need_event(struct live_driver *live, const char *goal)
{
	if (!next_event(live, PATIENCE_MS))
		st_die("this did not happen: %s", goal);
}

/* Call, and return the answer unchanged. */
static json_t *request(struct live_driver *live, const char *method, json_t *params)
{
	struct st_conn_failure failure;
	json_t *result, *term;
	int err = st_conn_call(live->conn, method, params, PATIENCE_MS, &result, &failure);

	json_decref(params);
	if (!err)
		return st_need(json_pack("{s:o}", "result", result));
	if (err != -EREMOTEIO)
		st_die("%s: %s", method, st_conn_error(live->conn));
	term = json_object_get(json_object_get(failure.error, "data"), "otp");
	if (!term)
		st_die("%s: %s", method, st_need_text(failure.error, "message"));
	result = json_pack("{s:O}", "error", term);
	json_decref(failure.error);
	return st_need(result);
}

/* Take the events that had happened when this was called. */
static void catch_up(struct live_driver *live)
{
	json_t *answer = request(live, "status", NULL);
	json_int_t seq =
		json_integer_value(json_object_get(json_object_get(answer, "result"), "seq"));

	json_decref(answer);
	while (live->seq < seq)
		need_event(live, "an event that has a number already");
}

static json_t *call(struct st_driver *driver, const char *method, json_t *params)
{
	json_t *answer = request(live_of(driver), method, params);

	catch_up(live_of(driver));
	return answer;
}

static void end(struct st_driver *driver, const struct st_attempt *attempt, const json_t *reason)
{
	struct st_worker_end how;
	union sigval value;
	int err;

	if (!st_behaviour_end(reason, &how))
		st_die("no reason to end with");
	value.sival_int = how.by_signal ? END_BY_SIGNAL + how.number : how.number;
	if (how.by_signal && how.number == SIGKILL)
		err = kill(attempt->pid, SIGKILL);
	else
		err = sigqueue(attempt->pid, SIGRTMIN + 1, value);
	if (err && errno != ESRCH)
		st_die("end %s: %s", attempt->path, strerror(errno));
	while (!attempt->has_ended)
		need_event(live_of(driver), "the end of a worker");
}

static bool ends_by_itself(const struct live_driver *live, const struct st_attempt *attempt)
{
	st_cleanup(st_fd_close) int fd = open_attempts(live, attempt->path, O_RDONLY);
	char mark;

	if (pread(fd, &mark, 1, (off_t)attempt->inc - 1) != 1)
		st_die("attempt %u at %s was not counted", attempt->inc, attempt->path);
	return mark == 'e';
}

/* A worker that is going to end right now, or NULL. */
static const struct st_attempt *find_ending(const struct live_driver *live)
{
	const struct st_record *record = &live->driver.record;

	for (size_t i = 0; i < record->nr; i++) {
		const struct st_attempt *attempt = record->attempts[i];

		if (attempt->has_started && !attempt->has_ended && attempt->pid &&
		    ends_by_itself(live, attempt))
			return attempt;
	}
	return NULL;
}

/* Settled: no event came after the last check, and no worker is about to end. */
static void settle(struct st_driver *driver)
{
	struct live_driver *live = live_of(driver);
	const struct st_attempt *ending;
	json_int_t seq;

	do {
		json_t *answer = call(driver, "settle", NULL);

		seq = json_integer_value(json_object_get(json_object_get(answer, "result"), "seq"));
		json_decref(answer);
		ending = find_ending(live);
		while (ending && !ending->has_ended)
			need_event(live, "the end of a worker by itself");
	} while (live->seq != seq);
}

static uint64_t now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void pass(struct st_driver *driver, unsigned int ms)
{
	uint64_t now = now_ms(), until = now + ms;

	for (; now < until; now = now_ms())
		(void)next_event(live_of(driver), (int)(until - now)); /* or none */
}

static void shut_down(struct st_driver *driver)
{
	struct live_driver *live = live_of(driver);
	json_t *message;
	int err;

	st_live_daemon_ask_to_stop(&live->daemon);
	while (!(err = st_conn_next(live->conn, PATIENCE_MS, &message))) {
		take_event(live, json_object_get(message, "params"));
		json_decref(message);
	}
	if (err != -EPIPE)
		st_die("wait for the end of suptreed: %s", st_conn_error(live->conn));
	live->leftover = st_live_daemon_stop(&live->daemon);
}

static bool is_dynamic(struct st_driver *driver, const char *path)
{
	json_t *answer = request(live_of(driver), "tree", json_pack("{s:s}", "path", path));
	const json_t *root = json_object_get(json_object_get(answer, "result"), "root");
	const char *strategy = json_string_value(json_object_get(root, "strategy"));
	bool is_so = strategy && !strcmp(strategy, "simple_one_for_one");

	json_decref(answer);
	return is_so;
}

static json_t *take_leftover(struct st_driver *driver)
{
	return st_need(json_incref(live_of(driver)->leftover));
}

static void free_live(struct st_driver *driver)
{
	struct live_driver *live = live_of(driver);

	st_conn_close(live->conn);
	st_record_done(&driver->record);
	json_decref(live->leftover);
	free(live);
}

struct st_driver *st_live_driver_new(void)
{
	static const struct st_driver_ops ops = {
		.call = call,
		.end = end,
		.settle = settle,
		.pass = pass,
		.shut_down = shut_down,
		.is_dynamic = is_dynamic,
		.leftover = take_leftover,
		.free = free_live,
	};
	struct live_driver *live = st_need(calloc(1, sizeof(*live)));

	live->driver.ops = &ops;
	st_record_init(&live->driver.record);
	st_live_daemon_start(&live->daemon);
	if (st_conn_open(st_live_daemon_path(&live->daemon, "sock"), &live->conn))
		st_die("%s", st_conn_error(live->conn));
	json_decref(call(&live->driver, "subscribe", st_need(json_pack("{s:i}", "since", 0))));
	return &live->driver;
}
