/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Outputs on a ring whose turns the test makes itself. The test is the child as
 * well: it writes into the ends that a child would get. All calls abort the
 * test program on an error of the test's own set-up.
 */
#ifndef ST_TESTS_DAEMON_OUTPUTS_H
#define ST_TESTS_DAEMON_OUTPUTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/output/output.h"
#include "loop/ring.h"

struct outputs_test {
	struct st_ring *ring;
	struct st_outputs *outputs;
	uint64_t since_ns; /* outputs_lines() gives none that are older */
	char text[8192]; /* of outputs_lines() */
};

/* The ends that a child has. */
struct ends {
	int out;
	int err;
};

void outputs_init(struct outputs_test *test);

/* On a ring that lacks a feature, as on an older kernel. */
void outputs_init_without(struct outputs_test *test, enum st_feature feature);

/* Close the outputs, run until that is done, and see that nothing is left. */
void outputs_done(struct outputs_test *test);

/* Turns, each with its pump, until there is nothing to do. */
void outputs_settle(struct outputs_test *test);

/* One turn that waits for something to happen, with its pump. */
void outputs_turn(struct outputs_test *test);

struct ends outputs_open(struct outputs_test *test, const char *path, uint64_t generation);
void ends_close(struct ends *ends);

/* Write all of it. */
void say(int fd, const char *text);
void say_bytes(int fd, const char *bytes, size_t len);

/**
 * outputs_lines() - what st_outputs_write() says of a child
 * @test: the outputs
 * @path: of the child
 * @max: lines at most
 *
 * Return: "out:one err:two "; borrowed until the next call.
 */
const char *outputs_lines(struct outputs_test *test, const char *path, uint32_t max);

/* Open descriptors of this process. */
unsigned int count_fds(void);

#endif
