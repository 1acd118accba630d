/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shapes of the tree: nodes, one child and its process, and answers to calls to
 * a supervisor. shapes.h explains the notation.
 */
#ifndef ST_PROTO_SHAPES_TREE_H
#define ST_PROTO_SHAPES_TREE_H

/* clang-format off */

#define ST_TREE_SHAPES(S) \
	S(TREE, "Tree", OBJECT, \
	  "A tree, as it is after event seq; if seq_end is another one, it has changed meanwhile") \
	S(NODE, "Node", EITHER, "A child with all below it") \
	S(WORKER, "Worker", OBJECT, "A worker") \
	S(SUPERVISOR, "Supervisor", OBJECT, "A supervisor with its children, in start order") \
	S(PART, "Part", OBJECT, "The members of a child that the parameter fields names") \
	S(NODES, "Nodes", PLAIN, "Children, each before those below it") \
	S(ROW, "Row", EITHER, "A child without those below it") \
	S(SUPERVISOR_ROW, "SupervisorRow", OBJECT, "A supervisor without its children") \
	S(INFO, "Info", EITHER, "All that is known about a child") \
	S(WORKER_INFO, "WorkerInfo", OBJECT, "A worker, its process and its history") \
	S(SUPERVISOR_INFO, "SupervisorInfo", OBJECT, "A supervisor and its history") \
	S(FACTS, "Facts", OBJECT, "A process as /proc shows it; what cannot be read is missing") \
	S(LOG, "Log", EITHER, "Where the lines that a child writes are kept") \
	S(LOG_FILE, "LogFile", OBJECT, "A file") \
	S(LOG_JOURNAL, "LogJournal", OBJECT, "The system's journal") \
	S(CHILDREN, "Children", PLAIN, "A supervisor's children, the newest first [C7]") \
	S(CHILD, "Child", OBJECT, "A child, as OTP's which_children shows it") \
	S(COUNTS, "Counts", OBJECT, "Numbers of children, as OTP's count_children has them [C8]") \
	S(STRATEGY, "Strategy", OBJECT, "A supervisor's strategy and limits, as they are now") \
	S(START, "Start", EITHER, "The result of a start") \
	S(STARTED, "Started", OBJECT, "The child runs") \
	S(IGNORED, "Ignored", OBJECT, "The child answered that it should not run [A4]") \
	S(FINISHED, "Finished", OBJECT, "The child of ready: exit has done its work [X8]") \
	S(ADDED, "Added", OBJECT, "The child waits for a request, as start_now: false says [X7]") \
	S(INCARNATION, "Incarnation", OBJECT, "A process of a child") \
	S(KILLED, "Killed", OBJECT, "The signal has been sent") \
	S(LOADED, "Loaded", OBJECT, "The trees that were started") \
	S(RELOADED, "Reloaded", OBJECT, \
	  "What a reload has done, or would do") \
	S(RELOAD_FAILURE, "ReloadFailure", OBJECT, "A child that a reload could not start or end")

#define ST_FIELDS_TREE(F) \
	F("seq", COUNT, REQ, "the number of the newest event") \
	F("root", SHAPE(NODE), REQ, "the child at the path") \
	F("seq_end", COUNT, REQ, "the number of the newest event when the answer was complete") \
	F("next", TEXT, OPT, "there are more children than limit: go on after this one")
#define ST_FIELDS_NODE(F) \
	F("worker", SHAPE(WORKER), REQ, "a worker") \
	F("supervisor", SHAPE(SUPERVISOR), REQ, "a supervisor") \
	F("part", SHAPE(PART), REQ, "a child of which not all members were asked for")

