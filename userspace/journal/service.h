/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The journal as a supervised service, a gen_server of libsuptree.
 *
 *	suptreed --events--> follow --> store --> journal.db
 *	         --CALL history {...}--> operations.c --> answer_*.c --> store
 *
 * It says READY=1 at once, also if it cannot write: a journal that is not there must not
 * keep trees from starting. While it cannot write (a full disk, a folder that it may not
 * write to), it says so, tries again each second, and does not read, so the daemon keeps
 * the newest events. A process of its own looks whether the file is whole. A damaged file
 * gets another name and is kept; the journal goes on with a new one.
 *
 * It has no rights: not root, no capability, no_new_privs, and a filter of system calls.
 */
#ifndef ST_JOURNAL_SERVICE_H
#define ST_JOURNAL_SERVICE_H

#include "base/list.h"
#include "journal/damage.h"
#include "journal/follow.h"
#include "journal/options.h"
#include "journal/store.h"
#include "libsuptree/suptree.h"

#define ST_SYNCS_MAX 1000 /* questions of sync that wait */

/* Somebody who wants to know that all is stored. */
struct st_past_sync {
	struct st_list link;
	struct suptree_from from;
	int64_t id; /* of the question to the daemon */
	uint64_t seq; /* that must be stored; 0: the daemon has not answered yet */
};

struct st_past_service {
	const struct st_past_options *options;
	struct st_buf file; /* the path of the database */
	struct st_store store;
	struct st_past_follow follow;
	struct st_damage damage;
	struct st_list syncs;
	unsigned int nr_syncs;
	char boot_id[40];
	struct st_buf trouble; /* why it cannot write; empty: it can */
	uint64_t commit_timer, retry_timer, prune_timer; /* 0: not set */
	bool is_watching; /* the connection is read */
	bool is_another; /* the file is not the one that is examined */
};

/* Return: the exit status. */
int st_past_service_main(const struct st_past_options *options);

/* recovery.c: what is done when the store fails, and when it works again */

/**
 * st_recovery_open() - open the store, or begin a new one if the file is damaged
 * @service: the service; the store is closed
 *
 * Return: 0; or -errno: ->trouble has the words.
 */
int st_recovery_open(struct st_past_service *service) __must_check;

/**
 * st_recovery_fail() - the store has failed
 * @service: the service
 * @err: -errno of database.h
 *
 * The file is given another name if it is damaged, otherwise ->trouble says what is wrong.
 */
void st_recovery_fail(struct st_past_service *service, int err);

/** st_recovery_retry() - try to go on. Return: 0; or -errno, as st_past_follow_retry(). */
int st_recovery_retry(struct st_past_service *service) __must_check;

/* Set the file aside, since it is damaged as @why says, and go on with a new one. */
void st_recovery_replace(struct st_past_service *service, const char *why);

/* operations.c */

/**
 * st_past_operations_answer() - answer a question
 * @service: the service
 * @request: "history {...}": the name of an operation and its parameters
 * @from: who asks
 * @out: the answer is appended: JSON, or "KIND TEXT"; or it has failed
 *
 * Return: 1: it will be answered later; 0: the answer is a result; -errno: it is an error.
 */
int __must_check st_past_operations_answer(struct st_past_service *service, const char *request,
					   struct suptree_from from, struct st_buf *out);

/* Answer those questions of sync that can be answered now. */
void st_past_operations_synced(struct suptree *self, struct st_past_service *service);

#endif
