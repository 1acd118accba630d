// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of keys. What it is for: keys.h; what is made of it: keys_check.c,
 * reference.c, cli/check.c and the manual.
 *
 * A map is bound in the order of the rows. Numbers in the texts are constants of
 * core/limits.h, and a test compares them.
 */
#include "config/keys.h"

#include <sys/resource.h>

#include "config/binder.h"

#define MAIN_FILE ST_SCOPE_CONFIG
#define INCLUDED ST_SCOPE_INCLUDED
#define SUP ST_SCOPE_SUP
#define FLAGS (ST_SCOPE_CONFIG | ST_SCOPE_SUP | ST_SCOPE_FLAGS)
#define CHILD ST_SCOPE_CHILD
#define BACKOFF ST_SCOPE_BACKOFF
#define LOG ST_SCOPE_LOG
#define PROBE ST_SCOPE_PROBE
#define SERVICES ST_SCOPE_SERVICES
#define JOURNAL ST_SCOPE_JOURNAL
#define OBSERVER ST_SCOPE_OBSERVER
#define WEB ST_SCOPE_WEB

#define WORDS(table) .words = (table), .nr_words = ST_ARRAY_SIZE(table)

#define LOG_VALUES "journal, none, or a map with file or folder, and when to rotate"
#define TIME "milliseconds, or a number with ms, s, min or h"

static const char *const journal_sync_text[] = { "normal", "full" };

