// SPDX-License-Identifier: GPL-2.0
/*
 * A program that makes many more records than audit takes. By log-once each of
 * its calls is in the log nevertheless; in any case the summary has all
 * of them, and the records' numbers tell which are missing.
 */
#include "flood.h"

#include "audit.h"
#include "../kselftest_harness.h"

#ifdef FLOOD_CALLS

#define MS	1000000L

FIXTURE(flood) {
	struct audit audit;
};

FIXTURE_VARIANT(flood) {
	unsigned int flags;
	unsigned int rate;	/* audit takes so many records a second, 0: all */
	long pause;		/* of the program, between rounds */
	int burst;		/* the daemon reads so many ... */
	long rest;		/* ... and rests, nanoseconds */
	bool drops;		/* audit drops also what it has taken */
};

/*
 * Ten records a second: 200 need more than twenty seconds, and for so long the
 * program must make its calls. Likewise below, where the daemon takes 500.
 */
FIXTURE_VARIANT_ADD(flood, ten_a_second_once) {
	.flags = SECCOMP_FILTER_FLAG_LOG_ONCE,
	.rate = 10,
	.pause = 25 * MS,
	.burst = 1,
	.rest = 50 * MS,
};

FIXTURE_VARIANT_ADD(flood, ten_a_second) {
	.rate = 10,
	.burst = 1,
	.rest = 50 * MS,
};

/* The daemon is slow, so that the kernel's queues overflow. */
FIXTURE_VARIANT_ADD(flood, slow_daemon_once) {
	.flags = SECCOMP_FILTER_FLAG_LOG_ONCE,
	.pause = 2 * MS,
	.burst = 5,
	.rest = 10 * MS,
};

/* ... or does something else for longer than audit keeps what it has taken */
FIXTURE_VARIANT_ADD(flood, resting_daemon_once) {
	.flags = SECCOMP_FILTER_FLAG_LOG_ONCE,
	.pause = 6 * MS,
	.burst = 50,
	.rest = 900 * MS,
	.drops = true,
};

FIXTURE_VARIANT_ADD(flood, slow_daemon) {
	.burst = 5,
	.rest = 10 * MS,
};

FIXTURE_SETUP(flood)
{
	ASSERT_EQ(0, audit_open(&self->audit));
}

FIXTURE_TEARDOWN(flood)
{
	audit_close(&self->audit);
}

/* How far the program is; it and the test go on from one to the next in turn. */
enum {
	BEGIN,		/* it has made one call */
	FLOOD,		/* told to: it makes the others */
	END,		/* it has made them */
	AGAIN,		/* told to: it makes each once more */
	END_AGAIN,	/* it has */
	LEAVE,		/* told to: it goes */
};

/* Wait without a call that would be logged. */
static void await(const volatile int *stage, int wanted)
{
	while (*stage != wanted)
		flood_sleep(MS);
}

static pid_t start(const long *calls, unsigned int flags, long pause,
		   volatile int *stage)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	/* a test that fails leaves no flood behind */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (flood_attach(flags))
		_exit(CHILD_SETUP);
	raw_call(calls[0], -1, -1, -1, -1, -1, -1);
	await(stage, FLOOD);
	flood(calls, pause);
	*stage = END;
	await(stage, AGAIN);
	flood_round(calls);
	*stage = END_AGAIN;
	await(stage, LEAVE);
	_exit(CHILD_OK);
}

static bool is_among(const long *calls, long nr)
{
	for (int i = 0; i < FLOOD_CALLS; i++)
		if (calls[i] == nr)
			return true;
	return false;
}

/* The set as it must be */
static void all_of(const long *calls, char *text)
{
	long first = -1, last = -1;

	for (long nr = 0; nr <= X32_BIT + 1000; nr++) {
		if (nr == 1000)
			nr = X32_BIT;
		if (is_among(calls, nr)) {
			if (first < 0)
				first = nr;
			last = nr;
		} else if (first >= 0) {
			text += sprintf(text, first == last ? "%ld," : "%ld-%ld,",
					first, last);
			first = -1;
		}
	}
	text[-1] = '\0';
}

/* Read, slowly, until the program has ended and nothing comes any more. */
static int read_slowly(struct audit *audit, int burst, long rest,
		       const volatile int *stage, int end)
{
	for (;;) {
		bool ended = *stage == end;
		int err = 0;

		for (int i = 0; i < burst && !err; i++)
			err = audit_read_within(audit, 300);
		if (err == -ETIMEDOUT && ended)
			return 0;
		if (err && err != -ETIMEDOUT)
			return err;
		flood_sleep(rest);
	}
}

/* How often each of the calls is in the filter's log */
static void count(const struct audit *audit, unsigned long long filter,
		  const long *calls, unsigned int *found)
{
	memset(found, 0, FLOOD_CALLS * sizeof(*found));
	for_each_entry(audit, entry, ENTRY_CALL)
		for (int i = 0; i < FLOOD_CALLS; i++)
			found[i] += entry->call.filter == filter &&
				    entry->call.syscall == calls[i];
}

