// SPDX-License-Identifier: GPL-2.0-only
/*
 * The CLI's own options; see options.h.
 */
#include "cli/options.h"

#include <limits.h>
#include <string.h>

#include "base/text.h"

#define ROW(member, text, short_name, var, only, about) \
	[ST_CLI_OPTION_##member] = { \
		.name = text, .letter = short_name, .metavar = var, .verb = only, .help = about \
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

bool st_cli_option_applies(const struct st_cli_option_row *option, const struct st_verb *verb)
{
	char name[ST_OPTION_SIZE];

	if (!verb || !verb->name)
		return !option->verb;
	for (const struct st_param *param = verb->params; param->name; param++) {
		st_param_option(param, name);
		if (param->place == ST_PLACE_OPTION && !strcmp(name, option->name))
			return false;
	}
	return !option->verb || !strcmp(option->verb, verb->name);
}

const char *st_cli_duration(const char *text, uint64_t *ret_ms)
{
	uint64_t ns;
	enum st_number problem = st_text_parse_duration(text, &ns);

	if (problem == ST_NUMBER_NO_UNIT)
		return "needs a unit: ms, s, min or h";
	if (problem != ST_NUMBER_OK)
		return st_number_text[problem];
	if (ns % ST_NSEC_PER_MSEC)
		return "is finer than a millisecond";
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

static const char *set_timeout(struct st_cli *cli, const char *value)
{
	uint64_t timeout_ms = 0;
	const char *problem = st_cli_duration(value, &timeout_ms);

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
	case ST_CLI_OPTION_WATCH:
		cli->watch = true;
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
