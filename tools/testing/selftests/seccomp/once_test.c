// SPDX-License-Identifier: GPL-2.0
/*
 * Log-once: a filter logs a system call once for each value that it returns for
 * it, and counts the others. A flag of the filter enables it, or a sysctl for
 * all filters.
 */
#include "common.h"

#include <pthread.h>

#include "audit.h"
#include "../kselftest_harness.h"

#define ALL_ACTIONS	ACTIONS_DEFAULT

/* The two ways to enable it */
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

/* The summary of the filter of the first record of a process */
static void expect_summary(struct __test_metadata *_metadata,
			   struct audit *audit, pid_t pid,
			   unsigned int logged, unsigned int left_out)
{
	struct filter_summary summary;
	unsigned long long filter;

	ASSERT_EQ(0, audit_await_all_summaries(audit));
	filter = audit_first_filter(audit, pid);
	ASSERT_NE(0, filter);
	ASSERT_EQ(0, audit_await_summary(audit, filter, &summary));
	EXPECT_EQ(logged, summary.logged);
	EXPECT_EQ(left_out, summary.left_out);
	EXPECT_EQ(0, summary.lost);
	EXPECT_EQ(summary.logged, audit_count(audit, ENTRY_SECCOMP, filter));
}

/* The log has all records of a filter but those that were lost. */
static void expect_seqs(struct __test_metadata *_metadata,
			struct audit *audit, unsigned long long filter,
			const struct filter_summary *summary)
{
	unsigned long long missing;

	EXPECT_EQ(summary->logged - summary->lost,
		  audit_count_seqs(audit, filter, summary->logged, &missing));
}

/*
 * All actions that can be repeated, four times. Constant return values have
 * other log-once entries than those that depend on an argument.
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
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TEST_NR, 1, 0),
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
		test_syscall();
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
	test_syscall();
	return NULL;
}

static int be_killed_in_threads(const void *arg)
{
	pthread_t thread;

	if (attach_for(TEST_NR, SECCOMP_RET_KILL_THREAD, once_flags))
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

	ASSERT_TRUE(exited_with(run_child(be_killed_in_threads, NULL, &pid),
				CHILD_OK));
	expect_summary(_metadata, &self->audit, pid, 1, 2);
}

/* The filter returns the value that the first argument has. */
static int attach_by_argument(unsigned int flags)
{
	struct sock_filter insns[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TEST_NR, 1, 0),
		RETURN(SECCOMP_RET_ALLOW),
		LOAD_LOW(args[0]),
		BPF_STMT(BPF_RET | BPF_A, 0),
	};

	return attach(insns, ARRAY_SIZE(insns), flags | SECCOMP_FILTER_FLAG_LOG);
}

/* A different ABI, action or data makes a different key. */
#ifdef __x86_64__
#define KEYS	8
#else
#define KEYS	7
#endif

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
			raw_syscall(TEST_NR, values[i], 0, 0, 0, 0, 0);
#ifdef __x86_64__
		/* the same number is iopl of i386, which fails */
		int80(TEST_NR, SECCOMP_RET_ERRNO | 1);
#endif
	}
	return CHILD_OK;
}

TEST_F(once, key_has_value_and_abi)
{
	pid_t pid;

	ASSERT_TRUE(exited_with(run_child(return_values, NULL, &pid), CHILD_OK));
	expect_summary(_metadata, &self->audit, pid, KEYS, KEYS);
}

/* Arguments on which the value does not depend make no difference. */
static int call_with_arguments(const void *arg)
{
	if (attach_for(TEST_NR, SECCOMP_RET_LOG, once_flags))
		return CHILD_SETUP;
	for (int i = 0; i < 5; i++)
		raw_syscall(TEST_NR, i, -i, 0, 0, 0, i);
	return CHILD_OK;
}

TEST_F(once, key_does_not_have_arguments)
{
	struct seccomp_record r;
	pid_t pid;

	ASSERT_TRUE(exited_with(run_child(call_with_arguments, NULL, &pid),
				CHILD_OK));
	/* the record has the arguments of the first call */
	ASSERT_EQ(1, audit_collect_seccomp(&self->audit, pid, &r, 1));
	EXPECT_EQ(0, r.args[0]);
	expect_summary(_metadata, &self->audit, pid, 1, 4);
}

/*
 * More values than there are slots: calls without a slot are logged each time,
 * and each value is logged at least once.
 */
