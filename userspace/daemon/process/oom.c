// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets OOM scores, which decide who is killed when memory runs out; see oom.h.
 */
#include "daemon/process/oom.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "daemon/log.h"
#include "os/oom_score.h"

static int protect(int *own)
{
	int err = *own || geteuid() != 0 ? 0 : st_oom_score_write(ST_OOM_PROTECTED);

	/*
	 * in most containers root may not do this; `suptree status` shows the
	 * score
	 */
	if (err && err != -EACCES)
		st_log("protect the daemon from the OOM killer: %s", strerror(-err));
	return st_oom_score_read(own);
}

void st_oom_init(struct st_oom *oom)
{
	int own = 0;
	int err = st_oom_score_read(&own);

	*oom = (struct st_oom){ .resets = false };
	if (!err)
		err = protect(&own);
	if (err) {
		st_log("read the daemon's OOM score: %s; children inherit it", strerror(-err));
		return;
	}
	oom->own = own;
	oom->resets = own < 0 || (own > 0 && st_oom_score_can_be_lower(own, 0));
	if (own && !oom->resets)
		st_log("the daemon's OOM score %d is inherited by children without "
		       "oom_score_adj: to lower it needs CAP_SYS_RESOURCE",
		       own);
}

bool st_oom_score_for(const struct st_oom *oom, const struct st_process_spec *spec, int *ret_score)
{
	if (!spec->has_oom_score_adj && !oom->resets)
		return false;
	*ret_score = spec->has_oom_score_adj ? spec->oom_score_adj : 0;
	return true;
}
