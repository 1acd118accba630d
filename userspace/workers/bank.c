// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bank whose money survives every crash. A transfer between two banks happens in both
 * or in neither, in two phases.
 *
 *	bank FILE		FILE: its ledger; a relative one is in $WORKERS_DIR
 *
 *	call deposit AMOUNT ACCOUNT		the balance; opens the account
 *	call withdraw AMOUNT ACCOUNT		the balance
 *	call balance ACCOUNT
 *	call accounts				one line "ACCOUNT BALANCE" each
 *	call transfer AMOUNT FROM TO BANK	ok when both banks have done it, or the
 *						error why neither has
 *	call pending				number of unfinished transfers to others
 *	cast crash, crash before|in|after ENTRY
 *
 * The errors are no_account, insufficient_funds, busy (with a transfer to that bank),
 * noproc (there is no such bank), ... ENTRY is a word of bank_books.h: the bank kills
 * itself at that point of its next transfer. If the bank has died, or does not answer in
 * time, a caller should ask for `pending` and `balance`.
 *
 * No money is lost or doubled, because a bank writes every step to its ledger before it
 * sends a message about it (bank_ledger.h). Its state is always that of the ledger.
 *
 *	this bank		the other one
 *	begin			-> prepare NR AMOUNT TO
 *				prepare, or nothing	<- prepared NR | refused NR WHY
 *	commit | abort		-> commit NR | abort NR
 *				credit | cancel		<- credited NR | cancelled NR
 *	done
 *
 * The entry `commit` in the ledger decides. If the bank dies before it, the next
 * incarnation aborts. If it dies after it, the next incarnation repeats `commit` until
 * the other bank has answered; the other bank credits a number only once. The messages
 * are casts, which may be lost and are repeated. With calls two banks could wait for
 * each other for ever.
 */
#include "libsuptree/suptree.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "workers/bank_books.h"
#include "workers/bank_ledger.h"
#include "workers/crash.h"
#include "workers/files.h"

#define RETRY_MS 100

struct waiting {
	bool is_there;
	struct suptree_from from;
};

struct bank {
	struct books books;
	struct ledger ledger;
	struct waiting waiting[MAX_BANKS]; /* for the transfer to that bank */
	bool has_timer;
};

static unsigned int count_pending(const struct books *books)
{
	unsigned int nr = 0;

	for (size_t i = 0; i < books->nr_banks; i++)
		nr += books->banks[i].ours.state != TRANSFER_NONE;
	return nr;
}

/* The one door. Return: NULL, or why the books refuse it. */
static const char *enter(struct suptree *self, struct bank *bank, const struct entry *entry)
{
	struct books changed = bank->books;
	const char *error = apply_entry(&changed, entry);

	if (error)
		return error;
	write_ledger(&bank->ledger, entry);
	bank->books = changed;
	suptree_set_status(self, "%zu accounts, %u pending", changed.nr_accounts,
			   count_pending(&changed));
	return NULL;
}

static const char *enter_number(struct suptree *self, struct bank *bank, enum entry_kind kind,
				const struct other_bank *other, long nr)
{
	struct entry entry = { .kind = kind, .nr = nr };

	copy_text(entry.bank, MAX_PATH, other->path);
	return enter(self, bank, &entry);
}

/* The caller of the transfer gets one answer. */
static void tell_asker(struct suptree *self, struct bank *bank, const struct other_bank *other,
		       const char *error)
{
	struct waiting *waiting = &bank->waiting[other - bank->books.banks];

	if (waiting->is_there && error)
		suptree_reply_error(self, waiting->from, "%s", error);
	else if (waiting->is_there)
		suptree_reply(self, waiting->from, "ok");
	waiting->is_there = false;
}

static int tell(struct suptree *self, const char *path, const char *word, long nr, const char *why)
{
	char text[128];

	snprintf(text, sizeof(text), "%s %ld%s%s", word, nr, why ? " " : "", why ? why : "");
	return suptree_cast(self, path, text);
}

