/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A bank's books: accounts, and transfers with other banks. Only bank.c uses this.
 *
 * They change only by entries, which are also the lines of the ledger:
 *
 *	deposit AMOUNT ACCOUNT
 *	withdraw AMOUNT ACCOUNT
 *	begin NR AMOUNT FROM TO BANK	the money leaves FROM and is on its way
 *	commit NR BANK			it will arrive
 *	abort NR BANK			it is FROM's again
 *	done NR BANK			BANK knows the outcome
 *	prepare NR AMOUNT TO BANK	TO can receive it, from BANK
 *	credit NR BANK			TO has it
 *	cancel NR BANK			TO does not get it
 *
 * A bank numbers its transfers to another bank from 1, and does one at a time. So the
 * other bank only has to remember the number of the last transfer to do nothing twice.
 */
#ifndef ST_WORKERS_BANK_BOOKS_H
#define ST_WORKERS_BANK_BOOKS_H

#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "workers/words.h"

#define MAX_ACCOUNTS 64
#define MAX_BANKS 8
#define MAX_NAME 32 /* of an account; the NUL too */
#define MAX_PATH 512 /* of a bank */
#define MAX_ENTRY 1024
#define MAX_AMOUNT 1000000000L
#define MAX_BALANCE 1000000000000L
#define MAX_NR LONG_MAX

/* Kind, word, fields: n: nr, m: amount, a: account, t: to, b: bank, the rest */
#define ENTRIES(X) \
	X(DEPOSIT, "deposit", "ma") \
	X(WITHDRAW, "withdraw", "ma") \
	X(BEGIN, "begin", "nmatb") \
	X(COMMIT, "commit", "nb") \
	X(ABORT, "abort", "nb") \
	X(DONE, "done", "nb") \
	X(PREPARE, "prepare", "nmtb") \
	X(CREDIT, "credit", "nb") \
	X(CANCEL, "cancel", "nb")

enum entry_kind {
#define KIND(kind, word, fields) ENTRY_##kind,
	ENTRIES(KIND)
#undef KIND
	ENTRY__MAX
};

static const struct {
	const char *word, *fields;
} entry_forms[ENTRY__MAX] = {
#define FORM(kind, word, fields) { word, fields },
	ENTRIES(FORM)
#undef FORM
};

struct entry {
	enum entry_kind kind;
	long nr;
	long amount;
	char account[MAX_NAME];
	char to[MAX_NAME];
	char bank[MAX_PATH];
};

enum transfer_state {
	TRANSFER_NONE, /* the last one is over, or there was none */
	TRANSFER_BEGUN, /* ours: nothing is decided */
	TRANSFER_COMMITTED,
	TRANSFER_ABORTED,
	TRANSFER_PREPARED, /* theirs: we wait for what they decide */
	TRANSFER_CREDITED,
	TRANSFER_CANCELLED,
};

struct transfer {
	enum transfer_state state;
	long nr;
	long amount;
	char account[MAX_NAME]; /* here */
	char to[MAX_NAME]; /* there */
};

struct other_bank {
	char path[MAX_PATH];
	struct transfer ours; /* the last one to it */
	struct transfer theirs; /* the last one from it */
};

struct account {
	char name[MAX_NAME];
	long balance;
};

struct books {
	size_t nr_accounts;
	struct account accounts[MAX_ACCOUNTS];
	size_t nr_banks;
	struct other_bank banks[MAX_BANKS];
};

static inline void copy_text(char *to, size_t size, const char *text)
{
	snprintf(to, size, "%s", text);
}

/* Take a word from *text. Return: whether there is one, and it has room. */
static inline bool take_word(const char **text, char *ret_word, size_t size)
{
	size_t len = 0;

	while (isgraph((unsigned char)(*text)[len]))
		len++;
	if (!len || len >= size || ((*text)[len] && (*text)[len] != ' '))
		return false;
	memcpy(ret_word, *text, len);
	ret_word[len] = '\0';
	*text += len + ((*text)[len] == ' ');
	return true;
}

