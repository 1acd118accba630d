/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loading suptree.ko and unloading it, for the module's tests; by system calls, which
 * nobody's modprobe is in the way of.
 */
#ifndef ST_TESTS_KMOD_MODULE_H
#define ST_TESTS_KMOD_MODULE_H

/* Return: 0, also if it was there; or -errno. */
int module_load(void);

/* Return: 0 or -errno. */
int module_unload(void);

#endif
