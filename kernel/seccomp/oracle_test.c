// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests that hold what is said of a program without running it against
 * the program: generated ones, run for every call that a verdict table tells
 * apart.
 *
 * Two boot parameters, to look longer and elsewhere:
 *
 *   seccomp.oracle_seed=N	other programs
 *   seccomp.oracle_rounds=N	so many times as many of them
 */

#include <kunit/test.h>
#include <linux/filter.h>
#include <linux/moduleparam.h>
#include <linux/prandom.h>
#include <linux/slab.h>

#include "flow.h"
#include "internal.h"

#ifndef MODULE
# undef MODULE_PARAM_PREFIX
# define MODULE_PARAM_PREFIX	"seccomp."
#endif

static unsigned int oracle_seed = 1;
module_param(oracle_seed, uint, 0);

static unsigned int oracle_rounds = 1;
module_param(oracle_rounds, uint, 0);

#define DATA(member)		((u32)offsetof(struct seccomp_data, member))
#define ARGS_WORDS		((sizeof(struct seccomp_data) - \
				  offsetof(struct seccomp_data, \
					   instruction_pointer)) / sizeof(u32))

#define POOL			24

/* Failures of one test that are shown */
#define FAILURES_MAX		3

#if defined(CONFIG_BPF_JIT) && !defined(CONFIG_BPF_JIT_ALWAYS_ON)
# ifndef MODULE
#  define CAN_INTERPRET
# endif
#endif

/* Adjacent system call numbers of an architecture, each known or none */
struct span {
	u32 arch;
	u32 first;
	u32 last;
	bool known;
};

static const struct span spans[] = {
#if SYSCALLS_X32
	{ SECCOMP_ARCH_NATIVE, 0, SYSCALLS_NATIVE - 1, true },
	{ SECCOMP_ARCH_NATIVE, SYSCALLS_NATIVE, __X32_SYSCALL_BIT - 1 },
	{ SECCOMP_ARCH_NATIVE, __X32_SYSCALL_BIT,
	  __X32_SYSCALL_BIT + SYSCALLS_X32 - 1, true },
	{ SECCOMP_ARCH_NATIVE, __X32_SYSCALL_BIT + SYSCALLS_X32, U32_MAX },
#elif SYSCALLS_NATIVE
	{ SECCOMP_ARCH_NATIVE, 0, SYSCALLS_NATIVE - 1, true },
	{ SECCOMP_ARCH_NATIVE, SYSCALLS_NATIVE, U32_MAX },
#endif
#if SYSCALLS_COMPAT
	{ SECCOMP_ARCH_COMPAT, 0, SYSCALLS_COMPAT - 1, true },
	{ SECCOMP_ARCH_COMPAT, SYSCALLS_COMPAT, U32_MAX },
#endif
#if SECCOMP_OTHER_ARCHS
	{ AUDIT_ARCH_ALPHA, 0, U32_MAX },
	{ AUDIT_ARCH_SPARC, 0, U32_MAX },
#endif
};

/* A program, what is said of it, and what it says */
struct oracle {
	struct kunit *test;
	struct rnd_state rnd;
	/* it grows from the end of the buffer towards its beginning */
	struct sock_filter buf[BPF_MAXINSNS];
	unsigned int len;
	struct sock_filter pruned[BPF_MAXINSNS];
	/* numbers that it compares with, and that its calls have as arguments */
	u32 pool[POOL];
	/* calls that it does not decide by number and architecture alone */
	DECLARE_BITMAP(open, SECCOMP_SYSCALLS);
	struct seccomp_data sd;
	struct seccomp_analysis *analysis;
	struct bpf_prog *whole;
	struct bpf_prog *part;
	/* counts */
	unsigned int programs;
	unsigned int refused;
	unsigned int failures;
	unsigned long insns;
	unsigned long runs;
	unsigned long constant;
	unsigned long inconstant;
};

/* Chance */

static u32 any(struct oracle *o)
{
	return prandom_u32_state(&o->rnd);
}

static u32 below(struct oracle *o, u32 end)
{
	return any(o) % end;
}

static bool chance(struct oracle *o, u32 percent)
{
	return below(o, 100) < percent;
}

#define one_of(o, array)	((array)[below(o, ARRAY_SIZE(array))])

