// SPDX-License-Identifier: GPL-2.0
/*
 * Records of a daemon that pauses, or exits before it has read them
 */
#include "common.h"

#include <time.h>

#include "audit.h"
#include "kernel_log.h"
#include "../kselftest_harness.h"

FIXTURE_WITH_AUDIT(daemon)

/*
 * The daemon pauses repeatedly, longer than audit keeps records. With log-once
 * each system call is logged at last, if the process goes on making it.
 */
#define FIRST_CALL	2000	/* numbers that no system call has */
#define KINDS		30

static int log_kinds(const void *arg)
{
	struct sock_filter insns[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FIRST_CALL, 0, 1),
		RETURN(SECCOMP_RET_LOG),
		RETURN(SECCOMP_RET_ALLOW),
	};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (attach(insns, ARRAY_SIZE(insns), SECCOMP_FILTER_FLAG_LOG_ONCE))
		return CHILD_SETUP;
	for (;;) {
		for (int i = 0; i < KINDS; i++)
			raw_syscall(FIRST_CALL + i, 0, 0, 0, 0, 0, 0);
		usleep(5000);
	}
}

TEST_F_TIMEOUT(daemon, pauses, 300)
{
	struct audit *audit = &self->audit;
	unsigned long long filter;
	int found = 0, rounds = 0;
	pid_t pid;

	ASSERT_EQ(0, audit_set_rcvbuf(audit, 1));
	pid = fork();
	if (!pid)
		_exit(log_kinds(NULL));
	while (found < KINDS) {
		bool seen[KINDS] = {};
		char marker[64];
		int err;

		/* longer than kauditd retries; short rounds at the end */
		if (rounds++ < 10)
			usleep(900 * 1000);
		/*
		 * With audit=1 audit keeps what it could not send, until the
		 * next record.
		 */
		ASSERT_EQ(0, audit_send_marker(audit, marker, sizeof(marker)));
		do {
			err = audit_read_within(audit, 100);
		} while (!err);
		ASSERT_EQ(-ETIMEDOUT, err);
		found = 0;
		for_each_entry(audit, entry, ENTRY_SECCOMP)
			if (entry->seccomp.pid == pid)
				seen[entry->seccomp.syscall - FIRST_CALL] =
					true;
		for (int i = 0; i < KINDS; i++)
			found += seen[i];
	}
	filter = audit_first_filter(audit, pid);
	kill(pid, SIGKILL);
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	ASSERT_NE(0, filter);
}

static void log_for_ever(long pause)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (attach_for(TEST_NR, SECCOMP_RET_LOG, 0))
		_exit(CHILD_SETUP);
	for (;;) {
		test_syscall();
		if (pause)
			usleep(pause);
	}
}

/*
 * The daemon exits while kauditd tries to send it a record and others are
 * queued: the summary is in the kernel log, or is sent to the next daemon.
 */
TEST_F_TIMEOUT(daemon, exits_while_records_are_queued, 180)
{
	struct audit *audit = &self->audit;
	int kernel_log = kernel_log_open();

	ASSERT_LE(0, kernel_log);
	ASSERT_EQ(0, write_file(PRINTK_RATELIMIT, "0"));
	for (int round = 0; round < 20; round++) {
		static struct filter_summary summary;
		unsigned long long filter;
		char line[2048];
		bool printed;
		pid_t pid;
		int err;

		ASSERT_EQ(0, audit_set_rcvbuf(audit, 1));
		pid = fork();
		if (!pid)
			log_for_ever(1000);
		ASSERT_EQ(0, audit_await_filter(audit, pid, &filter));
		/* no event tells that kauditd waits */
		usleep(150 * 1000 + round * 7000);
		ASSERT_EQ(0, audit_unregister(audit));
		kill(pid, SIGKILL);
		ASSERT_EQ(pid, waitpid(pid, NULL, 0));
		do {
			err = kernel_log_line(kernel_log, line, sizeof(line), 500);
		} while (!err && kernel_log_summary_of(line) != filter);
		printed = !err;

		/* empty the buffer, for the reply to the next request */
		do {
			err = audit_read_within(audit, 0);
		} while (!err);
		ASSERT_EQ(-ETIMEDOUT, err);
		ASSERT_EQ(0, audit_set_rcvbuf(audit, 1 << 20));
		ASSERT_EQ(0, audit_register(audit));
		if (!printed)
			EXPECT_EQ(0, audit_await_summary(audit, filter, &summary));
		ASSERT_EQ(0, audit_await_all_summaries(audit));
	}
	close(kernel_log);
}

/* Four processes log and three attach and log; the daemon reads all records. */
#define LOGGERS		4
#define ATTACHERS		3
#define BUSY_SECONDS	10

static void attach_for_ever(void)
{
	const int times = 3;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		run_child(log_test_syscall, &times, NULL);
}

TEST_F_TIMEOUT(daemon, reading_all_loses_nothing, 120)
{
	struct audit *audit = &self->audit;
	pid_t pids[LOGGERS + ATTACHERS];
	long long lost;
	time_t end;

	/* as auditctl -b 64 */
	ASSERT_EQ(0, audit_set_limits(audit, 64, 60 * 100, 0));
	lost = audit_lost(audit);
	for (int i = 0; i < LOGGERS + ATTACHERS; i++) {
		pids[i] = fork();
		if (pids[i])
			continue;
		if (setuid(1000))
			_exit(CHILD_SETUP);
		if (i < LOGGERS)
			log_for_ever(0);
		attach_for_ever();
	}
	end = time(NULL) + BUSY_SECONDS;
	while (time(NULL) < end) {
		struct audit_text record;

		ASSERT_EQ(0, audit_next_record(audit, &record, 20000));
	}
	EXPECT_EQ(lost, audit_lost(audit));
	for (int i = 0; i < LOGGERS + ATTACHERS; i++) {
		kill(pids[i], SIGKILL);
		ASSERT_EQ(pids[i], waitpid(pids[i], NULL, 0));
	}
}

/*
 * The backlog has no limit, and the daemon has stopped reading. After that
 * memory becomes free again, and some of the records are in the kernel log.
 */
static long memory_available(void)
{
	char text[4096];
	const char *line;

	if (read_file("/proc/meminfo", text, sizeof(text)) < 0)
		return -1;
	line = strstr(text, "MemAvailable:");
	return line ? atol(line + strlen("MemAvailable:")) / 1024 : -1;
}

TEST_F_TIMEOUT(daemon, stopped_does_not_use_up_memory, 120)
{
	struct audit *audit = &self->audit;
	int kernel_log = kernel_log_open();
	char line[2048];
	long before;
	bool found = false;
	pid_t pid;

	ASSERT_LE(0, kernel_log);
	ASSERT_LT(0, read_file("/proc/cmdline", line, sizeof(line)));
	if (strstr(line, "audit=1"))
		SKIP(return, "with audit=1 audit keeps records without a limit");
	ASSERT_EQ(0, audit_set_rcvbuf(audit, 1));
	ASSERT_EQ(0, audit_set_limits(audit, 0, 0, 0));
	before = memory_available();
	ASSERT_LT(0, before);
	pid = fork();
	if (!pid)
		log_for_ever(0);
	sleep(3);
	kill(pid, SIGKILL);
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	/* kauditd retries for half a second for each record */
	while (memory_available() < before - 50)
		usleep(100 * 1000);
	while (!found && !kernel_log_line(kernel_log, line, sizeof(line), 20000))
		found = strstr(line, "audit: type=");
	EXPECT_TRUE(found);
	close(kernel_log);
}

TEST_HARNESS_MAIN
