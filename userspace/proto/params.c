// SPDX-License-Identifier: GPL-2.0-only
/*
 * The types of params.h as data, and the check of all parameters.
 */
#include "proto/params.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/spec.h"
#include "proto/ops.h"
#include "proto/value.h"

#define ROW(member, text, var, kind, least, most, about) \
	[ST_PARAM_##member] = { .name = text, \
				.metavar = var, \
				.form = ST_FORM_##kind, \
				.min = least, \
				.max = most, \
				.help = about },
const struct st_param_type_row st_param_types[ST_PARAM__MAX] = { ST_PARAM_TYPE_LIST(ROW) };
#undef ROW

const char *const *st_param_type_words(enum st_param_type type, int *ret_nr)
{
	if (type == ST_PARAM_STRATEGY) {
		*ret_nr = ST_STRATEGY__MAX;
		return st_strategy_text;
	}
	if (type == ST_PARAM_AUTO_SHUTDOWN) {
		*ret_nr = ST_AUTO_SHUTDOWN__MAX;
		return st_auto_shutdown_text;
	}
	return NULL;
}

const char *const *st_param_words(const struct st_param *param, int *ret_nr)
{
	int nr = 0;

	if (!param->words)
		return st_param_type_words(param->type, ret_nr);
	while (param->words[nr])
		nr++;
	*ret_nr = nr;
	return param->words;
}

const char *st_param_type_help(const struct st_param *param)
{
	int nr;

	if (param->type == ST_PARAM_FLAG || param->type == ST_PARAM_COUNT ||
	    param->type == ST_PARAM_LINES || param->type == ST_PARAM_INTENSITY ||
	    param->type == ST_PARAM_ARGS || st_param_words(param, &nr))
		return NULL;
	return st_param_types[param->type].help;
}

void st_param_write_default(const struct st_param *param, struct st_buf *out)
{
	const struct st_default *fallback = &param->fallback;
	bool is_ms = param->type == ST_PARAM_DURATION || param->type == ST_PARAM_AGE;
	bool is_s = is_ms && fallback->number % 1000 == 0;

	switch (fallback->kind) {
	case ST_DEFAULT_IS_NUMBER:
		st_buf_add_i64(out, is_s ? fallback->number / 1000 : fallback->number);
		st_buf_add_text(out, is_s ? "s" : is_ms ? "ms" : "");
		break;
	case ST_DEFAULT_IS_TEXT:
	case ST_DEFAULT_IS_MEANING:
		st_buf_add_text(out, fallback->text);
		break;
	case ST_DEFAULT_IS_NONE:
	case ST_DEFAULT_IS_FALSE:
		break;
	}
}

const char *st_param_metavar(const struct st_param *param)
{
	return param->metavar ? param->metavar : st_param_types[param->type].metavar;
}

void st_rpc_fail(struct st_rpc_error *error, enum st_error kind, const char *param,
		 const char *format, ...)
{
	va_list args;

	error->kind = kind;
	snprintf(error->param, sizeof(error->param), "%s", param);
	va_start(args, format);
	vsnprintf(error->message, sizeof(error->message), format, args);
	va_end(args);
}

void st_rpc_hint(struct st_rpc_error *error, const char *meant)
{
	size_t len = strlen(error->message);

	if (meant)
		snprintf(error->message + len, sizeof(error->message) - len,
			 "; did you mean \"%s\"?", meant);
}

/* Rename a parameter that came under its older name. */
static int rename_alias(const struct st_operation_row *row, const struct st_param *param,
			json_t *params, struct st_rpc_error *ret_error)
{
	json_t *value = param->alias ? json_object_get(params, param->alias) : NULL;

	if (!value)
		return 0;
	if (json_object_get(params, param->name)) {
		st_rpc_fail(ret_error, ST_ERROR_INVALID_PARAMS, param->alias,
			    "%s: \"%s\" is an older name of \"%s\": give one of them, not both",
			    row->name, param->alias, param->name);
		return -EINVAL;
	}
	if (json_object_set(params, param->name, value)) {
		st_rpc_fail(ret_error, ST_ERROR_NO_MEMORY, param->name, "%s: no memory", row->name);
		return -ENOMEM;
	}
	json_object_del(params, param->alias);
	return 0;
}

