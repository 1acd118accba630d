// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading the command line by the table; see args.h.
 */
#include "cli/command/args.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/command/convert.h"
#include "cli/command/offered.h"
#include "cli/command/options.h"

#define MAX_OPTIONS (ST_OPERATION_MAX_PARAMS + ST_CLI_OPTION__MAX)

struct parser {
	char **next; /* NULL at the end */
	struct st_cli *cli;
	struct st_command *command;
	struct st_buf *why;
	unsigned int nr_args; /* positional arguments taken */
	const char *group; /* the first word of a verb of two, if it was taken */
};

static int wrong(struct parser *parser, const char *what, const char *subject, const char *text)
{
	if (parser->command->verb.name) {
		st_buf_add_text(parser->why, parser->command->verb.name);
		st_buf_add_text(parser->why, ": ");
	}
	st_buf_add_text(parser->why, what);
	st_buf_add_text(parser->why, subject);
	st_buf_add_text(parser->why, text);
	return -EINVAL;
}

static void add_hint(struct parser *parser, const char *dashes, const char *meant)
{
	if (!meant)
		return;
	st_buf_add_text(parser->why, "; did you mean ");
	st_buf_add_text(parser->why, dashes);
	st_buf_add_text(parser->why, meant);
	st_buf_add_char(parser->why, '?');
}

static int unknown_option(struct parser *parser, const char *name, size_t len)
{
	const struct st_verb *verb = &parser->command->verb;
	char texts[ST_OPERATION_MAX_PARAMS][ST_OPTION_SIZE];
	const char *names[MAX_OPTIONS];
	char word[ST_OPTION_SIZE] = { 0 };
	size_t nr = 0;

	for (const struct st_param *param = verb->params; param && param->name; param++) {
		if (param->place != ST_PLACE_OPTION)
			continue;
		st_param_option(param, texts[nr]);
		names[nr] = texts[nr];
		nr++;
	}
	for (size_t i = 0; i < ST_CLI_OPTION__MAX; i++)
		if (st_cli_option_applies(&st_cli_options[i], verb))
			names[nr++] = st_cli_options[i].name;
	memcpy(word, name, len < sizeof(word) ? len : sizeof(word) - 1);
	(void)wrong(parser, "unknown option --", word, "");
	add_hint(parser, "--", st_text_nearest(word, names, nr));
	return -EINVAL;
}

static int set_param(struct parser *parser, const struct st_param *param, json_t *value,
		     const char *subject)
{
	json_t *params = parser->command->params;

	if (json_object_get(params, param->name)) {
		json_decref(value);
		return wrong(parser, "", subject, " is given twice");
	}
	return json_object_set_new(params, param->name, value) ? -ENOMEM : 0;
}

static int take_param(struct parser *parser, const struct st_param *param, const char *text,
		      const char *subject)
{
	struct st_buf why = ST_BUF_INIT;
	json_t *value = NULL;
	int ret;

	if (st_param_types[param->type].form == ST_FORM_FLAG) {
		value = json_true();
		ret = 0;
	} else {
		ret = st_convert(param, text, &why, &value);
	}
	if (!ret) {
		ret = set_param(parser, param, value, subject);
	} else if (ret == -EINVAL) {
		(void)wrong(parser, subject, " ", st_buf_text(&why));
	}
	st_buf_done(&why);
	return ret;
}

/*
 * Take the value of an option: the text after the '=', or the next argument.
 * @subject is the name of the option in messages.
 */
static int take_option(struct parser *parser, struct st_option found, const char *inline_value,
		       const char *subject)
{
	bool is_flag = !st_option_takes_value(found);
	const char *value = inline_value;
	const char *problem;

	if (is_flag && inline_value)
		return wrong(parser, subject, " takes no value", "");
	if (!is_flag && !value) {
		if (!*parser->next)
			return wrong(parser, subject, " needs a value", "");
		value = *parser->next++;
	}
	if (found.param)
		return take_param(parser, found.param, value, subject);
	problem = st_cli_option_set(parser->cli, (enum st_cli_option)(found.own - st_cli_options),
				    value);
	return problem ? wrong(parser, subject, " ", problem) : 0;
}

static int take_long_option(struct parser *parser, const char *name)
{
	const char *equals = strchr(name, '=');
	size_t len = equals ? (size_t)(equals - name) : strlen(name);
	struct st_option found = st_option_find(&parser->command->verb, name, len);
	char subject[ST_OPTION_SIZE + 2] = "--";

	if (!found.param && !found.own)
		return unknown_option(parser, name, len);
	memcpy(subject + 2, name, len);
	subject[len + 2] = '\0';
	return take_option(parser, found, equals ? equals + 1 : NULL, subject);
}

