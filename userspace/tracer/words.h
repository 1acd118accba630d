/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The words of records: kinds, actions, flags, results. One table each, made of the
 * lists of bpf/record.h, for output and options alike.
 */
#ifndef ST_TRACER_WORDS_H
#define ST_TRACER_WORDS_H

#include <linux/types.h>
#include <stdbool.h>

#include "base/compiler.h"
#include "tracer/hooks.h"

#include "record.h"

extern const char *const st_kind_word[ST_RECORD_KIND__MAX];
extern const char *const st_action_word[ST_ACTION__MAX];
extern const char *const st_tier_word[ST_TIER__MAX];
extern const char *const st_signal_result_word[ST_SIGNAL__MAX];

/* The kinds that cost nothing for system calls that are not traced. */
#define ST_KINDS_DEFAULT (1u << ST_RECORD_SIGNAL | 1u << ST_RECORD_PROCESS | 1u << ST_RECORD_UNIX)

struct st_flag_word {
	__u16 flag;
	const char *word;
};

extern const struct st_flag_word st_flag_words[];
extern const unsigned int st_nr_flag_words;

/**
 * st_is_message() - is it about a message on a channel?
 * @record: the record
 *
 * Return: whether source, channel, offset and size have their meaning.
 */
bool st_is_message(const struct st_record *record);

/**
 * st_kinds_parse() - parse a list of kinds
 * @text: words with commas between them; "all" is every kind
 * @ret_kinds: a bit for each
 *
 * Return: 0, -EINVAL: one of them is not a kind.
 */
int __must_check st_kinds_parse(const char *text, __u32 *ret_kinds);

/**
 * st_tier_parse() - the tier of a word
 * @text: the word
 * @ret_tiers: its bit
 *
 * Return: 0, -EINVAL.
 */
int __must_check st_tier_parse(const char *text, __u32 *ret_tiers);

#endif
