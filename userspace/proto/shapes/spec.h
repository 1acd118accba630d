/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shapes of specifications, as core/spec_text.c writes them: the keys of a
 * configuration, without those that have their default. shapes.h explains the
 * notation.
 */
#ifndef ST_PROTO_SHAPES_SPEC_H
#define ST_PROTO_SHAPES_SPEC_H

/* clang-format off */

#define ST_SPEC_SHAPES(S) \
	S(CHILDSPEC, "ChildSpec", EITHER, "A child's specification, as in a configuration [C9]") \
	S(WORKER_SPEC, "WorkerSpec", OBJECT, "Of a worker") \
	S(SUPERVISOR_CHILD_SPEC, "SupervisorChildSpec", OBJECT, "Of a child that is a supervisor") \
	S(SUPERVISOR_SPEC, "SupervisorSpec", OBJECT, "Of a supervisor itself") \
	S(VARIABLE, "Variable", PLAIN, "The value of a variable of the environment") \
	S(BACKOFF, "Backoff", OBJECT, "How long to wait before a restart, in milliseconds") \
	S(LOG_SPEC, "LogSpec", EITHER, "Where lines of output go") \
	S(LOG_FILE_SPEC, "LogFileSpec", OBJECT, \
	  "To a file, or to a file for each child in a folder") \
	S(TRACE_SPEC, "TraceSpec", OBJECT, "Who may see what of traced messages") \
	S(PROBE_SPEC, "ProbeSpec", OBJECT, "How to find out whether a child is well [X11]") \
	S(LIMITS, "Limits", OBJECT, "Limits of the process, each soft and hard: setrlimit(2)") \
	S(LIMIT, "Limit", EITHER, "A limit of a process") \
	S(INIT, "Init", EITHER, "What a supervisor answers when it is started") \
	S(INIT_ERROR, "InitError", OBJECT, "It fails")

#define ST_FIELDS_CHILDSPEC(F) \
	F("worker", SHAPE(WORKER_SPEC), REQ, "a worker") \
	F("supervisor", SHAPE(SUPERVISOR_CHILD_SPEC), REQ, "a supervisor")

#define ST_CHILD_SPEC_FIELDS(F, kind) \
	F("id", TEXT, REQ, "the child's name") \
	F("restart", WORDS_OF(st_restart_text, ST_RESTART__MAX), REQ, \
	  "which ends are followed by a restart") \
	F("significant", FLAG, REQ, "whether auto_shutdown counts it") \
	F("shutdown", SHAPE(SHUTDOWN), REQ, "how it is stopped") \
	F("type", WORDS(kind), REQ, "what it is") \
	F("start_now", FALSE, OPT, "it waits for a request to start it [X7]") \
	F("start_timeout", COUNT, OPT, "milliseconds until it must have started") \
	F("min_uptime", COUNT, OPT, "milliseconds that it must be up to count as started [X9]") \
	F("backoff", SHAPE(BACKOFF), OPT, "how long to wait before a restart")
#define ST_FIELDS_WORKER_SPEC(F) \
	ST_CHILD_SPEC_FIELDS(F, "worker") \
	F("start", LIST(TEXT), REQ, "its command") \
	F("environment", MAP(SHAPE(VARIABLE)), OPT, "variables added to what is inherited") \
	F("environment_file", LIST(TEXT), OPT, "files with more variables") \
	F("clear_environment", TRUE, OPT, "inherit no variable but PATH") \
	F("no_new_privs", TRUE, OPT, "the process cannot get more rights") \
	F("kill_subtree", TRUE, OPT, "its descendants are stopped with it") \
	F("stop_signal", MATCHING("^[A-Z]"), OPT, "the signal that stops it, if not TERM [X6]") \
	F("ready", MATCHING("^(notify|exit|probe|fd=[0-9]+)$"), OPT, \
	  "when it counts as started, if not at once") \
	F("notify_access", WORDS("main"), OPT, \
	  "which processes may report for it, if descendants may not") \
	F("accept", WORDS("none", "same_user", "tree", "anyone"), OPT, \
	  "who may call the server, and cast to it, if not whom it says itself") \
	F("accept_links", WORDS("none", "same_user", "tree", "anyone"), OPT, \
	  "who may link itself to the server, if not whom it says itself") \
	F("output", WORDS("null", "inherit"), OPT, "where its output goes, if it is not kept") \
	F("log", SHAPE(LOG_SPEC), OPT, "where else its output goes") \
	F("probe", SHAPE(PROBE_SPEC), OPT, "how to find out whether it is well [X11]") \
	F("nice", BETWEEN(-20, 19), OPT, "its priority") \
	F("oom_score_adj", BETWEEN(-1000, 1000), OPT, "how soon the kernel kills it for memory") \
	F("umask", MATCHING("^0[0-7]{3}$"), OPT, "permissions that its files do not get") \
	F("service", WORDS_OF(st_service_text, ST_SERVICE__MAX), OPT, \
	  "the service of suptree that it is [X13]") \
	F("cwd", TEXT, OPT, "its folder") \
	F("user", TEXT, OPT, "its user") \
	F("group", TEXT, OPT, "its group") \
	F("limits", SHAPE(LIMITS), OPT, "its limits")
