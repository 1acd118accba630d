// SPDX-License-Identifier: GPL-2.0-only
/*
 * st-replay [--state] TRANSCRIPT: feed the events of a transcript to core and compare the effects.
 *
 * The transcript is that of the daemon (suptreed --transcript) or of st-storm --transcript. A bug
 * in the field becomes a test by copying a file.
 *
 * Exit status: 0 the same effects, 1 other ones, 2 the transcript can not be read.
 */
#include <errno.h>
#include <string.h>

#include "core/save.h"
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

/* The state of the tree after the last event. */
static int print_state(const struct st_replay *replay)
{
	struct st_buf text = ST_BUF_INIT;
	int err = replay->tree ? st_tree_save(replay->tree, &text) : 0;

	if (err)
		fprintf(stderr, "st-replay: %s\n", strerror(-err));
	else
		fputs(st_buf_text(&text), stdout);
	st_buf_done(&text);
	return err ? 2 : 0;
}

int main(int argc, char **argv)
{
	bool wants_state = argc == 3 && !strcmp(argv[1], "--state");
	struct st_replay replay = { .has_no_effects = wants_state };
	const char *path = argv[argc - 1];
	enum st_replay_result result;
	int status;
	FILE *transcript;

	if ((argc != 2 && !wants_state) || !strcmp(path, "--help")) {
		fputs("usage: st-replay [--state] TRANSCRIPT\n"
		      "Feed the events of a transcript to core; the effects must be the same.\n"
		      "  --state       print the state of the tree at the end, compare nothing\n",
		      argc == 2 ? stdout : stderr);
		return argc == 2 ? 0 : 2;
	}
	transcript = fopen(path, "re");
	if (!transcript) {
		fprintf(stderr, "st-replay: open %s: %s\n", path, strerror(errno));
		return 2;
	}
	result = st_replay_run(&replay, transcript);
	if (wants_state && result == ST_REPLAY_EQUAL)
		status = print_state(&replay);
	else
		status = report(path, &replay, result);
	st_replay_done(&replay);
	fclose(transcript);
	return status;
}
