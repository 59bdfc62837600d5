// SPDX-License-Identifier: GPL-2.0
/*
 * A program causes many more records than audit accepts. With log-once each of
 * its system calls is in the log nevertheless. In any case the summary has all
 * system calls, and the records' numbers show which are missing.
 */
#include "flood.h"

#include "audit.h"
#include "../kselftest_harness.h"

#ifdef FLOOD_CALLS

#define MS	1000000L

/*
 * In milliseconds: for how long to wait for a record; a pause after which audit
 * may drop one that it has accepted, if its queues are full; and what is a stall
 */
#define READ_WITHIN	300
#define LONG_PAUSE	80
#define STALL		250

FIXTURE(flood) {
	struct audit audit;
};

FIXTURE_VARIANT(flood) {
	unsigned int flags;
	unsigned int rate;	/* audit's rate limit; 0 is no limit */
	long pause;		/* of the program, between rounds, in ns */
	int burst;		/* the daemon reads so many records ... */
	long daemon_pause;	/* ... and pauses, in nanoseconds */
};

/*
 * Ten records a second: 200 records need more than twenty seconds, and the
 * program must make its system calls as long. Below, the daemon reads 500 a
 * second.
 */
FIXTURE_VARIANT_ADD(flood, ten_a_second_once) {
	.flags = SECCOMP_FILTER_FLAG_LOG_ONCE,
	.rate = 10,
	.pause = 25 * MS,
	.burst = 1,
	.daemon_pause = 50 * MS,
};

FIXTURE_VARIANT_ADD(flood, ten_a_second) {
	.rate = 10,
	.burst = 1,
	.daemon_pause = 50 * MS,
};

/* The daemon is slow, so that the kernel's queues overflow. */
FIXTURE_VARIANT_ADD(flood, slow_daemon_once) {
	.flags = SECCOMP_FILTER_FLAG_LOG_ONCE,
	.pause = 2 * MS,
	.burst = 5,
	.daemon_pause = 10 * MS,
};

/* The daemon pauses for longer than audit keeps records. */
FIXTURE_VARIANT_ADD(flood, pausing_daemon_once) {
	.flags = SECCOMP_FILTER_FLAG_LOG_ONCE,
	.pause = 6 * MS,
	.burst = 50,
	.daemon_pause = 900 * MS,
};

FIXTURE_VARIANT_ADD(flood, slow_daemon) {
	.burst = 5,
	.daemon_pause = 10 * MS,
};

FIXTURE_SETUP(flood)
{
	ASSERT_EQ(0, audit_open(&self->audit));
}

FIXTURE_TEARDOWN(flood)
{
	audit_close(&self->audit);
}

/* The stage of the program. It and the test set the next one in turn. */
enum {
	FIRST_CALL_MADE,	/* set at the start */
	FLOOD,			/* by the test: make all rounds */
	FLOOD_MADE,		/* by the program */
	REPEAT,			/* by the test: make each call once more */
	REPEAT_MADE,		/* by the program */
	EXIT,			/* by the test */
};

/* Wait without making a system call that is logged. */
static void await_stage(const volatile int *stage, int wanted)
{
	while (*stage != wanted)
		flood_sleep(MS);
}

static pid_t start_flood(const long *calls, unsigned int flags, long pause,
			 volatile int *stage)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	/* the flood ends also if the test fails */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (flood_attach(flags))
		_exit(CHILD_SETUP);
	raw_syscall(calls[0], -1, -1, -1, -1, -1, -1);
	await_stage(stage, FLOOD);
	flood(calls, pause);
	*stage = FLOOD_MADE;
	await_stage(stage, REPEAT);
	flood_round(calls);
	*stage = REPEAT_MADE;
	await_stage(stage, EXIT);
	_exit(CHILD_OK);
}

static bool is_among(const long *calls, long nr)
{
	for (int i = 0; i < FLOOD_CALLS; i++)
		if (calls[i] == nr)
			return true;
	return false;
}

/* Write the set of all calls as the summary must have it. */
static void expected_set(const long *calls, char *text)
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

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / MS;
}

/*
 * Read slowly until the program is at stage @end and no record comes. If the
 * daemon does not read for half a second, audit drops records that it has
 * accepted. On a busy machine any daemon may stall for so long: *@pause becomes
 * the longest time, in milliseconds, from one reading to the next.
 */
