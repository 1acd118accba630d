/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Outcomes of looking users up, as bytes between two processes of the same program: each
 * value is text that ends with a NUL.
 */
#ifndef ST_DAEMON_AHEAD_TEXT_H
#define ST_DAEMON_AHEAD_TEXT_H

#include "base/buf.h"
#include "daemon/identity.h"

/* Write what was looked up ahead. */
void st_ahead_write(const struct st_identities *identities, struct st_buf *out);

/**
 * st_ahead_read() - read it in the other process
 * @text: what st_ahead_write() has written, or a part of it
 * @identities: expects those that are whole
 */
void st_ahead_read(const struct st_buf *text, struct st_identities *identities);

#endif
