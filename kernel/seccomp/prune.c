// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: the part of a program that has to run. Calls with a constant answer
 * never run it, so every jump that all others take the same way goes, and with
 * it whatever only those went through.
 */

#include <linux/filter.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "flow.h"
#include "internal.h"

/* What control that reaches an instruction of the program finds */
struct successor {
	u16 place;	/* of what runs then, counted from the end; 1 the last */
	bool needs_a;	/* the accumulator is read before it is written */
};

/* The new program; it grows from the end of a buffer towards its beginning. */
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

/* How far to jump from the first instruction */
static unsigned int distance(const struct pruned *pruned,
			     const struct successor *to)
{
	return pruned->len - 1 - to->place;
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

/* @to runs next; @pruned is what was put before it so far. */
static struct successor go_on(struct pruned *pruned, const struct successor *to)
{
	const struct sock_filter jump = BPF_STMT(BPF_JMP | BPF_JA, 0);
	struct sock_filter *new;

	if (to->place != pruned->len) {
		new = prepend(pruned, &jump);
		new->k = distance(pruned, to);
	}
	return (struct successor){ pruned->len, to->needs_a };
}

static struct successor prune_jump(struct pruned *pruned,
				   const struct sock_filter *insn, u8 flow,
				   const struct successor *next)
{
	const struct successor *yes = next + insn->jt;
	const struct successor *no = next + insn->jf;
	struct successor both;
	struct sock_filter *new;

	if (BPF_OP(insn->code) == BPF_JA)
		return go_on(pruned, next + insn->k);
	if (!(flow & FLOW_YES))
		return go_on(pruned, no);
	if (!(flow & FLOW_NO))
		return go_on(pruned, yes);
	if (yes->place == no->place) {
		both.place = no->place;
		both.needs_a = yes->needs_a || no->needs_a;
		return go_on(pruned, &both);
	}

	/*
	 * Never further than before: what stood between has gone or is still
	 * there, and a jump that was added stands in the place of another.
	 */
	new = prepend(pruned, insn);
	new->jt = distance(pruned, yes);
	new->jf = distance(pruned, no);
	return (struct successor){ pruned->len, true };
}

static struct successor prune_insn(struct pruned *pruned,
				   const struct sock_filter *insn, u8 flow,
				   const struct successor *next)
{
	bool needs_a = BPF_CLASS(insn->code) != BPF_RET && next->needs_a;

	/* loads without a reader, and of what is there already */
	if (BPF_CLASS(insn->code) == BPF_LD && (!needs_a || flow & FLOW_SAME))
		return *next;

	prepend(pruned, insn);
	return (struct successor){
		.place = pruned->len,
		.needs_a = reads_a(insn) || (needs_a && !writes_a(insn)),
	};
}

/**
 * seccomp_prune() - keep of a program what its inconstant answers need
 * @insns: the program
 * @analysis: what seccomp_analyse() found; some calls depend
 * @pruned: where the new program goes, with room for all of the old one
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

		if (!(flow & FLOW_HERE))
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
