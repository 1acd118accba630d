// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reader of words.h. A specification is nested as deep as a test writes
 * it, so this may recurse.
 */
#include "words.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_WORD 64
#define MAX_CHILDREN 128

struct reader {
	const char *text;
	const char *at;
	char word[MAX_WORD]; /* the last one read */
};

static _Noreturn void mistake(const struct reader *reader, const char *what)
{
	fprintf(stderr, "%s\nhere: \"%s\"\nof: %s\n", what, reader->at, reader->text);
	exit(2);
}

static bool skip(struct reader *reader, char c)
{
	reader->at += strspn(reader->at, " ");
	if (*reader->at != c)
		return false;
	reader->at++;
	return true;
}

/* Read a word, which ends at a space or at one of ",{}" or a final ':'. */
static bool next_word(struct reader *reader)
{
	size_t len;

	reader->at += strspn(reader->at, " ");
	len = strcspn(reader->at, " ,{}");
	if (len && reader->at[len - 1] == ':')
		len--;
	if (!len)
		return false;
	if (len >= MAX_WORD)
		mistake(reader, "this word is too long");
	memcpy(reader->word, reader->at, len);
	reader->word[len] = '\0';
	reader->at += len;
	return true;
}

static bool is_key(const char *word, const char *key, const char **ret_value)
{
	size_t len = strlen(key);

	if (strncmp(word, key, len))
		return false;
	*ret_value = word + len;
	return true;
}

static uint32_t number(const char *text, const char **ret_end)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	*ret_end = end;
	return (uint32_t)value;
}

static bool read_strategy(const char *word, struct st_sup_flags *flags)
{
	int index = st_text_index(st_strategy_text, ST_STRATEGY__MAX, word);

	if (index < 0)
		return false;
	flags->strategy = (enum st_strategy)index;
	return true;
}

static void read_flag(struct reader *reader, struct st_sup_flags *flags, const char **init)
{
	int index = st_text_index(st_auto_shutdown_text, ST_AUTO_SHUTDOWN__MAX, reader->word);
	const char *value;

	if (index >= 0) {
		flags->auto_shutdown = (enum st_auto_shutdown)index;
	} else if (isdigit((unsigned char)reader->word[0])) {
		flags->intensity = number(reader->word, &value);
		if (*value != '/')
			mistake(reader, "no period before");
		flags->period_s = number(value + 1, &value);
	} else if (is_key(reader->word, "max=", &value)) {
		flags->max_children = number(value, &value);
	} else if (!strcmp(reader->word, "init=ignore")) {
		*init = "ignore";
	} else if (!strcmp(reader->word, "init=error")) {
		*init = "error";
	} else {
		mistake(reader, "an unknown word of a supervisor before");
	}
}

static void read_backoff(struct reader *reader, const char *text, struct st_backoff *backoff)
{
	backoff->min_ms = number(text, &text);
	if (*text != '/')
		mistake(reader, "no maximum of the back-off before");
	backoff->max_ms = number(text + 1, &text);
	if (*text == '/')
		backoff->jitter_percent = number(text + 1, &text);
}

static const struct st_probe_spec killing = { .on_failure = ST_ON_FAILURE_KILL };
static const struct st_probe_spec stopping = { .on_failure = ST_ON_FAILURE_SHUTDOWN };

static void read_option(struct reader *reader, struct st_child_def *def)
{
	int index = st_text_index(st_restart_text, ST_RESTART__MAX, reader->word);
	const char *value;

	if (index >= 0) {
		def->restart = (enum st_restart)index;
	} else if (!strcmp(reader->word, "significant")) {
		def->significant = true;
	} else if (!strcmp(reader->word, "brutal_kill")) {
		def->shutdown.type = ST_SHUTDOWN_BRUTAL_KILL;
	} else if (!strcmp(reader->word, "infinity")) {
		def->shutdown.type = ST_SHUTDOWN_INFINITY;
	} else if (isdigit((unsigned char)reader->word[0])) {
		def->shutdown.type = ST_SHUTDOWN_TIMEOUT;
		def->shutdown.timeout_ms = number(reader->word, &value);
		if (strcmp(value, "ms"))
			mistake(reader, "a shutdown without ms before");
	} else if (is_key(reader->word, "start_timeout=", &value)) {
		def->start_timeout_ms = number(value, &value);
	} else if (is_key(reader->word, "min_uptime=", &value)) {
		def->min_uptime_ms = number(value, &value);
	} else if (is_key(reader->word, "stop_signal=", &value)) {
		def->process.stop_signal = (uint8_t)st_signal_number(value);
	} else if (!strcmp(reader->word, "probe=kill")) {
		def->process.probe = &killing;
	} else if (!strcmp(reader->word, "probe=shutdown")) {
		def->process.probe = &stopping;
	} else if (!strcmp(reader->word, "later")) {
		def->start_later = true;
	} else if (!strcmp(reader->word, "ready=exit")) {
		def->process.ready = ST_READY_EXIT;
	} else if (is_key(reader->word, "backoff=", &value)) {
		read_backoff(reader, value, &def->backoff);
	} else {
		mistake(reader, "an unknown word of a child before");
	}
}

