// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests for the analysis of programs: small ones whose results are
 * obvious.
 */

#include <kunit/test.h>
#include <linux/filter.h>
#include <linux/slab.h>

#include "flow.h"
#include "internal.h"

#ifdef SECCOMP_ARCH_NATIVE
# define NATIVE			SECCOMP_ARCH_NATIVE
#else
# define NATIVE			0
#endif
/* an architecture that has no ABI here */
#define UNKNOWN_ARCH			0x1234

#define ERRNO(n)		(SECCOMP_RET_ERRNO | (n))
#define ALLOW			SECCOMP_RET_ALLOW
#define KILL			SECCOMP_RET_KILL_PROCESS

#define LOAD(member) \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define JUMP(op, k, yes, no)	BPF_JUMP(BPF_JMP | BPF_##op | BPF_K, k, yes, no)
#define JUMP_X(op, yes, no)	BPF_JUMP(BPF_JMP | BPF_##op | BPF_X, 0, yes, no)
#define GOTO(k)			BPF_STMT(BPF_JMP | BPF_JA, k)
#define ALU(op, k)		BPF_STMT(BPF_ALU | BPF_##op | BPF_K, k)
#define ALU_X(op)		BPF_STMT(BPF_ALU | BPF_##op | BPF_X, 0)
#define SET_A(k)		BPF_STMT(BPF_LD | BPF_IMM, k)
#define SET_X(k)		BPF_STMT(BPF_LDX | BPF_IMM, k)
#define RETURN(k)		BPF_STMT(BPF_RET | BPF_K, k)
#define RETURN_A		BPF_STMT(BPF_RET | BPF_A, 0)

/* Analyse a program. KUnit frees the analysis. */
static struct seccomp_analysis *analyse(struct kunit *test,
					const struct sock_filter *insns,
					unsigned int len)
{
	struct seccomp_analysis *found, *copy;
	size_t size = struct_size(found, flow, len);

	KUNIT_ASSERT_EQ(test, 0, bpf_check_classic(insns, len));
	KUNIT_ASSERT_EQ(test, 0, seccomp_check_program(insns, len));
	copy = kunit_kzalloc(test, size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, copy);
	found = seccomp_analyse(insns, len);
	KUNIT_ASSERT_NOT_NULL(test, found);
	KUNIT_ASSERT_EQ(test, 0, seccomp_analyse_flow(insns, found));
	memcpy(copy, found, size);
	seccomp_analysis_free(found);
	return copy;
}

#define ANALYSE(test, insns)	analyse(test, insns, ARRAY_SIZE(insns))

static void expect(struct kunit *test, const struct seccomp_analysis *found,
		   u32 nr, u32 arch, u32 value)
{
	unsigned int index = seccomp_syscall_index(nr, arch);

	KUNIT_ASSERT_FALSE_MSG(test, test_bit(index, found->depends),
			       "nr %#x arch %#x", nr, arch);
	KUNIT_ASSERT_EQ_MSG(test, value, found->value[index],
			    "nr %#x arch %#x", nr, arch);
}

static void expect_depends(struct kunit *test,
			   const struct seccomp_analysis *found, u32 nr,
			   u32 arch)
{
	KUNIT_ASSERT_TRUE_MSG(test,
			      test_bit(seccomp_syscall_index(nr, arch), found->depends),
			      "nr %#x arch %#x", nr, arch);
}

/* All indexes of the native architecture */
#define for_each_native(index) \
	for (unsigned int index = seccomp_syscall_index(0, NATIVE);	\
	     index < seccomp_arch_end(NATIVE); index++)

static void expect_all(struct kunit *test, const struct seccomp_analysis *found,
		       u32 value)
{
	for_each_native(index) {
		KUNIT_ASSERT_FALSE_MSG(test, test_bit(index, found->depends),
				       "index %u", index);
		KUNIT_ASSERT_EQ_MSG(test, value, found->value[index],
				    "index %u", index);
	}
}

static void expect_all_depend(struct kunit *test,
			      const struct seccomp_analysis *found)
{
	for_each_native(index)
		KUNIT_ASSERT_TRUE_MSG(test, test_bit(index, found->depends),
				      "index %u", index);
}

/* Numbers */

