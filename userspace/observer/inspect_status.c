// SPDX-License-Identifier: GPL-2.0-only
/*
 * Figures of a process, from its files stat, status and smaps_rollup; see inspect.h.
 */
#include <string.h>

#include "observer/inspect.h"

#define SMAPS_MAX 8192

static bool number_of(const struct st_inspection *inspection, const char *key, uint64_t *ret_value)
{
	return st_parse_number(inspection->status.data, inspection->status.len, key, ret_value);
}

static void write_number(const struct st_inspection *inspection, const char *key, const char *name)
{
	uint64_t value;

	if (number_of(inspection, key, &value))
		st_json_u64_field(inspection->json, name, value);
}

/* "Uid: real effective saved file" */
static void write_pair(const struct st_inspection *inspection, const char *key, const char *real,
		       const char *effective)
{
	struct st_slice line, word;
	uint64_t value;

	if (!st_parse_line(inspection->status.data, inspection->status.len, key, &line))
		return;
	if (st_parse_word(&line, &word) && st_parse_u64(word, &value))
		st_json_u64_field(inspection->json, real, value);
	if (st_parse_word(&line, &word) && st_parse_u64(word, &value))
		st_json_u64_field(inspection->json, effective, value);
}

void st_inspect_ids(struct st_inspection *inspection)
{
	struct st_json *json = inspection->json;

	st_json_i64_field(json, "ppid", inspection->stat.parent);
	st_json_i64_field(json, "process_group", inspection->stat.group);
	st_json_i64_field(json, "session", inspection->stat.session);
	write_pair(inspection, "Uid", "uid", "euid");
	write_pair(inspection, "Gid", "gid", "egid");
	st_json_u64_field(json, "threads", inspection->stat.threads);
}

void st_inspect_memory(struct st_inspection *inspection)
{
	struct st_json *json = inspection->json;
	struct st_buf text = ST_BUF_INIT;
	uint64_t value;

	st_json_key(json, "memory");
	st_json_begin_object(json);
	st_json_u64_field(json, "rss", st_pages_to_kb(inspection->stat.rss_pages));
	st_json_u64_field(json, "size", inspection->stat.size_bytes / 1024);
	write_number(inspection, "VmHWM", "peak");
	write_number(inspection, "VmSwap", "swap");
	write_number(inspection, "RssAnon", "anonymous");
	write_number(inspection, "RssFile", "file");
	write_number(inspection, "RssShmem", "shared");
	write_number(inspection, "VmLck", "locked");
	if (st_inspect_read(inspection, "smaps_rollup", SMAPS_MAX, &text) &&
	    st_parse_number(text.data, text.len, "Pss", &value))
		st_json_u64_field(json, "pss", value);
	st_json_u64_field(json, "minor_faults", inspection->stat.minor_faults);
	st_json_u64_field(json, "major_faults", inspection->stat.major_faults);
	st_json_end_object(json);
	st_buf_done(&text);
}

void st_inspect_cpu(struct st_inspection *inspection)
{
	const struct st_observer *observer = inspection->observer;
	const struct st_look *before = st_observer_before(observer);
	const struct st_scan *now = &observer->now.scan;
	const struct st_seen *seen = st_scan_find(now, inspection->pid);
	const struct st_stat *stat = &inspection->stat;
	struct st_json *json = inspection->json;
	uint64_t permille;

	st_json_key(json, "cpu");
	st_json_begin_object(json);
	if (before && seen && seen->start_ticks == stat->start_ticks &&
	    st_scan_permille(&before->scan, now, seen, &permille)) {
		st_json_u64_field(json, "permille", permille);
		st_json_u64_field(json, "interval_ms",
				  (now->boot_ns - before->scan.boot_ns) / ST_NSEC_PER_MSEC);
	}
	st_json_u64_field(json, "user_ms", st_ticks_to_ms(stat->user_ticks));
	st_json_u64_field(json, "system_ms", st_ticks_to_ms(stat->system_ticks));
	st_json_u64_field(json, "waited_user_ms", st_ticks_to_ms(stat->waited_user_ticks));
	st_json_u64_field(json, "waited_system_ms", st_ticks_to_ms(stat->waited_system_ticks));
	st_json_u64_field(json, "processor", stat->processor);
	st_json_end_object(json);
}

