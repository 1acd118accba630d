/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shapes of events, why, output and the notifications. shapes.h explains the
 * notation.
 */
#ifndef ST_PROTO_SHAPES_EVENT_H
#define ST_PROTO_SHAPES_EVENT_H

/* clang-format off */

#define ST_EVENT_SHAPES(S) \
	S(SUBSCRIBED, "Subscribed", OBJECT, "Notifications event and resync follow") \
	S(EVENT, "Event", EITHER, "What has happened in the tree") \
	S(EVENTS, "Events", PLAIN, "Events in their order, if they are to come in batches") \
	S(FOLLOWED, "Followed", EITHER, "One of a batch") \
	S(INPUT, "Input", OBJECT, \
	  "A line of a transcript: the state of the tree, then each event of core") \
	S(EVENT_STARTING, "StartingEvent", OBJECT, "A supervisor begins to start") \
	S(EVENT_STARTED, "StartedEvent", OBJECT, "A child has started") \
	S(EVENT_IGNORED, "IgnoredEvent", OBJECT, "A child answered that it should not run [A4]") \
	S(EVENT_DONE, "DoneEvent", OBJECT, "A child of ready: exit has done its work [X8]") \
	S(EVENT_START_FAILED, "StartFailedEvent", OBJECT, "A child has not started") \
	S(EVENT_START_ABORTED, "StartAbortedEvent", OBJECT, \
	  "A child was killed before it had started") \
	S(EVENT_EXITED, "ExitedEvent", OBJECT, "A child that had started has ended") \
	S(EVENT_REPORT, "ReportEvent", OBJECT, "What OTP's supervisor would log [L]") \
	S(EVENT_ADDED, "AddedEvent", OBJECT, "A supervisor has a new child") \
	S(EVENT_REMOVED, "RemovedEvent", OBJECT, "A supervisor has forgotten a child") \
	S(EVENT_DELAYED, "DelayedEvent", OBJECT, "A restart waits") \
	S(EVENT_CHANGED, "ChangedEvent", OBJECT, "A supervisor has a new specification") \
	S(EVENT_HALTED, "HaltedEvent", OBJECT, "The root has ended") \
	S(HOW, "How", EITHER, "How a process ended, as the kernel has it") \
	S(HOW_EXIT, "HowExit", OBJECT, "By exit(2)") \
	S(HOW_SIGNAL, "HowSignal", OBJECT, "By a signal") \
	S(CAUSE, "Cause", OBJECT, "The rule that made an event happen") \
	S(BUDGET, "Budget", OBJECT, "The restarts of a supervisor that count now, and its limit") \
	S(USAGE, "Usage", OBJECT, \
	  "What a process and its reaped descendants have used until its end") \
	S(WHY, "Why", EITHER, "Why a child ended last, and what followed; or why it runs") \
	S(WHY_ENDED, "WhyEnded", OBJECT, "The child has ended at least once") \
	S(WHY_NEVER, "WhyNever", OBJECT, "No end of the child is known") \
	S(WHY_RUNNING, "WhyRunning", OBJECT, "Who started a child, and what it holds") \
	S(HOLDS, "Holds", EITHER, "What a process holds") \
	S(HELD, "Held", OBJECT, "Its open files, and the ports on which it listens") \
	S(NOT_HELD, "NotHeld", OBJECT, "It is not known") \
	S(HELD_FILE, "HeldFile", OBJECT, "An open file, folder or device") \
	S(HELD_PORT, "HeldPort", OBJECT, "Where a socket gets connections or datagrams") \
	S(STEP, "Step", EITHER, "A step from the first end to the last consequence") \
	S(RULE_STEP, "RuleStep", OBJECT, "A rule, before the events that it explains") \
	S(ASKED_BY, "AskedBy", OBJECT, "The client whose request caused it") \
	S(SENDER, "Sender", EITHER, "The process that sent the deadly signal") \
	S(SENDER_PROCESS, "SenderProcess", OBJECT, "A process that sent a signal") \
	S(LOGS, "Logs", OBJECT, \
	  "Lines that a child wrote, the oldest first; notifications output follow " \
	  "if that was asked for") \
	S(LINE, "Line", OBJECT, "A line of a child's output") \
	S(OUTPUT, "Output", OBJECT, "The notification of a line") \
	S(RESYNC, "Resync", OBJECT, "Notifications were lost: ask for the state again") \
	S(DOWN, "Down", OBJECT, "A monitored process has ended") \
	S(RENAMED, "Renamed", OBJECT, "A name leads to another process than before")

