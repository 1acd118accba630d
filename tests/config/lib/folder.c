// SPDX-License-Identifier: GPL-2.0-only
/*
 * The temporary folder of folder.h.
 */
#include "folder.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config.h"

int folder_init(struct folder *folder)
{
	if (!temporary_folder(folder->path, "suptree-config-XXXXXX") || chdir(folder->path))
		return -errno;
	return 0;
}

static int remove_one(const char *path, const struct stat *status, int flag, struct FTW *at)
{
	(void)status;
	(void)flag;
	(void)at;
	return remove(path);
}

void folder_done(struct folder *folder)
{
	if (chdir("/"))
		perror("chdir /");
	if (nftw(folder->path, remove_one, 8, FTW_DEPTH | FTW_PHYS))
		perror(folder->path);
}

int folder_write(const char *path, const char *text)
{
	char parent[256];
	FILE *file;

	snprintf(parent, sizeof(parent), "%s", path);
	for (char *slash = strchr(parent, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(parent, 0755) && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	file = fopen(path, "w");
	if (!file)
		return -errno;
	fputs(text, file);
	return fclose(file) ? -errno : 0;
}

const char *folder_load(const char *path)
{
	static struct st_buf answer;
	struct st_diags diags = ST_DIAGS_INIT;
	struct st_sup_spec *spec = NULL;
	int err = st_config_load(path, &diags, &spec);

	st_buf_reset(&answer);
	if (err == -ENOMEM)
		st_buf_add_text(&answer, "no memory");
	for (uint32_t i = 0; !err && i < spec->nr_children; i++) {
		st_buf_add_text(&answer, i ? " " : "");
		st_buf_add_text(&answer, spec->children[i]->def.id);
	}
	st_diags_write_text(&diags, &answer);
	st_sup_spec_put(spec);
	st_diags_done(&diags);
	return st_buf_text(&answer);
}
