/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The shape of what the scribe of this test answers.
 */
#ifndef ST_PROTO_SHAPES_SCRIBE_H
#define ST_PROTO_SHAPES_SCRIBE_H

/* clang-format off */

#define ST_SCRIBE_SHAPES(S) \
	S(NOTE, "Note", OBJECT, "A note about a child")

#define ST_FIELDS_NOTE(F) \
	F("path", TEXT, REQ, "the child") \
	F("note", TEXT, REQ, "the note") \
	F("weight", COUNT, REQ, "how much it matters")

/* clang-format on */

#endif
