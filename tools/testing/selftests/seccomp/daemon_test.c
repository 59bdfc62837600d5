// SPDX-License-Identifier: GPL-2.0
/*
 * What becomes of records whose daemon rests, or goes while they wait for it.
 */
#include "common.h"

#include "audit.h"
#include "kernel_log.h"
#include "../kselftest_harness.h"

FIXTURE_WITH_AUDIT(daemon)

/*
 * It rests for a while, and then reads: the last records come, too, though
 * nobody writes another one.
 */
TEST_F(daemon, rests)
{
	static struct filter_closing closing;
	struct audit *audit = &self->audit;
	unsigned long long filter;
	const int times = 20;
	pid_t pid;

	ASSERT_EQ(0, audit_narrow(audit, 1));
	ASSERT_TRUE(exited_with(run_child(log_subject, &times, &pid), CHILD_OK));
	/* longer than kauditd tries */
	usleep(800 * 1000);
	ASSERT_EQ(0, audit_await_filter(audit, pid, &filter));
	ASSERT_EQ(0, audit_await_closing(audit, filter, &closing));
	EXPECT_EQ(times, closing.logged);
	EXPECT_EQ(0, closing.lost);
	EXPECT_EQ(times, audit_count(audit, ENTRY_CALL, filter));
}

static void log_for_ever(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (attach_for(SUBJECT, SECCOMP_RET_LOG, 0))
		_exit(CHILD_SETUP);
	for (;;) {
		subject();
		usleep(1000);
	}
}

/*
 * It goes at a moment when kauditd tries to send it a record and more wait: the
 * kernel log has them all, and kauditd serves whoever comes next.
 */
TEST_F_TIMEOUT(daemon, goes_while_records_wait, 120)
{
	struct audit *audit = &self->audit;
	int kernel_log = kernel_log_open();

	ASSERT_LE(0, kernel_log);
	ASSERT_EQ(0, write_file(PRINTK_RATELIMIT, "0"));
	for (int round = 0; round < 20; round++) {
		unsigned long long filter;
		char line[2048];
		pid_t pid;
		int err;

		ASSERT_EQ(0, audit_narrow(audit, 1));
		pid = fork();
		if (!pid)
			log_for_ever();
		ASSERT_EQ(0, audit_await_filter(audit, pid, &filter));
		/* there is no event of kauditd's waiting */
		usleep(150 * 1000 + round * 7000);
		ASSERT_EQ(0, audit_leave(audit));
		kill(pid, SIGKILL);
		ASSERT_EQ(pid, waitpid(pid, NULL, 0));
		/* comes when all other records of the filter have settled */
		do {
			ASSERT_EQ(0, kernel_log_line(kernel_log, line, sizeof(line),
						     20000));
		} while (kernel_log_gone(line) != filter);
		EXPECT_NE(NULL, strstr(line, " lost=0 "));

		/* room for the answer to the next request */
		do {
			err = audit_read_within(audit, 0);
		} while (!err);
		ASSERT_EQ(-ETIMEDOUT, err);
		ASSERT_EQ(0, audit_narrow(audit, 1 << 20));
		ASSERT_EQ(0, audit_return(audit));
		ASSERT_EQ(0, audit_await_all_closings(audit));
	}
	close(kernel_log);
}

TEST_HARNESS_MAIN
