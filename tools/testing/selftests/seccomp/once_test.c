// SPDX-License-Identifier: GPL-2.0
/*
 * Log-once: a filter logs each system call with each value that it returns one
 * time, and counts the others. By the filter's flag, or by a sysctl for all.
 */
#include "common.h"

#include <pthread.h>

#include "audit.h"
#include "../kselftest_harness.h"

#define ALL_ACTIONS	ACTIONS_DEFAULT

/* Ways to have it */
FIXTURE(once) {
	struct audit audit;
};

FIXTURE_VARIANT(once) {
	unsigned int flags;
	const char *actions;
};

FIXTURE_VARIANT_ADD(once, flag) {
	.flags = SECCOMP_FILTER_FLAG_LOG_ONCE,
	.actions = "\n",
};

FIXTURE_VARIANT_ADD(once, sysctl) {
	.actions = ALL_ACTIONS,
};

/* For children */
static unsigned int once_flags;

FIXTURE_SETUP(once)
{
	ASSERT_EQ(0, audit_open(&self->audit));
	ASSERT_EQ(0, write_file(LOGGED_ONCE, variant->actions));
	once_flags = variant->flags;
}

FIXTURE_TEARDOWN(once)
{
	audit_close(&self->audit);
}

/* What becomes of the filter that decided the first record of a process */
static void expect_summary(struct __test_metadata *_metadata,
			   struct audit *audit, pid_t pid,
			   unsigned int logged, unsigned int left_out)
{
	struct filter_summary summary;
	unsigned long long filter;

	ASSERT_EQ(0, audit_await_all_summaries(audit));
	filter = audit_filter_of(audit, pid);
	ASSERT_NE(0, filter);
	ASSERT_EQ(0, audit_await_summary(audit, filter, &summary));
	EXPECT_EQ(logged, summary.logged);
	EXPECT_EQ(left_out, summary.left_out);
	EXPECT_EQ(0, summary.lost);
	EXPECT_EQ(summary.logged, audit_count(audit, ENTRY_CALL, filter));
}

/* The records of a filter by their numbers: all but those that were refused */
static void expect_numbers(struct __test_metadata *_metadata,
			   struct audit *audit, unsigned long long filter,
			   const struct filter_summary *summary)
{
	unsigned long long missing;

	EXPECT_EQ(summary->logged - summary->lost,
		  audit_count_numbers(audit, filter, summary->logged, &missing));
}

/*
 * Every action that can be repeated, four times. An action that is always the
 * same is remembered in another way than one that depends on an argument.
 */
struct repeated {
	uint32_t value;
	bool constant;
};

static void on_sigsys(int sig)
{
}

static int repeat(const void *arg)
{
	const struct repeated *r = arg;
	struct sock_filter insns[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SUBJECT, 1, 0),
		RETURN(SECCOMP_RET_ALLOW),
		r->constant ? (struct sock_filter)LOAD(nr) :
			      (struct sock_filter)LOAD_LOW(args[0]),
		RETURN_IF_NR(1234567, SECCOMP_RET_ALLOW),
		RETURN(r->value),
	};

	signal(SIGSYS, on_sigsys);
	if (attach(insns, ARRAY_SIZE(insns), once_flags | SECCOMP_FILTER_FLAG_LOG))
		return CHILD_SETUP;
	for (int i = 0; i < 4; i++)
		subject();
	return CHILD_OK;
}

TEST_F(once, each_action)
{
	static const uint32_t values[] = {
		SECCOMP_RET_TRAP, SECCOMP_RET_ERRNO | 5, SECCOMP_RET_USER_NOTIF,
		SECCOMP_RET_TRACE | 6, SECCOMP_RET_LOG | 7,
	};

	for (int i = 0; i < ARRAY_SIZE(values); i++) {
		for (int constant = 0; constant < 2; constant++) {
			struct repeated r = { values[i], constant };
			pid_t pid;

			ASSERT_TRUE(exited_with(run_child(repeat, &r, &pid),
						CHILD_OK));
			expect_summary(_metadata, &self->audit, pid, 1, 3);
		}
	}
}

