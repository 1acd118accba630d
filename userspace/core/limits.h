/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The limit of everything that a user can make the project hold.
 *
 * Each constant has a test at the limit and one beyond it. They guard the
 * daemon against a mistake or an attack, not against ambition: all are far
 * above what a supervision tree needs.
 */
#ifndef ST_CORE_LIMITS_H
#define ST_CORE_LIMITS_H

#define ST_MAX_ID_LEN 255 /* bytes of a child id or name */
#define ST_MAX_PATH_LEN 4095 /* bytes of a path: ids joined by '/' */
#define ST_MAX_DEPTH 32 /* supervisors above a child */
#define ST_MAX_PARTITIONS 1024 /* copies of a template [X5] */
#define ST_MAX_NODES 100000 /* children of all supervisors together */
#define ST_MAX_ARGS 4096 /* argv entries of one child */
#define ST_MAX_ENV 4096 /* environment entries of one child */
#define ST_MAX_ENV_FILES 16 /* environment files of one child */
#define ST_MAX_RLIMITS 16 /* rlimits of one child, as many as Linux has */
#define ST_MAX_ERROR_LEN 512 /* bytes kept of a start error's text */
#define ST_MAX_CALLS 65536 /* requests that wait for an answer */
#define ST_MAX_TIMEOUT_MS 4294967294u /* a shutdown or start timeout */
#define ST_MAX_INTENSITY 1000000000 /* restarts allowed in a period */
#define ST_MAX_PERIOD_S 1000000000 /* seconds */
#define ST_MIN_LOG_SIZE 4096 /* bytes at which a log file may be rotated */
#define ST_MIN_SERVICE_SIZE (1 << 20) /* bytes that a service may keep */
#define ST_MAX_SERVICE_WRITES 10000 /* of a login of suptree-web in a second */
#define ST_MAX_LOG_KEEP 100 /* rotated log files */

#endif
