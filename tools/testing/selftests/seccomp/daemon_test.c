// SPDX-License-Identifier: GPL-2.0
/*
 * What becomes of records whose daemon rests, or goes while they wait for it.
 */
#include "common.h"

#include <time.h>

#include "audit.h"
#include "kernel_log.h"
#include "../kselftest_harness.h"

FIXTURE_WITH_AUDIT(daemon)

#ifdef __x86_64__
/*
 * It rests again and again, longer than audit keeps what it has taken. With
 * log-once each kind of call arrives at last, as long as the process goes on.
 */
#define FIRST_CALL	2000	/* numbers that no call has */
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
			raw_call(FIRST_CALL + i, 0, 0, 0, 0, 0, 0);
		usleep(5000);
	}
}

TEST_F_TIMEOUT(daemon, rests, 300)
{
	struct audit *audit = &self->audit;
	unsigned long long filter;
	int found = 0, rounds = 0;
	pid_t pid;

	ASSERT_EQ(0, audit_narrow(audit, 1));
	pid = fork();
	if (!pid)
		_exit(log_kinds(NULL));
	while (found < KINDS) {
		bool there[KINDS] = {};
		int err;

		/* longer than kauditd tries, if it is not asked for nothing */
		if (rounds++ < 10)
			usleep(900 * 1000);
		do {
			err = audit_read_within(audit, 100);
		} while (!err);
		ASSERT_EQ(-ETIMEDOUT, err);
		found = 0;
		for_each_entry(audit, entry, ENTRY_CALL)
			if (entry->call.pid == pid)
				there[entry->call.syscall - FIRST_CALL] = true;
		for (int i = 0; i < KINDS; i++)
			found += there[i];
	}
	filter = audit_filter_of(audit, pid);
	kill(pid, SIGKILL);
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	ASSERT_NE(0, filter);
}
#endif

static void log_for_ever(long pause)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (attach_for(SUBJECT, SECCOMP_RET_LOG, 0))
		_exit(CHILD_SETUP);
	for (;;) {
		subject();
		if (pause)
			usleep(pause);
	}
}

/*
 * It goes at a moment when kauditd tries to send it a record and more wait: the
 * summary is in the kernel log, or comes to the next daemon.
 */
TEST_F_TIMEOUT(daemon, goes_while_records_wait, 180)
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

		ASSERT_EQ(0, audit_narrow(audit, 1));
		pid = fork();
		if (!pid)
			log_for_ever(1000);
		ASSERT_EQ(0, audit_await_filter(audit, pid, &filter));
		/* there is no event of kauditd's waiting */
		usleep(150 * 1000 + round * 7000);
		ASSERT_EQ(0, audit_leave(audit));
		kill(pid, SIGKILL);
		ASSERT_EQ(pid, waitpid(pid, NULL, 0));
		do {
			err = kernel_log_line(kernel_log, line, sizeof(line), 500);
		} while (!err && kernel_log_gone(line) != filter);
		printed = !err;

		/* room for the answer to the next request */
		do {
			err = audit_read_within(audit, 0);
		} while (!err);
		ASSERT_EQ(-ETIMEDOUT, err);
		ASSERT_EQ(0, audit_narrow(audit, 1 << 20));
		ASSERT_EQ(0, audit_return(audit));
		if (!printed)
			EXPECT_EQ(0, audit_await_summary(audit, filter, &summary));
		ASSERT_EQ(0, audit_await_all_summaries(audit));
	}
	close(kernel_log);
}

/* Four users' processes log, three attach and log, while the daemon is well. */
#define LOGGERS		4
#define COMERS		3
#define BUSY_SECONDS	10

static void come_and_go_for_ever(void)
{
	const int times = 3;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		run_child(log_subject, &times, NULL);
}

TEST_F_TIMEOUT(daemon, that_is_well_loses_nothing, 120)
{
	struct audit *audit = &self->audit;
	pid_t pids[LOGGERS + COMERS];
	long long lost;
	time_t end;

	/* as auditctl -b 64 */
	ASSERT_EQ(0, audit_limit(audit, 64, 60 * 100, 0));
	lost = audit_lost(audit);
	for (int i = 0; i < LOGGERS + COMERS; i++) {
		pids[i] = fork();
		if (pids[i])
			continue;
		if (setuid(1000))
			_exit(CHILD_SETUP);
		if (i < LOGGERS)
			log_for_ever(0);
		come_and_go_for_ever();
	}
	end = time(NULL) + BUSY_SECONDS;
	while (time(NULL) < end) {
		struct audit_text record;

		ASSERT_EQ(0, audit_next(audit, &record, 20000));
	}
	EXPECT_EQ(lost, audit_lost(audit));
	for (int i = 0; i < LOGGERS + COMERS; i++) {
		kill(pids[i], SIGKILL);
		ASSERT_EQ(pids[i], waitpid(pids[i], NULL, 0));
	}
}

/*
 * As many records may wait as there are, and the daemon has stopped: memory is
 * there again soon after, and the kernel log has had as many of them as printk's
 * limit lets pass.
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

TEST_F_TIMEOUT(daemon, that_has_stopped_takes_no_memory, 120)
{
	struct audit *audit = &self->audit;
	int kernel_log = kernel_log_open();
	char line[2048];
	long before;
	bool found = false;
	pid_t pid;

	ASSERT_LE(0, kernel_log);
	ASSERT_EQ(0, audit_narrow(audit, 1));
	ASSERT_EQ(0, audit_limit(audit, 0, 0, 0));
	before = memory_available();
	ASSERT_LT(0, before);
	pid = fork();
	if (!pid)
		log_for_ever(0);
	usleep(3000 * 1000);
	kill(pid, SIGKILL);
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	/* kauditd tries for half a second, and goes on with the next one */
	while (memory_available() < before - 50)
		usleep(100 * 1000);
	while (!found && !kernel_log_line(kernel_log, line, sizeof(line), 20000))
		found = strstr(line, "audit: type=");
	EXPECT_TRUE(found);
	close(kernel_log);
}

TEST_HARNESS_MAIN
