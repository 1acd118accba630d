/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shapes that many results share: success, reasons, times to stop. shapes.h explains the
 * notation.
 */
#ifndef ST_PROTO_SHAPES_COMMON_H
#define ST_PROTO_SHAPES_COMMON_H

/* clang-format off */

#define ST_COMMON_SHAPES(S) \
	S(OK, "Ok", OBJECT, "The operation has been done") \
	S(DONE, "Done", OBJECT, \
	  "The operation has been done, and its events have numbers up to seq") \
	S(TERM, "Term", PLAIN, "An Erlang term as JSON, of any form: what OTP gives for a " \
	  "specification that it refuses, or what init: {error: TERM} of a specification names") \
	S(REASON, "Reason", EITHER, "Why a process or a supervisor ended") \
	S(REASON_SHUTDOWN, "ShutdownReason", OBJECT, "OTP's {shutdown, T}") \
	S(SHUTDOWN_TERM, "ShutdownTerm", EITHER, "The T of {shutdown, T}") \
	S(FAILED_TO_START, "FailedToStart", OBJECT, \
	  "A supervisor ended because a child did not start") \
	S(FAILED_CHILD, "FailedChild", OBJECT, "The child that did not start") \
	S(REASON_CODE, "CodeReason", OBJECT, "The process ended with an exit status") \
	S(REASON_SIGNAL, "SignalReason", OBJECT, "A signal ended the process") \
	S(REASON_ERROR, "ErrorReason", OBJECT, "The process did not start") \
	S(START_REASON, "StartReason", ANY_OF, "Why a start failed, or why an end happened") \
	S(DOWN_REASON, "DownReason", ANY_OF, "Why a monitored process ended") \
	S(SIGNAL, "Signal", EITHER, "A signal") \
	S(SHUTDOWN, "Shutdown", EITHER, "How a child is stopped") \
	S(FAILURE, "Failure", OBJECT, "The member error of an answer: why an operation failed") \
	S(FAILURE_DATA, "FailureData", OBJECT, "Details for programs") \
	S(PROBLEM, "Problem", OBJECT, "Why a request of REST failed: RFC 9457") \
	S(STOP_REASON, "StopReason", EITHER, "A reason that a request may have") \
	S(STOP_SHUTDOWN, "StopShutdown", OBJECT, "OTP's {shutdown, T}")

#define ST_FIELDS_OK(F) \
	F("ok", TRUE, REQ, "always")
#define ST_FIELDS_DONE(F) \
	F("ok", TRUE, REQ, "always") \
	F("seq", COUNT, REQ, "the number of the newest event")
#define ST_FIELDS_TERM(F) \
	F("term", ANY, REQ, "any value")

#define ST_FIELDS_REASON(F) \
	F("word", \
	  WORDS("normal", "shutdown", "killed", "unknown_end", "reached_max_restart_intensity"), \
	  REQ, \
	  "exit status 0; SIGTERM; SIGKILL; Linux could not say how it ended; " \
	  "a supervisor gave up") \
	F("shutdown", SHAPE(REASON_SHUTDOWN), REQ, "exit status 160 + T, or a supervisor's end") \
	F("code", SHAPE(REASON_CODE), REQ, "any other exit status") \
	F("signal", SHAPE(REASON_SIGNAL), REQ, "any other signal") \
	F("error", SHAPE(REASON_ERROR), REQ, "no process ran")
#define ST_FIELDS_REASON_SHUTDOWN(F) \
	F("shutdown", SHAPE(SHUTDOWN_TERM), REQ, "the T")
#define ST_FIELDS_SHUTDOWN_TERM(F) \
	F("number", BETWEEN(0, 15), REQ, "the exit status less 160") \
	F("failed", SHAPE(FAILED_TO_START), REQ, "of a supervisor") \
	F("unhealthy", WORDS("unhealthy"), REQ, "its probe failed too often [X11]")
#define ST_FIELDS_FAILED_TO_START(F) \
	F("failed_to_start_child", SHAPE(FAILED_CHILD), REQ, "the child")
#define ST_FIELDS_FAILED_CHILD(F) \
	F("id", TEXT, REQ, "the child's id") \
	F("reason", SHAPE(START_REASON), REQ, "why it did not start")
#define ST_FIELDS_REASON_CODE(F) \
	F("code", BETWEEN(1, 255), REQ, "the exit status")
#define ST_FIELDS_REASON_SIGNAL(F) \
	F("signal", SHAPE(SIGNAL), REQ, "the signal")
#define ST_FIELDS_REASON_ERROR(F) \
	F("error", TEXT, REQ, "the reason")
#define ST_FIELDS_START_REASON(F) \
	F("reason", SHAPE(REASON), REQ, "as of an end") \
	F("term", SHAPE(TERM), REQ, "of a specification that cannot be started")
#define ST_FIELDS_DOWN_REASON(F) \
	F("reason", SHAPE(START_REASON), REQ, "how it ended") \
	F("word", WORDS("noproc", "unknown"), REQ, \
	  "no such process runs; there was no memory for the reason")
#define ST_FIELDS_SIGNAL(F) \
	F("name", MATCHING("^[A-Z]"), REQ, "its name without SIG") \
	F("number", BETWEEN(1, 64), REQ, "its number, if it has no name")
#define ST_FIELDS_SHUTDOWN(F) \
	F("time", BETWEEN(0, ST_MAX_TIMEOUT_MS), REQ, \
	  "SIGTERM, then SIGKILL after this time in milliseconds") \
	F("word", WORDS("brutal_kill", "infinity"), REQ, \
	  "SIGKILL at once; SIGTERM without a limit of time")

#define ST_FIELDS_FAILURE(F) \
	F("code", INTEGER, REQ, "JSON-RPC's number of the kind") \
	F("message", TEXT, REQ, "what failed, and why, for people") \
	F("data", SHAPE(FAILURE_DATA), REQ, "for programs")
#define ST_FIELDS_FAILURE_DATA(F) \
	F("kind", FAILURE_KIND, REQ, "the kind of failure") \
	F("param", TEXT, OPT, "the parameter at fault") \
	F("otp", SHAPE(TERM), OPT, "what OTP's call would return")
#define ST_FIELDS_PROBLEM(F) \
	F("type", TEXT, REQ, "an address that names the kind of failure") \
	F("title", TEXT, REQ, "what the kind means") \
	F("status", BETWEEN(400, 599), REQ, "the status of the answer") \
	F("detail", TEXT, REQ, "what failed, and why") \
	F("kind", FAILURE_KIND, REQ, "the kind of failure, for programs") \
	F("pointer", TEXT, OPT, "the parameter at fault, as a JSON pointer into the request") \
	F("otp", SHAPE(TERM), OPT, "what OTP's call would return")

#define ST_FIELDS_STOP_REASON(F) \
	F("word", WORDS("normal", "shutdown", "killed"), REQ, "a word") \
	F("shutdown", SHAPE(STOP_SHUTDOWN), REQ, "a shutdown with a number") \
	F("code", SHAPE(REASON_CODE), REQ, "an exit status") \
	F("signal", SHAPE(REASON_SIGNAL), REQ, "a signal")
#define ST_FIELDS_STOP_SHUTDOWN(F) \
	F("shutdown", BETWEEN(0, 15), REQ, "the T")

/* clang-format on */

#endif
