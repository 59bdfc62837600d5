// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: what a program answers, found without running it.
 *
 * A classic program has no loops, so one pass from its first instruction to its
 * last sees every path. What is followed is a set of calls with what is known
 * of the two registers. Where a jump looks at the number or the architecture it
 * divides the set; where it looks at anything else the whole set goes both ways.
 * A call all of whose returns are the same value has that answer.
 *
 * A second pass follows the calls alone for which the program is run, and notes
 * which instructions and which ways of a jump they need.
 */

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "flow.h"
#include "internal.h"

/* Jumps by single bits of the number are followed a call at a time: so many. */
#define SCANS_MAX	256

/* What is known of a register */
enum kind {
	UNKNOWN,	/* it came from an argument, an address, or memory */
	NUMBER,		/* the call's number, as far as the mask goes */
	ARCH,		/* the call's architecture */
	CONSTANT,
};

struct content {
	enum kind kind;
	u32 k;		/* a NUMBER's mask, a CONSTANT */
};

/*
 * What is known where an instruction begins. Words of the set before @from and
 * from @to on are zero.
 */
struct place {
	unsigned long *set;	/* the calls that get there, NULL for none */
	u16 from, to;
	struct content a, x;
};

/* Where the calls of an architecture stand in a table */
struct stretch {
	u32 arch;
	u16 from, to;
};

static const struct stretch stretches[] = {
#if CALLS_NATIVE
	{ SECCOMP_ARCH_NATIVE, CALL_NATIVE, CALL_COMPAT },
#endif
#if CALLS_COMPAT
	{ SECCOMP_ARCH_COMPAT, CALL_COMPAT, CALL_FOREIGN },
#endif
#if CALLS_FOREIGN
	{ 0, CALL_FOREIGN, CALL_FOREIGN + 1 },
#endif
};

#define for_each_stretch(s) \
	for (s = stretches; s < stretches + ARRAY_SIZE(stretches); s++)

/*
 * One pass. Its sets have a bit for each call that takes part; @rank tells which,
 * by the number of such calls before.
 */
struct pass {
	const struct sock_filter *insns;
	struct place *places;
	const u16 *rank;
	unsigned int words;
	unsigned int scans;
	unsigned long *spare;		/* sets to be used again, a list */
	u8 *flow;			/* where to note FLOW_*, or NULL */
	/* else what the calls return goes here */
	struct seccomp_analysis *found;
	unsigned long *returned;	/* by some path, so far */
	unsigned long *divided;		/* by what may be zero, so far */
};

static unsigned long *set_get(struct pass *pass)
{
	unsigned long *set = pass->spare;

	if (set) {
		pass->spare = (unsigned long *)set[0];
		return set;
	}
	return kmalloc_array(pass->words, sizeof(*set),
			     GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
}

static void set_put(struct pass *pass, unsigned long *set)
{
	set[0] = (unsigned long)pass->spare;
	pass->spare = set;
}

/* Draws the bounds closer, too: each word is passed over once. */
static __always_inline bool place_empty(struct place *place)
{
	while (place->from < place->to && !place->set[place->from])
		place->from++;
	return place->from == place->to;
}

static __always_inline void content_join(struct content *content,
					 struct content other)
{
	if (unlikely(content->kind != other.kind || content->k != other.k))
		content->kind = UNKNOWN;
}

static void place_join(struct pass *pass, struct place *here, struct place *to)
{
	for (unsigned int i = here->from; i < here->to; i++)
		to->set[i] |= here->set[i];
	to->from = min(to->from, here->from);
	to->to = max(to->to, here->to);
	content_join(&to->a, here->a);
	content_join(&to->x, here->x);
	set_put(pass, here->set);
}

/* The whole set of @here goes on to @to. */
static __always_inline void pass_on(struct pass *pass, struct place *here,
				    struct place *to)
{
	if (likely(!to->set))
		*to = *here;
	else
		place_join(pass, here, to);
	here->set = NULL;
}

/* A jump that divides the set of @here */
struct division {
	struct pass *pass;
	struct place *here;
	struct place *yes;
	bool opened;
};

/* Nothing went to @yes before. */
static noinline int create_yes(struct division *d)
{
	struct place *here = d->here;
	struct place *yes = d->yes;

	yes->set = set_get(d->pass);
	if (!yes->set)
		return -ENOMEM;
	memset(yes->set, 0, d->pass->words * sizeof(*yes->set));
	yes->from = d->pass->words;
	yes->to = 0;
	yes->a = here->a;
	yes->x = here->x;
	return 0;
}

/* Some of the set goes on to @yes. */
static __always_inline int open_yes(struct division *d)
{
	struct place *yes = d->yes;

	if (!yes->set) {
		if (create_yes(d))
			return -ENOMEM;
	} else if (!d->opened) {
		content_join(&yes->a, d->here->a);
		content_join(&yes->x, d->here->x);
	}
	d->opened = true;
	return 0;
}

static __always_inline void widen(struct place *place, unsigned int from,
				  unsigned int to)
{
	if (from < place->from)
		place->from = from;
	if (to > place->to)
		place->to = to;
}

/* The calls from @from to before @to may find the condition true; @both: or not. */
static int divide(struct division *d, unsigned int from, unsigned int to,
		  bool both)
{
	unsigned int bit = d->pass->rank[from];
	unsigned int end = d->pass->rank[to];
	unsigned int word = max_t(unsigned int, BIT_WORD(bit), d->here->from);
	unsigned int last = min_t(unsigned int, BITS_TO_LONGS(end), d->here->to);
	unsigned long *set = d->here->set;
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
		if (unlikely(!d->opened) && open_yes(d))
			return -ENOMEM;
		widen(d->yes, word, word + 1);
		d->yes->set[word] |= bits;
		if (!both)
			set[word] &= ~bits;
	}
	return 0;
}

