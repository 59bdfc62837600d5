/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The state of an analysis pass over a program, which flow.c and flow_jump.c
 * share.
 *
 * A pass follows sets of system calls. A set is a bitmap. It has a bit for each
 * system call that takes part in the pass, not for each index: @rank of the
 * pass maps indexes to bits.
 */
#ifndef _KERNEL_SECCOMP_FLOW_PASS_H
#define _KERNEL_SECCOMP_FLOW_PASS_H

#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/types.h>

#include "flow.h"
#include "syscall_index.h"

/* What is known of a register */
enum reg_type {
	REG_UNKNOWN,	/* an argument, the instruction pointer, or memory */
	REG_NUMBER,	/* the system call number, and a mask */
	REG_ARCH,	/* the architecture */
	REG_CONSTANT,
};

/**
 * struct reg_value - the value of a register
 * @type: what it is
 * @k: the mask of a REG_NUMBER, the value of a REG_CONSTANT
 */
struct reg_value {
	enum reg_type type;
	u32 k;
};

/**
 * struct insn_state - what is known before an instruction is executed
 * @set: the system calls that reach the instruction; NULL if none does
 * @from: words of @set before this one are zero
 * @to: words of @set from this one on are zero
 * @a: the accumulator
 * @x: the index register
 */
struct insn_state {
	unsigned long *set;
	u16 from, to;
	struct reg_value a, x;
};

/**
 * struct flow_pass - one pass over a program
 * @insns: the program
 * @states: one for each instruction
 * @rank: for each index the number of lower indexes that take part
 * @words: size of a set in longs
 * @bit_scans: how many jumps were followed by trying each system call
 * @spare: free sets, linked by their first word
 * @flow: FLOW_* of each instruction, to be filled in; NULL if the pass is to
 *	fill in @analysis
 * @analysis: what the system calls return, to be filled in
 * @returned: system calls for which a return was found
 * @zero_divisors: system calls for which a division that may be by zero was
 *	found
 */
struct flow_pass {
	const struct sock_filter *insns;
	struct insn_state *states;
	const u16 *rank;
	unsigned int words;
	unsigned int bit_scans;
	unsigned long *spare;
	u8 *flow;
	struct seccomp_analysis *analysis;
	unsigned long *returned;
	unsigned long *zero_divisors;
};

static inline unsigned long *flow_set_get(struct flow_pass *pass)
{
	unsigned long *set = pass->spare;

	if (set) {
		pass->spare = (unsigned long *)set[0];
		return set;
	}
	return kmalloc_array(pass->words, sizeof(*set),
			     GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
}

static inline void flow_set_put(struct flow_pass *pass, unsigned long *set)
{
	set[0] = (unsigned long)pass->spare;
	pass->spare = set;
}

/* Record that the system calls of the pass do @what at instruction @pc. */
static inline void flow_mark(struct flow_pass *pass, unsigned int pc, u8 what)
{
	if (pass->flow)
		pass->flow[pc] |= what;
}

/* The value of a register if control comes from two places */
static __always_inline void reg_value_join(struct reg_value *value,
					   struct reg_value other)
{
	if (unlikely(value->type != other.type || value->k != other.k))
		value->type = REG_UNKNOWN;
}

static inline void insn_state_join(struct flow_pass *pass,
				   struct insn_state *here,
				   struct insn_state *to)
{
	for (unsigned int i = here->from; i < here->to; i++)
		to->set[i] |= here->set[i];
	to->from = min(to->from, here->from);
	to->to = max(to->to, here->to);
	reg_value_join(&to->a, here->a);
	reg_value_join(&to->x, here->x);
	flow_set_put(pass, here->set);
}

/* All system calls that are at @here continue at @to. */
static __always_inline void flow_propagate(struct flow_pass *pass,
					   struct insn_state *here,
					   struct insn_state *to)
{
	if (likely(!to->set))
		*to = *here;
	else
		insn_state_join(pass, here, to);
	here->set = NULL;
}

/* flow_jump.c */
int flow_visit_jump(struct flow_pass *pass, unsigned int pc);
int flow_visit_equalities(struct flow_pass *pass, unsigned int pc);

#endif /* _KERNEL_SECCOMP_FLOW_PASS_H */
