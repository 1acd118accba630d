// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines to words; see line.h. A character that is special here has the same meaning as
 * in sh(1).
 */
#include "cli/console/line.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"

#define BLANKS " \t\n\r"

struct splitter {
	struct st_line *line;
	const char *next;
	const char *end;
};

static void add(struct splitter *splitter, char c)
{
	st_buf_add_char(&splitter->line->text, c);
	splitter->line->in_word = true;
}

static void end_word(struct splitter *splitter)
{
	if (!splitter->line->in_word)
		return;
	st_buf_add_char(&splitter->line->text, '\0');
	splitter->line->in_word = false;
	splitter->line->nr_words++;
}

/* Behind a backslash: the end, or a newline at the end, means that more is to come. */
static void take_escaped(struct splitter *splitter, const char *special)
{
	char c = '\n';

	if (splitter->next < splitter->end)
		c = *splitter->next++;
	if (c == '\n') {
		if (splitter->next == splitter->end && splitter->line->open == ST_QUOTE_NONE)
			splitter->line->open = ST_QUOTE_BACKSLASH;
		return;
	}
	if (special && !strchr(special, c))
		add(splitter, '\\');
	add(splitter, c);
}

static void take_quoted(struct splitter *splitter, char c)
{
	bool is_single = splitter->line->open == ST_QUOTE_SINGLE;

	if (c == (is_single ? '\'' : '"'))
		splitter->line->open = ST_QUOTE_NONE;
	else if (c == '\\' && !is_single)
		take_escaped(splitter, "\"\\$`");
	else
		add(splitter, c);
}

static void skip_comment(struct splitter *splitter)
{
	while (splitter->next < splitter->end && *splitter->next != '\n')
		splitter->next++;
}

static void take(struct splitter *splitter, char c)
{
	struct st_line *line = splitter->line;

	if (strchr(BLANKS, c)) {
		end_word(splitter);
	} else if (c == '\'' || c == '"') {
		line->open = c == '"' ? ST_QUOTE_DOUBLE : ST_QUOTE_SINGLE;
		line->in_word = true;
	} else if (c == '\\') {
		take_escaped(splitter, NULL);
	} else if (c == '#' && !line->in_word) {
		skip_comment(splitter);
	} else {
		add(splitter, c);
	}
}

static int point_to_words(struct st_line *line)
{
	char *word = line->text.data;

	if (st_buf_error(&line->text))
		return -ENOMEM;
	line->words = st_alloc_array(line->nr_words + 1, sizeof(*line->words));
	if (!line->words)
		return -ENOMEM;
	for (size_t i = 0; i < line->nr_words; i++) {
		line->words[i] = word;
		word += strlen(word) + 1;
	}
	return 0;
}

int st_line_split(const char *text, size_t len, struct st_line *ret_line)
{
	struct splitter splitter = { .line = ret_line, .next = text, .end = text + len };
	bool in_word;
	int ret;

	memset(ret_line, 0, sizeof(*ret_line));
	while (splitter.next < splitter.end) {
		char c = *splitter.next++;

		if (!c)
			continue; /* no word can have one */
		if (ret_line->open == ST_QUOTE_NONE)
			take(&splitter, c);
		else
			take_quoted(&splitter, c);
	}
	in_word = ret_line->in_word;
	end_word(&splitter);
	ret_line->in_word = in_word;
	ret = point_to_words(ret_line);
	if (ret)
		st_line_done(ret_line);
	return ret;
}

void st_line_done(struct st_line *line)
{
	st_free(line->words);
	line->words = NULL;
	line->nr_words = 0;
	st_buf_done(&line->text);
}

void st_line_quote(const char *text, size_t len, enum st_quote open, struct st_buf *out)
{
	static const char bare[] = " \t\r\\'\"#$`*?[]{}()<>|&;!~";

	for (size_t i = 0; i < len; i++) {
		if (open == ST_QUOTE_SINGLE && text[i] == '\'') {
			st_buf_add_text(out, "'\\''");
			continue;
		}
		if ((open == ST_QUOTE_NONE && strchr(bare, text[i])) ||
		    (open == ST_QUOTE_DOUBLE && strchr("\"\\$`", text[i])))
			st_buf_add_char(out, '\\');
		st_buf_add_char(out, text[i]);
	}
}
