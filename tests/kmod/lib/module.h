/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loading and unloading suptree.ko, for the module's tests, by system calls: so modprobe
 * does not interfere.
 */
#ifndef ST_TESTS_KMOD_MODULE_H
#define ST_TESTS_KMOD_MODULE_H

/* Return: 0, also if it was there; or -errno. */
int module_load(void);

/* Return: 0 or -errno. */
int module_unload(void);

#endif