#define VALUES		3000
#define SLOTS		1024

static int return_many_values(const void *arg)
{
	if (attach_by_argument(once_flags))
		return CHILD_SETUP;
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < VALUES; i++)
			raw_syscall(TEST_NR, SECCOMP_RET_LOG | i, 0, 0, 0, 0,
				    0);
	return CHILD_OK;
}

TEST_F_TIMEOUT(once, logs_if_slots_are_full, 120)
{
	struct audit *audit = &self->audit;
	struct filter_summary summary;
	static int found[VALUES];
	unsigned long long filter;
	int status;
	pid_t pid;

	pid = fork();
	if (!pid)
		_exit(return_many_values(NULL));
	/* read while the child logs */
	ASSERT_EQ(0, audit_await_filter(audit, pid, &filter));
	ASSERT_EQ(0, audit_await_summary(audit, filter, &summary));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_TRUE(exited_with(status, CHILD_OK));

	for_each_entry(audit, entry, ENTRY_SECCOMP)
		if (entry->seccomp.filter == filter &&
		    entry->seccomp.retdata < VALUES)
			found[entry->seccomp.retdata]++;
	for (int i = 0; i < VALUES; i++)
		EXPECT_LT(0, found[i]);

	EXPECT_EQ(0, summary.lost);
	EXPECT_EQ(summary.logged, audit_count(audit, ENTRY_SECCOMP, filter));
	EXPECT_EQ(2 * VALUES, summary.logged + summary.left_out);
	/* slots are used, and there are no more than that */
	EXPECT_LT(SLOTS / 2, summary.left_out);
	EXPECT_GE(SLOTS, summary.left_out);
}

/*
 * If threads make the same new call at the same time, there is one record.
 * On no architecture does libc make one of these calls, but at the start of a
 * thread.
 */
#define THREADS		8
#define FIRST_NR	336
#define LAST_NR		426

static pthread_barrier_t together;

static void *call_together(void *arg)
{
	/* started, and not under the filter yet */
	pthread_barrier_wait(&together);
	for (int nr = FIRST_NR; nr <= LAST_NR; nr++) {
		pthread_barrier_wait(&together);
		raw_syscall0(nr);
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

	pthread_barrier_init(&together, NULL, THREADS + 1);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, call_together, NULL))
			return CHILD_SETUP;
	pthread_barrier_wait(&together);
	if (attach(insns, ARRAY_SIZE(insns), once_flags | SECCOMP_FILTER_FLAG_LOG |
					     SECCOMP_FILTER_FLAG_TSYNC))
		return CHILD_SETUP;
	for (int nr = FIRST_NR; nr <= LAST_NR; nr++)
		pthread_barrier_wait(&together);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	return CHILD_OK;
}

TEST_F(once, concurrent_threads_make_one_record)
{
	const int calls = LAST_NR - FIRST_NR + 1;

	for (int i = 0; i < 4; i++) {
		int found[LAST_NR + 1] = {};
		pid_t pid;

		ASSERT_TRUE(exited_with(run_child(many_together, NULL, &pid),
					CHILD_OK));
		expect_summary(_metadata, &self->audit, pid, calls,
			       calls * (THREADS - 1));
		for_each_entry(&self->audit, entry, ENTRY_SECCOMP)
			if (entry->seccomp.pid == pid)
				found[entry->seccomp.syscall]++;
		for (int nr = FIRST_NR; nr <= LAST_NR; nr++)
			EXPECT_EQ(1, found[nr]);
	}
}

/* The state belongs to the filter, not to the task. */
__attribute__((constructor)) static void other_program(int argc, char **argv)
{
	if (argc != 2 || strcmp(argv[1], "--call"))
		return;
	test_syscall();
	_exit(CHILD_OK);
}

static int fork_and_exec(const void *arg)
{
	int status;

	if (attach_for(TEST_NR, SECCOMP_RET_LOG, once_flags))
		return CHILD_SETUP;
	test_syscall();
	if (!fork()) {
		test_syscall();
		_exit(CHILD_OK);
	}
	wait(&status);
	execl("/proc/self/exe", "once_test", "--call", NULL);
	return CHILD_SETUP;
}

TEST_F(once, survives_fork_and_exec)
{
	pid_t pid;

	ASSERT_TRUE(exited_with(run_child(fork_and_exec, NULL, &pid),
				CHILD_OK));
	expect_summary(_metadata, &self->audit, pid, 1, 2);
}

