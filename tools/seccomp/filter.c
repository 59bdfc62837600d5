// SPDX-License-Identifier: GPL-2.0
/*
 * A policy as a BPF program.
 *
 *	load arch; which architecture?
 *	load nr; binary search over ranges of numbers that are answered alike
 *	either return an action, or try the rules of a call in order
 *
 * The program is emitted from its end to its start: jumps only go forward, so
 * the distance to their target is known when they are emitted.
 */
#include <endian.h>
#include <errno.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "filter.h"
#include "out.h"

#if __BYTE_ORDER == __LITTLE_ENDIAN
#define LOW_HALF	0
#define HIGH_HALF	4
#else
#define LOW_HALF	4
#define HIGH_HALF	0
#endif

#define NR_OFFSET	offsetof(struct seccomp_data, nr)
#define ARCH_OFFSET	offsetof(struct seccomp_data, arch)
#define JUMP_MAX	255	/* of a conditional jump */

/*
 * A place in the program is the number of instructions behind it. It is the
 * same for as long as instructions are added in front.
 */

/**
 * struct builder - a program being made
 * @policy: of what
 * @action: and @data, see filter_build()
 * @insns: the instructions, the last one first
 * @nr: how many
 * @room: of @insns
 */
struct builder {
	const struct policy *policy;
	filter_action_fn *action;
	void *data;
	struct sock_filter *insns;
	size_t nr;
	size_t room;
};

/* Numbers from @first to before the next range's, all answered alike */
struct range {
	uint32_t first;
	const struct policy_call *call;	/* whose rules decide, else NULL */
	uint32_t action;		/* if @call is NULL */
};

struct ranges {
	struct range *all;
	size_t nr;
};

static size_t emit(struct builder *to, uint16_t code, uint32_t k,
		   uint8_t if_true, uint8_t if_false)
{
	if (to->nr == to->room) {
		to->room = to->room ? 2 * to->room : 256;
		to->insns = xreallocarray(to->insns, to->room,
					  sizeof(*to->insns));
	}
	to->insns[to->nr++] = (struct sock_filter){
		.code = code, .jt = if_true, .jf = if_false, .k = k,
	};
	return to->nr;
}

static size_t emit_load(struct builder *to, uint32_t offset)
{
	return emit(to, BPF_LD | BPF_W | BPF_ABS, offset, 0, 0);
}

/* A place from which a conditional jump that comes in @before reaches @target */
static size_t near(struct builder *to, size_t target, size_t before)
{
	if (to->nr + before - target <= JUMP_MAX)
		return target;
	return emit(to, BPF_JMP | BPF_JA, to->nr - target, 0, 0);
}

/* Jump to @if_true if the comparison of the accumulator holds */
static size_t emit_jump(struct builder *to, uint16_t comparison, uint32_t k,
			size_t if_true, size_t if_false)
{
	/* a jump for the second target may come between the first and this */
	if_true = near(to, if_true, 1);
	if_false = near(to, if_false, 0);
	return emit(to, BPF_JMP | comparison | BPF_K, k, to->nr - if_true,
		    to->nr - if_false);
}

/* An equal return that is near enough is used again */
static size_t emit_return(struct builder *to, uint32_t action)
{
	size_t at = to->nr;

	while (at && to->nr - at < JUMP_MAX / 2) {
		const struct sock_filter *insn = &to->insns[at - 1];

		if (insn->code == (BPF_RET | BPF_K) && insn->k == action)
			return at;
		at--;
	}
	return emit(to, BPF_RET | BPF_K, action, 0, 0);
}

/* (half & mask) == datum & mask; the half's comparison is left out if it may be */
static size_t emit_equal_half(struct builder *to, uint32_t offset,
			      uint32_t mask, uint32_t datum,
			      size_t if_true, size_t if_false)
{
	if (!mask)
		return if_true;
	emit_jump(to, BPF_JEQ, datum & mask, if_true, if_false);
	if (mask != UINT32_MAX)
		emit(to, BPF_ALU | BPF_AND | BPF_K, mask, 0, 0);
	return emit_load(to, offset);
}

static size_t emit_equal(struct builder *to, uint32_t offset, uint64_t mask,
			 uint64_t datum, size_t if_true, size_t if_false)
{
	size_t low = emit_equal_half(to, offset + LOW_HALF, mask, datum,
				      if_true, if_false);

	return emit_equal_half(to, offset + HIGH_HALF, mask >> 32, datum >> 32,
			       low, if_false);
}

