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

		if (entry->kind != ENTRY_SECCOMP || entry->seccomp.pid != pid)
			continue;
		if (found < max)
			records[found] = entry->seccomp;
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
	/* double the size of the array if the number is a power of two */
	if (!(audit->log_nr & (audit->log_nr - 1))) {
		int size = audit->log_nr ? audit->log_nr * 2 : 1;

		log = realloc(audit->log, size * sizeof(*log));
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

		err = audit_next_record(audit, &record, AUDIT_TIMEOUT_MS);
		if (err || audit_is_marker(&record, marker))
			break;
		err = add_to_log(audit, &record);
		if (err > 0)
			err = 0;
	}
	return err;
}

int audit_read_within(struct audit *audit, int timeout_ms)
{
	int ret = 0;

	while (!ret) {
		struct audit_text record;

		ret = audit_next_record(audit, &record, timeout_ms);
		if (!ret)
			ret = add_to_log(audit, &record);
	}
	return ret < 0 ? ret : 0;
}

int audit_read_one(struct audit *audit)
{
	return audit_read_within(audit, AUDIT_TIMEOUT_MS);
}

/* Add the set of a part to the set of its architecture. */
static int add_to_set(struct filter_summary *summary,
		      const struct filter_gone *gone)
{
	int nr = summary->sets_nr;
	size_t used;
	char *set;

	/* the parts of one architecture are adjacent */
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
 * Returns 1 if all parts are in the log, 0 if some are missing, or -EBADMSG.
 * The counts must be the same in all parts.
 */
static int assemble_summary(const struct audit *audit,
			    unsigned long long filter,
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
		/* a part was lost: wait until the summary is repeated */
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
	char marker[64];
	int ret;

	while (!(ret = assemble_summary(audit, filter, summary))) {
		/* audit may keep what it could not send until another record */
		ret = audit_send_marker(audit, marker, sizeof(marker));
		if (!ret)
			ret = audit_read_one(audit);
		if (ret)
			break;
	}
	return ret < 0 ? ret : 0;
}

/* Summaries are written in the order in which filters are freed. */
int audit_await_all_summaries(struct audit *audit)
{
	struct filter_summary summary;
	const int times = 1;
	pid_t pid;
	int err;

	if (!exited_with(run_child(log_test_syscall, &times, &pid), CHILD_OK))
		return -ECHILD;
	err = audit_read(audit);
	if (err)
		return err;
	return audit_await_summary(audit, audit_first_filter(audit, pid),
				   &summary);
}

int audit_count(const struct audit *audit, int kind, unsigned long long filter)
{
	int found = 0;

	for_each_entry(audit, entry, kind) {
		if (kind == ENTRY_SECCOMP)
			found += entry->seccomp.filter == filter;
		else if (kind == ENTRY_LOGS)
			found += entry->logs.filter == filter;
		else
			/* each summary has one first part */
			found += entry->gone.filter == filter &&
				 entry->gone.part == 1;
	}
	return found;
}

int audit_count_seqs(const struct audit *audit, unsigned long long filter,
		     unsigned long long last,
		     unsigned long long *first_missing)
{
	char *seen = calloc(last + 2, 1);
	int found = 0;

	if (!seen)
		return -ENOMEM;
	for_each_entry(audit, entry, ENTRY_SECCOMP) {
		unsigned long long seq = entry->seccomp.seq;

		if (entry->seccomp.filter != filter)
			continue;
		if (!seq || seq > last || seen[seq]) {
			found = -EBADMSG;
			break;
		}
		seen[seq] = 1;
		found++;
	}
	for (*first_missing = 1; seen[*first_missing]; (*first_missing)++)
		;
	free(seen);
	return found;
}

unsigned long long audit_first_filter(const struct audit *audit, pid_t pid)
{
	for_each_entry(audit, entry, ENTRY_SECCOMP)
		if (entry->seccomp.pid == pid)
			return entry->seccomp.filter;
	return 0;
}

int audit_await_filter(struct audit *audit, pid_t pid,
		       unsigned long long *filter)
{
	int err = 0;

	do {
		err = audit_read_one(audit);
		*filter = audit_first_filter(audit, pid);
	} while (!err && !*filter);

	return err;
}

int audit_await_attacher(struct audit *audit, pid_t pid,
			 unsigned long long *filter)
{
	int err = 0;

	*filter = audit_first_filter(audit, pid);
	while (!err && (!*filter || !audit_count(audit, ENTRY_LOGS, *filter))) {
		err = audit_read_one(audit);
		*filter = audit_first_filter(audit, pid);
	}
	return err;
}