/* X(method, SHAPE, the operations after which it comes) */
#define ST_NOTIFICATION_LIST(X) \
	X(event, EVENT, "subscribe") \
	X(events, EVENTS, "subscribe") \
	X(input, INPUT, "subscribe") \
	X(output, OUTPUT, "logs") \
	X(resync, RESYNC, "subscribe, logs") \
	X(down, DOWN, "monitor") \
	X(renamed, RENAMED, "connect")

#define ST_FIELDS_SUBSCRIBED(F) \
	F("seq", COUNT, REQ, "the number of the newest event") \
	F("incarnation", COUNT, REQ, "the daemon's random number: whose number that is")

#define ST_FIELDS_EVENTS(F) \
	F("events", LIST(SHAPE(FOLLOWED)), REQ, "the events, and inputs if they are wanted")
#define ST_FIELDS_FOLLOWED(F) \
	F("event", SHAPE(EVENT), REQ, "an event") \
	F("input", SHAPE(INPUT), REQ, "an input")
#define ST_FIELDS_INPUT(F) \
	F("seq", COUNT, REQ, "the number of the event before it; its own events come after it") \
	F("line", TEXT, REQ, "the line, as userspace/core/RULES.md has it")
#define ST_FIELDS_EVENT(F) \
	F("starting", SHAPE(EVENT_STARTING), REQ, "a supervisor begins to start") \
	F("started", SHAPE(EVENT_STARTED), REQ, "a child has started") \
	F("ignored", SHAPE(EVENT_IGNORED), REQ, "a child should not run") \
	F("done", SHAPE(EVENT_DONE), REQ, "a child has done its work") \
	F("start_failed", SHAPE(EVENT_START_FAILED), REQ, "a child has not started") \
	F("start_aborted", SHAPE(EVENT_START_ABORTED), REQ, "a child was killed before") \
	F("exited", SHAPE(EVENT_EXITED), REQ, "a child has ended") \
	F("report", SHAPE(EVENT_REPORT), REQ, "what OTP would log") \
	F("added", SHAPE(EVENT_ADDED), REQ, "a child was added") \
	F("removed", SHAPE(EVENT_REMOVED), REQ, "a child was removed") \
	F("delayed", SHAPE(EVENT_DELAYED), REQ, "a restart waits") \
	F("changed", SHAPE(EVENT_CHANGED), REQ, "a new specification") \
	F("halted", SHAPE(EVENT_HALTED), REQ, "the root has ended")

#define ST_EVENT_HEAD(F, word) \
	F("seq", COUNT, REQ, "its number: one more than that of the event before") \
	F("time_ns", COUNT, REQ, "when, on the monotonic clock") \
	F("wall", WALL, REQ, "when, in UTC") \
	F("event", WORDS(word), REQ, "what happened")
#define ST_EVENT_CAUSE(F) \
	F("cause", SHAPE(CAUSE), OPT, "the rule that made it happen") \
	F("asked_by", SHAPE(ASKED_BY), OPT, "the client whose request made it happen")
#define ST_EVENT_COUNTS(F) \
	F("restarts", COUNT, OPT, \
	  "restarts of the child since its supervisor started, this one included") \
	F("budget", SHAPE(BUDGET), OPT, \
	  "its supervisor's restarts; before it decides about an end; the root has none")
#define ST_EVENT_FIELDS(F, word) \
	ST_EVENT_HEAD(F, word) \
	F("path", TEXT, REQ, "the child") \
	F("generation", COUNT, OPT, "its incarnation, if it has or had one") \
	ST_EVENT_CAUSE(F)
