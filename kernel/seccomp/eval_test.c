// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests for verdicts of chains, compared with running all programs of the
 * chain, and for searching and extending chains.
 */

#include <kunit/test.h>
#include <linux/filter.h>
#include <linux/log2.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "eval.h"
#include "flow.h"
#include "internal.h"
#include "program.h"
#include "table.h"

/* more filters than a chain can have tables */
#define CHAIN_MAX	(SECCOMP_CHAIN_TABLES_MAX + 16)
#define CHAINS		80
#define SYSCALLS		300
#define INSNS_MAX	64

/* System call numbers that programs have rules for, and argument values */
#define RULES_NUMBERS	12
#define RULES_ARGUMENTS	3

#ifdef SECCOMP_ARCH_NATIVE
# define NATIVE		SECCOMP_ARCH_NATIVE
#else
# define NATIVE		AUDIT_ARCH_ALPHA
#endif

/* A chain, and its programs before pruning, the oldest first */
struct chain {
	struct rnd_state rnd;
	struct seccomp_filter *newest;
	struct bpf_prog *progs[CHAIN_MAX];
	struct sock_filter insns[INSNS_MAX];
	struct sock_filter pruned[INSNS_MAX];
	unsigned int len;
	/* number of verdicts for which a filter was run, and of the others */
	unsigned int run, constant;
};

static u32 rnd_below(struct chain *chain, u32 end)
{
	return prandom_u32_state(&chain->rnd) % end;
}

static u32 random_value(struct chain *chain)
{
	static const u32 values[] = {
		SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD,
		SECCOMP_RET_TRAP | 1, SECCOMP_RET_TRAP | 2,
		SECCOMP_RET_ERRNO | 1, SECCOMP_RET_ERRNO | 2,
		SECCOMP_RET_USER_NOTIF, SECCOMP_RET_TRACE | 9,
		SECCOMP_RET_LOG | 3, 0x80010005, 0x7ffd0006, 0xffff0007,
	};

	/* mostly weak actions, else nearly all chains would kill */
	if (rnd_below(chain, 3))
		return SECCOMP_RET_ALLOW | rnd_below(chain, 2);
	return values[rnd_below(chain, 4) ? 4 + rnd_below(chain, 5) :
					rnd_below(chain, ARRAY_SIZE(values))];
}

static void emit(struct chain *chain, struct sock_filter insn)
{
	chain->insns[chain->len++] = insn;
}

#define LOAD(member) \
	((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, \
				      offsetof(struct seccomp_data, member)))
/* The low half of an argument */
#ifdef __BIG_ENDIAN
# define LOAD_ARG(n) \
	((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, \
				      offsetof(struct seccomp_data, args[n]) + 4))
#else
# define LOAD_ARG(n)	LOAD(args[n])
#endif
#define EQUAL(k, yes, no) \
	((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, k, yes, no))
#define RETURN(k)	((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, k))

/* Rules for some numbers, some of them with an argument; then the default */
static void build_program(struct chain *chain)
{
	chain->len = 0;
	emit(chain, LOAD(nr));
	for (u32 nr = 0; nr < RULES_NUMBERS; nr++) {
		switch (rnd_below(chain, 6)) {
		case 0:
			emit(chain, EQUAL(nr, 0, 4));
			emit(chain, LOAD_ARG(1));
			emit(chain, EQUAL(rnd_below(chain, RULES_ARGUMENTS), 0,
					  1));
			emit(chain, RETURN(random_value(chain)));
			emit(chain, RETURN(random_value(chain)));
			break;
		case 1:
		case 2:
			emit(chain, EQUAL(nr, 0, 1));
			emit(chain, RETURN(random_value(chain)));
			break;
		}
	}
	emit(chain, RETURN(rnd_below(chain, 2) ? SECCOMP_RET_ALLOW :
					    random_value(chain)));
}

static struct bpf_prog *compile(struct sock_filter *insns, unsigned int len)
{
	struct sock_fprog_kern prog = { .len = len, .filter = insns };
	struct bpf_prog *compiled;

	if (bpf_prog_create_trans(&compiled, &prog, seccomp_convert_program))
		return NULL;
	return compiled;
}

static void filter_free(struct seccomp_filter *filter)
{
	filter->prev = NULL;
	seccomp_filter_put(filter);
}

/* Create a filter from the chain's instructions. NULL without memory. */
static struct seccomp_filter *filter_create(struct chain *chain)
{
	struct seccomp_filter *filter = kzalloc(sizeof(*filter), GFP_KERNEL);
	struct seccomp_program *program = kzalloc(sizeof(*program), GFP_KERNEL);
	struct seccomp_analysis *analysis;
	unsigned int len;

	if (!filter || !program) {
		kfree(filter);
		kfree(program);
		return NULL;
	}
	refcount_set(&filter->refs, 1);
	filter->program = program;
	refcount_set(&program->refs, 1);
	program->len = chain->len;