/* A number that some architecture has */
static u32 known_number(struct oracle *o)
{
	const struct span *span;

	do {
		span = &one_of(o, spans);
	} while (!span->known && !SECCOMP_OTHER_ARCHS);
	if (!span->known)
		return below(o, 500);
	return span->first + below(o, span->last - span->first + 1);
}

/* A number at which a range starts or ends */
static u32 edge_number(struct oracle *o)
{
	const struct span *span = &one_of(o, spans);

	return (chance(o, 50) ? span->first : span->last) + below(o, 3) - 1;
}

static u32 some_number(struct oracle *o)
{
	switch (below(o, 10)) {
	case 0:
		return one_of(o, spans).arch;
	case 1:
		return one_of(o, spans).arch + below(o, 3) - 1;
	case 2:
		return BIT(below(o, 32));
	case 3:
		return any(o);
	case 4:
		return below(o, 4);
	case 5:
	case 6:
		return edge_number(o);
	default:
		return known_number(o);
	}
}

static u32 pool_number(struct oracle *o)
{
	return chance(o, 80) ? one_of(o, o->pool) : some_number(o);
}

static u32 some_return(struct oracle *o)
{
	static const u32 common[] = {
		SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW,
		SECCOMP_RET_ERRNO | 1, SECCOMP_RET_ERRNO | 38,
		SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_LOG,
	};
	static const u32 rare[] = {
		SECCOMP_RET_ALLOW | 7, SECCOMP_RET_KILL_THREAD,
		SECCOMP_RET_TRAP, SECCOMP_RET_TRACE | 0xffff,
		SECCOMP_RET_USER_NOTIF, SECCOMP_RET_LOG | 5, 0x12345678,
		0xffffffff,
	};

	return chance(o, 85) ? one_of(o, common) : one_of(o, rare);
}

/* Instructions. A place is counted from the end: 1 is the last instruction. */

static struct sock_filter *first_insn(struct oracle *o)
{
	return o->buf + BPF_MAXINSNS - o->len;
}

static unsigned int room(const struct oracle *o)
{
	return BPF_MAXINSNS - o->len;
}

static unsigned int put(struct oracle *o, u16 code, u32 k)
{
	o->len++;
	*first_insn(o) = (struct sock_filter)BPF_STMT(code, k);
	return o->len;
}

/* Whatever is put next goes on to @place. */
static void go_to(struct oracle *o, unsigned int place)
{
	if (place != o->len)
		put(o, BPF_JMP | BPF_JA, o->len - place);
}

static unsigned int put_jump(struct oracle *o, u8 op, u32 k, unsigned int yes,
			     unsigned int no)
{
	struct sock_filter *insn;

	/* too far for a conditional jump: by way of others, one may push */
	if (o->len - yes > U8_MAX - 1)
		yes = put(o, BPF_JMP | BPF_JA, o->len - yes);
	if (o->len - no > U8_MAX)
		no = put(o, BPF_JMP | BPF_JA, o->len - no);

	put(o, BPF_JMP | op, k);
	insn = first_insn(o);
	insn->jt = o->len - 1 - yes;
	insn->jf = o->len - 1 - no;
	return o->len;
}

static void start(struct oracle *o)
{
	o->len = 0;
	bitmap_zero(o->open, SECCOMP_SYSCALLS);
	for (int i = 0; i < POOL; i++)
		o->pool[i] = i % 2 ? known_number(o) : some_number(o);
}

/* Programs as libraries make them */

struct style {
	u32 args;	/* percent of the rules that look at arguments */
	u32 bits;	/* percent of the rules that look at bits of the number */
	bool forgets;	/* does not load the number again */
};

static void mark_open(struct oracle *o, u32 nr)
{
	for (int i = 0; i < ARRAY_SIZE(spans); i++)
		__set_bit(seccomp_syscall_index(nr, spans[i].arch), o->open);
}

