// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests for which programs seccomp accepts.
 */

#include <kunit/test.h>
#include <linux/filter.h>

#include "internal.h"

#define SIZE	((u32)sizeof(struct seccomp_data))

static int check(u16 code, u32 k, struct sock_filter *after)
{
	/* scratch memory to load from, a target to jump to, and an end */
	struct sock_filter insns[] = {
		BPF_STMT(BPF_ST, 1),
		BPF_STMT(code, k),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	int err = seccomp_check_program(insns, ARRAY_SIZE(insns));

	if (!err)
		err = seccomp_convert_program(insns, ARRAY_SIZE(insns));
	if (after)
		*after = insns[1];
	return err;
}

static void seccomp_check_loads_inside_data(struct kunit *test)
{
	struct sock_filter insn;

	for (u32 k = 0; k < SIZE; k += 4) {
		KUNIT_EXPECT_EQ(test, 0,
				check(BPF_LD | BPF_W | BPF_ABS, k, &insn));
		KUNIT_EXPECT_EQ(test, (u16)(BPF_LDX | BPF_W | BPF_ABS),
				insn.code);
		KUNIT_EXPECT_EQ(test, k, insn.k);
	}
}

static void seccomp_check_loads_outside_data(struct kunit *test)
{
	static const u32 outside[] = {
		64, 68, 0x7ffffffc, 0x80000000, 0xfffff000, 0xfffffffc,
	};

	for (int i = 0; i < ARRAY_SIZE(outside); i++)
		KUNIT_EXPECT_EQ(test, -EINVAL,
				check(BPF_LD | BPF_W | BPF_ABS, outside[i],
				      NULL));
}

static void seccomp_check_loads_unaligned(struct kunit *test)
{
	for (u32 k = 0; k < SIZE; k++)
		if (k % 4)
			KUNIT_EXPECT_EQ(test, -EINVAL,
					check(BPF_LD | BPF_W | BPF_ABS, k,
					      NULL));
}

static void seccomp_check_length_is_constant(struct kunit *test)
{
	struct sock_filter insn;

	KUNIT_EXPECT_EQ(test, 0, check(BPF_LD | BPF_W | BPF_LEN, 0, &insn));
	KUNIT_EXPECT_EQ(test, (u16)(BPF_LD | BPF_IMM), insn.code);
	KUNIT_EXPECT_EQ(test, SIZE, insn.k);

	KUNIT_EXPECT_EQ(test, 0, check(BPF_LDX | BPF_W | BPF_LEN, 0, &insn));
	KUNIT_EXPECT_EQ(test, (u16)(BPF_LDX | BPF_IMM), insn.code);
	KUNIT_EXPECT_EQ(test, SIZE, insn.k);
}

static void seccomp_check_packet_instructions(struct kunit *test)
{
	static const u16 forbidden[] = {
		BPF_LD | BPF_H | BPF_ABS,
		BPF_LD | BPF_B | BPF_ABS,
		BPF_LD | BPF_W | BPF_IND,
		BPF_LD | BPF_H | BPF_IND,
		BPF_LD | BPF_B | BPF_IND,
		BPF_LDX | BPF_B | BPF_MSH,
		BPF_ALU | BPF_MOD | BPF_K,
		BPF_ALU | BPF_MOD | BPF_X,
	};

	for (int i = 0; i < ARRAY_SIZE(forbidden); i++)
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL,
				    check(forbidden[i], 4, NULL), "code %#x",
				    forbidden[i]);
}

/* All instructions are checked, also the first one. */
static void seccomp_check_packet_instructions_anywhere(struct kunit *test)
{
	for (int at = 0; at < 3; at++) {
		struct sock_filter insns[] = {
			BPF_STMT(BPF_LD | BPF_IMM, 0),
			BPF_STMT(BPF_LD | BPF_IMM, 0),
			BPF_STMT(BPF_LD | BPF_IMM, 0),
			BPF_STMT(BPF_RET | BPF_K, 0),
		};

		insns[at].code = BPF_LD | BPF_B | BPF_ABS;
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL,
				    seccomp_check_program(insns,
							  ARRAY_SIZE(insns)),
				    "at %d", at);
	}
}

