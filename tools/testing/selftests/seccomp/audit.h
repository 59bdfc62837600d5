/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The audit log, read from the kernel by becoming the audit daemon.
 */
#ifndef SECCOMP_TEST_AUDIT_H
#define SECCOMP_TEST_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "audit_record.h"

#define ACTIONS_LOGGED	"/proc/sys/kernel/seccomp/actions_logged"
#define LOGGED_AUDITED	"/proc/sys/kernel/seccomp/actions_logged_audited"
#define LOGGED_ONCE	"/proc/sys/kernel/seccomp/actions_logged_once"
#define DMESG_RESTRICT	"/proc/sys/kernel/dmesg_restrict"
#define SHARE_PROGRAMS	"/proc/sys/kernel/seccomp/share_programs"
#define PRINTK_RATELIMIT "/proc/sys/kernel/printk_ratelimit"
#define ACTIONS_AVAIL	"/proc/sys/kernel/seccomp/actions_avail"
/* The user that a test excludes */
#define AUDIT_EXCLUDED_USER	1001
#define ACTIONS_DEFAULT	"kill_process kill_thread trap errno user_notif trace log"

struct audit {
	int fd;			/* records, and nothing else once it is open */
	int control;		/* requests and their answers */
	unsigned int seq;
	pid_t keeper;		/* puts settings back when the test is gone */
	struct log_entry *log;	/* what audit_read() has found, in order */
	int log_nr;
};

/* The parts of a summary put together, of the last one if it is repeated */
struct filter_summary {
	unsigned long long logged, left_out, lost;
	unsigned int parts;
	int sets_nr;
	struct {
		unsigned int arch;
		char syscalls[16384];
	} sets[2];
};

/*
 * Become the audit daemon with auditing enabled, no rules and all actions
 * logged. 0 or -errno; -EEXIST if another daemon runs.
 */
int audit_open(struct audit *audit);
/* Everything back as it was. */
void audit_close(struct audit *audit);

/* Be no daemon for a while: records go to the kernel log. 0 or -errno. */
int audit_leave(struct audit *audit);
int audit_return(struct audit *audit);

/* Be killed, as a daemon that has not read its records, and started again. */
int audit_restart(struct audit *audit);

/*
 * Read the log as one of many readers, beside the daemon if there is one: what
 * audit_next() and those below read from now on. 0 or -errno.
 */
int audit_join_readers(struct audit *audit);

/* Turn auditing on or off, still as its daemon. 0 or -errno. */
int audit_enable(struct audit *audit, bool on);

/* A rule on exits of @nr by every task. 0 or -errno. */
int audit_watch_syscall(struct audit *audit, int nr);
int audit_unwatch_syscall(struct audit *audit, int nr);
/* A rule that exempts every task that is forked from now on. */
int audit_exempt_tasks(struct audit *audit);
/* A rule that excludes records of one type. */
int audit_exclude_type(struct audit *audit, int type);
int audit_unexclude_type(struct audit *audit, int type);
int audit_unexempt_tasks(struct audit *audit);
/* A rule that keeps SECCOMP records of a user out of the log. */
int audit_exclude_user(struct audit *audit, unsigned int uid);
int audit_include_user(struct audit *audit, unsigned int uid);

/*
 * How many records may wait, for how many jiffies a task waits for room, and how
 * many records a second pass; 0 is no limit. 0 or -errno.
 */
int audit_limit(struct audit *audit, unsigned int backlog, unsigned int wait,
		unsigned int rate);
/* How many records audit has lost since boot, or -errno */
long long audit_lost(struct audit *audit);
/* What the daemon has not read fills so many bytes. 0 or -errno */
int audit_narrow(struct audit *audit, int bytes);

/*
 * The next record, of whatever type. 0 or -errno; -ETIMEDOUT if none comes for
 * so long.
 */
int audit_next(struct audit *audit, struct audit_text *record, int patience_ms);
/*
 * Longer than anything here takes, in ms. Only a failure takes so long.
 */
#define AUDIT_PATIENCE_MS	20000

/* Send a record that comes after all that are written by now. 0 or -errno */
int audit_send_marker(struct audit *audit, char *marker, size_t size);
/* Is it that record? */
bool audit_is_marker(const struct audit_text *record, const char *marker);
/*
 * All records of one type since the last call, of which the first @max go to
 * @records. Complete without waiting: a marker is sent behind them. Their
 * number or -errno.
 */
int audit_collect(struct audit *audit, int type, struct audit_text *records,
		  int max);
/* The same for SECCOMP records of one process; -EBADMSG for another form. */
int audit_collect_seccomp(struct audit *audit, pid_t pid,
			  struct seccomp_record *records, int max);

/*
 * Add all records of seccomp's that were written by now to the log; any that is
 * not exactly in its form is an error, as are other KERNEL_OTHER records. 0 or
 * -errno.
 */
int audit_read(struct audit *audit);
/* The same, up to and with the next one of seccomp's */
int audit_read_one(struct audit *audit);
/* ... or until no record has come for so long: -ETIMEDOUT */
int audit_read_within(struct audit *audit, int patience_ms);

/*
 * Wait until a filter's summary is complete, and put it together.
 * -EBADMSG if its parts do not fit together.
 */
int audit_await_summary(struct audit *audit, unsigned long long filter,
			struct filter_summary *summary);
/* Wait for the summaries of all filters that are gone by now. */
int audit_await_all_summaries(struct audit *audit);

/*
 * How many records of a filter there are, by their numbers: each must be there at
 * most once and none above @last, or -EBADMSG. *@first_missing is the lowest
 * number that is not there.
 */
int audit_count_numbers(const struct audit *audit, unsigned long long filter,
			unsigned long long last,
			unsigned long long *first_missing);

/* What the log has of a filter: its records, its announcements, its summaries */
int audit_count(const struct audit *audit, int kind, unsigned long long filter);
/* The filter that decided the first record of a process, or 0 */
unsigned long long audit_filter_of(const struct audit *audit, pid_t pid);
/* Wait for such a record. 0 or -errno; the id goes to @filter. */
int audit_await_filter(struct audit *audit, pid_t pid,
		       unsigned long long *filter);

#define for_each_entry(audit, entry, wanted)				\
	for (const struct log_entry *(entry) = (audit)->log;	\
	     (entry) < (audit)->log + (audit)->log_nr; (entry)++)	\
		if ((entry)->kind == (wanted))

/* The fixture of tests that read the log and need nothing else */
#define FIXTURE_WITH_AUDIT(name)					\
	FIXTURE(name) {							\
		struct audit audit;					\
	};								\
	FIXTURE_SETUP(name)						\
	{								\
		ASSERT_EQ(0, audit_open(&self->audit));			\
	}								\
	FIXTURE_TEARDOWN(name)						\
	{								\
		audit_close(&self->audit);				\
	}

/* The set of two calls, or of one and the same, as records have it */
static inline const char *set_of(int a, int b)
{
	static char set[32];
	int low = a < b ? a : b;
	int high = a < b ? b : a;

	if (low == high)
		sprintf(set, "%d", low);
	else
		sprintf(set, "%d%c%d", low, low + 1 == high ? '-' : ',', high);
	return set;
}

#endif /* SECCOMP_TEST_AUDIT_H */
