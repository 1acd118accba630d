/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Transcript tests: a specification, what happens, and what comes of it.
 *
 *   PLAY("one_for_one: a, b\n"              the words of words.h
 *        "> up\n"                           started, without showing it
 *        "> exit a 3\n"                     what happens
 *        "  exited a #2 {code:3}\n"         the effects, as the tree writes them
 *        "  report child_terminated a #2 {code:3}\n"
 *        "  spawn a #4\n"
 *        "  started a #4\n");
 *
 * Only the lines with '>' are read; they are played in a world (world.h), and
 * what comes out must be the same text. PATH may be #N for a generation:
 *
 *   up | boot | stop | kill                  the root
 *   exit PATH REASON | ready PATH | ignore PATH | error PATH TEXT |
 *   spawn_failed PATH TEXT | spawned PATH | unhealthy PATH    a process
 *   hold | stubborn | failing | ignoring | good NAME, answer NAME REASON
 *                                            habits of its coming incarnations
 *   after N ms|s                             time
 *   quiet | loud                             effects from here on are not shown
 *   causes                                   and from here on with their cause:
 *                                            "(D2 #3 1/5) -> B1": the rule, the end
 *                                            that it is about, restarts of those
 *                                            allowed, and the rule that this end meets
 *   start_child SUP WORDS | start_child SUP NAME ARGS...
 *   start_child SUP !ERROR JSON              with a spec found invalid
 *   restart_child | delete_child | terminate_child | restart | get_childspec SUP ID
 *   terminate_child SUP #N | terminate_child SUP foreign
 *   which_children | count_children SUP      requests; tokens count from 1
 *   change SUP WORDS | change SUP whole WORDS | change SUP !ERROR JSON
 *   stop_supervisor SUP REASON | settle
 *   deadline                                 shows when a tick is wanted
 */
#ifndef ST_TESTS_CORE_PLAY_H
#define ST_TESTS_CORE_PLAY_H

#include "words.h"
#include "world.h"

/**
 * st_play() - play a script and compare it with itself
 * @script: the script
 *
 * Return: true if equal; else the first difference was printed.
 */
bool st_play(const char *script);

#define PLAY(script) \
	do { \
		bool is_same = st_play(script); \
\
		ASSERT_TRUE(is_same); \
	} while (0)

#endif
