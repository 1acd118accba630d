// SPDX-License-Identifier: GPL-2.0-only
/*
 * suptree.ko: supervision trees as the kernel sees them. This file loads and unloads
 * the module. README.md has an overview, registry.h the structure.
 *
 * The netlink family is registered last, so no request comes before everything is
 * ready. It is unregistered after the files, whose removal waits for their readers.
 * After that only closing sockets and ending processes still use the module, and the
 * registry waits for them. The records of the ring are the last references to nodes.
 */
#include <linux/module.h>
#include <linux/suptree.h>
#include <net/genetlink.h>

#include "netlink.h"
#include "proc.h"
#include "registry.h"
#include "ring.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

static int __init suptree_init(void)
{
	int err;

	err = st_registry_init();
	if (err)
		return err;
	err = st_proc_init();
	if (err)
		goto out_registry;
	err = st_netlink_init();
	if (err)
		goto out_proc;
	return 0;

out_proc:
	st_proc_done();
out_registry:
	st_registry_done();
	st_ring_done();
	return err;
}

static void __exit suptree_exit(void)
{
	st_proc_done();
	st_netlink_done();
	st_registry_done();
	st_ring_done();
}

module_init(suptree_init);
module_exit(suptree_exit);

MODULE_DESCRIPTION("Supervision trees as the kernel sees them: /proc/suptree");
MODULE_AUTHOR("suptree contributors");
MODULE_LICENSE("GPL");
MODULE_ALIAS_GENL_FAMILY(SUPTREE_GENL_NAME);