/* Compare an argument with what may well be in it; to @yes or to @no. */
static unsigned int put_argument(struct oracle *o, unsigned int yes,
				 unsigned int no)
{
	static const u8 ops[] = { BPF_JEQ, BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET };
	u32 low = DATA(args[0]) + 8 * below(o, 6);
	u32 high = low + 4;

#ifdef __BIG_ENDIAN
	swap(low, high);
#endif
	yes = put_jump(o, one_of(o, ops), pool_number(o), yes, no);
	if (chance(o, 30))
		yes = put(o, BPF_ALU | BPF_AND | BPF_K, pool_number(o));
	yes = put(o, BPF_LD | BPF_W | BPF_ABS, low);
	if (chance(o, 60)) {
		yes = put_jump(o, BPF_JEQ, chance(o, 80) ? 0 : pool_number(o),
			       yes, no);
		yes = put(o, BPF_LD | BPF_W | BPF_ABS, high);
	}
	return yes;
}

/* Look at some bits of the number, which is in the accumulator. */
static unsigned int put_bits(struct oracle *o, unsigned int yes,
			     unsigned int no)
{
	static const u8 ops[] = { BPF_JEQ, BPF_JGE, BPF_JGT, BPF_JSET };
	static const u32 masks[] = {
		0xff, 0x3fffffff, 0xbfffffff, 0x1f, 7, 1, 0x1f0,
	};
	unsigned int again;
	u32 mask;

	if (chance(o, 30))
		return put_jump(o, BPF_JSET, BIT(below(o, 12)), yes, no);

	/* the number is whole again on both ways */
	go_to(o, yes);
	yes = put(o, BPF_LD | BPF_W | BPF_ABS, DATA(nr));
	go_to(o, no);
	no = put(o, BPF_LD | BPF_W | BPF_ABS, DATA(nr));
	mask = one_of(o, masks);
	again = put_jump(o, one_of(o, ops), known_number(o) & mask, yes, no);
	if (chance(o, 20))
		again = put(o, BPF_ALU | BPF_AND | BPF_K, 0xfffffff);
	if (chance(o, 30)) {
		again = put(o, BPF_ALU | BPF_AND | BPF_X, 0);
		return put(o, BPF_LDX | BPF_IMM, mask);
	}
	return put(o, BPF_ALU | BPF_AND | BPF_K, mask);
}

/* The number is in the accumulator; whatever the rule is not for goes to @next. */
static unsigned int put_rule(struct oracle *o, const struct style *style, u32 nr,
			     unsigned int act, unsigned int next)
{
	if (chance(o, style->bits))
		return put_bits(o, act, next);
	if (!chance(o, style->args))
		return put_jump(o, BPF_JEQ, nr, act, next);

	mark_open(o, nr);
	if (!style->forgets) {
		go_to(o, next);
		next = put(o, BPF_LD | BPF_W | BPF_ABS, DATA(nr));
	}
	for (int n = 1 + below(o, 3); n--;)
		act = put_argument(o, act, next);
	return put_jump(o, BPF_JEQ, nr, act, next);
}

static unsigned int put_return(struct oracle *o)
{
	return put(o, BPF_RET | BPF_K, some_return(o));
}

/* A rule after the other; its end is the default. */
static unsigned int put_chain(struct oracle *o, const struct style *style,
			      unsigned int rules)
{
	unsigned int act = put_return(o);
	unsigned int next = put_return(o);

	while (rules-- && room(o) > 64) {
		if (chance(o, 20)) {
			go_to(o, next);
			next = o->len;
			act = put_return(o);
		}
		next = put_rule(o, style,
				chance(o, 90) ? known_number(o) : edge_number(o),
				act, next);
	}
	go_to(o, next);
	return put(o, BPF_LD | BPF_W | BPF_ABS, DATA(nr));
}

/* Rules for numbers from @first to @last as a binary tree */
static unsigned int put_tree(struct oracle *o, const struct style *style,
			     u32 first, u32 last, unsigned int otherwise)
{
	unsigned int left, right;
	u32 middle;

	if (first == last || room(o) < 200)
		return put_rule(o, style, first, put_return(o), otherwise);
	if (chance(o, 5))
		return put_return(o);

	middle = first + (last - first) / 2;
	if (chance(o, 50)) {
		right = put_tree(o, style, middle + 1, last, otherwise);
		left = put_tree(o, style, first, middle, otherwise);
		return put_jump(o, BPF_JGT, middle, right, left);
	}
	left = put_tree(o, style, first, middle, otherwise);
	right = put_tree(o, style, middle + 1, last, otherwise);
	return put_jump(o, BPF_JGE, middle + 1, right, left);
}

