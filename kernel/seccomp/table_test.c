// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests for verdict tables, held against asking every filter of a chain.
 */

#include <kunit/test.h>
#include <linux/bitmap.h>
#include <linux/prandom.h>
#include <linux/slab.h>

#include "flow.h"
#include "internal.h"
#include "table.h"

#define CHAIN_MAX	40
#define CHAINS		60

/* Where nothing is foreign its call has a place in a table but never occurs. */
#define OCCUR		(SECCOMP_OTHER_ARCHS ? SECCOMP_SYSCALLS : INDEX_OTHER_ARCH)

/* Filters of a chain, the oldest first, and the chain's table after each */
struct chain {
	struct rnd_state rnd;
	unsigned int len;
	struct seccomp_analysis *analyses[CHAIN_MAX];
	struct seccomp_table *own[CHAIN_MAX];
	struct seccomp_table *tables[CHAIN_MAX];
};

static u32 below(struct chain *chain, u32 end)
{
	return prandom_u32_state(&chain->rnd) % end;
}

static u32 some_value(struct chain *chain)
{
	static const u32 values[] = {
		SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD,
		SECCOMP_RET_TRAP | 1, SECCOMP_RET_TRAP | 2,
		SECCOMP_RET_ERRNO | 1, SECCOMP_RET_ERRNO | 2, SECCOMP_RET_ERRNO,
		SECCOMP_RET_USER_NOTIF, SECCOMP_RET_TRACE | 9,
		SECCOMP_RET_LOG, SECCOMP_RET_LOG | 3,
		SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW,
		/* actions that do not exist, stronger and weaker than all */
		0x80010000, 0x7fff0000 - 0x10000, 0xffff0000, 0x00010000,
	};

	return values[below(chain, ARRAY_SIZE(values))];
}

/* As the analysis of a program finds it: stretches of calls with one answer */
static void fill_analysis(struct chain *chain, struct seccomp_analysis *analysis)
{
	unsigned int stretch = below(chain, 4) ? 40 : 2;
	u32 inconstant = below(chain, 3) ? 0 : below(chain, 60);
	u32 value = SECCOMP_RET_ALLOW;
	bool depends = false;

	bool silent = !below(chain, 4);

	/* an index that cannot occur is zero */
	for (unsigned int call = 0; call < OCCUR; call++) {
		if (!silent && (!call || !below(chain, stretch))) {
			value = some_value(chain);
			depends = below(chain, 100) < inconstant;
		}
		if (depends)
			__set_bit(call, analysis->depends);
		else
			analysis->value[call] = value;
	}
}

/* The table of the chain that ends with filter @n; false without memory */
static bool merge_table(struct chain *chain, unsigned int n)
{
	if (n) {
		chain->tables[n] = seccomp_table_merge(chain->own[n],
						       chain->tables[n - 1],
						       n + 1);
	} else {
		refcount_inc(&chain->own[n]->refs);
		chain->tables[n] = chain->own[n];
	}
	return chain->tables[n];
}

/* One more filter on top; false without memory */
static bool add_filter(struct chain *chain)
{
	unsigned int n = chain->len;

	chain->analyses[n] = kvzalloc(struct_size(chain->analyses[n], flow, 0),
				      GFP_KERNEL);
	if (!chain->analyses[n])
		return false;
	fill_analysis(chain, chain->analyses[n]);
	chain->own[n] = seccomp_table_create(chain->analyses[n]);
	if (!chain->own[n])
		return false;
	if (!merge_table(chain, n))
		return false;
	chain->len++;
	return true;
}

static void drop_filters(struct chain *chain)
{
	for (int n = 0; n < CHAIN_MAX; n++) {
		seccomp_table_put(chain->tables[n]);
		seccomp_table_put(chain->own[n]);
		kvfree(chain->analyses[n]);
		chain->tables[n] = NULL;
		chain->own[n] = NULL;
		chain->analyses[n] = NULL;
	}
	chain->len = 0;
}