#define ST_NODE_FIELDS(F, kind) \
	F("id", TEXT, REQ, "the child's id, or the name in its pool") \
	F("path", TEXT, REQ, "ids from below the root, joined by /; the root is /") \
	F("type", WORDS(kind), REQ, "what it is") \
	F("state", WORDS_OF(st_child_state_text, ST_CHILD_STATE__MAX), REQ, "its state") \
	F("restart", NULLABLE(WORDS_OF(st_restart_text, ST_RESTART__MAX)), REQ, \
	  "which ends are followed by a restart; null: it is the root") \
	F("significant", FLAG, REQ, "whether auto_shutdown counts it") \
	F("shutdown", SHAPE(SHUTDOWN), REQ, "how it is stopped") \
	F("pid", COUNT, OPT, "its process") \
	F("generation", COUNT, OPT, \
	  "the number of this run of the child (its incarnation); never used again") \
	F("mailbox", TRUE, OPT, "its process takes messages: it is a gen_server") \
	F("uptime_ms", COUNT, OPT, "how long it has run") \
	F("restarts", COUNT, REQ, "how often it was restarted") \
	F("status", TEXT, OPT, "the last STATUS= that its process reported") \
	F("reason", SHAPE(START_REASON), OPT, "of its last end, while it does not run")
#define ST_FLAGS_FIELDS(F) \
	F("strategy", WORDS_OF(st_strategy_text, ST_STRATEGY__MAX), REQ, \
	  "which children start again together") \
	F("intensity", COUNT, REQ, "restarts allowed in a period") \
	F("period", COUNT, REQ, "seconds") \
	F("auto_shutdown", WORDS_OF(st_auto_shutdown_text, ST_AUTO_SHUTDOWN__MAX), REQ, \
	  "whether ends of significant children end the supervisor")
#define ST_SUPERVISOR_FIELDS(F) \
	ST_NODE_FIELDS(F, "supervisor") \
	ST_FLAGS_FIELDS(F) \
	F("restarts_in_period", COUNT, REQ, "restarts that count now")

#define ST_FIELDS_PART(F) \
	F("path", TEXT, REQ, "ids from below the root, joined by /; the root is /") \
	F("partial", TRUE, REQ, "other members are left out") \
	F("id", TEXT, OPT, "the child's id, or the name in its pool") \
	F("type", WORDS("worker", "supervisor"), OPT, "what it is") \
	F("state", WORDS_OF(st_child_state_text, ST_CHILD_STATE__MAX), OPT, "its state") \
	F("restart", NULLABLE(WORDS_OF(st_restart_text, ST_RESTART__MAX)), OPT, \
	  "which ends are followed by a restart; null: it is the root") \
	F("significant", FLAG, OPT, "whether auto_shutdown counts it") \
	F("shutdown", SHAPE(SHUTDOWN), OPT, "how it is stopped") \
	F("pid", COUNT, OPT, "its process") \
	F("generation", COUNT, OPT, \
	  "the number of this run of the child (its incarnation); never used again") \
	F("mailbox", TRUE, OPT, "its process takes messages: it is a gen_server") \
	F("uptime_ms", COUNT, OPT, "how long it has run") \
	F("restarts", COUNT, OPT, "how often it was restarted") \
	F("status", TEXT, OPT, "the last STATUS= that its process reported") \
	F("reason", SHAPE(START_REASON), OPT, "of its last end, while it does not run") \
	F("strategy", WORDS_OF(st_strategy_text, ST_STRATEGY__MAX), OPT, \
	  "of a supervisor: which children start again together") \
	F("intensity", COUNT, OPT, "of a supervisor: restarts allowed in a period") \
	F("period", COUNT, OPT, "of a supervisor: seconds") \
	F("auto_shutdown", WORDS_OF(st_auto_shutdown_text, ST_AUTO_SHUTDOWN__MAX), OPT, \
	  "of a supervisor: whether ends of significant children end it") \
	F("restarts_in_period", COUNT, OPT, "of a supervisor: restarts that count now") \
	F("children", LIST(SHAPE(NODE)), OPT, "in a tree, of a supervisor: in start order")
