// SPDX-License-Identifier: GPL-2.0-only
/*
 * Binding start: a list of words, or a command line that is split into them.
 *
 * The rules of splitting are few, and not those of a shell: white space separates words,
 * '...' and "..." keep it in a word, and a backslash makes the next character literal,
 * except inside '...'. Nothing is expanded.
 */
#include <stdio.h>
#include <string.h>

#include "config/binder.h"
#include "core/limits.h"

static const char blanks[] = " \t\r\n";

/* A state of reading one word: outside of quotes, or inside of one kind. */
struct splitter {
	const char *at;
	char *word; /* grows here */
	char quote; /* ' or ", or 0 */
};

/* Copy one word to @splitter->word; false if it does not end. */
static bool read_word(struct splitter *splitter)
{
	for (; *splitter->at; splitter->at++) {
		char c = *splitter->at;

		if (!splitter->quote && strchr(blanks, c))
			break;
		if (c == splitter->quote) {
			splitter->quote = '\0';
		} else if (!splitter->quote && (c == '\'' || c == '"')) {
			splitter->quote = c;
		} else if (c == '\\' && splitter->quote != '\'') {
			if (!*++splitter->at)
				return false;
			*splitter->word++ = *splitter->at;
		} else {
			*splitter->word++ = c;
		}
	}
	*splitter->word++ = '\0';
	return !splitter->quote;
}

/* Why a command line cannot be split; NULL: it was. */
static const char *split(struct st_binder *binder, const char *line,
			 struct st_process_spec *process)
{
	struct splitter splitter = { .at = line };
	size_t len = strlen(line), nr = 0, most = len / 2 + 1; /* words of one letter */
	const char **argv;

	if (most > ST_MAX_ARGS)
		most = ST_MAX_ARGS;
	argv = st_bind_alloc(binder, most, sizeof(*argv));
	splitter.word = st_bind_alloc(binder, len + 1, 1);
	if (!argv || !splitter.word)
		return NULL;
	for (;;) {
		splitter.at += strspn(splitter.at, blanks);
		if (!*splitter.at)
			break;
		if (nr == most)
			return "it has too many words";
		argv[nr++] = splitter.word;
		if (!read_word(&splitter))
			return splitter.quote ? "a quote has no end" :
						"there is nothing after the last backslash";
	}
	process->argv = argv;
	process->nr_args = (uint32_t)nr;
	return nr ? NULL : "it has no word";
}

static void refuse_word(struct st_binder *binder, const struct st_key *key,
			const struct st_doc_node *start, const struct st_doc_node *word)
{
	struct st_diag_about about = {
		.node = word,
		.expected = "a word",
		.otp = key->otp,
		.value = start,
	};
	struct st_quoted quoted;

	st_diags_add(binder->diags, &about, "a word of %s cannot be %s", key->name,
		     st_describe(word, &quoted));
}

static void take_list(struct st_binder *binder, const struct st_key *key,
		      const struct st_doc_node *start, struct st_process_spec *process)
{
	const char **argv;
	uint32_t nr = 0;

	if (!start->nr || start->nr > ST_MAX_ARGS) {
		st_key_refuse(key, start, start->nr ? "it has too many words" : "it has no word",
			      NULL, binder->diags);
		return;
	}
	argv = st_bind_alloc(binder, start->nr, sizeof(*argv));
	if (!argv)
		return;
	for (const struct st_doc_node *word = start->first; word; word = word->next) {
		if (word->type == ST_DOC_MAP || word->type == ST_DOC_SEQ ||
		    word->type == ST_DOC_NULL)
			refuse_word(binder, key, start, word);
		else
			argv[nr++] = st_bind_text(binder, word);
	}
	process->argv = argv;
	process->nr_args = nr;
}

void st_bind_command(struct st_binder *binder, const struct st_key *key,
		     const struct st_doc_node *node, struct st_process_spec *process)
{
	unsigned int nr_found = binder->diags->nr_found;
	const char *why = NULL;

	if (node->type == ST_DOC_SEQ) {
		take_list(binder, key, node, process);
	} else if (node->type != ST_DOC_TEXT) {
		st_key_refuse(key, node, NULL, NULL, binder->diags);
	} else if (binder->mode == ST_BIND_OTP) {
		st_key_refuse(key, node, "it must be a list here", NULL, binder->diags);
	} else {
		why = split(binder, node->text, process);
		if (why)
			st_key_refuse(key, node, why, NULL, binder->diags);
	}
	if (!st_bind_has_failed(binder, nr_found) && !*process->argv[0])
		st_key_refuse(key, node, "its first word is empty", NULL, binder->diags);
}

void st_bind_start(struct st_binder *binder, const struct st_key *key,
		   const struct st_doc_node *node, void *draft)
{
	struct st_child_draft *child = draft;
	bool has_supervisor = st_doc_find(child->node, "supervisor");
	struct st_diag_about about = { .node = child->node };

	if (node) {
		st_bind_command(binder, key, node, &child->def.process);
		about.node = node;
		about.at_key = true;
		if (has_supervisor)
			st_diags_add(binder->diags, &about,
				     "a child has both start and supervisor");
	} else if (!has_supervisor) {
		about.otp = ST_SPEC_MISSING_START;
		about.expected = "start with a command, or supervisor with a specification";
		st_diags_add(binder->diags, &about, "a child has neither start nor supervisor");
	}
}
