// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of services; see service.h.
 */
#include "core/service.h"

#include "core/spec.h"

#define ROW(member, text, file, word, number, keeps, may, what) \
	[ST_SERVICE_##member] = { .name = text, \
				  .user = "suptree-" text, \
				  .program = file, \
				  .argument = word, \
				  .uid = number, \
				  .has_folder = keeps, \
				  .role = may, \
				  .summary = what },
const struct st_service_row st_services[ST_SERVICE__MAX] = { ST_SERVICE_LIST(ROW) };
#undef ROW

#define TEXT(member, text, ...) [ST_SERVICE_##member] = text,
const char *const st_service_text[ST_SERVICE__MAX] = { [ST_SERVICE_NONE] = "none",
						       ST_SERVICE_LIST(TEXT) };
#undef TEXT

bool st_service_is_in(const struct st_child_spec *spec)
{
	const struct st_sup_spec *sup = spec->def.sup;

	for (uint32_t i = 0; sup && i < sup->nr_children; i++)
		if (sup->children[i]->def.process.service)
			return true;
	return spec->def.process.service;
}