/* -f, -n5, -n 5, -fn5 */
static int take_short_options(struct parser *parser, const char *letters)
{
	int ret = 0;

	while (!ret && *letters) {
		struct st_option found = st_option_find(&parser->command->verb, letters, 0);
		char subject[3] = { '-', *letters, '\0' };
		bool is_flag;

		if (!found.param && !found.own)
			return wrong(parser, "unknown option ", subject, "");
		is_flag = !st_option_takes_value(found);
		letters++;
		ret = take_option(parser, found, is_flag || !*letters ? NULL : letters, subject);
		if (!is_flag)
			break;
	}
	return ret;
}

/* An option after the verb may name the daemon that must be asked now. */
static const char *find_socket(const struct parser *parser)
{
	for (char **word = parser->next; *word && strcmp(*word, "--"); word++) {
		if (!strncmp(*word, "--socket=", strlen("--socket=")))
			return *word + strlen("--socket=");
		if (!strcmp(*word, "--socket") && word[1])
			return word[1];
	}
	return parser->cli->socket;
}

static int take_offered(struct parser *parser, const char *name)
{
	struct st_cli asking = *parser->cli;

	asking.socket = find_socket(parser);
	asking.verb = name;
	parser->command->code = st_offered_find(&asking, name, &parser->command->verb);
	return parser->command->code == ST_EXIT_OK ? 0 : -ESRCH;
}

/* "trace start" is trace-start. */
static int take_group(struct parser *parser, const char *name)
{
	const char *group = parser->group;
	char verb[ST_OPTION_SIZE];

	snprintf(verb, sizeof(verb), "%s-%s", group, name);
	parser->group = NULL;
	if (!st_verb_find(verb, &parser->command->verb))
		return 0;
	(void)wrong(parser, "unknown verb \"", group, " ");
	st_buf_add_text(parser->why, name);
	st_buf_add_char(parser->why, '"');
	st_verb_hint(verb, parser->why);
	return -EINVAL;
}

/* No second word came: the first one may be a verb itself. */
static int end_group(struct parser *parser)
{
	if (!st_verb_find(parser->group, &parser->command->verb) || parser->cli->wants_help ||
	    parser->cli->wants_version)
		return 0;
	(void)wrong(parser, parser->group, ": a verb is missing: ", parser->group);
	st_buf_add_text(parser->why, "-start, ");
	st_buf_add_text(parser->why, parser->group);
	st_buf_add_text(parser->why, "-stop, ...");
	return -EINVAL;
}

static int take_verb(struct parser *parser, const char *name)
{
	const struct st_alias *alias = st_alias_find(name);

	if (parser->group)
		return take_group(parser, name);
	parser->group = st_verb_group(name);
	if (parser->group)
		return 0;
	if (st_offered_is(name))
		return take_offered(parser, name);
	if (!st_verb_find(name, &parser->command->verb))
		return alias && alias->option ? take_long_option(parser, alias->option) : 0;
	(void)wrong(parser, "unknown verb \"", name, "\"");
	st_verb_hint(name, parser->why);
	return -EINVAL;
}

/* One more word of a text: the words as they stood, with blanks between. */
static int take_word_of_text(struct parser *parser, const struct st_param *param, const char *text)
{
	json_t *params = parser->command->params;
	const json_t *before = json_object_get(params, param->name);
	json_t *whole = before ? json_sprintf("%s %s", json_string_value(before), text) :
				 json_string(text);

	if (!whole)
		return wrong(parser, "\"", text, "\" must be text in UTF-8");
	return json_object_set_new(params, param->name, whole) ? -ENOMEM : 0;
}

/* One more word of a list. */
static int take_word(struct parser *parser, const struct st_param *param, const char *text)
{
	json_t *list = json_object_get(parser->command->params, param->name);

	if (st_param_types[param->type].form == ST_FORM_TEXT)
		return take_word_of_text(parser, param, text);
	if (!list) {
		list = json_array();
		if (json_object_set_new(parser->command->params, param->name, list))
			return -ENOMEM;
	}
	if (json_array_append_new(list, json_string(text)))
		return wrong(parser, "\"", text, "\" must be text in UTF-8");
	return 0;
}

static bool is_stop(const struct st_verb *verb)
{
	return verb->operation == &st_operations[ST_OPERATION_STOP];
}

