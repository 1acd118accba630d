// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations that processes offer, in the place of a verb: first "x.", then the process,
 * then the operation.
 */
#include <string.h>

#include "cli/command/offered.h"
#include "cli/complete/propose_internal.h"
#include "cli/show/words.h"

/* "x.NAME." of a row, or the whole, once that is typed. */
static void propose_row(struct st_proposer *proposer, const char *method, const char *summary,
			struct st_buf *last)
{
	const char *typed = proposer->typed + proposer->fixed_len;
	size_t len = (size_t)(st_offer_op(method) - method);
	struct st_buf whose = ST_BUF_INIT;

	if (!strncmp(typed, method, len)) {
		st_proposer_add(proposer, method, summary);
		return;
	}
	st_buf_add(&whose, method, len);
	/* the operations of one process come together */
	if (strcmp(st_buf_text(&whose), st_buf_text(last)) != 0) {
		st_proposer_add(proposer, st_buf_text(&whose), "operations of this process");
		st_buf_reset(last);
		st_buf_add(last, method, len);
	}
	st_buf_done(&whose);
}

/* Names have other forms than the listed one: the end of a path. */
static void propose_of_name(struct st_proposer *proposer)
{
	const char *typed = proposer->typed + proposer->fixed_len;
	const char *dot = strrchr(typed, '.');
	size_t skip = strlen(ST_OFFER_PREFIX), len;
	struct st_buf word = ST_BUF_INIT;
	size_t index;
	json_t *rows, *row;

	if (dot < typed + skip)
		return;
	len = (size_t)(dot - typed);
	st_buf_add(&word, typed + skip, len - skip);
	rows = st_offered_list(proposer->cli, st_buf_text(&word));
	json_array_foreach(rows, index, row) {
		const char *method = st_words_text(row, "name");

		if (!st_offer_name_len(method))
			continue;
		st_buf_reset(&word);
		st_buf_add(&word, typed, len + 1);
		st_buf_add_text(&word, st_offer_op(method));
		st_proposer_add(proposer, st_buf_text(&word), st_words_text(row, "summary"));
	}
	json_decref(rows);
	st_buf_done(&word);
}

void st_propose_offered(struct st_proposer *proposer)
{
	const char *typed = proposer->typed + proposer->fixed_len;
	size_t before = proposer->out->len, index;
	struct st_buf last = ST_BUF_INIT;
	json_t *rows, *row;

	if (strncmp(ST_OFFER_PREFIX, typed, strlen(typed)) != 0 && !st_offered_is(typed))
		return;
	rows = st_offered_list(proposer->cli, NULL);
	if (!st_offered_is(typed) && json_array_size(rows))
		st_proposer_add(proposer, ST_OFFER_PREFIX, "operations of processes");
	json_array_foreach(rows, index, row) {
		const char *method = st_words_text(row, "name");

		if (st_offered_is(typed) && st_offer_name_len(method))
			propose_row(proposer, method, st_words_text(row, "summary"), &last);
	}
	if (st_offered_is(typed) && proposer->out->len == before)
		propose_of_name(proposer);
	json_decref(rows);
	st_buf_done(&last);
}
