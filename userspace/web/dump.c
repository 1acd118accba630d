// SPDX-License-Identifier: GPL-2.0-only
/* See dump.h. */
#include "web/dump.h"

static int add_bytes(const char *bytes, size_t len, void *out)
{
	st_buf_add(out, bytes, len);
	return 0;
}

void st_dump(const json_t *value, struct st_buf *out)
{
	if (json_dump_callback(value, add_bytes, out, JSON_COMPACT | JSON_ENCODE_ANY))
		out->failed = true;
}
