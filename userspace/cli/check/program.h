/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether a child's program is there and can be executed, by the rules that the daemon
 * follows: the child's own PATH, folder and user.
 */
#ifndef ST_CLI_CHECK_PROGRAM_H
#define ST_CLI_CHECK_PROGRAM_H

#include "config/diag.h"
#include "core/spec.h"
#include "os/credentials.h"

/* A command line of a child: of the child itself, or of its probe. */
struct st_program {
	const struct st_process_spec *process; /* the child's: PATH, folder */
	const struct st_credentials *user; /* NULL: as this program */
	const char *name; /* the first word */
	const struct st_doc_node *node; /* the command line */
};

/**
 * st_program_check() - warn of a program that is not there or cannot be executed
 * @program: which
 * @diags: gets the warning
 */
void st_program_check(const struct st_program *program, struct st_diags *diags);

#endif
