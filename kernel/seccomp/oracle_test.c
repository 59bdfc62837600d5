// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests that compare the analysis of programs with running them: programs
 * are generated, and run for all system calls that a verdict table
 * distinguishes.
 *
 * Two boot parameters change this:
 *
 *   seccomp.oracle_seed=N	other programs
 *   seccomp.oracle_rounds=N	N times as many programs
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

/* A range of numbers of an architecture: known means that all are assigned */
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

/* A program, its analysis, and the state of the test */
struct oracle {
	struct kunit *test;
	struct rnd_state rnd;
	/* it grows from the end of the buffer towards its start */
	struct sock_filter buf[BPF_MAXINSNS];
	unsigned int len;
	struct sock_filter pruned[BPF_MAXINSNS];
	/* constants of the program, and values of arguments */
	u32 pool[POOL];
	/* system calls for which other data may decide, too */
	DECLARE_BITMAP(may_depend, SECCOMP_SYSCALLS);
	struct seccomp_data sd;
	struct seccomp_analysis *analysis;
	struct bpf_prog *prog;
	struct bpf_prog *pruned_prog;
	/* counts */
	unsigned int programs;
	unsigned int refused;
	unsigned int failures;
	unsigned long insns;
	unsigned long runs;
	unsigned long constant;
	unsigned long depends;
};

/* Random numbers */

static u32 random_number(struct oracle *o)
{
	return prandom_u32_state(&o->rnd);
}

static u32 rnd_below(struct oracle *o, u32 end)
{
	return random_number(o) % end;
}

static bool chance(struct oracle *o, u32 percent)
{
	return rnd_below(o, 100) < percent;
}

#define one_of(o, array)	((array)[rnd_below(o, ARRAY_SIZE(array))])

/* A number of a system call of any architecture */
static u32 known_number(struct oracle *o)
{
	const struct span *span;

	do {
		span = &one_of(o, spans);
	} while (!span->known && !SECCOMP_OTHER_ARCHS);
	if (!span->known)
		return rnd_below(o, 500);
	return span->first + rnd_below(o, span->last - span->first + 1);
}

/* A number near the start or the end of a range */
static u32 edge_number(struct oracle *o)
{
	const struct span *span = &one_of(o, spans);

	return (chance(o, 50) ? span->first : span->last) + rnd_below(o, 3) - 1;
}

static u32 mixed_number(struct oracle *o)
{
	switch (rnd_below(o, 10)) {
	case 0:
		return one_of(o, spans).arch;
	case 1:
		return one_of(o, spans).arch + rnd_below(o, 3) - 1;
	case 2:
		return BIT(rnd_below(o, 32));
	case 3:
		return random_number(o);
	case 4:
		return rnd_below(o, 4);
	case 5:
	case 6:
		return edge_number(o);
	default:
		return known_number(o);
	}
}

static u32 pool_number(struct oracle *o)
{
	return chance(o, 80) ? one_of(o, o->pool) : mixed_number(o);
}

static u32 random_return(struct oracle *o)
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

/* Instructions. Positions are counted from the end: 1 is the last one. */

static struct sock_filter *first_insn(struct oracle *o)
{
	return o->buf + BPF_MAXINSNS - o->len;
}

static unsigned int insns_left(const struct oracle *o)
{
	return BPF_MAXINSNS - o->len;
}

static unsigned int emit(struct oracle *o, u16 code, u32 k)
{
	o->len++;
	*first_insn(o) = (struct sock_filter)BPF_STMT(code, k);
	return o->len;
}

/* The next instruction that is emitted continues at @place. */
static void emit_goto(struct oracle *o, unsigned int place)
{
	if (place != o->len)
		emit(o, BPF_JMP | BPF_JA, o->len - place);
}

static unsigned int emit_jump(struct oracle *o, u8 op, u32 k, unsigned int yes,
			      unsigned int no)
{
	struct sock_filter *insn;

	/* too far for a conditional jump; a jump to @no may come before @yes */
	if (o->len - yes > U8_MAX - 1)
		yes = emit(o, BPF_JMP | BPF_JA, o->len - yes);
	if (o->len - no > U8_MAX)
		no = emit(o, BPF_JMP | BPF_JA, o->len - no);

	emit(o, BPF_JMP | op, k);
	insn = first_insn(o);
	insn->jt = o->len - 1 - yes;
	insn->jf = o->len - 1 - no;
	return o->len;
}