static void *be_killed(void *arg)
{
	subject();
	return NULL;
}

static int lose_threads(const void *arg)
{
	pthread_t thread;

	if (attach_for(SUBJECT, SECCOMP_RET_KILL_THREAD, once_flags))
		return CHILD_SETUP;
	for (int i = 0; i < 3; i++)
		if (pthread_create(&thread, NULL, be_killed, NULL) ||
		    pthread_join(thread, NULL))
			return CHILD_SETUP;
	return CHILD_OK;
}

TEST_F(once, kill_thread)
{
	pid_t pid;

	ASSERT_TRUE(exited_with(run_child(lose_threads, NULL, &pid), CHILD_OK));
	expect_summary(_metadata, &self->audit, pid, 1, 2);
}

#ifdef __x86_64__
/* The filter returns what the call's argument says. */
static int attach_by_argument(unsigned int flags)
{
	struct sock_filter insns[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SUBJECT, 1, 0),
		RETURN(SECCOMP_RET_ALLOW),
		LOAD_LOW(args[0]),
		BPF_STMT(BPF_RET | BPF_A, 0),
	};

	return attach(insns, ARRAY_SIZE(insns), flags | SECCOMP_FILTER_FLAG_LOG);
}

/* What makes a call another: its convention, the action, and the data */
static int return_values(const void *arg)
{
	static const uint32_t values[] = {
		SECCOMP_RET_LOG, SECCOMP_RET_LOG | 1, SECCOMP_RET_LOG | 0xffff,
		SECCOMP_RET_ERRNO, SECCOMP_RET_ERRNO | 1,
		SECCOMP_RET_ERRNO | 4095, SECCOMP_RET_ERRNO | 4096,
	};

	if (attach_by_argument(once_flags))
		return CHILD_SETUP;
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < ARRAY_SIZE(values); i++)
			raw_call(SUBJECT, values[i], 0, 0, 0, 0, 0);
		/* by that number the other convention has iopl, which fails */
		int80(SUBJECT, SECCOMP_RET_ERRNO | 1);
	}
	return CHILD_OK;
}

TEST_F(once, other_values_and_conventions_are_other_calls)
{
	pid_t pid;

	ASSERT_TRUE(exited_with(run_child(return_values, NULL, &pid), CHILD_OK));
	expect_summary(_metadata, &self->audit, pid, 8, 8);
}

/* ... and what does not: all that the value does not depend on */
static int call_with_arguments(const void *arg)
{
	if (attach_for(SUBJECT, SECCOMP_RET_LOG, once_flags))
		return CHILD_SETUP;
	for (int i = 0; i < 5; i++)
		raw_call(SUBJECT, i, -i, 0, 0, 0, i);
	return CHILD_OK;
}

TEST_F(once, other_arguments_are_the_same_call)
{
	struct seccomp_record r;
	pid_t pid;

	ASSERT_TRUE(exited_with(run_child(call_with_arguments, NULL, &pid),
				CHILD_OK));
	/* the record has those of the first time */
	ASSERT_EQ(1, audit_collect_seccomp(&self->audit, pid, &r, 1));
	EXPECT_EQ(0, r.args[0]);
	expect_summary(_metadata, &self->audit, pid, 1, 4);
}

/*
 * More values than there is room for: what cannot be remembered is logged, and
 * nothing is left out that never was.
 */
#define VALUES		3000
#define ROOM		1024

static int return_many(const void *arg)
{
	if (attach_by_argument(once_flags))
		return CHILD_SETUP;
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < VALUES; i++)
			raw_call(SUBJECT, SECCOMP_RET_LOG | i, 0, 0, 0, 0, 0);
	return CHILD_OK;
}

