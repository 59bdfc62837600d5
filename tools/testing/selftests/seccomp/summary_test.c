// SPDX-License-Identifier: GPL-2.0
/*
 * The summaries of filters: what they say of the calls, and that they come
 * also if audit refuses them at first.
 */
#include "common.h"

#include "audit.h"
#include "kernel_log.h"
#include "../kselftest_harness.h"

FIXTURE_WITH_AUDIT(summary)

/* Audit takes one record a second, and that was another filter's. */
static int log_by_order(const void *arg)
{
	if (attach_for(SUBJECT, SECCOMP_RET_LOG, 0))
		return CHILD_SETUP;
	return obey(arg);
}

static void start_caller(struct __test_metadata *_metadata,
			 struct caller *caller)
{
	ASSERT_TRUE(open_caller(caller));
	caller->pid = fork();
	if (!caller->pid)
		_exit(log_by_order(caller));
}

static void stop_caller(struct __test_metadata *_metadata,
			struct caller *caller)
{
	kill(caller->pid, SIGKILL);
	ASSERT_EQ(caller->pid, waitpid(caller->pid, NULL, 0));
}

static void use_up(struct __test_metadata *_metadata, struct audit *audit,
		   struct caller *other)
{
	long long before;

	ASSERT_EQ(0, audit_limit(audit, 8192, 0, 1));
	do {
		before = audit_lost(audit);
		ASSERT_LT(0, call_by(other, SUBJECT));
	} while (audit_lost(audit) == before);
}

TEST_F(summary, what_audit_refuses_comes_later)
{
	struct audit *audit = &self->audit;
	struct filter_summary summary;
	struct caller caller, other;
	unsigned long long filter, missing;
	long long lost;

	start_caller(_metadata, &caller);
	start_caller(_metadata, &other);
	ASSERT_LT(0, call_by(&caller, SUBJECT));
	ASSERT_EQ(0, audit_await_filter(audit, caller.pid, &filter));

	use_up(_metadata, audit, &other);
	lost = audit_lost(audit);
	ASSERT_LT(0, call_by(&caller, SUBJECT));
	EXPECT_EQ(lost + 1, audit_lost(audit));
	stop_caller(_metadata, &caller);
	/* until the summary was refused, or a second had gone by */
	while (audit_lost(audit) == lost + 1 &&
	       !audit_count(audit, ENTRY_GONE, filter))
		audit_read_within(audit, 10);
	ASSERT_EQ(0, audit_limit(audit, 8192, 0, 0));

	ASSERT_EQ(0, audit_await_summary(audit, filter, &summary));
	EXPECT_EQ(2, summary.logged);
	EXPECT_EQ(1, summary.lost);
	EXPECT_STREQ(set_of(SUBJECT, SUBJECT), summary.sets[0].syscalls);
	EXPECT_LE(1, audit_count(audit, ENTRY_LOGS, filter));
	EXPECT_EQ(1, audit_count_numbers(audit, filter, summary.logged,
					 &missing));
	EXPECT_EQ(2, missing);
	stop_caller(_metadata, &other);
}

/* A daemon dies before it has read them: they come again. */
TEST_F(summary, what_a_daemon_had_not_read_comes_again)
{
	struct audit *audit = &self->audit;
	struct filter_summary summary;
	unsigned long long filter;
	struct caller caller;
	int kernel_log = kernel_log_open();

	ASSERT_LE(0, kernel_log);
	start_caller(_metadata, &caller);
	ASSERT_LT(0, call_by(&caller, SUBJECT));
	ASSERT_EQ(0, audit_await_filter(audit, caller.pid, &filter));
	stop_caller(_metadata, &caller);
	/* there is no event of its being sent */
	usleep(500 * 1000);
	ASSERT_EQ(0, audit_restart(audit));

	ASSERT_EQ(0, audit_await_summary(audit, filter, &summary));
	EXPECT_EQ(1, summary.logged);
	EXPECT_LE(1, audit_count(audit, ENTRY_LOGS, filter));
	close(kernel_log);
}

/*
 * A process has many filters, each of which logs a call of its own, and with it
 * all go at once. With no daemon, the kernel log takes some of the summary
 * records. It is not asked again. When there is a daemon, the others come.
 */
#define GOERS		40
#define FIRST_CALL	2000	/* numbers that no call has */

/* Count the filters' summaries in what is new in the kernel log. */
static int count_in_kernel_log(int fd, const unsigned long long *filters,
			       int *found, int patience_ms)
{
	char line[2048];
	int all = 0;

	while (!kernel_log_line(fd, line, sizeof(line), patience_ms))
		for (int i = 0; i < GOERS; i++)
			if (filters[i] == kernel_log_gone(line)) {
				found[i]++;
				all++;
			}
	return all;
}

static int obey_under_many(const void *arg)
{
	for (int i = 0; i < GOERS; i++)
		if (attach_for(FIRST_CALL + i, SECCOMP_RET_LOG, 0))
			return CHILD_SETUP;
	return obey(arg);
}

