// SPDX-License-Identifier: GPL-2.0
/*
 * The summaries of filters: the sets of system calls, and that summaries are
 * sent again if audit refuses them.
 */
#include "common.h"

#include "audit.h"
#include "kernel_log.h"
#include "../kselftest_harness.h"

FIXTURE_WITH_AUDIT(summary)

static int log_and_serve(const void *arg)
{
	if (attach_for(TEST_NR, SECCOMP_RET_LOG, 0))
		return CHILD_SETUP;
	return caller_loop(arg);
}

static void start_caller(struct __test_metadata *_metadata,
			 struct caller *caller)
{
	ASSERT_TRUE(caller_open(caller));
	caller->pid = fork();
	if (!caller->pid)
		_exit(log_and_serve(caller));
}

static void stop_caller(struct __test_metadata *_metadata,
			struct caller *caller)
{
	kill(caller->pid, SIGKILL);
	ASSERT_EQ(caller->pid, waitpid(caller->pid, NULL, 0));
}

/* Audit accepts one record a second: let another filter use it. */
static void use_up_rate(struct __test_metadata *_metadata, struct audit *audit,
			struct caller *other)
{
	long long before;

	ASSERT_EQ(0, audit_set_limits(audit, 8192, 0, 1));
	do {
		before = audit_lost(audit);
		ASSERT_LT(0, caller_syscall(other, TEST_NR));
	} while (audit_lost(audit) == before);
}

TEST_F(summary, refused_summary_is_sent_later)
{
	struct audit *audit = &self->audit;
	struct filter_summary summary;
	struct caller caller, other;
	unsigned long long filter, missing;
	long long lost;

	start_caller(_metadata, &caller);
	start_caller(_metadata, &other);
	/* The records about the attachers must not be among those refused. */
	ASSERT_LT(0, caller_syscall(&other, TEST_NR));
	ASSERT_EQ(0, audit_await_attacher(audit, other.pid, &filter));
	ASSERT_LT(0, caller_syscall(&caller, TEST_NR));
	ASSERT_EQ(0, audit_await_attacher(audit, caller.pid, &filter));

	use_up_rate(_metadata, audit, &other);
	lost = audit_lost(audit);
	ASSERT_LT(0, caller_syscall(&caller, TEST_NR));
	EXPECT_EQ(lost + 1, audit_lost(audit));
	stop_caller(_metadata, &caller);
	/* until the summary is refused, or a second has passed */
	while (audit_lost(audit) == lost + 1 &&
	       !audit_count(audit, ENTRY_GONE, filter))
		audit_read_within(audit, 10);
	ASSERT_EQ(0, audit_set_limits(audit, 8192, 0, 0));

	ASSERT_EQ(0, audit_await_summary(audit, filter, &summary));
	EXPECT_EQ(2, summary.logged);
	EXPECT_EQ(1, summary.lost);
	EXPECT_STREQ(syscall_set(TEST_NR, TEST_NR), summary.sets[0].syscalls);
	EXPECT_LE(1, audit_count(audit, ENTRY_LOGS, filter));
	EXPECT_EQ(1, audit_count_seqs(audit, filter, summary.logged,
				      &missing));
	EXPECT_EQ(2, missing);
	stop_caller(_metadata, &other);
}

/* The daemon is killed before it has read a summary: it is sent again. */
TEST_F(summary, unread_summary_is_sent_again)
{
	struct audit *audit = &self->audit;
	struct filter_summary summary;
	unsigned long long filter;
	struct caller caller;
	int kernel_log = kernel_log_open();

	ASSERT_LE(0, kernel_log);
	start_caller(_metadata, &caller);
	ASSERT_LT(0, caller_syscall(&caller, TEST_NR));
	ASSERT_EQ(0, audit_await_filter(audit, caller.pid, &filter));
	stop_caller(_metadata, &caller);
	/* no event tells that it is sent */
	usleep(500 * 1000);
	ASSERT_EQ(0, audit_restart_daemon(audit));

	ASSERT_EQ(0, audit_await_summary(audit, filter, &summary));
	EXPECT_EQ(1, summary.logged);
	EXPECT_LE(1, audit_count(audit, ENTRY_LOGS, filter));
	close(kernel_log);
}