TEST_F(once, a_full_memory_logs)
{
	struct audit *audit = &self->audit;
	struct filter_summary summary;
	static int found[VALUES];
	unsigned long long filter;
	int status;
	pid_t pid;

	pid = fork();
	if (!pid)
		_exit(return_many(NULL));
	/* read meanwhile */
	ASSERT_EQ(0, audit_await_filter(audit, pid, &filter));
	ASSERT_EQ(0, audit_await_summary(audit, filter, &summary));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_TRUE(exited_with(status, CHILD_OK));

	for_each_entry(audit, entry, ENTRY_CALL)
		if (entry->call.filter == filter && entry->call.retdata < VALUES)
			found[entry->call.retdata]++;
	for (int i = 0; i < VALUES; i++)
		EXPECT_LT(0, found[i]);

	EXPECT_EQ(0, summary.lost);
	EXPECT_EQ(summary.logged, audit_count(audit, ENTRY_CALL, filter));
	EXPECT_EQ(2 * VALUES, summary.logged + summary.left_out);
	/* it does remember, and no more than it has room for */
	EXPECT_LT(ROOM / 2, summary.left_out);
	EXPECT_GE(ROOM, summary.left_out);
}
#endif

/* Threads that make a new call in one moment: one record of each. */
#define THREADS		8
#define FIRST_NR	100
#define LAST_NR		190

static pthread_barrier_t together;

static void *call_together(void *arg)
{
	for (int nr = FIRST_NR; nr <= LAST_NR; nr++) {
		pthread_barrier_wait(&together);
		call_number(nr);
	}
	return NULL;
}

static int many_together(const void *arg)
{
	struct sock_filter insns[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FIRST_NR, 0, 2),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, LAST_NR, 1, 0),
		RETURN(SECCOMP_RET_ERRNO | EPERM),
		RETURN(SECCOMP_RET_ALLOW),
	};
	pthread_t threads[THREADS];

	/* the attach comes first */
	pthread_barrier_init(&together, NULL, THREADS + 1);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, call_together, NULL))
			return CHILD_SETUP;
	if (attach(insns, ARRAY_SIZE(insns), once_flags | SECCOMP_FILTER_FLAG_LOG |
					     SECCOMP_FILTER_FLAG_TSYNC))
		return CHILD_SETUP;
	for (int nr = FIRST_NR; nr <= LAST_NR; nr++)
		pthread_barrier_wait(&together);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	return CHILD_OK;
}

TEST_F(once, threads_at_once_make_one_record)
{
	const int calls = LAST_NR - FIRST_NR + 1;

	for (int i = 0; i < 4; i++) {
		int found[LAST_NR + 1] = {};
		pid_t pid;

		ASSERT_TRUE(exited_with(run_child(many_together, NULL, &pid),
					CHILD_OK));
		expect_summary(_metadata, &self->audit, pid, calls,
			       calls * (THREADS - 1));
		for_each_entry(&self->audit, entry, ENTRY_CALL)
			if (entry->call.pid == pid)
				found[entry->call.syscall]++;
		for (int nr = FIRST_NR; nr <= LAST_NR; nr++)
			EXPECT_EQ(1, found[nr]);
	}
}

/* The state belongs to the filter, not to the task. */
__attribute__((constructor)) static void other_program(int argc, char **argv)
{
	if (argc != 2 || strcmp(argv[1], "--call"))
		return;
	subject();
	_exit(CHILD_OK);
}

static int fork_and_become(const void *arg)
{
	int status;

	if (attach_for(SUBJECT, SECCOMP_RET_LOG, once_flags))
		return CHILD_SETUP;
	subject();
	if (!fork()) {
		subject();
		_exit(CHILD_OK);
	}
	wait(&status);
	execl("/proc/self/exe", "once_test", "--call", NULL);
	return CHILD_SETUP;
}

TEST_F(once, survives_fork_and_exec)
{
	pid_t pid;

	ASSERT_TRUE(exited_with(run_child(fork_and_become, NULL, &pid),
				CHILD_OK));
	expect_summary(_metadata, &self->audit, pid, 1, 2);
}

/* ... also if it was not used before */
static int become_first(const void *arg)
{
	if (attach_for(SUBJECT, SECCOMP_RET_LOG, once_flags))
		return CHILD_SETUP;
	if (!fork())
		execl("/proc/self/exe", "once_test", "--call", NULL);
	wait(NULL);
	execl("/proc/self/exe", "once_test", "--call", NULL);
	return CHILD_SETUP;
}