static void seccomp_flow_by_number(struct kunit *test)
{
	static const struct sock_filter insns[] = {
		LOAD(nr),
		JUMP(JEQ, 5, 0, 1),
		RETURN(ERRNO(5)),
		JUMP(JEQ, 9, 0, 1),
		RETURN(ERRNO(9)),
		RETURN(ALLOW),
	};
	struct seccomp_analysis *found = ANALYSE(test, insns);

	for (u32 nr = 0; nr < SYSCALLS_NATIVE; nr++)
		expect(test, found, nr, NATIVE, nr == 5 ? ERRNO(5) :
						nr == 9 ? ERRNO(9) : ALLOW);
	expect(test, found, SYSCALLS_NATIVE, NATIVE, ALLOW);
	expect(test, found, U32_MAX, NATIVE, ALLOW);
}

static void seccomp_flow_by_arch(struct kunit *test)
{
	static const struct sock_filter insns[] = {
		LOAD(arch),
		JUMP(JEQ, NATIVE, 1, 0),
		RETURN(KILL),
		RETURN(ALLOW),
	};
	struct seccomp_analysis *found = ANALYSE(test, insns);

	expect_all(test, found, ALLOW);
#if SYSCALLS_COMPAT
	for (u32 nr = 0; nr <= SYSCALLS_COMPAT; nr++)
		expect(test, found, nr, SECCOMP_ARCH_COMPAT, KILL);
#endif
#if SECCOMP_OTHER_ARCHS
	expect_depends(test, found, 0, UNKNOWN_ARCH);
#endif
}

static bool compare(u8 op, u32 a, u32 k)
{
	switch (op) {
	case BPF_JEQ:
		return a == k;
	case BPF_JGT:
		return a > k;
	case BPF_JGE:
		return a >= k;
	default:
		return a & k;
	}
}

static const u8 ops[] = { BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET };

static const u32 edges[] = {
	0, 1, 2, 255, 256,
	SYSCALLS_NATIVE - 1, SYSCALLS_NATIVE, SYSCALLS_NATIVE + 1,
	SYSCALLS_COMPAT - 1, SYSCALLS_COMPAT, SYSCALLS_COMPAT + 1,
	0x3fffffff, 0x40000000, 0x40000001,
	0x40000000 + SYSCALLS_X32 - 1, 0x40000000 + SYSCALLS_X32,
	0x40000000 + SYSCALLS_X32 + 1,
	0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
};

struct comparison {
	u8 op;
	u32 mask;
	u32 k;
};

#define YES	ERRNO(1)
#define NO	ERRNO(2)

static void expect_number(struct kunit *test,
			  const struct seccomp_analysis *found,
			  const struct comparison *by, u32 nr, u32 arch)
{
	unsigned int index = seccomp_syscall_index(nr, arch);
	u32 value = compare(by->op, nr & by->mask, by->k) ? YES : NO;

	KUNIT_ASSERT_TRUE_MSG(test,
			      !test_bit(index, found->depends) &&
			      found->value[index] == value,
			      "op %#x mask %#x k %#x nr %#x arch %#x", by->op,
			      by->mask, by->k, nr, arch);
}

/* Numbers from @first to @last, which no system call has */
static void expect_gap(struct kunit *test,
		       const struct seccomp_analysis *found,
		       const struct comparison *by, u32 first, u32 last,
		       u32 arch)
{
	unsigned int index = seccomp_syscall_index(first, arch);
	bool in = by->k >= first && by->k <= last;
	bool depends = false;

	switch (by->op) {
	case BPF_JEQ:
		depends = in;
		break;
	case BPF_JGT:
		depends = in && by->k != last;
		break;
	case BPF_JGE:
		depends = in && by->k != first;
		break;
	}
	if (by->op == BPF_JSET || by->mask != U32_MAX) {
		/* bits are not followed in a gap */
		expect_depends(test, found, first, arch);
		return;
	}
	KUNIT_ASSERT_EQ_MSG(test, depends, test_bit(index, found->depends),
			    "op %#x k %#x gap %#x", by->op, by->k, first);
	if (!depends)
		expect_number(test, found, by, first, arch);
}