#define ST_EVENT_END_FIELDS(F, word) \
	ST_EVENT_FIELDS(F, word) \
	F("pid", COUNT, OPT, "its process; a supervisor has none") \
	F("how", SHAPE(HOW), OPT, "how the process ended") \
	F("killed", TRUE, OPT, "its supervisor had sent SIGKILL") \
	F("took_ns", COUNT, OPT, \
	  "the time since its start began, or since its stop was requested") \
	F("rule", RULE, OPT, "the rule by which its supervisor acts") \
	ST_EVENT_COUNTS(F) \
	F("usage", SHAPE(USAGE), OPT, "what its process has used") \
	F("sender", SHAPE(SENDER), OPT, \
	  "the sender of the deadly signal; missing if it is not known, but in why")

#define ST_FIELDS_EVENT_STARTING(F) ST_EVENT_FIELDS(F, "starting")
#define ST_FIELDS_EVENT_STARTED(F) \
	ST_EVENT_FIELDS(F, "started") \
	F("pid", COUNT, OPT, "its process; a supervisor has none") \
	F("spawned_ns", COUNT, OPT, \
	  "the time from the begin of its start until its process existed") \
	F("took_ns", COUNT, OPT, "the time since its start began") \
	ST_EVENT_COUNTS(F)
#define ST_FIELDS_EVENT_IGNORED(F) \
	ST_EVENT_FIELDS(F, "ignored") \
	F("pid", COUNT, OPT, "its process; a supervisor has none") \
	F("took_ns", COUNT, OPT, "the time since its start began")
#define ST_FIELDS_EVENT_DONE(F) \
	ST_EVENT_FIELDS(F, "done") \
	F("pid", COUNT, REQ, "its process") \
	F("how", SHAPE(HOW), REQ, "how the process ended") \
	F("took_ns", COUNT, OPT, "the time since its start began") \
	ST_EVENT_COUNTS(F) \
	F("usage", SHAPE(USAGE), OPT, "what its process has used")
#define ST_FIELDS_EVENT_START_FAILED(F) \
	ST_EVENT_END_FIELDS(F, "start_failed") \
	F("reason", SHAPE(START_REASON), REQ, "the reason")
#define ST_FIELDS_EVENT_START_ABORTED(F) ST_EVENT_END_FIELDS(F, "start_aborted")
#define ST_FIELDS_EVENT_EXITED(F) \
	ST_EVENT_END_FIELDS(F, "exited") \
	F("reason", SHAPE(REASON), REQ, "why it happened") \
	F("ran_ns", COUNT, OPT, "how long it ran after its start")
#define ST_FIELDS_EVENT_REPORT(F) \
	ST_EVENT_HEAD(F, "report") \
	F("context", WORDS_OF(st_context_text, ST_CONTEXT__MAX), REQ, "OTP's word for it") \
	F("reason", SHAPE(START_REASON), REQ, "why it happened") \
	F("sup", TEXT, REQ, "the supervisor that reports") \
	F("path", TEXT, OPT, "the child; missing if it is about several") \
	F("generation", COUNT, OPT, "the child's incarnation") \
	F("count", COUNT, OPT, "how many children it is about, if they are several [I7]") \
	ST_EVENT_CAUSE(F)
#define ST_FIELDS_EVENT_ADDED(F) ST_EVENT_FIELDS(F, "added")
#define ST_FIELDS_EVENT_REMOVED(F) ST_EVENT_FIELDS(F, "removed")
#define ST_FIELDS_EVENT_DELAYED(F) \
	ST_EVENT_FIELDS(F, "delayed") \
	F("delay_ms", COUNT, REQ, "how long")
#define ST_FIELDS_EVENT_CHANGED(F) ST_EVENT_FIELDS(F, "changed")
#define ST_FIELDS_EVENT_HALTED(F) \
	ST_EVENT_FIELDS(F, "halted") \
	F("reason", SHAPE(START_REASON), REQ, "why it happened")

#define ST_FIELDS_HOW(F) \
	F("exit", SHAPE(HOW_EXIT), REQ, "by itself") \
	F("signal", SHAPE(HOW_SIGNAL), REQ, "by a signal")
#define ST_FIELDS_HOW_EXIT(F) \
	F("exit", BETWEEN(0, 255), REQ, "the exit status")
#define ST_FIELDS_HOW_SIGNAL(F) \
	F("signal", MATCHING("^[A-Z]"), OPT, "its name without SIG; missing if it has none") \
	F("core", FLAG, REQ, "whether memory was written to a file")
