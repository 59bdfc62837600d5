// SPDX-License-Identifier: GPL-2.0
/*
 * ptrace(2): reading filters and suspending them
 */
#include "common.h"

#include <linux/ptrace.h>

#include "../kselftest_harness.h"

/* The C library's header conflicts with the kernel's. */
#define ptrace(request, pid, addr, data) \
	syscall(__NR_ptrace, (long)(request), (long)(pid), (long)(addr), \
		(long)(data))

FIXTURE(ptrace) {
	pid_t tracee;
};

/* The filters of the tracee, in the order in which they were attached */
static struct sock_filter first[] = {
	LOAD(nr),
	BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0),
	RETURN(SECCOMP_RET_ALLOW),
};

static struct sock_filter second[] = {
	LOAD(nr),
	RETURN_IF_NR(TEST_NR, SECCOMP_RET_ERRNO | 9),
	RETURN(SECCOMP_RET_ALLOW),
};

static struct sock_filter third[] = {
	RETURN(SECCOMP_RET_ALLOW),
};

FIXTURE_SETUP(ptrace)
{
	int status;

	self->tracee = fork();
	ASSERT_LE(0, self->tracee);
	if (!self->tracee) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		if (attach(first, ARRAY_SIZE(first), SECCOMP_FILTER_FLAG_LOG) ||
		    attach(second, ARRAY_SIZE(second), 0) ||
		    attach(third, ARRAY_SIZE(third), SECCOMP_FILTER_FLAG_LOG_ONCE))
			_exit(CHILD_SETUP);
		raise(SIGSTOP);
		_exit(test_syscall() & 0xff);
	}
	ASSERT_EQ(self->tracee, waitpid(self->tracee, &status, 0));
	ASSERT_TRUE(WIFSTOPPED(status));
}

FIXTURE_TEARDOWN(ptrace)
{
	kill(self->tracee, SIGKILL);
	waitpid(self->tracee, NULL, 0);
}

#define ERROR(call)	((call) == -1 ? errno : 0)

/* The program is returned as it was attached, not as the kernel runs it. */
TEST_F(ptrace, get_filter)
{
	struct sock_filter insns[16];

	/* 0 is the one attached first */
	ASSERT_EQ(ARRAY_SIZE(first),
		  ptrace(PTRACE_SECCOMP_GET_FILTER, self->tracee, 0, insns));
	EXPECT_EQ(0, memcmp(first, insns, sizeof(first)));
	ASSERT_EQ(ARRAY_SIZE(second),
		  ptrace(PTRACE_SECCOMP_GET_FILTER, self->tracee, 1, insns));
	EXPECT_EQ(0, memcmp(second, insns, sizeof(second)));
	/* without a buffer: the length */
	EXPECT_EQ(ARRAY_SIZE(second),
		  ptrace(PTRACE_SECCOMP_GET_FILTER, self->tracee, 1, NULL));
}

TEST_F(ptrace, get_filter_errors)
{
	struct sock_filter insns[16];

	EXPECT_EQ(ENOENT, ERROR(ptrace(PTRACE_SECCOMP_GET_FILTER, self->tracee, 3, insns)));
	EXPECT_EQ(ENOENT, ERROR(ptrace(PTRACE_SECCOMP_GET_FILTER, self->tracee, -1UL, insns)));
	EXPECT_EQ(EFAULT, ERROR(ptrace(PTRACE_SECCOMP_GET_FILTER, self->tracee, 0, 1)));
}

TEST_F(ptrace, get_metadata)
{
	struct seccomp_metadata md = { .filter_off = 0, .flags = -1 };

	EXPECT_EQ(sizeof(md), ptrace(PTRACE_SECCOMP_GET_METADATA, self->tracee,
				     sizeof(md), &md));
	EXPECT_EQ(SECCOMP_FILTER_FLAG_LOG, md.flags);
	EXPECT_EQ(0, md.filter_off);

	md.filter_off = 1;
	EXPECT_EQ(sizeof(md), ptrace(PTRACE_SECCOMP_GET_METADATA, self->tracee,
				     4096, &md));
	EXPECT_EQ(0, md.flags);
	EXPECT_EQ(1, md.filter_off);

	md.filter_off = 2;
	EXPECT_EQ(sizeof(md), ptrace(PTRACE_SECCOMP_GET_METADATA, self->tracee,
				     sizeof(md), &md));
	EXPECT_EQ(SECCOMP_FILTER_FLAG_LOG_ONCE, md.flags);

	/* a tracer that knows only the first member */
	md.flags = 77;
	EXPECT_EQ(sizeof(md.filter_off),
		  ptrace(PTRACE_SECCOMP_GET_METADATA, self->tracee,
			 sizeof(md.filter_off), &md));
	EXPECT_EQ(77, md.flags);
}