static void expect_numbers(struct kunit *test,
			   const struct seccomp_analysis *found,
			   const struct comparison *by)
{
	for (u32 nr = 0; nr < SYSCALLS_NATIVE; nr++)
		expect_number(test, found, by, nr, NATIVE);
#if SYSCALLS_X32
	expect_gap(test, found, by, SYSCALLS_NATIVE, __X32_SYSCALL_BIT - 1, NATIVE);
	for (u32 nr = 0; nr < SYSCALLS_X32; nr++)
		expect_number(test, found, by, __X32_SYSCALL_BIT + nr, NATIVE);
	expect_gap(test, found, by, __X32_SYSCALL_BIT + SYSCALLS_X32, U32_MAX,
		   NATIVE);
#else
	expect_gap(test, found, by, SYSCALLS_NATIVE, U32_MAX, NATIVE);
#endif
#if SYSCALLS_COMPAT
	for (u32 nr = 0; nr < SYSCALLS_COMPAT; nr++)
		expect_number(test, found, by, nr, SECCOMP_ARCH_COMPAT);
	expect_gap(test, found, by, SYSCALLS_COMPAT, U32_MAX, SECCOMP_ARCH_COMPAT);
#endif
}

/* All comparisons with all numbers at which a range starts or ends */
static void seccomp_flow_edges_of_numbers(struct kunit *test)
{
	for (int i = 0; i < ARRAY_SIZE(ops); i++)
		for (int j = 0; j < ARRAY_SIZE(edges); j++) {
			const struct comparison by = { ops[i], U32_MAX, edges[j] };
			const struct sock_filter insns[] = {
				LOAD(nr),
				BPF_JUMP(BPF_JMP | by.op | BPF_K, by.k, 0, 1),
				RETURN(YES),
				RETURN(NO),
			};

			expect_numbers(test, ANALYSE(test, insns), &by);
		}
}

static void seccomp_flow_edges_by_index_register(struct kunit *test)
{
	for (int i = 0; i < ARRAY_SIZE(ops); i++)
		for (int j = 0; j < ARRAY_SIZE(edges); j += 3) {
			const struct comparison by = { ops[i], U32_MAX, edges[j] };
			const struct sock_filter insns[] = {
				SET_X(by.k),
				LOAD(nr),
				BPF_JUMP(BPF_JMP | by.op | BPF_X, 0, 0, 1),
				RETURN(YES),
				RETURN(NO),
			};

			expect_numbers(test, ANALYSE(test, insns), &by);
		}
}

static void seccomp_flow_bits_of_numbers(struct kunit *test)
{
	static const u32 masks[] = { 1, 0xf0, 0xff, 0x3fffffff, 0xbfffffff };

	for (int i = 0; i < ARRAY_SIZE(ops); i++)
		for (int j = 0; j < ARRAY_SIZE(masks); j++) {
			const struct comparison by = {
				ops[i], masks[j] & 0xfffffff3, 0x30 & masks[j],
			};
			/* two masks are combined */
			const struct sock_filter insns[] = {
				LOAD(nr),
				ALU(AND, masks[j]),
				SET_X(0xfffffff3),
				ALU_X(AND),
				BPF_JUMP(BPF_JMP | by.op | BPF_K, by.k, 0, 1),
				RETURN(YES),
				RETURN(NO),
			};

			expect_numbers(test, ANALYSE(test, insns), &by);
		}
}

static void seccomp_flow_edges_of_arch(struct kunit *test)
{
	static const u32 around[] = {
		0, NATIVE - 1, NATIVE, NATIVE + 1, 0x40000000, 0x80000000,
		U32_MAX,
#if SYSCALLS_COMPAT
		SECCOMP_ARCH_COMPAT - 1, SECCOMP_ARCH_COMPAT,
		SECCOMP_ARCH_COMPAT + 1,
#endif
	};

	for (int i = 0; i < ARRAY_SIZE(ops); i++)
		for (int j = 0; j < ARRAY_SIZE(around); j++) {
			u32 k = around[j];
			const struct sock_filter insns[] = {
				LOAD(arch),
				BPF_JUMP(BPF_JMP | ops[i] | BPF_K, k, 0, 1),
				RETURN(YES),
				RETURN(NO),
			};
			struct seccomp_analysis *found = ANALYSE(test, insns);

			expect_all(test, found, compare(ops[i], NATIVE, k) ?
						YES : NO);
#if SYSCALLS_COMPAT
			expect(test, found, 0, SECCOMP_ARCH_COMPAT,
			       compare(ops[i], SECCOMP_ARCH_COMPAT, k) ? YES :
									 NO);
			expect(test, found, U32_MAX, SECCOMP_ARCH_COMPAT,
			       compare(ops[i], SECCOMP_ARCH_COMPAT, k) ? YES :
									 NO);
#endif
		}
}

/* Arguments */