static void program_start(struct oracle *o)
{
	o->len = 0;
	bitmap_zero(o->may_depend, SECCOMP_SYSCALLS);
	for (int i = 0; i < POOL; i++)
		o->pool[i] = i % 2 ? known_number(o) : mixed_number(o);
}

/* Programs like those of libraries */

struct style {
	u32 args;	/* percentage of rules that depend on arguments */
	u32 bits;	/* percentage of rules that test bits of the number */
	bool no_reload;	/* does not load the number again after arguments */
};

static void mark_may_depend(struct oracle *o, u32 nr)
{
	for (int i = 0; i < ARRAY_SIZE(spans); i++)
		__set_bit(seccomp_syscall_index(nr, spans[i].arch),
			  o->may_depend);
}

/* Compare an argument with a value that it may have; to @yes or to @no. */
static unsigned int emit_argument(struct oracle *o, unsigned int yes,
				  unsigned int no)
{
	static const u8 ops[] = { BPF_JEQ, BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET };
	u32 low = DATA(args[0]) + 8 * rnd_below(o, 6);
	u32 high = low + 4;

#ifdef __BIG_ENDIAN
	swap(low, high);
#endif
	yes = emit_jump(o, one_of(o, ops), pool_number(o), yes, no);
	if (chance(o, 30))
		yes = emit(o, BPF_ALU | BPF_AND | BPF_K, pool_number(o));
	yes = emit(o, BPF_LD | BPF_W | BPF_ABS, low);
	if (chance(o, 60)) {
		yes = emit_jump(o, BPF_JEQ, chance(o, 80) ? 0 : pool_number(o),
				yes, no);
		yes = emit(o, BPF_LD | BPF_W | BPF_ABS, high);
	}
	return yes;
}

/* Compare some bits of the number, which is in the accumulator. */
static unsigned int emit_bits(struct oracle *o, unsigned int yes,
			      unsigned int no)
{
	static const u8 ops[] = { BPF_JEQ, BPF_JGE, BPF_JGT, BPF_JSET };
	static const u32 masks[] = {
		0xff, 0x3fffffff, 0xbfffffff, 0x1f, 7, 1, 0x1f0,
	};
	u32 mask;

	if (chance(o, 30))
		return emit_jump(o, BPF_JSET, BIT(rnd_below(o, 12)), yes, no);

	/* both branches load the whole number again */
	emit_goto(o, yes);
	yes = emit(o, BPF_LD | BPF_W | BPF_ABS, DATA(nr));
	emit_goto(o, no);
	no = emit(o, BPF_LD | BPF_W | BPF_ABS, DATA(nr));
	mask = one_of(o, masks);
	emit_jump(o, one_of(o, ops), known_number(o) & mask, yes, no);
	if (chance(o, 20))
		emit(o, BPF_ALU | BPF_AND | BPF_K, 0xfffffff);
	if (chance(o, 30)) {
		emit(o, BPF_ALU | BPF_AND | BPF_X, 0);
		return emit(o, BPF_LDX | BPF_IMM, mask);
	}
	return emit(o, BPF_ALU | BPF_AND | BPF_K, mask);
}

/* The number is in the accumulator. Other system calls continue at @next. */
static unsigned int emit_rule(struct oracle *o, const struct style *style,
			      u32 nr, unsigned int act, unsigned int next)
{
	if (chance(o, style->bits))
		return emit_bits(o, act, next);
	if (!chance(o, style->args))
		return emit_jump(o, BPF_JEQ, nr, act, next);

	mark_may_depend(o, nr);
	if (!style->no_reload) {
		emit_goto(o, next);
		next = emit(o, BPF_LD | BPF_W | BPF_ABS, DATA(nr));
	}
	for (int n = 1 + rnd_below(o, 3); n--;)
		act = emit_argument(o, act, next);
	return emit_jump(o, BPF_JEQ, nr, act, next);
}

static unsigned int emit_return(struct oracle *o)
{
	return emit(o, BPF_RET | BPF_K, random_return(o));
}