#define ST_FIELDS_WORKER(F) ST_NODE_FIELDS(F, "worker")
#define ST_FIELDS_SUPERVISOR(F) \
	ST_SUPERVISOR_FIELDS(F) \
	F("children", LIST(SHAPE(NODE)), REQ, "in start order")
#define ST_FIELDS_NODES(F) \
	F("rows", LIST(SHAPE(ROW)), REQ, "the children")
#define ST_FIELDS_ROW(F) \
	F("worker", SHAPE(WORKER), REQ, "a worker") \
	F("supervisor", SHAPE(SUPERVISOR_ROW), REQ, "a supervisor") \
	F("part", SHAPE(PART), REQ, "a child of which not all members were asked for")
#define ST_FIELDS_SUPERVISOR_ROW(F) ST_SUPERVISOR_FIELDS(F)

#define ST_INFO_FIELDS(F) \
	F("output_bytes", COUNT, REQ, "bytes kept of what it wrote") \
	F("log", SHAPE(LOG), OPT, "where else its lines are kept") \
	F("history", LIST(SHAPE(EVENT)), REQ, "its last events, at most 20")
#define ST_FIELDS_INFO(F) \
	F("worker", SHAPE(WORKER_INFO), REQ, "of a worker") \
	F("supervisor", SHAPE(SUPERVISOR_INFO), REQ, "of a supervisor")
#define ST_FIELDS_WORKER_INFO(F) \
	ST_NODE_FIELDS(F, "worker") \
	F("spec", SHAPE(WORKER_SPEC), REQ, "its specification") \
	F("process", SHAPE(FACTS), OPT, "its process, if it has one") \
	ST_INFO_FIELDS(F)
#define ST_FIELDS_SUPERVISOR_INFO(F) \
	ST_SUPERVISOR_FIELDS(F) \
	ST_INFO_FIELDS(F)
#define ST_FIELDS_FACTS(F) \
	F("pid", COUNT, REQ, "its number") \
	F("name", TEXT, OPT, "its name, at most 15 bytes") \
	F("state", TEXT, OPT, "the kernel's letter and word for what it does") \
	F("ppid", COUNT, OPT, "its parent") \
	F("uid", COUNT, OPT, "its real user") \
	F("gid", COUNT, OPT, "its real group") \
	F("threads", COUNT, OPT, "how many it has") \
	F("rss_kb", COUNT, OPT, "memory that it uses") \
	F("size_kb", COUNT, OPT, "memory that it has mapped") \
	F("voluntary_switches", COUNT, OPT, "how often it waited") \
	F("involuntary_switches", COUNT, OPT, "how often another process took the CPU") \
	F("signals_blocked", MATCHING("^[0-9a-f]+$"), OPT, \
	  "a bit for each signal, as hexadecimal digits") \
	F("signals_ignored", MATCHING("^[0-9a-f]+$"), OPT, "the same") \
	F("signals_caught", MATCHING("^[0-9a-f]+$"), OPT, "the same") \
	F("no_new_privs", BETWEEN(0, 1), OPT, "1: it cannot get more rights") \
	F("command", LIST(TEXT), OPT, \
	  "its arguments; not if another user than the daemon's could hold up the look at them") \
	F("user_ms", COUNT, OPT, "CPU time of its own") \
	F("system_ms", COUNT, OPT, "CPU time in the kernel") \
	F("fds", COUNT, OPT, "open descriptors") \
	F("exe", TEXT, OPT, "its program") \
	F("cwd", TEXT, OPT, "its folder") \
	F("wchan", TEXT, OPT, "what it waits for in the kernel") \
	F("cgroup", TEXT, OPT, "its control group")
#define ST_FIELDS_LOG(F) \
	F("file", SHAPE(LOG_FILE), REQ, "a file") \
	F("journal", SHAPE(LOG_JOURNAL), REQ, "the journal")
