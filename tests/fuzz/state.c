// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzing saved states: whatever the text is, it is refused, or it is a tree that keeps its
 * invariants and goes on. The checksum is added here, so that a change gets past it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "config/spec_reader.h"
#include "core/step.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void seal(struct st_buf *text)
{
	uint64_t sum = UINT64_C(14695981039346656037); /* FNV-1a */

	for (size_t i = 0; i < text->len; i++)
		sum = (sum ^ (unsigned char)text->data[i]) * UINT64_C(1099511628211);
	st_buf_add_text(text, "end checksum=");
	st_buf_add_u64(text, sum);
	st_buf_add_char(text, '\n');
}

static void go_on(struct st_tree *tree)
{
	struct st_event event = { .status = -1, .text = "" };
	uint64_t now_ns = tree->now_ns;
	struct st_effects effects;

	for (unsigned int i = 0; i < 50; i++) {
		event.type = i == 40 ? ST_EV_STOP : (enum st_event_type)(i * 7 % ST_EV_REQUEST);
		event.generation = i * 5 % (tree->last_generation + 1);
		if (now_ns < UINT64_MAX / 2)
			now_ns += ST_NSEC_PER_SEC / 3;
		st_step(tree, now_ns, &event, &effects);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct st_buf text = ST_BUF_INIT, why = ST_BUF_INIT;
	struct st_load_error error;
	struct st_tree *tree;

	st_buf_add(&text, data, size);
	seal(&text);
	if (!st_tree_load(text.data, text.len, &st_config_spec_reader, &tree, &error)) {
		if (!st_tree_check(tree, &why))
			abort();
		go_on(tree);
		st_tree_free(tree);
	} else if (!error.what) {
		abort();
	}
	st_buf_done(&text);
	st_buf_done(&why);
	return 0;
}
