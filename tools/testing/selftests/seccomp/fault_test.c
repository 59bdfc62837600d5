// SPDX-License-Identifier: GPL-2.0
/*
 * Allocations fail, each in turn: a request that fails changes nothing, and all
 * records that are missing are counted. This needs a kernel with fault
 * injection.
 */
#include "common.h"

#include "audit.h"
#include "../kselftest_harness.h"

#define DEBUGFS		"/sys/kernel/debug/"
#define NTH		"/proc/self/fail-nth"

/* More allocations than a request has */
#define ALLOCS_MAX	1000

/* Exit status of a child that has made fewer allocations: no fault was due. */
#define CHILD_NO_FAULT	(CHILD_WRONG + 1)

FIXTURE_WITH_AUDIT(fault)

/* Let also allocations fail that may sleep, and do not print each fault. */
static bool prepare(void)
{
	static const struct {
		const char *path, *value;
	} settings[] = {
		{ DEBUGFS "failslab/ignore-gfp-wait", "N" },
		{ DEBUGFS "failslab/verbose", "0" },
		{ DEBUGFS "fail_page_alloc/ignore-gfp-wait", "N" },
		{ DEBUGFS "fail_page_alloc/min-order", "0" },
		{ DEBUGFS "fail_page_alloc/verbose", "0" },
	};

	for (int i = 0; i < ARRAY_SIZE(settings); i++)
		if (write_file(settings[i].path, settings[i].value))
			return false;
	return true;
}

/* Of this process's next allocations the @nth fails. */
static void fail_at(int fd, int nth)
{
	char text[16];
	int len = sprintf(text, "%d", nth);

	if (pwrite(fd, text, len, 0) != len)
		_exit(CHILD_SETUP);
}

/* Has it failed? Afterwards none fails any more. */
static bool has_failed(int fd)
{
	char text[16] = "";

	if (pread(fd, text, sizeof(text) - 1, 0) < 1)
		_exit(CHILD_SETUP);
	fail_at(fd, 0);
	return !atoi(text);
}

/* The return value depends on an argument, so the program has to be run. */
static int attach_program(unsigned int flags)
{
	struct sock_filter insns[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TEST_NR, 1, 0),
		RETURN(SECCOMP_RET_ALLOW),
		LOAD_LOW(args[0]),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 7, 0, 1),
		RETURN(SECCOMP_RET_ERRNO | EXDEV),
		RETURN(SECCOMP_RET_ALLOW),
	};

	return attach(insns, ARRAY_SIZE(insns), flags);
}

static bool filter_is(bool attached)
{
	long ret = raw_syscall(TEST_NR, 7, 0, 0, 0, 0, 0);

	if (prctl(PR_GET_SECCOMP) != (attached ? SECCOMP_MODE_FILTER : 0))
		return false;
	return ret == (attached ? -EXDEV : getppid()) &&
	       raw_syscall(TEST_NR, 8, 0, 0, 0, 0, 0) == getppid();
}

struct fault {
	unsigned int flags;
	int nth;
};

static int attach_and_fail(const void *arg)
{
	const struct fault *fault = arg;
	int fd = open(NTH, O_RDWR | O_CLOEXEC);
	bool failed;
	int ret;

	if (fd < 0)
		return CHILD_SETUP;
	fail_at(fd, fault->nth);
	ret = attach_program(fault->flags);
	failed = has_failed(fd);
	if (ret >= 0)
		return !filter_is(true) ? CHILD_WRONG :
		       failed ? CHILD_OK : CHILD_NO_FAULT;
	if (!failed || ret != -ENOMEM || !filter_is(false))
		return CHILD_WRONG;
	/* with memory the same request succeeds */
	return attach_program(fault->flags) < 0 || !filter_is(true) ?
	       CHILD_WRONG : CHILD_OK;
}

static int attach_all_ways(const void *arg)
{
	static const unsigned int flags[] = {
		0, SECCOMP_FILTER_FLAG_NEW_LISTENER, SECCOMP_FILTER_FLAG_TSYNC,
	};

	for (int i = 0; i < ARRAY_SIZE(flags); i++) {
		int status = 0, nth;

		for (nth = 1; nth < ALLOCS_MAX; nth++) {
			struct fault fault = { flags[i], nth };

			status = run_child(attach_and_fail, &fault, NULL);
			if (!exited_with(status, CHILD_OK))
				break;
		}
		if (!exited_with(status, CHILD_NO_FAULT) || nth < 3) {
			fprintf(stderr,
				"# flags %#x, allocation %d: status %#x\n",
				flags[i], nth, status);
			return CHILD_WRONG;
		}
	}
	return CHILD_OK;
}

