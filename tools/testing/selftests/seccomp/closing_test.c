// SPDX-License-Identifier: GPL-2.0
/*
 * The closing records of filters: what they say of the calls, and that they come
 * also where audit refuses them at first.
 */
#include "common.h"

#include "audit.h"
#include "kernel_log.h"
#include "../kselftest_harness.h"

FIXTURE_WITH_AUDIT(closing)

/*
 * Audit takes one record a second, and that was another filter's: the
 * announcement comes with the next record that is not refused, the closing
 * record when there is room for it.
 */
static int log_by_order(const void *arg)
{
	if (attach_for(SUBJECT, SECCOMP_RET_LOG, 0))
		return CHILD_SETUP;
	return obey(arg);
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

TEST_F(closing, what_audit_refuses_comes_later)
{
	struct audit *audit = &self->audit;
	struct filter_closing closing;
	struct caller callers[2];
	struct caller *caller = &callers[0], *other = &callers[1];
	unsigned long long filter;
	bool announced = false;
	long long lost;

	for (int i = 0; i < 2; i++) {
		ASSERT_TRUE(open_caller(&callers[i]));
		callers[i].pid = fork();
		if (!callers[i].pid)
			_exit(log_by_order(&callers[i]));
	}

	use_up(_metadata, audit, other);
	lost = audit_lost(audit);
	ASSERT_LT(0, call_by(caller, SUBJECT));
	lost = audit_lost(audit) - lost;
	EXPECT_LT(0, lost);
	ASSERT_EQ(0, audit_limit(audit, 8192, 0, 0));
	ASSERT_LT(0, call_by(caller, SUBJECT));

	use_up(_metadata, audit, other);
	kill(caller->pid, SIGKILL);
	ASSERT_EQ(caller->pid, waitpid(caller->pid, NULL, 0));
	ASSERT_EQ(0, audit_await_filter(audit, caller->pid, &filter));
	ASSERT_EQ(0, audit_await_closing(audit, filter, &closing));
	ASSERT_EQ(0, audit_limit(audit, 8192, 0, 0));
	kill(other->pid, SIGKILL);
	ASSERT_EQ(other->pid, waitpid(other->pid, NULL, 0));
	ASSERT_EQ(0, audit_await_all_closings(audit));

	EXPECT_EQ(1, audit_count(audit, ENTRY_GONE, filter));
	EXPECT_EQ(1, closing.logged);
	/* what was refused for good, the announcement that came later included */
	EXPECT_EQ(lost, closing.lost);
	EXPECT_STREQ(SET_OF(SUBJECT), closing.sets[0].syscalls);
	EXPECT_EQ(1, audit_count(audit, ENTRY_LOGS, filter));
	for (int i = 0; i < audit->log_nr; i++) {
		const struct log_entry *entry = &audit->log[i];

		if (entry->kind == ENTRY_LOGS)
			announced |= entry->logs.filter == filter;
		if (entry->kind == ENTRY_CALL && entry->call.filter == filter)
			EXPECT_TRUE(announced);
	}
}

/*
 * A process has many filters, each of which logs a call of its own, and with it
 * all go at once. With no daemon, the kernel log takes ten of the closing records.
 * When there is one again, the others come, each once, and without delay.
 */
#define GOERS		40
#define FIRST_CALL	2000	/* numbers that no call has */

/* Count the filters' closing records in what is new in the kernel log. */
static void count_in_kernel_log(int fd, const unsigned long long *filters,
				int *found)
{
	char line[2048];

	while (!kernel_log_line(fd, line, sizeof(line), 0))
		for (int i = 0; i < GOERS; i++)
			found[i] += filters[i] == kernel_log_gone(line);
}

static int obey_under_many(const void *arg)
{
	for (int i = 0; i < GOERS; i++)
		if (attach_for(FIRST_CALL + i, SECCOMP_RET_LOG, 0))
			return CHILD_SETUP;
	return obey(arg);
}

TEST_F(closing, many_are_refused_together)
{
	unsigned long long filters[GOERS] = {};
	struct audit *audit = &self->audit;
	int kernel_log = kernel_log_open();
	struct caller caller;
	int found[GOERS] = {};
	long long lost;

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

	lost = audit_lost(audit);
	ASSERT_EQ(0, audit_leave(audit));
	kill(caller.pid, SIGKILL);
	ASSERT_EQ(caller.pid, waitpid(caller.pid, NULL, 0));
	while (audit_lost(audit) == lost)
		;
	/* there is no event when all on their way have been refused */
	usleep(300 * 1000);
	ASSERT_EQ(0, audit_return(audit));

	/* those in the kernel log were there before this one came */
	ASSERT_EQ(0, audit_await_all_closings(audit));
	count_in_kernel_log(kernel_log, filters, found);
	for (int i = 0; i < GOERS; i++) {
		struct filter_closing closing;

		if (found[i])
			continue;
		ASSERT_EQ(0, audit_await_closing(audit, filters[i], &closing));
	}
	for (int i = 0; i < GOERS; i++) {
		EXPECT_EQ(1, found[i] + audit_count(audit, ENTRY_GONE, filters[i])) {
			TH_LOG("filter %llx", filters[i]);
		}
	}
	close(kernel_log);
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

/* The closing of a child that makes these calls */
static void close_many(struct __test_metadata *_metadata, struct audit *audit,
		       const struct numbers *numbers,
		       struct filter_closing *closing)
{
	unsigned long long filter;
	pid_t pid;

	ASSERT_TRUE(exited_with(run_child(call_many, numbers, &pid), CHILD_OK));
	ASSERT_EQ(0, audit_await_all_closings(audit));
	filter = audit_filter_of(audit, pid);
	ASSERT_NE(0, filter);
	ASSERT_EQ(0, audit_await_closing(audit, filter, closing));
	EXPECT_EQ(1, audit_count(audit, ENTRY_GONE, filter));
	EXPECT_EQ(audit_count(audit, ENTRY_CALL, filter), closing->logged);
}

TEST_F(closing, sets_of_all_conventions)
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
	struct filter_closing closing;

	close_many(_metadata, &self->audit, numbers, &closing);
	EXPECT_EQ(2, closing.parts);
	ASSERT_EQ(2, closing.sets_nr);
	EXPECT_EQ(AUDIT_ARCH_X86_64, closing.sets[0].arch);
	EXPECT_STREQ("0-3,5-6,9-12,1000-1001,1073741825-1073741827,2147483647,4294967295",
		     closing.sets[0].syscalls);
	EXPECT_EQ(AUDIT_ARCH_I386, closing.sets[1].arch);
	EXPECT_STREQ("1,3,252-253,2000,4294967295", closing.sets[1].syscalls);
}

/* Every second number: as many ranges as can be, in parts that are whole */
TEST_F(closing, long_sets_come_in_parts)
{
	static const struct numbers numbers[] = {
		{ false, 0, 450, 2 }, { false, X32_BIT, X32_BIT | 547, 2 },
		{ true, 1, 450, 2 },
		{ }
	};
	struct filter_closing closing;
	char expected[8192] = "";
	char *end = expected;

	close_many(_metadata, &self->audit, numbers, &closing);
	EXPECT_LT(5, closing.parts);
	ASSERT_EQ(2, closing.sets_nr);

	for (int nr = 0; nr <= 450; nr += 2)
		end += sprintf(end, "%s%d", nr ? "," : "", nr);
	for (int nr = 0; nr <= 547; nr += 2)
		end += sprintf(end, ",%d", X32_BIT | nr);
	EXPECT_EQ(AUDIT_ARCH_X86_64, closing.sets[0].arch);
	EXPECT_STREQ(expected, closing.sets[0].syscalls);

	end = expected;
	for (int nr = 1; nr <= 450; nr += 2)
		end += sprintf(end, "%s%d", nr > 1 ? "," : "", nr);
	EXPECT_EQ(AUDIT_ARCH_I386, closing.sets[1].arch);
	EXPECT_STREQ(expected, closing.sets[1].syscalls);
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
TEST_F(closing, sets_may_be_too_large_never_too_small)
{
	static const struct numbers numbers[] = {
		{ false, 600, 60000, 300 }, { true, 700, 7000, 70 },
		{ false, 39, 39, 1 }, { true, 20, 20, 1 },
		{ }
	};
	struct filter_closing closing;

	close_many(_metadata, &self->audit, numbers, &closing);
	ASSERT_EQ(2, closing.sets_nr);
	for (const struct numbers *n = numbers; n->step; n++) {
		const char *set = closing.sets[n->compat].syscalls;

		for (long nr = n->first; nr <= n->last; nr += n->step) {
			EXPECT_TRUE(has_number(set, nr)) {
				TH_LOG("%ld in %s", nr, set);
			}
		}
	}
	/* what exists is told apart from those */
	EXPECT_TRUE(has_number(closing.sets[0].syscalls, 39));
	EXPECT_FALSE(has_number(closing.sets[0].syscalls, 40));
	EXPECT_FALSE(has_number(closing.sets[1].syscalls, 21));
}
#endif

TEST_HARNESS_MAIN