TEST_F(once, is_had_by_who_comes_later)
{
	unsigned long long filter = 0;
	pid_t pid;

	ASSERT_TRUE(exited_with(run_child(become_first, NULL, &pid), CHILD_OK));
	ASSERT_EQ(0, audit_await_all_summaries(&self->audit));
	for_each_entry(&self->audit, entry, ENTRY_LOGS)
		if (entry->logs.pid == pid)
			filter = entry->logs.filter;
	ASSERT_NE(0, filter);
	EXPECT_EQ(1, audit_count(&self->audit, ENTRY_CALL, filter));
}

static void *call_when_told(void *arg)
{
	pthread_barrier_wait(&together);
	subject();
	return NULL;
}

static int sync_threads(const void *arg)
{
	pthread_t threads[THREADS];

	pthread_barrier_init(&together, NULL, THREADS + 1);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, call_when_told, NULL))
			return CHILD_SETUP;
	if (attach_for(SUBJECT, SECCOMP_RET_LOG,
		       once_flags | SECCOMP_FILTER_FLAG_TSYNC))
		return CHILD_SETUP;
	subject();
	pthread_barrier_wait(&together);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	return CHILD_OK;
}

TEST_F(once, is_had_by_all_threads)
{
	pid_t pid;

	ASSERT_TRUE(exited_with(run_child(sync_threads, NULL, &pid), CHILD_OK));
	expect_summary(_metadata, &self->audit, pid, 1, THREADS);
}

/* Nobody is asked for a right. */
static int log_as_nobody(const void *arg)
{
	if (setuid(1001) || attach_for(SUBJECT, SECCOMP_RET_LOG, once_flags))
		return CHILD_SETUP;
	subject();
	subject();
	return CHILD_OK;
}

TEST_F(once, takes_no_privilege)
{
	pid_t pid;

	ASSERT_TRUE(exited_with(run_child(log_as_nobody, NULL, &pid), CHILD_OK));
	expect_summary(_metadata, &self->audit, pid, 1, 1);
}

/* What is not to be logged is not left out either. */
TEST_F(once, nothing_due_is_nothing_left_out)
{
	struct repeated r = { SECCOMP_RET_LOG, true };

	ASSERT_EQ(0, write_file(ACTIONS_LOGGED, "errno"));
	ASSERT_TRUE(exited_with(run_child(repeat, &r, NULL), CHILD_OK));
	ASSERT_EQ(0, write_file(ACTIONS_LOGGED, "log"));
	ASSERT_EQ(0, audit_await_all_summaries(&self->audit));
	/* the filter that audit_await_all_summaries() waits for */
	EXPECT_GE(2 + 1, self->audit.log_nr);
}

/*
 * A record that audit refused is not remembered. One record a second may pass,
 * until one did not; when all may pass the same call is logged.
 */
static int refuse_by_order(const void *arg)
{
	struct sock_filter insns[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FIRST_NR, 0, 2),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, LAST_NR, 1, 0),
		RETURN(SECCOMP_RET_ERRNO | EPERM),
		RETURN(SECCOMP_RET_ALLOW),
	};

	if (attach(insns, ARRAY_SIZE(insns), once_flags | SECCOMP_FILTER_FLAG_LOG))
		return CHILD_SETUP;
	return obey(arg);
}