/* clang-format off */
const struct st_key st_keys[] = {
	{ .name = "include", .scopes = MAIN_FILE | INCLUDED,
	  .expected = "files, folders whose *.yaml files are taken in the order of their names, "
		      "or patterns with *, ? or [...]",
	  .fallback = "none",
	  .help = "Files with more children. A path is relative to the file that names it. What a "
		  "pattern matches is taken in the order of the names; it may match nothing." },

	/* A supervisor's flags, in OTP's order of checking [V1]. */
	{ .name = "strategy", .scopes = FLAGS, .bind = st_bind_strategy,
	  WORDS(st_strategy_text), .otp = ST_SPEC_INVALID_STRATEGY, .fallback = "one_for_one",
	  .help = "Which children are restarted when one has died. one_for_one: that child alone. "
		  "one_for_all: all children. rest_for_one: that child and those that started "
		  "after it. simple_one_for_one (a pool, whose children are copies of one "
		  "template) and "
		  "dynamic: that child alone; they get their children at run time, and the root "
		  "cannot be one of them." },
	{ .name = "intensity", .scopes = FLAGS, .bind = st_bind_intensity,
	  .expected = "an integer, 0 to 1000000000", .otp = ST_SPEC_INVALID_INTENSITY,
	  .fallback = "1; dynamic and partitions: 3",
	  .help = "How many restarts are allowed within a period. After one more the supervisor "
		  "gives up." },
	{ .name = "period", .scopes = FLAGS, .bind = st_bind_period,
	  .expected = "whole seconds, 1 to 1000000000, or a number with s, min or h",
	  .otp = ST_SPEC_INVALID_PERIOD, .fallback = "5 s",
	  .help = "The length of time in which restarts are counted." },
	{ .name = "auto_shutdown", .scopes = FLAGS, .bind = st_bind_auto_shutdown,
	  WORDS(st_auto_shutdown_text), .otp = ST_SPEC_INVALID_AUTO_SHUTDOWN,
	  .fallback = "never",
	  .help = "Whether the supervisor ends when a significant child has ended by itself, or "
		  "when all significant children have." },
	{ .name = "max_children", .scopes = SUP | ST_SCOPE_FLAGS, .bind = st_bind_max_children,
	  .expected = "an integer, 0 to 100000; 0 is no limit", .fallback = "no limit",
	  .help = "How many children a dynamic supervisor may have." },
	{ .name = "partitions", .scopes = SUP | ST_SCOPE_FLAGS, .bind = st_bind_partitions,
	  .expected = "an integer, 1 to 1024, or cpus", .fallback = "none",
	  .help = "How many copies of its one child, the template, the supervisor has: one for "
		  "each processor with cpus. They are named 0, 1 and so on. A path with a key in "
		  "braces, as in suptree call pool/{KEY}, means the copy that has this key, "
		  "which is always the same one. Each copy has its name in SUPTREE_PARTITION." },
	{ .name = "init", .scopes = SUP, .bind = st_bind_init,
	  .expected = "ok, ignore, or {error: REASON}", .fallback = "ok",
	  .help = "The result of starting the supervisor. Use it to try starts that are ignored or "
		  "fail." },
	{ .name = "log", .scopes = MAIN_FILE | SUP, .bind = st_bind_sup_log,
	  .expected = LOG_VALUES, .fallback = "that of the supervisor above; the root: none",
	  .help = "Where lines of output go, in addition to the memory of the daemon that suptree "
		  "logs shows. It applies to all children below that have no log of their own, "
		  "also to those that are started at run time." },
	{ .name = "trace", .scopes = MAIN_FILE | SUP, .bind = st_bind_trace,
	  .expected = "a map with payload", .fallback = "that of the supervisor above",
	  .help = "Who may see what, when messages below are traced." },
	{ .name = "payload", .scopes = ST_SCOPE_TRACE, .bind = st_bind_trace_payload,
	  WORDS(st_trace_payload_text), .fallback = "inherit; the root: admin",
	  .help = "The role that may see what traced messages contain. inherit: as the supervisor "
		  "above says." },
	{ .name = "children", .scopes = MAIN_FILE | INCLUDED | SUP, .bind = st_bind_children,
	  .expected = "a list of child specs", .otp = ST_SPEC_BAD_START_SPEC, .fallback = "none",
	  .help = "The child specs, in the order in which they start. simple_one_for_one takes "
		  "exactly one, the template; dynamic takes none." },

	/* The services of suptree; children are bound before, and the tree comes before them. */
	{ .name = "services", .scopes = MAIN_FILE, .bind = st_bind_services,
	  .expected = "a map of services and their keys", .fallback = "none",
	  .help = "The services of suptree that the daemon runs, in a tree of its own before all "
		  "others, named system. Verbs change this tree only with --system; suptree "
		  "services shows it. A reload starts and stops what has changed here." },
	{ .name = "journal", .scopes = SERVICES, .bind = st_bind_service,
	  .expected = "a map, which may be empty", .fallback = "it does not run",
	  .help = "suptree-journal(8): keeps every event in a database, for suptree history." },
	{ .name = "tracer", .scopes = SERVICES, .bind = st_bind_service,
	  .expected = "a map, which may be empty", .fallback = "it does not run",
	  .help = "suptree-tracer(8): shows which process sends what to which. It has no keys, and "
		  "it needs a daemon that runs as root." },
	{ .name = "observer", .scopes = SERVICES, .bind = st_bind_service,
	  .expected = "a map, which may be empty", .fallback = "it does not run",
	  .help = "suptree-observer(8): shows all processes of the system, and the machine. "
		  "Without root it sees of other users' processes what everybody sees." },
	{ .name = "scan_interval", .scopes = OBSERVER, .bind = st_bind_service_time,
	  .expected = "whole seconds, 1 to 1000000000, or a number with s, min, h or d",
	  .fallback = "2 s",
	  .help = "How often the observer looks at all processes. It looks less often if that "
		  "would take more than a fiftieth of a processor." },
	{ .name = "web", .scopes = SERVICES, .bind = st_bind_service,
	  .expected = "a map, which may be empty", .fallback = "it does not run",
	  .help = "suptree-web(8): serves the REST interface. suptree open makes a link to it." },
	{ .name = "folder", .scopes = JOURNAL, .bind = st_bind_service_folder,
	  .expected = "an absolute path of at most 4095 bytes",
	  .fallback = "/var/lib/suptree/journal; without root suptree/journal in $XDG_STATE_HOME",
	  .help = "The folder of the database. The daemon makes it if it is missing, and gives it "
		  "to the user of the journal; it does not change a folder that is there." },
	{ .name = "max_age", .scopes = JOURNAL, .bind = st_bind_service_time,
	  .expected = "whole seconds, 1 to 1000000000, or a number with s, min, h or d",
	  .fallback = "30 d",
	  .help = "How long events are kept." },
	{ .name = "max_size", .scopes = JOURNAL, .bind = st_bind_service_size,
	  .expected = "bytes, or a size like 100 MiB, at least 1 MiB", .fallback = "1 GiB",
	  .help = "How large the database may become. Then the oldest events are removed." },
	{ .name = "sync", .scopes = JOURNAL, .bind = st_bind_service_word,
	  WORDS(journal_sync_text), .fallback = "normal",
	  .help = "Whether a power failure may lose the last moments. normal: it may. full: it may "
		  "not, but each write waits for the disk." },

	{ .name = "listen", .scopes = WEB, .bind = st_bind_service_address,
	  .expected = "127.0.0.1:PORT or \"[::1]:PORT\"; port 0: any that is free",
	  .fallback = "127.0.0.1:4780 and [::1]:4780",
	  .help = "Where suptree-web listens. It has no TLS, so only this machine can reach it." },
	{ .name = "writes", .scopes = WEB, .bind = st_bind_service_writes,
	  .expected = "an integer, 1 to 10000", .fallback = "50",
	  .help = "How many writes a login may make in a second, after a burst of 100." },

	/* A child spec, in OTP's order of checking [V2]. */
	{ .name = "id", .scopes = CHILD, .flags = ST_KEY_REQUIRED, .bind = st_bind_id,
	  .expected = "a name of 1 to 255 bytes without / and control characters, and not . or ..",
	  .fallback = "required",
	  .help = "The child's name. No other child of its supervisor may have it." },
	{ .name = "start", .scopes = CHILD, .flags = ST_KEY_REQUIRED, .bind = st_bind_start,
	  .expected = "a list of 1 to 4096 words, or a command line",
	  .otp = ST_SPEC_INVALID_MFA, .fallback = "required for a worker",
	  .help = "The program and its arguments. A program without / is searched for in the "
		  "child's PATH, with the permissions of its user. A command line is split at "
		  "white space. White space inside '...' and \"...\" does not split it, and a "
		  "backslash makes the next character literal (but not inside '...'). Nothing else "
		  "is special: no shell is involved." },
	{ .name = "supervisor", .scopes = CHILD, .bind = st_bind_supervisor,
	  .expected = "a map with strategy, children and so on", .fallback = "none: a worker",
	  .help = "The child is a supervisor with this specification. Supervisors can be nested "
		  "32 deep." },
	{ .name = "restart", .scopes = CHILD, .bind = st_bind_restart, WORDS(st_restart_text),
	  .otp = ST_SPEC_INVALID_RESTART_TYPE,
	  .fallback = "permanent; a supervisor right below the root: transient",
	  .help = "When the child is restarted: permanent after every end, transient after an "
		  "abnormal end, temporary never." },
	{ .name = "significant", .scopes = CHILD, .bind = st_bind_significant,
	  .expected = "true or false", .otp = ST_SPEC_INVALID_SIGNIFICANT, .fallback = "false",
	  .help = "Whether auto_shutdown counts the child. A significant child must not be "
		  "permanent." },
	{ .name = "type", .scopes = CHILD, .bind = st_bind_type, WORDS(st_child_type_text),
	  .otp = ST_SPEC_INVALID_CHILD_TYPE, .fallback = "worker; with supervisor: supervisor",
	  .help = "The type of the child. You can leave it out." },
	{ .name = "shutdown", .scopes = CHILD, .bind = st_bind_shutdown,
	  .expected = "brutal_kill, infinity, or a time up to 4294967294 ms: " TIME,
	  .otp = ST_SPEC_INVALID_SHUTDOWN, .fallback = "5 s; supervisor: infinity",
	  .help = "How the child is stopped. brutal_kill: SIGKILL at once. infinity: SIGTERM, and "
		  "wait until it ends. A time: SIGTERM, and SIGKILL after that time. stop_signal "
		  "names another signal than SIGTERM." },
	{ .name = "start_now", .scopes = CHILD, .bind = st_bind_start_now,
	  .expected = "true or false", .fallback = "true",
	  .help = "Whether the child starts with its supervisor. false: it is stopped until "
		  "restart-child or restart starts it, and after that it is a child like the "
		  "others until it is terminated or its supervisor starts anew." },
	{ .name = "start_timeout", .scopes = CHILD, .flags = ST_KEY_WORKER,
	  .bind = st_bind_start_timeout,
	  .expected = "a time up to 4294967294 ms: " TIME "; 0 is no limit",
	  .fallback = "no limit, as in OTP",
	  .help = "How long a worker may take to become ready. After that it is killed, and its "
		  "start has failed. A supervisor has no start_timeout, but its workers may have "
		  "one." },
	{ .name = "backoff", .scopes = CHILD, .bind = st_bind_backoff,
	  .expected = "a time (" TIME "; 0 is none), or a map with min, max and jitter",
	  .fallback = "none, as in OTP",
	  .help = "How long to wait before a restart." },
	{ .name = "min", .scopes = BACKOFF, .flags = ST_KEY_REQUIRED, .bind = st_bind_backoff_min,
	  .expected = "a time, 1 to 4294967294 ms: " TIME, .fallback = "required",
	  .help = "The first delay. Each further delay is twice as long." },
	{ .name = "max", .scopes = BACKOFF, .bind = st_bind_backoff_max,
	  .expected = "a time, 1 to 4294967294 ms: " TIME, .fallback = "min",
	  .help = "The longest delay, at least min." },
	{ .name = "jitter", .scopes = BACKOFF, .bind = st_bind_backoff_jitter,
	  .expected = "an integer, 0 to 100: per cent", .fallback = "0",
	  .help = "The largest part of the delay that may be taken off at random." },

	/* How a worker's process is started; none of OTP's. */
	{ .name = "ready", .scopes = CHILD, .flags = ST_KEY_WORKER, .bind = st_bind_ready,
	  .expected = "exec, notify, exit, probe, or fd=N with N from 3 to 1023",
	  .fallback = "exec",
	  .help = "When the child counts as started. exec: its program was executed. notify: it "
		  "sent READY=1 to $NOTIFY_SOCKET. exit: it has ended with status 0, for work that "
		  "must be done before the next child starts; another end is a failed start. "
		  "probe: its probe has succeeded. "
		  "fd=N: it wrote a line to descriptor N." },
	{ .name = "notify_access", .scopes = CHILD, .flags = ST_KEY_WORKER,
	  .bind = st_bind_notify_access, WORDS(st_notify_access_text), .fallback = "descendants",
	  .help = "Which processes may send messages to $NOTIFY_SOCKET. main: only the process of "
		  "the child. descendants: also processes that it has started, such as "
		  "systemd-notify, while they run and those between them run." },
	{ .name = "min_uptime", .scopes = CHILD, .flags = ST_KEY_WORKER,
	  .bind = st_bind_min_uptime,
	  .expected = "a time up to 4294967294 ms: " TIME "; 0 is none",
	  .fallback = "none, as in OTP",
	  .help = "How long a worker must be up before it counts as started. If it ends before, "
		  "its start has failed. Its supervisor waits for that time." },
	{ .name = "probe", .scopes = CHILD, .flags = ST_KEY_WORKER, .bind = st_bind_probe,
	  .expected = "a map with command, tcp or http, and when to try",
	  .fallback = "none, as in OTP",
	  .help = "How to find out whether the child is well. If it fails too often in a row, the "
		  "child is ended. With ready: probe the child counts as started when a probe has "
		  "succeeded; only start_timeout limits the time until then." },
	{ .name = "command", .scopes = PROBE, .bind = st_bind_probe_command,
	  .expected = "a list of 1 to 4096 words, or a command line",
	  .fallback = "required, or tcp or http",
	  .help = "A program that ends with status 0 if the child is well. It gets the user, the "
		  "variables, the limits and the folder of the child, and no input; its output "
		  "goes to /dev/null." },
	{ .name = "tcp", .scopes = PROBE, .bind = st_bind_probe_tcp,
	  .expected = "PORT, ADDRESS:PORT, [IPV6]:PORT or unix:PATH; of names only localhost",
	  .fallback = "required, or command or http",
	  .help = "The child is well if it accepts a connection." },
	{ .name = "http", .scopes = PROBE, .bind = st_bind_probe_http,
	  .expected = "http://ADDRESS[:PORT][/PATH] in printable ASCII; of names only localhost",
	  .fallback = "required, or command or tcp",
	  .help = "The child is well if it answers a GET of this page with a status from 200 to "
		  "399." },
	{ .name = "interval", .scopes = PROBE, .bind = st_bind_probe_interval,
	  .expected = "a time, 1 to 4294967294 ms: " TIME, .fallback = "10 s",
	  .help = "The time from the end of a probe to the next one, and from the start of the "
		  "child to the first. With ready: probe the first is made at once." },
	{ .name = "timeout", .scopes = PROBE, .bind = st_bind_probe_timeout,
	  .expected = "a time, 1 to 4294967294 ms: " TIME, .fallback = "1 s",
	  .help = "A probe that takes longer has failed. A command gets SIGKILL then." },
	{ .name = "failures", .scopes = PROBE, .bind = st_bind_probe_failures,
	  .expected = "an integer, 0 to 1000000000; 0 is never", .fallback = "3",
	  .help = "How many probes in a row must fail before the child is ended." },
	{ .name = "on_failure", .scopes = PROBE, .bind = st_bind_probe_on_failure,
	  WORDS(st_on_failure_text), .fallback = "kill",
	  .help = "How the child is ended. kill: by SIGKILL, which is an abnormal end. shutdown: "
		  "as the key shutdown says, and its reason is {shutdown, unhealthy}, which is a "
		  "normal end: a transient child is not restarted." },
	{ .name = "environment", .scopes = CHILD, .flags = ST_KEY_WORKER,
	  .bind = st_bind_environment,
	  .expected = "a map of at most 4096 names and values", .fallback = "none",
	  .help = "Variables that are added to the environment. A child without user: inherits "
		  "that of the daemon, without the variables that a service manager gave to the "
		  "daemon itself, such as INVOCATION_ID. A child with user: inherits only PATH and "
		  "LANG, and gets HOME, USER, LOGNAME and SHELL of that user." },
	{ .name = "environment_file", .scopes = CHILD, .flags = ST_KEY_WORKER,
	  .bind = st_bind_environment_file,
	  .expected = "an absolute path, or a list of at most 16; one with - before it may be "
		      "missing",
	  .fallback = "none",
	  .help = "Files with lines NAME=VALUE, whose variables are added like those of "
		  "environment, which come after them. A value may stand in quotes; # begins a "
		  "comment line. A file is read when the configuration is loaded or reloaded, not "
		  "at a restart. A reload says which children get other variables at their next "
		  "start." },
	{ .name = "clear_environment", .scopes = CHILD, .flags = ST_KEY_WORKER,
	  .bind = st_bind_clear_environment, .expected = "true or false", .fallback = "false",
	  .help = "Whether the child inherits only PATH, and gets no other variable but those of "
		  "environment." },
	{ .name = "cwd", .scopes = CHILD, .flags = ST_KEY_WORKER, .bind = st_bind_cwd,
	  .expected = "an absolute path of at most 4095 bytes", .fallback = "the daemon's",
	  .help = "The working directory." },
	{ .name = "user", .scopes = CHILD, .flags = ST_KEY_WORKER, .bind = st_bind_user,
	  .expected = "a user's name or number", .fallback = "the daemon's",
	  .help = "The user that the process runs as." },
	{ .name = "group", .scopes = CHILD, .flags = ST_KEY_WORKER, .bind = st_bind_group,
	  .expected = "a group's name or number", .fallback = "the user's",
	  .help = "The group that the process runs as." },
	{ .name = "umask", .scopes = CHILD, .flags = ST_KEY_WORKER, .bind = st_bind_umask,
	  .expected = "octal digits with a leading 0, 0 to 0777, as in \"022\"",
	  .fallback = "the daemon's",
	  .help = "The permissions that are removed from files that the process makes." },
	{ .name = "nice", .scopes = CHILD, .flags = ST_KEY_WORKER, .bind = st_bind_nice,
	  .expected = "an integer, -20 to 19", .fallback = "the daemon's",
	  .help = "The CPU priority of the process: -20 is the highest, 19 the lowest." },
	{ .name = "oom_score_adj", .scopes = CHILD, .flags = ST_KEY_WORKER,
	  .bind = st_bind_oom_score_adj, .expected = "an integer, -1000 to 1000", .fallback = "0",
	  .help = "How soon the kernel kills the process when memory runs out: 1000 is first, "
		  "-1000 never. A value below the daemon's own needs CAP_SYS_RESOURCE." },
	{ .name = "limits", .scopes = CHILD, .flags = ST_KEY_WORKER, .bind = st_bind_limits,
	  .expected = "a map of resources and their limits", .fallback = ST_RESOURCE_DEFAULT,
	  .help = "Resource limits: NAME: VALUE for both, or NAME: [SOFT, HARD]. VALUE is "
		  "infinity, a number, for bytes a size (64 MiB), for times a time (10 s)." },
	{ .name = "output", .scopes = CHILD, .flags = ST_KEY_WORKER, .bind = st_bind_output,
	  WORDS(st_output_text), .fallback = "ring",
	  .help = "Where standard output and standard error go. ring: to a ring buffer in the "
		  "daemon, which keeps the last 64 KiB for suptree logs, and to the log. null: to "
		  "/dev/null. inherit: to the daemon's own output." },
	{ .name = "log", .scopes = CHILD, .flags = ST_KEY_WORKER, .bind = st_bind_log,
	  .expected = LOG_VALUES, .fallback = "the supervisor's",
	  .help = "Where lines of output go in addition to the ring buffer: to journald, nowhere, "
		  "or to a file. The child waits at most a second for a slow log; then lines are "
		  "dropped and counted." },
	{ .name = "file", .scopes = LOG, .bind = st_bind_log_file,
	  .expected = "an absolute path of at most 4095 bytes", .fallback = "required, or folder",
	  .help = "The file to which lines are appended. Children that name the same file share "
		  "it. No folder above it may be a symbolic link." },
	{ .name = "folder", .scopes = LOG, .bind = st_bind_log_folder,
	  .expected = "an absolute path of at most 4095 bytes", .fallback = "required, or file",
	  .help = "A folder in which each child has a file that is named by its path: "
		  "FOLDER/demo/a.log. Missing folders are made." },
	{ .name = "stderr", .scopes = LOG, .bind = st_bind_log_stderr,
	  .expected = "an absolute path of at most 4095 bytes",
	  .fallback = "that of file or folder",
	  .help = "A file for standard error alone; with folder, a folder with a file for each "
		  "child. The lines of standard output go to file or folder." },
	{ .name = "max_size", .scopes = LOG, .bind = st_bind_log_max_size,
	  .expected = "bytes, or a size like 10 MiB, at least 4096", .fallback = "no limit",
	  .help = "How large the file may become. Before a line that would exceed it, the file is "
		  "renamed to FILE.1, the old FILE.1 to FILE.2 and so on, and a new file begins." },
	{ .name = "max_age", .scopes = LOG, .bind = st_bind_log_max_age,
	  .expected = "whole seconds, 1 to 1000000000, or a number with s, min, h or d",
	  .fallback = "no limit",
	  .help = "How old the file may become. It is rotated before the first line after that "
		  "age." },
	{ .name = "keep", .scopes = LOG, .bind = st_bind_log_keep,
	  .expected = "an integer, 0 to 100", .fallback = "5",
	  .help = "How many rotated files are kept." },
	{ .name = "timestamps", .scopes = LOG, .bind = st_bind_log_timestamps,
	  .expected = "true or false", .fallback = "false",
	  .help = "Whether each line begins with its time (ISO 8601), the child's path, and stdout "
		  "or stderr." },
	{ .name = "accept", .scopes = CHILD, .flags = ST_KEY_WORKER, .bind = st_bind_accept,
	  WORDS(st_accept_text), .fallback = "default",
	  .help = "Who may call a server, and cast to it. same_user: processes of its own user, "
		  "and admins. tree: also all other supervised processes, and operators. anyone: "
		  "also viewers. default: whom the server itself names, or tree. If this key and "
		  "the server differ, the stricter one counts." },
	{ .name = "accept_links", .scopes = CHILD, .flags = ST_KEY_WORKER,
	  .bind = st_bind_accept_links, WORDS(st_accept_text), .fallback = "default",
	  .help = "Which supervised processes may link themselves to a server, and so end it when "
		  "they end. The words are those of accept. default: whom the server itself names, "
		  "or same_user." },
	{ .name = "kill_subtree", .scopes = CHILD, .flags = ST_KEY_WORKER,
	  .bind = st_bind_kill_subtree, .expected = "true or false", .fallback = "false",
	  .help = "Whether the process and all its descendants are one: all get SIGTERM, all have "
		  "the time of shutdown, and then all get SIGKILL. When the process ends by "
		  "itself, its descendants are stopped in the same way before it is started "
		  "again. suptreed(8) says how they are found." },
	{ .name = "stop_signal", .scopes = CHILD, .flags = ST_KEY_WORKER,
	  .bind = st_bind_stop_signal,
	  .expected = "the name of a signal, as QUIT or SIGQUIT, but not KILL or STOP",
	  .fallback = "TERM",
	  .help = "The signal that asks the process to end, instead of SIGTERM. An end by this "
		  "signal is a normal end, as an end by SIGTERM is. With kill_subtree its "
		  "descendants get it, too." },
	{ .name = "service", .scopes = CHILD, .flags = ST_KEY_WORKER,
	  .bind = st_bind_child_service, WORDS(st_service_text), .fallback = "none",
	  .help = "The child is this service of suptree: the daemon gives it the user, the folder "
		  "and the role of that service. The key services of the main file writes this "
		  "for you." },
	{ .name = "no_new_privs", .scopes = CHILD, .flags = ST_KEY_WORKER,
	  .bind = st_bind_no_new_privs, .expected = "true or false", .fallback = "false",
	  .help = "Whether the process is kept from gaining privileges when it executes "
		  "programs." },
};
/* clang-format on */

