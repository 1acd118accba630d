/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows of the operations table of an owner that only this test knows: the scribe, who
 * takes notes about children. programs/scribe.c serves them.
 */
#ifndef ST_PROTO_OPS_SCRIBE_H
#define ST_PROTO_OPS_SCRIBE_H

/* clang-format off */

#define ST_OPERATIONS_SCRIBE(X) \
	X(NOTE_ADD, note_add, "note-add", SCRIBE, LOOK, OPERATOR, ST_CHANGES | ST_WAITS, \
	  "take a note about a child", \
	  OK, ST_ON(NOT_FOUND) | ST_ON(CONFLICT), POST("/processes/{path}/notes", 201), \
	  "suptree note-add counter_1 'it is slow'") \
	X(NOTE_LAST, note_last, "note-last", SCRIBE, LOOK, VIEWER, ST_WAITS, \
	  "show the last note about a child", \
	  NOTE, ST_ON(NOT_FOUND) | ST_ON(CONFLICT), GET("/processes/{path}/notes/last", 200), \
	  "suptree note-last counter_1")

#define ST_PARAMS_NOTE_ADD(P) \
	P("path", CHILD, REQUIRED, ARG, 0, NONE, "the child", ST_ALIAS("name")) \
	P("text", TEXT, REQUIRED, ARG, 0, NONE, "the note") \
	P("weight", COUNT, OPTIONAL, OPTION, 'w', NUMBER(1), "how much it matters", \
	  ST_BETWEEN(1, 9))
#define ST_PARAMS_NOTE_LAST(P) P("path", CHILD, REQUIRED, ARG, 0, NONE, "the child")

/* clang-format on */

#endif