#define ST_FIELDS_CAUSE(F) \
	F("rule", RULE, REQ, "the rule's number in RULES.md") \
	F("generation", COUNT, OPT, "the incarnation whose end was the cause")

#define ST_FIELDS_BUDGET(F) \
	F("used", COUNT, REQ, "restarts in the period until now") \
	F("intensity", COUNT, REQ, "restarts that are allowed in a period") \
	F("period", COUNT, REQ, "seconds")
#define ST_FIELDS_USAGE(F) \
	F("utime_ns", COUNT, REQ, "processor time in its program") \
	F("stime_ns", COUNT, REQ, "processor time in the kernel for it") \
	F("maxrss_kb", COUNT, REQ, \
	  "the most memory that it used at a time; Linux counts that of the daemon at its start")

#define ST_WHY_FIELDS(F) \
	F("path", TEXT, REQ, "the child") \
	F("type", WORDS_OF(st_child_type_text, ST_CHILD_TYPE__MAX), OPT, \
	  "what it is; missing if it has been removed") \
	F("state", WORDS("stopped", "starting", "running", "stopping", "restarting", "ended", \
	  "forgotten"), REQ, "its state now; ended: its supervisor has not handled the end yet") \
	F("pid", COUNT, OPT, "its process now") \
	F("generation", COUNT, OPT, "its incarnation now")
#define ST_FIELDS_WHY(F) \
	F("ended", SHAPE(WHY_ENDED), REQ, "it has ended") \
	F("never", SHAPE(WHY_NEVER), REQ, "it has not") \
	F("running", SHAPE(WHY_RUNNING), REQ, "why it runs, if that was asked for")
#define ST_FIELDS_WHY_ENDED(F) \
	ST_WHY_FIELDS(F) \
	F("ended", TRUE, REQ, "always") \
	F("end", SHAPE(EVENT), REQ, "its last end") \
	F("root", SHAPE(EVENT), OPT, "the end that caused it, if that is another") \
	F("asked_by", SHAPE(ASKED_BY), OPT, "the client whose request caused all of it") \
	F("steps", LIST(SHAPE(STEP)), REQ, "all that followed, in order") \
	F("left_out", COUNT, REQ, "steps beyond the limit") \
	F("output", LIST(SHAPE(LINE)), OPT, "the last lines that the process wrote, if kept") \
	F("root_output", LIST(SHAPE(LINE)), OPT, "the same of the process of root")
#define ST_FIELDS_WHY_NEVER(F) \
	ST_WHY_FIELDS(F) \
	F("ended", FALSE, REQ, "always") \
	F("events_from", COUNT, REQ, "the number of the oldest event that is kept") \
	F("below", SHAPE(EVENT), OPT, "the last end below it")
#define ST_FIELDS_WHY_RUNNING(F) \
	ST_WHY_FIELDS(F) \
	F("running", TRUE, REQ, "always") \
	F("restarts", COUNT, REQ, "restarts of the child since its supervisor started") \
	F("uptime_ms", COUNT, OPT, "since when it runs, if its start is done") \
	F("started", SHAPE(EVENT), OPT, "its start, if it is kept") \
	F("rule", RULE, OPT, "the rule by which its supervisor started it") \
	F("rule_text", TEXT, OPT, "what that rule means") \
	F("because", SHAPE(EVENT), OPT, "the end that made its supervisor do so, if kept") \
	F("holds", SHAPE(HOLDS), OPT, "what its process holds; a supervisor has none")
#define ST_FIELDS_HOLDS(F) \
	F("held", SHAPE(HELD), REQ, "what is known") \
	F("unknown", SHAPE(NOT_HELD), REQ, "nothing is known")
#define ST_FIELDS_HELD(F) \
	F("files", LIST(SHAPE(HELD_FILE)), REQ, "open files, folders and devices") \
	F("sockets", COUNT, REQ, "open sockets") \
	F("pipes", COUNT, REQ, "open ends of pipes") \
	F("others", COUNT, REQ, "other open descriptors") \
	F("ports", LIST(SHAPE(HELD_PORT)), REQ, "where its sockets listen") \
	F("left_out", COUNT, REQ, "files, ports and sockets beyond the limits") \
	F("gone", TRUE, OPT, "the process has ended meanwhile, so this may not be whole")