TEST_F_TIMEOUT(summary, many_are_refused_together, 60)
{
	unsigned long long filters[GOERS] = {};
	struct audit *audit = &self->audit;
	int kernel_log = kernel_log_open();
	struct caller caller;
	int found[GOERS] = {};

	ASSERT_LE(0, kernel_log);
	ASSERT_TRUE(open_caller(&caller));
	caller.pid = fork();
	if (!caller.pid)
		_exit(obey_under_many(&caller));
	for (int i = 0; i < GOERS; i++)
		ASSERT_EQ(-ENOSYS, call_by(&caller, FIRST_CALL + i));
	ASSERT_EQ(0, audit_read(audit));
	for_each_entry(audit, entry, ENTRY_CALL)
		if (entry->call.pid == caller.pid)
			filters[entry->call.syscall - FIRST_CALL] =
				entry->call.filter;
	for (int i = 0; i < GOERS; i++)
		ASSERT_NE(0, filters[i]);

	ASSERT_EQ(0, audit_leave(audit));
	kill(caller.pid, SIGKILL);
	ASSERT_EQ(caller.pid, waitpid(caller.pid, NULL, 0));
	count_in_kernel_log(kernel_log, filters, found, 1000);
	/* from now on it would take all, and none comes */
	ASSERT_EQ(0, write_file(PRINTK_RATELIMIT, "0"));
	EXPECT_EQ(0, count_in_kernel_log(kernel_log, filters, found, 7000));

	ASSERT_EQ(0, audit_return(audit));
	for (int i = 0; i < GOERS; i++) {
		struct filter_summary summary;

		if (found[i])
			continue;
		EXPECT_EQ(0, audit_await_summary(audit, filters[i], &summary)) {
			TH_LOG("filter %llx", filters[i]);
		}
	}
	close(kernel_log);
}

/*
 * A user makes as many summaries as he can; those of others come
 * nevertheless.
 */
#define CROWD		1500
#define OTHERS		20

static int come_and_go(const void *arg)
{
	const int times = 1;

	if (setuid(1000))
		return CHILD_SETUP;
	for (int i = 0; i < CROWD; i++)
		if (!exited_with(run_child(log_subject, &times, NULL), CHILD_OK))
			return CHILD_WRONG;
	return CHILD_OK;
}

TEST_F_TIMEOUT(summary, one_user_makes_none_of_another_go, 300)
{
	struct audit *audit = &self->audit;
	unsigned long long filters[OTHERS];
	struct filter_summary summary;
	struct caller others[OTHERS];
	pid_t crowd;
	int status;

	for (int i = 0; i < OTHERS; i++) {
		start_caller(_metadata, &others[i]);
		ASSERT_LT(0, call_by(&others[i], SUBJECT));
		ASSERT_EQ(0, audit_await_filter(audit, others[i].pid,
						&filters[i]));
	}
	/* nobody reads, and none waits for that for long */
	ASSERT_EQ(0, audit_limit(audit, 64, 1, 0));
	ASSERT_EQ(0, audit_narrow(audit, 1));
	crowd = fork();
	if (!crowd)
		_exit(come_and_go(NULL));
	ASSERT_EQ(crowd, waitpid(crowd, &status, 0));
	EXPECT_TRUE(exited_with(status, CHILD_OK));
	for (int i = 0; i < OTHERS; i++)
		stop_caller(_metadata, &others[i]);
	ASSERT_EQ(0, audit_limit(audit, 8192, 100, 0));
	for (int i = 0; i < OTHERS; i++) {
		EXPECT_EQ(0, audit_await_summary(audit, filters[i], &summary)) {
			TH_LOG("filter %llx", filters[i]);
		}
	}
}

#ifdef __x86_64__
/* Refuses everything but leaving, and logs what it refuses */
static int attach_refusing(void)
{
	struct sock_filter insns[] = {
		LOAD(arch),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 0, 3),
		LOAD(nr),
		RETURN_IF_NR(__NR_exit_group, SECCOMP_RET_ALLOW),
		RETURN(SECCOMP_RET_ERRNO | EPERM),
	};

	return attach(insns, ARRAY_SIZE(insns), SECCOMP_FILTER_FLAG_LOG);
}

static bool refused(long ret)
{
	return ret == -EPERM;
}

/* Numbers of one convention; some do not exist. */
struct numbers {
	bool compat;
	long first, last, step;
};

static bool call_numbers(const struct numbers *numbers)
{
	for (long nr = numbers->first; nr <= numbers->last; nr += numbers->step) {
		if (numbers->compat) {
			if (!refused(raw_int80(nr, 0, 0, 0, 0, 0, 0)))
				return false;
		} else if (!refused(raw_call(nr, 0, 0, 0, 0, 0, 0))) {
			return false;
		}
	}
	return true;
}

static int call_many(const void *arg)
{
	if (attach_refusing())
		return CHILD_SETUP;
	for (const struct numbers *n = arg; n->step; n++)
		if (!call_numbers(n))
			return CHILD_WRONG;
	return CHILD_OK;
}

