// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading a file whole, and not more than a file may have. Opening does not
 * wait: what is named may be a FIFO.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "config/doc.h"
#include "config/file.h"

static int check_type(const struct stat *status)
{
	if (S_ISDIR(status->st_mode))
		return -EISDIR;
	if (!S_ISREG(status->st_mode))
		return -EINVAL;
	return status->st_size > ST_DOC_MAX_FILE ? -EFBIG : 0;
}

/* Up to @size bytes; the number read, or -errno. */
static ssize_t read_all(int fd, char *bytes, size_t size)
{
	size_t at = 0;

	while (at < size) {
		ssize_t nr = read(fd, bytes + at, size - at);

		if (nr < 0 && errno == EINTR)
			continue;
		if (nr < 0)
			return -errno;
		if (!nr)
			break;
		at += (size_t)nr;
	}
	return (ssize_t)at;
}

static int read_open(int fd, struct st_file *file)
{
	struct stat status;
	size_t size;
	ssize_t len;
	int err;

	if (fstat(fd, &status))
		return -errno;
	err = check_type(&status);
	if (err)
		return err;
	size = (size_t)status.st_size + 1; /* one more shows that it grew */
	file->bytes = st_alloc(size);
	if (!file->bytes)
		return -ENOMEM;
	len = read_all(fd, file->bytes, size);
	if (len < 0 || (size_t)len == size) {
		st_free(file->bytes);
		file->bytes = NULL;
		return len < 0 ? (int)len : -EBUSY;
	}
	file->len = (size_t)len;
	file->device = status.st_dev;
	file->inode = status.st_ino;
	return 0;
}

int st_file_read_all(int fd, struct st_file *file)
{
	struct st_buf text = ST_BUF_INIT;
	char portion[4096];
	ssize_t nr;

	(void)st_buf_reserve(&text, 1); /* also nothing is a text; a failure shows at the end */
	do {
		nr = read_all(fd, portion, sizeof(portion));
		if (nr > 0)
			st_buf_add(&text, portion, (size_t)nr);
		if (!nr || text.failed || text.len > ST_DOC_MAX_FILE)
			break;
	} while (nr > 0);
	if (nr >= 0)
		nr = text.len > ST_DOC_MAX_FILE ? -EFBIG : st_buf_error(&text);
	if (nr < 0) {
		st_buf_done(&text);
		return (int)nr;
	}
	*file = (struct st_file){ .bytes = text.data, .len = text.len };
	return 0;
}

int st_file_read(const char *path, struct st_file *file)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int err;

	if (fd < 0)
		return -errno;
	err = read_open(fd, file);
	(void)close(fd); /* read only: nothing can be lost */
	return err;
}