static inline bool take_number(const char **text, long max, long *ret_number)
{
	char word[MAX_NAME];

	return take_word(text, word, sizeof(word)) && st_number(word, 1, max, ret_number);
}

static inline bool take_bank(const char **text, char *ret_bank)
{
	size_t len = strlen(*text);

	if (!len || len >= MAX_PATH || strchr(*text, '\n'))
		return false;
	memcpy(ret_bank, *text, len + 1);
	*text += len;
	return true;
}

/* Read fields, as above, and nothing else. */
static inline bool read_fields(const char *text, const char *fields, struct entry *ret_entry)
{
	bool good = true;

	for (; good && *fields; fields++) {
		if (*fields == 'n')
			good = take_number(&text, MAX_NR, &ret_entry->nr);
		else if (*fields == 'm')
			good = take_number(&text, MAX_AMOUNT, &ret_entry->amount);
		else if (*fields == 'a')
			good = take_word(&text, ret_entry->account, MAX_NAME);
		else if (*fields == 't')
			good = take_word(&text, ret_entry->to, MAX_NAME);
		else
			good = take_bank(&text, ret_entry->bank);
	}
	return good && !*text;
}

static inline bool read_entry(const char *line, struct entry *ret_entry)
{
	for (int kind = 0; kind < ENTRY__MAX; kind++) {
		const char *rest = st_word(line, entry_forms[kind].word);

		ret_entry->kind = (enum entry_kind)kind;
		if (rest)
			return read_fields(rest, entry_forms[kind].fields, ret_entry);
	}
	return false;
}

/* Return: its length; the newline is the caller's. */
static inline size_t write_entry(const struct entry *entry, char text[static MAX_ENTRY])
{
	int len = snprintf(text, MAX_ENTRY, "%s", entry_forms[entry->kind].word);

	for (const char *field = entry_forms[entry->kind].fields; *field; field++) {
		char *end = text + len;
		size_t room = MAX_ENTRY - (size_t)len;

		if (*field == 'n' || *field == 'm')
			len += snprintf(end, room, " %ld",
					*field == 'n' ? entry->nr : entry->amount);
		else
			len += snprintf(end, room, " %s",
					*field == 'a' ? entry->account :
					*field == 't' ? entry->to :
							entry->bank);
	}
	return (size_t)len;
}

static inline struct account *find_account(struct books *books, const char *name)
{
	for (size_t i = 0; i < books->nr_accounts; i++)
		if (!strcmp(books->accounts[i].name, name))
			return &books->accounts[i];
	return NULL;
}

static inline struct other_bank *find_bank(struct books *books, const char *path)
{
	for (size_t i = 0; i < books->nr_banks; i++)
		if (!strcmp(books->banks[i].path, path))
			return &books->banks[i];
	return NULL;
}

/* The following functions return NULL, or why the books refuse the entry. */

static inline const char *change_balance(struct books *books, const char *name, long by)
{
	struct account *account = find_account(books, name);

	if (!account)
		return "no_account";
	if (account->balance + by < 0)
		return "insufficient_funds";
	if (account->balance + by > MAX_BALANCE)
		return "too_much";
	account->balance += by;
	return NULL;
}

static inline const char *apply_deposit(struct books *books, const struct entry *entry)
{
	if (!find_account(books, entry->account)) {
		if (books->nr_accounts == MAX_ACCOUNTS)
			return "too_many_accounts";
		copy_text(books->accounts[books->nr_accounts++].name, MAX_NAME, entry->account);
	}
	return change_balance(books, entry->account, entry->amount);
}

