// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes lines to standard error. See log.h.
 *
 *	note -> queue -> standard error
 *
 * If a line finds no room, all lines after it are lost until the queue is empty.
 * Then a note reports their number, in front of the next lines. So the note is
 * at the place of the lines that are missing.
 */
#include "daemon/log.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/character.h"
#include "os/nowait.h"

#define NAME "suptreed: "
#define MAX_LINE 8192
#define CUT "...\n"

/* Static: a line must not need memory that may be used up. */
static struct {
	struct st_nowait out;
	char queue[ST_LOG_ROOM];
	size_t len;
	char note[128];
	size_t note_len;
	uint64_t nr_noted; /* of nr_missing */
	uint64_t nr_missing; /* lost since the last note that was written */
	uint64_t nr_lost;
	bool is_gathered;
} lines = { .out = ST_NOWAIT_ASK(STDERR_FILENO) };

static void lose(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] == '\n') {
			lines.nr_missing++;
			lines.nr_lost++;
		}
}

/* Write the beginning of a buffer. Return: false: the rest must wait. */
static bool write_some(char *text, size_t *len)
{
	ssize_t nr = st_nowait_write(&lines.out, text, *len);

	if (nr == -EAGAIN || nr == 0)
		return false;
	if (nr < 0) { /* the reader is gone */
		lose(lines.queue, lines.len);
		lines.len = 0;
		lines.note_len = 0;
		return false;
	}
	*len -= (size_t)nr;
	memmove(text, text + nr, *len);
	return true;
}

static void make_note(void)
{
	lines.nr_noted = lines.nr_missing;
	lines.note_len = (size_t)snprintf(lines.note, sizeof(lines.note),
					  NAME "%llu lines are missing here: nobody read them\n",
					  (unsigned long long)lines.nr_noted);
}

void st_log_flush(void)
{
	for (;;) {
		if (lines.note_len) {
			if (!write_some(lines.note, &lines.note_len))
				return;
			if (!lines.note_len)
				lines.nr_missing -= lines.nr_noted;
		} else if (lines.len) {
			if (!write_some(lines.queue, &lines.len))
				return;
		} else if (lines.nr_missing) {
			make_note();
		} else {
			return;
		}
	}
}

/* Whether lines are missing that no note reports yet. */
static bool has_gap(void)
{
	return lines.nr_missing > (lines.note_len ? lines.nr_noted : 0);
}

static void add(const char *text, size_t len)
{
	if (!lines.is_gathered || len > sizeof(lines.queue) - lines.len)
		st_log_flush();
	if (has_gap() || len > sizeof(lines.queue) - lines.len) {
		lose(text, len);
		return;
	}
	memcpy(lines.queue + lines.len, text, len);
	lines.len += len;
	if (!lines.is_gathered)
		st_log_flush();
}

/* Names and texts of children are in it, and a terminal may show it. */
static void make_fit(char *text)
{
	size_t len = strlen(text);

	while (len) {
		struct st_character character = st_character_read(text, len);

		if (character.kind != ST_CHARACTER_PLAIN && *text != '\n' && *text != '\t')
			memset(text, '?', character.len);
		text += character.len;
		len -= character.len;
	}
}

void st_log(const char *format, ...)
{
	char line[MAX_LINE] = NAME;
	size_t room = sizeof(line) - strlen(NAME);
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(line + strlen(NAME), room, format, args);
	va_end(args);
	if (len < 0) /* it cannot be, with these formats */
		return;
	make_fit(line + strlen(NAME));
	if ((size_t)len + 1 < room)
		memcpy(line + strlen(NAME) + len, "\n", 2);
	else
		memcpy(line + sizeof(line) - sizeof(CUT), CUT, sizeof(CUT));
	add(line, strlen(line));
}

void st_log_text(const char *text)
{
	add(text, strlen(text));
}

void st_log_open(void)
{
	lines.out = st_nowait_open(STDERR_FILENO);
}

void st_log_gather(void)
{
	lines.is_gathered = true;
}

int st_log_waiting_fd(void)
{
	return lines.len || lines.note_len ? lines.out.fd : -1;
}

uint64_t st_log_nr_lost(void)
{
	return lines.nr_lost;
}

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / ST_NSEC_PER_MSEC;
}

void st_log_close(unsigned int patience_ms)
{
	struct pollfd room = { .fd = lines.out.fd, .events = POLLOUT };
	uint64_t end_ms = now_ms() + patience_ms;

	for (st_log_flush(); st_log_waiting_fd() >= 0; st_log_flush()) {
		uint64_t now = now_ms();

		if (now >= end_ms || poll(&room, 1, (int)(end_ms - now)) <= 0)
			break;
	}
	st_nowait_done(&lines.out);
	lines.out = ST_NOWAIT_ASK(STDERR_FILENO);
	lines.is_gathered = false;
}
