/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which variables of the daemon's environment a child gets.
 *
 * A service manager gives variables to the daemon, such as INVOCATION_ID and
 * CREDENTIALS_DIRECTORY. They are about the daemon, so no child gets them. The others
 * are chosen once, when the daemon starts. launch.c adds what is known only when a
 * child starts.
 */
#ifndef ST_DAEMON_PROCESS_ENVIRONMENT_H
#define ST_DAEMON_PROCESS_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"

struct st_process_spec;

/**
 * struct st_environment - the variables that children can inherit
 * @variables: "NAME=VALUE"; they belong to environ
 * @nr: their number
 */
struct st_environment {
	char **variables;
	size_t nr;
};

/**
 * st_environment_init() - choose the variables that children can inherit
 * @environment: filled in; st_environment_done() frees it
 * @all: the daemon's whole environment, NULL-terminated; it must not change later
 *
 * Return: 0 or -ENOMEM.
 */
int st_environment_init(struct st_environment *environment, char **all) __must_check;
void st_environment_done(struct st_environment *environment);

/**
 * st_environment_add() - append the variables that a child inherits
 * @environment: the variables that children can inherit
 * @spec: the child's; a variable that it sets is not inherited
 * @at: has room for all variables
 *
 * A child with a user gets PATH and LANG only. A child with a clean environment gets
 * PATH only.
 *
 * Return: the place after the last one.
 */
char **st_environment_add(const struct st_environment *environment,
			  const struct st_process_spec *spec, char **at);

/**
 * st_environment_is_set() - whether a specification sets a variable
 * @spec: the child's
 * @variable: "NAME=VALUE"
 */
bool st_environment_is_set(const struct st_process_spec *spec, const char *variable);

#endif
