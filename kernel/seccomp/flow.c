// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: static analysis of a program.
 *
 * A classic BPF program has no loops, so one pass from the first instruction to
 * the last sees every path. The pass follows sets of system calls, and what is
 * known of the two registers. A jump on the number or the architecture splits
 * the set. At a jump on anything else the whole set takes both branches. If all
 * returns that a system call reaches have the same value, the program returns
 * that value for it.
 *
 * A second pass follows only the system calls for which the program has to be
 * executed, and marks the instructions and branches that they reach.
 */

#include <linux/filter.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "flow_pass.h"
#include "internal.h"

static struct reg_value load(u32 offset)
{
	switch (offset) {
	case offsetof(struct seccomp_data, nr):
		return (struct reg_value){ REG_NUMBER, U32_MAX };
	case offsetof(struct seccomp_data, arch):
		return (struct reg_value){ REG_ARCH };
	default:
		return (struct reg_value){ REG_UNKNOWN };
	}
}

static struct reg_value alu(u8 op, struct reg_value a, struct reg_value operand)
{
	const struct reg_value unknown = { REG_UNKNOWN };
	u32 k = operand.k;

	if (operand.type != REG_CONSTANT)
		return unknown;
	if (op == BPF_AND && !k)
		return (struct reg_value){ REG_CONSTANT, 0 };
	if (op == BPF_AND && a.type == REG_NUMBER)
		return (struct reg_value){ REG_NUMBER, a.k & k };
	if (a.type != REG_CONSTANT)
		return unknown;

	switch (op) {
	case BPF_ADD:
		a.k += k;
		break;
	case BPF_SUB:
		a.k -= k;
		break;
	case BPF_MUL:
		a.k *= k;
		break;
	case BPF_AND:
		a.k &= k;
		break;
	case BPF_OR:
		a.k |= k;
		break;
	case BPF_XOR:
		a.k ^= k;
		break;
	case BPF_NEG:
		a.k = -a.k;
		break;
	default:
		/* Programs do not divide or shift constants. */
		return unknown;
	}
	return a;
}

/* The registers after an instruction that neither jumps nor returns */
static void update_registers(struct insn_state *state,
			     const struct sock_filter *insn)
{
	const struct reg_value constant = { REG_CONSTANT, insn->k };

	switch (insn->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		state->a = load(insn->k);
		break;
	case BPF_LD | BPF_IMM:
		state->a = constant;
		break;
	case BPF_LDX | BPF_IMM:
		state->x = constant;
		break;
	case BPF_MISC | BPF_TAX:
		state->x = state->a;
		break;
	case BPF_MISC | BPF_TXA:
		state->a = state->x;
		break;
	case BPF_ST:
	case BPF_STX:
		/* Memory is not tracked: what is loaded from it is unknown. */
		break;
	default:
		if (BPF_CLASS(insn->code) == BPF_ALU)
			state->a = alu(BPF_OP(insn->code), state->a,
				       BPF_SRC(insn->code) == BPF_X ?
				       state->x : constant);
		else if (BPF_CLASS(insn->code) == BPF_LDX)
			state->x = (struct reg_value){ REG_UNKNOWN };
		else
			state->a = (struct reg_value){ REG_UNKNOWN };
	}
}

/* The program returns @value for all system calls that are at @here. */
static void add_return(struct flow_pass *pass, const struct insn_state *here,
		       struct reg_value value)
{
	struct seccomp_analysis *analysis = pass->analysis;

	if (pass->flow)
		return;

	for (unsigned int word = here->from; word < here->to; word++) {
		unsigned long bits = here->set[word];
		unsigned long again = bits & pass->returned[word] &
				      ~analysis->depends[word];
		unsigned long first = bits & ~pass->returned[word];
		unsigned int base = word * BITS_PER_LONG;

		pass->returned[word] |= bits;
		if (value.type != REG_CONSTANT) {
			analysis->depends[word] |= bits;
			continue;
		}
		for (; first; first &= first - 1)
			analysis->value[base + __ffs(first)] = value.k;
		for (; again; again &= again - 1)
			if (analysis->value[base + __ffs(again)] != value.k)
				analysis->depends[word] |= again & -again;
	}
}