/* @comparison is BPF_JGT or BPF_JGE, unsigned, of 64 bits */
static size_t emit_greater(struct builder *to, uint32_t offset,
			   uint16_t comparison, uint64_t value,
			   size_t if_true, size_t if_false)
{
	size_t next;

	emit_jump(to, comparison, value, if_true, if_false);
	emit_load(to, offset + LOW_HALF);
	next = emit_jump(to, BPF_JEQ, value >> 32, to->nr, if_false);
	emit_jump(to, BPF_JGT, value >> 32, if_true, next);
	return emit_load(to, offset + HIGH_HALF);
}

static size_t emit_cmp(struct builder *to, const struct arg_cmp *cmp,
		       size_t if_true, size_t if_false)
{
	uint32_t offset = offsetof(struct seccomp_data, args) + 8 * cmp->index;

	switch (cmp->op) {
	case SCMP_CMP_EQ:
		return emit_equal(to, offset, UINT64_MAX, cmp->value,
				  if_true, if_false);
	case SCMP_CMP_NE:
		return emit_equal(to, offset, UINT64_MAX, cmp->value,
				  if_false, if_true);
	case SCMP_CMP_MASKED_EQ:
		return emit_equal(to, offset, cmp->value, cmp->value_two,
				  if_true, if_false);
	case SCMP_CMP_GE:
		return emit_greater(to, offset, BPF_JGE, cmp->value,
				    if_true, if_false);
	case SCMP_CMP_GT:
		return emit_greater(to, offset, BPF_JGT, cmp->value,
				    if_true, if_false);
	case SCMP_CMP_LT:
		return emit_greater(to, offset, BPF_JGE, cmp->value,
				    if_false, if_true);
	case SCMP_CMP_LE:
		return emit_greater(to, offset, BPF_JGT, cmp->value,
				    if_false, if_true);
	case _SCMP_CMP_MIN:
	case _SCMP_CMP_MAX:
		break;
	}
	abort();	/* rule_check() lets nothing else in */
}

/* @nr counts if there is no @rule */
static uint32_t answer(const struct builder *of, const struct abi *abi,
		       uint32_t nr, const struct policy_call *call,
		       const struct rule *rule)
{
	struct filter_answer to = {
		.abi = abi,
		.call = call,
		.rule = rule,
		.action = SCMP_ACT_KILL,
		.bad_arch = !abi || !policy_has_arch(of->policy, abi),
	};

	if (!to.bad_arch)
		to.action = rule ? rule->action :
			policy_default(of->policy, &(struct call){ abi, nr });
	return of->action ? of->action(of->data, &to) : to.action;
}

/* The rules of a call that all have conditions, the first that holds decides */
static size_t emit_rules(struct builder *to, const struct policy_call *call)
{
	const struct abi *abi = call->call.abi;
	uint32_t nr = call->call.nr;
	size_t next = emit_return(to, answer(to, abi, nr, call, NULL));

	for (size_t i = call->nr_rules; i--;) {
		const struct rule *rule = &call->rules[i];
		size_t at = emit_return(to, answer(to, abi, nr, call, rule));

		for (unsigned int j = rule->nr_cmps; j--;)
			at = emit_cmp(to, &rule->cmps[j], at, next);
		/* the next rule in front jumps here if it does not hold */
		next = at;
	}
	return next;
}

static size_t emit_range(struct builder *to, const struct range *range)
{
	return range->call ? emit_rules(to, range->call) :
			     emit_return(to, range->action);
}

static size_t emit_search(struct builder *to, const struct range *ranges,
			  size_t nr)
{
	size_t middle = nr / 2;
	size_t high;
	size_t low;

	if (nr == 1)
		return emit_range(to, ranges);
	high = emit_search(to, ranges + middle, nr - middle);
	low = emit_search(to, ranges, middle);
	return emit_jump(to, BPF_JGE, ranges[middle].first, high, low);
}

/* Ranges are added in order; one that is answered as the last is part of it */
static void add_range(struct ranges *to, uint32_t first,
		      const struct policy_call *call, uint32_t action)
{
	struct range *last = to->nr ? &to->all[to->nr - 1] : NULL;

	if (last && !last->call && !call && last->action == action)
		return;
	to->all = xreallocarray(to->all, to->nr + 1, sizeof(*to->all));
	to->all[to->nr++] = (struct range){ first, call, action };
}

static const struct rule *unconditional_rule(const struct policy_call *call)
{
	for (size_t i = 0; i < call->nr_rules; i++)
		if (!call->rules[i].nr_cmps)
			return &call->rules[i];
	return NULL;
}

static void add_call(struct ranges *to, const struct builder *of,
		     const struct policy_call *call)
{
	const struct rule *rule = unconditional_rule(call);
	const struct abi *abi = call->call.abi;
	uint32_t nr = call->call.nr;

	if (rule || !call->nr_rules)
		add_range(to, nr, NULL, answer(of, abi, nr, call, rule));
	else
		add_range(to, nr, call, 0);
}

