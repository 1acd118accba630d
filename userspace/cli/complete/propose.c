// SPDX-License-Identifier: GPL-2.0-only
/*
 * Find the place of the last word on the command line, and what it can become there;
 * see propose.h. Values are in propose_value.c.
 */
#include "cli/complete/propose.h"

#include <stdio.h>
#include <string.h>

#include "base/character.h"
#include "cli/command/offered.h"
#include "cli/command/options.h"
#include "cli/command/verbs.h"
#include "cli/complete/propose_internal.h"

/* What follows from the words before the last one. */
struct place {
	struct st_verb verb; /* ->name is NULL: none yet */
	struct st_option option; /* it is the value of this one */
	unsigned int nr_args; /* positional arguments before it */
	bool is_rest; /* after "--" */
	const char *group; /* "trace", the first word of verbs; or NULL */
};

void st_proposer_add(struct st_proposer *proposer, const char *word, const char *help)
{
	const char *typed = proposer->typed + proposer->fixed_len;

	if (strncmp(word, typed, strlen(typed)) || !st_character_all_plain(word))
		return;
	st_buf_add(proposer->out, proposer->typed, proposer->fixed_len);
	st_buf_add_text(proposer->out, word);
	if (help && *help && st_character_all_plain(help)) {
		st_buf_add_char(proposer->out, '\t');
		st_buf_add_text(proposer->out, help);
	}
	st_buf_add_char(proposer->out, '\n');
}

static bool is_option(const char *word)
{
	return word[0] == '-' && word[1] && word[1] != ' ';
}

/* The option whose value is the next word, if there is one. */
static struct st_option find_open_option(const struct place *place, const char *word)
{
	const struct st_option none = { NULL, NULL };
	struct st_option option = none;

	if (!strncmp(word, "--", 2)) {
		if (!strchr(word, '='))
			option = st_option_find(&place->verb, word + 2, strlen(word + 2));
		return st_option_takes_value(option) ? option : none;
	}
	for (word++; *word; word++) {
		option = st_option_find(&place->verb, word, 0);
		if (st_option_takes_value(option))
			return word[1] ? none : option;
	}
	return none;
}

static void take_verb(const struct st_cli *cli, struct place *place, const char *word)
{
	char verb[ST_OPTION_SIZE];
	int ret;

	if (!place->group && st_verb_group(word)) {
		place->group = st_verb_group(word);
		return;
	}
	snprintf(verb, sizeof(verb), "%s%s%s", place->group ? place->group : "",
		 place->group ? "-" : "", word);
	ret = st_offered_is(word) ? st_offered_look(cli, word, &place->verb) :
				    st_verb_find(verb, &place->verb);
	if (ret)
		memset(&place->verb, 0, sizeof(place->verb));
}

static void pass(const struct st_cli *cli, struct place *place, const char *word)
{
	if (place->option.param || place->option.own)
		place->option = (struct st_option){ NULL, NULL };
	else if (!strcmp(word, "--") && !place->is_rest)
		place->is_rest = true;
	else if (is_option(word) && !place->is_rest)
		place->option = find_open_option(place, word);
	else if (place->verb.name)
		place->nr_args++;
	else
		take_verb(cli, place, word);
}

/* "start" after "trace": the verb is trace-start. */
static void propose_group(struct st_proposer *proposer, const char *group)
{
	size_t len = strlen(group);

	for (unsigned int i = 0; i < ST_NR_VERBS; i++) {
		const char *name = st_verb_get(i).name;

		if (!strncmp(name, group, len) && name[len] == '-')
			st_proposer_add(proposer, name + len + 1, st_verb_get(i).summary);
	}
}

static void propose_verbs(struct st_proposer *proposer)
{
	for (unsigned int i = 0; i < ST_NR_VERBS; i++)
		st_proposer_add(proposer, st_verb_get(i).name, st_verb_get(i).summary);
	for (size_t i = 0; i < st_nr_aliases; i++)
		if (*proposer->typed) /* most know the other name */
			st_proposer_add(proposer, st_aliases[i].name, st_aliases[i].verb);
	st_propose_offered(proposer);
	if (proposer->to == ST_PROPOSED_TO_CONSOLE) {
		st_proposer_add(proposer, "exit", "leave the console");
		st_proposer_add(proposer, "quit", "leave the console");
	}
}

static void propose_option(struct st_proposer *proposer, const char *name, const char *help)
{
	char word[ST_OPTION_SIZE + 2] = "--";

	memcpy(word + 2, name, strnlen(name, ST_OPTION_SIZE - 1));
	st_proposer_add(proposer, word, help);
}

static void propose_options(struct st_proposer *proposer, const struct st_verb *verb)
{
	char name[ST_OPTION_SIZE];

	for (const struct st_param *param = verb->params; param && param->name; param++) {
		if (param->place != ST_PLACE_OPTION)
			continue;
		st_param_option(param, name);
		propose_option(proposer, name, param->help);
	}
	for (size_t i = 0; i < ST_CLI_OPTION__MAX; i++)
		if (st_cli_option_applies(&st_cli_options[i], verb))
			propose_option(proposer, st_cli_options[i].name, st_cli_options[i].help);
}

static void propose_value(struct st_proposer *proposer, const struct place *place)
{
	if (place->option.param)
		st_propose_param(proposer, &place->verb, place->option.param);
	else
		st_propose_own(proposer, place->option.own);
}

static void propose_argument(struct st_proposer *proposer, const struct place *place)
{
	unsigned int index = 0;

	if (!place->verb.name) {
		if (place->group)
			propose_group(proposer, place->group);
		else
			propose_verbs(proposer);
		return;
	}
	for (const struct st_param *param = place->verb.params; param->name; param++) {
		if (param->place != ST_PLACE_ARG || index++ != place->nr_args)
			continue;
		st_propose_param(proposer, &place->verb, param);
		return;
	}
}

/* "--signal=TER" */
static bool has_inline_value(struct st_proposer *proposer, struct place *place)
{
	const char *typed = proposer->typed;
	const char *equals = strchr(typed, '=');

	if (!equals || strncmp(typed, "--", 2))
		return false;
	place->option = st_option_find(&place->verb, typed + 2, (size_t)(equals - typed - 2));
	proposer->fixed_len = (size_t)(equals + 1 - typed);
	return true;
}

void st_propose(const struct st_cli *cli, enum st_proposed_to to, char *const *words, size_t nr,
		struct st_buf *out)
{
	struct st_proposer proposer = { .cli = cli, .to = to, .typed = words[nr - 1], .out = out };
	struct place place = { .nr_args = 0 };

	for (size_t i = 0; i + 1 < nr; i++)
		pass(cli, &place, words[i]);
	if (place.option.param || place.option.own) {
		propose_value(&proposer, &place);
	} else if (proposer.typed[0] == '-' && !place.is_rest) {
		if (!has_inline_value(&proposer, &place))
			propose_options(&proposer, &place.verb);
		else if (st_option_takes_value(place.option))
			propose_value(&proposer, &place);
	} else {
		propose_argument(&proposer, &place);
	}
	st_verb_done(&place.verb);
}
