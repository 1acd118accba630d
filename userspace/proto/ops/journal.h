/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows of the operations table: the past, as the journal keeps it.
 *
 * Only ops.h includes it, and explains the columns.
 */
#ifndef ST_PROTO_OPS_JOURNAL_H
#define ST_PROTO_OPS_JOURNAL_H

/* clang-format off */

#define ST_OPERATIONS_JOURNAL(X) \
	X(HISTORY, history, "history", JOURNAL, PAST, VIEWER, ST_WAITS, \
	  "show what has happened, newest first, also before the daemon started", \
	  HISTORY, ST_ON_PATH, GET("/history", 200), \
	  "suptree history site/web --since yesterday") \
	X(UNSTABLE, unstable, "unstable", JOURNAL, PAST, VIEWER, ST_WAITS, \
	  "show the children that were restarted most, and how each ended last", \
	  UNSTABLE, 0, GET("/history/unstable", 200), "suptree unstable") \
	X(SYNC, sync, "sync", JOURNAL, PAST, VIEWER, ST_WAITS, \
	  "wait until the journal has all that has happened until now", \
	  SYNCED, 0, GET("/history/sync", 200), "suptree sync")

#define ST_PARAMS_HISTORY(P) \
	P("path", PATH, OPTIONAL, ARG, 0, TEXT("/"), \
	  "only this child and those below it; they need not exist any more") \
	P("since_ms", AGE, OPTIONAL, OPTION, 's', MEANS("all that is kept"), \
	  "only events since then") \
	P("until_ms", AGE, OPTIONAL, OPTION, 'u', MEANS("now"), "only events until then") \
	P("kind", WORD, OPTIONAL, OPTION, 'k', NONE, "only events of this kind", \
	  ST_ONLY("starting", "started", "ignored", "done", "start_failed", "start_aborted", \
		  "exited", "report", "added", "removed", "delayed", "changed", "halted")) \
	P("reason", TEXT, OPTIONAL, OPTION, 'r', NONE, \
	  "only events whose reason contains this text, like killed or SEGV") \
	P("rule", WORD, OPTIONAL, OPTION, 'R', NONE, \
	  "only events of this rule of RULES.md, like D3") \
	P("limit", COUNT, OPTIONAL, OPTION, 'n', NUMBER(100), \
	  "show at most this number of events, the newest ones", ST_BETWEEN(1, 1000000)) \
	P("after", COUNT, OPTIONAL, OPTION, 0, NONE, \
	  "the next page: what comes after this row, which is older")
#define ST_PARAMS_UNSTABLE(P) \
	P("since_ms", AGE, OPTIONAL, OPTION, 's', NUMBER(3600000), "count restarts since then") \
	P("limit", COUNT, OPTIONAL, OPTION, 'n', NUMBER(20), \
	  "show at most this number of children", ST_BETWEEN(1, 1000))
#define ST_PARAMS_SYNC(P)

/* clang-format on */

#endif
