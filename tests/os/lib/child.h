/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For tests of os/: start a process, wait for events of it, hear what it says.
 * Every wait is for an event (a futex, an end of file, a pidfd); the harness's
 * time limit is the only clock.
 */
#ifndef ST_TESTS_OS_CHILD_H
#define ST_TESTS_OS_CHILD_H

#include <stdbool.h>

#include "os/pidref.h"
#include "os/spawn/spawn.h"
#include "temporary.h"

/* A program of tests/os/programs, by name. */
#define PROGRAM(name) ST_TEST_OUT "/programs/" name

#define TEXT_MAX 8192

/**
 * struct outcome - what became of a process
 * @failure: why it could not be started; step NONE if it could
 * @how: how it ended
 * @text: what it wrote to stdout
 */
struct outcome {
	struct st_spawn_failure failure;
	struct st_exit how;
	char text[TEXT_MAX];
};

/* Block until the exec is done or has failed. */
void await_exec(struct st_spawn *spawn);

/* Block until the process has ended, and reap it. */
struct st_exit await_end(const struct st_pidref *ref);

/* Block until @fd has nothing more, and close it; the text is NUL-terminated. */
void read_all(int fd, char *ret_text, size_t size);

/* Block for one byte; its value, or -1 at the end of the file. */
int read_byte(int fd);

/*
 * Start @request in a pool of its own with stdout into a pipe, unless it has one
 * already; wait for its end. No failure is one of the test: look at the outcome.
 */
struct outcome run(const struct st_spawn_request *request);

/* The same with a program and arguments, NULL-terminated, and an empty environment. */
struct outcome run_program(char *const argv[]);

/* The value of a line "key:\tvalue" or "key: value" of @text; "" if there is none. */
const char *value_of(const char *text, const char *key);

/* Make a request of a program; @argv[0] is the path. */
void request_program(struct st_spawn_request *request, char *const argv[]);

/* A directory of its own, that all can enter; @name gets the path. Removed by remove_dir(). */
void make_dir(char name[TEMPORARY_SIZE]);
void remove_dir(const char *name);

/* Make a new file with this content and mode. */
void make_file(const char *path, const char *content, unsigned int mode);

/* The lowest descriptor number that is not open: the same before and after, nothing leaked. */
int lowest_free(void);

/*
 * Open descriptors until there are no more, and close them again: how many could
 * be opened. The leak check at the end of a test needs some itself.
 */
int use_up_fds(void);
void give_back_fds(void);

/* Give up root for good: uid and gid 65534, no groups, no capabilities. */
void become_nobody(void);

/* Give up one capability (CAP_*) for good. */
void drop_capability(unsigned int capability);

#endif
