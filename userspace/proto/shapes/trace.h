/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shapes of the tracer's results. The words of kinds, actions and flags are those of
 * bpf/record.h; a test compares them. shapes.h explains the notation.
 */
#ifndef ST_PROTO_SHAPES_TRACE_H
#define ST_PROTO_SHAPES_TRACE_H

/* clang-format off */

#define ST_TRACE_SHAPES(S) \
	S(TRACE, "Trace", OBJECT, "A trace") \
	S(TRACES, "Traces", PLAIN, "All traces") \
	S(TRACE_SUMMARY, "TraceSummary", OBJECT, \
	  "What a trace has seen: counts; for operators also sizes and pairs of processes") \
	S(TRACE_KIND, "TraceKind", OBJECT, "Totals of a kind of messages") \
	S(TRACE_PAIR, "TracePair", OBJECT, "What one process has sent to another") \
	S(TRACE_ANALYSIS, "TraceAnalysis", OBJECT, "How the traced processes exchange messages") \
	S(TRACE_CALLS, "TraceCalls", OBJECT, "Messages that are answered by another message") \
	S(TRACE_KIND_ANALYSIS, "TraceKindAnalysis", OBJECT, \
	  "Sizes and intervals of a kind of messages") \
	S(PERCENTILES, "Percentiles", OBJECT, "Of the newest values") \
	S(TRACE_RECORDS, "TraceRecords", PLAIN, "Messages, the oldest first") \
	S(TRACE_RECORD, "TraceRecord", EITHER, "A message that was seen") \
	S(TRACED_SIGNAL, "TracedSignal", OBJECT, "A signal") \
	S(TRACED_PROCESS, "TracedProcess", OBJECT, \
	  "A process began, ended, or executed a program") \
	S(TRACED_STREAM, "TracedStream", OBJECT, "A message on a unix socket or a pipe") \
	S(TRACED_EVENTFD, "TracedEventfd", OBJECT, "A message by an eventfd(2)") \
	S(TRACED_MQUEUE, "TracedMqueue", OBJECT, "A message in a POSIX queue") \
	S(TRACED_SYSV, "TracedSysv", OBJECT, "A message in a System V queue") \
	S(TRACED_FUTEX, "TracedFutex", OBJECT, "A process woke another one by a futex(2)") \
	S(TRACED_END, "TracedEnd", OBJECT, "A process that sends or receives")

#define ST_TRACE_KIND_WORDS \
	"signal", "process", "unix", "pipe", "eventfd", "sigwait", "mqueue", "sysv", "futex"

#define ST_TRACE_FIELDS(F) \
	F("id", COUNT, REQ, "its number") \
	F("path", TEXT, OPT, "the child, or the supervisor above the traced children") \
	F("pid", COUNT, OPT, "the process, if it has no path") \
	F("state", WORDS("running", "over"), REQ, "over: its count or its time was reached") \
	F("include_system", FLAG, REQ, "messages with the daemon and the tracer are included") \
	F("pattern", TEXT, OPT, "what the payload of a kept message matches; not for viewers") \
	F("records", COUNT, REQ, "messages that were kept") \
	F("passed_over", COUNT, REQ, "messages that do not match the pattern") \
	F("system_left_out", COUNT, REQ, "messages with the daemon and the tracer") \
	F("lost", COUNT, REQ, "messages that could not be recorded")
#define ST_TOTAL_FIELDS(F, for_operators) \
	F("kind", KIND, REQ, "the kind") \
	F("records", COUNT, REQ, "how many") \
	F("dropped", COUNT, REQ, "lost: there was no room") \
	F("limited", COUNT, REQ, "lost: over the limit for a second, or for the trace") \
	F("bytes", COUNT, for_operators, "bytes of all of them") \
	F("largest", COUNT, for_operators, "bytes of the largest one") \
	F("interval_ns", COUNT, OPT, "mean time from one to the next")
#define ST_PAIRS_FIELDS(F, for_operators) \
	F("pairs", LIST(SHAPE(TRACE_PAIR)), for_operators, \
	  "which process sends to which, the busiest pair first") \
	F("pairs_left_out", COUNT, for_operators, "pairs beyond the limit")