/* ... also if the filter had not logged before the fork */
static int exec_before_use(const void *arg)
{
	if (attach_for(TEST_NR, SECCOMP_RET_LOG, once_flags))
		return CHILD_SETUP;
	if (!fork())
		execl("/proc/self/exe", "once_test", "--call", NULL);
	wait(NULL);
	execl("/proc/self/exe", "once_test", "--call", NULL);
	return CHILD_SETUP;
}

TEST_F(once, survives_fork_and_exec_before_first_use)
{
	unsigned long long filter = 0;
	pid_t pid;

	ASSERT_TRUE(exited_with(run_child(exec_before_use, NULL, &pid),
				CHILD_OK));
	ASSERT_EQ(0, audit_await_all_summaries(&self->audit));
	for_each_entry(&self->audit, entry, ENTRY_LOGS)
		if (entry->logs.pid == pid)
			filter = entry->logs.filter;
	ASSERT_NE(0, filter);
	EXPECT_EQ(1, audit_count(&self->audit, ENTRY_SECCOMP, filter));
}

static void *call_after_barrier(void *arg)
{
	pthread_barrier_wait(&together);
	test_syscall();
	return NULL;
}

static int sync_threads(const void *arg)
{
	pthread_t threads[THREADS];

	pthread_barrier_init(&together, NULL, THREADS + 1);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, call_after_barrier, NULL))
			return CHILD_SETUP;
	if (attach_for(TEST_NR, SECCOMP_RET_LOG,
		       once_flags | SECCOMP_FILTER_FLAG_TSYNC))
		return CHILD_SETUP;
	test_syscall();
	pthread_barrier_wait(&together);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	return CHILD_OK;
}

TEST_F(once, is_shared_by_all_threads)
{
	pid_t pid;

	ASSERT_TRUE(exited_with(run_child(sync_threads, NULL, &pid), CHILD_OK));
	expect_summary(_metadata, &self->audit, pid, 1, THREADS);
}

/* A user without capabilities can enable it. */
static int log_without_capability(const void *arg)
{
	if (setuid(1001) || attach_for(TEST_NR, SECCOMP_RET_LOG, once_flags))
		return CHILD_SETUP;
	test_syscall();
	test_syscall();
	return CHILD_OK;
}

TEST_F(once, needs_no_privilege)
{
	pid_t pid;

	ASSERT_TRUE(exited_with(run_child(log_without_capability, NULL, &pid),
				CHILD_OK));
	expect_summary(_metadata, &self->audit, pid, 1, 1);
}

/* If an action is not logged at all, its calls do not count as left out. */
TEST_F(once, not_logged_is_not_left_out)
{
	struct repeated r = { SECCOMP_RET_LOG, true };
	int earlier;

	/* those of filters of earlier tests, too */
	ASSERT_EQ(0, audit_await_all_summaries(&self->audit));
	earlier = self->audit.log_nr;

	ASSERT_EQ(0, write_file(ACTIONS_LOGGED, "errno"));
	ASSERT_TRUE(exited_with(run_child(repeat, &r, NULL), CHILD_OK));
	ASSERT_EQ(0, write_file(ACTIONS_LOGGED, "log"));
	ASSERT_EQ(0, audit_await_all_summaries(&self->audit));
	/* the filter that audit_await_all_summaries() uses */
	EXPECT_GE(earlier + 2 + 1, self->audit.log_nr);
}

/*
 * If audit refuses a record, the next such call is logged. The rate limit is
 * one record a second until a record is lost; then it is removed.
 */
static int attach_and_serve(const void *arg)
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
	return caller_loop(arg);
}