static struct st_sup_spec *read_sup(struct reader *reader);

static struct st_child_spec *read_child(struct reader *reader)
{
	static const char *const argv[] = { "true" };
	struct st_child_spec *spec;
	struct st_child_def def;
	char id[MAX_WORD];

	st_child_def_init(&def);
	if (!next_word(reader))
		mistake(reader, "no id");
	memcpy(id, reader->word, sizeof(id));
	def.id = id;
	def.process.argv = argv;
	def.process.nr_args = 1;
	if (strchr(reader->at, '{') && reader->at[strcspn(reader->at, ",{}")] == '{')
		def.shutdown.type = ST_SHUTDOWN_INFINITY; /* [V6] */
	while (next_word(reader))
		read_option(reader, &def);
	if (skip(reader, '{')) {
		def.type = ST_CHILD_TYPE_SUPERVISOR;
		def.process.nr_args = 0;
		def.sup = read_sup(reader);
		if (!skip(reader, '}'))
			mistake(reader, "no }");
		if (!def.sup)
			return NULL;
	}
	spec = st_child_spec_new(&def);
	st_sup_spec_put(def.sup);
	return spec;
}

static struct st_sup_spec *without_children(const char *init)
{
	if (!strcmp(init, "ignore"))
		return st_sup_spec_new_ignore();
	return st_sup_spec_new_error("{\"supervisor_data\":{\"invalid_intensity\":-1}}");
}

static struct st_sup_spec *read_sup(struct reader *reader)
{
	struct st_child_spec *children[MAX_CHILDREN];
	struct st_sup_spec *spec = NULL;
	struct st_sup_flags flags;
	const char *init = NULL;
	uint32_t nr = 0;
	bool all = true;

	st_sup_flags_init(&flags);
	if (!next_word(reader) || !read_strategy(reader->word, &flags))
		mistake(reader, "no strategy");
	while (next_word(reader))
		read_flag(reader, &flags, &init);
	if (skip(reader, ':')) {
		do {
			if (nr == MAX_CHILDREN)
				mistake(reader, "too many children");
			children[nr] = read_child(reader);
			all = children[nr++] && all;
		} while (skip(reader, ','));
	}
	if (init)
		spec = without_children(init);
	else if (all)
		spec = st_sup_spec_new(&flags, children, nr);
	while (nr)
		st_child_spec_put(children[--nr]);
	return spec;
}

static void expect_end(struct reader *reader)
{
	if (!skip(reader, '\0'))
		mistake(reader, "something more");
}

struct st_sup_spec *st_words_sup(const char *text)
{
	struct reader reader = { .text = text, .at = text };
	struct st_sup_spec *spec = read_sup(&reader);

	expect_end(&reader);
	return spec;
}

struct st_child_spec *st_words_child(const char *text)
{
	struct reader reader = { .text = text, .at = text };
	struct st_child_spec *spec = read_child(&reader);

	expect_end(&reader);
	return spec;
}

struct st_reason st_words_reason(const char *word)
{
	struct reader reader = { .text = word, .at = word };
	const char *value;
	int signo;

	if (isdigit((unsigned char)word[0]))
		return st_reason_from_exit((int)number(word, &value));
	if (!strcmp(word, "normal"))
		return (struct st_reason){ .type = ST_REASON_NORMAL };
	if (!strcmp(word, "killed"))
		return (struct st_reason){ .type = ST_REASON_KILLED };
	if (!strcmp(word, "shutdown"))
		return (struct st_reason){ .type = ST_REASON_SHUTDOWN };
	if (!strcmp(word, "unknown_end"))
		return (struct st_reason){ .type = ST_REASON_UNKNOWN_END };
	if (is_key(word, "shutdown:", &value))
		return st_reason_from_exit(ST_SHUTDOWN_STATUS_BASE + (int)number(value, &value));
	signo = st_signal_number(word);
	if (signo < 0)
		mistake(&reader, "an unknown reason");
	return st_reason_from_signal(signo);
}