/* A list of rules, then the default */
static unsigned int emit_chain(struct oracle *o, const struct style *style,
			       unsigned int rules)
{
	unsigned int act = emit_return(o);
	unsigned int next = emit_return(o);

	while (rules-- && insns_left(o) > 64) {
		if (chance(o, 20)) {
			emit_goto(o, next);
			next = o->len;
			act = emit_return(o);
		}
		next = emit_rule(o, style,
				 chance(o, 90) ? known_number(o) :
						 edge_number(o),
				 act, next);
	}
	emit_goto(o, next);
	return emit(o, BPF_LD | BPF_W | BPF_ABS, DATA(nr));
}

/* A binary tree of rules for the numbers from @first to @last */
static unsigned int emit_tree(struct oracle *o, const struct style *style,
			      u32 first, u32 last, unsigned int otherwise)
{
	unsigned int left, right;
	u32 middle;

	if (first == last || insns_left(o) < 200)
		return emit_rule(o, style, first, emit_return(o), otherwise);
	if (chance(o, 5))
		return emit_return(o);

	middle = first + (last - first) / 2;
	if (chance(o, 50)) {
		right = emit_tree(o, style, middle + 1, last, otherwise);
		left = emit_tree(o, style, first, middle, otherwise);
		return emit_jump(o, BPF_JGT, middle, right, left);
	}
	left = emit_tree(o, style, first, middle, otherwise);
	right = emit_tree(o, style, middle + 1, last, otherwise);
	return emit_jump(o, BPF_JGE, middle + 1, right, left);
}

static unsigned int emit_numbers(struct oracle *o, const struct style *style,
				 unsigned int rules)
{
	static const u32 bases[] = { 0, 0, 0, 0x40000000, 0xffffff00 };
	u32 first = one_of(o, bases) + rnd_below(o, 64);

	if (chance(o, 60))
		return emit_chain(o, style, rules);

	emit_tree(o, style, first, first + min(rules, 128U), emit_return(o));
	return emit(o, BPF_LD | BPF_W | BPF_ABS, DATA(nr));
}

/* To @no if the number is one of x32, else to @yes. */
static unsigned int emit_x32(struct oracle *o, unsigned int yes,
			     unsigned int no)
{
	yes = chance(o, 50) ? emit_jump(o, BPF_JGE, 0x40000000, no, yes) :
			      emit_jump(o, BPF_JSET, 0x40000000, no, yes);
	return emit(o, BPF_LD | BPF_W | BPF_ABS, DATA(nr));
}

/* A complete filter as libraries generate it, or a part of one */
static void build_filter(struct oracle *o, const struct style *style,
			 unsigned int rules)
{
	unsigned int bad = emit_return(o);
	unsigned int next = bad;

	if (chance(o, 15)) {
		emit_numbers(o, style, rules);
		return;
	}
	for (int n = 1 + rnd_below(o, ARRAY_SIZE(spans)); n--;) {
		unsigned int yes = emit_numbers(o, style, rules);

		if (chance(o, 40))
			yes = emit_x32(o, yes, bad);
		next = emit_jump(o, chance(o, 90) ? BPF_JEQ : BPF_JGE,
				 one_of(o, spans).arch, yes, next);
	}
	emit_goto(o, next);
	emit(o, BPF_LD | BPF_W | BPF_ABS, DATA(arch));
}

/* Random programs */

static void emit_random_load(struct oracle *o)
{
	switch (rnd_below(o, 16)) {
	case 0:
	case 1:
	case 2:
		emit(o, BPF_LD | BPF_W | BPF_ABS, DATA(arch));
		break;
	case 3:
	case 4:
		emit(o, BPF_LD | BPF_W | BPF_ABS,
		     DATA(instruction_pointer) + 4 * rnd_below(o, ARGS_WORDS));
		break;
	case 5:
		emit(o, BPF_LD | BPF_IMM, pool_number(o));
		break;
	case 6:
		emit(o, BPF_LD | BPF_W | BPF_LEN, 0);
		break;
	case 7:
		emit(o, BPF_LD | BPF_MEM, rnd_below(o, 4));
		break;
	default:
		emit(o, BPF_LD | BPF_W | BPF_ABS, DATA(nr));
	}
}