static void visit_return(struct flow_pass *pass, struct insn_state *here,
			 const struct sock_filter *insn)
{
	struct reg_value value = { REG_CONSTANT, insn->k };

	if (BPF_RVAL(insn->code) == BPF_A)
		value = here->a;
	/* The data of SECCOMP_RET_ALLOW has no meaning. */
	if (value.type == REG_CONSTANT &&
	    (value.k & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ALLOW)
		value.k = SECCOMP_RET_ALLOW;

	add_return(pass, here, value);
	flow_set_put(pass, here->set);
	here->set = NULL;
}

static bool may_divide_by_zero(const struct insn_state *here,
			       const struct sock_filter *insn)
{
	return insn->code == (BPF_ALU | BPF_DIV | BPF_X) &&
	       (here->x.type != REG_CONSTANT || !here->x.k);
}

/*
 * A division by zero makes the program return 0. One such return is added for
 * each system call, not one for each division, so that the time stays linear.
 */
static void add_zero_division(struct flow_pass *pass,
			      const struct insn_state *here)
{
	const struct reg_value zero = { REG_CONSTANT, 0 };
	struct insn_state part = *here;

	if (pass->flow)
		return;

	while (part.from < part.to) {
		unsigned int word = part.from;
		unsigned long bits = here->set[word] &
				     ~pass->zero_divisors[word];

		if (bits) {
			pass->zero_divisors[word] |= bits;
			part.to = word + 1;
			add_return(pass, &part, zero);
			part.to = here->to;
		}
		part.from++;
	}
}

static void visit_other(struct flow_pass *pass, unsigned int pc)
{
	const struct sock_filter *insn = &pass->insns[pc];
	struct insn_state *here = &pass->states[pc];
	struct reg_value before = here->a;

	if (may_divide_by_zero(here, insn))
		add_zero_division(pass, here);
	update_registers(here, insn);
	if (insn->code == (BPF_LD | BPF_W | BPF_ABS) &&
	    here->a.type != REG_UNKNOWN && here->a.type == before.type &&
	    here->a.k == before.k)
		flow_mark(pass, pc, FLOW_RELOAD);
	flow_propagate(pass, here, here + 1);
}

/* Errors: ENOMEM */
static int visit_insn(struct flow_pass *pass, unsigned int pc)
{
	const struct sock_filter *insn = &pass->insns[pc];
	struct insn_state *here = &pass->states[pc];

	/* Most instructions are such. */
	if (insn->code == (BPF_JMP | BPF_JEQ | BPF_K) &&
	    here->a.type == REG_NUMBER && here->a.k == U32_MAX)
		return flow_visit_equalities(pass, pc);

	flow_mark(pass, pc, FLOW_REACHED);
	switch (BPF_CLASS(insn->code)) {
	case BPF_RET:
		visit_return(pass, here, insn);
		return 0;
	case BPF_JMP:
		if (BPF_OP(insn->code) != BPF_JA)
			return flow_visit_jump(pass, pc);
		flow_propagate(pass, here, here + 1 + insn->k);
		return 0;
	default:
		visit_other(pass, pc);
		return 0;
	}
}

/* All system calls of the pass, before the first instruction. Errors: ENOMEM */
static int init_first_state(struct flow_pass *pass)
{
	const u16 *rank = pass->rank;
	unsigned int end = SECCOMP_OTHER_ARCHS ? SECCOMP_SYSCALLS :
						 INDEX_OTHER_ARCH;

	pass->words = BITS_TO_LONGS(rank[SECCOMP_SYSCALLS]);
	pass->states[0] = (struct insn_state){
		.set = flow_set_get(pass),
		.to = pass->words,
		/* Programs start with registers of zero. */
		.a = { REG_CONSTANT, 0 },
		.x = { REG_CONSTANT, 0 },
	};
	if (!pass->states[0].set)
		return -ENOMEM;
	bitmap_zero(pass->states[0].set, pass->words * BITS_PER_LONG);
	bitmap_set(pass->states[0].set, 0, rank[end]);
	return 0;
}

/* Visit every instruction from the first to the last. Errors: ENOMEM */
static int do_pass(struct flow_pass *pass, unsigned int len)
{
	struct insn_state *end = pass->states + len;
	unsigned long *set;
	int err;

	err = init_first_state(pass);
	if (err)
		return err;

	for (struct insn_state *here = pass->states; here < end && !err; here++)
		if (here->set)
			err = visit_insn(pass, here - pass->states);

	/* Without memory sets are left over. */
	for (struct insn_state *here = pass->states; here < end && err; here++)
		if (here->set)
			flow_set_put(pass, here->set);
	while (pass->spare) {
		set = flow_set_get(pass);
		kfree(set);
	}
	return err;
}

static void rank_all(u16 *rank)
{
	for (unsigned int index = 0; index <= SECCOMP_SYSCALLS; index++)
		rank[index] = index;
}

static void rank_some(u16 *rank, const unsigned long *some)
{
	unsigned int index = 0;
	u16 before = 0;

	while (index <= SECCOMP_SYSCALLS) {
		unsigned int next = find_next_bit(some, SECCOMP_SYSCALLS, index);

		while (index <= next)
			rank[index++] = before;
		before++;
	}
}

/**
 * struct flow_workspace - what both passes need beside the result
 * @rank: see struct flow_pass
 * @returned: see struct flow_pass
 * @zero_divisors: see struct flow_pass
 * @states: see struct flow_pass
 */
struct flow_workspace {
	u16 rank[SECCOMP_SYSCALLS + 1];
	DECLARE_BITMAP(returned, SECCOMP_SYSCALLS);
	DECLARE_BITMAP(zero_divisors, SECCOMP_SYSCALLS);
	struct insn_state states[];
};

/**
 * seccomp_analysis_free() - free the result of seccomp_analyse()
 * @analysis: the result, or NULL
 *
 * Context: Task context, may sleep.
 */
void seccomp_analysis_free(struct seccomp_analysis *analysis)
{
	if (!analysis)
		return;
	kvfree(analysis->work);
	kvfree(analysis);
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_analysis_free);

/**
 * seccomp_analyse() - find what a program returns for each system call
 * @insns: a classic BPF program that seccomp_check_program() accepts
 * @len: number of instructions
 *
 * The time is linear in @len: each instruction takes at most the time to look
 * at every system call once.
 *
 * Context: Task context, may sleep.
 * Return: The result, for seccomp_analysis_free(); NULL without memory.
 */
struct seccomp_analysis *seccomp_analyse(const struct sock_filter *insns,
					 unsigned int len)
{
	struct flow_pass pass = { .insns = insns };
	struct seccomp_analysis *analysis;
	struct flow_workspace *work;

	analysis = kvzalloc(struct_size(analysis, flow, len),
			    GFP_KERNEL_ACCOUNT);
	if (!analysis)
		return NULL;

	analysis->len = len;
	work = kvzalloc(struct_size(work, states, len), GFP_KERNEL_ACCOUNT);
	analysis->work = work;
	if (!work)
		goto out_free;

	pass.states = work->states;
	pass.rank = work->rank;
	pass.returned = work->returned;
	pass.zero_divisors = work->zero_divisors;
	pass.analysis = analysis;
	rank_all(work->rank);
	if (!do_pass(&pass, len))
		return analysis;

out_free:
	seccomp_analysis_free(analysis);
	return NULL;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_analyse);

/**
 * seccomp_analyse_flow() - find which instructions have to be executed
 * @insns: the program
 * @analysis: the result of seccomp_analyse(), with all system calls in @depends
 *	for which the program is executed; @flow is filled in
 *
 * Takes no longer than seccomp_analyse().
 *
 * Context: Task context, may sleep.
 * Return: 0, or -ENOMEM.
 */
int seccomp_analyse_flow(const struct sock_filter *insns,
			 struct seccomp_analysis *analysis)
{
	struct flow_workspace *work = analysis->work;
	struct flow_pass pass = {
		.insns = insns,
		.flow = analysis->flow,
		.states = work->states,
		.rank = work->rank,
	};

	if (bitmap_empty(analysis->depends, SECCOMP_SYSCALLS))
		return 0;

	rank_some(work->rank, analysis->depends);
	return do_pass(&pass, analysis->len);
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_analyse_flow);
