// SPDX-License-Identifier: GPL-2.0-only
/*
 * `suptree completion`; see complete.h.
 */
#include "cli/complete/complete.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/call.h"
#include "cli/complete/propose.h"
#include "cli/show/words.h"

static const struct {
	const char *shell;
	const char *script;
} shells[] = {
	{ "bash", st_complete_bash },
	{ "zsh", st_complete_zsh },
	{ "fish", st_complete_fish },
};

/* With --json the text is one string. */
static enum st_exit_code say(const struct st_cli *cli, struct st_buf *text)
{
	struct st_buf document = ST_BUF_INIT;

	if (cli->format == ST_FORMAT_TEXT)
		return st_say(text);
	if (st_buf_error(text))
		document.failed = true;
	else
		st_buf_add_json_string(&document, st_buf_text(text), text->len);
	st_buf_add_char(&document, '\n');
	st_buf_done(text);
	return st_say(&document);
}

static enum st_exit_code say_words(const struct st_cli *cli, const json_t *list)
{
	size_t nr = json_array_size(list), index;
	char **words = st_alloc_array(nr + 1, sizeof(*words));
	struct st_buf copies = ST_BUF_INIT, text = ST_BUF_INIT;
	const json_t *word;
	char *copy;

	json_array_foreach(list, index, word)
		st_buf_add(&copies, json_string_value(word), json_string_length(word) + 1);
	if (!words || st_buf_error(&copies)) {
		text.failed = true;
	} else if (nr) {
		copy = copies.data;
		for (size_t i = 0; i < nr; i++, copy += strlen(copy) + 1)
			words[i] = copy;
		st_propose(cli, ST_PROPOSED_TO_SHELL, words, nr, &text);
	}
	st_buf_done(&copies);
	st_free(words);
	return say(cli, &text);
}

enum st_exit_code st_complete(const struct st_cli *cli, const json_t *params)
{
	const char *shell = st_words_text(params, "shell");
	struct st_buf text = ST_BUF_INIT;

	if (!strcmp(shell, "words"))
		return say_words(cli, json_object_get(params, "words"));
	for (size_t i = 0; i < ST_ARRAY_SIZE(shells); i++) {
		if (strcmp(shell, shells[i].shell))
			continue;
		st_buf_add_text(&text, shells[i].script);
		return say(cli, &text);
	}
	st_say_wrong("completion: SHELL must be bash, zsh or fish, not \"%s\"", shell);
	return ST_EXIT_USAGE;
}