#define ST_FIELDS_SUPERVISOR_CHILD_SPEC(F) \
	ST_CHILD_SPEC_FIELDS(F, "supervisor") \
	F("supervisor", SHAPE(SUPERVISOR_SPEC), REQ, "the supervisor itself")
#define ST_FIELDS_SUPERVISOR_SPEC(F) \
	F("init", SHAPE(INIT), OPT, "what it answers when it is started, if not ok") \
	ST_FLAGS_FIELDS(F) \
	F("max_children", COUNT, OPT, "of a dynamic one: how many it may have") \
	F("partitions", COUNT, OPT, "how many copies of its child it has [X5]") \
	F("log", SHAPE(LOG_SPEC), OPT, "where the output of all below it goes") \
	F("trace", SHAPE(TRACE_SPEC), OPT, "who may see what of traced messages below it") \
	F("children", LIST(SHAPE(CHILDSPEC)), REQ, "in start order")
#define ST_FIELDS_VARIABLE(F) \
	F("value", NULLABLE(TEXT), REQ, "the value; null: it is shown to admins only")
#define ST_FIELDS_BACKOFF(F) \
	F("min", COUNT, REQ, "the first delay") \
	F("max", COUNT, REQ, "the longest delay") \
	F("jitter", BETWEEN(0, 100), REQ, "how much is taken off at random, in per cent")
#define ST_FIELDS_LOG_SPEC(F) \
	F("word", WORDS("none", "journal"), REQ, "nowhere; to the system's journal") \
	F("file", SHAPE(LOG_FILE_SPEC), REQ, "to files")
#define ST_FIELDS_LOG_FILE_SPEC(F) \
	F("file", TEXT, OPT, "the file, if there is no folder") \
	F("folder", TEXT, OPT, "the folder, if there is no file") \
	F("stderr", TEXT, OPT, "the same for standard error alone") \
	F("max_size", COUNT, OPT, "bytes after which the file is rotated") \
	F("max_age", COUNT, OPT, "seconds after which the file is rotated") \
	F("keep", BETWEEN(0, ST_MAX_LOG_KEEP), REQ, "rotated files that are kept") \
	F("timestamps", TRUE, OPT, "each line begins with its time")
#define ST_FIELDS_TRACE_SPEC(F) \
	F("payload", WORDS("admin", "operator"), REQ, "the role that may see what they contain")
#define ST_FIELDS_PROBE_SPEC(F) \
	F("command", LIST(TEXT), OPT, "it ends with status 0 if the child is well") \
	F("tcp", TEXT, OPT, "an address that accepts a connection if the child is well") \
	F("http", TEXT, OPT, "a page that is answered if the child is well") \
	F("interval", COUNT, REQ, "milliseconds from a probe to the next") \
	F("timeout", COUNT, REQ, "milliseconds that a probe may take") \
	F("failures", COUNT, REQ, "failures in a row that end the child; 0: never") \
	F("on_failure", WORDS_OF(st_on_failure_text, ST_ON_FAILURE__MAX), REQ, \
	  "how the child is ended then")
#define ST_FIELDS_LIMITS(F) \
	F("cpu", LIST(SHAPE(LIMIT)), OPT, "seconds of CPU time") \
	F("fsize", LIST(SHAPE(LIMIT)), OPT, "bytes of a file") \
	F("data", LIST(SHAPE(LIMIT)), OPT, "bytes of data") \
	F("stack", LIST(SHAPE(LIMIT)), OPT, "bytes of stack") \
	F("core", LIST(SHAPE(LIMIT)), OPT, "bytes of a core file") \
	F("rss", LIST(SHAPE(LIMIT)), OPT, "bytes of resident memory") \
	F("nproc", LIST(SHAPE(LIMIT)), OPT, "processes of the user") \
	F("nofile", LIST(SHAPE(LIMIT)), OPT, "descriptors") \
	F("memlock", LIST(SHAPE(LIMIT)), OPT, "bytes of locked memory") \
	F("as", LIST(SHAPE(LIMIT)), OPT, "bytes of address space") \
	F("locks", LIST(SHAPE(LIMIT)), OPT, "file locks") \
	F("sigpending", LIST(SHAPE(LIMIT)), OPT, "signals that wait") \
	F("msgqueue", LIST(SHAPE(LIMIT)), OPT, "bytes of message queues") \
	F("nice", LIST(SHAPE(LIMIT)), OPT, "20 less the lowest nice value") \
	F("rtprio", LIST(SHAPE(LIMIT)), OPT, "realtime priority") \
	F("rttime", LIST(SHAPE(LIMIT)), OPT, "microseconds of realtime work without a rest")
#define ST_FIELDS_LIMIT(F) \
	F("number", COUNT, REQ, "in the unit of the limit") \
	F("word", WORDS("infinity"), REQ, "there is none")
#define ST_FIELDS_INIT(F) \
	F("ignore", WORDS("ignore"), REQ, "it should not run [A4]") \
	F("error", SHAPE(INIT_ERROR), REQ, "it fails")
#define ST_FIELDS_INIT_ERROR(F) \
	F("error", SHAPE(TERM), REQ, "with this reason")

/* clang-format on */

#endif
