// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: conditional jumps of a program that is analysed. A jump on the
 * system call number or the architecture splits the set of system calls that
 * reach it. At any other jump the whole set takes both branches.
 */

#include <linux/bitmap.h>
#include <linux/filter.h>

#include "flow_pass.h"

/*
 * A jump on some bits of the number is followed by trying each system call. At
 * most this many per pass are, to bound the time.
 */
#define BIT_SCANS_MAX	256

/**
 * struct split - a jump that splits the set of system calls that reach it
 * @pass: the pass
 * @here: the state before the jump; its set keeps those that do not jump
 * @target: the state of the instruction to which the others jump
 * @jumps: some do
 */
struct split {
	struct flow_pass *pass;
	struct insn_state *here;
	struct insn_state *target;
	bool jumps;
};

/* Nothing has reached the target before. */
static noinline int create_target(struct split *split)
{
	struct insn_state *here = split->here;
	struct insn_state *target = split->target;

	target->set = flow_set_get(split->pass);
	if (!target->set)
		return -ENOMEM;
	memset(target->set, 0, split->pass->words * sizeof(*target->set));
	target->from = split->pass->words;
	target->to = 0;
	target->a = here->a;
	target->x = here->x;
	return 0;
}

/* Some of the set jump. */
static __always_inline int open_target(struct split *split)
{
	struct insn_state *target = split->target;

	if (!target->set) {
		if (create_target(split))
			return -ENOMEM;
	} else if (!split->jumps) {
		reg_value_join(&target->a, split->here->a);
		reg_value_join(&target->x, split->here->x);
	}
	split->jumps = true;
	return 0;
}

static __always_inline void widen(struct insn_state *state, unsigned int from,
				  unsigned int to)
{
	if (from < state->from)
		state->from = from;
	if (to > state->to)
		state->to = to;
}

/*
 * The indexes from @from to before @to jump; if @both is set, they may also not
 * jump.
 */
static int split_range(struct split *split, unsigned int from, unsigned int to,
		       bool both)
{
	struct insn_state *here = split->here;
	unsigned int bit = split->pass->rank[from];
	unsigned int end = split->pass->rank[to];
	unsigned int word = max_t(unsigned int, BIT_WORD(bit), here->from);
	unsigned int last = min_t(unsigned int, BITS_TO_LONGS(end), here->to);
	unsigned long *set = here->set;
	unsigned long bits, mask = ~0UL;

	if (bit == end)
		return 0;

	if (word == BIT_WORD(bit))
		mask = BITMAP_FIRST_WORD_MASK(bit);
	for (; word < last; word++, mask = ~0UL) {
		if (word == BIT_WORD(end))
			mask &= BITMAP_LAST_WORD_MASK(end);
		bits = set[word] & mask;
		if (!bits)
			continue;
		if (unlikely(!split->jumps) && open_target(split))
			return -ENOMEM;
		widen(split->target, word, word + 1);
		split->target->set[word] |= bits;
		if (!both)
			set[word] &= ~bits;
	}
	return 0;
}

/* The same for one index */
static __always_inline int split_one(struct split *split, unsigned int index,
				     bool both)
{
	unsigned int bit = split->pass->rank[index];

	if (bit == split->pass->rank[index + 1] ||
	    !test_bit(bit, split->here->set))
		return 0;
	if (open_target(split))
		return -ENOMEM;

	__set_bit(bit, split->target->set);
	widen(split->target, BIT_WORD(bit), BIT_WORD(bit) + 1);
	if (!both)
		__clear_bit(bit, split->here->set);
	return 0;
}

/*
 * Architectures without an ABI here share one index, for which any value is
 * possible. So it takes both branches.
 */
static int split_other_archs(struct split *split)
{
	if (!SECCOMP_OTHER_ARCHS)
		return 0;
	return split_one(split, INDEX_OTHER_ARCH, true);
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
	default: /* BPF_JSET */
		return a & k;
	}
}

static int split_by_arch(struct split *split, u8 op, u32 k)
{
	const struct seccomp_abi *abi;
	int err = split_other_archs(split);

	for_each_seccomp_abi(abi)
		if (!err && compare(op, abi->arch, k))
			err = split_range(split, abi->index,
					  abi->index + abi->count + 1, false);
	return err;
}

/*
 * One of the numbers of a gap may be @k. Most instructions of programs come
 * here, so the table of ABIs is unrolled.
 */
#define SPLIT_ABI_BY_EQUALITY(id, abi_arch, first, last, count, name)	\
	?: (k >= (first) && k <= (last) ?				\
	    split_one(split, INDEX_##id + min_t(u32, k - (first), count), \
		      k - (first) >= (count)) : 0)

static __always_inline int split_by_equality(struct split *split, u32 k)
{
	return split_other_archs(split) SECCOMP_ABI_ROWS(SPLIT_ABI_BY_EQUALITY);
}

/*
 * Numbers of at least @k jump. @index and @count are those of the ABI that has
 * @k,
 * @first is its first number, @end is the index behind its architecture.
 */
static __always_inline int split_abi_by_order(struct split *split, u32 k,
					      u32 first, unsigned int count,
					      unsigned int index,
					      unsigned int end)
{
	const u16 *rank = split->pass->rank;
	unsigned int from = index + min_t(u32, k - first, count);

	/* Most of a program looks at one architecture only. */
	if (rank[end] <= split->here->from * BITS_PER_LONG ||
	    rank[index] >= split->here->to * BITS_PER_LONG)
		return 0;

	/* In a gap there are lower numbers, unless @k is the first one. */
	if (k - first > count && split_one(split, from++, true))
		return -ENOMEM;
	return split_range(split, from, end, false);
}

