// SPDX-License-Identifier: GPL-2.0
/*
 * uretprobe(2), which the kernel makes a probed task call: no filter may stop it
 * if it exists. Called from anywhere else than the kernel's trampoline it ends
 * with SIGILL, so the signal tells whether it was reached. On kernels without
 * it the number is one like any other.
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
	call_number(EXEMPT);
	return CHILD_OK;
}

static int killed_by_number(const void *arg)
{
	if (attach_for(EXEMPT, SECCOMP_RET_KILL_PROCESS, 0))
		return CHILD_SETUP;
	return call_exempt();
}

TEST(exempt_from_a_constant_return_value)
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

TEST(exempt_from_a_look_at_the_arguments)
{
	EXPECT_TRUE(killed_by(run_child(killed_by_argument, NULL, NULL),
			      REACHED(SIGSYS)));
}

/* So many filters that a chain has no table for all of them */
static int killed_in_a_long_chain(const void *arg)
{
	for (int i = 0; i < 200; i++)
		if (attach_for(i % 2 ? EXEMPT : SUBJECT,
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
/* The same number of other ABIs is another call. */
static int killed_by_the_number_of(const void *arg)
{
	if (attach_all(SECCOMP_RET_KILL_PROCESS, 0))
		return CHILD_SETUP;
	int80(EXEMPT, 0);
	return CHILD_OK;
}

TEST(exempt_natively_alone)
{
	EXPECT_TRUE(killed_by(run_child(killed_by_the_number_of, NULL, NULL),
			      SIGSYS));
}
#endif

TEST_HARNESS_MAIN
