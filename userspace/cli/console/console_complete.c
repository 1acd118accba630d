// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Tab key of the console; propose.c has the proposals.
 */
#include <string.h>
#include <sys/ioctl.h>

#include "base/alloc.h"
#include "cli/complete/propose.h"
#include "cli/console/console_internal.h"
#include "cli/console/line.h"
#include "cli/console/run_line.h"
#include "cli/show/style.h"

#define MAX_LISTED 200
#define DEFAULT_COLUMNS 80
#define GAP 2

/* Proposals: the words of propose.h's lines. */
struct proposals {
	struct st_buf lines;
	size_t nr;
	size_t width; /* of the widest */
	size_t common; /* bytes that all begin with */
	char *first;
};

static char *next_word(char *word)
{
	return word + strlen(word) + 1;
}

static bool is_whole(const char *text, size_t len)
{
	return ((unsigned char)text[len] & 0xc0) != 0x80;
}

static void weigh(struct proposals *proposals, const char *word)
{
	size_t width = st_style_width(word), same = 0;

	if (width > proposals->width)
		proposals->width = width;
	while (same < proposals->common && word[same] == proposals->first[same])
		same++;
	while (same && !is_whole(word, same))
		same--;
	proposals->common = same;
}

/* Lines to words, each followed by a NUL, without the help texts. */
static void take_words(struct proposals *proposals)
{
	struct st_buf *lines = &proposals->lines;
	char *to = lines->data;
	bool is_help = false;

	for (size_t i = 0; i < lines->len; i++) {
		char c = lines->data[i];

		is_help = (is_help || c == '\t') && c != '\n';
		if (!is_help)
			*to++ = c == '\n' ? '\0' : c;
		proposals->nr += c == '\n';
	}
	proposals->first = lines->data;
	proposals->common = proposals->nr ? strlen(proposals->first) : 0;
	to = proposals->first;
	for (size_t i = 0; i < proposals->nr; i++, to = next_word(to))
		weigh(proposals, to);
}

static size_t columns_of(FILE *out)
{
	struct winsize size;

	return ioctl(fileno(out), TIOCGWINSZ, &size) || !size.ws_col ? DEFAULT_COLUMNS :
								       size.ws_col;
}

static void list(const struct st_console *console, const struct proposals *proposals)
{
	size_t width = proposals->width + GAP;
	size_t per_row = columns_of(console->out) / width;
	const struct st_style style = { .is_terminal = true };
	struct st_buf text = ST_BUF_INIT;
	char *word = proposals->first;

	if (!per_row)
		per_row = 1;
	for (size_t i = 0; i < proposals->nr && i < MAX_LISTED; i++, word = next_word(word)) {
		st_buf_add_char(&text, i % per_row ? ' ' : '\n');
		st_style_add(&style, ST_COLOR_NONE, word, &text);
		for (size_t pad = st_style_width(word) + 1; pad < width; pad++)
			st_buf_add_char(&text, ' ');
	}
	if (proposals->nr > MAX_LISTED) {
		st_buf_add_text(&text, "\nand ");
		st_buf_add_u64(&text, proposals->nr - MAX_LISTED);
		st_buf_add_text(&text, " more");
	}
	st_buf_add_char(&text, '\n');
	fputs(st_buf_text(&text), console->out);
	(void)fflush(console->out);
	st_buf_done(&text);
}

/* Add what is sure; 0: nothing is. */
static int insert(EditLine *edit, const struct st_line *line, const struct proposals *proposals)
{
	const char *typed = line->in_word ? line->words[line->nr_words - 1] : "";
	size_t len = strlen(typed);
	char last = proposals->common ? proposals->first[proposals->common - 1] : '\0';
	struct st_buf text = ST_BUF_INIT;
	int nr;

	if (proposals->common > len)
		st_line_quote(proposals->first + len, proposals->common - len, line->open, &text);
	if (proposals->nr == 1 && last != '/' && last != '=' && last != '.') {
		st_buf_add_text(&text, line->open == ST_QUOTE_SINGLE ? "'" : "");
		st_buf_add_text(&text, line->open == ST_QUOTE_DOUBLE ? "\"" : "");
		st_buf_add_char(&text, ' ');
	}
	nr = (int)text.len;
	if (nr)
		(void)el_insertstr(edit, st_buf_text(&text));
	st_buf_done(&text);
	return nr;
}

static void propose(const struct st_console *console, const struct st_line *line,
		    struct st_buf *out)
{
	size_t skip = st_line_skip(line) && line->nr_words + !line->in_word > 1;
	size_t nr = line->nr_words - skip;
	static char empty[] = "";
	char **words = st_alloc_array(nr + 1, sizeof(*words));

	if (!words)
		return;
	memcpy(words, line->words + skip, nr * sizeof(*words));
	if (!line->in_word)
		words[nr++] = empty;
	st_propose(console->cli, ST_PROPOSED_TO_CONSOLE, words, nr, out);
	st_free(words);
}

/* All that was typed of a command up to the cursor. */
static int split_typed(EditLine *edit, const struct st_console *console, struct st_line *ret_line)
{
	const LineInfo *typed = el_line(edit);
	struct st_buf text = ST_BUF_INIT;
	int ret;

	st_buf_add_buf(&text, &console->text);
	st_buf_add(&text, typed->buffer, (size_t)(typed->cursor - typed->buffer));
	ret = st_buf_error(&text);
	if (!ret)
		ret = st_line_split(st_buf_text(&text), text.len, ret_line);
	st_buf_done(&text);
	return ret;
}

unsigned char st_console_complete(EditLine *edit, int ch)
{
	struct proposals proposals = { .lines = ST_BUF_INIT };
	struct st_console *console = NULL;
	struct st_line line;
	unsigned char action = CC_ERROR;

	(void)ch; /* bound to this key alone */
	if (el_get(edit, EL_CLIENTDATA, &console) || split_typed(edit, console, &line))
		return CC_ERROR;
	if (line.open != ST_QUOTE_BACKSLASH)
		propose(console, &line, &proposals.lines);
	if (!st_buf_error(&proposals.lines))
		take_words(&proposals);
	if (proposals.nr && insert(edit, &line, &proposals)) {
		action = CC_REFRESH;
	} else if (proposals.nr > 1) {
		list(console, &proposals);
		action = CC_REDISPLAY;
	}
	st_line_done(&line);
	st_buf_done(&proposals.lines);
	return action;
}