static void seccomp_flow_argument_decides(struct kunit *test)
{
	static const struct sock_filter insns[] = {
		LOAD(args[1]),
		JUMP(JEQ, 7, 0, 1),
		RETURN(ERRNO(1)),
		RETURN(ALLOW),
	};

	expect_all_depend(test, ANALYSE(test, insns));
}

static void seccomp_flow_address_decides(struct kunit *test)
{
	static const struct sock_filter insns[] = {
		LOAD(instruction_pointer),
		JUMP(JGE, 0x1000, 0, 1),
		RETURN(ERRNO(1)),
		RETURN(ALLOW),
	};

	expect_all_depend(test, ANALYSE(test, insns));
}

static void seccomp_flow_argument_decides_one_call(struct kunit *test)
{
	static const struct sock_filter insns[] = {
		LOAD(nr),
		JUMP(JEQ, 3, 0, 3),
		LOAD(args[1]),
		JUMP(JEQ, 7, 0, 1),
		RETURN(ERRNO(1)),
		RETURN(ALLOW),
	};
	struct seccomp_analysis *found = ANALYSE(test, insns);

	for (u32 nr = 0; nr < SYSCALLS_NATIVE; nr++) {
		if (nr == 3)
			expect_depends(test, found, nr, NATIVE);
		else
			expect(test, found, nr, NATIVE, ALLOW);
	}
	expect(test, found, U32_MAX, NATIVE, ALLOW);
}

static void seccomp_flow_argument_makes_no_difference(struct kunit *test)
{
	static const struct sock_filter insns[] = {
		LOAD(args[1]),
		JUMP(JEQ, 7, 0, 1),
		RETURN(ERRNO(1)),
		JUMP(JGT, 7, 1, 0),
		RETURN(ERRNO(1)),
		RETURN(ERRNO(1)),
	};

	expect_all(test, ANALYSE(test, insns), ERRNO(1));
}

static void seccomp_flow_argument_ignored(struct kunit *test)
{
	static const struct sock_filter insns[] = {
		LOAD(args[0]),
		ALU(ADD, 4),
		RETURN(ERRNO(1)),
	};

	expect_all(test, ANALYSE(test, insns), ERRNO(1));
}

static void seccomp_flow_jump_with_one_target(struct kunit *test)
{
	static const struct sock_filter insns[] = {
		LOAD(args[0]),
		JUMP(JEQ, 4, 1, 1),
		RETURN(ERRNO(1)),
		RETURN(ERRNO(2)),
	};

	expect_all(test, ANALYSE(test, insns), ERRNO(2));
}

static void seccomp_flow_dead_code(struct kunit *test)
{
	static const struct sock_filter insns[] = {
		GOTO(3),
		LOAD(args[0]),
		JUMP(JEQ, 4, 1, 0),
		RETURN(ERRNO(1)),
		RETURN(ERRNO(2)),
	};

	expect_all(test, ANALYSE(test, insns), ERRNO(2));
}

/* The data of an allow has no meaning. */
static void seccomp_flow_allow_is_allow(struct kunit *test)
{
	static const struct sock_filter insns[] = {
		LOAD(args[0]),
		JUMP(JEQ, 4, 1, 0),
		RETURN(ALLOW | 1),
		RETURN(ALLOW | 2),
	};

	expect_all(test, ANALYSE(test, insns), ALLOW);
}

static void seccomp_flow_data_matters_for_other_actions(struct kunit *test)
{
	static const struct sock_filter insns[] = {
		LOAD(args[0]),
		JUMP(JEQ, 4, 1, 0),
		RETURN(SECCOMP_RET_LOG | 1),
		RETURN(SECCOMP_RET_LOG | 2),
	};

	expect_all_depend(test, ANALYSE(test, insns));
}

/* Registers */

static void seccomp_flow_registers_start_as_zero(struct kunit *test)
{
	static const struct sock_filter accumulator[] = {
		RETURN_A,
	};
	static const struct sock_filter index[] = {
		LOAD(nr),
		BPF_STMT(BPF_MISC | BPF_TXA, 0),
		JUMP(JEQ, 0, 0, 1),
		RETURN(ERRNO(1)),
		RETURN(ERRNO(2)),
	};

	expect_all(test, ANALYSE(test, accumulator), 0);
	expect_all(test, ANALYSE(test, index), ERRNO(1));
}