const size_t st_nr_keys = ST_ARRAY_SIZE(st_keys);

const struct st_key_section st_key_sections[] = {
	{ ST_SCOPE_CONFIG, "main", "Main file: the root supervisor" },
	{ ST_SCOPE_INCLUDED, "included", "Included file" },
	{ ST_SCOPE_SUP, "supervisor", "Supervisor" },
	{ ST_SCOPE_CHILD, "child", "Child" },
	{ ST_SCOPE_BACKOFF, "backoff", "Map below backoff" },
	{ ST_SCOPE_LOG, "log", "Map below log" },
	{ ST_SCOPE_TRACE, "trace", "Map below trace" },
	{ ST_SCOPE_PROBE, "probe", "Map below probe" },
	{ ST_SCOPE_SERVICES, "services", "Map below services" },
	{ ST_SCOPE_JOURNAL, "journal", "Map below services: journal" },
	{ ST_SCOPE_OBSERVER, "observer", "Map below services: observer" },
	{ ST_SCOPE_WEB, "web", "Map below services: web" },
};

const size_t st_nr_key_sections = ST_ARRAY_SIZE(st_key_sections);

const char *const st_resource_unit_text[] = {
	[ST_RESOURCE_COUNT] = "a number",
	[ST_RESOURCE_BYTES] = "bytes",
	[ST_RESOURCE_SECONDS] = "seconds",
	[ST_RESOURCE_MICROSECONDS] = "microseconds",
};

