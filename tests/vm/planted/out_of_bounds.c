// SPDX-License-Identifier: GPL-2.0-only
/*
 * Planted: writes one byte after its memory. KASAN must find it.
 */
#include <linux/module.h>
#include <linux/slab.h>

static int __init plant(void)
{
	size_t size = 60;
	char *memory = kzalloc(size, GFP_KERNEL);

	if (!memory)
		return -ENOMEM;
	OPTIMIZER_HIDE_VAR(size);
	WRITE_ONCE(memory[size], 1);
	kfree(memory);
	return 0;
}

module_init(plant);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("a write out of bounds");
