// SPDX-License-Identifier: GPL-2.0-only
/*
 * The CLI's own options; see options.h.
 */
#include "cli/command/options.h"

#include <limits.h>
#include <string.h>

#include "base/text.h"

#define ROW(member, text, short_name, var, only, about) \
	[ST_CLI_OPTION_##member] = { \
		.name = text, .letter = short_name, .metavar = var, .verbs = only, .help = about \
	},
const struct st_cli_option_row st_cli_options[ST_CLI_OPTION__MAX] = { ST_CLI_OPTION_LIST(ROW) };
#undef ROW

static const struct {
	const char *name;
	enum st_format format;
} formats[] = {
	{ "text", ST_FORMAT_TEXT },
	{ "json", ST_FORMAT_JSON },
	{ "dot", ST_FORMAT_DOT },
	{ "mermaid", ST_FORMAT_MERMAID },
};

static bool is_word_of(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (; *words; words += strcspn(words, " "), words += *words == ' ')
		if (strcspn(words, " ") == len && !strncmp(words, word, len))
			return true;
	return false;
}

bool st_cli_option_applies(const struct st_cli_option_row *option, const struct st_verb *verb)
{
	char name[ST_OPTION_SIZE];

	if (!verb || !verb->name)
		return !option->verbs;
	for (const struct st_param *param = verb->params; param->name; param++) {
		st_param_option(param, name);
		if (param->place == ST_PLACE_OPTION && !strcmp(name, option->name))
			return false;
	}
	return !option->verbs || is_word_of(option->verbs, verb->name);
}

static bool is_called(const struct st_param *param, const char *name, size_t len)
{
	char option[ST_OPTION_SIZE];

	st_param_option(param, option);
	return strlen(option) == len && !strncmp(option, name, len);
}

static bool is_option_of(const struct st_param *param, const char *name, size_t len)
{
	struct st_param older = *param;

	older.name = param->alias;
	return param->place == ST_PLACE_OPTION &&
	       (is_called(param, name, len) || (older.name && is_called(&older, name, len)));
}

struct st_option st_option_find(const struct st_verb *verb, const char *name, size_t len)
{
	const struct st_param *params = verb ? verb->params : NULL;
	struct st_option found = { NULL, NULL };

	for (const struct st_param *param = params; param && param->name; param++)
		if (len ? is_option_of(param, name, len) : param->letter == *name)
			found.param = param;
	for (size_t i = 0; i < ST_CLI_OPTION__MAX && !found.param; i++) {
		const struct st_cli_option_row *option = &st_cli_options[i];

		if (st_cli_option_applies(option, verb) &&
		    (len ? strlen(option->name) == len && !strncmp(option->name, name, len) :
			   option->letter == *name))
			found.own = option;
	}
	return found;
}

bool st_option_takes_value(struct st_option option)
{
	if (option.param)
		return st_param_types[option.param->type].form != ST_FORM_FLAG;
	return option.own && option.own->metavar;
}

const char *st_cli_duration(const char *text, uint64_t *ret_ms)
{
	uint64_t ns;
	enum st_number problem = st_text_parse_duration(text, &ns);

	if (problem == ST_NUMBER_NO_UNIT)
		return "needs a unit: ms, s, min, h or d";
	if (problem != ST_NUMBER_OK)
		return st_number_text[problem];
	if (ns % ST_NSEC_PER_MSEC)
		return "must be whole milliseconds";
	*ret_ms = ns / ST_NSEC_PER_MSEC;
	return NULL;
}

static const char *set_format(struct st_cli *cli, const char *value)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(formats); i++) {
		if (!strcmp(value, formats[i].name)) {
			cli->format = formats[i].format;
			return NULL;
		}
	}
	return "must be text, json, dot or mermaid";
}

static const char *set_color(struct st_cli *cli, const char *value)
{
	if (strcmp(value, "auto") && strcmp(value, "always") && strcmp(value, "never"))
		return "must be auto, always or never";
	cli->color = value;
	return NULL;
}

static const char *set_type(struct st_cli *cli, const char *value)
{
	if (strcmp(value, "worker") && strcmp(value, "supervisor"))
		return "must be worker or supervisor";
	cli->type = value;
	return NULL;
}

static const char *set_timeout(struct st_cli *cli, const char *value)
{
	uint64_t timeout_ms = 0;
	const char *problem;

	if (!strcmp(value, "infinity")) {
		cli->timeout_ms = ST_CLI_INFINITY;
		return NULL;
	}
	problem = st_cli_duration(value, &timeout_ms);
	if (problem)
		return problem;
	if (timeout_ms > INT_MAX)
		return "is too long";
	cli->timeout_ms = (int)timeout_ms;
	return NULL;
}

const char *st_cli_option_set(struct st_cli *cli, enum st_cli_option option, const char *value)
{
	switch (option) {
	case ST_CLI_OPTION_FORMAT:
		return set_format(cli, value);
	case ST_CLI_OPTION_TYPE:
		return set_type(cli, value);
	case ST_CLI_OPTION_WATCH:
	case ST_CLI_OPTION_AGAIN:
		cli->watch = true;
		return NULL;
	case ST_CLI_OPTION_OPENAPI:
		cli->wants_openapi = true;
		return NULL;
	case ST_CLI_OPTION_UNTIL_NOW:
		cli->until_now = true;
		return NULL;
	case ST_CLI_OPTION_YES:
		cli->yes = true;
		return NULL;
	case ST_CLI_OPTION_JSON:
		cli->format = ST_FORMAT_JSON;
		return NULL;
	case ST_CLI_OPTION_JSONL:
		cli->format = ST_FORMAT_JSONL;
		return NULL;
	case ST_CLI_OPTION_TIMEOUT:
		return set_timeout(cli, value);
	case ST_CLI_OPTION_SOCKET:
		cli->socket = value;
		return NULL;
	case ST_CLI_OPTION_COLOR:
		return set_color(cli, value);
	case ST_CLI_OPTION_TIMESTAMPS:
		cli->has_timestamps = true;
		return NULL;
	case ST_CLI_OPTION_HELP:
		cli->wants_help = true;
		return NULL;
	case ST_CLI_OPTION_VERSION:
		cli->wants_version = true;
		return NULL;
	case ST_CLI_OPTION__MAX:
		break;
	}
	return "is not known";
}
