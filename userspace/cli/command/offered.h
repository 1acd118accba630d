/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Operations that processes offer, as verbs: `suptree x.counter_1.add 5`. Only the daemon
 * knows their parameters, so the CLI asks it. Then they are parsed, explained and
 * completed like all other verbs.
 */
#ifndef ST_CLI_COMMAND_OFFERED_H
#define ST_CLI_COMMAND_OFFERED_H

#include <jansson.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "cli/cli.h"
#include "cli/command/verbs.h"
#include "proto/offer.h"

struct st_offered {
	struct st_offer *offer; /* owned; its row has name, verb and example */
	json_t *listed; /* owned: their texts */
};

void st_offered_free(struct st_offered *offered); /* NULL is fine */

/* Whether a word is a verb of this kind, or the beginning of one. */
bool st_offered_is(const char *word);

/**
 * st_offered_find() - find the verb with a name, or print an error
 * @cli: socket and timeout
 * @method: x.NAME.OP
 * @ret_verb: on success the verb; st_verb_done()
 *
 * Return: ST_EXIT_OK; otherwise the exit code, and the error was printed.
 */
enum st_exit_code st_offered_find(const struct st_cli *cli, const char *method,
				  struct st_verb *ret_verb);

/**
 * st_offered_look() - the same without any output, for completion
 * @cli: socket and timeout
 * @method: x.NAME.OP
 * @ret_verb: as above
 *
 * Return: 0; -ENOENT: there is no such verb, or no daemon answers.
 */
int st_offered_look(const struct st_cli *cli, const char *method,
		    struct st_verb *ret_verb) __must_check;

/**
 * st_offered_list() - what is offered, without a word if that cannot be had
 * @cli: socket and timeout
 * @name: of the process; NULL: of all
 *
 * Return: rows of the operation offered, owned; NULL.
 */
json_t *st_offered_list(const struct st_cli *cli, const char *name);

#endif
