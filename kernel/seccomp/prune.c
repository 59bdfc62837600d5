// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: the part of a program that has to be run. System calls with a
 * constant answer do not run it. So jumps are removed for which all others take
 * the same branch, and instructions that no other system call reaches.
 */

#include <linux/filter.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "flow.h"
#include "internal.h"

/**
 * struct successor - where an instruction of the old program went
 * @pos: position in the new program, counted from the end: 1 is the last
 *	instruction. If it was removed, that of its successor.
 * @needs_a: from there on the accumulator is read before it is written
 */
struct successor {
	u16 pos;
	bool needs_a;
};

/* The new program. It grows from the end of the buffer to the start. */
struct pruned {
	struct sock_filter *end;
	unsigned int len;
};

static struct sock_filter *prepend(struct pruned *pruned,
				   const struct sock_filter *insn)
{
	struct sock_filter *first = pruned->end - ++pruned->len;

	*first = *insn;
	return first;
}

/* The offset of a jump that is the first instruction */
static unsigned int distance(const struct pruned *pruned,
			     const struct successor *to)
{
	return pruned->len - 1 - to->pos;
}

static bool reads_a(const struct sock_filter *insn)
{
	switch (BPF_CLASS(insn->code)) {
	case BPF_ST:
	case BPF_ALU:
		return true;
	case BPF_RET:
		return BPF_RVAL(insn->code) == BPF_A;
	case BPF_MISC:
		return BPF_MISCOP(insn->code) == BPF_TAX;
	default:
		return false;
	}
}

static bool writes_a(const struct sock_filter *insn)
{
	return BPF_CLASS(insn->code) == BPF_LD ||
	       insn->code == (BPF_MISC | BPF_TXA);
}

/* Continue at @to, which may need a jump. */
static struct successor continue_at(struct pruned *pruned,
				    const struct successor *to)
{
	const struct sock_filter jump = BPF_STMT(BPF_JMP | BPF_JA, 0);
	struct sock_filter *new;

	if (to->pos != pruned->len) {
		new = prepend(pruned, &jump);
		new->k = distance(pruned, to);
	}
	return (struct successor){ pruned->len, to->needs_a };
}

static struct successor prune_jump(struct pruned *pruned,
				   const struct sock_filter *insn, u8 flow,
				   const struct successor *next)
{
	const struct successor *if_true = next + insn->jt;
	const struct successor *if_false = next + insn->jf;
	struct successor both;
	struct sock_filter *new;

	if (BPF_OP(insn->code) == BPF_JA)
		return continue_at(pruned, next + insn->k);
	if (!(flow & FLOW_TRUE))
		return continue_at(pruned, if_false);
	if (!(flow & FLOW_FALSE))
		return continue_at(pruned, if_true);
	if (if_true->pos == if_false->pos) {
		both.pos = if_false->pos;
		both.needs_a = if_true->needs_a || if_false->needs_a;
		return continue_at(pruned, &both);
	}

	/*
	 * The offset is at most the old one: instructions between were kept or
	 * removed, and each added jump replaces another.
	 */
	new = prepend(pruned, insn);
	new->jt = distance(pruned, if_true);
	new->jf = distance(pruned, if_false);
	return (struct successor){ pruned->len, true };
}

static struct successor prune_insn(struct pruned *pruned,
				   const struct sock_filter *insn, u8 flow,
				   const struct successor *next)
{
	bool needs_a = BPF_CLASS(insn->code) != BPF_RET && next->needs_a;

	/* Remove loads that nothing reads, and reloads. */
	if (BPF_CLASS(insn->code) == BPF_LD && (!needs_a || flow & FLOW_RELOAD))
		return *next;

	prepend(pruned, insn);
	return (struct successor){
		.pos = pruned->len,
		.needs_a = reads_a(insn) || (needs_a && !writes_a(insn)),
	};
}

/**
 * seccomp_prune() - remove what only system calls with a constant answer reach
 * @insns: the program
 * @analysis: from seccomp_analyse_flow(); for some system calls it is run
 * @pruned: where the new program goes, with room for all instructions
 *
 * Context: Task context, may sleep.
 * Return: Number of instructions at @pruned, or 0 without memory.
 */
unsigned int seccomp_prune(const struct sock_filter *insns,
			   const struct seccomp_analysis *analysis,
			   struct sock_filter *pruned)
{
	unsigned int len = analysis->len;
	struct pruned new = { .end = pruned + len };
	struct successor *successors;

	successors = kvmalloc_array(len, sizeof(*successors),
				    GFP_KERNEL_ACCOUNT);
	if (!successors)
		return 0;

	for (unsigned int pc = len; pc-- > 0;) {
		const struct sock_filter *insn = &insns[pc];
		u8 flow = analysis->flow[pc];
		struct successor *next = &successors[pc + 1];

		if (!(flow & FLOW_REACHED))
			continue;
		if (BPF_CLASS(insn->code) == BPF_JMP)
			successors[pc] = prune_jump(&new, insn, flow, next);
		else
			successors[pc] = prune_insn(&new, insn, flow, next);
	}
	kvfree(successors);

	memmove(pruned, new.end - new.len, new.len * sizeof(*pruned));
	return new.len;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_prune);