static int rename_aliases(const struct st_operation_row *row, json_t *params,
			  struct st_rpc_error *ret_error)
{
	int ret = 0;

	for (const struct st_param *param = row->params; !ret && param->name; param++)
		ret = rename_alias(row, param, params, ret_error);
	return ret;
}

static int check_names(const struct st_operation_row *row, json_t *params,
		       struct st_rpc_error *ret_error)
{
	const char *name;
	json_t *value;

	json_object_foreach(params, name, value) {
		if (st_operation_param(row, name))
			continue;
		st_rpc_fail(ret_error, ST_ERROR_INVALID_PARAMS, name,
			    "%s: unknown parameter \"%.64s\"", row->name, name);
		st_rpc_hint(ret_error, st_operation_nearest_param(row, name));
		return -EINVAL;
	}
	return 0;
}

/* Exactly one parameter of a set must be given. */
static int check_set(const struct st_operation_row *row, unsigned int set, json_t *params,
		     struct st_rpc_error *ret_error)
{
	struct st_buf names = ST_BUF_INIT;
	unsigned int nr_given = 0;

	for (const struct st_param *param = row->params; param->name; param++) {
		if (param->need != ST_NEED_ONE_OF || param->set != set)
			continue;
		nr_given += json_object_get(params, param->name) != NULL;
		st_buf_add_text(&names, names.len ? ", \"" : "\"");
		st_buf_add_text(&names, param->name);
		st_buf_add_char(&names, '"');
	}
	if (nr_given != 1)
		st_rpc_fail(ret_error, ST_ERROR_INVALID_PARAMS, "",
			    "%s: exactly one parameter is needed of %s, but %u are given",
			    row->name, st_buf_text(&names), nr_given);
	st_buf_done(&names);
	return nr_given == 1 ? 0 : -EINVAL;
}

/*
 * Sets are few and small, so a set is simply checked once for each of its
 * parameters.
 */
static int check_sets(const struct st_operation_row *row, json_t *params,
		      struct st_rpc_error *ret_error)
{
	int ret = 0;

	for (const struct st_param *param = row->params; !ret && param->name; param++)
		if (param->need == ST_NEED_ONE_OF)
			ret = check_set(row, param->set, params, ret_error);
	return ret;
}

static int check_value(const struct st_operation_row *row, const struct st_param *param,
		       json_t *value, struct st_rpc_error *ret_error)
{
	struct st_buf why = ST_BUF_INIT;
	int ret = st_value_check(param, value, &why);

	if (ret == -ENOMEM)
		st_rpc_fail(ret_error, ST_ERROR_NO_MEMORY, param->name, "%s: no memory", row->name);
	else if (ret)
		st_rpc_fail(ret_error, ST_ERROR_INVALID_PARAMS, param->name,
			    "%s: parameter \"%s\" %s", row->name, param->name, st_buf_text(&why));
	st_buf_done(&why);
	return ret;
}

int st_params_check(const struct st_operation_row *row, json_t *params,
		    struct st_rpc_error *ret_error)
{
	int ret = rename_aliases(row, params, ret_error);

	if (!ret)
		ret = check_names(row, params, ret_error);
	for (const struct st_param *param = row->params; !ret && param->name; param++) {
		json_t *value = json_object_get(params, param->name);

		if (value) {
			ret = check_value(row, param, value, ret_error);
		} else if (param->need == ST_NEED_REQUIRED) {
			st_rpc_fail(ret_error, ST_ERROR_INVALID_PARAMS, param->name,
				    "%s: parameter \"%s\" is missing: %s", row->name, param->name,
				    param->help);
			ret = -EINVAL;
		}
	}
	return ret ? ret : check_sets(row, params, ret_error);
}