TEST_F(once, a_refused_record_is_not_remembered)
{
	struct audit *audit = &self->audit;
	long long before, lost = 0, first;
	int nr = FIRST_NR, found = 0;
	struct filter_summary summary;
	unsigned long long filter;
	struct caller caller;

	ASSERT_TRUE(open_caller(&caller));
	caller.pid = fork();
	if (!caller.pid)
		_exit(refuse_by_order(&caller));

	/* so that the filter is announced */
	ASSERT_EQ(-EPERM, call_by(&caller, nr));
	ASSERT_EQ(0, audit_limit(audit, 8192, 0, 1));
	first = audit_lost(audit);
	ASSERT_LE(0, first);
	/* new ones, until one was refused */
	do {
		ASSERT_GT(LAST_NR, ++nr);
		before = audit_lost(audit);
		ASSERT_EQ(-EPERM, call_by(&caller, nr));
		lost = audit_lost(audit);
	} while (lost == before);
	EXPECT_EQ(before + 1, lost);
	/* refused again, unless a second has gone by */
	ASSERT_EQ(-EPERM, call_by(&caller, nr));
	lost = audit_lost(audit) - first;
	ASSERT_EQ(0, audit_limit(audit, 8192, 0, 0));
	/* then logged, and known */
	for (int i = 0; i < 3; i++)
		ASSERT_EQ(-EPERM, call_by(&caller, nr));

	close(caller.orders[1]);
	ASSERT_EQ(caller.pid, waitpid(caller.pid, NULL, 0));
	ASSERT_EQ(0, audit_await_all_summaries(audit));
	filter = audit_filter_of(audit, caller.pid);
	ASSERT_NE(0, filter);
	ASSERT_EQ(0, audit_await_summary(audit, filter, &summary));
	EXPECT_EQ(lost, summary.lost);
	expect_numbers(_metadata, audit, filter, &summary);
	EXPECT_LE(2, summary.left_out);
	EXPECT_GE(3, summary.left_out);
	for_each_entry(audit, entry, ENTRY_CALL)
		found += entry->call.filter == filter &&
			 entry->call.syscall == nr;
	EXPECT_EQ(1, found);
}

/*
 * A daemon is killed that has not read its records, and another one comes: each
 * kind is logged again, and then no more.
 */
#define KINDS		5

TEST_F_TIMEOUT(once, what_a_daemon_had_not_read_is_logged_again, 60)
{
	struct audit *audit = &self->audit;
	unsigned long long filter;
	struct filter_summary summary;
	struct caller caller;
	int records;

	ASSERT_TRUE(open_caller(&caller));
	caller.pid = fork();
	if (!caller.pid) {
		/* the daemon alone has it */
		close(audit->fd);
		_exit(refuse_by_order(&caller));
	}
	ASSERT_EQ(-EPERM, call_by(&caller, FIRST_NR));
	ASSERT_EQ(0, audit_await_filter(audit, caller.pid, &filter));
	for (int i = 1; i <= KINDS; i++)
		ASSERT_EQ(-EPERM, call_by(&caller, FIRST_NR + i));
	/* there is no event of their being sent */
	usleep(300 * 1000);
	ASSERT_EQ(0, audit_restart(audit));

	/* as long as it goes on, all of them come */
	do {
		int found[KINDS + 1] = {};

		for (int i = 1; i <= KINDS; i++)
			ASSERT_EQ(-EPERM, call_by(&caller, FIRST_NR + i));
		ASSERT_EQ(0, audit_read(audit));
		records = 0;
		for_each_entry(audit, entry, ENTRY_CALL)
			if (entry->call.filter == filter &&
			    entry->call.syscall > FIRST_NR)
				found[entry->call.syscall - FIRST_NR]++;
		for (int i = 1; i <= KINDS; i++) {
			EXPECT_GE(1, found[i]);
			records += found[i];
		}
	} while (records < KINDS);

	close(caller.orders[1]);
	ASSERT_EQ(caller.pid, waitpid(caller.pid, NULL, 0));
	ASSERT_EQ(0, audit_await_summary(audit, filter, &summary));
	EXPECT_EQ(0, summary.lost);
	EXPECT_LE(1 + 2 * KINDS, summary.logged);
	EXPECT_GE(2 + 2 * KINDS, summary.logged);
}

/* Without a daemon, a reader of the multicast group has it: that is once. */
static int log_often(const void *arg)
{
	if (attach_for(SUBJECT, SECCOMP_RET_LOG, once_flags))
		return CHILD_SETUP;
	for (int i = 0; i < 1500; i++)
		subject();
	return CHILD_OK;
}