static void set_timer(struct suptree *self, struct bank *bank)
{
	if (!bank->has_timer && count_pending(&bank->books))
		bank->has_timer = !suptree_send_after(self, RETRY_MS, "go on", NULL);
}

static void abort_transfer(struct suptree *self, struct bank *bank, struct other_bank *other,
			   const char *why)
{
	if (enter_number(self, bank, ENTRY_ABORT, other, other->ours.nr))
		return; /* it was decided before */
	tell_asker(self, bank, other, why);
	(void)tell(self, other->path, "abort", other->ours.nr, NULL); /* the timer repeats it */
}

/* Send the other bank its next step; it may be repeated. */
static void go_on(struct suptree *self, struct bank *bank, struct other_bank *other)
{
	const struct transfer *ours = &other->ours;
	char what[64];

	snprintf(what, sizeof(what), "%ld %s", ours->amount, ours->to);
	if (ours->state == TRANSFER_BEGUN) {
		if (tell(self, other->path, "prepare", ours->nr, what))
			abort_transfer(self, bank, other, suptree_error(self));
	} else if (ours->state == TRANSFER_COMMITTED) {
		(void)tell(self, other->path, "commit", ours->nr, NULL);
	} else if (ours->state == TRANSFER_ABORTED) {
		(void)tell(self, other->path, "abort", ours->nr, NULL);
	}
	set_timer(self, bank);
}

static int open_bank(struct suptree *self, struct bank *bank, const char *path)
{
	unsigned long nr = 0;
	const char *error = open_ledger(&bank->ledger, path, &bank->books, &nr);

	return error ? suptree_fail(self, "ledger %s, line %lu: %s", path, nr, error) : 0;
}

static const struct suptree_operation offers[] = {
	{ .name = "deposit",
	  .summary = "add to an account, and return its balance",
	  .parameters = { { "amount", "how much", SUPTREE_INTEGER, false },
			  { "account", "which; a new one is opened", SUPTREE_WORD, false } } },
	{ .name = "withdraw",
	  .summary = "take from an account, and return its balance",
	  .parameters = { { "amount", "how much", SUPTREE_INTEGER, false },
			  { "account", "which", SUPTREE_WORD, false } } },
	{ .name = "balance",
	  .summary = "return the balance of an account",
	  .parameters = { { "account", "which", SUPTREE_WORD, false } },
	  .reads = true },
	{ .name = "accounts", .summary = "list all accounts with their balances", .reads = true },
	{ .name = "transfer",
	  .summary = "move money to an account of another bank",
	  .parameters = { { "amount", "how much", SUPTREE_INTEGER, false },
			  { "from", "the account here", SUPTREE_WORD, false },
			  { "to", "the account there", SUPTREE_WORD, false },
			  { "bank", "the other bank, by its name", SUPTREE_WORD, false } } },
	{ .name = "pending",
	  .summary = "return how many transfers to other banks are not over",
	  .reads = true },
	{ .name = NULL },
};

static int init(struct suptree *self, void *state, int argc, char **argv)
{
	struct bank *bank = state;
	char path[PATH_MAX];

	if (argc != 2)
		return suptree_fail(self, "usage: bank FILE");
	if (!st_file_path(argv[1], NULL, path))
		return suptree_fail(self, "open %.50s...: %s", argv[1], strerror(ENAMETOOLONG));
	if (open_bank(self, bank, path))
		return -1;
	for (size_t i = 0; i < bank->books.nr_banks; i++) {
		struct other_bank *other = &bank->books.banks[i];

		if (other->ours.state == TRANSFER_BEGUN)
			(void)enter_number(self, bank, ENTRY_ABORT, other, other->ours.nr);
	}
	set_timer(self, bank);
	suptree_set_status(self, "%zu accounts, %u pending", bank->books.nr_accounts,
			   count_pending(&bank->books));
	(void)suptree_offer(self, offers); /* without a daemon there is no one to offer to */
	return 0;
}

