// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pins and their keeper. See pins.h; used by main.c.
 *
 * A lock on the descriptor of the folder marks it as used. The tracer and the keeper
 * share the descriptor, so the folder is free when both have ended. Only our three
 * folders in it are ever removed.
 */
#include "tracer/pins.h"

#include <bpf/libbpf.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/wait.h>
#include <unistd.h>

struct st_pins {
	int folder; /* locked */
	int alive; /* the end of a pipe; closing it wakes the keeper */
	pid_t keeper;
};

/* Links first: nothing is seen by half of the programs. */
static const char *const parts[] = { "links", "progs", "maps" };

static void empty(int folder)
{
	DIR *dir = fdopendir(folder);
	struct dirent *entry;

	if (!dir) {
		close(folder);
		return;
	}
	while ((entry = readdir(dir)))
		(void)unlinkat(dirfd(dir), entry->d_name, 0); /* "." and ".." do not go */
	closedir(dir);
}

/* What cannot be removed stays; the next tracer that pins finds it. */
static void remove_parts(int folder)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(parts); i++) {
		int part =
			openat(folder, parts[i], O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		if (part >= 0)
			empty(part);
		(void)unlinkat(folder, parts[i], AT_REMOVEDIR);
	}
}

/* Until the other end of @alive is closed. */
__attribute__((noreturn)) static void keep(int folder, int alive)
{
	sigset_t all;
	char byte;

	sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, NULL); /* it cannot fail with these */
	(void)setsid(); /* leave the terminal; it does not lead a group yet */
	while (read(alive, &byte, 1) < 0 && errno == EINTR)
		;
	remove_parts(folder);
	(void)rmdir(ST_PINS_FOLDER);
	_exit(0);
}

/* 1: the name still leads to @folder; 0: the folder was removed in the meantime; -errno. */
static int is_in_place(int folder)
{
	struct stat opened;
	struct stat named;

	if (fstat(folder, &opened))
		return -errno;
	if (stat(ST_PINS_FOLDER, &named))
		return errno == ENOENT ? 0 : -errno;
	if (opened.st_uid != geteuid()) /* the file system may be open to all users */
		return -EPERM;
	return opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

/* The folder, made if need be and locked; 0: its last user has just removed it. */
static int try_to_lock(void)
{
	if (mkdir(ST_PINS_FOLDER, 0700) && errno != EEXIST)
		return -errno;
	int folder = open(ST_PINS_FOLDER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (folder < 0)
		return errno == ENOENT ? 0 : -errno;
	int result = flock(folder, LOCK_EX | LOCK_NB) ? -errno : is_in_place(folder);

	if (result == 1)
		return folder;
	close(folder);
	return result == -EWOULDBLOCK ? -EBUSY : result;
}

static int lock_folder(void)
{
	int folder;

	do {
		folder = try_to_lock();
	} while (folder == 0);
	return folder;
}

/* Close everything that the keeper does not need, such as pipes to the tracer's reader. */
static void close_others(int folder, int alive)
{
	int low = folder < alive ? folder : alive;
	int high = folder < alive ? alive : folder;

	/* it fails only for an empty range */
	if (low > 0)
		(void)close_range(0, (unsigned int)low - 1, 0);
	(void)close_range((unsigned int)low + 1, (unsigned int)high - 1, 0);
	(void)close_range((unsigned int)high + 1, ~0u, 0);
}

static int start_keeper(struct st_pins *pins)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	pins->keeper = fork();
	if (pins->keeper == 0) {
		close_others(pins->folder, ends[0]);
		keep(pins->folder, ends[0]);
	}
	int error = pins->keeper < 0 ? errno : 0;

	close(ends[0]);
	if (error)
		close(ends[1]);
	else
		pins->alive = ends[1];
	return -error;
}

int st_pins_new(struct st_pins **ret_pins)
{
	struct statfs root;

	if (statfs(ST_PINS_ROOT, &root))
		return -errno;
	if (root.f_type != BPF_FS_MAGIC)
		return -ENOTSUP;
	struct st_pins *pins = malloc(sizeof(*pins));

	if (!pins)
		return -ENOMEM;
	pins->folder = lock_folder();
	int result = pins->folder < 0 ? pins->folder : 0;

	if (!result) {
		remove_parts(pins->folder);
		result = start_keeper(pins);
		if (result)
			close(pins->folder);
	}
	if (result)
		free(pins);
	else
		*ret_pins = pins;
	return result;
}

/* The name without libbpf's beginning: a map of the object's data is suptree_.bss. */
static void make_path(char path[static 128], const char *part, const char *name)
{
	const char *dot = strrchr(name, '.');

	/* both words are ours, and short */
	(void)snprintf(path, 128, "%s/%s/%s", ST_PINS_FOLDER, part, dot ? dot + 1 : name);
}

static int pin_maps(const struct bpf_object_skeleton *object)
{
	char path[128];

	for (int i = 0; i < object->map_cnt; i++) {
		struct bpf_map *map = *object->maps[i].map;

		make_path(path, "maps", bpf_map__name(map));
		int result = bpf_map__fd(map) < 0 ? 0 : bpf_map__pin(map, path);

		if (result)
			return result;
	}
	return 0;
}

/* A program that is not attached is not loaded either: another one does its work. */
static int pin_programs(const struct bpf_object_skeleton *object)
{
	char path[128];

	for (int i = 0; i < object->prog_cnt; i++) {
		struct bpf_program *program = *object->progs[i].prog;
		struct bpf_link *link = *object->progs[i].link;

		if (!link)
			continue;
		make_path(path, "progs", object->progs[i].name);
		int result = bpf_program__pin(program, path);

		make_path(path, "links", object->progs[i].name);
		if (!result)
			result = bpf_link__pin(link, path);
		if (result)
			return result;
	}
	return 0;
}

int st_pins_add(const struct st_pins *pins, const struct st_session *session)
{
	const struct bpf_object_skeleton *object = st_session_skeleton(session);

	for (size_t i = 0; i < ST_ARRAY_SIZE(parts); i++)
		if (mkdirat(pins->folder, parts[i], 0700))
			return -errno;
	int result = pin_maps(object);

	return result ? result : pin_programs(object);
}

void st_pins_free(struct st_pins *pins)
{
	if (!pins)
		return;
	close(pins->alive);
	while (waitpid(pins->keeper, NULL, 0) < 0 && errno == EINTR)
		;
	close(pins->folder);
	free(pins);
}
