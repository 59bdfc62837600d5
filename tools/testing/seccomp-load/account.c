// SPDX-License-Identifier: GPL-2.0
/*
 * What the records of each filter add up to: the numbers that were read and those
 * that audit refused are all that the summary says.
 */
#include "load.h"

#include "../selftests/seccomp/audit_record.h"

#define BUCKETS		65536
/* More records of one filter are not possible: it makes so many calls in no time. */
#define SEQ_MAX		(64UL << 20)
/* How many mistakes are printed */
#define PRINTED_MAX	10

struct account {
	struct account *next;
	unsigned long long filter;
	unsigned long long logged, lost, left_out;	/* of the summary */
	unsigned int part;		/* the last one in order */
	bool complete;			/* the summary is there */
	bool contradicts;		/* and is not the same each time */
	bool announced;
	unsigned char *seen;		/* one bit for each seq= */
	unsigned long size;		/* in bytes */
	unsigned long records, highest, repeated;
};

static struct account *buckets[BUCKETS];
/* filters with records and without a summary */
static unsigned long pending;

/* Later filters have higher ids. Up to this one none is counted. */
static unsigned long long newest_before;

void account_start(unsigned long long since)
{
	newest_before = since;
}

static struct account *account_of(unsigned long long filter)
{
	struct account **place = &buckets[filter % BUCKETS];

	while (*place && (*place)->filter != filter)
		place = &(*place)->next;
	if (!*place) {
		*place = calloc(1, sizeof(**place));
		if (!*place)
			abort();
		(*place)->filter = filter;
	}
	return *place;
}

static void add_record(struct account *account, unsigned long long seq)
{
	if (!account->records++ && !account->complete)
		pending++;
	if (!seq || seq > SEQ_MAX) {
		account->repeated++;
		return;
	}
	if (seq / 8 >= account->size) {
		unsigned long size = 2 * (seq / 8) + 8;

		account->seen = realloc(account->seen, size);
		if (!account->seen)
			abort();
		memset(account->seen + account->size, 0, size - account->size);
		account->size = size;
	}
	account->repeated += account->seen[seq / 8] >> seq % 8 & 1;
	account->seen[seq / 8] |= 1 << seq % 8;
	if (seq > account->highest)
		account->highest = seq;
}

static void add_summary(struct account *account, const struct filter_gone *gone)
{
	bool known = account->part || account->complete;

	if (known && (account->logged != gone->logged || account->lost != gone->lost ||
		      account->left_out != gone->left_out))
		account->contradicts = true;
	account->logged = gone->logged;
	account->lost = gone->lost;
	account->left_out = gone->left_out;
	if (gone->part == 1)
		account->part = 0;
	/* if a part was lost, the summary is written again */
	if (gone->part == account->part + 1)
		account->part++;
	if (account->part == gone->parts && !account->complete) {
		account->complete = true;
		pending -= account->records > 0;
	}
}

void account_add(const struct log_entry *entry)
{
	switch (entry->kind) {
	case ENTRY_SECCOMP:
		/* strict mode has no filter */
		if (entry->seccomp.filter)
			add_record(account_of(entry->seccomp.filter),
				   entry->seccomp.seq);
		break;
	case ENTRY_LOGS:
		account_of(entry->logs.filter)->announced = true;
		break;
	case ENTRY_GONE:
		add_summary(account_of(entry->gone.filter), &entry->gone);
	}
}

bool account_pending(void)
{
	return pending;
}

static bool adds_up(const struct account *account)
{
	return !account->repeated && !account->contradicts &&
	       account->highest <= account->logged &&
	       account->records + account->lost == account->logged;
}

static void print(const struct account *account, const char *what)
{
	printf("# filter %llx: %s: %lu records, %lu twice, highest %lu;",
	       account->filter, what, account->records, account->repeated,
	       account->highest);
	printf(" logged=%llu left-out=%llu lost=%llu\n", account->logged,
	       account->left_out, account->lost);
}

static void finish_one(const struct account *account, struct log_result *result)
{
	const char *mistake = NULL;

	result->filters++;
	if (account->filter > result->newest)
		result->newest = account->filter;
	result->lost += account->lost;
	result->left_out += account->left_out;
	if (!account->complete) {
		/* the announcement may be of a filter that is in use */
		if (!account->records)
			return;
		result->incomplete++;
		mistake = "no summary";
	} else if (!adds_up(account)) {
		result->wrong++;
		mistake = "wrong";
	} else if (!account->announced) {
		result->unannounced++;
		mistake = "not announced";
	}
	if (mistake && result->wrong + result->incomplete + result->unannounced <=
		       PRINTED_MAX)
		print(account, mistake);
}

void account_finish(struct log_result *result)
{
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct account *a = buckets[i]; a; a = a->next)
			if (a->filter > newest_before)
				finish_one(a, result);
}