/* The numbers of the kernel's policies; see sched(7). */
static const char *policy_word(uint64_t policy)
{
	static const char *const words[] = { "other", "fifo", "rr",	  "batch",
					     NULL,    "idle", "deadline", "ext" };

	return policy < ST_ARRAY_SIZE(words) && words[policy] ? words[policy] : "unknown";
}

void st_inspect_scheduling(struct st_inspection *inspection)
{
	struct st_json *json = inspection->json;

	st_json_key(json, "scheduling");
	st_json_begin_object(json);
	st_json_text_field(json, "policy", policy_word(inspection->stat.policy));
	st_json_i64_field(json, "nice", inspection->stat.nice);
	st_json_i64_field(json, "priority", inspection->stat.priority);
	st_json_u64_field(json, "realtime_priority", inspection->stat.realtime_priority);
	write_number(inspection, "voluntary_ctxt_switches", "voluntary_switches");
	write_number(inspection, "nonvoluntary_ctxt_switches", "involuntary_switches");
	st_json_end_object(json);
}

struct named_line {
	const char *line;
	const char *name;
};

/* Write texts of hexadecimal digits; all lines are there, or none. */
static bool has_lines(const struct st_inspection *inspection, const struct named_line *lines,
		      size_t nr)
{
	struct st_slice value;

	for (size_t i = 0; i < nr; i++)
		if (!st_parse_line(inspection->status.data, inspection->status.len, lines[i].line,
				   &value))
			return false;
	return true;
}

static void write_lines(const struct st_inspection *inspection, const struct named_line *lines,
			size_t nr)
{
	struct st_slice value;

	for (size_t i = 0; i < nr; i++)
		if (st_parse_line(inspection->status.data, inspection->status.len, lines[i].line,
				  &value)) {
			st_json_key(inspection->json, lines[i].name);
			st_json_text_len(inspection->json, value.at, value.len);
		}
}

void st_inspect_signals(struct st_inspection *inspection)
{
	static const struct named_line lines[] = {
		{ "SigPnd", "pending" }, { "ShdPnd", "shared_pending" }, { "SigBlk", "blocked" },
		{ "SigIgn", "ignored" }, { "SigCgt", "caught" },
	};

	if (!has_lines(inspection, lines, ST_ARRAY_SIZE(lines)))
		return;
	st_json_key(inspection->json, "signals");
	st_json_begin_object(inspection->json);
	write_lines(inspection, lines, ST_ARRAY_SIZE(lines));
	st_json_end_object(inspection->json);
}

static const char *seccomp_word(const struct st_inspection *inspection)
{
	static const char *const words[] = { "off", "strict", "filter" };
	uint64_t mode;

	return number_of(inspection, "Seccomp", &mode) && mode < ST_ARRAY_SIZE(words) ?
		       words[mode] :
		       "unknown"; /* a kernel without it */
}

void st_inspect_security(struct st_inspection *inspection)
{
	static const struct named_line lines[] = {
		{ "CapEff", "effective" }, { "CapPrm", "permitted" }, { "CapInh", "inheritable" },
		{ "CapBnd", "bounding" },  { "CapAmb", "ambient" },
	};
	uint64_t no_new_privs;

	if (!has_lines(inspection, lines, ST_ARRAY_SIZE(lines)) ||
	    !number_of(inspection, "NoNewPrivs", &no_new_privs))
		return;
	st_json_key(inspection->json, "security");
	st_json_begin_object(inspection->json);
	write_lines(inspection, lines, ST_ARRAY_SIZE(lines));
	st_json_text_field(inspection->json, "seccomp", seccomp_word(inspection));
	st_json_bool_field(inspection->json, "no_new_privs", no_new_privs);
	st_json_end_object(inspection->json);
}
