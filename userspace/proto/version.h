/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The version of the project, as programs print it.
 */
#ifndef ST_PROTO_VERSION_H
#define ST_PROTO_VERSION_H

#define ST_VERSION "0.1.0"

#endif
