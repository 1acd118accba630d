// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads what is to be tried; see trial.h. It looks at no tree: whether there is such a child is
 * found out when the trial's turn comes, because a trial before it may have removed it.
 */
#include "daemon/requests/trial.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "core/limits.h"
#include "core/spec.h"
#include "daemon/requests/script.h"

#define MAX_WORDS 16

#define TRIAL_WORD(member, word, request) [ST_TRIAL_##member] = word,
const char *const st_trial_words[ST_TRIAL__MAX] = { ST_TRIAL_LIST(TRIAL_WORD) };
#undef TRIAL_WORD

enum st_request_type st_trial_request(const struct st_trial *trial)
{
#define TRIAL_REQUEST(member, word, request) [ST_TRIAL_##member] = request,
	static const enum st_request_type requests[ST_TRIAL__MAX] = { ST_TRIAL_LIST(
		TRIAL_REQUEST) };
#undef TRIAL_REQUEST

	return requests[trial->verb];
}

bool st_trial_is_deadly(int signo)
{
	static const int harmless[] = { SIGCHLD, SIGCONT, SIGURG,  SIGWINCH,
					SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU };

	for (size_t i = 0; i < ST_ARRAY_SIZE(harmless); i++)
		if (harmless[i] == signo)
			return false;
	return true;
}

static char *copy_of(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = st_alloc(size);

	if (copy)
		memcpy(copy, text, size);
	return copy;
}

int st_trial_init(struct st_trial *trial, enum st_trial_verb verb, const char *path)
{
	char *slash;

	while (*path == '/' && path[1])
		path++;
	*trial = (struct st_trial){
		.verb = verb,
		.signo = SIGKILL,
		.strategy = -1,
		.intensity = -1,
		.period_s = -1,
		.path = copy_of(path),
		.sup = copy_of(path),
	};
	if (!trial->path || !trial->sup) {
		st_trial_done(trial);
		return -ENOMEM;
	}
	slash = strrchr(trial->sup, '/');
	trial->id = slash ? trial->path + (slash + 1 - trial->sup) : trial->path;
	if (slash)
		*slash = '\0';
	else
		trial->sup[0] = '\0'; /* the root */
	return 0;
}

void st_trial_done(struct st_trial *trial)
{
	st_script_free(trial->script);
	st_free(trial->text);
	st_free(trial->path);
	st_free(trial->sup);
	*trial = (struct st_trial){ .text = NULL };
}

static void add_number(struct st_buf *text, const char *option, int64_t value)
{
	if (value < 0)
		return;
	st_buf_add_text(text, option);
	st_buf_add_i64(text, value);
}

int st_trial_describe(struct st_trial *trial)
{
	const char *name = st_signal_name(trial->signo);
	struct st_buf text = ST_BUF_INIT;
	const char *whole;
	int err;

	st_buf_add_text(&text, st_trial_words[trial->verb]);
	st_buf_add_char(&text, ' ');
	st_buf_add_text(&text, trial->path);
	if (trial->verb == ST_TRIAL_KILL && trial->signo != SIGKILL) {
		st_buf_add_text(&text, " --signal ");
		if (name)
			st_buf_add_text(&text, name);
		else
			st_buf_add_i64(&text, trial->signo);
	}
	if (trial->strategy >= 0) {
		st_buf_add_char(&text, ' ');
		st_buf_add_text(&text, st_strategy_text[trial->strategy]);
	}
	add_number(&text, " --intensity ", trial->intensity);
	add_number(&text, " --period ", trial->period_s);
	err = st_buf_get(&text, &whole);
	st_free(trial->text);
	trial->text = err ? NULL : copy_of(whole);
	st_buf_done(&text);
	return trial->text ? 0 : -ENOMEM;
}

static int refuse(struct st_buf *why, const char *what, const char *word, const char *known)
{
	st_buf_add_text(why, what);
	if (word) {
		st_buf_add_text(why, " \"");
		st_buf_add_text(why, word);
		st_buf_add_char(why, '"');
	}
	if (known) {
		st_buf_add_text(why, "; known: ");
		st_buf_add_text(why, known);
	}
	return -EINVAL;
}

static int refuse_verb(struct st_buf *why, const char *word)
{
	const char *meant = word ? st_text_nearest(word, st_trial_words, ST_TRIAL__MAX) : NULL;

	(void)refuse(why, word ? "it cannot be tried:" : "it is empty", word, NULL);
	if (meant) {
		st_buf_add_text(why, "; did you mean ");
		st_buf_add_text(why, meant);
		st_buf_add_char(why, '?');
	}
	st_buf_add_text(why, "; known:");
	for (int i = 0; i < ST_TRIAL_RELOAD; i++) {
		st_buf_add_text(why, i ? ", " : " ");
		st_buf_add_text(why, st_trial_words[i]);
	}
	return -EINVAL;
}

