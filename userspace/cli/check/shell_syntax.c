// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding what only a shell understands; see shell_syntax.h.
 *
 * A command line is walked with the rules of `start`: quotes and backslashes hide what
 * is in them. Only a $ counts in "..." too, as in a shell, unless the program is a shell
 * itself, which then reads it.
 */
#include "cli/check/shell_syntax.h"

#include <ctype.h>
#include <string.h>

#define WITH_SHELL "To have a shell: start: [sh, -c, \"...\"]."
#define TO_FILE "log: {file: PATH} writes output to a file. " WITH_SHELL
#define VARIABLE \
	"environment and environment_file set variables, which the program reads. " WITH_SHELL

/* What is found: each kind is reported once. */
enum kind {
	REDIRECTION,
	INPUT,
	PIPE,
	SEQUENCE,
	BACKGROUND,
	SUBSTITUTION,
	EXPANSION,
	ASSIGNMENT,
	PATTERN,
	HOME,
	KIND__MAX,
};

static const struct {
	const char *what; /* after: no shell is involved, so */
	const char *advice;
} kinds[KIND__MAX] = {
	[REDIRECTION] = { "is an argument and sends output nowhere", TO_FILE },
	[INPUT] = { "is an argument and reads from nothing", WITH_SHELL },
	[PIPE] = { "is an argument and connects nothing", WITH_SHELL },
	[SEQUENCE] = { "is an argument and begins no second command",
		       "A child is one program: give each a child of its own. " WITH_SHELL },
	[BACKGROUND] = { "is an argument",
			 "A child must stay in the foreground: leave the & out." },
	[SUBSTITUTION] = { "is not replaced by the output of a command", WITH_SHELL },
	[EXPANSION] = { "is not replaced by the value of a variable", VARIABLE },
	[ASSIGNMENT] = { "is taken for the program",
			 "environment: {NAME: VALUE} sets a variable." },
	[PATTERN] = { "is not replaced by the names of files", WITH_SHELL },
	[HOME] = { "is not replaced by a home directory", "Write the path." },
};

struct walk {
	const char *at;
	const char *word; /* where the current word begins */
	char quote;
	bool is_shell; /* the program is one */
	const char *found[KIND__MAX]; /* the first of each kind */
	size_t len[KIND__MAX];
};

static void find(struct walk *walk, enum kind kind, const char *at, size_t len)
{
	if (walk->found[kind])
		return;
	walk->found[kind] = at;
	walk->len[kind] = len;
}

static size_t name_len(const char *text)
{
	size_t len = 0;

	if (isdigit((unsigned char)*text))
		return 0;
	while (isalnum((unsigned char)text[len]) || text[len] == '_')
		len++;
	return len;
}

/* $NAME, ${NAME}, $(command) */
static void look_at_dollar(struct walk *walk)
{
	const char *after = walk->at + 1;

	if (*after == '(')
		find(walk, SUBSTITUTION, walk->at, 2);
	else if (*after == '{')
		find(walk, EXPANSION, walk->at, strcspn(walk->at, "} \t\n") + 1);
	else if (name_len(after))
		find(walk, EXPANSION, walk->at, 1 + name_len(after));
}

/* An address as *:80 or 0.0.0.0:*, and a value after an option's = are no patterns. */
static void look_at_star(struct walk *walk)
{
	size_t len = strcspn(walk->word, " \t\r\n");

	if (*walk->word != '-' && !memchr(walk->word, ':', len) && !memchr(walk->word, '=', len))
		find(walk, PATTERN, walk->word, len);
}

static void look_at_ampersand(struct walk *walk)
{
	const char *after = walk->at + 1;

	if (*after == '&')
		find(walk, SEQUENCE, walk->at, 2);
	else if (!*after || isspace((unsigned char)*after))
		find(walk, BACKGROUND, walk->at, 1);
}

