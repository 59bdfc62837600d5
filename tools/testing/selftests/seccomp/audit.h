/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The audit log, read from the kernel by becoming the audit daemon.
 */
#ifndef SECCOMP_TEST_AUDIT_H
#define SECCOMP_TEST_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define ACTIONS_LOGGED	"/proc/sys/kernel/seccomp/actions_logged"
#define ACTIONS_AVAIL	"/proc/sys/kernel/seccomp/actions_avail"
#define ACTIONS_DEFAULT	"kill_process kill_thread trap errno user_notif trace log"

struct audit {
	int fd;
	unsigned int seq;
	pid_t keeper;		/* puts settings back when the test is gone */
};

struct audit_text {
	int type;
	char text[1024];	/* behind "audit(time:serial): " */
};

/* A record of type SECCOMP, field by field */
struct seccomp_record {
	unsigned int auid, uid, gid, ses;
	int pid;
	char comm[64];
	char exe[256];
	int sig;
	unsigned int arch;
	int syscall;
	int compat;
	unsigned long long ip;
	unsigned int code;
	unsigned long long args[6];
	unsigned long long filter;
	unsigned int retdata;
};

/*
 * Become the audit daemon with auditing enabled, no rules and all actions
 * logged. 0 or -errno; -EEXIST where another daemon runs.
 */
int audit_open(struct audit *audit);
/* Everything back as it was. */
void audit_close(struct audit *audit);

/* Turn auditing on or off, still as its daemon. 0 or -errno. */
int audit_enable(struct audit *audit, bool on);

/* A rule on exits of @nr by every task. 0 or -errno. */
int audit_watch_syscall(struct audit *audit, int nr);
int audit_unwatch_syscall(struct audit *audit, int nr);
/* A rule that exempts every task that is forked from now on. */
int audit_exempt_tasks(struct audit *audit);
int audit_unexempt_tasks(struct audit *audit);

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

#endif /* SECCOMP_TEST_AUDIT_H */