static unsigned int put_numbers(struct oracle *o, const struct style *style,
				unsigned int rules)
{
	static const u32 bases[] = { 0, 0, 0, 0x40000000, 0xffffff00 };
	u32 first = one_of(o, bases) + below(o, 64);

	if (chance(o, 60))
		return put_chain(o, style, rules);

	put_tree(o, style, first, first + min(rules, 128U), put_return(o));
	return put(o, BPF_LD | BPF_W | BPF_ABS, DATA(nr));
}

/* The number is not one of x32's, or @no. */
static unsigned int put_x32(struct oracle *o, unsigned int yes, unsigned int no)
{
	yes = chance(o, 50) ? put_jump(o, BPF_JGE, 0x40000000, no, yes) :
			      put_jump(o, BPF_JSET, 0x40000000, no, yes);
	return put(o, BPF_LD | BPF_W | BPF_ABS, DATA(nr));
}

/* Everything that a library puts into a filter, or some of it */
static void put_filter(struct oracle *o, const struct style *style,
		       unsigned int rules)
{
	unsigned int bad = put_return(o);
	unsigned int next = bad;

	if (chance(o, 15)) {
		put_numbers(o, style, rules);
		return;
	}
	for (int n = 1 + below(o, ARRAY_SIZE(spans)); n--;) {
		unsigned int yes = put_numbers(o, style, rules);

		if (chance(o, 40))
			yes = put_x32(o, yes, bad);
		next = put_jump(o, chance(o, 90) ? BPF_JEQ : BPF_JGE,
				one_of(o, spans).arch, yes, next);
	}
	go_to(o, next);
	put(o, BPF_LD | BPF_W | BPF_ABS, DATA(arch));
}

/* Programs that no generator writes */

static void put_wild_load(struct oracle *o)
{
	switch (below(o, 16)) {
	case 0:
	case 1:
	case 2:
		put(o, BPF_LD | BPF_W | BPF_ABS, DATA(arch));
		break;
	case 3:
	case 4:
		put(o, BPF_LD | BPF_W | BPF_ABS,
		    DATA(instruction_pointer) + 4 * below(o, ARGS_WORDS));
		break;
	case 5:
		put(o, BPF_LD | BPF_IMM, pool_number(o));
		break;
	case 6:
		put(o, BPF_LD | BPF_W | BPF_LEN, 0);
		break;
	case 7:
		put(o, BPF_LD | BPF_MEM, below(o, 4));
		break;
	default:
		put(o, BPF_LD | BPF_W | BPF_ABS, DATA(nr));
	}
}

static void put_wild_index(struct oracle *o)
{
	switch (below(o, 8)) {
	case 0:
		put(o, BPF_MISC | BPF_TAX, 0);
		break;
	case 1:
		put(o, BPF_MISC | BPF_TXA, 0);
		break;
	case 2:
		put(o, BPF_LDX | BPF_W | BPF_LEN, 0);
		break;
	case 3:
		put(o, BPF_LDX | BPF_MEM, below(o, 4));
		break;
	case 4:
		put(o, BPF_ST, below(o, 4));
		break;
	case 5:
		put(o, BPF_STX, below(o, 4));
		break;
	default:
		put(o, BPF_LDX | BPF_IMM, chance(o, 30) ? below(o, 3) :
							 pool_number(o));
	}
}

static void put_wild_alu(struct oracle *o)
{
	static const u8 ops[] = {
		BPF_ADD, BPF_SUB, BPF_MUL, BPF_DIV, BPF_AND, BPF_AND, BPF_AND,
		BPF_OR, BPF_XOR, BPF_LSH, BPF_RSH, BPF_NEG,
	};
	u8 op = one_of(o, ops);
	u32 k = pool_number(o);

	if (op == BPF_NEG)
		put(o, BPF_ALU | BPF_NEG, 0);
	else if (chance(o, 40))
		put(o, BPF_ALU | op | BPF_X, 0);
	else if (op == BPF_LSH || op == BPF_RSH)
		put(o, BPF_ALU | op | BPF_K, k % 32);
	else if (op == BPF_AND && chance(o, 50))
		put(o, BPF_ALU | op | BPF_K, ~k);
	else
		put(o, BPF_ALU | op | BPF_K, op == BPF_DIV && !k ? 1 : k);
}

