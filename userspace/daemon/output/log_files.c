// SPDX-License-Identifier: GPL-2.0-only
/*
 * The set of all log files, by path; see log_file.h.
 */
#include <assert.h>
#include <string.h>

#include "base/alloc.h"
#include "daemon/output/log_file_internal.h"
#include "os/fd.h"

void st_log_files_init(struct st_log_files *files, struct st_ring *ring)
{
	*files = (struct st_log_files){ .ring = ring };
	st_list_init(&files->all);
	st_list_init(&files->dirty);
}

/* FNV-1a. The map cannot have the key 0, so 0 is replaced. */
static uint64_t hash_of(const char *path)
{
	uint64_t hash = 0xcbf29ce484222325ull;

	for (; *path; path++)
		hash = (hash ^ (unsigned char)*path) * 0x100000001b3ull;
	return hash ? hash : 1;
}

static struct st_log_file *find(const struct st_log_files *files, const char *path)
{
	struct st_log_file *file = st_map_get(&files->by_hash, hash_of(path));

	while (file && strcmp(file->path, path))
		file = file->same_hash;
	return file;
}

static struct st_log_file *new_file(struct st_log_files *files, const char *path)
{
	size_t size = strlen(path) + 1;
	struct st_log_file *file = st_alloc(sizeof(*file) + size);
	uint64_t hash = hash_of(path);

	if (!file || st_map_reserve(&files->by_hash, files->by_hash.nr + 1)) {
		st_free(file);
		return NULL;
	}
	memcpy(file->path, path, size);
	file->files = files;
	file->open.fd = -1;
	st_list_init(&file->dirty);
	st_log_gate_init(&file->gate);
	file->same_hash = st_map_get(&files->by_hash, hash);
	st_map_put(&files->by_hash, hash, file);
	st_list_add_tail(&file->link, &files->all);
	return file;
}

void st_log_file_free(struct st_log_file *file)
{
	struct st_map *map = &file->files->by_hash;
	uint64_t hash = hash_of(file->path);
	struct st_log_file *first = st_map_get(map, hash);
	struct st_log_file **at = &first;

	st_log_gate_open(&file->gate);
	while (*at != file)
		at = &(*at)->same_hash;
	*at = file->same_hash;
	if (first)
		st_map_put(map, hash, first);
	else
		st_map_remove(map, hash);
	st_list_del(&file->link);
	st_list_del(&file->dirty);
	st_fd_close(&file->open.fd);
	st_buf_done(&file->waiting);
	st_buf_done(&file->flying);
	st_free(file);
}

struct st_log_file *st_log_file_get(struct st_log_files *files, const char *path,
				    const struct st_log_spec *log, size_t may_make, gid_t group)
{
	struct st_log_file *file = find(files, path);

	if (!file)
		file = new_file(files, path);
	if (!file)
		return NULL;
	file->refs++;
	file->max_size = log->max_size;
	file->max_age_s = log->max_age_s;
	file->keep = log->keep;
	file->timestamps = log->timestamps;
	file->may_make = may_make;
	file->group = group;
	return file;
}

void st_log_file_put(struct st_log_file *file)
{
	if (file && !--file->refs && st_list_is_empty(&file->dirty))
		st_log_file_free(file);
}

void st_log_files_pump(struct st_log_files *files)
{
	struct st_list *pos, *tmp;

	st_list_for_each_safe(pos, tmp, &files->dirty)
		st_log_file_submit(st_list_entry(pos, struct st_log_file, dirty));
}

void st_log_files_reopen(struct st_log_files *files)
{
	struct st_list *pos;

	st_list_for_each(pos, &files->all) {
		struct st_log_file *file = st_list_entry(pos, struct st_log_file, link);

		file->must_reopen = true;
		file->retry_ns = 0;
		file->rotate_retry_ns = 0;
	}
}

void st_log_files_close(struct st_log_files *files)
{
	st_log_files_pump(files);
}

bool st_log_files_is_closed(const struct st_log_files *files)
{
	return !files->nr_armed;
}

void st_log_files_done(struct st_log_files *files)
{
	while (!st_list_is_empty(&files->all)) {
		struct st_log_file *file = st_list_entry(files->all.next, struct st_log_file, link);

		assert(!file->refs && !st_op_is_armed(&file->write.op));
		st_log_file_free(file);
	}
	st_map_done(&files->by_hash);
}

const char *st_log_file_path(const struct st_log_file *file)
{
	return file->path;
}

uint64_t st_log_file_nr_lost(const struct st_log_file *file)
{
	return file->nr_lost_ever;
}