static int read_slowly(struct audit *audit, int burst, long daemon_pause,
		       const volatile int *stage, int end, long long *pause)
{
	for (;;) {
		long long took, start = now_ms();
		bool ended = *stage == end;
		int err = 0;

		for (int i = 0; i < burst && !err; i++)
			err = audit_read_within(audit, READ_WITHIN);
		if (err == -ETIMEDOUT && ended)
			return 0;
		if (err && err != -ETIMEDOUT)
			return err;
		flood_sleep(daemon_pause);
		took = now_ms() - start - (err ? READ_WITHIN : 0);
		if (took > *pause)
			*pause = took;
	}
}

/* Count the records of each system call of a filter. */
static void count(const struct audit *audit, unsigned long long filter,
		  const long *calls, unsigned int *found)
{
	memset(found, 0, FLOOD_CALLS * sizeof(*found));
	for_each_entry(audit, entry, ENTRY_SECCOMP)
		for (int i = 0; i < FLOOD_CALLS; i++)
			found[i] += entry->seccomp.filter == filter &&
				    entry->seccomp.syscall == calls[i];
}

TEST_F_TIMEOUT(flood, all_calls_are_logged_or_counted, 600)
{
	const bool once = variant->flags & SECCOMP_FILTER_FLAG_LOG_ONCE;
	const unsigned long long made = 1 + FLOOD_CALLS * (FLOOD_ROUNDS + 1);
	struct audit *audit = &self->audit;
	unsigned int found[FLOOD_CALLS];
	unsigned int found_at_end[FLOOD_CALLS];
	static struct filter_summary summary;
	unsigned long long filter;
	unsigned long long missing;
	long calls[FLOOD_CALLS];
	char expected[1024];
	long long pause = 0;
	bool stalled;
	long long lost;
	int records;
	int status;
	pid_t pid;
	int *stage;

	ASSERT_EQ(FLOOD_CALLS, flood_calls(calls));
	stage = mmap(NULL, sizeof(*stage), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, stage);
	/* records of other filters must not use up the rate */
	ASSERT_EQ(0, audit_await_all_summaries(audit));
	pid = start_flood(calls, variant->flags, variant->pause, stage);
	ASSERT_LT(0, pid);

	/* the announcement, and a record that has the filter's id */
	ASSERT_EQ(0, audit_await_filter(audit, pid, &filter));
	ASSERT_EQ(0, audit_set_rcvbuf(audit, 1));
	ASSERT_EQ(0, audit_set_limits(audit, 64, 0, variant->rate));
	lost = audit_lost(audit);
	ASSERT_LE(0, lost);

	*stage = FLOOD;
	ASSERT_EQ(0, read_slowly(audit, variant->burst, variant->daemon_pause,
				 stage, FLOOD_MADE, &pause));
	lost = audit_lost(audit) - lost;
	count(audit, filter, calls, found);
	/* records that were refused are accepted from now on */
	ASSERT_EQ(0, audit_set_limits(audit, 8192, 0, 0));
	*stage = REPEAT;
	ASSERT_EQ(0, read_slowly(audit, 5, MS, stage, REPEAT_MADE,
				 &pause));
	*stage = EXIT;
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_TRUE(exited_with(status, CHILD_OK));

	/* the summary is right */
	ASSERT_EQ(0, audit_await_summary(audit, filter, &summary));
	EXPECT_GE(lost, summary.lost);
	records = audit_count_seqs(audit, filter, summary.logged, &missing);
	EXPECT_LE(0, records);
	EXPECT_GE(summary.logged - summary.lost, records);
	stalled = pause > STALL;
	/* with a limit of the rate, audit's queues are not full */
	if (pause <= (variant->rate ? STALL : LONG_PAUSE))
		EXPECT_EQ(summary.logged - summary.lost, records);
	/* audit counts as lost what it drops later, too */
	if (!stalled)
		EXPECT_LE(summary.logged, records + lost);
	EXPECT_EQ(made, summary.logged + summary.left_out);
	EXPECT_EQ(1, summary.sets_nr);
	expected_set(calls, expected);
	EXPECT_STREQ(expected, summary.sets[0].syscalls);

	count(audit, filter, calls, found_at_end);
	if (once) {
		for (int i = 0; i < FLOOD_CALLS; i++) {
			if (stalled)
				continue;
			EXPECT_EQ(1, found[i]) {
				TH_LOG("call 0x%lx", calls[i]);
			}
			EXPECT_EQ(1, found_at_end[i]) {
				TH_LOG("call 0x%lx", calls[i]);
			}
		}
		EXPECT_LT(0, summary.left_out);
	} else {
		EXPECT_EQ(0, summary.left_out);
	}
	/* else nothing was tested */
	EXPECT_LT(0, lost);
}

