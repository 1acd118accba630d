/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Giving up what the journal does not need: capabilities, new privileges by execve(2),
 * and all system calls that it does not make. It keeps the files of its own user.
 */
#ifndef ST_JOURNAL_CONFINE_H
#define ST_JOURNAL_CONFINE_H

#include "base/compiler.h"

/**
 * st_journal_confine() - give up rights, for good
 *
 * Call it when the process that examines the file has been started.
 *
 * Return: 0 or -errno.
 */
int st_journal_confine(void) __must_check;

#endif