/* *entry has the amount, the accounts, and the bank as the caller names it. */
static const char *transfer(struct suptree *self, struct bank *bank, struct entry *entry,
			    struct suptree_from from)
{
	struct suptree_process process;
	struct other_bank *other;
	const char *error;

	if (suptree_whereis(self, entry->bank, &process))
		return suptree_error(self);
	if (strlen(process.path) >= MAX_PATH)
		return "too_long";
	entry->kind = ENTRY_BEGIN;
	copy_text(entry->bank, MAX_PATH, process.path);
	other = find_bank(&bank->books, entry->bank);
	entry->nr = other ? other->ours.nr + 1 : 1;
	error = enter(self, bank, entry);
	if (error)
		return error;
	other = find_bank(&bank->books, entry->bank);
	bank->waiting[other - bank->books.banks] = (struct waiting){ true, from };
	go_on(self, bank, other);
	return NULL;
}

static void reply_accounts(struct suptree *self, const struct books *books,
			   struct suptree_from from)
{
	char text[MAX_ACCOUNTS * (MAX_NAME + 24)];
	size_t len = 0;

	for (size_t i = 0; i < books->nr_accounts; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s %ld", i ? "\n" : "",
					books->accounts[i].name, books->accounts[i].balance);
	suptree_reply_bytes(self, from, text, len);
}

static void reply_balance(struct suptree *self, struct bank *bank, const char *name,
			  const char *error, struct suptree_from from)
{
	const struct account *account = find_account(&bank->books, name);

	if (!error && !account)
		error = "no_account";
	if (error)
		suptree_reply_error(self, from, "%s", error);
	else
		suptree_reply(self, from, "%ld", account->balance);
}

static enum suptree_next handle_call(struct suptree *self, void *state,
				     const struct suptree_message *request,
				     struct suptree_from from)
{
	const char *name = st_word(request->data, "balance"), *error;
	const char *order = st_word(request->data, "transfer");
	struct bank *bank = state;
	struct entry entry;

	if (order && read_fields(order, "matb", &entry)) {
		error = transfer(self, bank, &entry, from);
		if (error)
			suptree_reply_error(self, from, "%s", error);
	} else if (name) {
		reply_balance(self, bank, name, NULL, from);
	} else if (st_is_word(request->data, "accounts")) {
		reply_accounts(self, &bank->books, from);
	} else if (st_is_word(request->data, "pending")) {
		suptree_reply(self, from, "%u", count_pending(&bank->books));
	} else if (read_entry(request->data, &entry) &&
		   (entry.kind == ENTRY_DEPOSIT || entry.kind == ENTRY_WITHDRAW)) {
		error = enter(self, bank, &entry);
		reply_balance(self, bank, entry.account, error, from);
	} else {
		suptree_reply_error(self, from, "unknown_call");
	}
	return SUPTREE_CONTINUE;
}

/* A step of another bank's transfer: prepare, commit or abort. */
static void obey(struct suptree *self, struct bank *bank, struct entry *entry)
{
	const struct other_bank *other = find_bank(&bank->books, entry->bank);
	const struct transfer none = { .nr = 0 }, *theirs = other ? &other->theirs : &none;
	bool is_last = entry->nr == theirs->nr;
	const char *error = NULL;

	if (entry->kind == ENTRY_PREPARE) {
		if (!is_last || theirs->state != TRANSFER_PREPARED)
			error = enter(self, bank, entry);
		(void)tell(self, entry->bank, error ? "refused" : "prepared", entry->nr, error);
	} else if (entry->kind == ENTRY_COMMIT) {
		entry->kind = ENTRY_CREDIT;
		if (!is_last || theirs->state != TRANSFER_CREDITED)
			error = enter(self, bank, entry);
		if (!error)
			(void)tell(self, entry->bank, "credited", entry->nr, NULL);
	} else {
		entry->kind = ENTRY_CANCEL;
		if (entry->nr > theirs->nr || (is_last && theirs->state == TRANSFER_PREPARED))
			error = enter(self, bank, entry);
		if (!error || !other) /* no room to remember it, and so none to prepare it */
			(void)tell(self, entry->bank, "cancelled", entry->nr, NULL);
	}
}