/* What the filters say, asked one by one: the lowest action, the newest's */
static struct seccomp_answer ask_all(const struct chain *chain,
				     unsigned int call)
{
	struct seccomp_answer answer = { .value = SECCOMP_RET_ALLOW };
	int index;

	for (unsigned int depth = chain->len; depth; depth--) {
		const struct seccomp_analysis *says = chain->analyses[depth - 1];
		u32 value = says->value[call];

		if (test_bit(call, says->depends)) {
			if (!answer.run_depth)
				answer.run_depth = depth;
		} else if ((s32)(value & 0xffff0000) <
			   (s32)(answer.value & 0xffff0000)) {
			answer.value = value;
			answer.match_depth = depth;
		}
	}
	index = seccomp_action_index(answer.value & 0xffff0000);
	answer.action = index < 0 ? SECCOMP_ACTION_KILL_PROCESS : index;
	return answer;
}

/* Not all answers have room in a full table, and those above it tell. */
static bool is_any_full(const struct chain *chain)
{
	for (int n = 0; n < chain->len; n++)
		if (chain->tables[n]->answers_nr == SECCOMP_ANSWERS_MAX)
			return true;
	return false;
}

static void consider(struct seccomp_answer *best, u32 value, u16 depth)
{
	s32 action = value & SECCOMP_RET_ACTION_FULL;
	s32 best_action = best->value & SECCOMP_RET_ACTION_FULL;

	if (action < best_action ||
	    (action == best_action && depth > best->match_depth)) {
		best->value = value;
		best->match_depth = depth;
	}
}

/* What the tables say, as seccomp_evaluate() goes from one to the next */
static struct seccomp_answer walk_tables(const struct chain *chain,
					 unsigned int call)
{
	struct seccomp_answer best = { .value = SECCOMP_RET_ALLOW };
	const struct seccomp_answer *known;
	unsigned int depth = chain->len;
	bool unknown = true;
	int index;

	while (depth) {
		known = seccomp_table_lookup(chain->tables[depth - 1], call);
		if (known->match_depth && unknown)
			consider(&best, known->value, known->match_depth);
		if (!known->run_depth)
			break;
		unknown = known->unknown;
		depth = known->run_depth - 1;
		if (!test_bit(call, chain->analyses[depth]->depends)) {
			if (chain->analyses[depth]->value[call] !=
			    SECCOMP_RET_ALLOW)
				consider(&best,
					 chain->analyses[depth]->value[call],
					 depth + 1);
		} else if (!best.run_depth) {
			best.run_depth = depth + 1;
		}
	}
	index = seccomp_action_index(best.value & 0xffff0000);
	best.action = index < 0 ? SECCOMP_ACTION_KILL_PROCESS : index;
	return best;
}

static bool expect_answer(struct kunit *test, const struct chain *chain,
			  unsigned int call)
{
	const struct seccomp_table *table = chain->tables[chain->len - 1];
	struct seccomp_answer expected = ask_all(chain, call);
	struct seccomp_answer got = *seccomp_table_lookup(table, call);

	if (is_any_full(chain))
		got = walk_tables(chain, call);
	if (got.value == expected.value && got.match_depth == expected.match_depth &&
	    got.run_depth == expected.run_depth && got.action == expected.action)
		return true;
	KUNIT_FAIL(test,
		   "%u filters, call %u: value %#x match %u run %u action %u, not %#x %u %u %u",
		   chain->len, call, expected.value, expected.match_depth,
		   expected.run_depth, expected.action, got.value, got.match_depth,
		   got.run_depth, got.action);
	return false;
}

/* Plain allow, and nothing else, has the code that is asked for first. */
static bool expect_code(struct kunit *test, const struct chain *chain,
			unsigned int call)
{
	struct seccomp_answer expected = ask_all(chain, call);
	u8 code = chain->tables[chain->len - 1]->code[call];
	bool allow = !expected.match_depth && !expected.run_depth;
	bool allow_code = code == SECCOMP_CODE_ALLOW;

	if (allow == allow_code ||
	    (allow && is_any_full(chain)))
		return true;
	KUNIT_FAIL(test, "%u filters, call %u: code %u, allow %d", chain->len,
		   call, code, allow);
	return false;
}

static bool expect_answers(struct kunit *test, const struct chain *chain)
{
	for (unsigned int call = 0; call < OCCUR; call++)
		if (!expect_answer(test, chain, call) ||
		    !expect_code(test, chain, call))
			return false;
	return true;
}