/* A character outside of quotes. */
static void look_at(struct walk *walk)
{
	switch (*walk->at) {
	case '>':
		find(walk, REDIRECTION, walk->at, 1);
		break;
	case '<':
		find(walk, INPUT, walk->at, 1);
		break;
	case '|':
		if (walk->at[1] == '|')
			find(walk, SEQUENCE, walk->at, 2);
		else if (walk->at == walk->word || walk->at[-1] != '|')
			find(walk, PIPE, walk->at, 1);
		break;
	case ';':
		find(walk, SEQUENCE, walk->at, 1);
		break;
	case '&':
		if (walk->at == walk->word || !strchr("&>", walk->at[-1]))
			look_at_ampersand(walk);
		break;
	case '`':
		find(walk, SUBSTITUTION, walk->at, 1);
		break;
	case '*':
		look_at_star(walk);
		break;
	case '~':
		if (walk->at == walk->word && (!walk->at[1] || strchr("/ \t", walk->at[1])))
			find(walk, HOME, walk->at, 1);
		break;
	default:
		break;
	}
}

/* Walk one word, with the rules of config/bind_start.c. */
static void walk_word(struct walk *walk)
{
	walk->word = walk->at;
	for (; *walk->at; walk->at++) {
		char c = *walk->at;

		if (!walk->quote && isspace((unsigned char)c))
			break;
		if (c == walk->quote)
			walk->quote = '\0';
		else if (!walk->quote && (c == '\'' || c == '"'))
			walk->quote = c;
		else if (c == '\\' && walk->quote != '\'' && walk->at[1])
			walk->at++;
		else if (c == '$' && walk->quote != '\'' && !(walk->quote && walk->is_shell))
			look_at_dollar(walk);
		else if (!walk->quote)
			look_at(walk);
	}
}

static bool is_shell(const char *word, size_t len)
{
	static const char *const shells[] = { "sh", "bash", "dash", "zsh", "ksh", "ash", "fish" };

	for (size_t at = len; at; at--) {
		if (word[at - 1] != '/')
			continue;
		word += at;
		len -= at;
		break;
	}
	for (size_t i = 0; i < ST_ARRAY_SIZE(shells); i++)
		if (strlen(shells[i]) == len && !strncmp(shells[i], word, len))
			return true;
	return false;
}

static void report(const struct walk *walk, const char *key, const struct st_doc_node *node,
		   struct st_diags *diags)
{
	for (int kind = 0; kind < KIND__MAX; kind++) {
		struct st_diag_about about = { .node = node, .is_warning = true };
		struct st_quoted quoted;
		char text[32];
		size_t len = walk->len[kind];

		if (!walk->found[kind])
			continue;
		if (len >= sizeof(text))
			len = sizeof(text) - 1;
		memcpy(text, walk->found[kind], len);
		text[len] = '\0';
		about.advice = kinds[kind].advice;
		st_diags_add(diags, &about, "no shell runs %s, so %s %s", key,
			     st_quote(&quoted, text), kinds[kind].what);
	}
}

void st_shell_syntax(const char *key, const struct st_doc_node *node, struct st_diags *diags)
{
	static const char blanks[] = " \t\r\n";
	struct walk walk = { .quote = '\0' };
	size_t name;

	if (!node || node->type != ST_DOC_TEXT)
		return;
	walk.at = node->text + strspn(node->text, blanks);
	walk.is_shell = is_shell(walk.at, strcspn(walk.at, blanks));
	name = name_len(walk.at);
	if (name && walk.at[name] == '=')
		find(&walk, ASSIGNMENT, walk.at, strcspn(walk.at, blanks));
	while (*walk.at) {
		walk_word(&walk);
		walk.at += strspn(walk.at, blanks);
	}
	report(&walk, key, node, diags);
}

static const struct {
	const char *word;
	const char *advice;
} builtins[] = {
	{ "cd", "cwd: FOLDER sets the working directory." },
	{ "exec", "Leave exec out: start: PROGRAM ARGUMENTS." },
	{ "export", "environment: {NAME: VALUE} sets a variable." },
	{ "set", "environment: {NAME: VALUE} sets a variable." },
	{ "source", "environment_file: PATH reads variables from a file." },
	{ ".", "environment_file: PATH reads variables from a file." },
	{ "ulimit", "limits: {nofile: NUMBER} sets a limit." },
	{ "umask", "umask: \"022\" sets it." },
	{ "if", WITH_SHELL },
	{ "while", WITH_SHELL },
	{ "until", WITH_SHELL },
	{ "for", WITH_SHELL },
	{ "eval", WITH_SHELL },
	{ "trap", WITH_SHELL },
	{ "wait", WITH_SHELL },
	{ "command", WITH_SHELL },
};

const char *st_shell_builtin(const char *word)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(builtins); i++)
		if (!strcmp(builtins[i].word, word))
			return builtins[i].advice;
	return NULL;
}