/* And for the one call @call */
static __always_inline int divide_call(struct division *d, unsigned int call,
				       bool both)
{
	unsigned int bit = d->pass->rank[call];

	if (bit == d->pass->rank[call + 1] || !test_bit(bit, d->here->set))
		return 0;
	if (open_yes(d))
		return -ENOMEM;

	__set_bit(bit, d->yes->set);
	widen(d->yes, BIT_WORD(bit), BIT_WORD(bit) + 1);
	if (!both)
		__clear_bit(bit, d->here->set);
	return 0;
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

static int divide_by_arch(struct division *d, u8 op, u32 k)
{
	const struct stretch *s;
	int err = 0;

	for_each_stretch(s) {
		bool foreign = s->from == CALL_FOREIGN;

		if (!err && (foreign || compare(op, s->arch, k)))
			err = divide(d, s->from, s->to, foreign);
	}
	return err;
}

/* Of a gap's many numbers one may be @k. */
static __always_inline int divide_by_equality(struct division *d, u32 k)
{
	int native = 0, compat = 0, foreign = 0;
	unsigned int call;

	/* most instructions come here, so without a loop */
#if CALLS_NATIVE
	call = seccomp_call(k, SECCOMP_ARCH_NATIVE);
	native = divide_call(d, call, seccomp_call_is_gap(call));
#endif
#if CALLS_COMPAT
	call = seccomp_call(k, SECCOMP_ARCH_COMPAT);
	compat = divide_call(d, call, seccomp_call_is_gap(call));
#endif
#if CALLS_FOREIGN
	call = CALL_FOREIGN;
	foreign = divide_call(d, call, true);
#endif
	return native ?: compat ?: foreign;
}

/* Is @k inside the gap @call, with others below it? */
static bool divides_gap(unsigned int call, u32 k)
{
#if CALLS_NATIVE
	if (call == CALL_NATIVE_GAP)
		return k != CALLS_NATIVE;
#endif
#if CALLS_X32
	if (call == CALL_X32_GAP)
		return k != __X32_SYSCALL_BIT + CALLS_X32;
#endif
#if CALLS_COMPAT
	if (call == CALL_COMPAT_GAP)
		return k != CALLS_COMPAT;
#endif
	return call == CALL_FOREIGN && k;
}

/* Numbers of at least @k, in the architecture at @from to @to */
static __always_inline int divide_stretch(struct division *d, u32 k, u32 arch,
					  unsigned int from, unsigned int to)
{
	const u16 *rank = d->pass->rank;
	unsigned int call;

	/* programs soon look at one architecture's calls alone */
	if (rank[to] <= d->here->from * BITS_PER_LONG ||
	    rank[from] >= d->here->to * BITS_PER_LONG)
		return 0;

	call = seccomp_call(k, arch);
	if (divides_gap(call, k) && divide_call(d, call++, true))
		return -ENOMEM;
	return divide(d, call, to, false);
}

static int divide_by_order(struct division *d, u32 k)
{
	const struct stretch *s;
	int err = 0;

	for_each_stretch(s)
		if (!err)
			err = divide_stretch(d, k, s->arch, s->from, s->to);
	return err;
}

static u32 number_of(unsigned int call)
{
	if (call >= CALL_COMPAT)
		return call - CALL_COMPAT;
#if CALLS_X32
	if (call >= CALL_X32)
		return call - CALL_X32 + __X32_SYSCALL_BIT;
#endif
	return call - CALL_NATIVE;
}

/* A call at a time, for conditions on some bits of the number */
static int divide_by_bits(struct division *d, u8 op, u32 mask, u32 k)
{
	const struct stretch *s;

	/* what is not looked at may be either */
	if (++d->pass->scans > SCANS_MAX)
		return divide(d, 0, SECCOMP_CALLS, true);

	for_each_stretch(s) {
		for (unsigned int call = s->from; call < s->to; call++) {
			bool gap = seccomp_call_is_gap(call);
			int err;

			if (!gap && !compare(op, number_of(call) & mask, k))
				continue;
			err = divide_call(d, call, gap);
			if (err)
				return err;
		}
	}
	return 0;
}

static int divide_by_number(struct division *d, u8 op, u32 mask, u32 k)
{
	if (mask != U32_MAX || op == BPF_JSET)
		return divide_by_bits(d, op, mask, k);

	switch (op) {
	case BPF_JEQ:
		return divide_by_equality(d, k);
	case BPF_JGT:
		return k == U32_MAX ? 0 : divide_by_order(d, k + 1);
	default: /* BPF_JGE */
		return divide_by_order(d, k);
	}
}

static void note(struct pass *pass, unsigned int pc, u8 what)
{
	if (pass->flow)
		pass->flow[pc] |= what;
}

/* @here's set goes on to @no, as far as it has not gone elsewhere. */
static __always_inline void go_on(struct pass *pass, struct place *here,
				  struct place *no, unsigned int pc)
{
	if (place_empty(here)) {
		set_put(pass, here->set);
		here->set = NULL;
	} else {
		note(pass, pc, FLOW_NO);
		pass_on(pass, here, no);
	}
}

/*
 * Comparisons of the number for equality come in long rows, where whoever is not
 * meant goes on to the next: follow a row at once.
 */
static int follow_equalities(struct pass *pass, unsigned int pc)
{
	const struct sock_filter *insn = &pass->insns[pc];
	struct place *next = &pass->places[pc + 1];
	struct division d = {
		.pass = pass,
		.here = &pass->places[pc],
	};

	for (;; insn++, next++, pc++) {
		d.opened = false;
		d.yes = next + insn->jt;
		if (insn->jt != insn->jf && divide_by_equality(&d, insn->k))
			return -ENOMEM;
		note(pass, pc, d.opened ? FLOW_HERE | FLOW_YES : FLOW_HERE);

		if (insn->jf || next->set || insn[1].code != insn->code ||
		    place_empty(d.here))
			break;
		note(pass, pc, FLOW_NO);
	}
	go_on(pass, d.here, next + insn->jf, pc);
	return 0;
}

static int follow_jump(struct pass *pass, unsigned int pc)
{
	const struct sock_filter *insn = &pass->insns[pc];
	struct place *here = &pass->places[pc];
	struct place *no = here + 1 + insn->jf;
	struct division d = {
		.pass = pass,
		.here = here,
		.yes = here + 1 + insn->jt,
	};
	struct content operand = { CONSTANT, insn->k };
	u8 op = BPF_OP(insn->code);
	int err;

	if (BPF_SRC(insn->code) == BPF_X)
		operand = here->x;

	if (d.yes == no) {
		err = 0;
	} else if (operand.kind != CONSTANT || here->a.kind == UNKNOWN) {
		err = divide(&d, 0, SECCOMP_CALLS, true);
	} else if (here->a.kind == CONSTANT) {
		if (compare(op, here->a.k, operand.k)) {
			note(pass, pc, FLOW_YES);
			pass_on(pass, here, d.yes);
			return 0;
		}
		err = 0;
	} else if (here->a.kind == ARCH) {
		err = divide_by_arch(&d, op, operand.k);
	} else {
		err = divide_by_number(&d, op, here->a.k, operand.k);
	}
	if (err)
		return err;

	if (d.opened)
		note(pass, pc, FLOW_YES);
	go_on(pass, here, no, pc);
	return 0;
}

static struct content loaded(u32 offset)
{
	switch (offset) {
	case offsetof(struct seccomp_data, nr):
		return (struct content){ NUMBER, U32_MAX };
	case offsetof(struct seccomp_data, arch):
		return (struct content){ ARCH };
	default:
		return (struct content){ UNKNOWN };
	}
}

static struct content calculated(u8 op, struct content a, struct content operand)
{
	const struct content unknown = { UNKNOWN };
	u32 k = operand.k;

	if (operand.kind != CONSTANT)
		return unknown;
	if (op == BPF_AND && !k)
		return (struct content){ CONSTANT, 0 };
	if (op == BPF_AND && a.kind == NUMBER)
		return (struct content){ NUMBER, a.k & k };
	if (a.kind != CONSTANT)
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
		/* who divides or shifts constants may as well be run */
		return unknown;
	}
	return a;
}

