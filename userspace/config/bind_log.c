// SPDX-License-Identifier: GPL-2.0-only
/*
 * Binding log: a word, or a map with file or folder and the rotation. It may be in a
 * child, or in a supervisor for all children below that have none.
 */
#include <string.h>

#include "base/text.h"
#include "config/binder.h"
#include "core/limits.h"

#define DEFAULT_KEEP 5

void st_bind_log_file(struct st_binder *binder, const struct st_key *key,
		      const struct st_doc_node *node, void *draft)
{
	struct st_log_draft *log = draft;

	log->log.to = ST_LOG_FILE;
	log->log.path = st_bind_path(binder, key, node);
}

void st_bind_log_folder(struct st_binder *binder, const struct st_key *key,
			const struct st_doc_node *node, void *draft)
{
	struct st_log_draft *log = draft;

	log->log.to = ST_LOG_FOLDER;
	log->log.path = st_bind_path(binder, key, node);
}

void st_bind_log_stderr(struct st_binder *binder, const struct st_key *key,
			const struct st_doc_node *node, void *draft)
{
	struct st_log_draft *log = draft;

	log->log.stderr_path = st_bind_path(binder, key, node);
}

void st_bind_log_max_size(struct st_binder *binder, const struct st_key *key,
			  const struct st_doc_node *node, void *draft)
{
	struct st_log_draft *log = draft;
	uint64_t size;

	if (st_bind_size(binder, key, node, ST_MIN_LOG_SIZE, &size))
		log->log.max_size = size;
}

void st_bind_log_max_age(struct st_binder *binder, const struct st_key *key,
			 const struct st_doc_node *node, void *draft)
{
	struct st_log_draft *log = draft;
	uint64_t value;

	if (!st_bind_time(binder, key, node, ST_NSEC_PER_SEC, ST_MAX_PERIOD_S, &value))
		return;
	if (value)
		log->log.max_age_s = (uint32_t)value;
	else
		st_key_refuse(key, node, NULL, NULL, binder->diags);
}

void st_bind_log_keep(struct st_binder *binder, const struct st_key *key,
		      const struct st_doc_node *node, void *draft)
{
	struct st_log_draft *log = draft;
	int64_t value;

	if (st_bind_int(binder, key, node, 0, ST_MAX_LOG_KEEP, &value))
		log->log.keep = (uint32_t)value;
}

void st_bind_log_timestamps(struct st_binder *binder, const struct st_key *key,
			    const struct st_doc_node *node, void *draft)
{
	struct st_log_draft *log = draft;

	(void)st_bind_bool(binder, key, node, &log->log.timestamps);
}

static void bind_map(struct st_binder *binder, const struct st_doc_node *node,
		     struct st_log_draft *draft)
{
	const struct st_doc_node *file = st_doc_find(node, "file");
	const struct st_doc_node *folder = st_doc_find(node, "folder");
	struct st_diag_about about = { .node = node, .expected = "file or folder, and not both" };
	unsigned int nr_found = binder->diags->nr_found;

	st_bind_map(binder, node, ST_SCOPE_LOG, draft);
	if (!file && !folder) {
		if (st_bind_has_failed(binder, nr_found))
			return; /* an unknown key may be meant to be it */
		st_diags_add(binder->diags, &about, "log has neither file nor folder");
	} else if (file && folder) {
		about.node = folder;
		about.at_key = true;
		st_diags_add(binder->diags, &about, "log has both file and folder");
	}
}

static void bind_log(struct st_binder *binder, const struct st_key *key,
		     const struct st_doc_node *node, struct st_log_spec *log)
{
	static const char *const words[] = { "journal", "none" };
	unsigned int nr_found = binder->diags->nr_found;
	struct st_log_draft draft = { .log = { .keep = DEFAULT_KEEP } };
	const char *text = node->type == ST_DOC_TEXT ? node->text : "";

	if (!strcmp(text, words[0])) {
		log->to = ST_LOG_JOURNAL;
	} else if (!strcmp(text, words[1])) {
		log->to = ST_LOG_NONE;
	} else if (node->type == ST_DOC_MAP) {
		bind_map(binder, node, &draft);
		*log = draft.log;
	} else {
		st_key_refuse(key, node, NULL, st_text_nearest(text, words, ST_ARRAY_SIZE(words)),
			      binder->diags);
	}
	if (binder->examiner && !st_bind_has_failed(binder, nr_found))
		binder->examiner->log(binder->examiner->arg, log, node);
}

void st_bind_log(struct st_binder *binder, const struct st_key *key, const struct st_doc_node *node,
		 void *draft)
{
	struct st_process_spec *process = &((struct st_child_draft *)draft)->def.process;
	struct st_diag_about about = { .node = node, .at_key = true, .expected = "output: ring" };

	struct st_log_spec *log = st_bind_alloc(binder, 1, sizeof(*log));

	if (!log)
		return;
	bind_log(binder, key, node, log);
	process->log = log;
	if (log->to > ST_LOG_NONE && process->out != ST_OUTPUT_RING)
		st_diags_add(binder->diags, &about,
			     "log needs the output ring, and the output is %s",
			     st_output_text[process->out]);
}

void st_bind_sup_log(struct st_binder *binder, const struct st_key *key,
		     const struct st_doc_node *node, void *draft)
{
	bind_log(binder, key, node, &((struct st_sup_draft *)draft)->log);
}