TEST_F(once, what_a_reader_got_is_not_logged_again)
{
	struct audit *audit = &self->audit;
	struct filter_summary summary;
	unsigned long long filter;
	long long lost;
	pid_t pid;

	ASSERT_EQ(0, audit_leave(audit));
	ASSERT_EQ(0, audit_join_readers(audit));
	lost = audit_lost(audit);
	for (int i = 0; i < 20; i++) {
		ASSERT_TRUE(exited_with(run_child(log_often, NULL, &pid),
					CHILD_OK));
		ASSERT_EQ(0, audit_await_filter(audit, pid, &filter));
		ASSERT_EQ(0, audit_await_summary(audit, filter, &summary));
		EXPECT_EQ(1, audit_count(audit, ENTRY_CALL, filter));
		EXPECT_EQ(1, summary.logged);
		EXPECT_EQ(1499, summary.left_out);
		EXPECT_EQ(0, summary.lost);
	}
	EXPECT_EQ(lost, audit_lost(audit));
}

/* The sysctl counts from the next call on, both ways. */
FIXTURE_WITH_AUDIT(once_sysctl)

static int log_by_order(const void *arg)
{
	if (attach_for(SUBJECT, SECCOMP_RET_LOG, once_flags))
		return CHILD_SETUP;
	return obey(arg);
}

TEST_F(once_sysctl, can_be_set_and_cleared)
{
	static const struct {
		const char *actions;
		int logged;	/* of three */
	} steps[] = {
		{ "\n", 3 },
		{ "log", 1 },
		{ "errno log", 0 },
		{ "errno", 3 },
		{ "log", 0 },
		{ "\n", 3 },
	};
	int logged = 0, left_out = 0;
	struct caller caller;

	ASSERT_TRUE(open_caller(&caller));
	caller.pid = fork();
	if (!caller.pid)
		_exit(log_by_order(&caller));

	for (int i = 0; i < ARRAY_SIZE(steps); i++) {
		ASSERT_EQ(0, write_file(LOGGED_ONCE, steps[i].actions));
		for (int n = 0; n < 3; n++)
			ASSERT_EQ(getpid(), call_by(&caller, SUBJECT));
		EXPECT_EQ(steps[i].logged,
			  audit_collect_seccomp(&self->audit, caller.pid, NULL,
						0)) {
			TH_LOG("step %d", i);
		}
		logged += steps[i].logged;
		left_out += 3 - steps[i].logged;
	}

	close(caller.orders[1]);
	ASSERT_EQ(caller.pid, waitpid(caller.pid, NULL, 0));
	expect_summary(_metadata, &self->audit, caller.pid, logged, left_out);
}

/* ... but what a filter's own flag says stays. */
TEST_F(once_sysctl, does_not_clear_the_flag)
{
	struct repeated r = { SECCOMP_RET_LOG, true };
	pid_t pid;

	once_flags = SECCOMP_FILTER_FLAG_LOG_ONCE;
	ASSERT_EQ(0, write_file(LOGGED_ONCE, "errno"));
	ASSERT_EQ(0, write_file(LOGGED_ONCE, "\n"));
	ASSERT_TRUE(exited_with(run_child(repeat, &r, &pid), CHILD_OK));
	expect_summary(_metadata, &self->audit, pid, 1, 3);
}

TEST_F(once_sysctl, is_for_the_actions_that_it_has)
{
	struct repeated r = { SECCOMP_RET_ERRNO | 5, true };
	pid_t pid;

	ASSERT_EQ(0, write_file(LOGGED_ONCE, "kill_process kill_thread trap user_notif trace log"));
	ASSERT_TRUE(exited_with(run_child(repeat, &r, &pid), CHILD_OK));
	expect_summary(_metadata, &self->audit, pid, 4, 0);
}

/*
 * A filter quietens itself alone. Both say something of one call, that is made
 * three times:
 */
FIXTURE(family) {
	struct audit audit;
};

#define ONCE	SECCOMP_FILTER_FLAG_LOG_ONCE
#define LOG	SECCOMP_FILTER_FLAG_LOG

struct says {
	uint32_t value;
	unsigned int flags;
	bool constant;	/* by the call's number alone */
};

FIXTURE_VARIANT(family) {
	struct says older;
	struct says newer;
	int records;
};