TEST_F(once, refused_record_is_logged_again)
{
	struct audit *audit = &self->audit;
	long long before, lost = 0, first;
	int nr = FIRST_NR, found = 0;
	struct filter_summary summary;
	unsigned long long filter;
	struct caller caller;

	ASSERT_TRUE(caller_open(&caller));
	caller.pid = fork();
	if (!caller.pid)
		_exit(attach_and_serve(&caller));

	/* The record about the attacher must not be among those refused. */
	ASSERT_EQ(-EPERM, caller_syscall(&caller, nr));
	ASSERT_EQ(0, audit_await_attacher(audit, caller.pid, &filter));
	ASSERT_EQ(0, audit_set_limits(audit, 8192, 0, 1));
	first = audit_lost(audit);
	ASSERT_LE(0, first);
	/* other calls, until a record is refused */
	do {
		ASSERT_GT(LAST_NR, ++nr);
		before = audit_lost(audit);
		ASSERT_EQ(-EPERM, caller_syscall(&caller, nr));
		lost = audit_lost(audit);
	} while (lost == before);
	EXPECT_EQ(before + 1, lost);
	/* refused again, unless a second has passed */
	ASSERT_EQ(-EPERM, caller_syscall(&caller, nr));
	lost = audit_lost(audit) - first;
	ASSERT_EQ(0, audit_set_limits(audit, 8192, 0, 0));
	/* logged once */
	for (int i = 0; i < 3; i++)
		ASSERT_EQ(-EPERM, caller_syscall(&caller, nr));

	close(caller.requests[1]);
	ASSERT_EQ(caller.pid, waitpid(caller.pid, NULL, 0));
	ASSERT_EQ(0, audit_await_all_summaries(audit));
	ASSERT_EQ(0, audit_await_summary(audit, filter, &summary));
	EXPECT_EQ(lost, summary.lost);
	expect_seqs(_metadata, audit, filter, &summary);
	EXPECT_LE(2, summary.left_out);
	EXPECT_GE(3, summary.left_out);
	for_each_entry(audit, entry, ENTRY_SECCOMP)
		found += entry->seccomp.filter == filter &&
			 entry->seccomp.syscall == nr;
	EXPECT_EQ(1, found);
}

/*
 * The daemon is killed before it has read its records, and another one starts:
 * each system call is logged once more.
 */
#define KINDS		5

TEST_F_TIMEOUT(once, unread_records_are_logged_again, 60)
{
	struct audit *audit = &self->audit;
	unsigned long long filter;
	struct filter_summary summary;
	struct caller caller;
	int records;

	ASSERT_TRUE(caller_open(&caller));
	caller.pid = fork();
	if (!caller.pid) {
		/* only the daemon has the socket */
		close(audit->fd);
		_exit(attach_and_serve(&caller));
	}
	ASSERT_EQ(-EPERM, caller_syscall(&caller, FIRST_NR));
	ASSERT_EQ(0, audit_await_filter(audit, caller.pid, &filter));
	for (int i = 1; i <= KINDS; i++)
		ASSERT_EQ(-EPERM, caller_syscall(&caller, FIRST_NR + i));
	/* no event tells that they are sent */
	usleep(300 * 1000);
	ASSERT_EQ(0, audit_restart_daemon(audit));

	/* if the calls are repeated, all of them are logged */
	do {
		int found[KINDS + 1] = {};

		for (int i = 1; i <= KINDS; i++)
			ASSERT_EQ(-EPERM,
				  caller_syscall(&caller, FIRST_NR + i));
		ASSERT_EQ(0, audit_read(audit));
		records = 0;
		for_each_entry(audit, entry, ENTRY_SECCOMP)
			if (entry->seccomp.filter == filter &&
			    entry->seccomp.syscall > FIRST_NR)
				found[entry->seccomp.syscall - FIRST_NR]++;
		for (int i = 1; i <= KINDS; i++) {
			EXPECT_GE(1, found[i]);
			records += found[i];
		}
	} while (records < KINDS);

	close(caller.requests[1]);
	ASSERT_EQ(caller.pid, waitpid(caller.pid, NULL, 0));
	ASSERT_EQ(0, audit_await_summary(audit, filter, &summary));
	EXPECT_EQ(0, summary.lost);
	EXPECT_LE(1 + 2 * KINDS, summary.logged);
	EXPECT_GE(2 + 2 * KINDS, summary.logged);
}

/* Without a daemon, a record that multicast readers got is not logged again. */
static int log_often(const void *arg)
{
	if (attach_for(TEST_NR, SECCOMP_RET_LOG, once_flags))
		return CHILD_SETUP;
	for (int i = 0; i < 1500; i++)
		test_syscall();
	return CHILD_OK;
}