/* An answer of another bank: the words are those of the table above. */
static void heed(struct suptree *self, struct bank *bank, struct other_bank *other,
		 const char *words)
{
	char word[MAX_NAME];
	const char *rest = words;
	long nr;

	if (!take_word(&rest, word, sizeof(word)) || !take_number(&rest, MAX_NR, &nr) ||
	    nr != other->ours.nr)
		return; /* of a transfer that is over */
	if (!strcmp(word, "prepared")) {
		if (!enter_number(self, bank, ENTRY_COMMIT, other, nr))
			go_on(self, bank, other);
	} else if (!strcmp(word, "refused")) {
		abort_transfer(self, bank, other, rest);
	} else if ((!strcmp(word, "credited") && other->ours.state == TRANSFER_COMMITTED) ||
		   (!strcmp(word, "cancelled") && other->ours.state == TRANSFER_ABORTED)) {
		if (!enter_number(self, bank, ENTRY_DONE, other, nr))
			tell_asker(self, bank, other, NULL);
	}
}

/* Return: whether the words are about it. */
static bool plan_crash(struct ledger *ledger, const char *words)
{
	const char *plan = st_word(words, "crash");

	return plan && take_word(&plan, ledger->crash, sizeof(ledger->crash)) &&
	       take_word(&plan, ledger->crash_word, sizeof(ledger->crash_word)) && !*plan;
}

static enum suptree_next handle_cast(struct suptree *self, void *state,
				     const struct suptree_message *message)
{
	struct bank *bank = state;
	struct other_bank *other = find_bank(&bank->books, message->path);
	char line[MAX_ENTRY];
	struct entry entry;

	if (st_is_word(message->data, "crash"))
		return st_crash(self);
	if (plan_crash(&bank->ledger, message->data) || !*message->path ||
	    message->len + strlen(message->path) + 2 > sizeof(line))
		return SUPTREE_CONTINUE;
	snprintf(line, sizeof(line), "%s %s", message->data, message->path);
	if (read_entry(line, &entry) && !strcmp(entry.bank, message->path) &&
	    (entry.kind == ENTRY_PREPARE || entry.kind == ENTRY_COMMIT ||
	     entry.kind == ENTRY_ABORT))
		obey(self, bank, &entry);
	else if (other)
		heed(self, bank, other, message->data);
	return SUPTREE_CONTINUE;
}

static enum suptree_next handle_info(struct suptree *self, void *state,
				     const struct suptree_info *info)
{
	struct bank *bank = state;

	if (info->type != SUPTREE_INFO_TIMEOUT)
		return SUPTREE_CONTINUE;
	bank->has_timer = false;
	for (size_t i = 0; i < bank->books.nr_banks; i++)
		go_on(self, bank, &bank->books.banks[i]);
	return SUPTREE_CONTINUE;
}

static void format_status(const void *state, FILE *out)
{
	const struct books *books = &((const struct bank *)state)->books;

	fprintf(out, "%u pending", count_pending(books));
	for (size_t i = 0; i < books->nr_accounts; i++)
		fprintf(out, "\n%s %ld", books->accounts[i].name, books->accounts[i].balance);
	for (size_t i = 0; i < books->nr_banks; i++)
		if (books->banks[i].ours.state != TRANSFER_NONE)
			fprintf(out, "\ntransfer %ld to %s: %ld for %s", books->banks[i].ours.nr,
				books->banks[i].path, books->banks[i].ours.amount,
				books->banks[i].ours.to);
}

int main(int argc, char **argv)
{
	static const struct suptree_gen_server bank = {
		.vsn = "1",
		.state_size = sizeof(struct bank),
		.init = init,
		.handle_call = handle_call,
		.handle_cast = handle_cast,
		.handle_info = handle_info,
		.format_status = format_status,
	};

	return suptree_gen_server_main(&bank, argc, argv);
}