/* A chain has its own table if its newest filter changes an answer. */
static bool expect_sharing(struct kunit *test, struct chain *chain)
{
	unsigned int len = chain->len;
	bool shared = chain->tables[len - 1] == chain->tables[len - 2];
	bool changes = false;

	for (unsigned int call = 0; call < OCCUR && !changes; call++) {
		struct seccomp_answer whole = ask_all(chain, call);
		struct seccomp_answer part;

		chain->len--;
		part = ask_all(chain, call);
		chain->len++;
		changes = whole.value != part.value ||
			  whole.match_depth != part.match_depth || whole.run_depth != part.run_depth;
	}
	if (changes != shared || is_any_full(chain))
		return true;
	KUNIT_FAIL(test, "%u filters, changes %d, shared %d", len, changes,
		   shared);
	return false;
}

/* At every length, since a filter below is asked for its chain's table, too */
static void seccomp_table_says_what_all_say(struct kunit *test)
{
	struct chain *chain = test->priv;
	bool good = true;

	for (int n = 0; n < CHAINS && good; n++) {
		unsigned int len = 1 + below(chain, n % 4 ? 8 : CHAIN_MAX);

		while (good && chain->len < len) {
			if (!add_filter(chain)) {
				KUNIT_FAIL(test, "no memory");
				good = false;
				break;
			}
			good = expect_answers(test, chain);
			if (good && chain->len > 1)
				good = expect_sharing(test, chain);
		}
		drop_filters(chain);
	}
}

/* Filters by hand */

static struct seccomp_table *uniform(u32 value, bool depends)
{
	struct seccomp_analysis *analysis = kvzalloc(sizeof(*analysis), GFP_KERNEL);
	struct seccomp_table *table;

	if (!analysis)
		return NULL;
	for (unsigned int call = 0; call < SECCOMP_SYSCALLS; call++)
		analysis->value[call] = value;
	if (depends)
		bitmap_fill(analysis->depends, SECCOMP_SYSCALLS);
	table = seccomp_table_create(analysis);
	kvfree(analysis);
	return table;
}

/* However many values a program returns; without room for all it is to be run. */
static void seccomp_table_has_a_size(struct kunit *test)
{
	struct seccomp_analysis *analysis = kvzalloc(sizeof(*analysis), GFP_KERNEL);
	struct seccomp_table *table;
	unsigned int known = 0;

	KUNIT_ASSERT_NOT_NULL(test, analysis);
	for (unsigned int call = 0; call < SECCOMP_SYSCALLS; call++)
		analysis->value[call] = SECCOMP_RET_ERRNO | (call + 1);
	table = seccomp_table_create(analysis);
	if (!table) {
		KUNIT_FAIL(test, "no memory");
		goto out;
	}
	KUNIT_EXPECT_LE(test, ksize(table), (size_t)SECCOMP_TABLE_SIZE);
	for (unsigned int call = 0; call < SECCOMP_SYSCALLS; call++) {
		const struct seccomp_answer *answer =
			seccomp_table_lookup(table, call);

		KUNIT_EXPECT_EQ(test, !!answer->run_depth,
				test_bit(call, analysis->depends));
		if (answer->run_depth)
			continue;
		known++;
		KUNIT_EXPECT_EQ(test, answer->value, analysis->value[call]);
	}
	KUNIT_EXPECT_EQ(test, known,
			min_t(unsigned int, SECCOMP_ANSWERS_MAX - 2,
			      SECCOMP_SYSCALLS));
	seccomp_table_put(table);
out:
	kvfree(analysis);
}

struct stacking {
	u32 below, own;
	bool below_depends, own_depends;
	/* of the second filter on top of the first */
	struct seccomp_answer expected;
	bool shared;
};

