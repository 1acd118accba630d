/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shapes of forecasts: what a change would do. shapes.h explains the notation.
 */
#ifndef ST_PROTO_SHAPES_FORECAST_H
#define ST_PROTO_SHAPES_FORECAST_H

/* clang-format off */

#define ST_FORECAST_SHAPES(S) \
	S(BLAST, "Blast", OBJECT, "What a change would do to the tree as it is now") \
	S(WHATIF, "WhatIf", OBJECT, "What several changes would do, one after the other") \
	S(FORECAST, "Forecast", OBJECT, "What one of the changes would do") \
	S(FORECAST_STEP, "ForecastStep", OBJECT, "What would happen; events have the same words") \
	S(FORECAST_BUDGET, "ForecastBudget", OBJECT, \
	  "A supervisor whose number of restarts in the period changes") \
	S(FORECAST_DOWN, "ForecastDown", OBJECT, "A child that runs before, and not afterwards")

#define ST_FORECAST_HEAD(F) \
	F("assumptions", LIST(TEXT), REQ, "what is assumed of processes and of time") \
	F("at_rest", FLAG, REQ, \
	  "whether nothing was under way; else that is a part of what would happen")
#define ST_FORECAST_FIELDS(F) \
	F("action", TEXT, REQ, "the change") \
	F("steps", LIST(SHAPE(FORECAST_STEP)), REQ, "what would happen, in order") \
	F("left_out", COUNT, REQ, "steps beyond the limit") \
	F("answer", TEXT, OPT, "the supervisor's answer, if it is a request") \
	F("refused", TEXT, OPT, "why the change could not be made") \
	F("ends", COUNT, REQ, "processes that end") \
	F("starts", COUNT, REQ, "processes that are started") \
	F("budgets", LIST(SHAPE(FORECAST_BUDGET)), REQ, "restarts that count, and are left") \
	F("gave_up", LIST(TEXT), REQ, "supervisors that give up [E6], in order") \
	F("down", LIST(SHAPE(FORECAST_DOWN)), REQ, "what does not run afterwards") \
	F("nr_down", COUNT, REQ, "the number of these, also beyond the limit") \
	F("survives", FLAG, REQ, "false: the root would end, and the daemon with it") \
	F("complete", FLAG, REQ, "false: more would follow than is predicted")

#define ST_FIELDS_BLAST(F) \
	ST_FORECAST_HEAD(F) \
	ST_FORECAST_FIELDS(F)
#define ST_FIELDS_WHATIF(F) \
	ST_FORECAST_HEAD(F) \
	F("forecasts", LIST(SHAPE(FORECAST)), REQ, \
	  "for each change; the last one is refused or ends the root, if some are missing") \
	F("not_tried", COUNT, REQ, "changes after that one") \
	F("survives", FLAG, REQ, "false: the root would have ended")
#define ST_FIELDS_FORECAST(F) ST_FORECAST_FIELDS(F)
#define ST_FIELDS_FORECAST_STEP(F) \
	F("event", WORDS("started", "ignored", "done", "start_failed", "start_aborted", "exited", \
			 "added", "removed", "delayed", "changed", "halted", "gave_up"), REQ, \
	  "what; gave_up: a supervisor has used up its restarts") \
	F("path", TEXT, REQ, "the child; of gave_up: the supervisor") \
	F("child", TEXT, OPT, "of gave_up: the child that was to be restarted") \
	F("type", WORDS_OF(st_child_type_text, ST_CHILD_TYPE__MAX), OPT, "what it is") \
	F("pid", COUNT, OPT, "its process, if it runs already") \
	F("reason", SHAPE(START_REASON), OPT, "of an end") \
	F("signal", TEXT, OPT, "the signal by which the process ends") \
	F("asked", FLAG, OPT, "of an end: whether its supervisor, or a request, asked for it") \
	F("rule", RULE, OPT, "of an end: the rule by which its supervisor acts") \
	F("rule_text", TEXT, OPT, "what that rule means") \
	F("because", RULE, OPT, "the rule that makes it happen") \
	F("because_text", TEXT, OPT, "what that rule means") \
	F("restarts", COUNT, OPT, "restarts in the period, with this one") \
	F("intensity", COUNT, OPT, "restarts that are allowed in a period") \
	F("period", COUNT, OPT, "seconds") \
	F("delay_ms", COUNT, OPT, "of delayed: the back-off") \
	F("after_ms", COUNT, OPT, "when, if it waits for a deadline")
#define ST_FIELDS_FORECAST_BUDGET(F) \
	F("path", TEXT, REQ, "the supervisor") \
	F("intensity", COUNT, REQ, "restarts that are allowed in a period") \
	F("period", COUNT, REQ, "seconds") \
	F("used_before", COUNT, REQ, "restarts that count now") \
	F("used_after", COUNT, REQ, "and afterwards; none in a supervisor that starts anew") \
	F("left_before", COUNT, REQ, "restarts that it can still make now") \
	F("left_after", COUNT, REQ, "and afterwards")
#define ST_FIELDS_FORECAST_DOWN(F) \
	F("path", TEXT, REQ, "the child") \
	F("state", WORDS("stopped", "starting", "running", "stopping", "restarting", "removed"), \
	  REQ, "its state afterwards; removed: its supervisor has forgotten it")

/* clang-format on */

#endif
