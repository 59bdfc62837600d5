// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests for what a program always allows.
 */

#include <kunit/test.h>
#include <linux/audit.h>
#include <linux/filter.h>

#include "internal.h"

#define ARCH		AUDIT_ARCH_X86_64
#define OTHER_ARCH	AUDIT_ARCH_I386

#define LOAD(member) \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define RETURN(value)	BPF_STMT(BPF_RET | BPF_K, value)
#define JUMP(op, k, t, f) \
	BPF_JUMP(BPF_JMP | (op) | BPF_K, k, t, f)

#define ALLOW		RETURN(SECCOMP_RET_ALLOW)
#define DENY		RETURN(SECCOMP_RET_ERRNO)

#define ALLOWS(insns, nr, arch) \
	seccomp_always_allows(insns, ARRAY_SIZE(insns), nr, arch)

static void seccomp_verdict_return_alone(struct kunit *test)
{
	struct sock_filter allow[] = { ALLOW };
	struct sock_filter data[] = { RETURN(SECCOMP_RET_ALLOW | 5) };
	struct sock_filter deny[] = { DENY };
	struct sock_filter log[] = { RETURN(SECCOMP_RET_LOG) };
	struct sock_filter a[] = { LOAD(nr), BPF_STMT(BPF_RET | BPF_A, 0) };

	KUNIT_EXPECT_TRUE(test, ALLOWS(allow, 1, ARCH));
	KUNIT_EXPECT_TRUE(test, ALLOWS(data, 1, ARCH));
	KUNIT_EXPECT_FALSE(test, ALLOWS(deny, 1, ARCH));
	KUNIT_EXPECT_FALSE(test, ALLOWS(log, 1, ARCH));
	KUNIT_EXPECT_FALSE(test, ALLOWS(a, SECCOMP_RET_ALLOW, ARCH));
}

static void seccomp_verdict_by_number(struct kunit *test)
{
	struct sock_filter insns[] = {
		LOAD(nr),
		JUMP(BPF_JEQ, 7, 2, 0),
		JUMP(BPF_JGE, 20, 1, 0),
		DENY,
		ALLOW,
	};

	for (int nr = 0; nr < 64; nr++)
		KUNIT_EXPECT_EQ(test, nr == 7 || nr >= 20,
				ALLOWS(insns, nr, ARCH));
}

static void seccomp_verdict_by_arch(struct kunit *test)
{
	struct sock_filter insns[] = {
		LOAD(arch),
		JUMP(BPF_JEQ, ARCH, 1, 0),
		DENY,
		ALLOW,
	};

	KUNIT_EXPECT_TRUE(test, ALLOWS(insns, 0, ARCH));
	KUNIT_EXPECT_FALSE(test, ALLOWS(insns, 0, OTHER_ARCH));
}

static void seccomp_verdict_jumps(struct kunit *test)
{
	static const struct {
		u16 op;
		u32 k;
		int taken, not_taken;
	} cases[] = {
		{ BPF_JEQ, 5, 5, 4 },
		{ BPF_JGT, 5, 6, 5 },
		{ BPF_JGE, 5, 5, 4 },
		{ BPF_JSET, 4, 6, 3 },
		/* numbers compare unsigned */
		{ BPF_JGT, 0x7fffffff, -1, 5 },
	};

	for (int i = 0; i < ARRAY_SIZE(cases); i++) {
		struct sock_filter insns[] = {
			LOAD(nr),
			JUMP(cases[i].op, cases[i].k, 0, 1),
			ALLOW,
			DENY,
		};

		KUNIT_EXPECT_TRUE_MSG(test, ALLOWS(insns, cases[i].taken, ARCH),
				      "case %d", i);
		KUNIT_EXPECT_FALSE_MSG(test,
				       ALLOWS(insns, cases[i].not_taken, ARCH),
				       "case %d", i);
	}
}

static void seccomp_verdict_mask_and_jump_always(struct kunit *test)
{
	struct sock_filter insns[] = {
		LOAD(nr),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 3),
		BPF_STMT(BPF_JMP | BPF_JA, 1),
		DENY,
		JUMP(BPF_JEQ, 2, 0, 1),
		ALLOW,
		DENY,
	};

	for (int nr = 0; nr < 16; nr++)
		KUNIT_EXPECT_EQ(test, (nr & 3) == 2, ALLOWS(insns, nr, ARCH));
}

/* Where arguments take part nothing is constant; where they do not, it is. */
static void seccomp_verdict_arguments(struct kunit *test)
{
	struct sock_filter looks[] = {
		LOAD(args[0]),
		JUMP(BPF_JEQ, 0, 0, 1),
		ALLOW,
		ALLOW,
	};
	struct sock_filter masks[] = {
		LOAD(args[0]),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0),
		JUMP(BPF_JEQ, 0, 0, 1),
		ALLOW,
		DENY,
	};
	struct sock_filter ignores[] = {
		LOAD(args[0]),
		LOAD(nr),
		JUMP(BPF_JEQ, 1, 0, 1),
		ALLOW,
		DENY,
	};
	struct sock_filter address[] = {
		LOAD(instruction_pointer),
		JUMP(BPF_JEQ, 0, 0, 1),
		ALLOW,
		DENY,
	};

	KUNIT_EXPECT_FALSE(test, ALLOWS(looks, 0, ARCH));
	KUNIT_EXPECT_FALSE(test, ALLOWS(masks, 0, ARCH));
	KUNIT_EXPECT_TRUE(test, ALLOWS(ignores, 1, ARCH));
	KUNIT_EXPECT_FALSE(test, ALLOWS(ignores, 0, ARCH));
	KUNIT_EXPECT_FALSE(test, ALLOWS(address, 0, ARCH));
}

/* Nothing is claimed of what is not followed. */
static void seccomp_verdict_other_instructions(struct kunit *test)
{
	static const u16 codes[] = {
		BPF_LD | BPF_IMM, BPF_LD | BPF_MEM, BPF_LD | BPF_W | BPF_LEN,
		BPF_LDX | BPF_IMM, BPF_ST, BPF_STX, BPF_MISC | BPF_TAX,
		BPF_MISC | BPF_TXA, BPF_ALU | BPF_ADD | BPF_K,
		BPF_ALU | BPF_AND | BPF_X, BPF_JMP | BPF_JEQ | BPF_X,
	};

	for (int i = 0; i < ARRAY_SIZE(codes); i++) {
		struct sock_filter insns[] = {
			LOAD(nr),
			BPF_STMT(codes[i], 0),
			ALLOW,
		};

		KUNIT_EXPECT_FALSE_MSG(test, ALLOWS(insns, 0, ARCH), "code %#x",
				       codes[i]);
	}
}

static struct kunit_case seccomp_verdict_cases[] = {
	KUNIT_CASE(seccomp_verdict_return_alone),
	KUNIT_CASE(seccomp_verdict_by_number),
	KUNIT_CASE(seccomp_verdict_by_arch),
	KUNIT_CASE(seccomp_verdict_jumps),
	KUNIT_CASE(seccomp_verdict_mask_and_jump_always),
	KUNIT_CASE(seccomp_verdict_arguments),
	KUNIT_CASE(seccomp_verdict_other_instructions),
	{ }
};

static struct kunit_suite seccomp_verdict_suite = {
	.name = "seccomp_verdict",
	.test_cases = seccomp_verdict_cases,
};

kunit_test_suite(seccomp_verdict_suite);

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_LICENSE("GPL");
