/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The test of this part: a scenario, again and again, until each of its calls has
 * been refused once with each plausible errno.
 */
#ifndef ST_TESTS_FAULTS_EACH_H
#define ST_TESTS_FAULTS_EACH_H

#define EITHER (-1)

/**
 * struct answer - what is said instead of the errno of the refused call
 * @kind: which call
 * @error: its errno; 0: any
 * @said: the errno that is answered; 0: none, it goes on; EITHER: none or its own
 * @why: for the reader
 */
struct answer {
	const char *kind;
	int error;
	int said;
	const char *why;
};

/**
 * struct scenario - something that os/ or loop/ does
 * @run: does it and clears everything away: 0, or -errno as it was told;
 *	anything positive says that something was wrong
 * @answers: to calls whose errno is not what is told; ends with an empty one; NULL:
 *	none but that the answers of close() and closedir() do not matter
 */
struct scenario {
	int (*run)(void);
	const struct answer *answers;
};

/* How many mistakes there were; each is told as a comment on stdout. */
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
