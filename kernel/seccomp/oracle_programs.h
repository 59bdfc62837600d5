/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Generates classic BPF programs to test the analysis with. The file that
 * includes this one has the random numbers.
 */
#ifndef _KERNEL_SECCOMP_ORACLE_PROGRAMS_H
#define _KERNEL_SECCOMP_ORACLE_PROGRAMS_H

#include <linux/filter.h>
#include <linux/seccomp.h>

#include "syscall_index.h"

#define DATA(member)		((u32)offsetof(struct seccomp_data, member))
#define ARGS_WORDS		((sizeof(struct seccomp_data) - \
				  offsetof(struct seccomp_data, \
					   instruction_pointer)) / sizeof(u32))

#define POOL			24

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

/**
 * struct generator - a program that is generated
 * @buf: it grows from the end of the buffer towards its start
 * @len: number of instructions
 * @pool: constants of the program, and values of arguments
 * @may_depend: system calls for which other data may decide, too
 */
struct generator {
	struct sock_filter buf[BPF_MAXINSNS];
	unsigned int len;
	u32 pool[POOL];
	DECLARE_BITMAP(may_depend, SECCOMP_SYSCALLS);
};

/* Any number. Defined by the file that includes this one. */
static u32 random_number(struct generator *g);

static u32 rnd_below(struct generator *g, u32 end)
{
	return random_number(g) % end;
}

static bool chance(struct generator *g, u32 percent)
{
	return rnd_below(g, 100) < percent;
}

#define one_of(g, array)	((array)[rnd_below(g, ARRAY_SIZE(array))])

/* A number of a system call of any architecture */
static u32 known_number(struct generator *g)
{
	const struct span *span;

	do {
		span = &one_of(g, spans);
	} while (!span->known && !SECCOMP_OTHER_ARCHS);
	if (!span->known)
		return rnd_below(g, 500);
	return span->first + rnd_below(g, span->last - span->first + 1);
}

/* A number near the start or the end of a range */
static u32 edge_number(struct generator *g)
{
	const struct span *span = &one_of(g, spans);

	return (chance(g, 50) ? span->first : span->last) + rnd_below(g, 3) - 1;
}

static u32 mixed_number(struct generator *g)
{
	switch (rnd_below(g, 10)) {
	case 0:
		return one_of(g, spans).arch;
	case 1:
		return one_of(g, spans).arch + rnd_below(g, 3) - 1;
	case 2:
		return BIT(rnd_below(g, 32));
	case 3:
		return random_number(g);
	case 4:
		return rnd_below(g, 4);
	case 5:
	case 6:
		return edge_number(g);
	default:
		return known_number(g);
	}
}

static u32 pool_number(struct generator *g)
{
	return chance(g, 80) ? one_of(g, g->pool) : mixed_number(g);
}

static u32 random_return(struct generator *g)
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

	return chance(g, 85) ? one_of(g, common) : one_of(g, rare);
}

/* Instructions. Positions are counted from the end: 1 is the last one. */

static struct sock_filter *first_insn(struct generator *g)
{
	return g->buf + BPF_MAXINSNS - g->len;
}

static unsigned int insns_left(const struct generator *g)
{
	return BPF_MAXINSNS - g->len;
}

static unsigned int emit(struct generator *g, u16 code, u32 k)
{
	g->len++;
	*first_insn(g) = (struct sock_filter)BPF_STMT(code, k);
	return g->len;
}

/* The next instruction that is emitted continues at @place. */
static void emit_goto(struct generator *g, unsigned int place)
{
	if (place != g->len)
		emit(g, BPF_JMP | BPF_JA, g->len - place);
}

static unsigned int emit_jump(struct generator *g, u8 op, u32 k, unsigned int yes,
			      unsigned int no)
{
	struct sock_filter *insn;

	/* too far for a conditional jump; a jump to @no may come before @yes */
	if (g->len - yes > U8_MAX - 1)
		yes = emit(g, BPF_JMP | BPF_JA, g->len - yes);
	if (g->len - no > U8_MAX)
		no = emit(g, BPF_JMP | BPF_JA, g->len - no);

	emit(g, BPF_JMP | op, k);
	insn = first_insn(g);
	insn->jt = g->len - 1 - yes;
	insn->jf = g->len - 1 - no;
	return g->len;
}

static void program_start(struct generator *g)
{
	g->len = 0;
	bitmap_zero(g->may_depend, SECCOMP_SYSCALLS);
	for (int i = 0; i < POOL; i++)
		g->pool[i] = i % 2 ? known_number(g) : mixed_number(g);
}