TEST_F(once, multicast_records_are_not_logged_again)
{
	struct audit *audit = &self->audit;
	struct filter_summary summary;
	unsigned long long filter;
	long long lost;
	pid_t pid;

	ASSERT_EQ(0, audit_unregister(audit));
	ASSERT_EQ(0, audit_join_multicast(audit));
	lost = audit_lost(audit);
	for (int i = 0; i < 20; i++) {
		ASSERT_TRUE(exited_with(run_child(log_often, NULL, &pid),
					CHILD_OK));
		ASSERT_EQ(0, audit_await_filter(audit, pid, &filter));
		ASSERT_EQ(0, audit_await_summary(audit, filter, &summary));
		EXPECT_EQ(1, audit_count(audit, ENTRY_SECCOMP, filter));
		EXPECT_EQ(1, summary.logged);
		EXPECT_EQ(1499, summary.left_out);
		EXPECT_EQ(0, summary.lost);
	}
	EXPECT_EQ(lost, audit_lost(audit));
}

/* Setting or clearing the sysctl takes effect at the next system call. */
FIXTURE_WITH_AUDIT(once_sysctl)

static int log_and_serve(const void *arg)
{
	if (attach_for(TEST_NR, SECCOMP_RET_LOG, once_flags))
		return CHILD_SETUP;
	return caller_loop(arg);
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

	ASSERT_TRUE(caller_open(&caller));
	caller.pid = fork();
	if (!caller.pid)
		_exit(log_and_serve(&caller));

	for (int i = 0; i < ARRAY_SIZE(steps); i++) {
		ASSERT_EQ(0, write_file(LOGGED_ONCE, steps[i].actions));
		for (int n = 0; n < 3; n++)
			ASSERT_EQ(getpid(), caller_syscall(&caller, TEST_NR));
		EXPECT_EQ(steps[i].logged,
			  audit_collect_seccomp(&self->audit, caller.pid, NULL,
						0)) {
			TH_LOG("step %d", i);
		}
		logged += steps[i].logged;
		left_out += 3 - steps[i].logged;
	}

	close(caller.requests[1]);
	ASSERT_EQ(caller.pid, waitpid(caller.pid, NULL, 0));
	expect_summary(_metadata, &self->audit, caller.pid, logged, left_out);
}

/* Clearing the sysctl does not change a filter that has the flag. */
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

TEST_F(once_sysctl, applies_to_listed_actions_only)
{
	struct repeated r = { SECCOMP_RET_ERRNO | 5, true };
	pid_t pid;

	ASSERT_EQ(0, write_file(LOGGED_ONCE, "kill_process kill_thread trap user_notif trace log"));
	ASSERT_TRUE(exited_with(run_child(repeat, &r, &pid), CHILD_OK));
	expect_summary(_metadata, &self->audit, pid, 4, 0);
}

/*
 * The flag reduces the records of its own filter only. Each variant has two
 * filters and the number of records of a system call that is made three times.
 */
FIXTURE(two_filters) {
	struct audit audit;
};

#define ONCE	SECCOMP_FILTER_FLAG_LOG_ONCE
#define LOG	SECCOMP_FILTER_FLAG_LOG

struct filter_spec {
	uint32_t value;
	unsigned int flags;
	bool constant;	/* the value depends on the number only */
};

FIXTURE_VARIANT(two_filters) {
	struct filter_spec older;
	struct filter_spec newer;
	int records;
};

/* the older one decides, without the flag */
FIXTURE_VARIANT_ADD(two_filters, older_logs_newer_allows) {
	{ SECCOMP_RET_LOG, 0 }, { SECCOMP_RET_ALLOW, ONCE }, 3,
};

FIXTURE_VARIANT_ADD(two_filters, older_denies_newer_logs) {
	{ SECCOMP_RET_ERRNO, LOG }, { SECCOMP_RET_LOG, ONCE }, 3,
};

/* the newer one decides, with the flag */
FIXTURE_VARIANT_ADD(two_filters, older_allows_newer_logs) {
	{ SECCOMP_RET_ALLOW, LOG }, { SECCOMP_RET_LOG, ONCE }, 1,
};

FIXTURE_VARIANT_ADD(two_filters, older_logs_newer_denies) {
	{ SECCOMP_RET_LOG, 0 }, { SECCOMP_RET_ERRNO, LOG | ONCE }, 1,
};

/* the older one has the flag */
FIXTURE_VARIANT_ADD(two_filters, older_once_newer_denies) {
	{ SECCOMP_RET_LOG, ONCE }, { SECCOMP_RET_ERRNO, LOG }, 3,
};

FIXTURE_VARIANT_ADD(two_filters, older_once_newer_allows) {
	{ SECCOMP_RET_LOG, ONCE }, { SECCOMP_RET_ALLOW, 0 }, 1,
};

