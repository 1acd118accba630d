/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The configuration: files to the specification of the daemon's root.
 *
 * A main file holds the root's flags, its children and `include`; an included
 * file holds children and further includes. The children of included files
 * follow those of the including file, in the order of inclusion. All mistakes
 * of all files are reported together.
 */
#ifndef ST_CONFIG_CONFIG_H
#define ST_CONFIG_CONFIG_H

#include "base/buf.h"
#include "base/compiler.h"
#include "config/diag.h"
#include "core/spec.h"

#define ST_CONFIG_MAX_FILES 1000 /* of one configuration */
#define ST_CONFIG_MAX_INCLUDES 16 /* files that include each other in a row */

/**
 * st_config_load() - load a configuration
 * @path: the main file
 * @diags: gets the mistakes, in the order of files and lines; also what could
 *         not be read, for example "read /etc/suptree/suptree.yaml: Permission
 *         denied"
 * @ret_spec: the root's specification, one reference
 *
 * Return: 0 and @ret_spec; -EINVAL with the mistakes in @diags; -ENOMEM.
 */
int st_config_load(const char *path, struct st_diags *diags,
		   struct st_sup_spec **ret_spec) __must_check;

/* The name of standard input, as a main file and in messages. */
#define ST_CONFIG_STDIN "-"
#define ST_CONFIG_STDIN_NAME "<stdin>"

/**
 * struct st_examiner - who looks at what was read, beyond what is right or wrong
 * @child: gets each worker without a mistake, and the map that it was read from
 * @log: gets each log, of workers and of supervisors, and its value
 * @arg: the first argument of both
 *
 * What was read is borrowed for the call.
 */
struct st_examiner {
	void (*child)(void *arg, const struct st_child_def *def, const struct st_doc_node *node);
	void (*log)(void *arg, const struct st_log_spec *log, const struct st_doc_node *node);
	void *arg;
};

/**
 * st_config_examine() - load a configuration, and show it to an examiner
 * @path: the main file, or ST_CONFIG_STDIN
 * @examiner: sees all workers and logs
 * @diags: as st_config_load()
 * @ret_spec: as st_config_load()
 *
 * Includes of standard input are relative to the working directory.
 *
 * Return: as st_config_load().
 */
int st_config_examine(const char *path, const struct st_examiner *examiner, struct st_diags *diags,
		      struct st_sup_spec **ret_spec) __must_check;

/**
 * st_config_parse() - the same for a main file in memory, without includes
 * @name: how messages call it
 * @bytes: the file's content
 * @len: its length
 * @diags: as above
 * @ret_spec: as above
 *
 * Return: as st_config_load().
 */
int st_config_parse(const char *name, const char *bytes, size_t len, struct st_diags *diags,
		    struct st_sup_spec **ret_spec) __must_check;

/**
 * st_config_reference() - append a description of every key
 * @out: where to: plain text, at most 79 columns wide, as in `suptree check --keys`
 */
void st_config_reference(struct st_buf *out);

#endif