/* What an instruction that neither jumps nor returns leaves behind */
static void calculate(struct place *here, const struct sock_filter *insn)
{
	const struct content constant = { CONSTANT, insn->k };

	switch (insn->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		here->a = loaded(insn->k);
		break;
	case BPF_LD | BPF_IMM:
		here->a = constant;
		break;
	case BPF_LDX | BPF_IMM:
		here->x = constant;
		break;
	case BPF_MISC | BPF_TAX:
		here->x = here->a;
		break;
	case BPF_MISC | BPF_TXA:
		here->a = here->x;
		break;
	case BPF_ST:
	case BPF_STX:
		/* memory is not followed: what is loaded from it is unknown */
		break;
	default:
		if (BPF_CLASS(insn->code) == BPF_ALU)
			here->a = calculated(BPF_OP(insn->code), here->a,
					     BPF_SRC(insn->code) == BPF_X ?
					     here->x : constant);
		else if (BPF_CLASS(insn->code) == BPF_LDX)
			here->x = (struct content){ UNKNOWN };
		else
			here->a = (struct content){ UNKNOWN };
	}
}

/* The set of @here returns. */
static void collect(struct pass *pass, const struct place *here,
		    struct content what)
{
	struct seccomp_analysis *found = pass->found;
	u32 value = what.k;