/* The summary of a child that makes these calls */
static void close_many(struct __test_metadata *_metadata, struct audit *audit,
		       const struct numbers *numbers,
		       struct filter_summary *summary)
{
	unsigned long long filter;
	pid_t pid;

	ASSERT_TRUE(exited_with(run_child(call_many, numbers, &pid), CHILD_OK));
	ASSERT_EQ(0, audit_await_all_summaries(audit));
	filter = audit_filter_of(audit, pid);
	ASSERT_NE(0, filter);
	ASSERT_EQ(0, audit_await_summary(audit, filter, summary));
	EXPECT_EQ(audit_count(audit, ENTRY_CALL, filter), summary->logged);
}

TEST_F(summary, sets_of_all_conventions)
{
	static const struct numbers numbers[] = {
		{ false, 9, 12, 1 }, { false, 5, 5, 1 }, { false, 0, 3, 1 },
		{ false, X32_BIT | 1, X32_BIT | 3, 1 },
		{ false, 1000, 1001, 1 }, { false, -1, -1, 1 },
		{ false, 0x7fffffff, 0x7fffffff, 1 },
		/* again, which changes nothing */
		{ false, 0, 12, 3 }, { false, 1000, 1000, 1 },
		{ true, 252, 253, 1 }, { true, 1, 3, 2 }, { true, -1, -1, 1 },
		{ true, 2000, 2000, 1 },
		{ }
	};
	struct filter_summary summary;

	close_many(_metadata, &self->audit, numbers, &summary);
	EXPECT_EQ(2, summary.parts);
	ASSERT_EQ(2, summary.sets_nr);
	EXPECT_EQ(AUDIT_ARCH_X86_64, summary.sets[0].arch);
	EXPECT_STREQ("0-3,5-6,9-12,1000-1001,1073741825-1073741827,2147483647,4294967295",
		     summary.sets[0].syscalls);
	EXPECT_EQ(AUDIT_ARCH_I386, summary.sets[1].arch);
	EXPECT_STREQ("1,3,252-253,2000,4294967295", summary.sets[1].syscalls);
}

/* Every second number: as many ranges as can be, in parts that are whole */
TEST_F(summary, long_sets_come_in_parts)
{
	static const struct numbers numbers[] = {
		{ false, 0, 450, 2 }, { false, X32_BIT, X32_BIT | 547, 2 },
		{ true, 1, 450, 2 },
		{ }
	};
	struct filter_summary summary;
	char expected[8192] = "";
	char *end = expected;

	close_many(_metadata, &self->audit, numbers, &summary);
	EXPECT_LT(5, summary.parts);
	ASSERT_EQ(2, summary.sets_nr);

	for (int nr = 0; nr <= 450; nr += 2)
		end += sprintf(end, "%s%d", nr ? "," : "", nr);
	for (int nr = 0; nr <= 547; nr += 2)
		end += sprintf(end, ",%d", X32_BIT | nr);
	EXPECT_EQ(AUDIT_ARCH_X86_64, summary.sets[0].arch);
	EXPECT_STREQ(expected, summary.sets[0].syscalls);

	end = expected;
	for (int nr = 1; nr <= 450; nr += 2)
		end += sprintf(end, "%s%d", nr > 1 ? "," : "", nr);
	EXPECT_EQ(AUDIT_ARCH_I386, summary.sets[1].arch);
	EXPECT_STREQ(expected, summary.sets[1].syscalls);
}

static bool has_number(const char *set, unsigned long number)
{
	do {
		char *end;
		unsigned long first = strtoul(set, &end, 10);
		unsigned long last = *end == '-' ? strtoul(end + 1, &end, 10) :
						   first;

		if (number >= first && number <= last)
			return true;
		set = end;
	} while (*set++ == ',');

	return false;
}

/* More numbers that do not exist than are kept apart: none is missing. */
TEST_F(summary, sets_may_be_too_large_never_too_small)
{
	static const struct numbers numbers[] = {
		{ false, 600, 60000, 300 }, { true, 700, 7000, 70 },
		{ false, 39, 39, 1 }, { true, 20, 20, 1 },
		{ }
	};
	struct filter_summary summary;

	close_many(_metadata, &self->audit, numbers, &summary);
	ASSERT_EQ(2, summary.sets_nr);
	for (const struct numbers *n = numbers; n->step; n++) {
		const char *set = summary.sets[n->compat].syscalls;

		for (long nr = n->first; nr <= n->last; nr += n->step) {
			EXPECT_TRUE(has_number(set, nr)) {
				TH_LOG("%ld in %s", nr, set);
			}
		}
	}
	/* what exists is told apart from those */
	EXPECT_TRUE(has_number(summary.sets[0].syscalls, 39));
	EXPECT_FALSE(has_number(summary.sets[0].syscalls, 40));
	EXPECT_FALSE(has_number(summary.sets[1].syscalls, 21));
}
#endif

TEST_HARNESS_MAIN
