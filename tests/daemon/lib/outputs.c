// SPDX-License-Identifier: GPL-2.0-only
/*
 * Outputs without a daemon; see outputs.h.
 */
#include "outputs.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void check(bool is_good, const char *what)
{
	if (is_good)
		return;
	perror(what);
	abort();
}

void outputs_init_without(struct outputs_test *test, enum st_feature feature)
{
	struct st_probe probe;

	test->since_ns = 0;
	check(!st_probe_run(&probe), "probe the ring");
	if (feature < ST_FEATURE__MAX)
		probe.has[feature] = false;
	check(!st_ring_new(&probe, &test->ring), "make a ring");
	check(!st_outputs_new(test->ring, &test->outputs), "make outputs");
}

void outputs_init(struct outputs_test *test)
{
	outputs_init_without(test, ST_FEATURE__MAX);
}

void outputs_done(struct outputs_test *test)
{
	st_outputs_close(test->outputs);
	while (!st_outputs_is_closed(test->outputs))
		check(st_ring_run_once(test->ring, true) >= 0, "take a turn");
	st_outputs_free(test->outputs);
	check(st_ring_nr_armed(test->ring) == 0, "see that no operation is armed");
	st_ring_free(test->ring);
}

static bool turn(struct outputs_test *test, bool can_wait)
{
	int ret = st_ring_run_once(test->ring, can_wait);

	check(ret >= 0, "take a turn");
	st_outputs_pump(test->outputs);
	return ret > 0;
}

void outputs_turn(struct outputs_test *test)
{
	(void)turn(test, true); /* an interrupted wait is a turn as well */
}

void outputs_settle(struct outputs_test *test)
{
	/* what a turn submits may complete in the next */
	while (turn(test, false) || turn(test, false))
		;
}

struct ends outputs_open(struct outputs_test *test, const char *path, uint64_t generation)
{
	struct ends ends;

	check(!st_output_open(test->outputs, path, generation, &ends.out, &ends.err), "open pipes");
	return ends;
}

void ends_close(struct ends *ends)
{
	close(ends->out);
	close(ends->err);
}

void say_bytes(int fd, const char *bytes, size_t len)
{
	while (len) {
		ssize_t nr = write(fd, bytes, len);

		check(nr > 0, "write to a pipe");
		bytes += nr;
		len -= (size_t)nr;
	}
}

void say(int fd, const char *text)
{
	say_bytes(fd, text, strlen(text));
}

static void add_line(struct outputs_test *test, const json_t *line)
{
	const char *stream = json_string_value(json_object_get(line, "stream"));
	size_t len = strlen(test->text);

	check(json_is_integer(json_object_get(line, "time_ns")) &&
		      json_string_length(json_object_get(line, "wall")) ==
			      strlen("2026-11-22T18:23:05.123456Z"),
	      "find a time");
	snprintf(test->text + len, sizeof(test->text) - len, "%s:%s ",
		 strcmp(stream, "stderr") ? "out" : "err",
		 json_string_value(json_object_get(line, "text")));
}

const char *outputs_lines(struct outputs_test *test, const char *path, uint32_t max)
{
	struct st_buf text = ST_BUF_INIT;
	struct st_json json;
	json_t *result, *line;
	size_t i;

	st_json_init(&json, &text);
	st_outputs_write(test->outputs, path, max, test->since_ns, &json);
	result = json_loadb(text.data, text.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	check(json_is_array(json_object_get(result, "lines")), "read what was written");
	test->text[0] = '\0';
	json_array_foreach(json_object_get(result, "lines"), i, line)
		add_line(test, line);
	json_decref(result);
	st_buf_done(&text);
	return test->text;
}

unsigned int count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned int nr = 0;

	check(dir != NULL, "list descriptors");
	while (readdir(dir))
		nr++;
	closedir(dir);
	return nr;
}
