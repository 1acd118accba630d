/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The few compiler words that every folder uses.
 *
 * Nothing here has a run-time cost or a state. No macro in this project
 * returns or jumps; these only annotate, count or compute addresses.
 */
#ifndef ST_BASE_COMPILER_H
#define ST_BASE_COMPILER_H

#include <stddef.h>
#include <stdint.h>

#ifndef __must_check
#define __must_check __attribute__((warn_unused_result))
#endif

#ifndef __printf
#define __printf(fmt, args) __attribute__((format(printf, fmt, args)))
#endif

#ifndef __packed
#define __packed __attribute__((packed)) /* of an enum: as small as its values allow */
#endif

#ifndef container_of
#define container_of(ptr, type, member) ((type *)(void *)((char *)(ptr)-offsetof(type, member)))
#endif

#define ST_ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/*
 * Scope cleanup: `st_cleanup(close_fd) int fd = -1;` calls close_fd(&fd) when
 * fd goes out of scope. Declare it where it is assigned, and never mix it with
 * goto unwinding in one function.
 */
#define st_cleanup(function) __attribute__((cleanup(function)))

/*
 * A statement about this program, not about its input: false is a bug, and the
 * process ends on the spot. Needs no library, so pure code may use it.
 */
#define st_assert(condition) \
	do { \
		if (!(condition)) \
			__builtin_trap(); \
	} while (0)

#define ST_NSEC_PER_SEC 1000000000ull
#define ST_NSEC_PER_MSEC 1000000ull

/* A moment that never comes, for deadlines in nanoseconds. */
#define ST_NO_DEADLINE UINT64_MAX

#endif