#define ST_FIELDS_LOG_FILE(F) \
	F("file", TEXT, REQ, "its path") \
	F("stderr", TEXT, OPT, "the path of the file for standard error alone") \
	F("lost", COUNT, REQ, "lines that could not be written")
#define ST_FIELDS_LOG_JOURNAL(F) \
	F("journal", TRUE, REQ, "always") \
	F("lost", COUNT, REQ, "lines of all children that could not be written")

#define ST_FIELDS_CHILDREN(F) \
	F("children", LIST(SHAPE(CHILD)), REQ, "the children")
#define ST_FIELDS_CHILD(F) \
	F("id", NULLABLE(TEXT), REQ, "its id; null: a child of a pool that is being restarted") \
	F("state", WORDS_OF(st_child_state_text, ST_CHILD_STATE__MAX), REQ, "its state") \
	F("type", WORDS_OF(st_child_type_text, ST_CHILD_TYPE__MAX), REQ, "what it is") \
	F("pid", COUNT, OPT, "its process") \
	F("generation", COUNT, OPT, "the number of its incarnation")
#define ST_FIELDS_COUNTS(F) \
	F("specs", COUNT, REQ, "specifications") \
	F("active", COUNT, REQ, "children that run") \
	F("supervisors", COUNT, REQ, "children that are supervisors") \
	F("workers", COUNT, REQ, "children that are workers")
#define ST_FIELDS_STRATEGY(F) ST_FLAGS_FIELDS(F)
#define ST_FIELDS_START(F) \
	F("started", SHAPE(STARTED), REQ, "it runs") \
	F("ignored", SHAPE(IGNORED), REQ, "it does not") \
	F("done", SHAPE(FINISHED), REQ, "it has done its work") \
	F("added", SHAPE(ADDED), REQ, "it was not started")
#define ST_FIELDS_STARTED(F) \
	F("started", SHAPE(INCARNATION), REQ, "the child's process")
#define ST_FIELDS_IGNORED(F) \
	F("ignored", TRUE, REQ, "always")
#define ST_FIELDS_FINISHED(F) \
	F("done", TRUE, REQ, "always")
#define ST_FIELDS_ADDED(F) \
	F("added", TRUE, REQ, "always")
#define ST_FIELDS_INCARNATION(F) \
	F("pid", COUNT, OPT, "its number; a supervisor has none") \
	F("generation", COUNT, REQ, "the number of the incarnation")
#define ST_FIELDS_KILLED(F) \
	F("ok", TRUE, REQ, "always") \
	F("ended", FLAG, REQ, \
	  "whether the end was seen; the daemon waits only for an end that is certain")
#define ST_FIELDS_LOADED(F) \
	F("started", LIST(TEXT), REQ, "their paths")
#define ST_FIELDS_RELOADED(F) \
	F("added", LIST(TEXT), REQ, "paths of children that the tree did not have") \
	F("started", LIST(TEXT), REQ, "with start_new: children that had never run") \
	F("stopped", LIST(TEXT), REQ, "children that have never run, and were not started now") \
	F("changed", LIST(TEXT), REQ, "supervisors with another specification") \
	F("logs", LIST(TEXT), REQ, "supervisors and children with another log") \
	F("variables", LIST(TEXT), REQ, \
	  "children that get other variables of environment_file at their next start") \
	F("removed", LIST(TEXT), REQ, \
	  "with prune: not in the configuration, stopped and deleted") \
	F("kept", LIST(TEXT), REQ, "not in the configuration, and left as they are") \
	F("failed", LIST(SHAPE(RELOAD_FAILURE)), REQ, \
	  "children that could not be started or deleted") \
	F("dry_run", FLAG, REQ, "true: nothing was done")
#define ST_FIELDS_RELOAD_FAILURE(F) \
	F("path", TEXT, REQ, "the child") \
	F("message", TEXT, REQ, "why it was not done")

/* clang-format on */

#endif