#define SPLIT_ABI_BY_ORDER(id, abi_arch, first, last, count, name)	\
	?: (k >= (first) && k <= (last) ?				\
	    split_abi_by_order(split, k, first, count, INDEX_##id,	\
			       seccomp_arch_end(abi_arch)) : 0)

static int split_by_order(struct split *split, u32 k)
{
	if (!k)
		return split_range(split, 0, SECCOMP_SYSCALLS, false);

	return split_other_archs(split) SECCOMP_ABI_ROWS(SPLIT_ABI_BY_ORDER);
}

/* Some bits of the number decide: try each system call. */
static int split_by_bits(struct split *split, u8 op, u32 mask, u32 k)
{
	const struct seccomp_abi *abi;
	int err = split_other_archs(split);

	/* What is not looked at may be either. */
	if (++split->pass->bit_scans > BIT_SCANS_MAX)
		return split_range(split, 0, SECCOMP_SYSCALLS, true);

	for_each_seccomp_abi(abi) {
		for (unsigned int i = 0; i < abi->count && !err; i++)
			if (compare(op, (abi->first + i) & mask, k))
				err = split_one(split, abi->index + i, false);
		if (!err)
			err = split_one(split, abi->index + abi->count, true);
	}
	return err;
}

static int split_by_number(struct split *split, u8 op, u32 mask, u32 k)
{
	if (mask != U32_MAX || op == BPF_JSET)
		return split_by_bits(split, op, mask, k);

	switch (op) {
	case BPF_JEQ:
		return split_by_equality(split, k);
	case BPF_JGT:
		return k == U32_MAX ? 0 : split_by_order(split, k + 1);
	default: /* BPF_JGE */
		return split_by_order(split, k);
	}
}

/* Is the set empty? Also moves the bounds: each word is skipped only once. */
static __always_inline bool is_empty(struct insn_state *state)
{
	while (state->from < state->to && !state->set[state->from])
		state->from++;
	return state->from == state->to;
}

/* What is left of the set at @here does not jump, and continues at @next. */
static __always_inline void continue_at(struct flow_pass *pass,
					struct insn_state *here,
					struct insn_state *next,
					unsigned int pc)
{
	if (is_empty(here)) {
		flow_set_put(pass, here->set);
		here->set = NULL;
	} else {
		flow_mark(pass, pc, FLOW_FALSE);
		flow_propagate(pass, here, next);
	}
}

/**
 * flow_visit_equalities() - follow comparisons of the number for equality
 * @pass: the pass
 * @pc: the first comparison; the accumulator has the number
 *
 * Programs have long rows of these, in which a false condition leads to the
 * next one: the whole row is followed at once.
 *
 * Context: Task context, may sleep.
 * Return: 0, or -ENOMEM.
 */
int flow_visit_equalities(struct flow_pass *pass, unsigned int pc)
{
	const struct sock_filter *insn = &pass->insns[pc];
	struct insn_state *next = &pass->states[pc + 1];
	struct split split = {
		.pass = pass,
		.here = &pass->states[pc],
	};

	for (;; insn++, next++, pc++) {
		split.jumps = false;
		split.target = next + insn->jt;
		if (insn->jt != insn->jf && split_by_equality(&split, insn->k))
			return -ENOMEM;
		flow_mark(pass, pc, split.jumps ? FLOW_REACHED | FLOW_TRUE :
						  FLOW_REACHED);

		if (insn->jf || next->set || insn[1].code != insn->code ||
		    is_empty(split.here))
			break;
		flow_mark(pass, pc, FLOW_FALSE);
	}
	continue_at(pass, split.here, next + insn->jf, pc);
	return 0;
}

/**
 * flow_visit_jump() - follow a conditional jump
 * @pass: the pass
 * @pc: the jump
 *
 * Context: Task context, may sleep.
 * Return: 0, or -ENOMEM.
 */
int flow_visit_jump(struct flow_pass *pass, unsigned int pc)
{
	const struct sock_filter *insn = &pass->insns[pc];
	struct insn_state *here = &pass->states[pc];
	struct insn_state *next = here + 1 + insn->jf;
	struct split split = {
		.pass = pass,
		.here = here,
		.target = here + 1 + insn->jt,
	};
	struct reg_value operand = { REG_CONSTANT, insn->k };
	u8 op = BPF_OP(insn->code);
	int err;

	if (BPF_SRC(insn->code) == BPF_X)
		operand = here->x;

	if (split.target == next) {
		err = 0;
	} else if (operand.type != REG_CONSTANT ||
		   here->a.type == REG_UNKNOWN) {
		err = split_range(&split, 0, SECCOMP_SYSCALLS, true);
	} else if (here->a.type == REG_CONSTANT) {
		if (compare(op, here->a.k, operand.k)) {
			flow_mark(pass, pc, FLOW_TRUE);
			flow_propagate(pass, here, split.target);
			return 0;
		}
		err = 0;
	} else if (here->a.type == REG_ARCH) {
		err = split_by_arch(&split, op, operand.k);
	} else {
		err = split_by_number(&split, op, here->a.k, operand.k);
	}
	if (err)
		return err;

	if (split.jumps)
		flow_mark(pass, pc, FLOW_TRUE);
	continue_at(pass, here, next, pc);
	return 0;
}