/* both log it */
FIXTURE_VARIANT_ADD(two_filters, both_log_older_each_time) {
	{ SECCOMP_RET_LOG, 0 }, { SECCOMP_RET_LOG, ONCE }, 3,
};

FIXTURE_VARIANT_ADD(two_filters, both_log_newer_each_time) {
	{ SECCOMP_RET_LOG, ONCE }, { SECCOMP_RET_LOG, 0 }, 3,
};

FIXTURE_VARIANT_ADD(two_filters, both_log_both_once) {
	{ SECCOMP_RET_LOG, ONCE }, { SECCOMP_RET_LOG, ONCE }, 1,
};

FIXTURE_VARIANT_ADD(two_filters, both_deny_older_each_time) {
	{ SECCOMP_RET_ERRNO, LOG }, { SECCOMP_RET_ERRNO, LOG | ONCE }, 3,
};

/* the older one does not log, so it needs no records */
FIXTURE_VARIANT_ADD(two_filters, both_deny_older_does_not_log) {
	{ SECCOMP_RET_ERRNO, 0 }, { SECCOMP_RET_ERRNO, LOG | ONCE }, 1,
};

FIXTURE_SETUP(two_filters)
{
	ASSERT_EQ(0, audit_open(&self->audit));
}

FIXTURE_TEARDOWN(two_filters)
{
	audit_close(&self->audit);
}

static int attach_spec(const struct filter_spec *spec)
{
	struct sock_filter insns[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TEST_NR, 1, 0),
		RETURN(SECCOMP_RET_ALLOW),
		LOAD_LOW(args[0]),
		RETURN_IF_NR(1234567, SECCOMP_RET_ALLOW),
		RETURN(spec->value),
	};

	if (spec->constant)
		return attach_for(TEST_NR, spec->value, spec->flags);
	return attach(insns, ARRAY_SIZE(insns), spec->flags);
}

static int call_three_times(const void *arg)
{
	const struct filter_spec *both = arg;

	if (attach_spec(&both[0]) || attach_spec(&both[1]))
		return CHILD_SETUP;
	for (int i = 0; i < 3; i++)
		test_syscall();
	return CHILD_OK;
}

TEST_F(two_filters, flag_is_for_its_own_filter_only)
{
	for (int i = 0; i < 4; i++) {
		struct filter_spec both[] = { variant->older, variant->newer };
		pid_t pid;

		both[0].constant = i & 1;
		both[1].constant = i & 2;
		ASSERT_TRUE(exited_with(run_child(call_three_times, both, &pid),
					CHILD_OK));
		EXPECT_EQ(variant->records,
			  audit_collect_seccomp(&self->audit, pid, NULL, 0)) {
			TH_LOG("constant %d %d", i & 1, i & 2);
		}
	}
}

FIXTURE_WITH_AUDIT(full_table)

/* Denies MANY numbers from @first on, each with another error */
#define MANY	32
static int attach_many_answers(unsigned int first)
{
	struct sock_filter insns[2 * MANY + 2] = { LOAD(nr) };
	unsigned int n = 1;

	for (unsigned int nr = first; nr < first + MANY; nr++) {
		insns[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1);
		insns[n++] = (struct sock_filter)RETURN(SECCOMP_RET_ERRNO | nr);
	}
	insns[n] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
	return attach(insns, ARRAY_SIZE(insns), 0);
}

static int call_above_many_answers(const void *arg)
{
	if (attach_for(TEST_NR, SECCOMP_RET_LOG, 0) ||
	    attach_for(TEST_NR, SECCOMP_RET_LOG, ONCE))
		return CHILD_SETUP;
	/* numbers that no architecture needs here */
	if (attach_many_answers(0) || attach_many_answers(MANY) ||
	    attach_for(TEST_NR, SECCOMP_RET_LOG, ONCE))
		return CHILD_SETUP;
	for (int i = 0; i < 3; i++)
		test_syscall();
	return CHILD_OK;
}

/* The oldest of the filters logs each time, so the newest cannot reduce that. */
TEST_F(full_table, does_not_hide_the_filters_below)
{
	pid_t pid;

	ASSERT_TRUE(exited_with(run_child(call_above_many_answers, NULL, &pid),
				CHILD_OK));
	EXPECT_EQ(3, audit_collect_seccomp(&self->audit, pid, NULL, 0));
}

TEST_HARNESS_MAIN