/* Programs like those of libraries */

struct style {
	u32 args;	/* percentage of rules that depend on arguments */
	u32 bits;	/* percentage of rules that test bits of the number */
	bool no_reload;	/* does not load the number again after arguments */
};

static void mark_may_depend(struct generator *g, u32 nr)
{
	for (int i = 0; i < ARRAY_SIZE(spans); i++)
		__set_bit(seccomp_syscall_index(nr, spans[i].arch),
			  g->may_depend);
}

/* Compare an argument with a value that it may have; to @yes or to @no. */
static unsigned int emit_argument(struct generator *g, unsigned int yes,
				  unsigned int no)
{
	static const u8 ops[] = { BPF_JEQ, BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET };
	u32 low = DATA(args[0]) + 8 * rnd_below(g, 6);
	u32 high = low + 4;

#ifdef __BIG_ENDIAN
	swap(low, high);
#endif
	yes = emit_jump(g, one_of(g, ops), pool_number(g), yes, no);
	if (chance(g, 30))
		yes = emit(g, BPF_ALU | BPF_AND | BPF_K, pool_number(g));
	yes = emit(g, BPF_LD | BPF_W | BPF_ABS, low);
	if (chance(g, 60)) {
		yes = emit_jump(g, BPF_JEQ, chance(g, 80) ? 0 : pool_number(g),
				yes, no);
		yes = emit(g, BPF_LD | BPF_W | BPF_ABS, high);
	}
	return yes;
}

/* Compare some bits of the number, which is in the accumulator. */
static unsigned int emit_bits(struct generator *g, unsigned int yes,
			      unsigned int no)
{
	static const u8 ops[] = { BPF_JEQ, BPF_JGE, BPF_JGT, BPF_JSET };
	static const u32 masks[] = {
		0xff, 0x3fffffff, 0xbfffffff, 0x1f, 7, 1, 0x1f0,
	};
	u32 mask;

	if (chance(g, 30))
		return emit_jump(g, BPF_JSET, BIT(rnd_below(g, 12)), yes, no);

	/* both branches load the whole number again */
	emit_goto(g, yes);
	yes = emit(g, BPF_LD | BPF_W | BPF_ABS, DATA(nr));
	emit_goto(g, no);
	no = emit(g, BPF_LD | BPF_W | BPF_ABS, DATA(nr));
	mask = one_of(g, masks);
	emit_jump(g, one_of(g, ops), known_number(g) & mask, yes, no);
	if (chance(g, 20))
		emit(g, BPF_ALU | BPF_AND | BPF_K, 0xfffffff);
	if (chance(g, 30)) {
		emit(g, BPF_ALU | BPF_AND | BPF_X, 0);
		return emit(g, BPF_LDX | BPF_IMM, mask);
	}
	return emit(g, BPF_ALU | BPF_AND | BPF_K, mask);
}

/* The number is in the accumulator. Other system calls continue at @next. */
static unsigned int emit_rule(struct generator *g, const struct style *style,
			      u32 nr, unsigned int act, unsigned int next)
{
	if (chance(g, style->bits))
		return emit_bits(g, act, next);
	if (!chance(g, style->args))
		return emit_jump(g, BPF_JEQ, nr, act, next);

	mark_may_depend(g, nr);
	if (!style->no_reload) {
		emit_goto(g, next);
		next = emit(g, BPF_LD | BPF_W | BPF_ABS, DATA(nr));
	}
	for (int n = 1 + rnd_below(g, 3); n--;)
		act = emit_argument(g, act, next);
	return emit_jump(g, BPF_JEQ, nr, act, next);
}

static unsigned int emit_return(struct generator *g)
{
	return emit(g, BPF_RET | BPF_K, random_return(g));
}

/* A list of rules, then the default */
static unsigned int emit_chain(struct generator *g, const struct style *style,
			       unsigned int rules)
{
	unsigned int act = emit_return(g);
	unsigned int next = emit_return(g);

	while (rules-- && insns_left(g) > 64) {
		if (chance(g, 20)) {
			emit_goto(g, next);
			next = g->len;
			act = emit_return(g);
		}
		next = emit_rule(g, style,
				 chance(g, 90) ? known_number(g) :
						 edge_number(g),
				 act, next);
	}
	emit_goto(g, next);
	return emit(g, BPF_LD | BPF_W | BPF_ABS, DATA(nr));
}

