// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes the row of an operation from its description; see offer.h. First
 * everything is checked. Then one block of memory is allocated for the row, its
 * parameters and their texts.
 */
#include "proto/offer.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/character.h"
#include "base/text.h"
#include "core/spec.h"

#define TIMEOUT "timeout_ms"

static const char *const members[] = { "name", "summary", "params", "changes" };
static const char *const param_members[] = { "name", "type", "required", "help" };
static const enum st_param_type types[] = { ST_PARAM_WORD, ST_PARAM_INTEGER, ST_PARAM_TEXT };

struct reader {
	enum st_offer_source source;
	const char *name; /* of the operation, as soon as it is known */
	struct st_rpc_error *error;
};

static int wrong(const struct reader *reader, const char *what, const char *subject,
		 const char *why)
{
	st_rpc_fail(reader->error, ST_ERROR_INVALID_PARAMS, "operations",
		    "offer%s%.*s: %s \"%.*s\" %s", *reader->name ? " " : "", ST_OFFER_MAX_NAME,
		    reader->name, what, ST_OFFER_MAX_NAME, subject, why);
	return -EINVAL;
}

/* Is it a valid name? Names are words of requests and of command lines. */
static bool is_name(const char *text)
{
	size_t len = text ? strlen(text) : 0;

	return len && len <= ST_OFFER_MAX_NAME && *text >= 'a' && *text <= 'z' &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == len;
}

/* Is it one line that can be shown on any terminal? */
static bool is_line(const json_t *value)
{
	const char *text = json_string_value(value);

	return text && json_string_length(value) <= ST_OFFER_MAX_SUMMARY &&
	       st_character_all_plain(text);
}

static int check_members(const struct reader *reader, const json_t *object,
			 const char *const *known, size_t nr)
{
	const char *name;
	json_t *value;

	if (reader->source == ST_OFFER_FROM_LISTING)
		return 0;
	/* jansson's loop takes no const object, but changes nothing */
	json_object_foreach((json_t *)(uintptr_t)object, name, value) {
		if (st_text_index(known, (int)nr, name) >= 0)
			continue;
		(void)wrong(reader, "member", name, "is unknown");
		st_rpc_hint(reader->error, st_text_nearest(name, known, nr));
		return -EINVAL;
	}
	return 0;
}

static bool is_own(const json_t *param)
{
	const char *name = json_string_value(json_object_get(param, "name"));

	return name && !strcmp(name, TIMEOUT);
}

/* Return: a type, or -ENOENT. A parameter without a type is a word. */
static int type_of(const json_t *param)
{
	const json_t *value = json_object_get(param, "type");
	const char *name = json_string_value(value);

	if (!value)
		return ST_PARAM_WORD;
	for (size_t i = 0; name && i < ST_ARRAY_SIZE(types); i++)
		if (!strcmp(st_param_types[types[i]].name, name))
			return (int)types[i];
	return -ENOENT;
}

static bool is_required(const json_t *param)
{
	return !json_is_false(json_object_get(param, "required"));
}

static bool is_bool_or_none(const json_t *value)
{
	return !value || json_is_boolean(value);
}

static int check_param(const struct reader *reader, const json_t *param)
{
	const char *name = json_string_value(json_object_get(param, "name"));
	const json_t *help = json_object_get(param, "help");

	if (!json_is_object(param))
		return wrong(reader, "member", "params", "must be a list of objects");
	if (!is_name(name))
		return wrong(reader, "parameter", name ? name : "",
			     "must have a name of a-z, 0-9 and '_', at most 63 bytes");
	if (is_own(param))
		return wrong(reader, "parameter", name, "is one that all operations have");
	if (type_of(param) < 0)
		return wrong(reader, "parameter", name,
			     "must have one of the types word, integer, text");
	if (!is_bool_or_none(json_object_get(param, "required")))
		return wrong(reader, "parameter", name, "is required: true or false");
	if (help && !is_line(help))
		return wrong(reader, "parameter", name,
			     "must have a help of one line, at most 200 bytes");
	return check_members(reader, param, param_members, ST_ARRAY_SIZE(param_members));
}

/* Words are sent without names, so their order must identify them. */
static int check_order(const struct reader *reader, const json_t *params, size_t index)
{
	const json_t *param = json_array_get(params, index);
	const char *name = json_string_value(json_object_get(param, "name"));

	for (size_t i = 0; i < index; i++) {
		const json_t *before = json_array_get(params, i);

		if (!strcmp(json_string_value(json_object_get(before, "name")), name))
			return wrong(reader, "parameter", name, "is there twice");
		if (is_required(param) && !is_required(before))
			return wrong(reader, "parameter", name,
				     "is required, and stands behind one that is not");
		if (type_of(before) == ST_PARAM_TEXT)
			return wrong(reader, "parameter", name,
				     "stands behind a text, which takes all that follows");
	}
	return 0;
}

/*
 * @ret_nr: the number of the process's own parameters; a listing has timeout_ms
 * after them.
 */
static int check_params(const struct reader *reader, const json_t *params, size_t *ret_nr)
{
	size_t nr = json_array_size(params);
	int ret = 0;

	if (params && !json_is_array(params))
		return wrong(reader, "member", "params", "must be a list of objects");
	if (reader->source == ST_OFFER_FROM_LISTING && nr && is_own(json_array_get(params, nr - 1)))
		nr--;
	if (nr > ST_OFFER_MAX_PARAMS)
		return wrong(reader, "member", "params", "has more than 7 elements");
	for (size_t i = 0; !ret && i < nr; i++) {
		ret = check_param(reader, json_array_get(params, i));
		if (!ret)
			ret = check_order(reader, params, i);
	}
	*ret_nr = nr;
	return ret;
}