	analysis = seccomp_analyse(chain->insns, chain->len);
	if (!analysis)
		goto fail;
	program->table = seccomp_table_create(analysis);
	if (!program->table || seccomp_analyse_flow(chain->insns, analysis))
		goto fail;
	if (!bitmap_empty(analysis->depends, SECCOMP_SYSCALLS)) {
		len = seccomp_prune(chain->insns, analysis, chain->pruned);
		program->prog = len ? compile(chain->pruned, len) : NULL;
		if (!program->prog)
			goto fail;
	}
	seccomp_analysis_free(analysis);
	return filter;
fail:
	seccomp_analysis_free(analysis);
	filter_free(filter);
	return NULL;
}

/* Add a filter on top, as attaching does. Returns 0 or an error. */
static int chain_attach(struct chain *chain, struct seccomp_filter *filter)
{
	int err = seccomp_filter_link(filter, chain->newest);

	if (err) {
		filter_free(filter);
		return err;
	}
	filter->prev = chain->newest;
	chain->newest = filter;
	return 0;
}

static bool attach_random_filter(struct chain *chain)
{
	unsigned int depth = chain->newest ? chain->newest->depth : 0;
	struct seccomp_filter *filter;

	build_program(chain);
	chain->progs[depth] = compile(chain->insns, chain->len);
	filter = filter_create(chain);
	return chain->progs[depth] && filter && !chain_attach(chain, filter);
}

static void chain_free(struct chain *chain)
{
	seccomp_filter_put(chain->newest);
	chain->newest = NULL;
	for (int i = 0; i < CHAIN_MAX; i++) {
		if (chain->progs[i])
			bpf_prog_destroy(chain->progs[i]);
		chain->progs[i] = NULL;
	}
}

static void evaluate(struct chain *chain, const struct seccomp_data *sd,
		     struct seccomp_verdict *verdict)
{
	/* possible because the test's thread makes no system calls */
	current->seccomp.filter = chain->newest;
	seccomp_evaluate(sd, verdict);
	current->seccomp.filter = NULL;
}

static u32 run(const struct bpf_prog *prog, const struct seccomp_data *sd)
{
	u32 value;

	preempt_disable();
	value = bpf_prog_run(prog, sd);
	preempt_enable();
	return value;
}

/* Run all programs, the newest one first. */
static void run_all(struct chain *chain, const struct seccomp_data *sd,
		    struct seccomp_verdict *verdict)
{
	const struct seccomp_filter *filter;
	s32 lowest = SECCOMP_RET_ALLOW;
	int index;

	*verdict = (struct seccomp_verdict){ };
	for (filter = chain->newest; filter; filter = filter->prev) {
		u32 value = run(chain->progs[filter->depth - 1], sd);

		if ((s32)(value & SECCOMP_RET_ACTION_FULL) >= lowest)
			continue;
		lowest = value & SECCOMP_RET_ACTION_FULL;
		verdict->data = value & SECCOMP_RET_DATA;
		verdict->filter = filter;
	}
	verdict->action = lowest;
	index = seccomp_action_index(lowest);
	if (index < 0) {
		verdict->action = SECCOMP_RET_KILL_PROCESS;
		index = SECCOMP_ACTION_KILL_PROCESS;
	}
	verdict->action_index = index;
}

static bool expect_verdict(struct kunit *test, struct chain *chain,
			   const struct seccomp_data *sd)
{
	struct seccomp_verdict got, expected;
	unsigned int index = seccomp_syscall_index(sd->nr, sd->arch);
	struct seccomp_answer nothing;

	evaluate(chain, sd, &got);
	run_all(chain, sd, &expected);
	if (seccomp_chain_lookup(chain->newest, index, &nothing)->run_depth)
		chain->run++;
	else
		chain->constant++;
	/* if no filter decided, the data has no meaning */
	if (got.action == expected.action && got.action_index == expected.action_index &&
	    got.filter == expected.filter &&
	    (!got.filter || got.data == expected.data))
		return true;
	KUNIT_FAIL(test,
		   "%u filters, nr %#x, argument %llx: action %x data %x depth %d, expected %x %x %d",
		   chain->newest->depth, sd->nr, sd->args[1], got.action,
		   got.data, got.filter ? got.filter->depth : 0, expected.action,
		   expected.data, expected.filter ? expected.filter->depth : 0);
	return false;
}

