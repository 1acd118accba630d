// SPDX-License-Identifier: GPL-2.0-only
/*
 * All verbs in one row; see verbs.h.
 */
#include "cli/command/verbs.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "cli/command/offered.h"

#define MIN_PREFIX 2 /* letters of a beginning */
#define MAX_PREFIXED 5 /* verbs that are proposed */

#define PARAMS(member, ...) \
	static const struct st_param params_##member[] = { ST_LOCAL_PARAMS_##member(ST_PARAM){ \
		.name = NULL } };
ST_LOCAL_VERB_LIST(PARAMS)
#undef PARAMS

#define ROW(member, text, section, about, like) \
	[ST_VERB_##member] = { .name = text, \
			       .group = ST_GROUP_##section, \
			       .summary = about, \
			       .example = like, \
			       .params = params_##member, \
			       .local = ST_VERB_##member },
static const struct st_verb locals[ST_VERB__MAX] = { ST_LOCAL_VERB_LIST(ROW) };
#undef ROW

#define ALIAS(text, stands_for, with) { .name = text, .verb = stands_for, .option = with },
const struct st_alias st_aliases[] = { ST_ALIAS_LIST(ALIAS) };
const size_t st_nr_aliases = ST_ARRAY_SIZE(st_aliases);
#undef ALIAS

#define SYNONYM(text, what) { .word = text, .meaning = what },
static const struct {
	const char *word;
	const char *meaning;
} synonyms[] = { ST_SYNONYM_LIST(SYNONYM) };
#undef SYNONYM

struct st_verb st_verb_get(unsigned int index)
{
	const struct st_operation_row *row;

	if (index >= ST_OPERATION__MAX)
		return locals[index - ST_OPERATION__MAX];
	row = &st_operations[index];
	return (struct st_verb){
		.name = row->verb,
		.group = row->group,
		.summary = row->summary,
		.example = row->example,
		.params = row->params,
		.operation = row,
		.local = ST_VERB__MAX,
	};
}

const char *st_verb_group(const char *word)
{
	static const char *const groups[] = { "trace", "services" };

	for (size_t i = 0; i < ST_ARRAY_SIZE(groups); i++)
		if (!strcmp(word, groups[i]))
			return groups[i];
	return NULL;
}

/* A name with underscores, as in JSON-RPC, is the same verb; and the other way round. */
static bool is_same(const char *verb, const char *name)
{
	for (; *verb && (*verb == *name || (strchr("-_", *verb) && strchr("-_", *name) && *name));
	     verb++)
		name++;
	return !*verb && !*name;
}

const struct st_alias *st_alias_find(const char *name)
{
	for (size_t i = 0; i < st_nr_aliases; i++)
		if (is_same(st_aliases[i].name, name))
			return &st_aliases[i];
	return NULL;
}

int st_verb_find(const char *name, struct st_verb *ret_verb)
{
	const struct st_alias *alias = st_alias_find(name);

	if (alias)
		name = alias->verb;
	for (unsigned int i = 0; i < ST_NR_VERBS; i++) {
		struct st_verb verb = st_verb_get(i);

		if (!is_same(verb.name, name))
			continue;
		*ret_verb = verb;
		return 0;
	}
	return -ENOENT;
}

void st_verb_done(struct st_verb *verb)
{
	st_offered_free(verb->offered);
	memset(verb, 0, sizeof(*verb));
}

/* Whether a verb ends or forgets something. */
static bool ends(const struct st_verb *verb)
{
	return verb->operation && verb->operation->flags & ST_ENDS;
}

/* Append "a, b or c" word by word. */
static void add_meant(const char *word, bool is_last, unsigned int nr_before, struct st_buf *out)
{
	const char *before = is_last ? " or " : ", ";

	st_buf_add_text(out, nr_before ? before : "; did you mean ");
	st_buf_add_text(out, word);
}

/* The verbs that begin so; nothing if there are none or too many. */
static void add_prefixed(const char *name, struct st_buf *out)
{
	const char *found[MAX_PREFIXED + 1];
	size_t len = strlen(name);
	unsigned int nr = 0;

	for (unsigned int i = 0; i < ST_NR_VERBS && nr <= MAX_PREFIXED; i++) {
		struct st_verb verb = st_verb_get(i);

		if (!strncmp(verb.name, name, len) && !ends(&verb))
			found[nr++] = verb.name;
	}
	if (len < MIN_PREFIX || nr > MAX_PREFIXED)
		return;
	for (unsigned int i = 0; i < nr; i++)
		add_meant(found[i], i + 1 == nr, i, out);
}

/* The verb that is most similar to a mistyped one, unless that ends something. */
static const char *nearest(const char *name)
{
	const char *names[ST_NR_VERBS + ST_ARRAY_SIZE(st_aliases)];
	const char *found;
	struct st_verb verb;

	for (unsigned int i = 0; i < ST_NR_VERBS; i++)
		names[i] = st_verb_get(i).name;
	for (size_t i = 0; i < st_nr_aliases; i++)
		names[ST_NR_VERBS + i] = st_aliases[i].name;
	found = st_text_nearest(name, names, ST_ARRAY_SIZE(names));
	return found && !st_verb_find(found, &verb) && !ends(&verb) ? found : NULL;
}

void st_verb_hint(const char *name, struct st_buf *out)
{
	size_t len = out->len;
	const char *meant;

	for (size_t i = 0; i < ST_ARRAY_SIZE(synonyms) && out->len == len; i++)
		if (!strcmp(synonyms[i].word, name))
			add_meant(synonyms[i].meaning, false, 0, out);
	if (out->len == len)
		add_prefixed(name, out);
	meant = out->len == len ? nearest(name) : NULL;
	if (meant)
		add_meant(meant, false, 0, out);
	if (out->len > len)
		st_buf_add_char(out, '?');
}

void st_param_option(const struct st_param *param, char ret_option[ST_OPTION_SIZE])
{
	size_t len = strnlen(param->name, ST_OPTION_SIZE - 1);

	if (param->type == ST_PARAM_DURATION || param->type == ST_PARAM_AGE)
		len -= strlen("_ms");
	for (size_t i = 0; i < len; i++)
		ret_option[i] = param->name[i] == '_' ? '-' : param->name[i];
	ret_option[len] = '\0';
}