static inline const char *apply_begin(struct books *books, struct other_bank *bank,
				      const struct entry *entry)
{
	if (bank->ours.state != TRANSFER_NONE)
		return "busy";
	if (entry->nr != bank->ours.nr + 1)
		return "wrong_number";
	bank->ours.state = TRANSFER_BEGUN;
	bank->ours.nr = entry->nr;
	bank->ours.amount = entry->amount;
	copy_text(bank->ours.account, MAX_NAME, entry->account);
	copy_text(bank->ours.to, MAX_NAME, entry->to);
	return change_balance(books, entry->account, -entry->amount);
}

/* Of ours: commit, abort and done. */
static inline const char *apply_decision(struct books *books, struct other_bank *bank,
					 const struct entry *entry)
{
	struct transfer *ours = &bank->ours;
	bool is_begun = ours->state == TRANSFER_BEGUN;

	if (entry->nr != ours->nr || ours->state == TRANSFER_NONE ||
	    is_begun != (entry->kind != ENTRY_DONE))
		return "wrong_number";
	if (entry->kind == ENTRY_DONE)
		ours->state = TRANSFER_NONE;
	else if (entry->kind == ENTRY_COMMIT)
		ours->state = TRANSFER_COMMITTED;
	else
		ours->state = TRANSFER_ABORTED;
	if (entry->kind == ENTRY_ABORT)
		/* as it was, whatever came in between */
		find_account(books, ours->account)->balance += ours->amount;
	return NULL;
}

static inline const char *apply_prepare(struct books *books, struct other_bank *bank,
					const struct entry *entry)
{
	const struct account *account = find_account(books, entry->to);

	if (entry->nr <= bank->theirs.nr || bank->theirs.state == TRANSFER_PREPARED)
		return "wrong_number";
	if (!account)
		return "no_account";
	if (account->balance + entry->amount > MAX_BALANCE)
		return "too_much";
	bank->theirs.state = TRANSFER_PREPARED;
	bank->theirs.nr = entry->nr;
	bank->theirs.amount = entry->amount;
	copy_text(bank->theirs.account, MAX_NAME, entry->to);
	return NULL;
}

/* Of theirs: credit and cancel. One may be cancelled that was never prepared. */
static inline const char *apply_outcome(struct books *books, struct other_bank *bank,
					const struct entry *entry)
{
	struct transfer *theirs = &bank->theirs;
	bool is_prepared = theirs->state == TRANSFER_PREPARED;
	bool is_new = entry->kind == ENTRY_CANCEL && !is_prepared && entry->nr > theirs->nr;

	if (!is_new && !(is_prepared && entry->nr == theirs->nr))
		return "wrong_number";
	theirs->nr = entry->nr;
	theirs->state = entry->kind == ENTRY_CREDIT ? TRANSFER_CREDITED : TRANSFER_CANCELLED;
	if (entry->kind == ENTRY_CREDIT)
		/* as promised, whatever came in between */
		find_account(books, theirs->account)->balance += theirs->amount;
	return NULL;
}

static inline const char *apply_transfer(struct books *books, const struct entry *entry)
{
	struct other_bank *bank = find_bank(books, entry->bank);

	if (!bank) {
		if (books->nr_banks == MAX_BANKS)
			return "too_many_banks";
		bank = &books->banks[books->nr_banks++];
		copy_text(bank->path, MAX_PATH, entry->bank);
	}
	if (entry->kind == ENTRY_BEGIN)
		return apply_begin(books, bank, entry);
	if (entry->kind == ENTRY_PREPARE)
		return apply_prepare(books, bank, entry);
	if (entry->kind == ENTRY_CREDIT || entry->kind == ENTRY_CANCEL)
		return apply_outcome(books, bank, entry);
	return apply_decision(books, bank, entry);
}

/* A refused entry may be half done: to keep the books, apply it to a copy. */
static inline const char *apply_entry(struct books *books, const struct entry *entry)
{
	if (entry->kind == ENTRY_DEPOSIT)
		return apply_deposit(books, entry);
	if (entry->kind == ENTRY_WITHDRAW)
		return change_balance(books, entry->account, -entry->amount);
	return apply_transfer(books, entry);
}

#endif