/* If no filter has to be run, the answer in the table is the verdict. */
static bool expect_lookup(struct kunit *test, struct chain *chain,
			  const struct seccomp_data *sd)
{
	const struct seccomp_filter *newest = chain->newest;
	unsigned int index = seccomp_syscall_index(sd->nr, sd->arch);
	struct seccomp_answer nothing;
	const struct seccomp_answer *answer =
		seccomp_chain_lookup(newest, index, &nothing);
	struct seccomp_verdict expected;

	if (answer->run_depth)
		return true;
	run_all(chain, sd, &expected);
	if (!answer->match_depth && expected.action == SECCOMP_RET_ALLOW)
		return true;
	if (answer->match_depth && seccomp_answer_filter(newest, answer) == expected.filter &&
	    answer->action == expected.action_index &&
	    (answer->value & SECCOMP_RET_DATA) == expected.data)
		return true;
	KUNIT_FAIL(test, "%u filters, nr %#x: table has %x, expected %x",
		   newest->depth, sd->nr, answer->value, expected.action);
	return false;
}

static bool expect_verdicts(struct kunit *test, struct chain *chain)
{
	for (int n = 0; n < SYSCALLS; n++) {
		struct seccomp_data sd = {
			.nr = rnd_below(chain, 20) ?
			      rnd_below(chain, RULES_NUMBERS + 2) :
			      U32_MAX - rnd_below(chain, 2),
			.arch = NATIVE,
			.args = { 0, rnd_below(chain, RULES_ARGUMENTS + 1) },
		};

#ifdef SECCOMP_ARCH_COMPAT
		if (!rnd_below(chain, 4))
			sd.arch = SECCOMP_ARCH_COMPAT;
#endif
		if (!expect_verdict(test, chain, &sd) ||
		    !expect_lookup(test, chain, &sd))
			return false;
	}
	return true;
}

static void seccomp_eval_matches_running_all_filters(struct kunit *test)
{
	struct chain *chain = test->priv;
	bool good = true;

	for (int n = 0; n < CHAINS && good; n++) {
		unsigned int len = 1 + rnd_below(chain, n % 4 ? 6 : CHAIN_MAX);

		while (good && len--) {
			good = attach_random_filter(chain);
			if (!good)
				KUNIT_FAIL(test, "no filter");
		}
		good = good && expect_verdicts(test, chain);
		chain_free(chain);
	}
	kunit_info(test, "%u verdicts with a filter run, %u without",
		   chain->run, chain->constant);
	KUNIT_EXPECT_GT(test, chain->run, 1000U);
	KUNIT_EXPECT_GT(test, chain->constant, 1000U);
}

/* Chains of filters with constant return values */

static bool attach_allow_filters(struct chain *chain, unsigned int nr)
{
	while (nr--) {
		struct seccomp_filter *filter;

		chain->len = 0;
		emit(chain, RETURN(SECCOMP_RET_ALLOW));
		filter = filter_create(chain);
		if (!filter || chain_attach(chain, filter))
			return false;
	}
	return true;
}

/* The number of steps of seccomp_filter_at() from @newest to @depth */
static unsigned int count_steps(const struct seccomp_filter *newest,
				unsigned int depth)
{
	unsigned int steps = 0;

	for (; newest->depth > depth; steps++)
		newest = newest->jump && newest->jump->depth >= depth ?
			 newest->jump : newest->prev;
	return steps;
}

static void seccomp_eval_finds_filter_at_depth(struct kunit *test)
{
	const unsigned int len = 1500;
	struct chain *chain = test->priv;
	const struct seccomp_filter *filter, *newest;
	unsigned int most = 0;

	KUNIT_ASSERT_TRUE(test, attach_allow_filters(chain, len));
	newest = chain->newest;
	KUNIT_ASSERT_EQ(test, len, newest->depth);
	for (filter = newest; filter; filter = filter->prev) {
		KUNIT_EXPECT_PTR_EQ(test, filter,
				    seccomp_filter_at(newest, filter->depth));
		most = max(most, count_steps(newest, filter->depth));
		/* also from each other filter */
		KUNIT_EXPECT_PTR_EQ(test, seccomp_filter_at(newest, 1),
				    seccomp_filter_at(filter, 1));
	}
	kunit_info(test, "at most %u steps in a chain of %u", most, len);
	KUNIT_EXPECT_LE(test, most, 3U * ilog2(len));
}

/* A filter that does not change the chain's answers shares its table. */
static void seccomp_eval_filters_share_tables(struct kunit *test)
{
	struct chain *chain = test->priv;
	struct seccomp_table *table;

	KUNIT_ASSERT_TRUE(test, attach_allow_filters(chain, 1));
	table = chain->newest->table;
	KUNIT_EXPECT_PTR_EQ(test, table, chain->newest->program->table);
	KUNIT_EXPECT_EQ(test, 2U, refcount_read(&table->refs));
	KUNIT_ASSERT_TRUE(test, attach_allow_filters(chain, 3));
	KUNIT_EXPECT_PTR_EQ(test, table, chain->newest->table);
	KUNIT_EXPECT_EQ(test, 5U, refcount_read(&table->refs));
}

