/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shapes of the observer's answers: processes of the system, and figures of the machine.
 * shapes.h explains the notation. What could not be read is missing.
 */
#ifndef ST_PROTO_SHAPES_OBSERVER_H
#define ST_PROTO_SHAPES_OBSERVER_H

/* clang-format off */

#define ST_OBSERVER_SHAPES(S) \
	S(SYSTEM_PROCESSES, "SystemProcesses", OBJECT, "Processes of the system, in order") \
	S(SYSTEM_PROCESS, "SystemProcess", OBJECT, \
	  "A process; a member is missing if it cannot be read, or if fields does not name it") \
	S(PROCESS_FACTS, "ProcessFacts", OBJECT, \
	  "A process as the kernel shows it; what cannot be read is missing") \
	S(PROCESS_MEMORY, "ProcessMemory", OBJECT, "Memory of a process, in KiB") \
	S(PROCESS_CPU, "ProcessCpu", OBJECT, "Processor time of a process") \
	S(PROCESS_FDS, "ProcessFds", OBJECT, "Open descriptors of a process") \
	S(PROCESS_CGROUP, "ProcessCgroup", OBJECT, "A control group, of version 2") \
	S(PROCESS_LIMIT, "ProcessLimit", OBJECT, "A resource limit; null: there is none") \
	S(PROCESS_SCHEDULING, "ProcessScheduling", OBJECT, "How the kernel schedules a process") \
	S(PROCESS_SIGNALS, "ProcessSignals", OBJECT, \
	  "Signals of a process: a bit for each, as hexadecimal digits") \
	S(PROCESS_SECURITY, "ProcessSecurity", OBJECT, "What a process may do") \
	S(MACHINE, "Machine", OBJECT, "The machine") \
	S(MACHINE_SCAN, "MachineScan", OBJECT, "The observer's own work") \
	S(PRESSURES, "Pressures", OBJECT, "How long tasks waited for a resource (PSI)") \
	S(PRESSURE, "Pressure", OBJECT, \
	  "Part of the time, in hundredths of a percent, over the last 10, 60 and 300 seconds")

#define ST_STATE_WORDS \
	"running", "sleeping", "disk_sleep", "stopped", "tracing_stop", "zombie", "dead", "idle", \
	"parked", "unknown"

#define ST_FIELDS_SYSTEM_PROCESSES(F) \
	F("total", COUNT, REQ, "processes of the system") \
	F("matched", COUNT, REQ, "those that were asked for, on all pages") \
	F("interval_ms", COUNT, OPT, "the time over which cpu_permille is") \
	F("rows", LIST(SHAPE(SYSTEM_PROCESS)), REQ, "the processes") \
	F("next", COUNT, OPT, "there are more: go on after this pid")
#define ST_FIELDS_SYSTEM_PROCESS(F) \
	F("pid", COUNT, REQ, "its number") \
	F("name", TEXT, OPT, "its name, at most 15 bytes") \
	F("class", WORDS(ST_PROCESS_CLASS_WORDS), OPT, \
	  "gen_server: a child that takes messages; worker: another child; service: of suptree; " \
	  "system: all others") \
	F("path", TEXT, OPT, "the child; the daemon itself is /") \
	F("under", TEXT, OPT, "the child that it descends from, if it is none itself") \
	F("ppid", COUNT, OPT, "its parent") \
	F("state", WORDS(ST_STATE_WORDS, "gone"), OPT, \
	  "gone: it has ended since the processes were listed") \
	F("uid", COUNT, OPT, "its real user") \
	F("threads", COUNT, OPT, "how many it has") \
	F("rss_kb", COUNT, OPT, "memory that it uses") \
	F("cpu_permille", COUNT, OPT, "thousandths of a processor that it has used lately") \
	F("cpu_ms", COUNT, OPT, "processor time that it has used altogether") \
	F("nice", BETWEEN(-20, 19), OPT, "its niceness") \
	F("uptime_ms", COUNT, OPT, "how long it has run") \
	F("start_ticks", COUNT, OPT, \
	  "its start, since boot; with the pid it names this process and no later one") \
	F("command", TEXT, OPT, "its arguments, with blanks between, at most 256 bytes")

