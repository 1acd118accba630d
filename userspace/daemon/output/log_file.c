// SPDX-License-Identifier: GPL-2.0-only
/*
 * One log file: the lines that wait, the write that is under way, and failures;
 * see log_file.h. log_files.c keeps the set of files.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "daemon/log.h"
#include "daemon/output/log_file_internal.h"
#include "os/fd.h"
#include "os/wall.h"

#define KEEP_CAP 4096 /* an empty buffer frees memory above this size */

static uint64_t count_lines(const char *text, size_t len)
{
	const char *end = text + len;
	uint64_t nr = 0;

	for (; (text = memchr(text, '\n', (size_t)(end - text))); text++)
		nr++;
	return nr;
}

static void forget_text(struct st_buf *buf)
{
	if (buf->cap > KEEP_CAP)
		st_buf_done(buf);
	else
		st_buf_reset(buf);
}

/* ---- failures ---- */

static void lose(struct st_log_file *file, uint64_t nr)
{
	file->nr_lost += nr;
	file->nr_lost_ever += nr;
}

static void lose_waiting(struct st_log_file *file)
{
	lose(file, count_lines(file->waiting.data, file->waiting.len));
	forget_text(&file->waiting);
	st_log_gate_open(&file->gate);
}

struct st_log_gate *st_log_file_gate(struct st_log_file *file)
{
	if (!file || file->waiting.len < ST_LOG_ENOUGH || file->gate.is_forced)
		return NULL;
	return &file->gate;
}

static void complain(struct st_log_file *file, const char *what, const char *why)
{
	uint64_t now_ns = st_clock_ns();

	if (file->is_in_trouble)
		return;
	file->is_in_trouble = true;
	file->was_said = now_ns >= file->silent_until_ns;
	if (!file->was_said)
		return;
	file->silent_until_ns = now_ns + ST_LOG_SILENCE_NS;
	st_log("log %s: %s: %s; lines are lost until that is over", file->path, what, why);
}

static void fail(struct st_log_file *file, const char *what, int error)
{
	complain(file, what, st_append_error_text(error));
	st_fd_close(&file->open.fd);
	file->retry_ns = st_clock_ns() + ST_LOG_RETRY_NS;
}

/* A write has succeeded that began with a note about lost lines. */
static void recover(struct st_log_file *file)
{
	file->nr_lost -= file->nr_noted;
	if (file->is_in_trouble && file->was_said && !file->nr_lost)
		st_log("log %s: it is written again; %llu lines are missing", file->path,
		       (unsigned long long)file->nr_noted);
	if (!file->nr_lost)
		file->is_in_trouble = false;
	file->nr_noted = 0;
}

/* ---- open and rotate ---- */

static struct st_append_place place_of(const struct st_log_file *file)
{
	return (struct st_append_place){
		.path = file->path,
		.may_make = file->may_make,
		.group = file->group,
	};
}

static bool open_file(struct st_log_file *file)
{
	const struct st_append_place place = place_of(file);
	int ret;

	if (file->must_reopen && file->open.fd >= 0 && !st_append_is_there(&place, file->open.fd))
		st_fd_close(&file->open.fd);
	file->must_reopen = false;
	if (file->open.fd >= 0)
		return true;
	if (st_clock_ns() < file->retry_ns)
		return false;
	ret = st_append_open(&place, &file->open);
	if (ret)
		fail(file, "open it", ret);
	return !ret;
}

/* Other programs may write to the file too, empty it or remove it. */
static bool look_again(struct st_log_file *file)
{
	struct stat status;

	if (file->open.fd < 0 || fstat(file->open.fd, &status) < 0)
		return true;
	file->open.size = (uint64_t)status.st_size;
	if (!status.st_nlink)
		st_fd_close(&file->open.fd);
	return status.st_nlink;
}

static size_t first_line_len(const struct st_log_file *file)
{
	const char *end = memchr(file->waiting.data, '\n', file->waiting.len);

	return (size_t)(end - file->waiting.data) + 1;
}

static bool must_rotate(const struct st_log_file *file)
{
	const struct st_append_file *open = &file->open;
	int64_t age_s = (int64_t)(file->wall_ns / ST_NSEC_PER_SEC) - open->born_s;

	if (!open->size || st_clock_ns() < file->rotate_retry_ns)
		return false;
	if (file->max_age_s && age_s >= (int64_t)file->max_age_s)
		return true;
	return file->max_size && open->size + first_line_len(file) > file->max_size;
}

/*
 * If rotating fails, the file goes on growing: no line is lost because of that.
 */
static void rotate(struct st_log_file *file)
{
	const struct st_append_place place = place_of(file);
	int ret = st_append_rotate(&place, file->keep);

	if (!ret) {
		st_fd_close(&file->open.fd);
		file->has_rotate_trouble = false;
		return;
	}
	if (!file->has_rotate_trouble)
		st_log("log %s: rotate it: %s; it keeps growing", file->path,
		       st_append_error_text(ret));
	file->has_rotate_trouble = true;
	file->rotate_retry_ns = st_clock_ns() + ST_LOG_RETRY_NS;
}

static bool is_ready(struct st_log_file *file)
{
	if (!look_again(file))
		file->retry_ns = 0;
	if (!open_file(file))
		return false;
	if (must_rotate(file)) {
		rotate(file);
		return open_file(file);
	}
	return true;
}

