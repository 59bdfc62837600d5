// SPDX-License-Identifier: GPL-2.0
/*
 * uretprobe(2), which the kernel puts into a task that is probed: if it exists,
 * all filters allow it. A task that makes it outside the kernel's trampoline is
 * killed by SIGILL, which shows that the system call was reached. On kernels
 * without it the number is not special.
 */
#include "common.h"

#include "../kselftest_harness.h"

#ifdef __NR_uretprobe
#define EXEMPT		__NR_uretprobe
#define REACHED(sig)	SIGILL
#else
#define EXEMPT		335
#define REACHED(sig)	(sig)
#endif

static int call_exempt(void)
{
	raw_syscall0(EXEMPT);
	return CHILD_OK;
}

static int killed_by_number(const void *arg)
{
	if (attach_for(EXEMPT, SECCOMP_RET_KILL_PROCESS, 0))
		return CHILD_SETUP;
	return call_exempt();
}

TEST(exempt_from_constant_return_value)
{
	EXPECT_TRUE(killed_by(run_child(killed_by_number, NULL, NULL),
			      REACHED(SIGSYS)));
}

/* Kills if the first argument is 0. */
static int killed_by_argument(const void *arg)
{
	struct sock_filter insns[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, EXEMPT, 0, 3),
		LOAD_LOW(args[0]),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
		RETURN(SECCOMP_RET_KILL_PROCESS),
		RETURN(SECCOMP_RET_ALLOW),
	};

	if (attach(insns, ARRAY_SIZE(insns), 0))
		return CHILD_SETUP;
	return call_exempt();
}

TEST(exempt_from_condition_on_arguments)
{
	EXPECT_TRUE(killed_by(run_child(killed_by_argument, NULL, NULL),
			      REACHED(SIGSYS)));
}

/* More filters than a chain can have tables */
static int killed_in_a_long_chain(const void *arg)
{
	for (int i = 0; i < 200; i++)
		if (attach_for(i % 2 ? EXEMPT : TEST_NR,
			       i % 2 ? SECCOMP_RET_KILL_PROCESS :
				       SECCOMP_RET_ERRNO | (i + 1), 0))
			return CHILD_SETUP;
	return call_exempt();
}

TEST(exempt_in_a_long_chain)
{
	EXPECT_TRUE(killed_by(run_child(killed_in_a_long_chain, NULL, NULL),
			      REACHED(SIGSYS)));
}

static int killed_in_strict_mode(const void *arg)
{
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0))
		return CHILD_SETUP;
	return call_exempt();
}

TEST(exempt_in_strict_mode)
{
	EXPECT_TRUE(killed_by(run_child(killed_in_strict_mode, NULL, NULL),
			      REACHED(SIGKILL)));
}

#if X32_BIT
/* The same number of another ABI is another system call. */
static int killed_by_number_of_i386(const void *arg)
{
	if (attach_all(SECCOMP_RET_KILL_PROCESS, 0))
		return CHILD_SETUP;
	int80(EXEMPT, 0);
	return CHILD_OK;
}

TEST(exempt_only_for_native_abi)
{
	EXPECT_TRUE(killed_by(run_child(killed_by_number_of_i386, NULL, NULL),
			      SIGSYS));
}
#else
TEST_OF_X86_64(exempt_only_for_native_abi)
#endif

TEST_HARNESS_MAIN
