// SPDX-License-Identifier: GPL-2.0-only
/*
 * Line by line through a transcript. See replay.h.
 *
 * An event is fed to core when it is read; the effects that the transcript tells come
 * after it, so they are compared when the next line that is no effect comes.
 */
#include "replay.h"

#include <stdlib.h>
#include <string.h>

#include "config/spec_reader.h"
#include "core/save.h"
#include "reader.h"

#define CONTEXT_BYTES 2000 /* of the lines before a difference */

static enum st_replay_result unreadable(struct st_replay *replay, const struct st_reader *reader,
					const char *mistake)
{
	replay->mistake = mistake;
	replay->mistake_column = reader ? (uint32_t)(reader->at - reader->line) + 1 : 1;
	return ST_REPLAY_UNREADABLE;
}

static void remember(struct st_replay *replay, const char *line)
{
	st_buf_add_text(&replay->before, line);
	st_buf_add_char(&replay->before, '\n');
	while (replay->before.len > CONTEXT_BYTES) {
		const char *text = st_buf_text(&replay->before);

		st_buf_consume(&replay->before, (size_t)(strchr(text, '\n') - text) + 1);
	}
}

static enum st_replay_result compare(struct st_replay *replay)
{
	if (!replay->has_no_effects &&
	    strcmp(st_buf_text(&replay->told), st_buf_text(&replay->done)))
		return ST_REPLAY_DIFFERENT;
	st_buf_reset(&replay->told);
	st_buf_reset(&replay->done);
	return ST_REPLAY_EQUAL;
}

static enum st_replay_result begin_tree(struct st_replay *replay, const char *line)
{
	enum st_replay_result result = ST_REPLAY_EQUAL;
	struct st_transcript_header header;
	struct st_reader reader;

	st_tree_free(replay->tree);
	replay->tree = NULL;
	replay->now_ns = 0;
	st_reader_init(&reader, line);
	if (!st_read_header(&reader, &header))
		result = unreadable(replay, &reader, reader.mistake);
	else if (st_tree_new(header.spec, header.seed, &replay->tree))
		result = unreadable(replay, &reader, "this tree can not be loaded");
	else
		replay->tree->max_fds = (uint32_t)header.max_fds;
	st_reader_done(&reader);
	return result;
}

/* The lines of a saved state up to the last one, which loads it. */
static enum st_replay_result take_state(struct st_replay *replay, const char *line)
{
	struct st_load_error error = { .what = "this state can not be loaded" };
	int err;

	st_buf_add_text(&replay->state, line);
	st_buf_add_char(&replay->state, '\n');
	if (!st_reader_is_state_end(line))
		return ST_REPLAY_EQUAL;
	st_tree_free(replay->tree);
	replay->tree = NULL;
	err = st_tree_load(replay->state.data, replay->state.len, &st_config_spec_reader,
			   &replay->tree, &error);
	st_buf_reset(&replay->state);
	if (err)
		return unreadable(replay, NULL, error.what);
	replay->now_ns = replay->tree->now_ns;
	return ST_REPLAY_EQUAL;
}

static void step(struct st_replay *replay, const struct st_event *event)
{
	struct st_effects effects;

	st_step(replay->tree, replay->now_ns, event, &effects);
	for (uint32_t i = 0; i < effects.nr; i++) {
		st_buf_add_text(&replay->done, "  ");
		st_effect_write(&effects.items[i], &replay->done);
		st_buf_add_char(&replay->done, '\n');
	}
	replay->nr_events++;
}

static enum st_replay_result feed(struct st_replay *replay, const char *line)
{
	enum st_replay_result result = ST_REPLAY_EQUAL;
	struct st_reader reader;
	struct st_event event;
	uint64_t now_ns;

	if (!replay->tree)
		return unreadable(replay, NULL,
				  "a transcript begins with a line \"suptree-log 1 ...\"");
	st_reader_init(&reader, line);
	if (!st_read_event(&reader, &now_ns, &event)) {
		result = unreadable(replay, &reader, reader.mistake);
	} else if (now_ns < replay->now_ns) {
		result = unreadable(replay, NULL, "time goes backwards");
	} else {
		replay->now_ns = now_ns;
		replay->event_line = replay->nr_lines;
		step(replay, &event);
	}
	st_reader_done(&reader);
	return result;
}

static enum st_replay_result take_line(struct st_replay *replay, const char *line)
{
	enum st_replay_result result;

	if (replay->state.len)
		return take_state(replay, line);
	if (!*line || *line == '#')
		return ST_REPLAY_EQUAL;
	if (*line == ' ' && replay->tree) {
		st_buf_add_text(&replay->told, line);
		st_buf_add_char(&replay->told, '\n');
		remember(replay, line);
		return ST_REPLAY_EQUAL;
	}
	result = compare(replay);
	if (result != ST_REPLAY_EQUAL)
		return result;
	if (st_reader_is_state(line))
		return take_state(replay, line);
	remember(replay, line);
	return st_reader_is_header(line) ? begin_tree(replay, line) : feed(replay, line);
}

enum st_replay_result st_replay_run(struct st_replay *replay, FILE *transcript)
{
	enum st_replay_result result = ST_REPLAY_EQUAL;
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	while (result == ST_REPLAY_EQUAL && (len = getline(&line, &size, transcript)) > 0) {
		if (line[len - 1] == '\n')
			line[len - 1] = '\0';
		replay->nr_lines++;
		result = take_line(replay, line);
	}
	free(line);
	if (result == ST_REPLAY_EQUAL && replay->state.len)
		return unreadable(replay, NULL, "the end of a saved state is missing");
	if (result == ST_REPLAY_EQUAL && ferror(transcript))
		return unreadable(replay, NULL, "the file can not be read");
	return result == ST_REPLAY_EQUAL ? compare(replay) : result;
}

void st_replay_done(struct st_replay *replay)
{
	st_tree_free(replay->tree);
	st_buf_done(&replay->state);
	st_buf_done(&replay->told);
	st_buf_done(&replay->done);
	st_buf_done(&replay->before);
}
