// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words of records, and lists of kinds as options have them. See words.h.
 *
 * Pure: nothing here prints or remembers.
 */
#include "tracer/words.h"

#include <errno.h>
#include <string.h>

const char *const st_kind_word[] = {
#define WORD(name, word) [ST_RECORD_##name] = #word,
	ST_RECORD_KINDS(WORD)
#undef WORD
};

const char *const st_action_word[] = {
#define WORD(name, word) [ST_ACTION_##name] = #word,
	ST_RECORD_ACTIONS(WORD)
#undef WORD
};

const char *const st_tier_word[] = {
	[ST_TIER_TRACEPOINT] = "tracepoint",
	[ST_TIER_FUNCTION] = "function",
};

const char *const st_signal_result_word[] = {
	[ST_SIGNAL_DELIVERED] = "queued",
	[ST_SIGNAL_IGNORED] = "ignored",
	[ST_SIGNAL_PENDING_ALREADY] = "pending already",
	[ST_SIGNAL_OVERFLOW] = "lost: too many queued",
	[ST_SIGNAL_INFO_LOST] = "queued without its siginfo",
};

const struct st_flag_word st_flag_words[] = {
#define WORD(name, bit, word) { (bit), #word },
	ST_RECORD_FLAGS(WORD)
#undef WORD
};
const unsigned int st_nr_flag_words = ST_ARRAY_SIZE(st_flag_words);

bool st_is_message(const struct st_record *record)
{
	return record->kind != ST_RECORD_SIGNAL && record->kind != ST_RECORD_SIGWAIT &&
	       record->kind != ST_RECORD_PROCESS;
}

/* The kind whose word is the first @len bytes; ST_RECORD_KIND__MAX: none. */
static __u32 find_kind(const char *text, size_t len)
{
	__u32 kind = 0;

	while (kind < ST_RECORD_KIND__MAX &&
	       (strlen(st_kind_word[kind]) != len || strncmp(st_kind_word[kind], text, len) != 0))
		kind++;
	return kind;
}

int st_kinds_parse(const char *text, __u32 *ret_kinds)
{
	__u32 kinds = 0;

	if (strcmp(text, "all") == 0) {
		*ret_kinds = (1u << ST_RECORD_KIND__MAX) - 1;
		return 0;
	}
	for (;;) {
		size_t len = strcspn(text, ",");
		__u32 kind = find_kind(text, len);

		if (kind == ST_RECORD_KIND__MAX)
			return -EINVAL;
		kinds |= 1u << kind;
		if (!text[len])
			break;
		text += len + 1;
	}
	*ret_kinds = kinds;
	return 0;
}

int st_tier_parse(const char *text, __u32 *ret_tiers)
{
	for (unsigned int tier = 0; tier < ST_TIER__MAX; tier++) {
		if (strcmp(st_tier_word[tier], text) == 0) {
			*ret_tiers = 1u << tier;
			return 0;
		}
	}
	return -EINVAL;
}