/* A binary tree of rules for the numbers from @first to @last */
static unsigned int emit_tree(struct generator *g, const struct style *style,
			      u32 first, u32 last, unsigned int otherwise)
{
	unsigned int left, right;
	u32 middle;

	if (first == last || insns_left(g) < 200)
		return emit_rule(g, style, first, emit_return(g), otherwise);
	if (chance(g, 5))
		return emit_return(g);

	middle = first + (last - first) / 2;
	if (chance(g, 50)) {
		right = emit_tree(g, style, middle + 1, last, otherwise);
		left = emit_tree(g, style, first, middle, otherwise);
		return emit_jump(g, BPF_JGT, middle, right, left);
	}
	left = emit_tree(g, style, first, middle, otherwise);
	right = emit_tree(g, style, middle + 1, last, otherwise);
	return emit_jump(g, BPF_JGE, middle + 1, right, left);
}

static unsigned int emit_numbers(struct generator *g, const struct style *style,
				 unsigned int rules)
{
	static const u32 bases[] = { 0, 0, 0, 0x40000000, 0xffffff00 };
	u32 first = one_of(g, bases) + rnd_below(g, 64);

	if (chance(g, 60))
		return emit_chain(g, style, rules);

	emit_tree(g, style, first, first + min(rules, 128U), emit_return(g));
	return emit(g, BPF_LD | BPF_W | BPF_ABS, DATA(nr));
}

/* To @no if the number is one of x32, else to @yes. */
static unsigned int emit_x32(struct generator *g, unsigned int yes,
			     unsigned int no)
{
	yes = chance(g, 50) ? emit_jump(g, BPF_JGE, 0x40000000, no, yes) :
			      emit_jump(g, BPF_JSET, 0x40000000, no, yes);
	return emit(g, BPF_LD | BPF_W | BPF_ABS, DATA(nr));
}

/* A complete filter as libraries generate it, or a part of one */
static void build_filter(struct generator *g, const struct style *style,
			 unsigned int rules)
{
	unsigned int bad = emit_return(g);
	unsigned int next = bad;

	if (chance(g, 15)) {
		emit_numbers(g, style, rules);
		return;
	}
	for (int n = 1 + rnd_below(g, ARRAY_SIZE(spans)); n--;) {
		unsigned int yes = emit_numbers(g, style, rules);

		if (chance(g, 40))
			yes = emit_x32(g, yes, bad);
		next = emit_jump(g, chance(g, 90) ? BPF_JEQ : BPF_JGE,
				 one_of(g, spans).arch, yes, next);
	}
	emit_goto(g, next);
	emit(g, BPF_LD | BPF_W | BPF_ABS, DATA(arch));
}

/* Random programs */

static void emit_random_load(struct generator *g)
{
	switch (rnd_below(g, 16)) {
	case 0:
	case 1:
	case 2:
		emit(g, BPF_LD | BPF_W | BPF_ABS, DATA(arch));
		break;
	case 3:
	case 4:
		emit(g, BPF_LD | BPF_W | BPF_ABS,
		     DATA(instruction_pointer) + 4 * rnd_below(g, ARGS_WORDS));
		break;
	case 5:
		emit(g, BPF_LD | BPF_IMM, pool_number(g));
		break;
	case 6:
		emit(g, BPF_LD | BPF_W | BPF_LEN, 0);
		break;
	case 7:
		emit(g, BPF_LD | BPF_MEM, rnd_below(g, 4));
		break;
	default:
		emit(g, BPF_LD | BPF_W | BPF_ABS, DATA(nr));
	}
}

static void emit_random_index(struct generator *g)
{
	switch (rnd_below(g, 8)) {
	case 0:
		emit(g, BPF_MISC | BPF_TAX, 0);
		break;
	case 1:
		emit(g, BPF_MISC | BPF_TXA, 0);
		break;
	case 2:
		emit(g, BPF_LDX | BPF_W | BPF_LEN, 0);
		break;
	case 3:
		emit(g, BPF_LDX | BPF_MEM, rnd_below(g, 4));
		break;
	case 4:
		emit(g, BPF_ST, rnd_below(g, 4));
		break;
	case 5:
		emit(g, BPF_STX, rnd_below(g, 4));
		break;
	default:
		emit(g, BPF_LDX | BPF_IMM, chance(g, 30) ? rnd_below(g, 3) :
							 pool_number(g));
	}
}