static int take_argument(struct parser *parser, const char *text)
{
	unsigned int index = 0;

	if (!parser->command->verb.name)
		return take_verb(parser, text);
	for (const struct st_param *param = parser->command->verb.params; param->name; param++) {
		if (param->place == ST_PLACE_WORDS)
			return take_word(parser, param, text);
		if (param->place != ST_PLACE_ARG || index++ < parser->nr_args)
			continue;
		parser->nr_args++;
		return take_param(parser, param, text, st_param_metavar(param));
	}
	(void)wrong(parser, "one argument too many: \"", text, "\"");
	if (is_stop(&parser->command->verb))
		st_buf_add_text(parser->why, "; it stops the daemon with all trees. To stop one "
					     "child: terminate-child PATH");
	return -EINVAL;
}

/* The words after "--": the list of a parameter that takes it, otherwise arguments. */
static int take_rest(struct parser *parser)
{
	const struct st_param *param = parser->command->verb.params;
	json_t *list;
	int ret = 0;

	while (param && param->name && param->place != ST_PLACE_REST)
		param++;
	if (!param || !param->name) {
		while (!ret && *parser->next)
			ret = take_argument(parser, *parser->next++);
		return ret;
	}
	list = json_array();
	if (!list)
		return -ENOMEM;
	for (; *parser->next; parser->next++) {
		if (json_array_append_new(list, json_string(*parser->next))) {
			json_decref(list);
			return wrong(parser, "\"", *parser->next, "\" must be text in UTF-8");
		}
	}
	return set_param(parser, param, list, "--");
}

/* "-" alone is standard input, and "- x" is YAML. */
static bool is_option(const char *text)
{
	return text[0] == '-' && text[1] && text[1] != ' ' && text[1] != '\n';
}

static int take_all(struct parser *parser)
{
	int ret = 0;

	while (!ret && *parser->next) {
		const char *text = *parser->next++;

		if (!strcmp(text, "--"))
			return take_rest(parser);
		if (!strncmp(text, "--", 2))
			ret = take_long_option(parser, text + 2);
		else if (is_option(text))
			ret = take_short_options(parser, text + 1);
		else
			ret = take_argument(parser, text);
	}
	return ret;
}

/* The name of a parameter on the command line: PATH, or --name NAME. */
static void add_word(struct st_buf *out, const struct st_param *param)
{
	const char *metavar = st_param_metavar(param);
	char option[ST_OPTION_SIZE];

	if (param->place == ST_PLACE_OPTION) {
		st_param_option(param, option);
		st_buf_add_text(out, "--");
		st_buf_add_text(out, option);
		st_buf_add_text(out, *metavar ? " " : "");
	}
	st_buf_add_text(out, metavar);
}

static int check_complete(struct parser *parser)
{
	const struct st_param *params = parser->command->verb.params;
	struct st_buf words = ST_BUF_INIT;
	unsigned int nr_given = 0;
	int ret = 0;

	for (const struct st_param *param = params; !ret && param->name; param++) {
		bool is_given = json_object_get(parser->command->params, param->name) != NULL;

		if (param->need == ST_NEED_REQUIRED && !is_given) {
			st_buf_reset(&words);
			add_word(&words, param);
			(void)wrong(parser, st_buf_text(&words), " is missing: ", param->help);
			ret = -EINVAL;
		} else if (param->need == ST_NEED_ONE_OF) {
			nr_given += is_given;
			st_buf_add_text(&words, words.len ? " or " : "");
			add_word(&words, param);
		}
	}
	if (!ret && words.len && nr_given != 1)
		ret = wrong(parser, nr_given ? "only one may be given: " : "one must be given: ",
			    st_buf_text(&words), "");
	st_buf_done(&words);
	return ret;
}

int st_args_parse(int argc, char **argv, struct st_cli *cli, struct st_command *command,
		  struct st_buf *why)
{
	struct parser parser = {
		.next = argc ? argv + 1 : argv,
		.cli = cli,
		.command = command,
		.why = why,
	};
	int ret;

	memset(command, 0, sizeof(*command));
	command->params = json_object();
	if (!command->params)
		return -ENOMEM;
	ret = take_all(&parser);
	if (!ret && parser.group)
		ret = end_group(&parser);
	if (ret || cli->wants_help || cli->wants_version || !command->verb.name)
		return ret;
	return check_complete(&parser);
}

void st_command_done(struct st_command *command)
{
	json_decref(command->params);
	command->params = NULL;
	st_verb_done(&command->verb);
}
