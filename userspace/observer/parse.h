/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads the texts of /proc and of control groups: bytes in, numbers out.
 *
 * A process chooses its own name and command line, so a name may have blanks,
 * parentheses and line ends. Nothing here opens a file, and every text may be cut
 * anywhere. tests/fuzz/observer.c feeds it any bytes. Read reading.h next.
 */
#ifndef ST_OBSERVER_PARSE_H
#define ST_OBSERVER_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/compiler.h"

#define ST_NAME_SIZE 64 /* a thread of the kernel may have a name of 63 bytes */

/* /proc/PID/stat, as far as it is used. */
struct st_stat {
	pid_t pid;
	pid_t parent;
	pid_t group;
	pid_t session;
	char state;
	char name[ST_NAME_SIZE];
	uint64_t minor_faults;
	uint64_t major_faults;
	uint64_t user_ticks; /* processor time of its own */
	uint64_t system_ticks; /* the same in the kernel */
	uint64_t waited_user_ticks; /* the same of its children that it has waited for */
	uint64_t waited_system_ticks;
	int64_t priority;
	int64_t nice;
	uint64_t threads;
	uint64_t start_ticks; /* since boot; with the pid it names one process for ever */
	uint64_t size_bytes;
	uint64_t rss_pages;
	uint64_t processor; /* where it ran last */
	uint64_t realtime_priority;
	uint64_t policy;
};

/**
 * st_parse_stat() - read a line of /proc/PID/stat
 * @text: the bytes; need not end with a NUL
 * @len: their number
 * @ret_stat: written only on success
 *
 * Return: 0; -EINVAL: it is no such line, or it is cut.
 */
int st_parse_stat(const char *text, size_t len, struct st_stat *ret_stat) __must_check;

/* A part of a text, borrowed. */
struct st_slice {
	const char *at;
	size_t len;
};

/**
 * st_parse_line() - find a line "KEY: VALUE" or "KEY VALUE"
 * @text: the lines; need not end with a NUL
 * @len: their bytes
 * @key: the key, which begins a line
 * @ret_value: the value without blanks around it; written only on success
 *
 * Return: false: there is no such line.
 */
bool st_parse_line(const char *text, size_t len, const char *key, struct st_slice *ret_value);

/**
 * st_parse_word() - take the next word of a text
 * @text: moved to what follows the word
 * @ret_word: without blanks; written only on success
 *
 * Return: false: there is no word left.
 */
bool st_parse_word(struct st_slice *text, struct st_slice *ret_word);

/**
 * st_parse_u64() - read a number that begins a text
 * @text: the text; what follows the digits does not matter
 * @ret_value: written only on success
 *
 * Return: false: it begins with no digit, or the number is too large.
 */
bool st_parse_u64(struct st_slice text, uint64_t *ret_value);

/* The same for the first number of the line of a key, as in "VmRSS:  12 kB". */
bool st_parse_number(const char *text, size_t len, const char *key, uint64_t *ret_value);

/* "0.29" becomes 29: a number with two digits after the point, in hundredths. */
bool st_parse_hundredths(struct st_slice text, uint64_t *ret_value);

/* A line of /proc/pressure: how much of the time tasks waited, and how long altogether. */
struct st_pressure {
	uint64_t avg10; /* hundredths of a percent */
	uint64_t avg60;
	uint64_t avg300;
	uint64_t total_us;
};

/**
 * st_parse_pressure() - read a line of /proc/pressure
 * @text: the file
 * @len: its bytes
 * @kind: "some" or "full"
 * @ret_pressure: written only on success
 *
 * Return: false: there is no such line, or it has another form.
 */
bool st_parse_pressure(const char *text, size_t len, const char *kind,
		       struct st_pressure *ret_pressure);

/* Return: the word for a letter of the kernel: "sleeping"; "unknown". */
const char *st_parse_state(char letter);

#endif
