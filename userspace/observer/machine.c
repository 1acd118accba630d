// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operation machine: processors, memory, pressure, and how many processes of what kind.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "observer/observer.h"

#define FILE_MAX 65536
#define STAT_MAX (1024 * 1024) /* it has a number for each interrupt */

#define TICK_TEXT(member, text) [ST_TICK_##member] = text,
static const char *const tick_text[ST_TICK__MAX] = { ST_TICK_LIST(TICK_TEXT) };
#undef TICK_TEXT

/* Return: false: it cannot be read. */
static bool read_text(const struct st_observer *observer, const char *name, size_t max,
		      struct st_buf *text)
{
	st_buf_reset(text);
	return st_reading_file(observer->proc, name, max, text) >= 0;
}

static void write_load(const struct st_observer *observer, struct st_json *json)
{
	struct st_buf text = ST_BUF_INIT;
	struct st_slice rest, word;
	uint64_t load;

	st_json_key(json, "load");
	st_json_begin_array(json);
	if (read_text(observer, "loadavg", FILE_MAX, &text)) {
		rest = (struct st_slice){ text.data, text.len };
		for (int i = 0; i < 3 && st_parse_word(&rest, &word); i++)
			if (st_parse_hundredths(word, &load))
				st_json_u64(json, load);
	}
	st_json_end_array(json);
	st_buf_done(&text);
}

static void write_cpu(const struct st_observer *observer, struct st_json *json)
{
	const struct st_look *before = st_observer_before(observer);
	uint64_t used[ST_TICK__MAX], sum = 0;

	if (!before)
		return;
	for (int i = 0; i < ST_TICK__MAX; i++) {
		uint64_t old = before->ticks[i], now = observer->now.ticks[i];

		used[i] = now > old ? now - old : 0; /* iowait may go back */
		sum += used[i];
	}
	if (!sum)
		return;
	st_json_key(json, "cpu_permille");
	st_json_begin_object(json);
	for (int i = 0; i < ST_TICK__MAX; i++)
		st_json_u64_field(json, tick_text[i], used[i] * 1000 / sum);
	st_json_end_object(json);
	st_json_u64_field(json, "interval_ms",
			  (observer->now.scan.boot_ns - before->scan.boot_ns) / ST_NSEC_PER_MSEC);
}

/* All lines of /proc/meminfo that are in kB. */
static void write_memory(const struct st_observer *observer, struct st_json *json)
{
	struct st_buf text = ST_BUF_INIT;
	char key[64], *line, *save = NULL;

	st_json_key(json, "memory_kb");
	st_json_begin_object(json);
	if (read_text(observer, "meminfo", FILE_MAX, &text) && !st_buf_reserve(&text, 1)) {
		text.data[text.len] = '\0';
		for (line = strtok_r(text.data, "\n", &save); line;
		     line = strtok_r(NULL, "\n", &save)) {
			size_t len = strcspn(line, ":");
			uint64_t value;

			if (!line[len] || len >= sizeof(key) || !strstr(line, " kB"))
				continue;
			memcpy(key, line, len);
			key[len] = '\0';
			if (st_parse_number(line, strlen(line), key, &value))
				st_json_u64_field(json, key, value);
		}
	}
	st_json_end_object(json);
	st_buf_done(&text);
}

static void write_pressure(const struct st_buf *text, const char *kind, struct st_json *json)
{
	struct st_pressure pressure;

	if (!st_parse_pressure(text->data, text->len, kind, &pressure))
		return;
	st_json_key(json, kind);
	st_json_begin_object(json);
	st_json_u64_field(json, "avg10", pressure.avg10);
	st_json_u64_field(json, "avg60", pressure.avg60);
	st_json_u64_field(json, "avg300", pressure.avg300);
	st_json_u64_field(json, "total_us", pressure.total_us);
	st_json_end_object(json);
}

