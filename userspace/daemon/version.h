/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The version that the daemon tells.
 */
#ifndef ST_DAEMON_VERSION_H
#define ST_DAEMON_VERSION_H

#define ST_VERSION "0.1.0"

#endif
