// SPDX-License-Identifier: GPL-2.0-only
/*
 * Effective capabilities; see capabilities.h. libcap is not needed for two calls.
 */
#include "os/capabilities.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BITS_A_WORD 32

uint64_t st_capabilities_kept(void)
{
	static const unsigned int kept[] = {
#define CAPABILITY(capability, use) capability,
		ST_CAPABILITIES(CAPABILITY)
#undef CAPABILITY
	};
	uint64_t bits = 0;

	for (size_t i = 0; i < ST_ARRAY_SIZE(kept); i++)
		bits |= 1ull << kept[i];
	return bits;
}

int st_capabilities_limit(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };
	uint64_t kept = st_capabilities_kept();

	if (geteuid() != 0)
		return 0;
	if (syscall(SYS_capget, &header, data) < 0)
		return -errno;
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		data[i].effective &= (uint32_t)(kept >> (i * BITS_A_WORD));
	return syscall(SYS_capset, &header, data) < 0 ? -errno : 0;
}
