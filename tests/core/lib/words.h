/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Specifications in a line of words, for the tests of core:
 *
 *   one_for_all 3/10 any_significant: a, b transient significant, s {one_for_one: x, y}
 *
 * A supervisor is a strategy, then intensity/period, auto_shutdown, max=N,
 * init=ignore or init=error, then ':' and its children. A child is an id, then
 * any of: permanent transient temporary significant, brutal_kill infinity
 * 300ms (its shutdown), start_timeout=MS, backoff=MIN/MAX or MIN/MAX/JITTER,
 * min_uptime=MS, stop_signal=NAME, later (start_now: false), ready=exit,
 * probe=kill or probe=shutdown, and
 * {a supervisor}. Everything else has OTP's default.
 */
#ifndef ST_TESTS_CORE_WORDS_H
#define ST_TESTS_CORE_WORDS_H

#include "core/spec.h"

/**
 * st_words_sup() - read a supervisor's specification
 * @text: the words; a mistake ends the program, with the place of it
 *
 * Return: a specification with one reference; NULL: no memory.
 */
struct st_sup_spec *st_words_sup(const char *text) __must_check;

/**
 * st_words_child() - read a child spec
 * @text: the words, as above
 *
 * Return: a spec with one reference; NULL: no memory.
 */
struct st_child_spec *st_words_child(const char *text) __must_check;

/**
 * st_words_reason() - read a reason
 * @word: normal, shutdown, shutdown:2, killed, an exit code or a signal's name
 *
 * Return: the reason.
 */
struct st_reason st_words_reason(const char *word);

#endif