/* the older one decides, and is not quiet */
FIXTURE_VARIANT_ADD(family, older_logs_newer_allows) {
	{ SECCOMP_RET_LOG, 0 }, { SECCOMP_RET_ALLOW, ONCE }, 3,
};

FIXTURE_VARIANT_ADD(family, older_denies_newer_logs) {
	{ SECCOMP_RET_ERRNO, LOG }, { SECCOMP_RET_LOG, ONCE }, 3,
};

/* the newer one decides, and is quiet */
FIXTURE_VARIANT_ADD(family, older_allows_newer_logs) {
	{ SECCOMP_RET_ALLOW, LOG }, { SECCOMP_RET_LOG, ONCE }, 1,
};

FIXTURE_VARIANT_ADD(family, older_logs_newer_denies) {
	{ SECCOMP_RET_LOG, 0 }, { SECCOMP_RET_ERRNO, LOG | ONCE }, 1,
};

/* the older one is quiet, and says nothing of the newer one's records */
FIXTURE_VARIANT_ADD(family, older_once_newer_denies) {
	{ SECCOMP_RET_LOG, ONCE }, { SECCOMP_RET_ERRNO, LOG }, 3,
};

FIXTURE_VARIANT_ADD(family, older_once_newer_allows) {
	{ SECCOMP_RET_LOG, ONCE }, { SECCOMP_RET_ALLOW, 0 }, 1,
};

/* both want it logged, and the newer one alone is quiet */
FIXTURE_VARIANT_ADD(family, both_log_older_each_time) {
	{ SECCOMP_RET_LOG, 0 }, { SECCOMP_RET_LOG, ONCE }, 3,
};

FIXTURE_VARIANT_ADD(family, both_log_newer_each_time) {
	{ SECCOMP_RET_LOG, ONCE }, { SECCOMP_RET_LOG, 0 }, 3,
};

FIXTURE_VARIANT_ADD(family, both_log_both_once) {
	{ SECCOMP_RET_LOG, ONCE }, { SECCOMP_RET_LOG, ONCE }, 1,
};

FIXTURE_VARIANT_ADD(family, both_deny_older_each_time) {
	{ SECCOMP_RET_ERRNO, LOG }, { SECCOMP_RET_ERRNO, LOG | ONCE }, 3,
};

/* the older one wants no record, so none of its is missing */
FIXTURE_VARIANT_ADD(family, both_deny_older_does_not_ask) {
	{ SECCOMP_RET_ERRNO, 0 }, { SECCOMP_RET_ERRNO, LOG | ONCE }, 1,
};

FIXTURE_SETUP(family)
{
	ASSERT_EQ(0, audit_open(&self->audit));
}

FIXTURE_TEARDOWN(family)
{
	audit_close(&self->audit);
}

static int attach_either(const struct says *says)
{
	struct sock_filter insns[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SUBJECT, 1, 0),
		RETURN(SECCOMP_RET_ALLOW),
		LOAD_LOW(args[0]),
		RETURN_IF_NR(1234567, SECCOMP_RET_ALLOW),
		RETURN(says->value),
	};

	if (says->constant)
		return attach_for(SUBJECT, says->value, says->flags);
	return attach(insns, ARRAY_SIZE(insns), says->flags);
}

static int call_thrice(const void *arg)
{
	const struct says *both = arg;

	if (attach_either(&both[0]) || attach_either(&both[1]))
		return CHILD_SETUP;
	for (int i = 0; i < 3; i++)
		subject();
	return CHILD_OK;
}

TEST_F(family, a_filter_quietens_itself_alone)
{
	for (int i = 0; i < 4; i++) {
		struct says both[] = { variant->older, variant->newer };
		pid_t pid;

		both[0].constant = i & 1;
		both[1].constant = i & 2;
		ASSERT_TRUE(exited_with(run_child(call_thrice, both, &pid),
					CHILD_OK));
		EXPECT_EQ(variant->records,
			  audit_collect_seccomp(&self->audit, pid, NULL, 0)) {
			TH_LOG("constant %d %d", i & 1, i & 2);
		}
	}
}

TEST_HARNESS_MAIN
