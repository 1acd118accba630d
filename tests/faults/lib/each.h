/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The test of this part: a scenario, again and again, until each of its calls has
 * been refused once with each plausible errno.
 */
#ifndef ST_TESTS_FAULTS_EACH_H
#define ST_TESTS_FAULTS_EACH_H

#define EITHER (-1)

/**
 * struct answer - the result that replaces the errno of the refused call
 * @kind: the call
 * @error: its errno; 0: any
 * @said: the returned errno; 0: none, it goes on; EITHER: none or its own
 * @why: the reason, for the reader
 */
struct answer {
	const char *kind;
	int error;
	int said;
	const char *why;
};

/**
 * struct scenario - something that os/ or loop/ does
 * @run: does it and cleans up: 0, or the reported -errno; a positive result means that
 *	something was wrong
 * @answers: for calls whose errno is not reported; ends with an empty one; NULL: none,
 *	but the results of close() and closedir() do not matter
 */
struct scenario {
	int (*run)(void);
	const struct answer *answers;
};

/* The number of mistakes; each is printed as a comment on stdout. */
int fail_each(const struct scenario *scenario);

/* Begin or end a stretch whose calls count: for one call under test. */
#define COUNTED(call) \
	({ \
		faults_on(); \
		__typeof__(call) counted = (call); \
		faults_off(); \
		counted; \
	})

#endif
