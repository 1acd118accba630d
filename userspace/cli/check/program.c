// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looking for a program as os/spawn does, and reading its first line; see program.h.
 *
 * What cannot be known from here is not reported: a PATH that a file of variables may
 * set, and files that this user may not see.
 */
#include "cli/check/program.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/check/access.h"
#include "cli/check/shell_syntax.h"
#include "config/file.h"
#include "os/fd.h"
#include "os/path.h"

static void warn(const struct st_program *program, struct st_diags *diags, const char *why,
		 const char *advice)
{
	struct st_diag_about about = {
		.node = program->node->type == ST_DOC_SEQ ? program->node->first : program->node,
		.is_warning = true,
		.advice = advice,
	};
	struct st_quoted quoted;

	st_diags_add(diags, &about, "the program %s %s", st_quote(&quoted, program->name), why);
}

/* Whether a file of variables may set PATH. */
static bool may_set_path(const struct st_process_spec *process)
{
	bool may = false;

	for (uint32_t i = 0; i < process->nr_env_files && !may; i++) {
		const char *path = process->env_files[i];
		struct st_file file = { .bytes = NULL };

		if (!st_file_read(path + (*path == '-'), &file))
			may = file.len && memmem(file.bytes, file.len, "PATH", 4);
		else
			may = !access(path, F_OK) || errno == EACCES;
		st_free(file.bytes);
	}
	return may;
}

/* The PATH that the child has, as PATH=...; NULL: it is not known here. */
static const char *path_of(const struct st_process_spec *process, char *room, size_t size)
{
	const char *own = getenv("PATH");

	for (uint32_t i = process->nr_env; i; i--)
		if (!strncmp(process->env[i - 1], "PATH=", 5))
			return process->env[i - 1];
	if (may_set_path(process))
		return NULL;
	if (!own || (size_t)snprintf(room, size, "PATH=%s", own) >= size)
		return "LC_ALL=C"; /* no PATH: the default one */
	return room;
}

/* The interpreter of a script, in @line, which is its first one; NULL: it has none. */
static char *interpreter(char *line)
{
	char *name = line + 2 + strspn(line + 2, " \t");

	name[strcspn(name, " \t\r\n")] = '\0';
	return *name ? name : NULL;
}

static bool is_text(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)bytes[i] < ' ' && !strchr("\t\r\n", bytes[i]))
			return false;
	return len;
}

/* Whether the kernel will take the file for a program. */
static void check_content(const struct st_program *program, const char *file,
			  struct st_diags *diags)
{
	st_cleanup(st_fd_close) int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char line[256] = "", why[sizeof(line) + 64];
	const char *name;
	ssize_t nr;

	if (fd < 0)
		return; /* who may execute it need not read it */
	nr = read(fd, line, sizeof(line) - 1);
	if (!nr)
		warn(program, diags, "is empty", NULL);
	if (nr < 2)
		return;
	if (strncmp(line, "#!", 2)) {
		if (is_text(line, (size_t)nr))
			warn(program, diags, "is a text without #! in its first line",
			     "Write its interpreter there, as #!/bin/sh, or before it in start.");
		return;
	}
	if (line[strcspn(line, "\n")] && line[strcspn(line, "\n") - 1] == '\r') {
		warn(program, diags, "has a carriage return at the end of its first line",
		     "Its lines end as on Windows; dos2unix repairs that.");
		return;
	}
	name = interpreter(line);
	if (!name || !access(name, F_OK) || errno == EACCES)
		return;
	(void)snprintf(why, sizeof(why), "has an interpreter that does not exist: %s", name);
	warn(program, diags, why, NULL);
}

static void check_file(const struct st_program *program, const char *file, struct st_diags *diags)
{
	struct statvfs system;
	struct stat status;

	if (stat(file, &status)) {
		if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP)
			warn(program, diags, "does not exist", NULL);
		return;
	}
	if (S_ISDIR(status.st_mode))
		warn(program, diags, "is a folder", NULL);
	else if (!S_ISREG(status.st_mode) || !(status.st_mode & 0111))
		warn(program, diags, "cannot be executed",
		     S_ISREG(status.st_mode) ? "chmod +x makes it a program." : NULL);
	else if (!statvfs(file, &system) && system.f_flag & ST_NOEXEC)
		warn(program, diags, "cannot be executed", "Its file system is mounted noexec.");
	else if (program->user && st_access_as(program->user, file) == -EACCES)
		warn(program, diags, "cannot be executed by the user of the child", NULL);
	else
		check_content(program, file, diags);
}

/* One with a slash: relative to the child's folder. */
static void check_path(const struct st_program *program, struct st_diags *diags)
{
	const char *cwd = program->process->cwd;
	char file[PATH_MAX];
	int len;

	if (*program->name == '/' || !cwd)
		len = snprintf(file, sizeof(file), "%s", program->name);
	else
		len = snprintf(file, sizeof(file), "%s/%s", cwd, program->name);
	if ((size_t)len >= sizeof(file))
		return;
	if (*program->name != '/' && !cwd)
		warn(program, diags, "is relative to the folder in which suptreed was started",
		     "Give the whole path, or cwd: FOLDER.");
	else
		check_file(program, file, diags);
}

static void warn_unknown(const struct st_program *program, const char *path, struct st_diags *diags)
{
	const char *advice = st_shell_builtin(program->name);
	char text[PATH_MAX + 64];

	if (!advice) {
		(void)snprintf(text, sizeof(text), "%s%s",
			       strncmp(path, "PATH=", 5) ? "PATH is not set" : path,
			       program->process->nr_env ? "" : "; the daemon may have another");
		advice = text;
	}
	warn(program, diags,
	     st_shell_builtin(program->name) ? "is a word of the shell" : "is not in PATH", advice);
}

/* One without a slash: in the folders of PATH. */
static void check_name(const struct st_program *program, struct st_diags *diags)
{
	struct st_path_files files;
	char room[PATH_MAX], unconst[PATH_MAX], *envp[] = { unconst, NULL };
	const char *path = path_of(program->process, room, sizeof(room));

	if (!path || (size_t)snprintf(unconst, sizeof(unconst), "%s", path) >= sizeof(unconst))
		return;
	if (st_path_search_all(program->name, envp, &files)) {
		warn_unknown(program, path, diags);
		return;
	}
	for (unsigned int i = 0; i < files.nr; i++)
		if (!st_access_as(program->user, files.files[i])) {
			check_file(program, files.files[i], diags);
			return;
		}
	check_file(program, files.files[0], diags);
}

void st_program_check(const struct st_program *program, struct st_diags *diags)
{
	/* a first word as VAR=1 or cd; was reported as what it is (shell_syntax.c) */
	if (program->node->type == ST_DOC_TEXT && strpbrk(program->name, "=;&|<>`$*~"))
		return;
	if (strchr(program->name, '/'))
		check_path(program, diags);
	else
		check_name(program, diags);
}
