// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes the file of the transcript; see transcript.h. core/text.c defines the
 * lines.
 */
#include "daemon/history/transcript.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "os/fd.h"

#define KEEP_CAP (256u << 10) /* an empty buffer frees memory above this size */
#define MAX_WAITING (4u << 20) /* most bytes kept for a terminal that is stopped */

struct st_transcript {
	struct st_buf text; /* not written yet */
	int fd;
	bool is_file; /* it is not a device, so it can be cut */
	bool has_ended;
};

static int check_type(struct st_transcript *transcript)
{
	struct stat status;

	if (fstat(transcript->fd, &status) < 0)
		return -errno;
	transcript->is_file = S_ISREG(status.st_mode);
	return transcript->is_file || S_ISCHR(status.st_mode) ? 0 : -EINVAL;
}

int st_transcript_open(const char *path, struct st_transcript **ret_transcript)
{
	struct st_transcript *transcript = st_alloc(sizeof(*transcript));
	int ret;

	if (!transcript)
		return -ENOMEM;
	/* O_NONBLOCK: it may be a terminal, or a pipe that has no reader */
	transcript->fd =
		open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0640);
	ret = transcript->fd < 0 ? -errno : check_type(transcript);
	if (ret) {
		st_transcript_close(transcript);
		return ret;
	}
	*ret_transcript = transcript;
	return 0;
}

struct st_buf *st_transcript_text(struct st_transcript *transcript)
{
	return &transcript->text;
}

void st_transcript_event(struct st_transcript *transcript, const struct st_event *event,
			 uint64_t now_ns)
{
	if (transcript->has_ended)
		return;
	st_event_write(event, now_ns, &transcript->text);
	st_buf_add_char(&transcript->text, '\n');
}

void st_transcript_effects(struct st_transcript *transcript, const struct st_effects *effects)
{
	if (transcript->has_ended)
		return;
	for (uint32_t i = 0; i < effects->nr; i++) {
		st_buf_add_text(&transcript->text, "  ");
		st_effect_write(&effects->items[i], &transcript->text);
		st_buf_add_char(&transcript->text, '\n');
	}
}

/* Write everything, or as much as a terminal takes. */
static int write_text(const struct st_transcript *transcript, size_t *ret_written)
{
	const struct st_buf *text = &transcript->text;

	while (*ret_written < text->len) {
		ssize_t nr =
			write(transcript->fd, text->data + *ret_written, text->len - *ret_written);

		if (nr >= 0)
			*ret_written += (size_t)nr;
		else if (errno == EAGAIN && text->len - *ret_written <= MAX_WAITING)
			return 0;
		else if (errno != EINTR)
			return -errno;
	}
	return 0;
}

/* Take back the part of a flush that was written before the rest failed. */
static void cut(const struct st_transcript *transcript, size_t written)
{
	struct stat status;

	if (!written || !transcript->is_file || fstat(transcript->fd, &status) < 0)
		return;
	/*
	 * if this fails too, the last line is incomplete and replay reports it
	 */
	if (ftruncate(transcript->fd, status.st_size - (off_t)written) < 0)
		return;
}

int st_transcript_flush(struct st_transcript *transcript)
{
	struct st_buf *text = &transcript->text;
	size_t written = 0;
	int ret;

	if (transcript->has_ended || (!text->len && !text->failed))
		return 0;
	ret = st_buf_error(text);
	if (!ret)
		ret = write_text(transcript, &written);
	if (ret) {
		cut(transcript, written);
		transcript->has_ended = true;
	}
	if (!ret && written < text->len)
		st_buf_consume(text, written);
	else if (ret || text->cap > KEEP_CAP)
		st_buf_done(text);
	else
		st_buf_reset(text);
	return ret;
}

void st_transcript_close(struct st_transcript *transcript)
{
	if (!transcript)
		return;
	st_fd_close(&transcript->fd);
	st_buf_done(&transcript->text);
	st_free(transcript);
}