static const struct stacking stackings[] = {
	/* the newer one among equals, and its data */
	{ .below = SECCOMP_RET_ERRNO | 1, .own = SECCOMP_RET_ERRNO | 2,
	  .expected = { SECCOMP_RET_ERRNO | 2, 2, 0, SECCOMP_ACTION_ERRNO } },
	{ .below = SECCOMP_RET_ERRNO | 2, .own = SECCOMP_RET_ERRNO | 1,
	  .expected = { SECCOMP_RET_ERRNO | 1, 2, 0, SECCOMP_ACTION_ERRNO } },
	{ .below = SECCOMP_RET_LOG, .own = SECCOMP_RET_LOG,
	  .expected = { SECCOMP_RET_LOG, 2, 0, SECCOMP_ACTION_LOG } },
	/* the stronger one */
	{ .below = SECCOMP_RET_LOG, .own = SECCOMP_RET_TRACE,
	  .expected = { SECCOMP_RET_TRACE, 2, 0, SECCOMP_ACTION_TRACE } },
	{ .below = SECCOMP_RET_TRACE, .own = SECCOMP_RET_LOG, .shared = true,
	  .expected = { SECCOMP_RET_TRACE, 1, 0, SECCOMP_ACTION_TRACE } },
	/* kill_thread is zero, kill_process negative */
	{ .below = SECCOMP_RET_KILL_THREAD, .own = SECCOMP_RET_KILL_PROCESS,
	  .expected = { SECCOMP_RET_KILL_PROCESS, 2, 0,
			SECCOMP_ACTION_KILL_PROCESS } },
	{ .below = SECCOMP_RET_KILL_PROCESS, .own = SECCOMP_RET_KILL_THREAD,
	  .shared = true,
	  .expected = { SECCOMP_RET_KILL_PROCESS, 1, 0,
			SECCOMP_ACTION_KILL_PROCESS } },
	/* allow adds nothing */
	{ .below = SECCOMP_RET_LOG | 4, .own = SECCOMP_RET_ALLOW,
	  .shared = true,
	  .expected = { SECCOMP_RET_LOG | 4, 1, 0, SECCOMP_ACTION_LOG } },
	{ .below = SECCOMP_RET_ALLOW, .own = SECCOMP_RET_LOG | 4,
	  .expected = { SECCOMP_RET_LOG | 4, 2, 0, SECCOMP_ACTION_LOG } },
	{ .below = SECCOMP_RET_ALLOW, .own = SECCOMP_RET_ALLOW, .shared = true,
	  .expected = { SECCOMP_RET_ALLOW, 0, 0, SECCOMP_ACTION_ALLOW } },
	/* an action that does not exist by its number, then as kill_process */
	{ .below = SECCOMP_RET_KILL_PROCESS, .own = 0x80010000, .shared = true,
	  .expected = { SECCOMP_RET_KILL_PROCESS, 1, 0,
			SECCOMP_ACTION_KILL_PROCESS } },
	{ .below = SECCOMP_RET_LOG, .own = 0x7ffd0007, .shared = true,
	  .expected = { SECCOMP_RET_LOG, 1, 0, SECCOMP_ACTION_LOG } },
	{ .below = SECCOMP_RET_ALLOW, .own = 0x7ffd0007,
	  .expected = { 0x7ffd0007, 2, 0, SECCOMP_ACTION_KILL_PROCESS } },
	/* filters without a constant answer run, the newest first */
	{ .below = SECCOMP_RET_LOG, .own_depends = true,
	  .expected = { SECCOMP_RET_LOG, 1, 2, SECCOMP_ACTION_LOG } },
	{ .own = SECCOMP_RET_LOG, .below_depends = true,
	  .expected = { SECCOMP_RET_LOG, 2, 1, SECCOMP_ACTION_LOG } },
	{ .below_depends = true, .own_depends = true,
	  .expected = { SECCOMP_RET_ALLOW, 0, 2, SECCOMP_ACTION_ALLOW } },
	{ .own = SECCOMP_RET_ALLOW, .below_depends = true, .shared = true,
	  .expected = { SECCOMP_RET_ALLOW, 0, 1, SECCOMP_ACTION_ALLOW } },
};

static void expect_stacking(struct kunit *test, const struct stacking *s)
{
	struct seccomp_table *below = uniform(s->below, s->below_depends);
	struct seccomp_table *own = uniform(s->own, s->own_depends);
	struct seccomp_table *both = NULL;
	int row = s - stackings;

	if (below && own)
		both = seccomp_table_merge(own, below, 2);
	if (!both) {
		KUNIT_FAIL(test, "no memory");
		goto out;
	}
	for (unsigned int call = 0; call < SECCOMP_SYSCALLS; call += 97) {
		const struct seccomp_answer *got =
			seccomp_table_lookup(both, call);

		KUNIT_EXPECT_EQ_MSG(test, s->expected.value, got->value,
				    "row %d", row);
		KUNIT_EXPECT_EQ_MSG(test, s->expected.match_depth, got->match_depth,
				    "row %d", row);
		KUNIT_EXPECT_EQ_MSG(test, s->expected.run_depth, got->run_depth,
				    "row %d", row);
		KUNIT_EXPECT_EQ_MSG(test, s->expected.action, got->action,
				    "row %d", row);
	}
	KUNIT_EXPECT_EQ_MSG(test, s->shared, both == below, "row %d", row);
	KUNIT_EXPECT_EQ_MSG(test, s->shared ? 2U : 1U,
			    refcount_read(&below->refs), "row %d", row);
	KUNIT_EXPECT_EQ_MSG(test, 1U, refcount_read(&own->refs), "row %d", row);
out:
	seccomp_table_put(both);
	seccomp_table_put(own);
	seccomp_table_put(below);
}