static void emit_random_index(struct oracle *o)
{
	switch (rnd_below(o, 8)) {
	case 0:
		emit(o, BPF_MISC | BPF_TAX, 0);
		break;
	case 1:
		emit(o, BPF_MISC | BPF_TXA, 0);
		break;
	case 2:
		emit(o, BPF_LDX | BPF_W | BPF_LEN, 0);
		break;
	case 3:
		emit(o, BPF_LDX | BPF_MEM, rnd_below(o, 4));
		break;
	case 4:
		emit(o, BPF_ST, rnd_below(o, 4));
		break;
	case 5:
		emit(o, BPF_STX, rnd_below(o, 4));
		break;
	default:
		emit(o, BPF_LDX | BPF_IMM, chance(o, 30) ? rnd_below(o, 3) :
							 pool_number(o));
	}
}

static void emit_random_alu(struct oracle *o)
{
	static const u8 ops[] = {
		BPF_ADD, BPF_SUB, BPF_MUL, BPF_DIV, BPF_AND, BPF_AND, BPF_AND,
		BPF_OR, BPF_XOR, BPF_LSH, BPF_RSH, BPF_NEG,
	};
	u8 op = one_of(o, ops);
	u32 k = pool_number(o);

	if (op == BPF_NEG)
		emit(o, BPF_ALU | BPF_NEG, 0);
	else if (chance(o, 40))
		emit(o, BPF_ALU | op | BPF_X, 0);
	else if (op == BPF_LSH || op == BPF_RSH)
		emit(o, BPF_ALU | op | BPF_K, k % 32);
	else if (op == BPF_AND && chance(o, 50))
		emit(o, BPF_ALU | op | BPF_K, ~k);
	else
		emit(o, BPF_ALU | op | BPF_K, op == BPF_DIV && !k ? 1 : k);
}

static unsigned int random_target(struct oracle *o, unsigned int reach)
{
	return o->len - rnd_below(o, min(reach, o->len));
}

static void emit_random_jump(struct oracle *o)
{
	static const u8 ops[] = { BPF_JEQ, BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET };
	unsigned int reach = chance(o, 70) ? 8 : U8_MAX;
	u8 source = chance(o, 15) ? BPF_X : BPF_K;

	if (chance(o, 3))
		emit(o, BPF_JMP | BPF_JA,
		     o->len - random_target(o, BPF_MAXINSNS));
	else
		emit_jump(o, one_of(o, ops) | source, pool_number(o),
			  random_target(o, reach), random_target(o, reach));
}

static void emit_random(struct oracle *o)
{
	u32 what = rnd_below(o, 100);

	if (what < 30)
		emit_random_load(o);
	else if (what < 70)
		emit_random_jump(o);
	else if (what < 80)
		emit_random_alu(o);
	else if (what < 90)
		emit_random_index(o);
	else if (what < 92)
		emit(o, BPF_RET | BPF_A, 0);
	else
		emit_return(o);
}

/* Random instructions; scratch memory is written before it is read. */
static void build_random_program(struct oracle *o, unsigned int insns)
{
	emit_return(o);
	while (insns-- && insns_left(o) > 16)
		emit_random(o);
	if (chance(o, 50))
		emit(o, BPF_LD | BPF_W | BPF_ABS, DATA(nr));
	for (int n = 0; n < 4; n++)
		emit(o, BPF_ST, n);
	if (chance(o, 50))
		emit(o, BPF_LD | BPF_W | BPF_ABS, 4 * rnd_below(o, ARGS_WORDS));
}

