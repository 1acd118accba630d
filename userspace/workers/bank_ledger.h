/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The file from which a bank's books are made again: one line for each entry. Lines are
 * only appended. A line with its newline is an entry. Text after the last newline was
 * being written when the bank died; no message about it was sent, and it is cut off.
 * Only bank.c uses this.
 *
 * For lessons and tests the bank can be made to die here: before, in or after the writing
 * of an entry. Between entries it only sends messages.
 */
#ifndef ST_WORKERS_BANK_LEDGER_H
#define ST_WORKERS_BANK_LEDGER_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "workers/bank_books.h"

struct ledger {
	int fd;
	char crash[16]; /* "before", "in" or "after"; "" is never */
	char crash_word[16];
};

static inline bool is_planned(const struct ledger *ledger, const char *when, const char *word)
{
	return !strcmp(ledger->crash, when) && !strcmp(ledger->crash_word, word);
}

static inline void crash(void)
{
	(void)kill(getpid(), SIGKILL);
}

/* Every line to the books. *ret_end is where the last whole one ends. */
static inline const char *read_ledger(FILE *file, struct books *books, unsigned long *ret_nr,
				      off_t *ret_end)
{
	char line[MAX_ENTRY + 1];
	const char *error = NULL;

	while (!error && fgets(line, sizeof(line), file)) {
		size_t len = strlen(line);
		struct entry entry;

		++*ret_nr;
		if (!len || line[len - 1] != '\n')
			return feof(file) ? NULL : "no entry";
		line[len - 1] = '\0';
		error = read_entry(line, &entry) ? apply_entry(books, &entry) : "no entry";
		*ret_end += (off_t)len;
	}
	return error;
}

/**
 * open_ledger() - open a ledger and make the books from it
 * @ledger: its fd is to be closed by the end of the process
 * @path: of the file, which is made if it is not there
 * @books: empty
 * @ret_nr: the number of the last line
 *
 * Return: NULL, or what is wrong.
 */
static inline const char *open_ledger(struct ledger *ledger, const char *path, struct books *books,
				      unsigned long *ret_nr)
{
	const char *error;
	off_t end = 0;
	FILE *file;

	/* O_DSYNC: written data survives a crash of the machine */
	ledger->fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_DSYNC | O_CLOEXEC, 0600);
	file = ledger->fd < 0 ? NULL : fopen(path, "re");
	if (!file)
		return strerror(errno);
	error = read_ledger(file, books, ret_nr, &end);
	if (!error && (ferror(file) || ftruncate(ledger->fd, end)))
		error = strerror(errno);
	fclose(file);
	return error;
}

/*
 * A bank that cannot write ends: it must not send a message about something that it might
 * forget. The next incarnation cuts off the incomplete line.
 */
static inline void write_ledger(const struct ledger *ledger, const struct entry *entry)
{
	const char *word = entry_forms[entry->kind].word;
	char line[MAX_ENTRY];
	size_t len = write_entry(entry, line), half = len / 2;

	line[len++] = '\n';
	if (is_planned(ledger, "before", word))
		crash();
	if (is_planned(ledger, "in", word) && write(ledger->fd, line, half) == (ssize_t)half)
		crash();
	if (write(ledger->fd, line, len) != (ssize_t)len) {
		fprintf(stderr, "bank: write the ledger: %s\n", strerror(errno));
		exit(EXIT_FAILURE);
	}
	if (is_planned(ledger, "after", word))
		crash();
}

#endif
