/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the store share; see store.h.
 */
#ifndef ST_JOURNAL_STORE_INTERNAL_H
#define ST_JOURNAL_STORE_INTERNAL_H

#include "journal/store.h"

/* store_load.c: prepare the statements, and load dictionaries and boots. */
int st_store_load(struct st_store *store) __must_check;
void st_store_unload(struct st_store *store);

/* Begin a transaction unless one is under way. */
int st_store_transact(struct st_store *store) __must_check;

#endif
