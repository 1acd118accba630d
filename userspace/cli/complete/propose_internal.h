/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What propose.c and propose_value.c share.
 */
#ifndef ST_CLI_COMPLETE_PROPOSE_INTERNAL_H
#define ST_CLI_COMPLETE_PROPOSE_INTERNAL_H

#include "cli/command/options.h"
#include "cli/command/verbs.h"
#include "cli/complete/propose.h"

struct st_proposer {
	const struct st_cli *cli;
	enum st_proposed_to to;
	const char *typed; /* the word so far */
	size_t fixed_len; /* its first bytes, which stay: "--signal=" */
	struct st_buf *out;
};

/**
 * st_proposer_add() - propose a word, if it begins with the typed text
 * @proposer: gets the word
 * @word: the word, without the fixed part
 * @help: its meaning, or NULL
 */
void st_proposer_add(struct st_proposer *proposer, const char *word, const char *help);

/* propose_offered.c: verbs that processes offer. */
void st_propose_offered(struct st_proposer *proposer);

/* Values of a parameter, and of an option of the CLI's own. */
void st_propose_param(struct st_proposer *proposer, const struct st_verb *verb,
		      const struct st_param *param);
void st_propose_own(struct st_proposer *proposer, const struct st_cli_option_row *option);

#endif