static void seccomp_flow_returns_accumulator(struct kunit *test)
{
	static const struct sock_filter constant[] = {
		SET_A(ERRNO(3)),
		RETURN_A,
	};
	static const struct sock_filter number[] = {
		LOAD(nr),
		RETURN_A,
	};
	static const struct sock_filter argument[] = {
		LOAD(args[0]),
		RETURN_A,
	};

	expect_all(test, ANALYSE(test, constant), ERRNO(3));
	expect_all_depend(test, ANALYSE(test, number));
	expect_all_depend(test, ANALYSE(test, argument));
}

static void seccomp_flow_calculates_constants(struct kunit *test)
{
	static const struct sock_filter insns[] = {
		SET_A(7),
		ALU(ADD, 5),	/* 12 */
		ALU(SUB, 2),	/* 10 */
		SET_X(3),
		ALU_X(MUL),	/* 30 */
		ALU(AND, 0x1c),	/* 28 */
		ALU(OR, 0x100),
		ALU(XOR, 0x104), /* 24 */
		BPF_STMT(BPF_ALU | BPF_NEG, 0),
		RETURN_A,
	};

	expect_all(test, ANALYSE(test, insns), -24);
}

/* The mask leaves no bits. */
static void seccomp_flow_masked_to_zero(struct kunit *test)
{
	static const struct sock_filter number[] = {
		LOAD(nr),
		ALU(AND, 0),
		JUMP(JEQ, 0, 0, 1),
		RETURN(ERRNO(1)),
		RETURN(ALLOW),
	};
	static const struct sock_filter argument[] = {
		LOAD(args[0]),
		SET_X(0),
		ALU_X(AND),
		RETURN_A,
	};

	expect_all(test, ANALYSE(test, number), ERRNO(1));
	expect_all(test, ANALYSE(test, argument), 0);
}

/* If paths join, only what is known on all of them is known. */
static void seccomp_flow_paths_join(struct kunit *test)
{
	static const struct sock_filter same[] = {
		LOAD(args[0]),
		JUMP(JEQ, 4, 0, 2),
		LOAD(nr),
		GOTO(1),
		LOAD(nr),
		JUMP(JEQ, 4, 0, 1),
		RETURN(ERRNO(1)),
		RETURN(ALLOW),
	};
	static const struct sock_filter different[] = {
		LOAD(nr),
		JUMP(JEQ, 4, 0, 1),
		LOAD(arch),
		JUMP(JEQ, 5, 0, 1),
		RETURN(ERRNO(1)),
		RETURN(ALLOW),
	};
	static const struct sock_filter index[] = {
		LOAD(args[0]),
		JUMP(JEQ, 4, 0, 1),
		SET_X(5),
		LOAD(nr),
		JUMP_X(JEQ, 0, 1),
		RETURN(ERRNO(1)),
		RETURN(ALLOW),
	};
	/* two jumps to one instruction, with different registers */
	static const struct sock_filter jumps_a[] = {
		LOAD(nr),
		JUMP(JEQ, 4, 3, 0),
		LOAD(arch),
		JUMP(JEQ, NATIVE, 1, 0),
		RETURN(KILL),
		JUMP(JEQ, NATIVE, 0, 1),
		RETURN(ERRNO(1)),
		RETURN(ALLOW),
	};
	static const struct sock_filter jumps_x[] = {
		SET_X(ERRNO(5)),
		LOAD(nr),
		JUMP(JEQ, 4, 3, 0),
		SET_X(ERRNO(6)),
		JUMP(JEQ, 5, 1, 0),
		RETURN(ALLOW),
		BPF_STMT(BPF_MISC | BPF_TXA, 0),
		RETURN_A,
	};
	struct seccomp_analysis *found = ANALYSE(test, same);

	expect(test, found, 4, NATIVE, ERRNO(1));
	expect(test, found, 5, NATIVE, ALLOW);
	/* the accumulator is the architecture or the number: unknown */
	expect_depends(test, ANALYSE(test, different), 5, NATIVE);
	expect_depends(test, ANALYSE(test, index), 5, NATIVE);
	expect_depends(test, ANALYSE(test, jumps_a), 5, NATIVE);
	expect_depends(test, ANALYSE(test, jumps_x), 5, NATIVE);
}

static void seccomp_flow_changed_number_is_unknown(struct kunit *test)
{
	static const struct sock_filter insns[] = {
		LOAD(nr),
		ALU(ADD, 1),
		JUMP(JEQ, 5, 0, 1),
		RETURN(ERRNO(1)),
		RETURN(ALLOW),
	};

	expect_depends(test, ANALYSE(test, insns), 4, NATIVE);
	expect_depends(test, ANALYSE(test, insns), 5, NATIVE);
}