/*
 * While another process floods the log, short-lived filters log a few calls:
 * each filter that has a record is announced.
 */
FIXTURE_WITH_AUDIT(processes)

#define PROCESSES	200
#define PROCESS_CALLS	100

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

static int create_processes(const void *arg)
{
	const int times = PROCESS_CALLS;

	for (int i = 0; i < PROCESSES; i++) {
		int status = run_child(log_test_syscall, &times, NULL);

		if (!exited_with(status, CHILD_OK))
			return CHILD_WRONG;
	}
	return CHILD_OK;
}

static bool is_of_process(const struct log_entry *entry, pid_t flooder)
{
	return entry->kind == ENTRY_SECCOMP && entry->seccomp.pid != flooder;
}

/* Are there enough records of processes for a test? */
static bool has_enough(const struct audit *audit, pid_t flooder)
{
	int calls = 0;

	for (int i = 0; i < audit->log_nr; i++)
		calls += is_of_process(&audit->log[i], flooder);
	return calls > PROCESSES / 10;
}

/* As a daemon does that audit has given up on, because it read too slowly */
static int reconnect_if_needed(struct audit *audit)
{
	return audit_is_registered(audit) ? 0 : audit_restart_daemon(audit);
}

static int await_summary(struct audit *audit, unsigned long long filter)
{
	static struct filter_summary summary;
	int err;

	/* without a daemon nothing comes: audit gave up on it once more */
	while ((err = audit_await_summary(audit, filter, &summary)) == -ETIMEDOUT &&
	       !audit_is_registered(audit)) {
		err = audit_restart_daemon(audit);
		if (err)
			break;
	}
	return err;
}

TEST_F_TIMEOUT(processes, are_announced, 300)
{
	struct audit *audit = &self->audit;
	pid_t flooder, creator, ended = 0;
	int status = 0, calls = 0;
	bool stopped = false;
	time_t end;

	ASSERT_EQ(0, audit_set_limits(audit, 64, 0, 0));
	flooder = fork();
	if (!flooder)
		_exit(flood_until_killed(NULL));
	creator = fork();
	if (!creator)
		_exit(create_processes(NULL));
	/* long enough, also on a slow machine, to see many processes */
	end = time(NULL) + 25;
	while (!ended) {
		int err = audit_read_within(audit, 100);

		ASSERT_TRUE(!err || err == -ETIMEDOUT);
		ASSERT_EQ(0, err ? reconnect_if_needed(audit) : 0);
		if (!stopped && time(NULL) >= end && has_enough(audit, flooder)) {
			kill(creator, SIGKILL);
			stopped = true;
		}
		ended = waitpid(creator, &status, WNOHANG);
	}
	kill(flooder, SIGKILL);
	ASSERT_EQ(flooder, waitpid(flooder, NULL, 0));
	ASSERT_EQ(0, reconnect_if_needed(audit));
	EXPECT_TRUE(stopped || exited_with(status, CHILD_OK));
	ASSERT_EQ(0, audit_set_limits(audit, 8192, 0, 0));

	/* records that are read in the loop are not looked at */
	for (int i = 0, nr = audit->log_nr; i < nr; i++) {
		unsigned long long filter = audit->log[i].seccomp.filter;

		if (!is_of_process(&audit->log[i], flooder))
			continue;
		calls++;
		/* an announcement that was refused comes with the summary */
		ASSERT_EQ(0, await_summary(audit, filter));
		EXPECT_LE(1, audit_count(audit, ENTRY_LOGS, filter)) {
			TH_LOG("filter %llx", filter);
		}
	}
	/* else nothing was tested */
	EXPECT_LT(PROCESSES / 10, calls);
	EXPECT_GT(PROCESSES * PROCESS_CALLS, calls);
}

#else
TEST(all_calls_are_logged_or_counted)
{
	SKIP(return, "the calls of the flood are numbers of x86-64");
}
#endif

TEST_HARNESS_MAIN
