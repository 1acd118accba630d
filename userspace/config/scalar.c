// SPDX-License-Identifier: GPL-2.0-only
/*
 * The types of plain scalars: YAML 1.2, "10.3.2. Tag Resolution" of the core
 * schema. A word that none of its patterns match is text; YAML 1.1's yes, on
 * and 1:30 among them.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "config/internal.h"

static bool is_one_of(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (!strcmp(text, *words))
			return true;
	return false;
}

/* Whether all of @text is one or more of @digits. */
static bool consists_of(const char *text, const char *digits)
{
	return *text && text[strspn(text, digits)] == '\0';
}

static const char *skip_sign(const char *text)
{
	return *text == '-' || *text == '+' ? text + 1 : text;
}

/* [-+]?[0-9]+ | 0o[0-7]+ | 0x[0-9a-fA-F]+ */
static int integer_base(const char *text)
{
	if (!strncmp(text, "0o", 2))
		return consists_of(text + 2, "01234567") ? 8 : 0;
	if (!strncmp(text, "0x", 2))
		return consists_of(text + 2, "0123456789abcdefABCDEF") ? 16 : 0;
	return consists_of(skip_sign(text), "0123456789") ? 10 : 0;
}

/* [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)? */
static bool is_real(const char *text)
{
	static const char digits[] = "0123456789";
	size_t whole, part = 0;

	text = skip_sign(text);
	whole = strspn(text, digits);
	text += whole;
	if (*text == '.') {
		part = strspn(text + 1, digits);
		text += 1 + part;
	}
	if (!whole && !part)
		return false;
	if (*text == 'e' || *text == 'E')
		return consists_of(skip_sign(text + 1), digits);
	return !*text;
}

static void resolve_integer(struct st_doc_node *node, int base)
{
	const char *digits = base == 10 ? node->text : node->text + 2;

	errno = 0;
	node->integer = strtoll(digits, NULL, base);
	node->type = ST_DOC_INT;
	if (errno != ERANGE)
		return;
	node->type = ST_DOC_FLOAT;
	node->real = base == 8 ? HUGE_VAL : strtod(node->text, NULL);
}

void st_scalar_resolve(struct st_doc_node *node)
{
	static const char *const nulls[] = { "", "~", "null", "Null", "NULL", NULL };
	static const char *const trues[] = { "true", "True", "TRUE", NULL };
	static const char *const falses[] = { "false", "False", "FALSE", NULL };
	static const char *const infinities[] = { ".inf", ".Inf", ".INF", NULL };
	static const char *const nans[] = { ".nan", ".NaN", ".NAN", NULL };
	const char *text = node->text;
	int base = integer_base(text);

	node->type = ST_DOC_TEXT;
	if (is_one_of(text, nulls)) {
		node->type = ST_DOC_NULL;
	} else if (is_one_of(text, trues) || is_one_of(text, falses)) {
		node->type = ST_DOC_BOOL;
		node->boolean = is_one_of(text, trues);
	} else if (base) {
		resolve_integer(node, base);
	} else if (is_real(text)) {
		node->type = ST_DOC_FLOAT;
		node->real = strtod(text, NULL);
	} else if (is_one_of(skip_sign(text), infinities)) {
		node->type = ST_DOC_FLOAT;
		node->real = *text == '-' ? -HUGE_VAL : HUGE_VAL;
	} else if (is_one_of(text, nans)) {
		node->type = ST_DOC_FLOAT;
		node->real = NAN;
	}
}