static void seccomp_flow_memory_is_unknown(struct kunit *test)
{
	static const struct sock_filter insns[] = {
		SET_A(1),
		BPF_STMT(BPF_ST, 0),
		LOAD(nr),
		BPF_STMT(BPF_LD | BPF_MEM, 0),
		JUMP(JEQ, 1, 0, 1),
		RETURN(ERRNO(1)),
		RETURN(ALLOW),
	};

	expect_all_depend(test, ANALYSE(test, insns));
}

/* A division by zero returns 0, which kills. */
static void seccomp_flow_division_by_zero(struct kunit *test)
{
	static const struct sock_filter unknown[] = {
		LOAD(args[0]),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		ALU_X(DIV),
		RETURN(ALLOW),
	};
	static const struct sock_filter not_zero[] = {
		SET_X(2),
		LOAD(args[0]),
		ALU_X(DIV),
		RETURN(ALLOW),
	};
	static const struct sock_filter agrees[] = {
		LOAD(args[0]),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		ALU_X(DIV),
		RETURN(0),
	};

	expect_all_depend(test, ANALYSE(test, unknown));
	expect_all(test, ANALYSE(test, not_zero), ALLOW);
	expect_all(test, ANALYSE(test, agrees), 0);
}

/* If there are too many bit scans the result is unknown, but not wrong. */
static void seccomp_flow_limits_bit_scans(struct kunit *test)
{
	static const struct sock_filter end[] = {
		RETURN(ALLOW),
		RETURN(ERRNO(1)),
	};
	struct seccomp_analysis *found;
	struct sock_filter *insns;
	unsigned int len = 0;

	insns = kunit_kcalloc(test, 2048, sizeof(*insns), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, insns);
	/* none of these jumps is taken */
	for (int n = 0; n < 600; n++) {
		insns[len++] = (struct sock_filter)LOAD(nr);
		insns[len++] = (struct sock_filter)ALU(AND, 0xff);
		insns[len++] = (struct sock_filter)JUMP(JGT, 0xff, 2, 0);
	}
	/* only the last jump reaches the end */
	for (unsigned int pc = 2; pc < len - 1; pc += 3)
		insns[pc].jt = 0;
	memcpy(insns + len, end, sizeof(end));
	insns[len - 1].jt = 1;
	len += ARRAY_SIZE(end);

	/* jumps with one target are not counted */
	found = analyse(test, insns, len);
	for (u32 nr = 0; nr < SYSCALLS_NATIVE; nr++)
		expect(test, found, nr, NATIVE, ALLOW);
	for (unsigned int pc = 2; pc < len - 2; pc += 3)
		insns[pc].jt = 1;
	expect_depends(test, analyse(test, insns, len), 0, NATIVE);
}

/* The second pass does not count comparisons of the first one. */
static void seccomp_flow_second_pass_needs_no_bit_scans(struct kunit *test)
{
	static const struct sock_filter begin[] = {
		LOAD(nr),
		JUMP(JGE, 100, 0, 1),
		RETURN(ALLOW),
	};
	static const struct sock_filter row[] = {
		LOAD(nr),
		ALU(AND, 0xff),
		/* never true */
		JUMP(JGT, 0xff, 1, 0),
	};
	static const struct sock_filter end[] = {
		LOAD(args[0]),
		JUMP(JEQ, 7, 0, 1),
		RETURN(ERRNO(1)),
		RETURN(ALLOW),
	};
	struct seccomp_analysis *found;
	struct sock_filter *insns;
	unsigned int len = 0;

	insns = kunit_kcalloc(test, 1024, sizeof(*insns), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, insns);
	memcpy(insns, begin, sizeof(begin));
	len += ARRAY_SIZE(begin);
	for (int n = 0; n < 200; n++, len += ARRAY_SIZE(row))
		memcpy(insns + len, row, sizeof(row));
	memcpy(insns + len, end, sizeof(end));

	found = analyse(test, insns, len + ARRAY_SIZE(end));
	expect_depends(test, found, 1, NATIVE);
	for (unsigned int pc = ARRAY_SIZE(begin); pc < len; pc++)
		KUNIT_EXPECT_FALSE_MSG(test, found->flow[pc] & FLOW_TRUE,
				       "%u", pc);
}

/* Pruning */