static int check(struct reader *reader, const json_t *described, const char *name, size_t *ret_nr)
{
	const json_t *summary = json_object_get(described, "summary");
	int ret;

	if (!is_name(name))
		return wrong(reader, "operation", name ? name : "",
			     "must have a name of a-z, 0-9 and '_', at most 63 bytes");
	reader->name = name;
	ret = check_members(reader, described, members, ST_ARRAY_SIZE(members));
	if (ret)
		return ret;
	if (!is_line(summary) || !json_string_length(summary))
		return wrong(reader, "member", "summary", "must be one line, at most 200 bytes");
	if (!is_bool_or_none(json_object_get(described, "changes")))
		return wrong(reader, "member", "changes", "must be true or false");
	return check_params(reader, json_object_get(described, "params"), ret_nr);
}

static size_t size_of(const json_t *object, const char *key)
{
	return json_string_length(json_object_get(object, key)) + 1;
}

static const char *copy(char **at, const char *text)
{
	size_t size = text ? strlen(text) + 1 : 1;
	char *begin = *at;

	memcpy(begin, text ? text : "", size);
	*at += size;
	return begin;
}

/* Copy "max_len" as MAX_LEN, as a command line shows it. */
static const char *copy_upper(char **at, const char *text)
{
	char *begin = *at;

	copy(at, text);
	for (char *c = begin; *c; c++)
		*c = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
	return begin;
}

static void fill_param(struct st_param *param, const json_t *described, char **at)
{
	const char *name = json_string_value(json_object_get(described, "name"));

	param->name = copy(at, name);
	param->metavar = copy_upper(at, name);
	param->help = copy(at, json_string_value(json_object_get(described, "help")));
	param->type = (enum st_param_type)type_of(described);
	param->need = is_required(described) ? ST_NEED_REQUIRED : ST_NEED_OPTIONAL;
	param->place = param->type == ST_PARAM_TEXT ? ST_PLACE_WORDS : ST_PLACE_ARG;
}

static void fill(struct st_offer *offer, const json_t *described, const char *name)
{
	const json_t *params = json_object_get(described, "params");
	bool changes = !json_is_false(json_object_get(described, "changes"));
	char *at = offer->texts;

	offer->row = (struct st_operation_row){
		.name = copy(&at, name),
		.owner = ST_OWNER_DAEMON,
		.group = ST_GROUP_TALK,
		.role = ST_ROLE_OPERATOR,
		.flags = ST_WAITS | ST_FOR_CHILDREN | (changes ? ST_CHANGES : 0),
		.summary = copy(&at, json_string_value(json_object_get(described, "summary"))),
		.shape = ST_SHAPE_REPLY,
		.errors = st_operations[ST_OPERATION_INVOKE].errors,
		.params = offer->params,
	};
	for (unsigned int i = 0; i < offer->nr_params; i++)
		fill_param(&offer->params[i], json_array_get(params, i), &at);
	offer->params[offer->nr_params] = (struct st_param){
		.name = TIMEOUT,
		.type = ST_PARAM_DURATION,
		.need = ST_NEED_OPTIONAL,
		.place = ST_PLACE_OPTION,
		.fallback = ST_DEFAULT_NUMBER(ST_OFFER_TIMEOUT_MS),
		.help = "give up after this time",
	};
}

int st_offer_read(const json_t *described, enum st_offer_source source, struct st_offer **ret_offer,
		  struct st_rpc_error *ret_error)
{
	struct reader reader = { .source = source, .name = "", .error = ret_error };
	const char *name = json_string_value(json_object_get(described, "name"));
	size_t size = sizeof(struct st_offer), nr = 0;
	const json_t *params = json_object_get(described, "params");
	struct st_offer *offer;
	int ret;

	if (name && source == ST_OFFER_FROM_LISTING && st_offer_name_len(name))
		name = st_offer_op(name);
	ret = check(&reader, described, name, &nr);
	if (ret)
		return ret;
	size += strlen(name) + 1 + size_of(described, "summary");
	for (size_t i = 0; i < nr; i++)
		size += 2 * size_of(json_array_get(params, i), "name") +
			size_of(json_array_get(params, i), "help");
	offer = st_alloc(size);
	if (!offer) {
		st_rpc_fail(ret_error, ST_ERROR_NO_MEMORY, "", "offer %s: no memory", name);
		return -ENOMEM;
	}
	offer->nr_params = (unsigned int)nr;
	fill(offer, described, name);
	*ret_offer = offer;
	return 0;
}

void st_offer_free(struct st_offer *offer)
{
	st_free(offer);
}

size_t st_offer_name_len(const char *method)
{
	size_t skip = strlen(ST_OFFER_PREFIX);
	const char *dot;

	if (strncmp(method, ST_OFFER_PREFIX, skip) != 0)
		return 0;
	dot = strrchr(method + skip, '.');
	return dot && dot[1] ? (size_t)(dot - method) - skip : 0;
}

const char *st_offer_op(const char *method)
{
	return strrchr(method, '.') + 1;
}

const char *st_offer_words(const struct st_offer *offer, const json_t *params, struct st_buf *out)
{
	const char *missing = NULL;

	st_buf_add_text(out, offer->row.name);
	for (unsigned int i = 0; i < offer->nr_params; i++) {
		const json_t *value = json_object_get(params, offer->params[i].name);

		if (!value) {
			missing = missing ? missing : offer->params[i].name;
			continue;
		}
		if (missing)
			return missing;
		st_buf_add_char(out, ' ');
		if (json_is_integer(value))
			st_buf_add_i64(out, json_integer_value(value));
		else
			st_buf_add(out, json_string_value(value), json_string_length(value));
	}
	return NULL;
}