static void seccomp_check_all_other_instructions(struct kunit *test)
{
	static const u16 plain[] = {
		BPF_LD | BPF_IMM, BPF_LD | BPF_MEM, BPF_LDX | BPF_IMM,
		BPF_LDX | BPF_MEM, BPF_ST, BPF_STX,
		BPF_MISC | BPF_TAX, BPF_MISC | BPF_TXA,
		BPF_RET | BPF_K, BPF_RET | BPF_A,
		BPF_JMP | BPF_JA,
		BPF_JMP | BPF_JEQ | BPF_K, BPF_JMP | BPF_JEQ | BPF_X,
		BPF_JMP | BPF_JGE | BPF_K, BPF_JMP | BPF_JGE | BPF_X,
		BPF_JMP | BPF_JGT | BPF_K, BPF_JMP | BPF_JGT | BPF_X,
		BPF_JMP | BPF_JSET | BPF_K, BPF_JMP | BPF_JSET | BPF_X,
		BPF_ALU | BPF_ADD | BPF_K, BPF_ALU | BPF_ADD | BPF_X,
		BPF_ALU | BPF_SUB | BPF_K, BPF_ALU | BPF_SUB | BPF_X,
		BPF_ALU | BPF_MUL | BPF_K, BPF_ALU | BPF_MUL | BPF_X,
		BPF_ALU | BPF_DIV | BPF_K, BPF_ALU | BPF_DIV | BPF_X,
		BPF_ALU | BPF_AND | BPF_K, BPF_ALU | BPF_AND | BPF_X,
		BPF_ALU | BPF_OR | BPF_K, BPF_ALU | BPF_OR | BPF_X,
		BPF_ALU | BPF_XOR | BPF_K, BPF_ALU | BPF_XOR | BPF_X,
		BPF_ALU | BPF_LSH | BPF_K, BPF_ALU | BPF_LSH | BPF_X,
		BPF_ALU | BPF_RSH | BPF_K, BPF_ALU | BPF_RSH | BPF_X,
		BPF_ALU | BPF_NEG,
	};
	struct sock_filter insn;

	for (int i = 0; i < ARRAY_SIZE(plain); i++) {
		KUNIT_EXPECT_EQ_MSG(test, 0, check(plain[i], 1, &insn),
				    "code %#x", plain[i]);
		KUNIT_EXPECT_EQ(test, plain[i], insn.code);
	}
}

/* bpf_check_classic() accepts each program that seccomp accepts. */
static void seccomp_check_agrees_with_classic(struct kunit *test)
{
	/* twice as many as there can be */
	const unsigned int codes = 0x200;
	static const u32 ks[] = { 0, 1, 2, 3, 4, 60, 64, 0x7fffffff, U32_MAX };
	static const u8 jumps[] = { 0, 1, 2, 3, 255 };

	for (int i = 0; i < codes * ARRAY_SIZE(ks); i++) {
		for (int j = 0; j < ARRAY_SIZE(jumps) * ARRAY_SIZE(jumps); j++) {
			struct sock_filter insns[] = {
				BPF_JUMP(i / ARRAY_SIZE(ks),
					 ks[i % ARRAY_SIZE(ks)],
					 jumps[j / ARRAY_SIZE(jumps)],
					 jumps[j % ARRAY_SIZE(jumps)]),
				BPF_STMT(BPF_RET | BPF_K, 0),
				BPF_STMT(BPF_RET | BPF_K, 0),
			};

			/* also programs that end with this instruction */
			for (int len = 1; len <= ARRAY_SIZE(insns); len++)
				if (!seccomp_check_program(insns, len))
					KUNIT_ASSERT_EQ(test, 0,
							bpf_check_classic(insns,
									  len));
		}
	}
}

static struct kunit_case seccomp_check_cases[] = {
	KUNIT_CASE(seccomp_check_loads_inside_data),
	KUNIT_CASE(seccomp_check_loads_outside_data),
	KUNIT_CASE(seccomp_check_loads_unaligned),
	KUNIT_CASE(seccomp_check_length_is_constant),
	KUNIT_CASE(seccomp_check_packet_instructions),
	KUNIT_CASE(seccomp_check_packet_instructions_anywhere),
	KUNIT_CASE(seccomp_check_all_other_instructions),
	KUNIT_CASE(seccomp_check_agrees_with_classic),
	{ }
};

static struct kunit_suite seccomp_check_suite = {
	.name = "seccomp_check",
	.test_cases = seccomp_check_cases,
};

kunit_test_suite(seccomp_check_suite);

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_LICENSE("GPL");
