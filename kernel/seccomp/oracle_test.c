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
#include "oracle_programs.h"

#ifndef MODULE
# undef MODULE_PARAM_PREFIX
# define MODULE_PARAM_PREFIX	"seccomp."
#endif

static unsigned int oracle_seed = 1;
module_param(oracle_seed, uint, 0);

static unsigned int oracle_rounds = 1;
module_param(oracle_rounds, uint, 0);

/* Failures of one test that are shown */
#define FAILURES_MAX		3

#if defined(CONFIG_BPF_JIT) && !defined(CONFIG_BPF_JIT_ALWAYS_ON)
# ifndef MODULE
#  define CAN_INTERPRET
# endif
#endif

/* A program, its analysis, and the state of the test */
struct oracle {
	struct kunit *test;
	struct rnd_state rnd;
	struct generator gen;
	struct sock_filter pruned[BPF_MAXINSNS];
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

static u32 random_number(struct generator *g)
{
	return prandom_u32_state(&container_of(g, struct oracle, gen)->rnd);
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

static void show_program(struct oracle *o)
{
	struct generator *g = &o->gen;
	const struct sock_filter *insn = first_insn(g);

	for (int pc = 0; pc < min(g->len, 128U); pc++, insn++)
		kunit_info(o->test, "%4d: code %#04x jt %u jf %u k %#x flow %x",
			   pc, insn->code, insn->jt, insn->jf, insn->k,
			   o->analysis->flow[pc]);
}

static void report(struct oracle *o, const char *what, u32 actual, u32 expected)
{
	struct generator *g = &o->gen;

	if (o->failures++ >= FAILURES_MAX)
		return;
	KUNIT_FAIL(o->test,
		   "seed %u program %u of %u: %s: nr %#x arch %#x value %#x, expected %#x",
		   oracle_seed, o->programs, g->len, what, o->sd.nr, o->sd.arch,
		   actual, expected);
	show_program(o);
}

static bool check_nr(struct oracle *o, u32 nr, u32 arch)
{
	struct generator *g = &o->gen;
	unsigned int index = seccomp_syscall_index(nr, arch);
	bool depends = test_bit(index, o->analysis->depends);
	u32 value = o->analysis->value[index];

	o->sd.nr = nr;
	o->sd.arch = arch;
	for (int n = depends ? 3 : 2; n--; o->runs++) {
		u32 expected;

		change_data(g, &o->sd);
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
	struct generator *g = &o->gen;
	u32 size = span->last - span->first;

	for (u32 n = 0; n < 2; n++)
		if (!check_nr(o, span->first + n, span->arch) ||
		    !check_nr(o, span->last - n, span->arch) ||
		    !check_nr(o, span->first + rnd_below(g, size), span->arch))
			return false;
	for (int i = 0; i < POOL; i++)
		for (u32 n = 0; n < 3; n++) {
			u32 nr = g->pool[i] + n - 1;

			if (span_has(span, nr) && !check_nr(o, nr, span->arch))
				return false;
		}
	return true;
}

static bool check_known(struct oracle *o, const struct span *span)
{
	struct generator *g = &o->gen;

	for (u32 nr = span->first; nr <= span->last; nr++) {
		unsigned int index = seccomp_syscall_index(nr, span->arch);

		if (!check_nr(o, nr, span->arch))
			return false;
		if (!test_bit(index, o->analysis->depends)) {
			o->constant++;
			continue;
		}
		o->depends++;
		if (!test_bit(index, g->may_depend)) {
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
	struct generator *g = &o->gen;
	bool valid = !bpf_check_classic(first_insn(g), g->len);

	KUNIT_EXPECT_EQ_MSG(o->test, valid,
			    !seccomp_check_program(first_insn(g), g->len),
			    "program %u", o->programs);
	return valid;
}

/* Compare the program with its analysis. */
static void check_program(struct oracle *o)
{
	struct generator *g = &o->gen;
	unsigned int len = 0;

	o->programs++;
	if (!accepted(o)) {
		o->refused++;
		return;
	}
	o->insns += g->len;
	o->analysis = seccomp_analyse(first_insn(g), g->len);
	o->prog = compile(first_insn(g), g->len);
	if (!o->analysis || !o->prog ||
	    seccomp_analyse_flow(first_insn(g), o->analysis)) {
		KUNIT_FAIL(o->test, "program %u: no memory", o->programs);
		goto out;
	}
	if (!bitmap_empty(o->analysis->depends, SECCOMP_SYSCALLS)) {
		len = seccomp_prune(first_insn(g), o->analysis, o->pruned);
		if (len && len <= g->len)
			o->pruned_prog = compile(o->pruned, len);
		if (!o->pruned_prog) {
			report(o, "cannot be pruned", len, g->len);
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
	struct generator *g = &o->gen;

	for (unsigned int n = 0; n < 150 * oracle_rounds; n++) {
		program_start(g);
		build_filter(g, &style, 1 + rnd_below(g, n % 8 ? 40 : 400));
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
	struct generator *g = &o->gen;

	for (unsigned int n = 0; n < 200 * oracle_rounds; n++) {
		program_start(g);
		build_filter(g, &style, 1 + rnd_below(g, n % 8 ? 40 : 300));
		check_program(o);
	}
	show_counts(o);
	expect_constant(o, 90);
	KUNIT_EXPECT_NE(test, 0UL, o->depends);
}

static void seccomp_oracle_mixed_programs(struct kunit *test)
{
	struct oracle *o = test->priv;
	struct generator *g = &o->gen;

	for (unsigned int n = 0; n < 200 * oracle_rounds; n++) {
		const struct style style = {
			.args = rnd_below(g, 60),
			.bits = rnd_below(g, 30),
			.no_reload = chance(g, 30),
		};

		program_start(g);
		bitmap_fill(g->may_depend, SECCOMP_SYSCALLS);
		build_filter(g, &style, 1 + rnd_below(g, 60));
		check_program(o);
	}
	show_counts(o);
	expect_constant(o, 50);
}

static void seccomp_oracle_mutated_programs(struct kunit *test)
{
	const struct style style = { .args = 20, .bits = 5 };
	struct oracle *o = test->priv;
	struct generator *g = &o->gen;

	for (unsigned int n = 0; n < 400 * oracle_rounds; n++) {
		program_start(g);
		build_filter(g, &style, 1 + rnd_below(g, 15));
		mutate(g);
		check_program(o);
	}
	show_counts(o);
	expect_constant(o, 50);
}

static void seccomp_oracle_random_programs(struct kunit *test)
{
	struct oracle *o = test->priv;
	struct generator *g = &o->gen;

	for (unsigned int n = 0; n < 1000 * oracle_rounds; n++) {
		program_start(g);
		bitmap_fill(g->may_depend, SECCOMP_SYSCALLS);
		build_random_program(g, 1 + rnd_below(g, n % 4 ? 24 : 120));
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
	struct generator *g = &o->gen;

	for (unsigned int n = 0; n < 12 * oracle_rounds; n++) {
		program_start(g);
		bitmap_fill(g->may_depend, SECCOMP_SYSCALLS);
		if (n % 2)
			build_random_program(g, BPF_MAXINSNS);
		else
			emit_chain(g, &style, BPF_MAXINSNS);
		check_program(o);
	}
	show_counts(o);
}

/* Programs in which each jump splits the set */
static void seccomp_oracle_worst_programs(struct kunit *test)
{
	static const u8 ops[] = { BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET };
	struct oracle *o = test->priv;
	struct generator *g = &o->gen;

	for (int i = 0; i < ARRAY_SIZE(ops); i++) {
		program_start(g);
		bitmap_fill(g->may_depend, SECCOMP_SYSCALLS);
		emit(g, BPF_RET | BPF_A, 0);
		emit(g, BPF_MISC | BPF_TXA, 0);
		/* a sequence of ifs: each number has another path */
		while (insns_left(g) > 8) {
			unsigned int end = g->len;

			emit(g, BPF_LDX | BPF_IMM, random_return(g));
			emit_jump(g, ops[i], chance(g, 50) ? known_number(g) :
				  BIT(rnd_below(g, 10)), g->len, end);
		}
		emit(g, BPF_LD | BPF_W | BPF_ABS, DATA(nr));
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
	struct generator *g = &o->gen;
	int jit = bpf_jit_enable;

	bpf_jit_enable = 0;
	for (unsigned int n = 0; n < 100 * oracle_rounds; n++) {
		program_start(g);
		bitmap_fill(g->may_depend, SECCOMP_SYSCALLS);
		if (n % 2)
			build_random_program(g, 1 + rnd_below(g, 60));
		else
			build_filter(g, &style, 1 + rnd_below(g, 20));
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
