// SPDX-License-Identifier: GPL-2.0-only
/*
 * Times of the wall clock as text; see wall.h.
 */
#include "os/wall.h"

#include <stdbool.h>
#include <time.h>

#include "base/compiler.h"

uint64_t st_wall_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail */
	return (uint64_t)now.tv_sec * ST_NSEC_PER_SEC + (uint64_t)now.tv_nsec;
}

static char *put_number(char *at, unsigned int number, unsigned int digits, char behind)
{
	for (unsigned int i = digits; i--; number /= 10)
		at[i] = (char)('0' + number % 10);
	at[digits] = behind;
	return at + digits + 1;
}

static char *put_date(char *at, const struct tm *date, uint64_t wall_ns, char behind)
{
	at = put_number(at, (unsigned int)date->tm_year + 1900, 4, '-');
	at = put_number(at, (unsigned int)date->tm_mon + 1, 2, '-');
	at = put_number(at, (unsigned int)date->tm_mday, 2, 'T');
	at = put_number(at, (unsigned int)date->tm_hour, 2, ':');
	at = put_number(at, (unsigned int)date->tm_min, 2, ':');
	at = put_number(at, (unsigned int)date->tm_sec, 2, '.');
	return put_number(at, (unsigned int)(wall_ns % ST_NSEC_PER_SEC / 1000), 6, behind);
}

size_t st_wall_write_utc(uint64_t wall_ns, char text[ST_WALL_SIZE])
{
	time_t seconds = (time_t)(wall_ns / ST_NSEC_PER_SEC);
	struct tm date;

	(void)gmtime_r(&seconds, &date); /* fails in the year 2147485547 */
	return (size_t)(put_date(text, &date, wall_ns, 'Z') - text);
}

size_t st_wall_write_local(uint64_t wall_ns, char text[ST_WALL_SIZE])
{
	time_t seconds = (time_t)(wall_ns / ST_NSEC_PER_SEC);
	unsigned int minutes;
	bool is_west;
	struct tm date;
	char *at;

	(void)localtime_r(&seconds, &date); /* likewise */
	is_west = date.tm_gmtoff < 0;
	minutes = (unsigned int)((is_west ? -date.tm_gmtoff : date.tm_gmtoff) / 60);
	at = put_date(text, &date, wall_ns, is_west ? '-' : '+');
	at = put_number(at, minutes / 60, 2, ':');
	at = put_number(at, minutes % 60, 2, ' ');
	return (size_t)(at - 1 - text);
}
