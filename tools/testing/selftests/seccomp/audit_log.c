// SPDX-License-Identifier: GPL-2.0
#include "common.h"

#include "audit.h"
#include "ranges.h"

int audit_collect_seccomp(struct audit *audit, pid_t pid,
			  struct seccomp_record *records, int max)
{
	int from = audit->log_nr;
	int found = 0;
	int err = audit_read(audit);

	if (err)
		return err;
	for (int i = from; i < audit->log_nr; i++) {
		const struct log_entry *entry = &audit->log[i];

		if (entry->kind != ENTRY_CALL || entry->call.pid != pid)
			continue;
		if (found < max)
			records[found] = entry->call;
		found++;
	}
	return found;
}

/* Add a record to the log if it is one of seccomp; else return 0 */
static int add_to_log(struct audit *audit, const struct audit_text *record)
{
	struct log_entry entry, *log;
	int ret = log_entry_parse(record, &entry);

	if (ret <= 0)
		return ret;
	/* double the room if the number is a power of two */
	if (!(audit->log_nr & (audit->log_nr - 1))) {
		int room = audit->log_nr ? audit->log_nr * 2 : 1;

		log = realloc(audit->log, room * sizeof(*log));
		if (!log)
			return -ENOMEM;
		audit->log = log;
	}
	audit->log[audit->log_nr++] = entry;
	return 1;
}

int audit_read(struct audit *audit)
{
	char marker[64];
	int err;

	err = audit_send_marker(audit, marker, sizeof(marker));
	while (!err) {
		struct audit_text record;

		err = audit_next(audit, &record, AUDIT_PATIENCE_MS);
		if (err || audit_is_marker(&record, marker))
			break;
		err = add_to_log(audit, &record);
		if (err > 0)
			err = 0;
	}
	return err;
}

int audit_read_within(struct audit *audit, int patience_ms)
{
	int ret = 0;

	while (!ret) {
		struct audit_text record;

		ret = audit_next(audit, &record, patience_ms);
		if (!ret)
			ret = add_to_log(audit, &record);
	}
	return ret < 0 ? ret : 0;
}

int audit_read_one(struct audit *audit)
{
	return audit_read_within(audit, AUDIT_PATIENCE_MS);
}

/* The set of one architecture gets another part's. */
static int add_to_set(struct filter_summary *summary,
		      const struct filter_gone *gone)
{
	int nr = summary->sets_nr;
	size_t used;
	char *set;

	/* parts of one architecture stand together */
	if (!nr || summary->sets[nr - 1].arch != gone->arch) {
		for (int i = 0; i < nr; i++)
			if (summary->sets[i].arch == gone->arch)
				return -EBADMSG;
		if (nr == (int)ARRAY_SIZE(summary->sets))
			return -E2BIG;
		summary->sets[nr].arch = gone->arch;
		summary->sets_nr++;
		nr++;
	}
	set = summary->sets[nr - 1].syscalls;
	used = strlen(set);
	snprintf(set + used, sizeof(summary->sets[0].syscalls) - used, "%s%s",
		 used ? "," : "", gone->syscalls);
	return ranges_valid(set) ? 0 : -EBADMSG;
}

/*
 * 1 if all parts are there, 0 if more must come, or -EBADMSG. What is repeated
 * must be the same.
 */
static int put_together(const struct audit *audit, unsigned long long filter,
			struct filter_summary *summary)
{
	unsigned int parts = 0;
	bool complete = false;

	memset(summary, 0, sizeof(*summary));
	for_each_entry(audit, entry, ENTRY_GONE) {
		const struct filter_gone *gone = &entry->gone;

		if (gone->filter != filter)
			continue;
		if (summary->parts && (gone->parts != summary->parts ||
				       gone->logged != summary->logged ||
				       gone->left_out != summary->left_out ||
				       gone->lost != summary->lost))
			return -EBADMSG;
		if (gone->part == 1) {
			memset(summary, 0, sizeof(*summary));
			parts = 0;
		}
		/* after a part that was lost, the next time will do */
		if (gone->part != parts + 1)
			continue;
		parts++;
		summary->parts = gone->parts;
		summary->logged = gone->logged;
		summary->left_out = gone->left_out;
		summary->lost = gone->lost;
		if (add_to_set(summary, gone))
			return -EBADMSG;
		complete = parts == summary->parts;
		if (complete)
			break;
	}
	return complete;
}

int audit_await_summary(struct audit *audit, unsigned long long filter,
			struct filter_summary *summary)
{
	int ret;

	while (!(ret = put_together(audit, filter, summary))) {
		ret = audit_read_one(audit);
		if (ret)
			break;
	}
	return ret < 0 ? ret : 0;
}

/* Summaries are written in the order in which filters went. */
int audit_await_all_summaries(struct audit *audit)
{
	struct filter_summary summary;
	const int times = 1;
	pid_t pid;
	int err;

	if (!exited_with(run_child(log_subject, &times, &pid), CHILD_OK))
		return -ECHILD;
	err = audit_read(audit);
	if (err)
		return err;
	return audit_await_summary(audit, audit_filter_of(audit, pid), &summary);
}

int audit_count(const struct audit *audit, int kind, unsigned long long filter)
{
	int found = 0;

	for_each_entry(audit, entry, kind) {
		if (kind == ENTRY_CALL)
			found += entry->call.filter == filter;
		else if (kind == ENTRY_LOGS)
			found += entry->logs.filter == filter;
		else
			/* one summary is one first part */
			found += entry->gone.filter == filter &&
				 entry->gone.part == 1;
	}
	return found;
}

int audit_count_numbers(const struct audit *audit, unsigned long long filter,
			unsigned long long last,
			unsigned long long *first_missing)
{
	char *there = calloc(last + 2, 1);
	int found = 0;

	if (!there)
		return -ENOMEM;
	for_each_entry(audit, entry, ENTRY_CALL) {
		unsigned long long seq = entry->call.seq;

		if (entry->call.filter != filter)
			continue;
		if (!seq || seq > last || there[seq]) {
			found = -EBADMSG;
			break;
		}
		there[seq] = 1;
		found++;
	}
	for (*first_missing = 1; there[*first_missing]; (*first_missing)++)
		;
	free(there);
	return found;
}

unsigned long long audit_filter_of(const struct audit *audit, pid_t pid)
{
	for_each_entry(audit, entry, ENTRY_CALL)
		if (entry->call.pid == pid)
			return entry->call.filter;
	return 0;
}

int audit_await_filter(struct audit *audit, pid_t pid,
		       unsigned long long *filter)
{
	int err = 0;

	do {
		err = audit_read_one(audit);
		*filter = audit_filter_of(audit, pid);
	} while (!err && !*filter);

	return err;
}