static unsigned int wild_target(struct oracle *o, unsigned int reach)
{
	return o->len - below(o, min(reach, o->len));
}

static void put_wild_jump(struct oracle *o)
{
	static const u8 ops[] = { BPF_JEQ, BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET };
	unsigned int reach = chance(o, 70) ? 8 : U8_MAX;
	u8 source = chance(o, 15) ? BPF_X : BPF_K;

	if (chance(o, 3))
		put(o, BPF_JMP | BPF_JA, o->len - wild_target(o, BPF_MAXINSNS));
	else
		put_jump(o, one_of(o, ops) | source, pool_number(o),
			 wild_target(o, reach), wild_target(o, reach));
}

static void put_wild(struct oracle *o)
{
	u32 what = below(o, 100);

	if (what < 30)
		put_wild_load(o);
	else if (what < 70)
		put_wild_jump(o);
	else if (what < 80)
		put_wild_alu(o);
	else if (what < 90)
		put_wild_index(o);
	else if (what < 92)
		put(o, BPF_RET | BPF_A, 0);
	else
		put_return(o);
}

/* Any instruction anywhere; the memory is written before it is read. */
static void put_wild_program(struct oracle *o, unsigned int insns)
{
	put_return(o);
	while (insns-- && room(o) > 16)
		put_wild(o);
	if (chance(o, 50))
		put(o, BPF_LD | BPF_W | BPF_ABS, DATA(nr));
	for (int n = 0; n < 4; n++)
		put(o, BPF_ST, n);
	if (chance(o, 50))
		put(o, BPF_LD | BPF_W | BPF_ABS, 4 * below(o, ARGS_WORDS));
}

/* Spoil a sensible program in a few places. */
static void spoil(struct oracle *o)
{
	for (int n = 1 + below(o, 8); n--;) {
		/* at its position its jumps reach as far as before */
		unsigned int len = o->len;
		unsigned int place = 2 + below(o, max(len, 3U) - 2);
		struct sock_filter *insn;
		u8 reach;

		if (place > len)
			return;
		o->len = place;
		insn = first_insn(o);
		reach = min(place - 2, (unsigned int)U8_MAX);
		switch (below(o, 4)) {
		case 0:
			if (BPF_CLASS(insn->code) == BPF_JMP &&
			    BPF_OP(insn->code) != BPF_JA) {
				insn->jt = below(o, reach + 1);
				break;
			}
			fallthrough;
		case 1:
			if (BPF_CLASS(insn->code) == BPF_JMP &&
			    BPF_OP(insn->code) != BPF_JA) {
				insn->k = pool_number(o);
				break;
			}
			fallthrough;
		default:
			o->len--;
			if (place > 4)
				put_wild(o);
		}
		o->len = len;
	}
	bitmap_fill(o->open, SECCOMP_SYSCALLS);
}

/* The comparison */

static u32 run(const struct bpf_prog *prog, const struct seccomp_data *sd)
{
	u32 value;

	preempt_disable();
	value = bpf_prog_run(prog, sd);
	preempt_enable();
	return value;
}

static struct bpf_prog *compile(struct sock_filter *insns, unsigned int len)
{
	struct sock_fprog_kern prog = { .len = len, .filter = insns };
	struct bpf_prog *compiled;

	if (bpf_prog_create_trans(&compiled, &prog, seccomp_convert_program))
		return NULL;
	return compiled;
}

/* Change some of what is not number and architecture. */
static void change_data(struct oracle *o)
{
	for (int n = 0; n < 3; n++) {
		u32 *words = (u32 *)&o->sd.instruction_pointer;
		u32 *word = &words[below(o, ARGS_WORDS)];

		switch (below(o, 8)) {
		case 0:
		case 1:
		case 2:
			*word = 0;
			break;
		case 3:
			*word = any(o);
			break;
		case 4:
			*word = one_of(o, o->pool) + below(o, 3) - 1;
			break;
		default:
			*word = one_of(o, o->pool);
		}
	}
}

static void show_program(struct oracle *o)
{
	const struct sock_filter *insn = first_insn(o);

	for (int pc = 0; pc < min(o->len, 128U); pc++, insn++)
		kunit_info(o->test, "%4d: code %#04x jt %u jf %u k %#x flow %x",
			   pc, insn->code, insn->jt, insn->jf, insn->k,
			   o->analysis->flow[pc]);
}