#define ST_FIELDS_TRACE(F) \
	ST_TRACE_FIELDS(F) \
	F("kinds", LIST(KIND), REQ, "kinds of messages")
#define ST_FIELDS_TRACES(F) \
	F("traces", LIST(SHAPE(TRACE)), REQ, "the traces")
#define ST_FIELDS_TRACE_SUMMARY(F) \
	ST_TRACE_FIELDS(F) \
	F("kinds", LIST(SHAPE(TRACE_KIND)), REQ, "totals of each kind") \
	ST_PAIRS_FIELDS(F, OPT) \
	F("records_of_other_pairs", COUNT, OPT, "messages of pairs for which there was no room")
#define ST_FIELDS_TRACE_KIND(F) ST_TOTAL_FIELDS(F, OPT)
#define ST_FIELDS_TRACE_PAIR(F) \
	F("from", TEXT, REQ, "a child's path, or a name and a pid") \
	F("to", TEXT, REQ, "the same") \
	F("records", COUNT, REQ, "messages") \
	F("bytes", COUNT, REQ, "bytes of them")
#define ST_FIELDS_TRACE_ANALYSIS(F) \
	ST_TRACE_FIELDS(F) \
	F("calls", SHAPE(TRACE_CALLS), REQ, "calls and their answers") \
	F("kinds", LIST(SHAPE(TRACE_KIND_ANALYSIS)), REQ, "of each kind") \
	ST_PAIRS_FIELDS(F, REQ)
#define ST_FIELDS_TRACE_CALLS(F) \
	F("answered", COUNT, REQ, "calls that were answered") \
	F("unanswered", COUNT, REQ, "calls that were not, or not yet") \
	F("latency_ns", NULLABLE(SHAPE(PERCENTILES)), REQ, \
	  "from call to answer; null: none was answered")
#define ST_FIELDS_TRACE_KIND_ANALYSIS(F) \
	ST_TOTAL_FIELDS(F, REQ) \
	F("sizes", NULLABLE(SHAPE(PERCENTILES)), REQ, "bytes of a message; null: there is none") \
	F("intervals_ns", NULLABLE(SHAPE(PERCENTILES)), REQ, \
	  "from one to the next; null: there is none")
#define ST_FIELDS_PERCENTILES(F) \
	F("p50", COUNT, REQ, "half of the values are at most this") \
	F("p90", COUNT, REQ, "nine of ten values are at most this") \
	F("p99", COUNT, REQ, "99 of 100 values are at most this") \
	F("largest", COUNT, REQ, "the largest of all values, also of older ones")

#define ST_FIELDS_TRACE_RECORDS(F) \
	F("records", LIST(SHAPE(TRACE_RECORD)), REQ, "the messages")
#define ST_FIELDS_TRACE_RECORD(F) \
	F("signal", SHAPE(TRACED_SIGNAL), REQ, "a signal") \
	F("process", SHAPE(TRACED_PROCESS), REQ, "of a process's life") \
	F("stream", SHAPE(TRACED_STREAM), REQ, "on a socket or a pipe") \
	F("eventfd", SHAPE(TRACED_EVENTFD), REQ, "by an eventfd") \
	F("mqueue", SHAPE(TRACED_MQUEUE), REQ, "in a POSIX queue") \
	F("sysv", SHAPE(TRACED_SYSV), REQ, "in a System V queue") \
	F("futex", SHAPE(TRACED_FUTEX), REQ, "by a futex")