static void emit_random_alu(struct generator *g)
{
	static const u8 ops[] = {
		BPF_ADD, BPF_SUB, BPF_MUL, BPF_DIV, BPF_AND, BPF_AND, BPF_AND,
		BPF_OR, BPF_XOR, BPF_LSH, BPF_RSH, BPF_NEG,
	};
	u8 op = one_of(g, ops);
	u32 k = pool_number(g);

	if (op == BPF_NEG)
		emit(g, BPF_ALU | BPF_NEG, 0);
	else if (chance(g, 40))
		emit(g, BPF_ALU | op | BPF_X, 0);
	else if (op == BPF_LSH || op == BPF_RSH)
		emit(g, BPF_ALU | op | BPF_K, k % 32);
	else if (op == BPF_AND && chance(g, 50))
		emit(g, BPF_ALU | op | BPF_K, ~k);
	else
		emit(g, BPF_ALU | op | BPF_K, op == BPF_DIV && !k ? 1 : k);
}

static unsigned int random_target(struct generator *g, unsigned int reach)
{
	return g->len - rnd_below(g, min(reach, g->len));
}

static void emit_random_jump(struct generator *g)
{
	static const u8 ops[] = { BPF_JEQ, BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET };
	unsigned int reach = chance(g, 70) ? 8 : U8_MAX;
	u8 source = chance(g, 15) ? BPF_X : BPF_K;

	if (chance(g, 3))
		emit(g, BPF_JMP | BPF_JA,
		     g->len - random_target(g, BPF_MAXINSNS));
	else
		emit_jump(g, one_of(g, ops) | source, pool_number(g),
			  random_target(g, reach), random_target(g, reach));
}

static void emit_random(struct generator *g)
{
	u32 what = rnd_below(g, 100);

	if (what < 30)
		emit_random_load(g);
	else if (what < 70)
		emit_random_jump(g);
	else if (what < 80)
		emit_random_alu(g);
	else if (what < 90)
		emit_random_index(g);
	else if (what < 92)
		emit(g, BPF_RET | BPF_A, 0);
	else
		emit_return(g);
}

/* Random instructions; scratch memory is written before it is read. */
static void build_random_program(struct generator *g, unsigned int insns)
{
	emit_return(g);
	while (insns-- && insns_left(g) > 16)
		emit_random(g);
	if (chance(g, 50))
		emit(g, BPF_LD | BPF_W | BPF_ABS, DATA(nr));
	for (int n = 0; n < 4; n++)
		emit(g, BPF_ST, n);
	if (chance(g, 50))
		emit(g, BPF_LD | BPF_W | BPF_ABS, 4 * rnd_below(g, ARGS_WORDS));
}

/* Replace a few instructions of a program. */
static void mutate(struct generator *g)
{
	for (int n = 1 + rnd_below(g, 8); n--;) {
		/* jumps of the new instruction stay inside the program */
		unsigned int len = g->len;
		unsigned int place = 2 + rnd_below(g, max(len, 3U) - 2);
		struct sock_filter *insn;
		u8 reach;

		if (place > len)
			return;
		g->len = place;
		insn = first_insn(g);
		reach = min(place - 2, (unsigned int)U8_MAX);
		switch (rnd_below(g, 4)) {
		case 0:
			if (BPF_CLASS(insn->code) == BPF_JMP &&
			    BPF_OP(insn->code) != BPF_JA) {
				insn->jt = rnd_below(g, reach + 1);
				break;
			}
			fallthrough;
		case 1:
			if (BPF_CLASS(insn->code) == BPF_JMP &&
			    BPF_OP(insn->code) != BPF_JA) {
				insn->k = pool_number(g);
				break;
			}
			fallthrough;
		default:
			g->len--;
			if (place > 4)
				emit_random(g);
		}
		g->len = len;
	}
	bitmap_fill(g->may_depend, SECCOMP_SYSCALLS);
}

/* Change some of the data other than number and architecture. */
static void change_data(struct generator *g, struct seccomp_data *sd)
{
	for (int n = 0; n < 3; n++) {
		u32 *words = (u32 *)&sd->instruction_pointer;
		u32 *word = &words[rnd_below(g, ARGS_WORDS)];

		switch (rnd_below(g, 8)) {
		case 0:
		case 1:
		case 2:
			*word = 0;
			break;
		case 3:
			*word = random_number(g);
			break;
		case 4:
			*word = one_of(g, g->pool) + rnd_below(g, 3) - 1;
			break;
		default:
			*word = one_of(g, g->pool);
		}
	}
}

#endif /* _KERNEL_SECCOMP_ORACLE_PROGRAMS_H */