static void expect_pruned(struct kunit *test, const struct sock_filter *insns,
			  unsigned int len, const struct sock_filter *expected,
			  unsigned int expected_len)
{
	struct sock_filter pruned[32];
	unsigned int got;

	if (SECCOMP_OTHER_ARCHS)
		kunit_skip(test, "other architectures reach all instructions");
	KUNIT_ASSERT_LE(test, len, (unsigned int)ARRAY_SIZE(pruned));
	got = seccomp_prune(insns, analyse(test, insns, len), pruned);
	KUNIT_ASSERT_EQ(test, expected_len, got);
	for (unsigned int pc = 0; pc < got; pc++) {
		KUNIT_EXPECT_EQ_MSG(test, expected[pc].code, pruned[pc].code,
				    "%u", pc);
		KUNIT_EXPECT_EQ_MSG(test, expected[pc].jt, pruned[pc].jt,
				    "%u", pc);
		KUNIT_EXPECT_EQ_MSG(test, expected[pc].jf, pruned[pc].jf,
				    "%u", pc);
		KUNIT_EXPECT_EQ_MSG(test, expected[pc].k, pruned[pc].k,
				    "%u", pc);
	}
}

#define EXPECT_PRUNED(test, insns, expected) \
	expect_pruned(test, insns, ARRAY_SIZE(insns), expected, \
		      ARRAY_SIZE(expected))

/*
 * The number that libraries compare with on x86-64; elsewhere it would be one
 * of a gap, for which the program would have to run.
 */
#define BEYOND		(SYSCALLS_X32 ? 0x40000000 : SYSCALLS_NATIVE)

/* If the program has to run for one system call, only its rule is left. */
static void seccomp_flow_prunes_to_one_rule(struct kunit *test)
{
	static const struct sock_filter insns[] = {
		LOAD(arch),
		JUMP(JEQ, NATIVE, 0, 9),
		LOAD(nr),
		JUMP(JGE, BEYOND, 7, 0),
		JUMP(JEQ, 1, 7, 0),
		JUMP(JEQ, 2, 0, 3),
		LOAD(args[0]),
		JUMP(JEQ, 7, 4, 0),
		LOAD(nr),
		JUMP(JEQ, 3, 2, 0),
		RETURN(ERRNO(1)),
		RETURN(KILL),
		RETURN(ALLOW),
	};
	static const struct sock_filter expected[] = {
		LOAD(args[0]),
		JUMP(JEQ, 7, 1, 0),
		RETURN(ERRNO(1)),
		RETURN(ALLOW),
	};

	EXPECT_PRUNED(test, insns, expected);
}

/* Two rules: the number selects one of them, and is not loaded again. */
static void seccomp_flow_prunes_to_two_rules(struct kunit *test)
{
	static const struct sock_filter insns[] = {
		LOAD(nr),
		JUMP(JEQ, 1, 7, 0),
		LOAD(nr),
		JUMP(JEQ, 2, 0, 2),
		LOAD(args[0]),
		JUMP(JEQ, 7, 3, 4),
		JUMP(JEQ, 3, 0, 3),
		LOAD(args[1]),
		JUMP(JSET, 8, 0, 1),
		RETURN(ALLOW),
		RETURN(ERRNO(1)),
	};
	static const struct sock_filter expected[] = {
		LOAD(nr),
		JUMP(JEQ, 2, 0, 2),
		LOAD(args[0]),
		JUMP(JEQ, 7, 2, 3),
		LOAD(args[1]),
		JUMP(JSET, 8, 0, 1),
		RETURN(ALLOW),
		RETURN(ERRNO(1)),
	};

	EXPECT_PRUNED(test, insns, expected);
}

/* A load is removed if the register has the value on all paths. */
static void seccomp_flow_prunes_second_load(struct kunit *test)
{
	static const struct sock_filter same[] = {
		LOAD(nr),
		JUMP(JEQ, 1, 1, 0),
		LOAD(nr),
		RETURN_A,
	};
	static const struct sock_filter expected[] = {
		LOAD(nr),
		RETURN_A,
	};
	static const struct sock_filter masked[] = {
		LOAD(nr),
		ALU(AND, 0xff),
		LOAD(nr),
		RETURN_A,
	};

	EXPECT_PRUNED(test, same, expected);
	/* a masked number is not the number */
	EXPECT_PRUNED(test, masked, masked);
}

