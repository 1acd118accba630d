// SPDX-License-Identifier: GPL-2.0-only
/*
 * Planted: asks for memory, and would wait for it, with a spin lock held.
 * DEBUG_ATOMIC_SLEEP is to find it.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(lock);

static int __init plant(void)
{
	spin_lock(&lock);
	kfree(kzalloc(64, GFP_KERNEL));
	spin_unlock(&lock);
	return 0;
}

module_init(plant);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("a sleep in atomic context");