/* Numbers that the policy does not have, up to before @end */
static void add_others(struct ranges *to, const struct builder *of,
		       const struct abi *abi, uint64_t nr, uint64_t end)
{
	while (nr < end) {
		uint32_t first;
		uint32_t last;

		add_range(to, nr, NULL, answer(of, abi, nr, NULL, NULL));
		/* it is not cheap to know which are new */
		if (!policy_has_new_numbers(of->policy) ||
		    !abi_new_numbers(abi, nr, &first, &last))
			break;
		nr = first > nr ? first : (uint64_t)last + 1;
	}
}

/* What a convention says of its numbers from @first to @last */
static void add_part(struct ranges *to, const struct builder *of,
		     const struct abi *abi, uint32_t first, uint32_t last)
{
	const struct policy *policy = of->policy;
	uint64_t next = first;

	if (!policy_has_arch(policy, abi)) {
		add_range(to, first, NULL, answer(of, abi, first, NULL, NULL));
		return;
	}
	for (size_t i = 0; i < policy->nr_calls; i++) {
		const struct policy_call *call = &policy->calls[i];
		uint32_t nr = call->call.nr;

		if (call->call.abi != abi || nr < first || nr > last)
			continue;
		add_others(to, of, abi, next, nr);
		add_call(to, of, call);
		next = (uint64_t)nr + 1;
	}
	add_others(to, of, abi, next, (uint64_t)last + 1);
}

static const struct abi *x32_beside(const struct abi *abi)
{
	for (const struct abi *other = abi_next(NULL); other;
	     other = abi_next(other))
		if (other->nr_bit && other->audit == abi->audit)
			return other;
	return NULL;
}

/*
 * All numbers of an architecture. Negative ones are above the others here,
 * as the comparisons of BPF are unsigned.
 */
static struct ranges ranges_of(const struct builder *of, const struct abi *abi)
{
	const struct abi *x32 = x32_beside(abi);
	struct ranges ranges = {};

	if (x32) {
		add_part(&ranges, of, abi, 0, X32_BIT - 1);
		add_part(&ranges, of, x32, X32_BIT, INT32_MAX);
	} else {
		add_part(&ranges, of, abi, 0, INT32_MAX);
	}
	add_part(&ranges, of, abi, 0x80000000, UINT32_MAX);
	return ranges;
}

static void emit_program(struct builder *to)
{
	uint32_t unknown = answer(to, NULL, 0, NULL, NULL);
	size_t next = emit_return(to, unknown);
	const struct abi *abis[64];
	size_t nr = 0;

	for (const struct abi *abi = abi_next(NULL); abi; abi = abi_next(abi))
		if (!abi->nr_bit && nr < sizeof(abis) / sizeof(abis[0]))
			abis[nr++] = abi;
	/* the first convention is asked for first */
	while (nr--) {
		struct ranges ranges = ranges_of(to, abis[nr]);

		if (ranges.nr > 1 || ranges.all[0].call ||
		    ranges.all[0].action != unknown) {
			size_t at = emit_search(to, ranges.all, ranges.nr);

			if (ranges.nr > 1) {
				/* the load goes on to what follows it */
				if (at != to->nr)
					emit(to, BPF_JMP | BPF_JA,
					     to->nr - at, 0, 0);
				at = emit_load(to, NR_OFFSET);
			}
			next = emit_jump(to, BPF_JEQ, abis[nr]->audit, at,
					 next);
		}
		free(ranges.all);
	}
	if (next != to->nr)
		emit(to, BPF_JMP | BPF_JA, to->nr - next, 0, 0);
	emit_load(to, ARCH_OFFSET);
}

int filter_build(const struct policy *policy, filter_action_fn *action,
		 void *data, struct sock_fprog *prog)
{
	struct builder to = {
		.policy = policy, .action = action, .data = data,
	};

	*prog = (struct sock_fprog){};
	emit_program(&to);
	if (to.nr > BPF_MAXINSNS) {
		free(to.insns);
		return -E2BIG;
	}
	for (size_t i = 0; i < to.nr / 2; i++) {
		struct sock_filter insn = to.insns[i];

		to.insns[i] = to.insns[to.nr - 1 - i];
		to.insns[to.nr - 1 - i] = insn;
	}
	prog->filter = to.insns;
	prog->len = to.nr;
	return 0;
}

void filter_free(struct sock_fprog *prog)
{
	free(prog->filter);
	*prog = (struct sock_fprog){};
}

int filter_load(const struct sock_fprog *prog, unsigned int flags)
{
	long ret = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, prog);

	return ret < 0 ? -errno : ret;
}

void filter_export(const struct sock_fprog *prog, FILE *out)
{
	fwrite(prog->filter, sizeof(*prog->filter), prog->len, out);
}