/* Replace a few instructions of a program. */
static void mutate(struct oracle *o)
{
	for (int n = 1 + rnd_below(o, 8); n--;) {
		/* jumps of the new instruction stay inside the program */
		unsigned int len = o->len;
		unsigned int place = 2 + rnd_below(o, max(len, 3U) - 2);
		struct sock_filter *insn;
		u8 reach;

		if (place > len)
			return;
		o->len = place;
		insn = first_insn(o);
		reach = min(place - 2, (unsigned int)U8_MAX);
		switch (rnd_below(o, 4)) {
		case 0:
			if (BPF_CLASS(insn->code) == BPF_JMP &&
			    BPF_OP(insn->code) != BPF_JA) {
				insn->jt = rnd_below(o, reach + 1);
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
				emit_random(o);
		}
		o->len = len;
	}
	bitmap_fill(o->may_depend, SECCOMP_SYSCALLS);
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

/* Change some of the data other than number and architecture. */
static void change_data(struct oracle *o)
{
	for (int n = 0; n < 3; n++) {
		u32 *words = (u32 *)&o->sd.instruction_pointer;
		u32 *word = &words[rnd_below(o, ARGS_WORDS)];

		switch (rnd_below(o, 8)) {
		case 0:
		case 1:
		case 2:
			*word = 0;
			break;
		case 3:
			*word = random_number(o);
			break;
		case 4:
			*word = one_of(o, o->pool) + rnd_below(o, 3) - 1;
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

static void report(struct oracle *o, const char *what, u32 actual, u32 expected)
{
	if (o->failures++ >= FAILURES_MAX)
		return;
	KUNIT_FAIL(o->test,
		   "seed %u program %u of %u: %s: nr %#x arch %#x value %#x, expected %#x",
		   oracle_seed, o->programs, o->len, what, o->sd.nr, o->sd.arch,
		   actual, expected);
	show_program(o);
}

static bool check_nr(struct oracle *o, u32 nr, u32 arch)
{
	unsigned int index = seccomp_syscall_index(nr, arch);
	bool depends = test_bit(index, o->analysis->depends);
	u32 value = o->analysis->value[index];

	o->sd.nr = nr;
	o->sd.arch = arch;
	for (int n = depends ? 3 : 2; n--; o->runs++) {
		u32 expected;

		change_data(o);
		expected = run(o->prog, &o->sd);
		if (depends)
			value = run(o->pruned_prog, &o->sd);
		else if ((expected & SECCOMP_RET_ACTION_FULL) ==
			 SECCOMP_RET_ALLOW)
			expected = SECCOMP_RET_ALLOW;
		if (value != expected) {
			report(o, depends ? "pruned" : "constant", value,
			       expected);
			return false;
		}
	}
	return true;
}

static bool span_has(const struct span *span, u32 nr)
{
	return nr >= span->first && nr <= span->last;
}

/* The ends of a gap, the numbers of the pool, and random numbers */
static bool check_gap(struct oracle *o, const struct span *span)
{
	u32 size = span->last - span->first;

	for (u32 n = 0; n < 2; n++)
		if (!check_nr(o, span->first + n, span->arch) ||
		    !check_nr(o, span->last - n, span->arch) ||
		    !check_nr(o, span->first + rnd_below(o, size), span->arch))
			return false;
	for (int i = 0; i < POOL; i++)
		for (u32 n = 0; n < 3; n++) {
			u32 nr = o->pool[i] + n - 1;

			if (span_has(span, nr) && !check_nr(o, nr, span->arch))
				return false;
		}
	return true;
}

static bool check_known(struct oracle *o, const struct span *span)
{
	for (u32 nr = span->first; nr <= span->last; nr++) {
		unsigned int index = seccomp_syscall_index(nr, span->arch);

		if (!check_nr(o, nr, span->arch))
			return false;
		if (!test_bit(index, o->analysis->depends)) {
			o->constant++;
			continue;
		}
		o->depends++;
		if (!test_bit(index, o->may_depend)) {
			report(o, "should be constant", 0, 0);
			return false;
		}
	}
	return true;
}

static void check_all(struct oracle *o)
{
	for (int i = 0; i < ARRAY_SIZE(spans); i++) {
		const struct span *span = &spans[i];

		if (!(span->known ? check_known : check_gap)(o, span))
			break;
	}
}

static void program_free(struct oracle *o)
{
	seccomp_analysis_free(o->analysis);
	if (o->prog)
		bpf_prog_destroy(o->prog);
	if (o->pruned_prog)
		bpf_prog_destroy(o->pruned_prog);
	o->analysis = NULL;
	o->prog = NULL;
	o->pruned_prog = NULL;
}

/* Both checks agree, as no program has instructions for packets. */
static bool accepted(struct oracle *o)
{
	bool valid = !bpf_check_classic(first_insn(o), o->len);

	KUNIT_EXPECT_EQ_MSG(o->test, valid,
			    !seccomp_check_program(first_insn(o), o->len),
			    "program %u", o->programs);
	return valid;
}

/* Compare the program with its analysis. */
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
	o->prog = compile(first_insn(o), o->len);
	if (!o->analysis || !o->prog ||
	    seccomp_analyse_flow(first_insn(o), o->analysis)) {
		KUNIT_FAIL(o->test, "program %u: no memory", o->programs);
		goto out;
	}
	if (!bitmap_empty(o->analysis->depends, SECCOMP_SYSCALLS)) {
		len = seccomp_prune(first_insn(o), o->analysis, o->pruned);
		if (len && len <= o->len)
			o->pruned_prog = compile(o->pruned, len);
		if (!o->pruned_prog) {
			report(o, "cannot be pruned", len, o->len);
			goto out;
		}
	}
	check_all(o);
out:
	program_free(o);
	cond_resched();
}

static void show_counts(struct oracle *o)
{
	kunit_info(o->test,
		   "seed %u: %u programs, %u refused, %lu instructions; %lu constant, %lu not, %lu runs",
		   oracle_seed, o->programs, o->refused, o->insns, o->constant,
		   o->depends, o->runs);
	KUNIT_EXPECT_LT(o->test, o->refused, o->programs / 4 + 1);
}

/* At least @percent of the answers are constant. */
static void expect_constant(struct oracle *o, unsigned int percent)
{
	KUNIT_EXPECT_GE(o->test, o->constant * 100,
			(o->constant + o->depends) * percent);
}

/* The tests */

static void seccomp_oracle_indexes_are_in_order(struct kunit *test)
{
	unsigned int index = 0;

	if (SECCOMP_OTHER_ARCHS)
		kunit_skip(test, "only if all architectures have an ABI here");

	for (int i = 0; i < ARRAY_SIZE(spans); i++) {
		const struct span *span = &spans[i];
		u32 nr;

		for (nr = span->first; span->known && nr <= span->last; nr++) {
			KUNIT_EXPECT_EQ(test, index,
					seccomp_syscall_index(nr, span->arch));
			KUNIT_EXPECT_FALSE(test, seccomp_syscall_index_is_gap(index));
			index++;
		}
		if (span->known)
			continue;
		KUNIT_EXPECT_TRUE(test, seccomp_syscall_index_is_gap(index));
		KUNIT_EXPECT_EQ(test, index,
				seccomp_syscall_index(span->first, span->arch));
		KUNIT_EXPECT_EQ(test, index,
				seccomp_syscall_index(span->last, span->arch));
		index++;
	}
	KUNIT_EXPECT_EQ(test, index, (unsigned int)INDEX_OTHER_ARCH);
	KUNIT_EXPECT_EQ(test, index,
			seccomp_syscall_index(0, AUDIT_ARCH_ALPHA));
}

/* If programs depend on number and architecture only, all is constant. */
static void seccomp_oracle_numbers_are_constant(struct kunit *test)
{
	const struct style style = { .bits = 3 };
	struct oracle *o = test->priv;

	for (unsigned int n = 0; n < 150 * oracle_rounds; n++) {
		program_start(o);
		build_filter(o, &style, 1 + rnd_below(o, n % 8 ? 40 : 400));
		check_program(o);
	}
	show_counts(o);
	KUNIT_EXPECT_EQ(test, 0UL, o->depends);
}

/* If rules of some system calls depend on arguments, others are constant. */
static void seccomp_oracle_arguments_affect_own_syscall(struct kunit *test)
{
	const struct style style = { .args = 20 };
	struct oracle *o = test->priv;

	for (unsigned int n = 0; n < 200 * oracle_rounds; n++) {
		program_start(o);
		build_filter(o, &style, 1 + rnd_below(o, n % 8 ? 40 : 300));
		check_program(o);
	}
	show_counts(o);
	expect_constant(o, 90);
	KUNIT_EXPECT_NE(test, 0UL, o->depends);
}

static void seccomp_oracle_mixed_programs(struct kunit *test)
{
	struct oracle *o = test->priv;

	for (unsigned int n = 0; n < 200 * oracle_rounds; n++) {
		const struct style style = {
			.args = rnd_below(o, 60),
			.bits = rnd_below(o, 30),
			.no_reload = chance(o, 30),
		};

		program_start(o);
		bitmap_fill(o->may_depend, SECCOMP_SYSCALLS);
		build_filter(o, &style, 1 + rnd_below(o, 60));
		check_program(o);
	}
	show_counts(o);
	expect_constant(o, 50);
}

static void seccomp_oracle_mutated_programs(struct kunit *test)
{
	const struct style style = { .args = 20, .bits = 5 };
	struct oracle *o = test->priv;

	for (unsigned int n = 0; n < 400 * oracle_rounds; n++) {
		program_start(o);
		build_filter(o, &style, 1 + rnd_below(o, 15));
		mutate(o);
		check_program(o);
	}
	show_counts(o);
	expect_constant(o, 50);
}

static void seccomp_oracle_random_programs(struct kunit *test)
{
	struct oracle *o = test->priv;

	for (unsigned int n = 0; n < 1000 * oracle_rounds; n++) {
		program_start(o);
		bitmap_fill(o->may_depend, SECCOMP_SYSCALLS);
		build_random_program(o, 1 + rnd_below(o, n % 4 ? 24 : 120));
		check_program(o);
	}
	show_counts(o);
	expect_constant(o, 20);
	KUNIT_EXPECT_NE(test, 0UL, o->depends);
}

static void seccomp_oracle_longest_programs(struct kunit *test)
{
	const struct style style = { .args = 10, .bits = 1 };
	struct oracle *o = test->priv;

	for (unsigned int n = 0; n < 12 * oracle_rounds; n++) {
		program_start(o);
		bitmap_fill(o->may_depend, SECCOMP_SYSCALLS);
		if (n % 2)
			build_random_program(o, BPF_MAXINSNS);
		else
			emit_chain(o, &style, BPF_MAXINSNS);
		check_program(o);
	}
	show_counts(o);
}

/* Programs in which each jump splits the set */
static void seccomp_oracle_worst_programs(struct kunit *test)
{
	static const u8 ops[] = { BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET };
	struct oracle *o = test->priv;

	for (int i = 0; i < ARRAY_SIZE(ops); i++) {
		program_start(o);
		bitmap_fill(o->may_depend, SECCOMP_SYSCALLS);
		emit(o, BPF_RET | BPF_A, 0);
		emit(o, BPF_MISC | BPF_TXA, 0);
		/* a sequence of ifs: each number has another path */
		while (insns_left(o) > 8) {
			unsigned int end = o->len;

			emit(o, BPF_LDX | BPF_IMM, random_return(o));
			emit_jump(o, ops[i], chance(o, 50) ? known_number(o) :
				  BIT(rnd_below(o, 10)), o->len, end);
		}
		emit(o, BPF_LD | BPF_W | BPF_ABS, DATA(nr));
		check_program(o);
	}
	show_counts(o);
}

#ifdef CAN_INTERPRET
/* No other task compiles programs while the tests run. */
static void seccomp_oracle_interpreter(struct kunit *test)
{
	const struct style style = { .args = 20, .bits = 5 };
	struct oracle *o = test->priv;
	int jit = bpf_jit_enable;

	bpf_jit_enable = 0;
	for (unsigned int n = 0; n < 100 * oracle_rounds; n++) {
		program_start(o);
		bitmap_fill(o->may_depend, SECCOMP_SYSCALLS);
		if (n % 2)
			build_random_program(o, 1 + rnd_below(o, 60));
		else
			build_filter(o, &style, 1 + rnd_below(o, 20));
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
	program_free(o);
	kvfree(o);
}

static struct kunit_case seccomp_oracle_cases[] = {
	KUNIT_CASE(seccomp_oracle_indexes_are_in_order),
	KUNIT_CASE(seccomp_oracle_numbers_are_constant),
	KUNIT_CASE(seccomp_oracle_arguments_affect_own_syscall),
	KUNIT_CASE(seccomp_oracle_mixed_programs),
	KUNIT_CASE(seccomp_oracle_mutated_programs),
	KUNIT_CASE(seccomp_oracle_random_programs),
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