TEST_F_TIMEOUT(fault, attach, 600)
{
	if (access(NTH, F_OK))
		SKIP(return, "a kernel without fault injection");
	ASSERT_TRUE(prepare());
	EXPECT_TRUE(exited_with(run_child(attach_all_ways, NULL, NULL), CHILD_OK));
}

/* The same for a program that another process has already attached */
static int attach_shared(const void *arg)
{
	pid_t pid = fork();
	int ret;

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (attach_program(0))
			_exit(CHILD_SETUP);
		raise(SIGSTOP);
		_exit(CHILD_OK);
	}
	waitpid(pid, NULL, WUNTRACED);
	ret = attach_all_ways(NULL);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return ret;
}

TEST_F_TIMEOUT(fault, attach_shared, 600)
{
	if (access(NTH, F_OK))
		SKIP(return, "a kernel without fault injection");
	ASSERT_TRUE(prepare());
	EXPECT_TRUE(exited_with(run_child(attach_shared, NULL, NULL), CHILD_OK));
}

#define FIRST_CALL	2000	/* numbers that no system call has */

/* For each allocation that may fail, make another system call. */
static int log_and_fail(const void *arg)
{
	const unsigned int *flags = arg;
	struct sock_filter insns[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FIRST_CALL, 0, 1),
		RETURN(SECCOMP_RET_LOG),
		RETURN(SECCOMP_RET_ALLOW),
	};
	int fd = open(NTH, O_RDWR | O_CLOEXEC);
	int nr = FIRST_CALL;
	int without_fault = 0;

	if (fd < 0 || attach(insns, ARRAY_SIZE(insns), *flags))
		return CHILD_SETUP;
	/* only the first record makes some of them, so try all twice */
	for (int nth = 1; nth < ALLOCS_MAX && without_fault < 2; nth++) {
		fail_at(fd, nth);
		if (raw_syscall(nr++, 0, 0, 0, 0, 0, 0) != -ENOSYS)
			return CHILD_WRONG;
		if (!has_failed(fd)) {
			without_fault++;
			nth = 0;
		}
	}
	return without_fault == 2 ? nr - FIRST_CALL : CHILD_WRONG;
}

static void expect_all_counted(struct __test_metadata *_metadata,
			       struct audit *audit, unsigned int flags)
{
	struct filter_summary summary;
	unsigned long long filter, missing;
	char expected[64];
	long long lost;
	int status, made;
	pid_t pid;

	ASSERT_EQ(0, audit_await_all_summaries(audit));
	lost = audit_lost(audit);
	status = run_child(log_and_fail, &flags, &pid);
	ASSERT_TRUE(WIFEXITED(status));
	made = WEXITSTATUS(status);
	ASSERT_LT(5, made);
	ASSERT_GT(CHILD_SETUP, made);
	ASSERT_EQ(0, audit_await_all_summaries(audit));
	lost = audit_lost(audit) - lost;
	filter = audit_first_filter(audit, pid);
	ASSERT_NE(0, filter);
	ASSERT_EQ(0, audit_await_summary(audit, filter, &summary));

	EXPECT_EQ(summary.logged - summary.lost,
		  audit_count_seqs(audit, filter, summary.logged, &missing));
	EXPECT_EQ(lost, summary.lost);
	EXPECT_LT(0, summary.lost);
	EXPECT_EQ(made, summary.logged);
	EXPECT_EQ(0, summary.left_out);
	snprintf(expected, sizeof(expected), "%d-%d", FIRST_CALL,
		 FIRST_CALL + made - 1);
	EXPECT_STREQ(expected, summary.sets[0].syscalls);
}

TEST_F_TIMEOUT(fault, log, 600)
{
	if (access(NTH, F_OK))
		SKIP(return, "a kernel without fault injection");
	ASSERT_TRUE(prepare());
	expect_all_counted(_metadata, &self->audit, 0);
	expect_all_counted(_metadata, &self->audit,
			   SECCOMP_FILTER_FLAG_LOG_ONCE);
}

TEST_HARNESS_MAIN
