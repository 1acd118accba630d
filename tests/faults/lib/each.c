// SPDX-License-Identifier: GPL-2.0-only
/*
 * The loop over kinds, calls and errnos; see each.h. After each run the process
 * must be as it was before: the same descriptors, the same amount of memory, no
 * child.
 */
#include "each.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "faults.h"

#ifdef ST_SANITIZED
/* clang has a header for this, gcc has not */
size_t __sanitizer_get_current_allocated_bytes(void);
#endif

#define FDS_MAX 1024

/* More calls of one kind than any scenario makes: it would never end. */
#define NTH_MAX 2000

/* What must be the same before and after. */
struct state {
	char fds[FDS_MAX];
	size_t memory;
};

static struct state look(void)
{
	struct state state = { 0 };

	for (int fd = 0; fd < FDS_MAX; fd++)
		state.fds[fd] = fcntl(fd, F_GETFD) >= 0;
#ifdef ST_SANITIZED
	state.memory = __sanitizer_get_current_allocated_bytes();
#endif
	return state;
}

static bool has_child(void)
{
	siginfo_t info;

	return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
}

/* What is wrong, or NULL. */
static const char *compare(const struct state *before)
{
	struct state after = look();

	if (memcmp(before->fds, after.fds, sizeof(after.fds)))
		return "other descriptors are open than before";
	if (before->memory != after.memory)
		return "more or less memory is in use than before";
	if (has_child())
		return "a child is left";
	return NULL;
}

static const struct answer always[] = {
	{ "close", 0, 0, "the number is gone, whatever close says" },
	{ "closedir", 0, 0, "it was only read" },
	{ 0 },
};

static const struct answer *find(const struct answer *answer, const char *kind, int error)
{
	for (; answer && answer->kind; answer++)
		if (!strcmp(answer->kind, kind) && (!answer->error || answer->error == error))
			return answer;
	return NULL;
}

static bool is_right(const struct scenario *scenario, const char *kind, int error, int said)
{
	const struct answer *answer = find(scenario->answers, kind, error);

	if (!answer)
		answer = find(always, kind, error);
	if (!answer)
		return said == error;
	if (answer->said == EITHER)
		return said == 0 || said == error;
	return said == answer->said;
}

/* One run: the number of mistakes. *ret_fired: whether there was such a call. */
static int fail_one(const struct scenario *scenario, unsigned int kind, unsigned long nth,
		    int error, bool *ret_fired)
{
	struct state before = look();
	const char *name = fault_kinds[kind].name;
	const char *wrong;
	int ret;

	faults_arm(kind, nth, error);
	ret = scenario->run();
	faults_off();
	*ret_fired = faults_fired();
	faults_arm(0, 0, 0);
	(void)prctl(PR_SET_DUMPABLE, 1); /* a spawn that cannot tell leaves it off */
	wrong = compare(&before);
	if (!wrong && (*ret_fired ? is_right(scenario, name, error, -ret) : !ret))
		return 0;
	fprintf(stderr, "# %s, call %lu, %s with %s: %d%s%s\n", name, nth,
		*ret_fired ? "refused" : "never refused", strerrorname_np(error), ret,
		wrong ? "; " : "", wrong ? wrong : "");
	return 1;
}

static int fail_kind(const struct scenario *scenario, unsigned int kind)
{
	int nr_wrong = 0;
	bool has_fired = true;

	for (unsigned long nth = 1; has_fired; nth++) {
		const int *errnos = fault_kinds[kind].errnos;

		if (nth > NTH_MAX)
			return nr_wrong + 1;
		for (int i = 0; i < ERRNOS_MAX && errnos[i] && has_fired; i++)
			nr_wrong += fail_one(scenario, kind, nth, errnos[i], &has_fired);
	}
	return nr_wrong;
}

int fail_each(const struct scenario *scenario)
{
	int nr_wrong = 0;

	/* Twice: what is allocated once and for all is there then. */
	for (int i = 0; i < 2; i++) {
		int ret = scenario->run();

		if (ret) {
			fprintf(stderr, "# undisturbed it says %d\n", ret);
			return 1;
		}
	}
	for (unsigned int kind = 0; kind < nr_fault_kinds; kind++)
		nr_wrong += fail_kind(scenario, kind);
	if (faults_unlisted() >= 0) {
		fprintf(stderr, "# system call %ld is not in the table\n", faults_unlisted());
		nr_wrong++;
	}
	return nr_wrong;
}
