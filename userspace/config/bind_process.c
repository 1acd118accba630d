// SPDX-License-Identifier: GPL-2.0-only
/*
 * Binding how a worker's process is started: readiness, identity, place and
 * output. None of it is OTP's, and nothing is looked up in the system; the
 * maps environment and limits are in bind_process_maps.c.
 */
#include <signal.h>
#include <string.h>

#include "base/text.h"
#include "config/binder.h"
#include "core/limits.h"

#define MIN_READY_FD 3
#define MAX_READY_FD 1023
#define MAX_UMASK 0777
#define MAX_NAME_LEN 255 /* of a user or group */

static struct st_process_spec *process_of(void *draft)
{
	struct st_child_draft *child = draft;

	return &child->def.process;
}

/* The number that all of @text is, or -1 if it is none or above @max. */
static int parse_digits(const char *text, int base, int max)
{
	int value = 0;

	if (!*text)
		return -1;
	for (; *text; text++) {
		int digit = *text - '0';

		if (digit < 0 || digit >= base)
			return -1;
		value = value * base + digit;
		if (value > max)
			return -1;
	}
	return value;
}

void st_bind_ready(struct st_binder *binder, const struct st_key *key,
		   const struct st_doc_node *node, void *draft)
{
	const struct st_child_draft *child = draft;
	struct st_process_spec *process = process_of(draft);
	const char *text = node->type == ST_DOC_TEXT ? node->text : "";
	int fd = strncmp(text, "fd=", 3) ? -1 : parse_digits(text + 3, 10, MAX_READY_FD);
	int word = st_text_index(st_ready_text, ST_READY_FD, text);

	if (fd >= MIN_READY_FD) {
		process->ready = ST_READY_FD;
		process->ready_fd = fd;
	} else if (word == ST_READY_PROBE && !st_doc_find(child->node, "probe")) {
		st_key_refuse(key, node, "the child has no probe", NULL, binder->diags);
	} else if (word >= 0) {
		process->ready = (enum st_ready)word;
	} else {
		st_key_refuse(key, node, NULL, st_text_nearest(text, st_ready_text, ST_READY_FD),
			      binder->diags);
	}
}

void st_bind_notify_access(struct st_binder *binder, const struct st_key *key,
			   const struct st_doc_node *node, void *draft)
{
	int value;

	if (st_bind_word(binder, key, node, &value))
		process_of(draft)->notify_access = (enum st_notify_access)value;
}

void st_bind_cwd(struct st_binder *binder, const struct st_key *key, const struct st_doc_node *node,
		 void *draft)
{
	if (node->type == ST_DOC_TEXT && *node->text == '/' &&
	    strlen(node->text) <= ST_MAX_PATH_LEN)
		process_of(draft)->cwd = st_bind_text(binder, node);
	else
		st_key_refuse(key, node, NULL, NULL, binder->diags);
}

static bool is_name_char(char c)
{
	return (unsigned char)c > 0x20 && c != 0x7f && c != ':' && c != '/';
}

/* A name that a user or group may have, or its number. */
static const char *bind_name(struct st_binder *binder, const struct st_key *key,
			     const struct st_doc_node *node)
{
	size_t len = 0;

	if (node->type == ST_DOC_TEXT || (node->type == ST_DOC_INT && node->integer >= 0))
		while (is_name_char(node->text[len]))
			len++;
	if (len && !node->text[len] && len <= MAX_NAME_LEN)
		return st_bind_text(binder, node);
	st_key_refuse(key, node, NULL, NULL, binder->diags);
	return NULL;
}

void st_bind_user(struct st_binder *binder, const struct st_key *key,
		  const struct st_doc_node *node, void *draft)
{
	process_of(draft)->user = bind_name(binder, key, node);
}

void st_bind_group(struct st_binder *binder, const struct st_key *key,
		   const struct st_doc_node *node, void *draft)
{
	process_of(draft)->group = bind_name(binder, key, node);
}

/*
 * YAML 1.2 reads a plain 022 as twenty-two, which is never intended. So the digits count
 * as written, and a number without a leading zero is refused.
 */
void st_bind_umask(struct st_binder *binder, const struct st_key *key,
		   const struct st_doc_node *node, void *draft)
{
	const char *text = node->type == ST_DOC_TEXT || node->type == ST_DOC_INT ? node->text : "";
	int value = -1;

	if (!strncmp(text, "0o", 2))
		value = parse_digits(text + 2, 8, MAX_UMASK);
	else if (*text == '0')
		value = parse_digits(text, 8, MAX_UMASK);
	if (value >= 0)
		process_of(draft)->umask = (int16_t)value;
	else
		st_key_refuse(key, node, NULL, NULL, binder->diags);
}

void st_bind_nice(struct st_binder *binder, const struct st_key *key,
		  const struct st_doc_node *node, void *draft)
{
	struct st_process_spec *process = process_of(draft);
	int64_t value;

	if (!st_bind_int(binder, key, node, -20, 19, &value))
		return;
	process->nice = (int16_t)value;
	process->has_nice = true;
}

void st_bind_oom_score_adj(struct st_binder *binder, const struct st_key *key,
			   const struct st_doc_node *node, void *draft)
{
	struct st_process_spec *process = process_of(draft);
	int64_t value;

	if (!st_bind_int(binder, key, node, -1000, 1000, &value))
		return;
	process->oom_score_adj = (int16_t)value;
	process->has_oom_score_adj = true;
}

void st_bind_output(struct st_binder *binder, const struct st_key *key,
		    const struct st_doc_node *node, void *draft)
{
	int value;

	if (st_bind_word(binder, key, node, &value))
		process_of(draft)->out = (enum st_output)value;
}

void st_bind_accept(struct st_binder *binder, const struct st_key *key,
		    const struct st_doc_node *node, void *draft)
{
	int value;

	if (st_bind_word(binder, key, node, &value))
		process_of(draft)->accept = (enum st_accept)value;
}

void st_bind_accept_links(struct st_binder *binder, const struct st_key *key,
			  const struct st_doc_node *node, void *draft)
{
	int value;

	if (st_bind_word(binder, key, node, &value))
		process_of(draft)->accept_links = (enum st_accept)value;
}

void st_bind_clear_environment(struct st_binder *binder, const struct st_key *key,
			       const struct st_doc_node *node, void *draft)
{
	(void)st_bind_bool(binder, key, node, &process_of(draft)->clear_env);
}

void st_bind_kill_subtree(struct st_binder *binder, const struct st_key *key,
			  const struct st_doc_node *node, void *draft)
{
	(void)st_bind_bool(binder, key, node, &process_of(draft)->kill_subtree);
}

void st_bind_stop_signal(struct st_binder *binder, const struct st_key *key,
			 const struct st_doc_node *node, void *draft)
{
	int signo = node->type == ST_DOC_TEXT ? st_signal_number(node->text) : -1;

	if (signo > 0 && signo != SIGKILL && signo != SIGSTOP)
		process_of(draft)->stop_signal = signo == SIGTERM ? 0 : (uint8_t)signo;
	else
		st_key_refuse(key, node, signo > 0 ? "no process can handle it" : NULL, NULL,
			      binder->diags);
}

void st_bind_no_new_privs(struct st_binder *binder, const struct st_key *key,
			  const struct st_doc_node *node, void *draft)
{
	(void)st_bind_bool(binder, key, node, &process_of(draft)->no_new_privs);
}
