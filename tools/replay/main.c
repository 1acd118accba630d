// SPDX-License-Identifier: GPL-2.0-only
/*
 * st-replay TRANSCRIPT: feed the events of a transcript to core and compare the effects.
 *
 * The transcript is that of the daemon (suptreed --transcript) or of st-storm --transcript. A bug
 * in the field becomes a test by copying a file.
 *
 * Exit status: 0 the same effects, 1 other ones, 2 the transcript can not be read.
 */
#include <errno.h>
#include <string.h>

#include "replay.h"

/* The lines of @a that are not in @b at the same place, with a mark. */
static void print_difference(const char *a, const char *b, char mark)
{
	while (*a) {
		size_t len = strcspn(a, "\n"), len_b = strcspn(b, "\n");

		if (len != len_b || strncmp(a, b, len))
			printf("%c %.*s\n", mark, (int)len, a);
		a += len + (a[len] == '\n');
		b += len_b + (b[len_b] == '\n');
	}
}

static int report(const char *path, const struct st_replay *replay, enum st_replay_result result)
{
	switch (result) {
	case ST_REPLAY_EQUAL:
		printf("%s: %llu events, the same effects\n", path,
		       (unsigned long long)replay->nr_events);
		return 0;
	case ST_REPLAY_DIFFERENT:
		printf("%s\n%s:%llu: event %llu has other effects; - in the transcript, + now:\n",
		       st_buf_text(&replay->before), path, (unsigned long long)replay->event_line,
		       (unsigned long long)replay->nr_events);
		print_difference(st_buf_text(&replay->told), st_buf_text(&replay->done), '-');
		print_difference(st_buf_text(&replay->done), st_buf_text(&replay->told), '+');
		return 1;
	case ST_REPLAY_UNREADABLE:
		fprintf(stderr, "st-replay: %s:%llu:%u: %s\n", path,
			(unsigned long long)replay->nr_lines, replay->mistake_column,
			replay->mistake);
		return 2;
	}
	return 2;
}

int main(int argc, char **argv)
{
	struct st_replay replay = { 0 };
	enum st_replay_result result;
	int status;
	FILE *transcript;

	if (argc != 2 || !strcmp(argv[1], "--help")) {
		fputs("usage: st-replay TRANSCRIPT\n"
		      "Feed the events of a transcript to core; the effects must be the same.\n",
		      argc == 2 ? stdout : stderr);
		return argc == 2 ? 0 : 2;
	}
	transcript = fopen(argv[1], "re");
	if (!transcript) {
		fprintf(stderr, "st-replay: open %s: %s\n", argv[1], strerror(errno));
		return 2;
	}
	result = st_replay_run(&replay, transcript);
	status = report(argv[1], &replay, result);
	st_replay_done(&replay);
	fclose(transcript);
	return status;
}