/* Attach a filter that changes all answers, so that it needs a table. */
static bool attach_errno_filter(struct chain *chain, u16 data)
{
	struct seccomp_filter *filter;

	chain->len = 0;
	emit(chain, RETURN(SECCOMP_RET_ERRNO | data));
	filter = filter_create(chain);
	return filter && !chain_attach(chain, filter);
}

static void seccomp_eval_limits_tables_of_chain(struct kunit *test)
{
	struct chain *chain = test->priv;
	const struct seccomp_filter *filter;
	unsigned int tables = 0;

	for (int n = 0; n < 3 * SECCOMP_CHAIN_TABLES_MAX; n++)
		KUNIT_ASSERT_TRUE(test, attach_errno_filter(chain, n));

	for (filter = chain->newest; filter; filter = filter->prev)
		if (filter->table &&
		    (!filter->prev || filter->table != filter->prev->table))
			tables++;
	KUNIT_EXPECT_EQ(test, tables, SECCOMP_CHAIN_TABLES_MAX);
	KUNIT_EXPECT_NULL(test, chain->newest->table);
}

static int attach_long_filter(struct chain *chain, unsigned int len)
{
	struct seccomp_filter *filter;

	chain->len = 0;
	emit(chain, RETURN(SECCOMP_RET_ALLOW));
	filter = filter_create(chain);
	if (!filter)
		return -EIO;
	/* only the length is used */
	filter->program->len = len;
	return chain_attach(chain, filter);
}

static void seccomp_eval_limits_instructions_of_chain(struct kunit *test)
{
	struct chain *chain = test->priv;
	unsigned int left = SECCOMP_CHAIN_INSNS_MAX + 4;

	for (; left > 4100; left -= 4100)
		KUNIT_ASSERT_EQ(test, 0, attach_long_filter(chain, 4096));
	KUNIT_EXPECT_EQ(test, -ENOMEM, attach_long_filter(chain, left - 3));
	KUNIT_EXPECT_EQ(test, 0, attach_long_filter(chain, left - 4));
	KUNIT_EXPECT_EQ(test, (u32)SECCOMP_CHAIN_INSNS_MAX,
			chain->newest->chain_insns);
	KUNIT_EXPECT_EQ(test, -ENOMEM, attach_long_filter(chain, 1));
}

/* A filter is linked again after another filter has been attached. */
static void seccomp_eval_filter_links_again(struct kunit *test)
{
	struct chain *chain = test->priv;
	struct seccomp_filter *filter;

	KUNIT_ASSERT_TRUE(test, attach_allow_filters(chain, 2));
	chain->len = 0;
	emit(chain, RETURN(SECCOMP_RET_LOG | 5));
	filter = filter_create(chain);
	KUNIT_ASSERT_NOT_NULL(test, filter);
	KUNIT_EXPECT_EQ(test, 0, seccomp_filter_link(filter, chain->newest));
	KUNIT_EXPECT_EQ(test, 3, filter->depth);
	if (!attach_allow_filters(chain, 1))
		KUNIT_FAIL(test, "no filter");
	KUNIT_EXPECT_EQ(test, 0, chain_attach(chain, filter));
	KUNIT_EXPECT_EQ(test, 4, filter->depth);
	KUNIT_EXPECT_EQ(test, 4, seccomp_table_lookup(filter->table, 0)->match_depth);
	KUNIT_EXPECT_EQ(test, 1U, refcount_read(&filter->table->refs));
	KUNIT_EXPECT_EQ(test, 4U + 3U * SECCOMP_FILTER_INSNS_EXTRA,
			filter->chain_insns);
}

static int seccomp_eval_init(struct kunit *test)
{
	struct chain *chain = kunit_kzalloc(test, sizeof(*chain), GFP_KERNEL);

	if (!chain)
		return -ENOMEM;
	prandom_seed_state(&chain->rnd, 1);
	test->priv = chain;
	return 0;
}

static void seccomp_eval_exit(struct kunit *test)
{
	if (test->priv)
		chain_free(test->priv);
}

static struct kunit_case seccomp_eval_cases[] = {
	KUNIT_CASE(seccomp_eval_matches_running_all_filters),
	KUNIT_CASE(seccomp_eval_finds_filter_at_depth),
	KUNIT_CASE(seccomp_eval_filters_share_tables),
	KUNIT_CASE(seccomp_eval_limits_tables_of_chain),
	KUNIT_CASE(seccomp_eval_limits_instructions_of_chain),
	KUNIT_CASE(seccomp_eval_filter_links_again),
	{ }
};

static struct kunit_suite seccomp_eval_suite = {
	.name = "seccomp_eval",
	.init = seccomp_eval_init,
	.exit = seccomp_eval_exit,
	.test_cases = seccomp_eval_cases,
};

kunit_test_suite(seccomp_eval_suite);

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_LICENSE("GPL");