TEST_F(ptrace, get_metadata_errors)
{
	struct seccomp_metadata md = { .filter_off = 3 };

	EXPECT_EQ(ENOENT, ERROR(ptrace(PTRACE_SECCOMP_GET_METADATA, self->tracee,
				       sizeof(md), &md)));
	EXPECT_EQ(EINVAL, ERROR(ptrace(PTRACE_SECCOMP_GET_METADATA, self->tracee,
				       4, &md)));
	EXPECT_EQ(EFAULT, ERROR(ptrace(PTRACE_SECCOMP_GET_METADATA, self->tracee,
				       sizeof(md), NULL)));
}

/* A tracer that has filters may neither read nor suspend filters. */
TEST_F(ptrace, filtered_tracer_is_refused)
{
	struct seccomp_metadata md = {};
	struct sock_filter insns[16];

	ASSERT_EQ(0, attach_all(SECCOMP_RET_ALLOW, 0));
	EXPECT_EQ(EACCES, ERROR(ptrace(PTRACE_SECCOMP_GET_FILTER, self->tracee, 0, insns)));
	EXPECT_EQ(EACCES, ERROR(ptrace(PTRACE_SECCOMP_GET_METADATA, self->tracee,
				       sizeof(md), &md)));
	EXPECT_EQ(EPERM, ERROR(ptrace(PTRACE_SETOPTIONS, self->tracee, 0,
				      PTRACE_O_SUSPEND_SECCOMP)));
}

static int continue_tracee(pid_t tracee)
{
	int status;

	if (ptrace(PTRACE_CONT, tracee, 0, 0) ||
	    waitpid(tracee, &status, 0) != tracee)
		return -1;
	return status;
}

TEST_F(ptrace, not_suspended_is_filtered)
{
	EXPECT_TRUE(exited_with(continue_tracee(self->tracee), -9 & 0xff));
}

TEST_F(ptrace, suspended_is_not_filtered)
{
	ASSERT_EQ(0, ptrace(PTRACE_SETOPTIONS, self->tracee, 0,
			    PTRACE_O_SUSPEND_SECCOMP));
	EXPECT_TRUE(exited_with(continue_tracee(self->tracee),
				getpid() & 0xff));
}

/* PTRACE_GET_SYSCALL_INFO in a seccomp stop has the number and the data. */
TEST(syscall_info_of_an_event)
{
	struct ptrace_syscall_info info = {};
	pid_t pid = fork();
	int status;

	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		if (attach_for(TEST_NR, SECCOMP_RET_TRACE | 0x777, 0))
			_exit(CHILD_SETUP);
		test_syscall();
		_exit(CHILD_OK);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_EQ(0, ptrace(PTRACE_SETOPTIONS, pid, 0,
			    PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL));
	status = continue_tracee(pid);
	ASSERT_EQ(SIGTRAP | PTRACE_EVENT_SECCOMP << 8, status >> 8);

	ASSERT_LE((long)offsetof(struct ptrace_syscall_info, seccomp.ret_data) + 4,
		  ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info));
	EXPECT_EQ(PTRACE_SYSCALL_INFO_SECCOMP, info.op);
	EXPECT_EQ(TEST_ARCH, info.arch);
	EXPECT_EQ(TEST_NR, info.seccomp.nr);
	EXPECT_EQ(0x777, info.seccomp.ret_data);
	EXPECT_EQ(TEST_IP, info.instruction_pointer);
	EXPECT_TRUE(exited_with(continue_tracee(pid), CHILD_OK));
}

TEST_HARNESS_MAIN