#define ST_FIELDS_NOT_HELD(F) \
	F("unknown", TEXT, REQ, "why it is not known")
#define ST_FIELDS_HELD_FILE(F) \
	F("fd", COUNT, REQ, "the descriptor") \
	F("path", TEXT, REQ, "its path, as the kernel has it") \
	F("reads", FLAG, REQ, "it is open for reading") \
	F("writes", FLAG, REQ, "it is open for writing")
#define ST_FIELDS_HELD_PORT(F) \
	F("fd", COUNT, REQ, "the descriptor; the first one of several") \
	F("protocol", WORDS("tcp", "udp", "unix"), REQ, "the protocol") \
	F("address", TEXT, REQ, "the address; of unix the path, with @ if it is abstract") \
	F("port", BETWEEN(0, 65535), OPT, "the port; unix has none")
#define ST_FIELDS_STEP(F) \
	F("event", SHAPE(EVENT), REQ, "what happened") \
	F("rule", SHAPE(RULE_STEP), REQ, "why the next events happened")
#define ST_FIELDS_RULE_STEP(F) \
	F("rule", RULE, REQ, "its number in RULES.md") \
	F("text", TEXT, REQ, "what it means") \
	F("sup", TEXT, OPT, "the supervisor that obeys it") \
	F("restarts", COUNT, OPT, "restarts in the period, this one included") \
	F("intensity", COUNT, OPT, "restarts allowed") \
	F("period", COUNT, OPT, "seconds")
#define ST_FIELDS_ASKED_BY(F) \
	F("operation", TEXT, REQ, "the verb") \
	F("pid", COUNT, REQ, "the client's process") \
	F("uid", COUNT, REQ, "the client's user") \
	F("generation", COUNT, OPT, "the client's incarnation, if it is supervised")
#define ST_FIELDS_SENDER(F) \
	F("process", SHAPE(SENDER_PROCESS), REQ, "a process") \
	F("unknown", TEXT, REQ, "why it is not known")
#define ST_FIELDS_SENDER_PROCESS(F) \
	F("pid", COUNT, REQ, "its number; 0: the kernel") \
	F("name", TEXT, REQ, "its name") \
	F("uid", NULLABLE(COUNT), REQ, "its user; null: not known") \
	F("asked_by", SHAPE(ASKED_BY), OPT, "the client for which the daemon sent it")

#define ST_LINE_FIELDS(F) \
	F("stream", WORDS("stdout", "stderr"), REQ, "where it was written to") \
	F("time_ns", COUNT, REQ, "when it was read, on the monotonic clock") \
	F("wall", WALL, REQ, "the same in UTC") \
	F("text", TEXT, REQ, "the line; bytes that are not UTF-8 are U+FFFD")
#define ST_FIELDS_LOGS(F) \
	F("lines", LIST(SHAPE(LINE)), REQ, "the lines")
#define ST_FIELDS_LINE(F) ST_LINE_FIELDS(F)
#define ST_FIELDS_OUTPUT(F) \
	F("path", TEXT, REQ, "the child") \
	F("seq", COUNT, REQ, "the line's number: one more than that of the line before") \
	ST_LINE_FIELDS(F)
#define ST_FIELDS_RESYNC(F) \
	F("path", TEXT, OPT, "of output: the child") \
	F("seq", COUNT, REQ, "the number of the last one that was lost") \
	F("dropped", COUNT, REQ, "how many were lost") \
	F("incarnation", COUNT, REQ, "the daemon's random number: whose numbers these are")
#define ST_FIELDS_DOWN(F) \
	F("ref", COUNT, REQ, "the monitor's number") \
	F("generation", COUNT, REQ, "the incarnation that ended; 0: there was none") \
	F("path", TEXT, REQ, "the child; empty: not known") \
	F("reason", SHAPE(DOWN_REASON), REQ, "why it ended")
#define ST_FIELDS_RENAMED(F) \
	F("name", TEXT, REQ, "the name")

/* clang-format on */

#endif