/*
 * A process has many filters, each of which logs another system call. It exits,
 * so all filters are freed together. There is no daemon: some of the summaries
 * are in the kernel log, which printk limits. They are not sent there again. A
 * daemon that starts gets the others.
 */
#define FILTERS		40
#define FIRST_CALL	2000	/* numbers that no system call has */

/* Count the filters' summaries in the new lines of the kernel log. */
static int count_in_kernel_log(int fd, const unsigned long long *filters,
			       int *found, int timeout_ms)
{
	char line[2048];
	int all = 0;

	while (!kernel_log_line(fd, line, sizeof(line), timeout_ms))
		for (int i = 0; i < FILTERS; i++)
			if (filters[i] == kernel_log_summary_of(line)) {
				found[i]++;
				all++;
			}
	return all;
}

static int serve_with_many_filters(const void *arg)
{
	for (int i = 0; i < FILTERS; i++)
		if (attach_for(FIRST_CALL + i, SECCOMP_RET_LOG, 0))
			return CHILD_SETUP;
	return caller_loop(arg);
}

TEST_F_TIMEOUT(summary, many_without_daemon, 60)
{
	unsigned long long filters[FILTERS] = {};
	struct audit *audit = &self->audit;
	int kernel_log = kernel_log_open();
	struct caller caller;
	int found[FILTERS] = {};

	ASSERT_LE(0, kernel_log);
	ASSERT_TRUE(caller_open(&caller));
	caller.pid = fork();
	if (!caller.pid)
		_exit(serve_with_many_filters(&caller));
	for (int i = 0; i < FILTERS; i++)
		ASSERT_EQ(-ENOSYS, caller_syscall(&caller, FIRST_CALL + i));
	ASSERT_EQ(0, audit_read(audit));
	for_each_entry(audit, entry, ENTRY_SECCOMP)
		if (entry->seccomp.pid == caller.pid)
			filters[entry->seccomp.syscall - FIRST_CALL] =
				entry->seccomp.filter;
	for (int i = 0; i < FILTERS; i++)
		ASSERT_NE(0, filters[i]);

	ASSERT_EQ(0, audit_unregister(audit));
	kill(caller.pid, SIGKILL);
	ASSERT_EQ(caller.pid, waitpid(caller.pid, NULL, 0));
	count_in_kernel_log(kernel_log, filters, found, 1000);
	/* without a limit, no other summaries are sent there */
	ASSERT_EQ(0, write_file(PRINTK_RATELIMIT, "0"));
	EXPECT_EQ(0, count_in_kernel_log(kernel_log, filters, found, 7000));

	ASSERT_EQ(0, audit_register(audit));
	for (int i = 0; i < FILTERS; i++) {
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
 * One user creates as many summaries as possible. Those of other users are
 * nevertheless sent.
 */
#define CHILDREN	1500
#define OTHERS		20

static int create_summaries(const void *arg)
{
	const int times = 1;

	if (setuid(1000))
		return CHILD_SETUP;
	for (int i = 0; i < CHILDREN; i++)
		if (!exited_with(run_child(log_test_syscall, &times, NULL),
				 CHILD_OK))
			return CHILD_WRONG;
	return CHILD_OK;
}

TEST_F_TIMEOUT(summary, one_user_cannot_displace_others, 300)
{
	struct audit *audit = &self->audit;
	unsigned long long filters[OTHERS];
	struct filter_summary summary;
	struct caller others[OTHERS];
	pid_t creator;
	int status;

	for (int i = 0; i < OTHERS; i++) {
		start_caller(_metadata, &others[i]);
		ASSERT_LT(0, caller_syscall(&others[i], TEST_NR));
		ASSERT_EQ(0, audit_await_filter(audit, others[i].pid,
						&filters[i]));
	}
	/* the daemon does not read, and tasks wait only shortly */
	ASSERT_EQ(0, audit_set_limits(audit, 64, 1, 0));
	ASSERT_EQ(0, audit_set_rcvbuf(audit, 1));
	creator = fork();
	if (!creator)
		_exit(create_summaries(NULL));
	ASSERT_EQ(creator, waitpid(creator, &status, 0));
	EXPECT_TRUE(exited_with(status, CHILD_OK));
	for (int i = 0; i < OTHERS; i++)
		stop_caller(_metadata, &others[i]);
	ASSERT_EQ(0, audit_set_limits(audit, 8192, 100, 0));
	for (int i = 0; i < OTHERS; i++) {
		EXPECT_EQ(0, audit_await_summary(audit, filters[i], &summary)) {
			TH_LOG("filter %llx", filters[i]);
		}
	}
}

/* All system calls but exit_group() fail, and are logged. */
static int attach_errno_for_all(void)
{
	struct sock_filter insns[] = {
		LOAD(arch),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TEST_ARCH, 0, 3),
		LOAD(nr),
		RETURN_IF_NR(__NR_exit_group, SECCOMP_RET_ALLOW),
		RETURN(SECCOMP_RET_ERRNO | EPERM),
	};

	return attach(insns, ARRAY_SIZE(insns), SECCOMP_FILTER_FLAG_LOG);
}

static bool has_failed(long ret)
{
	return ret == -EPERM;
}

/* Arguments that are there only if the machine has x32 and i386, too */
#ifdef __x86_64__
#define ABIS		2
#define X32_SET		"1073741825-1073741827,"

static long compat_call(long nr)
{
	return int80(nr, 0);
}
#else
#define ABIS		1
#define X32_SET		""

static long compat_call(long nr)
{
	return 0;
}
#endif

/* How 0x7fffffff and -1 are recorded: s390 has 16 bits of a number. */
#if TEST_ARCH == AUDIT_ARCH_S390X
#define HIGHEST_NUMBERS	"65535"
#else
#define HIGHEST_NUMBERS	"2147483647,4294967295"
#endif

/* System call numbers of one ABI; some do not exist. */
struct numbers {
	bool compat;
	long first, last, step;
};

static bool call_numbers(const struct numbers *numbers)
{
	long nr = numbers->first;

	for (;;) {
		long ret = numbers->compat ? compat_call(nr) :
					     raw_syscall0(nr);

		if (!has_failed(ret))
			return false;
		/* the last may be the largest of a long */
		if (nr > numbers->last - numbers->step)
			return true;
		nr += numbers->step;
	}
}

static int call_many(const void *arg)
{
	if (attach_errno_for_all())
		return CHILD_SETUP;
	for (const struct numbers *n = arg; n->step; n++)
		if (!call_numbers(n))
			return CHILD_WRONG;
	return CHILD_OK;
}

/* Get the summary of a child that makes these system calls. */
static void get_summary_of(struct __test_metadata *_metadata,
			   struct audit *audit,
			   const struct numbers *numbers,
			   struct filter_summary *summary)
{
	unsigned long long filter;
	pid_t pid;

	ASSERT_TRUE(exited_with(run_child(call_many, numbers, &pid), CHILD_OK));
	ASSERT_EQ(0, audit_await_all_summaries(audit));
	filter = audit_first_filter(audit, pid);
	ASSERT_NE(0, filter);
	ASSERT_EQ(0, audit_await_summary(audit, filter, summary));
	EXPECT_EQ(audit_count(audit, ENTRY_SECCOMP, filter), summary->logged);
}

TEST_F(summary, sets_of_all_abis)
{
	static const struct numbers numbers[] = {
		{ false, 9, 12, 1 }, { false, 5, 5, 1 }, { false, 0, 3, 1 },
#ifdef __x86_64__
		{ false, X32_BIT | 1, X32_BIT | 3, 1 },
#endif
		{ false, 1000, 1001, 1 }, { false, -1, -1, 1 },
		{ false, 0x7fffffff, 0x7fffffff, 1 },
		/* again, which makes no difference */
		{ false, 0, 12, 3 }, { false, 1000, 1000, 1 },
#ifdef __x86_64__
		{ true, 252, 253, 1 }, { true, 1, 3, 2 }, { true, -1, -1, 1 },
		{ true, 2000, 2000, 1 },
#endif
		{ }
	};
	struct filter_summary summary;

	get_summary_of(_metadata, &self->audit, numbers, &summary);
	EXPECT_EQ(ABIS, summary.parts);
	ASSERT_EQ(ABIS, summary.sets_nr);
	EXPECT_EQ(TEST_ARCH, summary.sets[0].arch);
	EXPECT_STREQ("0-3,5-6,9-12,1000-1001," X32_SET HIGHEST_NUMBERS,
		     summary.sets[0].syscalls);
	if (ABIS > 1) {
		EXPECT_EQ(AUDIT_ARCH_I386, summary.sets[1].arch);
		EXPECT_STREQ("1,3,252-253,2000,4294967295",
			     summary.sets[1].syscalls);
	}
}

/*
 * Every second number, but not exit_group(): the largest number of ranges. No
 * part cuts a range.
 */
TEST_F(summary, long_sets_have_several_parts)
{
	enum { FIRST = !(__NR_exit_group % 2) };
	static const struct numbers numbers[] = {
		{ false, FIRST, 450, 2 },
#ifdef __x86_64__
		{ false, X32_BIT, X32_BIT | 547, 2 }, { true, 1, 450, 2 },
#endif
		{ }
	};
	struct filter_summary summary;
	char expected[8192] = "";
	char *end = expected;

	get_summary_of(_metadata, &self->audit, numbers, &summary);
	EXPECT_LT(ABIS > 1 ? 5 : 1, summary.parts);
	ASSERT_EQ(ABIS, summary.sets_nr);

	for (int nr = FIRST; nr <= 450; nr += 2)
		end += sprintf(end, "%s%d", nr > FIRST ? "," : "", nr);
#ifdef __x86_64__
	for (int nr = 0; nr <= 547; nr += 2)
		end += sprintf(end, ",%d", X32_BIT | nr);
#endif
	EXPECT_EQ(TEST_ARCH, summary.sets[0].arch);
	EXPECT_STREQ(expected, summary.sets[0].syscalls);

#ifdef __x86_64__
	end = expected;
	for (int nr = 1; nr <= 450; nr += 2)
		end += sprintf(end, "%s%d", nr > 1 ? "," : "", nr);
	EXPECT_EQ(AUDIT_ARCH_I386, summary.sets[1].arch);
	EXPECT_STREQ(expected, summary.sets[1].syscalls);
#endif
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

/* More unknown numbers than can be distinguished: the set has all of them. */
TEST_F(summary, sets_have_all_unknown_numbers)
{
	static const struct numbers numbers[] = {
		{ false, 600, 60000, 300 }, { false, 39, 39, 1 },
#ifdef __x86_64__
		{ true, 700, 7000, 70 }, { true, 20, 20, 1 },
#endif
		{ }
	};
	struct filter_summary summary;

	get_summary_of(_metadata, &self->audit, numbers, &summary);
	ASSERT_EQ(ABIS, summary.sets_nr);
	for (const struct numbers *n = numbers; n->step; n++) {
		const char *set = summary.sets[n->compat].syscalls;

		for (long nr = n->first; nr <= n->last; nr += n->step) {
			EXPECT_TRUE(has_number(set, nr)) {
				TH_LOG("%ld in %s", nr, set);
			}
		}
	}
	/* known numbers are always distinguished */
	EXPECT_TRUE(has_number(summary.sets[0].syscalls, 39));
	EXPECT_FALSE(has_number(summary.sets[0].syscalls, 40));
	if (ABIS > 1)
		EXPECT_FALSE(has_number(summary.sets[1].syscalls, 21));
}

TEST_HARNESS_MAIN
