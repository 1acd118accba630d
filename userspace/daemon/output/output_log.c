// SPDX-License-Identifier: GPL-2.0-only
/*
 * Passes the lines of a child on to places besides its ring; see output.h.
 * log_choice.c decides which places.
 */
#include <stdio.h>
#include <string.h>

#include "daemon/log.h"
#include "daemon/output/output_internal.h"
#include "proto/path.h"

#define SUFFIX ".log"

static struct st_log_file *file_of(const struct st_output_child *child, enum st_stream stream)
{
	return stream == ST_STREAM_ERR && child->stderr_file ? child->stderr_file : child->log_file;
}

void st_output_log_line(struct st_outputs *outputs, const struct st_output_child *child,
			const struct st_output_line *line)
{
	struct st_log_file *file = file_of(child, line->stream);

	if (file)
		st_log_file_add(file, line);
	if (child->has_journal)
		st_journal_add(&outputs->journal, line);
}

static struct st_log_gate *gate_of(struct st_outputs *outputs, const struct st_output_child *child,
				   enum st_stream stream)
{
	return child->has_journal ? st_journal_gate(&outputs->journal) :
				    st_log_file_gate(file_of(child, stream));
}

struct st_log_gate *st_output_log_gate(struct st_outputs *outputs,
				       const struct st_output_child *child)
{
	struct st_log_gate *gate = gate_of(outputs, child, ST_STREAM_OUT);

	return gate ? gate : gate_of(outputs, child, ST_STREAM_ERR);
}

bool st_output_log_has_room(struct st_outputs *outputs, const struct st_output_child *child,
			    enum st_stream stream, struct st_log_waiter *waiter)
{
	struct st_log_gate *gate = gate_of(outputs, child, stream);

	if (gate)
		st_log_gate_wait(&outputs->gates, gate, waiter);
	return !gate;
}

void st_output_log_end(struct st_output_child *child)
{
	st_log_file_put(child->log_file);
	st_log_file_put(child->stderr_file);
	child->log_file = NULL;
	child->stderr_file = NULL;
	child->has_journal = false;
}

/* Write the path of the file: FOLDER/demo/a.log for the child demo/a. */
static void write_file_path(const struct st_log_spec *log, const char *place, const char *path,
			    struct st_buf *out)
{
	st_buf_add_text(out, place);
	if (log->to == ST_LOG_FILE)
		return;
	st_buf_add_char(out, '/');
	st_buf_add_text(out, path);
	st_buf_add_text(out, SUFFIX);
}

/* @place: the file or folder; NULL: there is none. */
static struct st_log_file *get_file(struct st_outputs *outputs, const struct st_log_spec *log,
				    const char *place, const char *path, gid_t group)
{
	size_t may_make = log->to == ST_LOG_FOLDER && place ? strlen(place) : 0;
	struct st_buf name = ST_BUF_INIT;
	struct st_log_file *file = NULL;
	const char *file_path;

	if (!place)
		return NULL;
	write_file_path(log, place, path, &name);
	if (!st_buf_get(&name, &file_path))
		file = st_log_file_get(&outputs->log_files, file_path, log, may_make, group);
	if (!file)
		st_log("log of %s: out of memory; its lines go nowhere", path);
	st_buf_done(&name);
	return file;
}

void st_output_log_set(struct st_outputs *outputs, const char *path, const struct st_log_spec *log,
		       gid_t group)
{
	struct st_output_child *child = st_output_find(outputs, st_path_plain(path));
	struct st_log_file *file, *stderr_file;

	if (!child || !child->nr_pipes)
		return;
	file = get_file(outputs, log, log->path, child->path, group);
	stderr_file = get_file(outputs, log, log->stderr_path, child->path, group);
	st_output_log_end(child); /* only now, so that a file that is still used is not closed */
	child->log_file = file;
	child->stderr_file = stderr_file;
	child->has_journal = log->to == ST_LOG_JOURNAL;
}

void st_outputs_log_reopen(struct st_outputs *outputs)
{
	st_log_files_reopen(&outputs->log_files);
}

static uint64_t nr_lost(const struct st_output_child *child)
{
	uint64_t nr = st_log_file_nr_lost(child->log_file);

	if (child->stderr_file && child->stderr_file != child->log_file)
		nr += st_log_file_nr_lost(child->stderr_file);
	return nr;
}

void st_outputs_log_write(const struct st_outputs *outputs, const char *path, struct st_json *json)
{
	const struct st_output_child *child = st_output_find(outputs, st_path_plain(path));

	if (!child || (!child->log_file && !child->has_journal))
		return;
	st_json_key(json, "log");
	st_json_begin_object(json);
	if (child->log_file) {
		st_json_text_field(json, "file", st_log_file_path(child->log_file));
		if (child->stderr_file)
			st_json_text_field(json, "stderr", st_log_file_path(child->stderr_file));
		st_json_u64_field(json, "lost", nr_lost(child));
	} else {
		st_json_bool_field(json, "journal", true);
		st_json_u64_field(json, "lost", outputs->journal.nr_lost_ever);
	}
	st_json_end_object(json);
}