static int take_number(const char *word, int64_t min, int64_t max, int64_t *ret_value,
		       struct st_buf *why)
{
	char *end = NULL;
	long long value;

	errno = 0;
	value = word ? strtoll(word, &end, 10) : 0;
	if (!word || errno || end == word || *end || value < min || value > max)
		return refuse(why, "this is no number that it may have:", word ? word : "", NULL);
	*ret_value = value;
	return 0;
}

static int take_signal(struct st_trial *trial, const char *word, struct st_buf *why)
{
	int64_t number = 0;
	int signo = word ? st_signal_number(word) : -EINVAL;

	if (signo < 0 && word && *word >= '0' && *word <= '9') {
		if (take_number(word, 1, SIGRTMAX, &number, why))
			return -EINVAL;
		signo = (int)number;
	}
	if (signo < 0)
		return refuse(why, "this is no signal:", word ? word : "", NULL);
	trial->signo = signo;
	return 0;
}

/* Return: how many words were taken, or -EINVAL. */
static int take_word(struct st_trial *trial, const char *word, const char *next, struct st_buf *why)
{
	bool is_strategy = trial->verb == ST_TRIAL_STRATEGY;
	int index;

	if (trial->verb == ST_TRIAL_KILL && (!strcmp(word, "--signal") || !strcmp(word, "-s")))
		return take_signal(trial, next, why) ? -EINVAL : 2;
	if (is_strategy && (!strcmp(word, "--intensity") || !strcmp(word, "-i")))
		return take_number(next, 0, ST_MAX_INTENSITY, &trial->intensity, why) ? -EINVAL : 2;
	if (is_strategy && (!strcmp(word, "--period") || !strcmp(word, "-p")))
		return take_number(next, 1, ST_MAX_PERIOD_S, &trial->period_s, why) ? -EINVAL : 2;
	if (is_strategy && *word != '-' && trial->strategy < 0) {
		index = st_text_index(st_strategy_text, ST_STRATEGY__MAX, word);
		if (index < 0)
			return refuse(why, "this is no strategy:", word,
				      "one_for_one, one_for_all, rest_for_one");
		trial->strategy = index;
		return 1;
	}
	return refuse(why, "it may not have", word,
		      is_strategy		   ? "a strategy, --intensity, --period" :
		      trial->verb == ST_TRIAL_KILL ? "--signal" :
						     NULL);
}

/* Split @text at blanks, in place. */
static unsigned int split(char *text, char *words[MAX_WORDS])
{
	unsigned int nr = 0;
	char *at = NULL;

	for (char *word = strtok_r(text, " \t\n", &at); word && nr < MAX_WORDS;
	     word = strtok_r(NULL, " \t\n", &at))
		words[nr++] = word;
	return nr;
}

static int parse_words(struct st_trial *trial, char *const words[], unsigned int nr,
		       struct st_buf *why)
{
	int verb = nr ? st_text_index(st_trial_words, ST_TRIAL__MAX, words[0]) : -EINVAL;
	const char *path = nr > 1 ? words[1] : "/";
	int err;

	if (verb == ST_TRIAL_RELOAD)
		return refuse(why, "reload needs the configuration; ask blast / --verb reload",
			      NULL, NULL);
	if (verb < 0)
		return refuse_verb(why, nr ? words[0] : NULL);
	if (nr < 2 && verb != ST_TRIAL_STOP)
		return refuse(why, "it needs the path of a child", NULL, NULL);
	err = st_trial_init(trial, (enum st_trial_verb)verb, path);
	for (unsigned int i = 2; i < nr && !err;) {
		int taken = take_word(trial, words[i], i + 1 < nr ? words[i + 1] : NULL, why);

		if (taken < 0)
			err = taken;
		i += (unsigned int)taken;
	}
	if (!err && verb == ST_TRIAL_STRATEGY && trial->strategy < 0 && trial->intensity < 0 &&
	    trial->period_s < 0)
		err = refuse(why, "it needs a strategy, --intensity or --period", NULL, NULL);
	return err ? err : st_trial_describe(trial);
}

int st_trial_parse(struct st_trial *trial, const char *text, struct st_buf *why)
{
	char *copy = copy_of(text), *words[MAX_WORDS];
	int err;

	*trial = (struct st_trial){ .text = NULL };
	if (!copy)
		return -ENOMEM;
	err = parse_words(trial, words, split(copy, words), why);
	st_free(copy);
	if (err)
		st_trial_done(trial);
	return err;
}
