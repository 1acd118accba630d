/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shapes of the journal's results. shapes.h explains the notation.
 */
#ifndef ST_PROTO_SHAPES_JOURNAL_H
#define ST_PROTO_SHAPES_JOURNAL_H

/* clang-format off */

#define ST_JOURNAL_SHAPES(S) \
	S(HISTORY, "History", OBJECT, "A page of what has happened, newest first") \
	S(PAST, "Past", EITHER, "A row of the history") \
	S(PAST_EVENT, "PastEvent", OBJECT, "An event") \
	S(PAST_GAP, "PastGap", OBJECT, "Events are missing here") \
	S(GAP, "Gap", OBJECT, "Numbers of events that are missing") \
	S(UNSTABLE, "Unstable", OBJECT, "Children that were restarted, the most often first") \
	S(UNSTABLE_CHILD, "UnstableChild", OBJECT, "A child that was restarted") \
	S(SYNCED, "Synced", OBJECT, "All that had happened is in the journal")

#define ST_FIELDS_HISTORY(F) \
	F("rows", LIST(SHAPE(PAST)), REQ, "the rows") \
	F("next", NULLABLE(COUNT), REQ, "after, for the next page; null: this is the last one")
#define ST_FIELDS_PAST(F) \
	F("event", SHAPE(PAST_EVENT), REQ, "an event") \
	F("gap", SHAPE(PAST_GAP), REQ, "a gap")
#define ST_FIELDS_PAST_EVENT(F) \
	F("id", COUNT, REQ, "of the row; events of a later daemon have larger ones") \
	F("event", SHAPE(EVENT), REQ, "as the daemon has sent it")
#define ST_FIELDS_PAST_GAP(F) \
	F("id", COUNT, REQ, "of the row") \
	F("gap", SHAPE(GAP), REQ, "what is missing")
#define ST_FIELDS_GAP(F) \
	F("first", COUNT, REQ, "the number of the first event that is missing") \
	F("last", COUNT, REQ, "the number of the last one") \
	F("why", TEXT, REQ, "why they are missing")
#define ST_FIELDS_UNSTABLE(F) \
	F("since", WALL, REQ, "from when restarts are counted") \
	F("complete", FLAG, REQ, "false: there were too many events to count all of the time") \
	F("children", LIST(SHAPE(UNSTABLE_CHILD)), REQ, "the children")
#define ST_FIELDS_UNSTABLE_CHILD(F) \
	F("path", TEXT, REQ, "the child") \
	F("restarts", COUNT, REQ, "how often it was restarted") \
	F("failures", COUNT, REQ, "how often it ended abnormally, or did not start") \
	F("end", SHAPE(EVENT), OPT, "its last end in this time")
#define ST_FIELDS_SYNCED(F) \
	F("seq", COUNT, REQ, "the number of the newest event that is stored") \
	F("incarnation", COUNT, REQ, "the daemon's random number: whose number that is")

/* clang-format on */

#endif