const struct st_resource st_resources[] = {
	{ "as", RLIMIT_AS, ST_RESOURCE_BYTES },
	{ "core", RLIMIT_CORE, ST_RESOURCE_BYTES },
	{ "cpu", RLIMIT_CPU, ST_RESOURCE_SECONDS },
	{ "data", RLIMIT_DATA, ST_RESOURCE_BYTES },
	{ "fsize", RLIMIT_FSIZE, ST_RESOURCE_BYTES },
	{ "locks", RLIMIT_LOCKS, ST_RESOURCE_COUNT },
	{ "memlock", RLIMIT_MEMLOCK, ST_RESOURCE_BYTES },
	{ "msgqueue", RLIMIT_MSGQUEUE, ST_RESOURCE_BYTES },
	{ "nice", RLIMIT_NICE, ST_RESOURCE_COUNT },
	{ "nofile", RLIMIT_NOFILE, ST_RESOURCE_COUNT },
	{ "nproc", RLIMIT_NPROC, ST_RESOURCE_COUNT },
	{ "rss", RLIMIT_RSS, ST_RESOURCE_BYTES },
	{ "rtprio", RLIMIT_RTPRIO, ST_RESOURCE_COUNT },
	{ "rttime", RLIMIT_RTTIME, ST_RESOURCE_MICROSECONDS },
	{ "sigpending", RLIMIT_SIGPENDING, ST_RESOURCE_COUNT },
	{ "stack", RLIMIT_STACK, ST_RESOURCE_BYTES },
};

const size_t st_nr_resources = ST_ARRAY_SIZE(st_resources);