static void complain(struct oracle *o, const char *what, u32 said, u32 expected)
{
	if (o->failures++ >= FAILURES_MAX)
		return;
	KUNIT_FAIL(o->test,
		   "seed %u program %u of %u: %s: nr %#x arch %#x value %#x, really %#x",
		   oracle_seed, o->programs, o->len, what, o->sd.nr, o->sd.arch,
		   said, expected);
	show_program(o);
}

static bool check_call(struct oracle *o, u32 nr, u32 arch)
{
	unsigned int call = seccomp_syscall_index(nr, arch);
	bool depends = test_bit(call, o->analysis->depends);
	u32 value = o->analysis->value[call];

	o->sd.nr = nr;
	o->sd.arch = arch;
	for (int n = depends ? 3 : 2; n--; o->runs++) {
		u32 really;

		change_data(o);
		really = run(o->whole, &o->sd);
		if (depends)
			value = run(o->part, &o->sd);
		else if ((really & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ALLOW)
			really = SECCOMP_RET_ALLOW;
		if (value != really) {
			complain(o, depends ? "pruned" : "constant", value,
				 really);
			return false;
		}
	}
	return true;
}

static bool inside(const struct span *span, u32 nr)
{
	return nr >= span->first && nr <= span->last;
}

/* Where something changes in a gap or may be thought to, and somewhere else */
static bool check_gap(struct oracle *o, const struct span *span)
{
	u32 size = span->last - span->first;

	for (u32 n = 0; n < 2; n++)
		if (!check_call(o, span->first + n, span->arch) ||
		    !check_call(o, span->last - n, span->arch) ||
		    !check_call(o, span->first + below(o, size), span->arch))
			return false;
	for (int i = 0; i < POOL; i++)
		for (u32 n = 0; n < 3; n++) {
			u32 nr = o->pool[i] + n - 1;

			if (inside(span, nr) && !check_call(o, nr, span->arch))
				return false;
		}
	return true;
}

static bool check_known(struct oracle *o, const struct span *span)
{
	for (u32 nr = span->first; nr <= span->last; nr++) {
		unsigned int call = seccomp_syscall_index(nr, span->arch);

		if (!check_call(o, nr, span->arch))
			return false;
		if (!test_bit(call, o->analysis->depends)) {
			o->constant++;
			continue;
		}
		o->inconstant++;
		if (!test_bit(call, o->open)) {
			complain(o, "not found constant", 0, 0);
			return false;
		}
	}
	return true;
}

static void check_calls(struct oracle *o)
{
	for (int i = 0; i < ARRAY_SIZE(spans); i++) {
		const struct span *span = &spans[i];

		if (!(span->known ? check_known : check_gap)(o, span))
			break;
	}
}

static void forget(struct oracle *o)
{
	seccomp_analysis_free(o->analysis);
	if (o->whole)
		bpf_prog_destroy(o->whole);
	if (o->part)
		bpf_prog_destroy(o->part);
	o->analysis = NULL;
	o->whole = NULL;
	o->part = NULL;
}

/* None has what only packets have, so there is one reason to refuse. */
static bool accepted(struct oracle *o)
{
	bool sound = !bpf_check_classic(first_insn(o), o->len);

	KUNIT_EXPECT_EQ_MSG(o->test, sound,
			    !seccomp_check_program(first_insn(o), o->len),
			    "program %u", o->programs);
	return sound;
}

/* Hold the program against what is said of it. */
static void check_program(struct oracle *o)
{
	unsigned int len = 0;

	o->programs++;
	if (!accepted(o)) {
		o->refused++;
		return;
	}
	o->insns += o->len;
	o->analysis = seccomp_analyse(first_insn(o), o->len);
	o->whole = compile(first_insn(o), o->len);
	if (!o->analysis || !o->whole ||
	    seccomp_analyse_flow(first_insn(o), o->analysis)) {
		KUNIT_FAIL(o->test, "program %u: no memory", o->programs);
		goto out;
	}
	if (!bitmap_empty(o->analysis->depends, SECCOMP_SYSCALLS)) {
		len = seccomp_prune(first_insn(o), o->analysis, o->pruned);
		if (len && len <= o->len)
			o->part = compile(o->pruned, len);
		if (!o->part) {
			complain(o, "cannot be pruned", len, o->len);
			goto out;
		}
	}
	check_calls(o);
out:
	forget(o);
	cond_resched();
}

static void show_counts(struct oracle *o)
{
	kunit_info(o->test,
		   "seed %u: %u programs, %u refused, %lu instructions; %lu constant, %lu not, %lu runs",
		   oracle_seed, o->programs, o->refused, o->insns, o->constant,
		   o->inconstant, o->runs);
	KUNIT_EXPECT_LT(o->test, o->refused, o->programs / 4 + 1);
}

/* So many percent of the answers are constant. */
static void expect_constant(struct oracle *o, unsigned int percent)
{
	KUNIT_EXPECT_GE(o->test, o->constant * 100,
			(o->constant + o->inconstant) * percent);
}

/* The tests */

static void seccomp_oracle_numbers_calls_in_order(struct kunit *test)
{
	unsigned int call = 0;

	if (SECCOMP_OTHER_ARCHS)
		kunit_skip(test, "for architectures that leave none over");

	for (int i = 0; i < ARRAY_SIZE(spans); i++) {
		const struct span *span = &spans[i];
		u32 nr;

		for (nr = span->first; span->known && nr <= span->last; nr++) {
			KUNIT_EXPECT_EQ(test, call, seccomp_syscall_index(nr, span->arch));
			KUNIT_EXPECT_FALSE(test, seccomp_syscall_index_is_gap(call));
			call++;
		}
		if (span->known)
			continue;
		KUNIT_EXPECT_TRUE(test, seccomp_syscall_index_is_gap(call));
		KUNIT_EXPECT_EQ(test, call, seccomp_syscall_index(span->first, span->arch));
		KUNIT_EXPECT_EQ(test, call, seccomp_syscall_index(span->last, span->arch));
		call++;
	}
	KUNIT_EXPECT_EQ(test, call, (unsigned int)INDEX_OTHER_ARCH);
	KUNIT_EXPECT_EQ(test, call, seccomp_syscall_index(0, AUDIT_ARCH_ALPHA));
}

/* Where nothing but number and architecture is looked at, all is constant. */
static void seccomp_oracle_numbers_are_constant(struct kunit *test)
{
	const struct style style = { .bits = 3 };
	struct oracle *o = test->priv;

	for (unsigned int n = 0; n < 150 * oracle_rounds; n++) {
		start(o);
		put_filter(o, &style, 1 + below(o, n % 8 ? 40 : 400));
		check_program(o);
	}
	show_counts(o);
	KUNIT_EXPECT_EQ(test, 0UL, o->inconstant);
}

/* Where arguments are looked at for some calls, all others are constant. */
static void seccomp_oracle_arguments_make_own_call_inconstant(struct kunit *test)
{
	const struct style style = { .args = 20 };
	struct oracle *o = test->priv;

	for (unsigned int n = 0; n < 200 * oracle_rounds; n++) {
		start(o);
		put_filter(o, &style, 1 + below(o, n % 8 ? 40 : 300));
		check_program(o);
	}
	show_counts(o);
	expect_constant(o, 90);
	KUNIT_EXPECT_NE(test, 0UL, o->inconstant);
}

static void seccomp_oracle_everything_at_once(struct kunit *test)
{
	struct oracle *o = test->priv;

	for (unsigned int n = 0; n < 200 * oracle_rounds; n++) {
		const struct style style = {
			.args = below(o, 60),
			.bits = below(o, 30),
			.forgets = chance(o, 30),
		};

		start(o);
		bitmap_fill(o->open, SECCOMP_SYSCALLS);
		put_filter(o, &style, 1 + below(o, 60));
		check_program(o);
	}
	show_counts(o);
	expect_constant(o, 50);
}

static void seccomp_oracle_spoiled_programs(struct kunit *test)
{
	const struct style style = { .args = 20, .bits = 5 };
	struct oracle *o = test->priv;

	for (unsigned int n = 0; n < 400 * oracle_rounds; n++) {
		start(o);
		put_filter(o, &style, 1 + below(o, 15));
		spoil(o);
		check_program(o);
	}
	show_counts(o);
	expect_constant(o, 50);
}

static void seccomp_oracle_wild_programs(struct kunit *test)
{
	struct oracle *o = test->priv;

	for (unsigned int n = 0; n < 1000 * oracle_rounds; n++) {
		start(o);
		bitmap_fill(o->open, SECCOMP_SYSCALLS);
		put_wild_program(o, 1 + below(o, n % 4 ? 24 : 120));
		check_program(o);
	}
	show_counts(o);
	expect_constant(o, 20);
	KUNIT_EXPECT_NE(test, 0UL, o->inconstant);
}

static void seccomp_oracle_longest_programs(struct kunit *test)
{
	const struct style style = { .args = 10, .bits = 1 };
	struct oracle *o = test->priv;

	for (unsigned int n = 0; n < 12 * oracle_rounds; n++) {
		start(o);
		bitmap_fill(o->open, SECCOMP_SYSCALLS);
		if (n % 2)
			put_wild_program(o, BPF_MAXINSNS);
		else
			put_chain(o, &style, BPF_MAXINSNS);
		check_program(o);
	}
	show_counts(o);
}

/* Programs that divide every set, in every instruction */
static void seccomp_oracle_worst_programs(struct kunit *test)
{
	static const u8 ops[] = { BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET };
	struct oracle *o = test->priv;

	for (int i = 0; i < ARRAY_SIZE(ops); i++) {
		start(o);
		bitmap_fill(o->open, SECCOMP_SYSCALLS);
		put(o, BPF_RET | BPF_A, 0);
		put(o, BPF_MISC | BPF_TXA, 0);
		/* each number has its way through a row of lozenges */
		while (room(o) > 8) {
			unsigned int end = o->len;

			put(o, BPF_LDX | BPF_IMM, some_return(o));
			put_jump(o, ops[i], chance(o, 50) ? known_number(o) :
				 BIT(below(o, 10)), o->len, end);
		}
		put(o, BPF_LD | BPF_W | BPF_ABS, DATA(nr));
		check_program(o);
	}
	show_counts(o);
}

#ifdef CAN_INTERPRET
/* Nobody else makes programs while the tests run. */
static void seccomp_oracle_interpreter(struct kunit *test)
{
	const struct style style = { .args = 20, .bits = 5 };
	struct oracle *o = test->priv;
	int jit = bpf_jit_enable;

	bpf_jit_enable = 0;
	for (unsigned int n = 0; n < 100 * oracle_rounds; n++) {
		start(o);
		bitmap_fill(o->open, SECCOMP_SYSCALLS);
		if (n % 2)
			put_wild_program(o, 1 + below(o, 60));
		else
			put_filter(o, &style, 1 + below(o, 20));
		check_program(o);
	}
	bpf_jit_enable = jit;
	show_counts(o);
}
#endif

static int seccomp_oracle_init(struct kunit *test)
{
	struct oracle *o = kvzalloc(sizeof(*o), GFP_KERNEL);

	if (!o)
		return -ENOMEM;
	o->test = test;
	prandom_seed_state(&o->rnd, oracle_seed);
	test->priv = o;
	return 0;
}

static void seccomp_oracle_exit(struct kunit *test)
{
	struct oracle *o = test->priv;

	if (!o)
		return;
	forget(o);
	kvfree(o);
}

static struct kunit_case seccomp_oracle_cases[] = {
	KUNIT_CASE(seccomp_oracle_numbers_calls_in_order),
	KUNIT_CASE(seccomp_oracle_numbers_are_constant),
	KUNIT_CASE(seccomp_oracle_arguments_make_own_call_inconstant),
	KUNIT_CASE(seccomp_oracle_everything_at_once),
	KUNIT_CASE(seccomp_oracle_spoiled_programs),
	KUNIT_CASE(seccomp_oracle_wild_programs),
	KUNIT_CASE(seccomp_oracle_longest_programs),
	KUNIT_CASE(seccomp_oracle_worst_programs),
#ifdef CAN_INTERPRET
	KUNIT_CASE(seccomp_oracle_interpreter),
#endif
	{ }
};

static struct kunit_suite seccomp_oracle_suite = {
	.name = "seccomp_oracle",
	.init = seccomp_oracle_init,
	.exit = seccomp_oracle_exit,
	.test_cases = seccomp_oracle_cases,
};

kunit_test_suite(seccomp_oracle_suite);

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_LICENSE("GPL");
