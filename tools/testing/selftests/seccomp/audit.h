/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The audit log. A test registers as the audit daemon to read it.
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
/* The user whose records a test excludes */
#define AUDIT_EXCLUDED_USER	1001
#define ACTIONS_DEFAULT	"kill_process kill_thread trap errno user_notif trace log"

struct audit {
	int fd;			/* receives records only, after audit_open() */
	int control;		/* for requests and their replies */
	unsigned int seq;
	pid_t restorer;		/* restores settings after the test */
	struct log_entry *log;	/* what audit_read() has read, in order */
	int log_nr;
};

/* A complete summary, from its parts; if it was repeated, the last one */
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
 * Register as the audit daemon; auditing is enabled, there are no rules and all
 * actions are logged. Returns 0 or -errno; -EEXIST if another daemon runs.
 * Functions below that return int return 0 or -errno, unless noted otherwise.
 */
int audit_open(struct audit *audit);
/* Restore all settings. */
void audit_close(struct audit *audit);

/* Unregister for a while: records go to the kernel log. */
int audit_unregister(struct audit *audit);
int audit_register(struct audit *audit);
bool audit_is_registered(struct audit *audit);

/* Like a daemon that is killed before it reads its records, and restarted */
int audit_restart_daemon(struct audit *audit);

/*
 * Join the multicast group of readers of the log, which exists beside the
 * daemon. audit_next_record() and the functions below read from it afterwards.
 */
int audit_join_multicast(struct audit *audit);

/* Enable or disable auditing; the test stays registered as daemon. */
int audit_enable(struct audit *audit, bool on);

/* Add a rule for system call exits of @nr by all tasks. */
int audit_add_syscall_rule(struct audit *audit, int nr);
int audit_delete_syscall_rule(struct audit *audit, int nr);
/* Add a rule that exempts tasks that are created afterwards. */
int audit_exempt_tasks(struct audit *audit);
/* Add a rule that excludes records of one type. */
int audit_exclude_type(struct audit *audit, int type);
int audit_unexclude_type(struct audit *audit, int type);
int audit_unexempt_tasks(struct audit *audit);
/* Add a rule that excludes SECCOMP records of a user. */
int audit_exclude_user(struct audit *audit, unsigned int uid);
int audit_include_user(struct audit *audit, unsigned int uid);

/*
 * Set audit's backlog limit in records, its backlog wait time in jiffies, and
 * its rate limit in records per second; 0 is no limit.
 */
int audit_set_limits(struct audit *audit, unsigned int backlog,
		     unsigned int wait, unsigned int rate);
/* Returns how many records audit has lost since boot, or -errno. */
long long audit_lost(struct audit *audit);
/* Set the size of the daemon's receive buffer. */
int audit_set_rcvbuf(struct audit *audit, int bytes);

/*
 * Read the next record of any type. -ETIMEDOUT if there is none within the
 * timeout.
 */
int audit_next_record(struct audit *audit, struct audit_text *record,
		      int timeout_ms);
/* Longer than any reply or record takes, in ms. Only a failure takes this. */
#define AUDIT_TIMEOUT_MS	20000

/* Send a record that comes after all that are written up to now. */
int audit_send_marker(struct audit *audit, char *marker, size_t size);
/* Is it that record? */
bool audit_is_marker(const struct audit_text *record, const char *marker);
/*
 * Read all records of one type since the last call. The first @max are stored
 * in @records. A marker is sent behind them, so no time has to pass. Returns
 * their number or -errno.
 */
int audit_collect(struct audit *audit, int type, struct audit_text *records,
		  int max);
/*
 * The same for SECCOMP records of one process; -EBADMSG if a record does not
 * have the documented form.
 */
int audit_collect_seccomp(struct audit *audit, pid_t pid,
			  struct seccomp_record *records, int max);

/*
 * Read all records of seccomp that were written up to now and add them to
 * audit->log. -EBADMSG for a record that does not have the documented form, and
 * for other KERNEL_OTHER records.
 */
int audit_read(struct audit *audit);
/* The same, up to and including the next record of seccomp */
int audit_read_one(struct audit *audit);
/* The same; -ETIMEDOUT if there is no record of any type within the timeout */
int audit_read_within(struct audit *audit, int timeout_ms);

/*
 * Wait until a filter's summary is complete. -EBADMSG if its parts contradict
 * each other.
 */
int audit_await_summary(struct audit *audit, unsigned long long filter,
			struct filter_summary *summary);
/* Wait for the summaries of all filters that are freed up to now. */
int audit_await_all_summaries(struct audit *audit);

/*
 * Count the records of a filter by their sequence numbers. Returns how many
 * there are; -EBADMSG if a number occurs twice or is above @last.
 * *@first_missing is set to the lowest number that does not occur.
 */
int audit_count_seqs(const struct audit *audit, unsigned long long filter,
		     unsigned long long last,
		     unsigned long long *first_missing);

/* How many entries of one kind the log has of a filter */
int audit_count(const struct audit *audit, int kind, unsigned long long filter);
/* The filter of the first record of a process, or 0 */
unsigned long long audit_first_filter(const struct audit *audit, pid_t pid);
/* Wait for this record; *@filter is set to the filter's id. */
int audit_await_filter(struct audit *audit, pid_t pid,
		       unsigned long long *filter);
/*
 * The same, and the record about who attached the filter, which a worker writes
 * later. After that nothing is written about the filter until it is freed.
 */
int audit_await_attacher(struct audit *audit, pid_t pid,
			 unsigned long long *filter);

#define for_each_entry(audit, entry, wanted)				\
	for (const struct log_entry *(entry) = (audit)->log;	\
	     (entry) < (audit)->log + (audit)->log_nr; (entry)++)	\
		if ((entry)->kind == (wanted))

/* A fixture for tests that only read the log */
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

/* The set of two system calls, which may be the same, as summaries write it */
static inline const char *syscall_set(int a, int b)
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
