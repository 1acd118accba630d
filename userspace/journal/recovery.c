// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is done when the store fails, and when it works again; see service.h.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "journal/schema.h"
#include "journal/service.h"

static const char *file_of(const struct st_past_service *service)
{
	return st_buf_text(&service->file);
}

/* Say it once for each trouble, and keep it for those who ask. */
static void set_trouble(struct st_past_service *service, int err)
{
	const char *more = st_store_error(&service->store);
	struct st_buf text = ST_BUF_INIT;

	st_buf_add_text(&text, file_of(service));
	st_buf_add_text(&text, ": ");
	st_buf_add_text(&text, err == -EPROTONOSUPPORT ?
				       "a newer suptree-journal has written it; use that one, or "
				       "another folder" :
				       strerror(-err));
	if (err != -EPROTONOSUPPORT && service->store.database.handle) {
		st_buf_add_text(&text, " (");
		st_buf_add_text(&text, more);
		st_buf_add_char(&text, ')');
	}
	if (strcmp(st_buf_text(&text), st_buf_text(&service->trouble)) != 0)
		fprintf(stderr,
			"suptree-journal: write %s; suptreed keeps the newest events, and it is "
			"tried again each second\n",
			st_buf_text(&text));
	st_buf_done(&service->trouble);
	service->trouble = text;
}

static int open_file(struct st_past_service *service)
{
	int err = st_store_open(&service->store, file_of(service), service->options->is_synced);

	if (err && err != -EUCLEAN) {
		set_trouble(service, err);
		st_store_close(&service->store);
	}
	return err;
}

/* Give the damaged file another name, and say how much of this daemon is lost with it. */
static int set_aside(struct st_past_service *service, const char *why)
{
	struct st_buf name = ST_BUF_INIT;
	int err;

	st_store_close(&service->store);
	service->is_another = true;
	err = st_damage_set_aside(file_of(service), &name);
	if (err)
		fprintf(stderr, "suptree-journal: %s is damaged: %s; rename it: %s\n",
			file_of(service), why, strerror(-err));
	else
		fprintf(stderr,
			"suptree-journal: %s is damaged: %s; it is now %s, and a new file begins "
			"with what suptreed still has\n",
			file_of(service), why, st_buf_text(&name));
	st_buf_done(&name);
	return err;
}

int st_recovery_open(struct st_past_service *service)
{
	int err = open_file(service);

	if (err == -EUCLEAN) {
		struct st_buf why = ST_BUF_INIT;

		st_buf_add_text(&why, st_store_error(&service->store));
		err = set_aside(service, st_buf_text(&why));
		st_buf_done(&why);
		service->follow.gap_why = "the file of the journal was damaged";
		if (err)
			set_trouble(service, err);
		else
			err = open_file(service);
	}
	return err;
}

void st_recovery_replace(struct st_past_service *service, const char *why)
{
	int err = set_aside(service, why);

	if (err)
		set_trouble(service, err);
	if (st_past_follow_again(&service->follow)) /* its next read finds out that it is gone */
		fputs("suptree-journal: ask suptreed for its events again: it does not answer\n",
		      stderr);
	service->follow.is_stuck = true;
}

void st_recovery_fail(struct st_past_service *service, int err)
{
	struct st_buf why = ST_BUF_INIT;

	st_buf_add_text(&why, st_store_error(&service->store));
	if (err == -EUCLEAN) {
		st_recovery_replace(service, st_buf_text(&why));
	} else {
		set_trouble(service, err);
		if (service->store.database.handle && st_store_reload(&service->store))
			st_store_close(&service->store);
		service->follow.is_stuck = true;
	}
	st_buf_done(&why);
}

int st_recovery_retry(struct st_past_service *service)
{
	uint64_t nr_missing = service->follow.nr_missing;
	int err = 0;

	if (!service->store.database.handle)
		err = st_recovery_open(service);
	if (!err)
		err = st_past_follow_retry(&service->follow);
	if (err) {
		if (service->store.database.handle)
			st_recovery_fail(service, err);
		return err;
	}
	if (service->trouble.len)
		fprintf(stderr,
			"suptree-journal: %s: it is written again, %llu events are missing\n",
			file_of(service),
			(unsigned long long)(service->follow.nr_missing - nr_missing));
	st_buf_done(&service->trouble);
	return 0;
}
