// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looking up what a child needs; see examine.h.
 *
 * A file that this user may not see is not reported: the daemon may have more rights.
 */
#include "cli/check/examine.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/check/access.h"
#include "cli/check/program.h"
#include "cli/check/shell_syntax.h"
#include "os/credentials.h"

static void warn(struct st_diags *diags, const struct st_doc_node *node, const char *what,
		 const char *path, const char *why, const char *advice)
{
	struct st_diag_about about = { .node = node, .is_warning = true, .advice = advice };
	struct st_quoted quoted;

	st_diags_add(diags, &about, "%s %s %s", what, st_quote(&quoted, path), why);
}

/* ---- users ---- */

static const char *credentials_error(int err)
{
	if (err == -ESRCH)
		return "does not exist";
	return err == -EINVAL ? "is a number without a name; it also needs a group" : NULL;
}

/* Whether @ret_user is known and not the user of the daemon. */
static bool find_user(struct st_diags *diags, const struct st_process_spec *process,
		      const struct st_doc_node *map, struct st_credentials *ret_user)
{
	const char *what, *why;
	int err;

	if (!process->user && !process->group)
		return false;
	err = st_credentials_resolve(process->user, process->group, ret_user, &what);
	if (!err)
		return true;
	why = credentials_error(err);
	if (why)
		warn(diags, st_doc_find(map, what), what,
		     !strcmp(what, "user") ? process->user : process->group, why, NULL);
	return false;
}

/* ---- files and folders ---- */

static bool is_missing(int err)
{
	return err == ENOENT || err == ENOTDIR;
}

static void check_cwd(struct st_diags *diags, const struct st_process_spec *process,
		      const struct st_credentials *user, const struct st_doc_node *node)
{
	struct stat status;

	if (!node)
		return;
	if (stat(process->cwd, &status)) {
		if (is_missing(errno))
			warn(diags, node, "the folder", process->cwd, "does not exist", NULL);
	} else if (!S_ISDIR(status.st_mode)) {
		warn(diags, node, "cwd", process->cwd, "is not a folder", NULL);
	} else if (user && st_access_as(user, process->cwd) == -EACCES) {
		warn(diags, node, "the folder", process->cwd,
		     "cannot be entered by the user of the child", NULL);
	}
}

/* @path: with - before it, it may be missing */
static void check_env_file(struct st_diags *diags, const char *path, const struct st_doc_node *node)
{
	bool may_be_missing = *path == '-';
	struct stat status;

	path += may_be_missing;
	if (stat(path, &status)) {
		if (is_missing(errno) && !may_be_missing)
			warn(diags, node, "the file", path, "does not exist",
			     "The daemon refuses the configuration without it; a - before the "
			     "path lets it be missing.");
	} else if (!S_ISREG(status.st_mode)) {
		warn(diags, node, "environment_file", path, "is not a file", NULL);
	}
}

static void check_env_files(struct st_diags *diags, const struct st_process_spec *process,
			    const struct st_doc_node *node)
{
	const struct st_doc_node *item = node && node->type == ST_DOC_SEQ ? node->first : node;

	for (uint32_t i = 0; item && i < process->nr_env_files; i++) {
		check_env_file(diags, process->env_files[i], item);
		item = node->type == ST_DOC_SEQ ? item->next : NULL;
	}
}

/* Whether a part of a path is a symbolic link, which logs may not have. */
static bool has_link(const char *path)
{
	char part[PATH_MAX];
	struct stat status;

	for (size_t at = 0; path[at];) {
		at += strspn(path + at, "/");
		at += strcspn(path + at, "/");
		if (at >= sizeof(part))
			return false;
		memcpy(part, path, at);
		part[at] = '\0';
		if (!lstat(part, &status) && S_ISLNK(status.st_mode))
			return true;
	}
	return false;
}

/* The folder that a log file, or the folder of log files, is in. It is never made. */
static void check_log_path(struct st_diags *diags, const char *path, const struct st_doc_node *node)
{
	const char *slash = strrchr(path, '/');
	struct stat status;
	char folder[PATH_MAX];
	size_t len = slash > path ? (size_t)(slash - path) : 1;

	if (!node || len >= sizeof(folder))
		return;
	memcpy(folder, path, len);
	folder[len] = '\0';
	if (stat(folder, &status)) {
		if (is_missing(errno))
			warn(diags, node, "the folder", folder, "does not exist",
			     "Make it; suptreed makes only the folder of the key folder, and those "
			     "below.");
	} else if (!S_ISDIR(status.st_mode)) {
		warn(diags, node, "the log's folder", folder, "is not a folder", NULL);
	} else if (has_link(folder)) {
		warn(diags, node, "the folder", folder, "has a symbolic link in it",
		     "Logs are not written through links: write the path that the link means.");
	} else if (!stat(path, &status) && S_ISDIR(status.st_mode) && !strcmp(node->key, "file")) {
		warn(diags, node, "the log file", path, "is a folder", "Is folder: PATH meant?");
	}
}

/* ---- an examiner's functions ---- */

void st_examine_log(void *warnings, const struct st_log_spec *log, const struct st_doc_node *node)
{
	const char *key = log->to == ST_LOG_FILE ? "file" : "folder";

	if (log->to != ST_LOG_FILE && log->to != ST_LOG_FOLDER)
		return;
	check_log_path(warnings, log->path, st_doc_find(node, key));
	if (log->stderr_path)
		check_log_path(warnings, log->stderr_path, st_doc_find(node, "stderr"));
}

void st_examine_child(void *warnings, const struct st_child_def *def,
		      const struct st_doc_node *node)
{
	const struct st_process_spec *process = &def->process;
	const struct st_doc_node *probe = st_doc_find(node, "probe");
	struct st_credentials credentials = { .groups = NULL };
	const struct st_credentials *user =
		find_user(warnings, process, node, &credentials) ? &credentials : NULL;
	struct st_program program = {
		.process = process,
		.user = user,
		.name = process->argv[0],
		.node = st_doc_find(node, "start"),
	};

	st_shell_syntax("start", program.node, warnings);
	st_program_check(&program, warnings);
	if (process->probe && process->probe->type == ST_PROBE_COMMAND) {
		program.name = process->probe->argv[0];
		program.node = st_doc_find(probe, "command");
		st_shell_syntax("command", program.node, warnings);
		st_program_check(&program, warnings);
	}
	check_cwd(warnings, process, user, st_doc_find(node, "cwd"));
	check_env_files(warnings, process, st_doc_find(node, "environment_file"));
	st_credentials_done(&credentials);
}