static void seccomp_table_stacks_by_precedence(struct kunit *test)
{
	for (int row = 0; row < ARRAY_SIZE(stackings); row++)
		expect_stacking(test, &stackings[row]);
}

/* A filter that says for one call alone what the chain does not makes a table. */
static void seccomp_table_one_call_is_enough(struct kunit *test)
{
	static const unsigned int calls[] = { 0, OCCUR / 2, OCCUR - 1 };
	struct seccomp_table *below = uniform(SECCOMP_RET_LOG, false);
	struct seccomp_analysis *analysis;

	analysis = kunit_kzalloc(test, sizeof(*analysis), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, analysis);
	KUNIT_ASSERT_NOT_NULL(test, below);
	for (int i = 0; i < ARRAY_SIZE(calls); i++) {
		struct seccomp_table *own, *both = NULL;

		for (unsigned int call = 0; call < SECCOMP_SYSCALLS; call++)
			analysis->value[call] = SECCOMP_RET_ALLOW;
		analysis->value[calls[i]] = SECCOMP_RET_TRAP;
		own = seccomp_table_create(analysis);
		if (own)
			both = seccomp_table_merge(own, below, 2);
		if (both) {
			KUNIT_EXPECT_PTR_NE(test, below, both);
			KUNIT_EXPECT_EQ(test, 2,
					seccomp_table_lookup(both, calls[i])->match_depth);
			KUNIT_EXPECT_EQ(test, 1,
					seccomp_table_lookup(both, 1)->match_depth);
		} else {
			KUNIT_FAIL(test, "no memory");
		}
		seccomp_table_put(both);
		seccomp_table_put(own);
	}
	seccomp_table_put(below);
}

/* Every call its own answer: as many as a table can have */
static void seccomp_table_all_answers_differ(struct kunit *test)
{
	struct chain *chain = test->priv;

	for (int n = 0; n < 3; n++) {
		struct seccomp_analysis *analysis;

		if (!add_filter(chain)) {
			KUNIT_FAIL(test, "no memory");
			return;
		}
		/* again, with other answers */
		analysis = chain->analyses[n];
		bitmap_zero(analysis->depends, SECCOMP_SYSCALLS);
		for (unsigned int call = 0; call < SECCOMP_SYSCALLS; call++)
			analysis->value[call] = SECCOMP_RET_ERRNO |
						((call * (n + 3)) & 0xffff);
		__set_bit(n, analysis->depends);
		seccomp_table_put(chain->own[n]);
		seccomp_table_put(chain->tables[n]);
		chain->own[n] = seccomp_table_create(analysis);
		chain->tables[n] = NULL;
		if (!chain->own[n] || !merge_table(chain, n)) {
			KUNIT_FAIL(test, "no memory");
			return;
		}
		if (!expect_answers(test, chain))
			return;
	}
}

static int seccomp_table_init(struct kunit *test)
{
	struct chain *chain = kunit_kzalloc(test, sizeof(*chain), GFP_KERNEL);

	if (!chain)
		return -ENOMEM;
	prandom_seed_state(&chain->rnd, 1);
	test->priv = chain;
	return 0;
}

static void seccomp_table_exit(struct kunit *test)
{
	if (test->priv)
		drop_filters(test->priv);
}

static struct kunit_case seccomp_table_cases[] = {
	KUNIT_CASE(seccomp_table_says_what_all_say),
	KUNIT_CASE(seccomp_table_has_a_size),
	KUNIT_CASE(seccomp_table_stacks_by_precedence),
	KUNIT_CASE(seccomp_table_one_call_is_enough),
	KUNIT_CASE(seccomp_table_all_answers_differ),
	{ }
};

static struct kunit_suite seccomp_table_suite = {
	.name = "seccomp_table",
	.init = seccomp_table_init,
	.exit = seccomp_table_exit,
	.test_cases = seccomp_table_cases,
};

kunit_test_suite(seccomp_table_suite);

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_LICENSE("GPL");
