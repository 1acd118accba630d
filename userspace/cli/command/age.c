// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ages; see age.h.
 */
#include "cli/command/age.h"

#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "cli/command/options.h"

static const char not_a_time[] = "must be an age like 10min or 2d, or a point in time like "
				 "18:23 or 2026-11-22T18:23:05+01:00";

/* The forms of ISO 8601 that people use, those with a date first. */
static const struct {
	const char *format;
	bool has_date;
} forms[] = {
	{ "%Y-%m-%dT%H:%M:%S", true },
	{ "%Y-%m-%d %H:%M:%S", true },
	{ "%Y-%m-%dT%H:%M", true },
	{ "%Y-%m-%d %H:%M", true },
	{ "%Y-%m-%d", true },
	{ "%H:%M:%S", false },
	{ "%H:%M", false },
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Two digits as a number below @limit, or -1. */
static int two_digits(const char *text, int limit)
{
	int number;

	if (!is_digit(text[0]) || !is_digit(text[1]))
		return -1;
	number = (text[0] - '0') * 10 + text[1] - '0';
	return number < limit ? number : -1;
}

/* Z, +01:00 or +0100: seconds east of Greenwich; false: something else. */
static bool read_offset(const char *text, long *ret_seconds)
{
	bool is_west = *text == '-';
	int hours, minutes;

	*ret_seconds = 0;
	if (!strcmp(text, "Z"))
		return true;
	if (*text != '+' && *text != '-')
		return false;
	hours = two_digits(++text, 24);
	if (hours < 0)
		return false;
	text += text[2] == ':' ? 3 : 2;
	minutes = two_digits(text, 60);
	if (minutes < 0 || text[2])
		return false;
	*ret_seconds = (hours * 60 + minutes) * (is_west ? -60L : 60L);
	return true;
}

/* .123 in front of the offset: a fraction of a second is not asked for. */
static const char *skip_fraction(const char *text)
{
	if (*text == '.' && is_digit(text[1]))
		text += 1 + strspn(text + 1, "0123456789");
	return text;
}

/* @offset: seconds east of Greenwich; NULL: the zone is ours, and says whether it is summer. */
static time_t point_of(struct tm date, const long *offset)
{
	return offset ? timegm(&date) - *offset : mktime(&date);
}

/* A time of day alone: when the clocks of that zone showed it last. */
static time_t last_point(const struct tm *clock, time_t now, const long *offset)
{
	time_t there = now + (offset ? *offset : 0), point;
	struct tm date;

	if (!(offset ? gmtime_r(&there, &date) : localtime_r(&there, &date)))
		return now; /* not before the year 2147485547 */
	date.tm_hour = clock->tm_hour;
	date.tm_min = clock->tm_min;
	date.tm_sec = clock->tm_sec;
	date.tm_isdst = -1;
	point = point_of(date, offset);
	date.tm_mday--;
	return point > now ? point_of(date, offset) : point;
}

static bool read_point(const char *text, time_t now, time_t *ret_point)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(forms); i++) {
		struct tm date = { .tm_isdst = -1 };
		const char *end = strptime(text, forms[i].format, &date);
		const long *zone;
		long offset;

		if (!end)
			continue;
		if (strstr(forms[i].format, "%S"))
			end = skip_fraction(end);
		if (*end && !read_offset(end, &offset))
			continue;
		zone = *end ? &offset : NULL;
		*ret_point = forms[i].has_date ? point_of(date, zone) :
						 last_point(&date, now, zone);
		return true;
	}
	return false;
}

const char *st_cli_age(const char *text, uint64_t *ret_ms)
{
	time_t now = time(NULL), point;

	if (!st_cli_duration(text, ret_ms))
		return NULL;
	if (!read_point(text, now, &point))
		return not_a_time;
	if (point > now)
		return "is in the future";
	*ret_ms = (uint64_t)(now - point) * 1000;
	return NULL;
}