/* ---- write ---- */

static void on_written(struct st_write *write, int result);

static void start_write(struct st_log_file *file)
{
	file->write.fd = file->open.fd;
	file->write.data = file->flying.data + file->written;
	file->write.len = (uint32_t)(file->flying.len - file->written);
	file->files->nr_armed++;
	st_write_start(file->files->ring, &file->write, on_written);
}

/* Add a line to the file about the lines that are missing here. */
static void add_note(struct st_log_file *file)
{
	if (!file->nr_lost)
		return;
	file->nr_noted = file->nr_lost;
	st_buf_add_text(&file->flying, "suptreed: ");
	st_buf_add_u64(&file->flying, file->nr_noted);
	st_buf_add_text(&file->flying, " lines are missing here\n");
	file->note_len = file->flying.len;
}

/* The whole lines that fit into the file and into one write; at least one. */
static size_t lines_that_fit(const struct st_log_file *file)
{
	uint64_t used = file->open.size + file->flying.len;
	size_t room = file->waiting.len;
	const char *end;

	if (room > ST_LOG_MAX_WRITE)
		room = ST_LOG_MAX_WRITE;
	if (file->max_size && !file->has_rotate_trouble) {
		uint64_t left = file->max_size > used ? file->max_size - used : 0;

		room = room < left ? room : (size_t)left;
	}
	end = memrchr(file->waiting.data, '\n', room);
	return end ? (size_t)(end - file->waiting.data) + 1 : first_line_len(file);
}

static void take_lines(struct st_log_file *file)
{
	uint64_t nr;
	size_t len;

	file->note_len = 0;
	add_note(file);
	len = lines_that_fit(file);
	nr = count_lines(file->waiting.data, len);
	st_buf_add(&file->flying, file->waiting.data, len);
	if (len < file->waiting.len)
		st_buf_consume(&file->waiting, len);
	else
		forget_text(&file->waiting);
	if (!st_buf_error(&file->flying))
		return;
	lose(file, nr);
	file->nr_noted = 0;
	st_buf_done(&file->flying);
}

void st_log_file_submit(struct st_log_file *file)
{
	if (st_op_is_armed(&file->write.op))
		return;
	while (file->waiting.len && !file->flying.len) {
		if (is_ready(file))
			take_lines(file);
		else
			lose_waiting(file);
	}
	if (file->flying.len) {
		file->written = 0;
		start_write(file);
		return;
	}
	st_list_del(&file->dirty);
	if (!file->refs)
		st_log_file_free(file);
}

/* A part was written, and the rest cannot be: keep the lines that are whole. */
static void cut_torn_line(struct st_log_file *file)
{
	const char *end = memrchr(file->flying.data, '\n', file->written);
	size_t whole = end ? (size_t)(end - file->flying.data) + 1 : 0;
	size_t lost_at = whole > file->note_len ? whole : file->note_len;
	struct stat status;

	if (whole >= file->note_len)
		file->nr_lost -= file->nr_noted;
	lose(file, count_lines(file->flying.data + lost_at, file->flying.len - lost_at));
	if (whole == file->written || fstat(file->open.fd, &status) < 0)
		return;
	/* if this fails too, half a line stays */
	(void)!ftruncate(file->open.fd, status.st_size - (off_t)(file->written - whole));
}

static void on_written(struct st_write *write, int result)
{
	struct st_log_file *file = container_of(write, struct st_log_file, write);

	file->files->nr_armed--;
	if (result > 0)
		file->written += (size_t)result;
	if (result == -EINTR || result == -EAGAIN ||
	    (result > 0 && file->written < file->flying.len)) {
		start_write(file);
		return;
	}
	if (result > 0) {
		recover(file);
	} else {
		cut_torn_line(file);
		file->nr_noted = 0;
		fail(file, "write to it", result ? result : -ENOSPC);
	}
	forget_text(&file->flying);
	st_log_gate_open(&file->gate);
	st_log_file_submit(file);
}

/* ---- lines ---- */

static void add_prefix(struct st_buf *out, const struct st_output_line *line)
{
	char time[ST_WALL_SIZE];

	st_buf_add(out, time, st_wall_write_local(line->wall_ns, time));
	st_buf_add_char(out, ' ');
	st_buf_add_text(out, line->path);
	st_buf_add_char(out, ' ');
	st_buf_add_text(out, st_stream_text[line->stream]);
	st_buf_add_text(out, ": ");
}

void st_log_file_add(struct st_log_file *file, const struct st_output_line *line)
{
	size_t before = file->waiting.len;

	if (before + line->len >= ST_LOG_MAX_WAITING) {
		complain(file, "write to it", "the disk is too slow");
		lose(file, 1);
		return;
	}
	if (file->timestamps)
		add_prefix(&file->waiting, line);
	st_buf_add(&file->waiting, line->text, line->len);
	st_buf_add_char(&file->waiting, '\n');
	if (st_buf_error(&file->waiting)) {
		file->waiting.len = before;
		file->waiting.failed = false;
		lose(file, 1);
		return;
	}
	file->wall_ns = line->wall_ns;
	if (st_list_is_empty(&file->dirty))
		st_list_add_tail(&file->dirty, &file->files->dirty);
}
