// SPDX-License-Identifier: GPL-2.0
/*
 * System calls of the machine's other ABIs: a filter distinguishes them by
 * architecture and number, and so does the log.
 */
#include "common.h"

#include "audit.h"
#include "../kselftest_harness.h"

#ifdef __x86_64__

#define I386_GETPPID	64
#define I386_GETPID	20

FIXTURE_WITH_AUDIT(compat)

/* getppid() fails with errno 1 for i386, 2 for x32, 3 for x86-64. */
static int attach_by_arch(void)
{
	struct sock_filter insns[] = {
		LOAD(arch),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_I386, 0, 3),
		LOAD(nr),
		RETURN_IF_NR(I386_GETPPID, SECCOMP_RET_ERRNO | 1),
		LOAD(nr),
		RETURN_IF_NR(X32_BIT | __NR_getppid, SECCOMP_RET_ERRNO | 2),
		RETURN_IF_NR(__NR_getppid, SECCOMP_RET_ERRNO | 3),
		RETURN(SECCOMP_RET_ALLOW),
	};

	return attach(insns, ARRAY_SIZE(insns), SECCOMP_FILTER_FLAG_LOG);
}

static int call_all(const void *arg)
{
	if (attach_by_arch())
		return CHILD_SETUP;
	if (int80(I386_GETPPID, 0) != -1 ||
	    raw_syscall(X32_BIT | __NR_getppid, 0, 0, 0, 0, 0, 0) != -2 ||
	    raw_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0) != -3)
		return CHILD_WRONG;
	/* another system call of i386 is allowed */
	if (int80(I386_GETPID, 0) != getpid())
		return CHILD_WRONG;
	return CHILD_OK;
}

TEST_F(compat, abis_are_distinguished)
{
	struct seccomp_record r[4];
	pid_t pid;

	EXPECT_TRUE(exited_with(run_child(call_all, NULL, &pid), CHILD_OK));
	ASSERT_EQ(3, audit_collect_seccomp(&self->audit, pid, r, 4));

	EXPECT_EQ(AUDIT_ARCH_I386, r[0].arch);
	EXPECT_EQ(I386_GETPPID, r[0].syscall);
	EXPECT_EQ(1, r[0].compat);

	EXPECT_EQ(AUDIT_ARCH_X86_64, r[1].arch);
	EXPECT_EQ(X32_BIT | __NR_getppid, r[1].syscall);

	EXPECT_EQ(AUDIT_ARCH_X86_64, r[2].arch);
	EXPECT_EQ(__NR_getppid, r[2].syscall);
	EXPECT_EQ(0, r[2].compat);
}

#else
TEST_OF_X86_64(abis_are_distinguished)
#endif

TEST_HARNESS_MAIN