#define ST_FIELDS_PROCESS_FACTS(F) \
	F("pid", COUNT, REQ, "its number") \
	F("start_ticks", COUNT, REQ, "its start, since boot, in ticks") \
	F("started", WALL, REQ, "when it started") \
	F("uptime_ms", COUNT, REQ, "how long it has run") \
	F("name", TEXT, REQ, "its name, at most 15 bytes") \
	F("class", WORDS(ST_PROCESS_CLASS_WORDS), REQ, "what it is to suptree") \
	F("path", TEXT, OPT, "the child; the daemon itself is /") \
	F("under", TEXT, OPT, "the child that it descends from, if it is none itself") \
	F("generation", COUNT, OPT, "of a child: the number of this run") \
	F("names", LIST(TEXT), OPT, "of a child: its registered names") \
	F("groups", LIST(TEXT), OPT, "of a child: the groups that it has joined") \
	F("state", WORDS(ST_STATE_WORDS), REQ, "what it does") \
	F("wchan", TEXT, OPT, "what it waits for in the kernel") \
	F("kernel_stack", LIST(TEXT), OPT, "where it is in the kernel; the observer must be root") \
	F("ppid", COUNT, REQ, "its parent") \
	F("process_group", COUNT, REQ, "its process group") \
	F("session", COUNT, REQ, "its session") \
	F("uid", COUNT, OPT, "its real user") \
	F("gid", COUNT, OPT, "its real group") \
	F("euid", COUNT, OPT, "its effective user") \
	F("egid", COUNT, OPT, "its effective group") \
	F("command", LIST(TEXT), OPT, "its arguments") \
	F("environment", LIST(TEXT), OPT, "its variables at its start; only for admins") \
	F("exe", TEXT, OPT, "its program") \
	F("cwd", TEXT, OPT, "its folder") \
	F("root", TEXT, OPT, "what / is to it") \
	F("threads", COUNT, REQ, "how many it has") \
	F("memory", SHAPE(PROCESS_MEMORY), REQ, "its memory") \
	F("cpu", SHAPE(PROCESS_CPU), REQ, "its processor time") \
	F("fds", SHAPE(PROCESS_FDS), OPT, "its descriptors") \
	F("cgroup", SHAPE(PROCESS_CGROUP), OPT, "its control group") \
	F("namespaces", MAP(COUNT), OPT, "the number of each of its namespaces") \
	F("limits", MAP(SHAPE(PROCESS_LIMIT)), OPT, \
	  "its resource limits, in the words of proc(5)") \
	F("io", MAP(COUNT), OPT, "bytes and calls, in the words of proc(5)") \
	F("scheduling", SHAPE(PROCESS_SCHEDULING), REQ, "how it is scheduled") \
	F("signals", SHAPE(PROCESS_SIGNALS), OPT, "its signals") \
	F("security", SHAPE(PROCESS_SECURITY), OPT, "what it may do") \
	F("oom_score", COUNT, OPT, "how soon the kernel kills it for memory") \
	F("oom_score_adj", BETWEEN(-1000, 1000), OPT, "what was added to that") \
	F("refused", LIST(TEXT), REQ, "files of /proc that the observer may not read") \
	F("cut", LIST(TEXT), REQ, "members that are not whole, since they are too long")
#define ST_FIELDS_PROCESS_MEMORY(F) \
	F("rss", COUNT, REQ, "in use") \
	F("size", COUNT, REQ, "mapped") \
	F("peak", COUNT, OPT, "the most that was in use") \
	F("pss", COUNT, OPT, "in use, what is shared divided by those who share it") \
	F("swap", COUNT, OPT, "swapped out") \
	F("anonymous", COUNT, OPT, "in use, of no file") \
	F("file", COUNT, OPT, "in use, of files") \
	F("shared", COUNT, OPT, "in use, shared memory") \
	F("locked", COUNT, OPT, "kept in memory") \
	F("minor_faults", COUNT, REQ, "pages that it got without the disk; no KiB") \
	F("major_faults", COUNT, REQ, "pages that it got from the disk; no KiB")
#define ST_FIELDS_PROCESS_CPU(F) \
	F("permille", COUNT, OPT, "thousandths of a processor, over interval_ms") \
	F("interval_ms", COUNT, OPT, "the time over which permille is") \
	F("user_ms", COUNT, REQ, "of its own") \
	F("system_ms", COUNT, REQ, "in the kernel") \
	F("waited_user_ms", COUNT, REQ, "of its children that it has waited for") \
	F("waited_system_ms", COUNT, REQ, "the same in the kernel") \
	F("processor", COUNT, REQ, "where it ran last")
#define ST_FIELDS_PROCESS_FDS(F) \
	F("count", COUNT, REQ, "how many are open") \
	F("kinds", MAP(COUNT), REQ, "how many of each kind") \
	F("complete", FLAG, REQ, "false: there are too many to look at all")
#define ST_FIELDS_PROCESS_CGROUP(F) \
	F("path", TEXT, REQ, "its path") \
	F("memory_max", NULLABLE(COUNT), OPT, "bytes that it may use; null: no limit") \
	F("memory_current", COUNT, OPT, "bytes that it uses") \
	F("pids_max", NULLABLE(COUNT), OPT, "processes and threads that it may have") \
	F("pids_current", COUNT, OPT, "those that it has") \
	F("cpu_max", TEXT, OPT, "its quota and period, in microseconds")
