/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Asking the configuration in one call: text in, text out.
 *
 * Each function returns the binder's result for a text: the specification as JSON, or
 * the mistakes as a user reads them. The name of a file is "t.yaml", that of a request is
 * "spec". The result is valid until the next call.
 */
#ifndef ST_TESTS_CONFIG_ASKED_H
#define ST_TESTS_CONFIG_ASKED_H

#include "config/bind.h"
#include "config/config.h"

/* A main file. */
const char *ask_file(const char *yaml);

/* Any YAML: its tree as JSON. */
const char *ask_tree(const char *yaml, size_t len);

/* A supervisor's specification in a request. */
const char *ask_sup(const char *json, enum st_bind_mode mode);

/* A child spec in a request; @flags may be NULL. */
const char *ask_child_spec(const char *json, enum st_bind_mode mode,
			   const struct st_sup_flags *flags);

/* OTP's answer: to start_link with a specification, to a call with a list. */
const char *ask_otp_init(const char *json);
const char *ask_otp_list(const char *json, const struct st_sup_flags *flags);
const char *ask_otp_child(const char *json, const struct st_sup_flags *flags);

/* The only mistake's message and advice, without place and source line. */
const char *only_message(const char *yaml);

#endif
