/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The words of records: kinds, actions, flags, results. One table each, made of the
 * lists of bpf/record.h, for output and options alike.
 */
#ifndef ST_TRACER_WORDS_H
#define ST_TRACER_WORDS_H

#include <linux/types.h>

#include "base/compiler.h"

#include "record.h"

extern const char *const st_kind_word[ST_RECORD_KIND__MAX];
extern const char *const st_action_word[ST_ACTION__MAX];
extern const char *const st_signal_result_word[ST_SIGNAL__MAX];

struct st_flag_word {
	__u8 flag;
	const char *word;
};

extern const struct st_flag_word st_flag_words[];
extern const unsigned int st_nr_flag_words;

/**
 * st_kinds_parse() - a list of kinds
 * @text: words with commas between them
 * @ret_kinds: a bit for each
 *
 * Return: 0, -EINVAL: one of them is no kind.
 */
int __must_check st_kinds_parse(const char *text, __u32 *ret_kinds);

#endif