#define ST_FIELDS_PROCESS_LIMIT(F) \
	F("soft", NULLABLE(COUNT), REQ, "what applies") \
	F("hard", NULLABLE(COUNT), REQ, "how far it can be raised")
#define ST_FIELDS_PROCESS_SCHEDULING(F) \
	F("policy", WORDS("other", "fifo", "rr", "batch", "idle", "deadline", "ext", "unknown"), \
	  REQ, "the policy") \
	F("nice", BETWEEN(-20, 19), REQ, "its niceness") \
	F("priority", INTEGER, REQ, "as the kernel counts it") \
	F("realtime_priority", COUNT, REQ, "0: it has none") \
	F("voluntary_switches", COUNT, OPT, "how often it waited") \
	F("involuntary_switches", COUNT, OPT, "how often another process took the processor")
#define ST_FIELDS_PROCESS_SIGNALS(F) \
	F("pending", MATCHING("^[0-9a-f]+$"), REQ, "of its main thread, not delivered yet") \
	F("shared_pending", MATCHING("^[0-9a-f]+$"), REQ, "of the process, not delivered yet") \
	F("blocked", MATCHING("^[0-9a-f]+$"), REQ, "blocked") \
	F("ignored", MATCHING("^[0-9a-f]+$"), REQ, "ignored") \
	F("caught", MATCHING("^[0-9a-f]+$"), REQ, "caught")
#define ST_FIELDS_PROCESS_SECURITY(F) \
	F("effective", MATCHING("^[0-9a-f]+$"), REQ, "capabilities, a bit for each: in force") \
	F("permitted", MATCHING("^[0-9a-f]+$"), REQ, "those that it may put in force") \
	F("inheritable", MATCHING("^[0-9a-f]+$"), REQ, "those that it may pass on") \
	F("bounding", MATCHING("^[0-9a-f]+$"), REQ, "those that programs can give it") \
	F("ambient", MATCHING("^[0-9a-f]+$"), REQ, "those that it keeps over execve(2)") \
	F("seccomp", WORDS("off", "strict", "filter", "unknown"), REQ, \
	  "whether system calls are filtered") \
	F("no_new_privs", FLAG, REQ, "whether it cannot get more rights")

#define ST_FIELDS_MACHINE(F) \
	F("kernel", TEXT, REQ, "release of the kernel") \
	F("boot_id", TEXT, OPT, "a text that is another one after each boot") \
	F("uptime_ms", COUNT, REQ, "since boot, sleep included") \
	F("processors", COUNT, REQ, "how many are there for programs") \
	F("load", LIST(COUNT), REQ, \
	  "tasks that run or wait, in hundredths, over 1, 5 and 15 minutes") \
	F("cpu_permille", MAP(COUNT), OPT, \
	  "what all processors did, in thousandths of their time, over interval_ms; in the words " \
	  "of proc(5)") \
	F("interval_ms", COUNT, OPT, "the time over which cpu_permille is") \
	F("memory_kb", MAP(COUNT), REQ, "in the words of /proc/meminfo") \
	F("pressure", MAP(SHAPE(PRESSURES)), REQ, "of cpu, memory, io and irq") \
	F("processes", COUNT, REQ, "how many there are") \
	F("threads", COUNT, REQ, "how many they have") \
	F("states", MAP(COUNT), REQ, "processes in each state") \
	F("classes", MAP(COUNT), REQ, "processes of each class") \
	F("forks", COUNT, OPT, "processes and threads started since boot") \
	F("context_switches", COUNT, OPT, "since boot") \
	F("scan", SHAPE(MACHINE_SCAN), REQ, "what looking costs")
#define ST_FIELDS_MACHINE_SCAN(F) \
	F("interval_ms", COUNT, REQ, "from one scan to the next") \
	F("cost_us", COUNT, REQ, "processor time of the last scan") \
	F("scans", COUNT, REQ, "how many there were")
#define ST_FIELDS_PRESSURES(F) \
	F("some", SHAPE(PRESSURE), OPT, "some tasks waited") \
	F("full", SHAPE(PRESSURE), OPT, "all tasks waited at once")
#define ST_FIELDS_PRESSURE(F) \
	F("avg10", COUNT, REQ, "the last 10 seconds") \
	F("avg60", COUNT, REQ, "the last 60 seconds") \
	F("avg300", COUNT, REQ, "the last 300 seconds") \
	F("total_us", COUNT, REQ, "microseconds since boot")

/* clang-format on */

#endif