#define ST_RECORD_FIELDS(F) \
	F("seq", COUNT, REQ, "its number in the trace") \
	F("time_ns", COUNT, REQ, "when, on CLOCK_BOOTTIME") \
	F("cpu", COUNT, REQ, "the CPU that recorded it") \
	F("sequence", COUNT, REQ, "its number on that CPU; a gap is a loss") \
	F("from", NULLABLE(SHAPE(TRACED_END)), REQ, "the sender; null: not known, or the kernel") \
	F("to", NULLABLE(SHAPE(TRACED_END)), REQ, "the receiver; null: not known") \
	F("from_path", TEXT, OPT, "the child that sends") \
	F("to_path", TEXT, OPT, "the child that receives") \
	F("flags", LIST(WORDS("truncated", "blocked", "ignored", "handled", "kernel", \
	  "no_payload", "guess", "peek", "dgram", "seqpacket", "io_uring")), REQ, \
	  "suptree-tracing(7) explains them")
#define ST_MESSAGE_FIELDS(F, ...) \
	ST_RECORD_FIELDS(F) \
	F("kind", WORDS(__VA_ARGS__), REQ, "the kind") \
	F("action", WORDS("sent", "received", "message"), REQ, "message: both were seen") \
	F("source", COUNT, REQ, "the sending end; 0: not known") \
	F("channel", COUNT, REQ, "the receiving end, or what both ends share") \
	F("serial", COUNT, REQ, "the channel's number in this trace") \
	F("size", COUNT, REQ, "bytes of the message") \
	F("payload", MATCHING("^([0-9a-f]{2})*$"), REQ, \
	  "its first bytes, as hexadecimal digits; none if the role may not see them") \
	F("latency_ns", COUNT, OPT, "of a message: from sending to receiving") \
	F("call", TRUE, OPT, "it is a call") \
	F("reply_to", COUNT, OPT, "of a reply: the number of its call, if it was kept") \
	F("reply_ns", COUNT, OPT, "of a reply: the time since its call was sent")
#define ST_FIELDS_TRACED_SIGNAL(F) \
	ST_RECORD_FIELDS(F) \
	F("kind", WORDS("signal", "sigwait"), REQ, "sigwait: by signalfd(2) or sigwait(3)") \
	F("action", WORDS("sent", "delivered", "received"), REQ, "what happened to it") \
	F("signal", BETWEEN(0, 64), REQ, "its number") \
	F("code", INTEGER, REQ, "its si_code") \
	F("uid", COUNT, OPT, "the sender's user") \
	F("result", WORDS("queued", "ignored", "pending already", "lost: too many queued", \
	  "queued without its siginfo"), OPT, "of one that was sent: the result")
#define ST_FIELDS_TRACED_PROCESS(F) \
	ST_RECORD_FIELDS(F) \
	F("kind", WORDS("process"), REQ, "the kind") \
	F("action", WORDS("fork", "exec", "exit"), REQ, "what it did") \
	F("status", INTEGER, OPT, "of exit: as wait(2) has it") \
	F("size", COUNT, OPT, "of exec: bytes of the program's path") \
	F("payload", MATCHING("^([0-9a-f]{2})*$"), OPT, "of exec: the path, as hexadecimal digits")
#define ST_FIELDS_TRACED_STREAM(F) \
	ST_MESSAGE_FIELDS(F, "unix", "pipe") \
	F("offset", COUNT, REQ, "bytes or messages before it in the channel") \
	F("left", COUNT, OPT, "of one that was received: what waits in the channel")
#define ST_FIELDS_TRACED_EVENTFD(F) \
	ST_MESSAGE_FIELDS(F, "eventfd") \
	F("value", COUNT, REQ, "the counter's value")
#define ST_FIELDS_TRACED_MQUEUE(F) \
	ST_MESSAGE_FIELDS(F, "mqueue") \
	F("priority", INTEGER, REQ, "its priority; -1: not known")
#define ST_FIELDS_TRACED_SYSV(F) \
	ST_MESSAGE_FIELDS(F, "sysv") \
	F("type", INTEGER, REQ, "its type")
#define ST_FIELDS_TRACED_FUTEX(F) \
	ST_MESSAGE_FIELDS(F, "futex") \
	F("address", COUNT, REQ, "the word's address") \
	F("woken", INTEGER, REQ, "how many were woken")
#define ST_FIELDS_TRACED_END(F) \
	F("pid", COUNT, REQ, "its number") \
	F("name", TEXT, REQ, "its name")

/* clang-format on */

#endif