	if (pass->flow)
		return;

	for (unsigned int word = here->from; word < here->to; word++) {
		unsigned long bits = here->set[word];
		unsigned long again = bits & pass->returned[word] &
				      ~found->depends[word];
		unsigned long first = bits & ~pass->returned[word];
		unsigned int base = word * BITS_PER_LONG;

		pass->returned[word] |= bits;
		if (what.kind != CONSTANT) {
			found->depends[word] |= bits;
			continue;
		}
		for (; first; first &= first - 1)
			found->value[base + __ffs(first)] = value;
		for (; again; again &= again - 1)
			if (found->value[base + __ffs(again)] != value)
				found->depends[word] |= again & -again;
	}
}

/* Data do not matter where a call is allowed. */
static struct content answer(struct content what)
{
	if (what.kind == CONSTANT &&
	    (what.k & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ALLOW)
		what.k = SECCOMP_RET_ALLOW;
	return what;
}

/* A division by zero returns 0. */
static bool may_divide_by_zero(const struct place *here,
			       const struct sock_filter *insn)
{
	return insn->code == (BPF_ALU | BPF_DIV | BPF_X) &&
	       (here->x.kind != CONSTANT || !here->x.k);
}

/*
 * What a division by zero returns is the same each time, so each call is
 * collected for it only once, however many divisions there are.
 */
static void collect_division(struct pass *pass, const struct place *here)
{
	const struct content zero = { CONSTANT, 0 };
	struct place first = *here;

	if (pass->flow)
		return;

	while (first.from < first.to) {
		unsigned int word = first.from;
		unsigned long bits = here->set[word] & ~pass->divided[word];

		if (bits) {
			pass->divided[word] |= bits;
			first.to = word + 1;
			collect(pass, &first, zero);
			first.to = here->to;
		}
		first.from++;
	}
}

static int follow(struct pass *pass, unsigned int pc)
{
	const struct sock_filter *insn = &pass->insns[pc];
	struct place *here = &pass->places[pc];
	struct content before;

	/* most instructions are such */
	if (insn->code == (BPF_JMP | BPF_JEQ | BPF_K) &&
	    here->a.kind == NUMBER && here->a.k == U32_MAX)
		return follow_equalities(pass, pc);

	note(pass, pc, FLOW_HERE);
	switch (BPF_CLASS(insn->code)) {
	case BPF_RET:
		collect(pass, here, answer(BPF_RVAL(insn->code) == BPF_A ?
					   here->a :
					   (struct content){ CONSTANT, insn->k }));
		set_put(pass, here->set);
		here->set = NULL;
		return 0;
	case BPF_JMP:
		if (BPF_OP(insn->code) != BPF_JA)
			return follow_jump(pass, pc);
		pass_on(pass, here, here + 1 + insn->k);
		return 0;
	default:
		if (may_divide_by_zero(here, insn))
			collect_division(pass, here);
		before = here->a;
		calculate(here, insn);
		if (insn->code == (BPF_LD | BPF_W | BPF_ABS) &&
		    here->a.kind != UNKNOWN && here->a.kind == before.kind &&
		    here->a.k == before.k)
			note(pass, pc, FLOW_SAME);
		pass_on(pass, here, here + 1);
		return 0;
	}
}

/* From the first instruction to the last */
static int run_pass(struct pass *pass, unsigned int len)
{
	struct place *end = pass->places + len;
	const u16 *rank = pass->rank;
	const struct stretch *s;
	int err = 0;

	pass->words = BITS_TO_LONGS(rank[SECCOMP_CALLS]);
	pass->places[0] = (struct place){
		.set = set_get(pass),
		.to = pass->words,
		/* registers are zero at first */
		.a = { CONSTANT, 0 },
		.x = { CONSTANT, 0 },
	};
	if (!pass->places[0].set)
		return -ENOMEM;
	bitmap_zero(pass->places[0].set, pass->words * BITS_PER_LONG);
	for_each_stretch(s)
		bitmap_set(pass->places[0].set, rank[s->from],
			   rank[s->to] - rank[s->from]);

	for (struct place *here = pass->places; here < end && !err; here++)
		if (here->set)
			err = follow(pass, here - pass->places);

	/* what is left where memory ran out */
	for (struct place *here = pass->places; here < end && err; here++)
		if (here->set)
			set_put(pass, here->set);
	while (pass->spare)
		kfree(set_get(pass));
	return err;
}

static void rank_all(u16 *rank)
{
	for (unsigned int call = 0; call <= SECCOMP_CALLS; call++)
		rank[call] = call;
}

static void rank_some(u16 *rank, const unsigned long *some)
{
	unsigned int call = 0;
	u16 before = 0;

	while (call <= SECCOMP_CALLS) {
		unsigned int next = find_next_bit(some, SECCOMP_CALLS, call);

		while (call <= next)
			rank[call++] = before;
		before++;
	}
}

/* What the two passes need beside the result */
struct seccomp_workspace {
	u16 rank[SECCOMP_CALLS + 1];
	DECLARE_BITMAP(returned, SECCOMP_CALLS);
	DECLARE_BITMAP(divided, SECCOMP_CALLS);
	struct place places[];
};

/**
 * seccomp_analysis_free() - forget what was found
 * @analysis: of seccomp_analyse(), or NULL
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
 * seccomp_analyse() - find out what a program answers
 * @insns: a classic program, as seccomp_check_program() accepts it
 * @len: number of instructions
 *
 * Takes a time that is linear in the program: each instruction costs at most as
 * much as a look at every call.
 *
 * Context: Task context, may sleep.
 * Return: The answers, for seccomp_analysis_free(); NULL without memory.
 */
struct seccomp_analysis *seccomp_analyse(const struct sock_filter *insns,
					 unsigned int len)
{
	struct seccomp_analysis *found;
	struct seccomp_workspace *work;
	struct pass pass = { .insns = insns };

	found = kvzalloc(struct_size(found, flow, len), GFP_KERNEL_ACCOUNT);
	if (!found)
		return NULL;

	found->len = len;
	work = kvzalloc(struct_size(work, places, len), GFP_KERNEL_ACCOUNT);
	found->work = work;
	if (!work)
		goto out_free;

	pass.places = work->places;
	pass.rank = work->rank;
	pass.returned = work->returned;
	pass.divided = work->divided;
	pass.found = found;
	rank_all(work->rank);
	if (!run_pass(&pass, len))
		return found;

out_free:
	seccomp_analysis_free(found);
	return NULL;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_analyse);

/**
 * seccomp_analyse_flow() - find out what of a program has to run
 * @insns: the program
 * @analysis: what seccomp_analyse() has found, with all calls in @depends for
 *	which the program is to be run; @flow is filled in
 *
 * Takes as long as seccomp_analyse() at most, and no time if no call depends.
 *
 * Context: Task context, may sleep.
 * Return: 0, or -ENOMEM.
 */
int seccomp_analyse_flow(const struct sock_filter *insns,
			 struct seccomp_analysis *analysis)
{
	struct seccomp_workspace *work = analysis->work;
	struct pass pass = {
		.insns = insns,
		.flow = analysis->flow,
		.places = work->places,
		.rank = work->rank,
	};

	if (bitmap_empty(analysis->depends, SECCOMP_CALLS))
		return 0;

	rank_some(work->rank, analysis->depends);
	return run_pass(&pass, analysis->len);
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_analyse_flow);