/* A kernel without PSI has no such files, or gives an error when they are read. */
static void write_pressures(const struct st_observer *observer, struct st_json *json)
{
	static const char *const resources[] = { "cpu", "memory", "io", "irq" };
	struct st_buf text = ST_BUF_INIT;
	char name[32];

	st_json_key(json, "pressure");
	st_json_begin_object(json);
	for (size_t i = 0; i < ST_ARRAY_SIZE(resources); i++) {
		(void)snprintf(name, sizeof(name), "pressure/%s", resources[i]); /* fits */
		if (!read_text(observer, name, FILE_MAX, &text))
			continue;
		st_json_key(json, resources[i]);
		st_json_begin_object(json);
		write_pressure(&text, "some", json);
		write_pressure(&text, "full", json);
		st_json_end_object(json);
	}
	st_json_end_object(json);
	st_buf_done(&text);
}

static void write_states(const struct st_observer *observer, struct st_json *json)
{
	static const char letters[] = "RSDTtZXIP";
	const struct st_scan *scan = &observer->now.scan;

	st_json_key(json, "states");
	st_json_begin_object(json);
	for (const char *letter = letters; *letter; letter++) {
		uint64_t nr = 0;

		for (uint32_t i = 0; i < scan->nr; i++)
			nr += scan->processes[i].state == *letter;
		if (nr)
			st_json_u64_field(json, st_parse_state(*letter), nr);
	}
	st_json_end_object(json);
}

static void write_processes(const struct st_observer *observer, struct st_json *json)
{
	const struct st_scan *scan = &observer->now.scan;
	uint64_t classes[ST_CLASS__MAX] = { 0 }, threads = 0;

	for (uint32_t i = 0; i < scan->nr; i++) {
		threads += scan->processes[i].threads;
		classes[st_known_class(&observer->known, scan->processes[i].pid)]++;
	}
	st_json_u64_field(json, "processes", scan->nr);
	st_json_u64_field(json, "threads", threads);
	write_states(observer, json);
	st_json_key(json, "classes");
	st_json_begin_object(json);
	for (int i = 0; i < ST_CLASS__MAX; i++)
		st_json_u64_field(json, st_class_text[i], classes[i]);
	st_json_end_object(json);
}

static void write_totals(const struct st_observer *observer, struct st_json *json)
{
	struct st_buf text = ST_BUF_INIT;
	uint64_t value;

	if (read_text(observer, "stat", STAT_MAX, &text)) {
		if (st_parse_number(text.data, text.len, "processes", &value))
			st_json_u64_field(json, "forks", value);
		if (st_parse_number(text.data, text.len, "ctxt", &value))
			st_json_u64_field(json, "context_switches", value);
	}
	st_buf_done(&text);
}

static void write_kernel(const struct st_observer *observer, struct st_json *json)
{
	struct st_buf text = ST_BUF_INIT;
	struct utsname name;

	st_json_text_field(json, "kernel", uname(&name) ? "unknown" : name.release);
	if (read_text(observer, "sys/kernel/random/boot_id", FILE_MAX, &text) && text.len) {
		st_json_key(json, "boot_id");
		st_json_text_len(json, text.data, text.len - 1); /* without the line's end */
	}
	st_json_u64_field(json, "uptime_ms", observer->now.scan.boot_ns / ST_NSEC_PER_MSEC);
	st_json_i64_field(json, "processors", sysconf(_SC_NPROCESSORS_ONLN));
	st_buf_done(&text);
}

int st_observer_machine(struct st_observer *observer, const json_t *params, struct st_buf *out)
{
	struct st_json json;

	(void)params; /* it has none */
	st_json_init(&json, out);
	st_json_begin_object(&json);
	write_kernel(observer, &json);
	write_load(observer, &json);
	write_cpu(observer, &json);
	write_memory(observer, &json);
	write_pressures(observer, &json);
	write_processes(observer, &json);
	write_totals(observer, &json);
	st_json_key(&json, "scan");
	st_json_begin_object(&json);
	st_json_u64_field(&json, "interval_ms", observer->actual_ms);
	st_json_u64_field(&json, "cost_us", observer->now.scan.cost_ns / 1000);
	st_json_u64_field(&json, "scans", observer->nr_scans);
	st_json_end_object(&json);
	st_json_end_object(&json);
	return st_buf_error(out);
}