/* A load is removed if the other register is copied over its value. */
static void seccomp_flow_prunes_load_before_copy(struct kunit *test)
{
	static const struct sock_filter insns[] = {
		LOAD(args[0]),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		LOAD(nr),
		BPF_STMT(BPF_MISC | BPF_TXA, 0),
		RETURN_A,
	};
	static const struct sock_filter expected[] = {
		LOAD(args[0]),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		BPF_STMT(BPF_MISC | BPF_TXA, 0),
		RETURN_A,
	};

	EXPECT_PRUNED(test, insns, expected);
}

/* A division by zero ends the program, so the division is kept. */
static void seccomp_flow_keeps_division(struct kunit *test)
{
	static const struct sock_filter insns[] = {
		LOAD(args[0]),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		ALU_X(DIV),
		LOAD(args[1]),
		RETURN(ALLOW),
	};
	static const struct sock_filter expected[] = {
		LOAD(args[0]),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		ALU_X(DIV),
		RETURN(ALLOW),
	};

	EXPECT_PRUNED(test, insns, expected);
}

/* If branches join, a jump may have to be added. */
static void seccomp_flow_adds_jump_if_branches_join(struct kunit *test)
{
	static const struct sock_filter insns[] = {
		LOAD(args[0]),
		JUMP(JEQ, 1, 0, 2),
		LOAD(args[1]),
		JUMP(JEQ, 2, 3, 3),
		JUMP(JEQ, 3, 1, 0),
		RETURN(ERRNO(1)),
		RETURN(ERRNO(2)),
		RETURN_A,
	};
	static const struct sock_filter expected[] = {
		LOAD(args[0]),
		JUMP(JEQ, 1, 0, 2),
		LOAD(args[1]),
		GOTO(3),
		JUMP(JEQ, 3, 1, 0),
		RETURN(ERRNO(1)),
		RETURN(ERRNO(2)),
		RETURN_A,
	};

	EXPECT_PRUNED(test, insns, expected);
}

static int seccomp_flow_init(struct kunit *test)
{
	if (!SYSCALLS_NATIVE)
		kunit_skip(test, "no architecture has an ABI here");
	return 0;
}

static struct kunit_case seccomp_flow_cases[] = {
	KUNIT_CASE(seccomp_flow_by_number),
	KUNIT_CASE(seccomp_flow_by_arch),
	KUNIT_CASE(seccomp_flow_edges_of_numbers),
	KUNIT_CASE(seccomp_flow_edges_by_index_register),
	KUNIT_CASE(seccomp_flow_bits_of_numbers),
	KUNIT_CASE(seccomp_flow_edges_of_arch),
	KUNIT_CASE(seccomp_flow_argument_decides),
	KUNIT_CASE(seccomp_flow_address_decides),
	KUNIT_CASE(seccomp_flow_argument_decides_one_call),
	KUNIT_CASE(seccomp_flow_argument_makes_no_difference),
	KUNIT_CASE(seccomp_flow_argument_ignored),
	KUNIT_CASE(seccomp_flow_jump_with_one_target),
	KUNIT_CASE(seccomp_flow_dead_code),
	KUNIT_CASE(seccomp_flow_allow_is_allow),
	KUNIT_CASE(seccomp_flow_data_matters_for_other_actions),
	KUNIT_CASE(seccomp_flow_registers_start_as_zero),
	KUNIT_CASE(seccomp_flow_returns_accumulator),
	KUNIT_CASE(seccomp_flow_calculates_constants),
	KUNIT_CASE(seccomp_flow_masked_to_zero),
	KUNIT_CASE(seccomp_flow_paths_join),
	KUNIT_CASE(seccomp_flow_changed_number_is_unknown),
	KUNIT_CASE(seccomp_flow_memory_is_unknown),
	KUNIT_CASE(seccomp_flow_division_by_zero),
	KUNIT_CASE(seccomp_flow_limits_bit_scans),
	KUNIT_CASE(seccomp_flow_second_pass_needs_no_bit_scans),
	KUNIT_CASE(seccomp_flow_prunes_to_one_rule),
	KUNIT_CASE(seccomp_flow_prunes_to_two_rules),
	KUNIT_CASE(seccomp_flow_prunes_second_load),
	KUNIT_CASE(seccomp_flow_prunes_load_before_copy),
	KUNIT_CASE(seccomp_flow_keeps_division),
	KUNIT_CASE(seccomp_flow_adds_jump_if_branches_join),
	{ }
};

static struct kunit_suite seccomp_flow_suite = {
	.name = "seccomp_flow",
	.init = seccomp_flow_init,
	.test_cases = seccomp_flow_cases,
};

kunit_test_suite(seccomp_flow_suite);

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_LICENSE("GPL");