TEST_F_TIMEOUT(flood, all_calls_are_told, 600)
{
	const bool once = variant->flags & SECCOMP_FILTER_FLAG_LOG_ONCE;
	const unsigned long long made = 1 + FLOOD_CALLS * (FLOOD_ROUNDS + 1);
	struct audit *audit = &self->audit;
	unsigned int found[FLOOD_CALLS];
	unsigned int found_at_last[FLOOD_CALLS];
	static struct filter_summary summary;
	unsigned long long filter;
	unsigned long long missing;
	long calls[FLOOD_CALLS];
	char expected[1024];
	long long lost;
	int records;
	int status;
	pid_t pid;
	int *stage;

	ASSERT_EQ(FLOOD_CALLS, flood_calls(calls));
	stage = mmap(NULL, sizeof(*stage), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, stage);
	/* what else there is to be told must not take of the rate */
	ASSERT_EQ(0, audit_await_all_summaries(audit));
	pid = start(calls, variant->flags, variant->pause, stage);
	ASSERT_LT(0, pid);

	/* the announcement, and a record that says which filter it is */
	ASSERT_EQ(0, audit_await_filter(audit, pid, &filter));
	ASSERT_EQ(0, audit_narrow(audit, 1));
	ASSERT_EQ(0, audit_limit(audit, 64, 0, variant->rate));
	lost = audit_lost(audit);
	ASSERT_LE(0, lost);

	*stage = FLOOD;
	ASSERT_EQ(0,
		  read_slowly(audit, variant->burst, variant->rest, stage, END));
	lost = audit_lost(audit) - lost;
	count(audit, filter, calls, found);
	/* what was refused up to now is not refused any more */
	ASSERT_EQ(0, audit_limit(audit, 8192, 0, 0));
	*stage = AGAIN;
	ASSERT_EQ(0, read_slowly(audit, FLOOD_CALLS, MS, stage, END_AGAIN));
	*stage = LEAVE;
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_TRUE(exited_with(status, CHILD_OK));

	/* the summary tells the truth */
	ASSERT_EQ(0, audit_await_summary(audit, filter, &summary));
	EXPECT_GE(lost, summary.lost);
	records = audit_count_numbers(audit, filter, summary.logged, &missing);
	EXPECT_LE(0, records);
	EXPECT_GE(summary.logged - summary.lost, records);
	if (!variant->drops)
		EXPECT_EQ(summary.logged - summary.lost, records);
	EXPECT_EQ(made, summary.logged + summary.left_out);
	EXPECT_EQ(1, summary.sets_nr);
	all_of(calls, expected);
	EXPECT_STREQ(expected, summary.sets[0].syscalls);

	count(audit, filter, calls, found_at_last);
	if (once) {
		for (int i = 0; i < FLOOD_CALLS; i++) {
			if (variant->drops)
				continue;
			EXPECT_EQ(1, found[i]) {
				TH_LOG("call 0x%lx", calls[i]);
			}
			EXPECT_EQ(1, found_at_last[i]) {
				TH_LOG("call 0x%lx", calls[i]);
			}
		}
		EXPECT_LT(0, summary.left_out);
	} else {
		EXPECT_EQ(0, summary.left_out);
	}
	/* or else this tests nothing */
	EXPECT_LT(0, lost);
}

/*
 * While others flood the log, filters come and go that log a little: of each that
 * has a record the log says who attached it.
 */
FIXTURE_WITH_AUDIT(comers)

#define COMERS		200
#define COMER_CALLS	20

static int flood_until_killed(const void *arg)
{
	long calls[FLOOD_CALLS];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	flood_calls(calls);
	if (flood_attach(0))
		return CHILD_SETUP;
	for (;;)
		flood(calls, 0);
}

static int come_and_go(const void *arg)
{
	const int times = COMER_CALLS;

	for (int i = 0; i < COMERS; i++) {
		int status = run_child(log_subject, &times, NULL);

		if (!exited_with(status, CHILD_OK))
			return CHILD_WRONG;
	}
	return CHILD_OK;
}

TEST_F_TIMEOUT(comers, are_announced, 120)
{
	struct audit *audit = &self->audit;
	pid_t flooder, comer, ended = 0;
	int status, calls = 0;

	ASSERT_EQ(0, audit_limit(audit, 64, 0, 0));
	flooder = fork();
	if (!flooder)
		_exit(flood_until_killed(NULL));
	comer = fork();
	if (!comer)
		_exit(come_and_go(NULL));
	while (!ended) {
		int err = audit_read_within(audit, 100);

		ASSERT_TRUE(!err || err == -ETIMEDOUT);
		ended = waitpid(comer, &status, WNOHANG);
	}
	kill(flooder, SIGKILL);
	ASSERT_EQ(flooder, waitpid(flooder, NULL, 0));
	EXPECT_TRUE(exited_with(status, CHILD_OK));
	ASSERT_EQ(0, audit_limit(audit, 8192, 0, 0));

	/* what comes meanwhile is behind them */
	for (int i = 0, nr = audit->log_nr; i < nr; i++) {
		static struct filter_summary summary;
		unsigned long long filter = audit->log[i].call.filter;

		if (audit->log[i].kind != ENTRY_CALL ||
		    audit->log[i].call.pid == flooder)
			continue;
		calls++;
		/* at the latest with its summary, which audit refused */
		ASSERT_EQ(0, audit_await_summary(audit, filter, &summary));
		EXPECT_LE(1, audit_count(audit, ENTRY_LOGS, filter)) {
			TH_LOG("filter %llx", filter);
		}
	}
	/* or else this tests nothing */
	EXPECT_LT(COMERS / 10, calls);
	EXPECT_GT(COMERS * COMER_CALLS, calls);
}

#endif

TEST_HARNESS_MAIN
