// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests for verdict tables, compared with combining the analyses of all
 * filters of a chain.
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

/* If all architectures have an ABI here, INDEX_OTHER_ARCH is not used. */
#define INDEXES \
	(SECCOMP_OTHER_ARCHS ? SECCOMP_SYSCALLS : INDEX_OTHER_ARCH)

/* Filters of a chain, the oldest first, and the chain's table after each */
struct chain {
	struct rnd_state rnd;
	unsigned int len;
	struct seccomp_analysis *analyses[CHAIN_MAX];
	struct seccomp_table *own[CHAIN_MAX];
	struct seccomp_table *tables[CHAIN_MAX];
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
		SECCOMP_RET_ERRNO | 1, SECCOMP_RET_ERRNO | 2, SECCOMP_RET_ERRNO,
		SECCOMP_RET_USER_NOTIF, SECCOMP_RET_TRACE | 9,
		SECCOMP_RET_LOG, SECCOMP_RET_LOG | 3,
		SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW,
		/* unknown actions, stronger and weaker than all others */
		0x80010000, 0x7fff0000 - 0x10000, 0xffff0000, 0x00010000,
	};

	return values[rnd_below(chain, ARRAY_SIZE(values))];
}

/* Like the analysis of a program: ranges of indexes with the same value */
static void fill_analysis(struct chain *chain, struct seccomp_analysis *analysis)
{
	unsigned int run_length = rnd_below(chain, 4) ? 40 : 2;
	u32 percent = rnd_below(chain, 3) ? 0 : rnd_below(chain, 60);
	u32 value = SECCOMP_RET_ALLOW;
	bool depends = false;

	bool all_allow = !rnd_below(chain, 4);

	/* an index that is not used is zero */
	for (unsigned int index = 0; index < INDEXES; index++) {
		if (!all_allow && (!index || !rnd_below(chain, run_length))) {
			value = random_value(chain);
			depends = rnd_below(chain, 100) < percent;
		}
		if (depends)
			__set_bit(index, analysis->depends);
		else
			analysis->value[index] = value;
	}
}

/* Create the table of the chain up to filter @n; false without memory. */
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

/* Add a filter on top. Returns false without memory. */
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

static void free_filters(struct chain *chain)
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

/* The answer of all filters: the strongest action, of the newest filter */
static struct seccomp_answer combine_all(const struct chain *chain,
					 unsigned int index)
{
	struct seccomp_answer answer = { .value = SECCOMP_RET_ALLOW };
	int action;

	for (unsigned int depth = chain->len; depth; depth--) {
		const struct seccomp_analysis *own = chain->analyses[depth - 1];
		u32 value = own->value[index];

		if (test_bit(index, own->depends)) {
			if (!answer.run_depth)
				answer.run_depth = depth;
		} else if ((s32)(value & 0xffff0000) <
			   (s32)(answer.value & 0xffff0000)) {
			answer.value = value;
			answer.match_depth = depth;
		}
	}
	action = seccomp_action_index(answer.value & 0xffff0000);
	answer.action = action < 0 ? SECCOMP_ACTION_KILL_PROCESS : action;
	return answer;
}

/* A full table does not have all answers: those of older tables are needed. */
static bool has_full_table(const struct chain *chain)
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

/* The answer of all tables, combined as in seccomp_evaluate() */
static struct seccomp_answer combine_tables(const struct chain *chain,
					    unsigned int index)
{
	struct seccomp_answer best = { .value = SECCOMP_RET_ALLOW };
	const struct seccomp_answer *known;
	unsigned int depth = chain->len;
	bool unknown = true;
	int action;

	while (depth) {
		known = seccomp_table_lookup(chain->tables[depth - 1], index);
		if (known->match_depth && unknown)
			consider(&best, known->value, known->match_depth);
		if (!known->run_depth)
			break;
		unknown = known->unknown;
		depth = known->run_depth - 1;
		if (!test_bit(index, chain->analyses[depth]->depends)) {
			if (chain->analyses[depth]->value[index] !=
			    SECCOMP_RET_ALLOW)
				consider(&best,
					 chain->analyses[depth]->value[index],
					 depth + 1);
		} else if (!best.run_depth) {
			best.run_depth = depth + 1;
		}
	}
	action = seccomp_action_index(best.value & 0xffff0000);
	best.action = action < 0 ? SECCOMP_ACTION_KILL_PROCESS : action;
	return best;
}

static bool expect_answer(struct kunit *test, const struct chain *chain,
			  unsigned int index)
{
	const struct seccomp_table *table = chain->tables[chain->len - 1];
	struct seccomp_answer expected = combine_all(chain, index);
	struct seccomp_answer got = *seccomp_table_lookup(table, index);

	if (has_full_table(chain))
		got = combine_tables(chain, index);
	if (got.value == expected.value && got.match_depth == expected.match_depth &&
	    got.run_depth == expected.run_depth && got.action == expected.action)
		return true;
	KUNIT_FAIL(test,
		   "%u filters, index %u: expected value %#x match %u run %u action %u, not %#x %u %u %u",
		   chain->len, index, expected.value, expected.match_depth,
		   expected.run_depth, expected.action, got.value, got.match_depth,
		   got.run_depth, got.action);
	return false;
}

/* An index has SECCOMP_CODE_ALLOW if all filters always allow it. */
static bool expect_code(struct kunit *test, const struct chain *chain,
			unsigned int index)
{
	struct seccomp_answer expected = combine_all(chain, index);
	u8 code = chain->tables[chain->len - 1]->code[index];
	bool allow = !expected.match_depth && !expected.run_depth;
	bool allow_code = code == SECCOMP_CODE_ALLOW;

	if (allow == allow_code ||
	    (allow && has_full_table(chain)))
		return true;
	KUNIT_FAIL(test, "%u filters, index %u: code %u, allow %d", chain->len,
		   index, code, allow);
	return false;
}

static bool expect_answers(struct kunit *test, const struct chain *chain)
{
	for (unsigned int index = 0; index < INDEXES; index++)
		if (!expect_answer(test, chain, index) ||
		    !expect_code(test, chain, index))
			return false;
	return true;
}

/* A chain has another table if its newest filter changes an answer. */
static bool expect_sharing(struct kunit *test, struct chain *chain)
{
	unsigned int len = chain->len;
	bool shared = chain->tables[len - 1] == chain->tables[len - 2];
	bool changes = false;

	for (unsigned int index = 0; index < INDEXES && !changes; index++) {
		struct seccomp_answer whole = combine_all(chain, index);
		struct seccomp_answer part;

		chain->len--;
		part = combine_all(chain, index);
		chain->len++;
		changes = whole.value != part.value ||
			  whole.match_depth != part.match_depth || whole.run_depth != part.run_depth;
	}
	if (changes != shared || has_full_table(chain))
		return true;
	KUNIT_FAIL(test, "%u filters, changes %d, shared %d", len, changes,
		   shared);
	return false;
}

/* For chains of each length, because tables of older filters are used, too */
static void seccomp_table_matches_all_filters(struct kunit *test)
{
	struct chain *chain = test->priv;
	bool good = true;

	for (int n = 0; n < CHAINS && good; n++) {
		unsigned int len = 1 + rnd_below(chain, n % 4 ? 8 : CHAIN_MAX);

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
		free_filters(chain);
	}
}

/* Filters with given answers */

static struct seccomp_table *constant_table(u32 value, bool depends)
{
	struct seccomp_analysis *analysis = kvzalloc(sizeof(*analysis), GFP_KERNEL);
	struct seccomp_table *table;

	if (!analysis)
		return NULL;
	for (unsigned int index = 0; index < SECCOMP_SYSCALLS; index++)
		analysis->value[index] = value;
	if (depends)
		bitmap_fill(analysis->depends, SECCOMP_SYSCALLS);
	table = seccomp_table_create(analysis);
	kvfree(analysis);
	return table;
}

/* If a table is full, the program has to be run for the other indexes. */
static void seccomp_table_limits_answers(struct kunit *test)
{
	struct seccomp_analysis *analysis = kvzalloc(sizeof(*analysis), GFP_KERNEL);
	struct seccomp_table *table;
	unsigned int known = 0;

	KUNIT_ASSERT_NOT_NULL(test, analysis);
	for (unsigned int index = 0; index < SECCOMP_SYSCALLS; index++)
		analysis->value[index] = SECCOMP_RET_ERRNO | (index + 1);
	table = seccomp_table_create(analysis);
	if (!table) {
		KUNIT_FAIL(test, "no memory");
		goto out;
	}
	KUNIT_EXPECT_LE(test, ksize(table), (size_t)SECCOMP_TABLE_SIZE);
	for (unsigned int index = 0; index < SECCOMP_SYSCALLS; index++) {
		const struct seccomp_answer *answer =
			seccomp_table_lookup(table, index);

		KUNIT_EXPECT_EQ(test, !!answer->run_depth,
				test_bit(index, analysis->depends));
		if (answer->run_depth)
			continue;
		known++;
		KUNIT_EXPECT_EQ(test, answer->value, analysis->value[index]);
	}
	KUNIT_EXPECT_EQ(test, known,
			min_t(unsigned int, SECCOMP_ANSWERS_MAX - 2,
			      SECCOMP_SYSCALLS));
	seccomp_table_put(table);
out:
	kvfree(analysis);
}

struct merge_case {
	u32 older, newer;
	bool older_depends, newer_depends;
	/* of the newer filter on top of the older one */
	struct seccomp_answer expected;
	bool shared;
};

static const struct merge_case merge_cases[] = {
	/* of the same action: the newer one, and its data */
	{ .older = SECCOMP_RET_ERRNO | 1, .newer = SECCOMP_RET_ERRNO | 2,
	  .expected = { SECCOMP_RET_ERRNO | 2, 2, 0, SECCOMP_ACTION_ERRNO } },
	{ .older = SECCOMP_RET_ERRNO | 2, .newer = SECCOMP_RET_ERRNO | 1,
	  .expected = { SECCOMP_RET_ERRNO | 1, 2, 0, SECCOMP_ACTION_ERRNO } },
	{ .older = SECCOMP_RET_LOG, .newer = SECCOMP_RET_LOG,
	  .expected = { SECCOMP_RET_LOG, 2, 0, SECCOMP_ACTION_LOG } },
	/* the stronger one */
	{ .older = SECCOMP_RET_LOG, .newer = SECCOMP_RET_TRACE,
	  .expected = { SECCOMP_RET_TRACE, 2, 0, SECCOMP_ACTION_TRACE } },
	{ .older = SECCOMP_RET_TRACE, .newer = SECCOMP_RET_LOG, .shared = true,
	  .expected = { SECCOMP_RET_TRACE, 1, 0, SECCOMP_ACTION_TRACE } },
	/* kill_thread is zero, kill_process negative */
	{ .older = SECCOMP_RET_KILL_THREAD, .newer = SECCOMP_RET_KILL_PROCESS,
	  .expected = { SECCOMP_RET_KILL_PROCESS, 2, 0,
			SECCOMP_ACTION_KILL_PROCESS } },
	{ .older = SECCOMP_RET_KILL_PROCESS, .newer = SECCOMP_RET_KILL_THREAD,
	  .shared = true,
	  .expected = { SECCOMP_RET_KILL_PROCESS, 1, 0,
			SECCOMP_ACTION_KILL_PROCESS } },
	/* allow changes nothing */
	{ .older = SECCOMP_RET_LOG | 4, .newer = SECCOMP_RET_ALLOW,
	  .shared = true,
	  .expected = { SECCOMP_RET_LOG | 4, 1, 0, SECCOMP_ACTION_LOG } },
	{ .older = SECCOMP_RET_ALLOW, .newer = SECCOMP_RET_LOG | 4,
	  .expected = { SECCOMP_RET_LOG | 4, 2, 0, SECCOMP_ACTION_LOG } },
	{ .older = SECCOMP_RET_ALLOW, .newer = SECCOMP_RET_ALLOW,
	  .shared = true,
	  .expected = { SECCOMP_RET_ALLOW, 0, 0, SECCOMP_ACTION_ALLOW } },
	/* an unknown action: by its number, then as kill_process */
	{ .older = SECCOMP_RET_KILL_PROCESS, .newer = 0x80010000,
	  .shared = true,
	  .expected = { SECCOMP_RET_KILL_PROCESS, 1, 0,
			SECCOMP_ACTION_KILL_PROCESS } },
	{ .older = SECCOMP_RET_LOG, .newer = 0x7ffd0007, .shared = true,
	  .expected = { SECCOMP_RET_LOG, 1, 0, SECCOMP_ACTION_LOG } },
	{ .older = SECCOMP_RET_ALLOW, .newer = 0x7ffd0007,
	  .expected = { 0x7ffd0007, 2, 0, SECCOMP_ACTION_KILL_PROCESS } },
	/* filters without a constant answer are run, the newest first */
	{ .older = SECCOMP_RET_LOG, .newer_depends = true,
	  .expected = { SECCOMP_RET_LOG, 1, 2, SECCOMP_ACTION_LOG } },
	{ .newer = SECCOMP_RET_LOG, .older_depends = true,
	  .expected = { SECCOMP_RET_LOG, 2, 1, SECCOMP_ACTION_LOG } },
	{ .older_depends = true, .newer_depends = true,
	  .expected = { SECCOMP_RET_ALLOW, 0, 2, SECCOMP_ACTION_ALLOW } },
	{ .newer = SECCOMP_RET_ALLOW, .older_depends = true, .shared = true,
	  .expected = { SECCOMP_RET_ALLOW, 0, 1, SECCOMP_ACTION_ALLOW } },
};

static void expect_merge(struct kunit *test, const struct merge_case *s)
{
	struct seccomp_table *older =
		constant_table(s->older, s->older_depends);
	struct seccomp_table *newer =
		constant_table(s->newer, s->newer_depends);
	struct seccomp_table *merged = NULL;
	int row = s - merge_cases;

	if (older && newer)
		merged = seccomp_table_merge(newer, older, 2);
	if (!merged) {
		KUNIT_FAIL(test, "no memory");
		goto out;
	}
	for (unsigned int index = 0; index < SECCOMP_SYSCALLS; index += 97) {
		const struct seccomp_answer *got =
			seccomp_table_lookup(merged, index);

		KUNIT_EXPECT_EQ_MSG(test, s->expected.value, got->value,
				    "row %d", row);
		KUNIT_EXPECT_EQ_MSG(test, s->expected.match_depth, got->match_depth,
				    "row %d", row);
		KUNIT_EXPECT_EQ_MSG(test, s->expected.run_depth, got->run_depth,
				    "row %d", row);
		KUNIT_EXPECT_EQ_MSG(test, s->expected.action, got->action,
				    "row %d", row);
	}
	KUNIT_EXPECT_EQ_MSG(test, s->shared, merged == older, "row %d", row);
	KUNIT_EXPECT_EQ_MSG(test, s->shared ? 2U : 1U,
			    refcount_read(&older->refs), "row %d", row);
	KUNIT_EXPECT_EQ_MSG(test, 1U, refcount_read(&newer->refs), "row %d",
			    row);
out:
	seccomp_table_put(merged);
	seccomp_table_put(newer);
	seccomp_table_put(older);
}

static void seccomp_table_merges_by_precedence(struct kunit *test)
{
	for (int row = 0; row < ARRAY_SIZE(merge_cases); row++)
		expect_merge(test, &merge_cases[row]);
}

/* A filter that changes the answer for one index needs a table. */
static void seccomp_table_one_index_needs_a_table(struct kunit *test)
{
	static const unsigned int indexes[] = { 0, INDEXES / 2, INDEXES - 1 };
	struct seccomp_table *older = constant_table(SECCOMP_RET_LOG, false);
	struct seccomp_analysis *analysis;

	analysis = kunit_kzalloc(test, sizeof(*analysis), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, analysis);
	KUNIT_ASSERT_NOT_NULL(test, older);
	for (int i = 0; i < ARRAY_SIZE(indexes); i++) {
		struct seccomp_table *newer, *merged = NULL;

		for (unsigned int index = 0; index < SECCOMP_SYSCALLS; index++)
			analysis->value[index] = SECCOMP_RET_ALLOW;
		analysis->value[indexes[i]] = SECCOMP_RET_TRAP;
		newer = seccomp_table_create(analysis);
		if (newer)
			merged = seccomp_table_merge(newer, older, 2);
		if (merged) {
			KUNIT_EXPECT_PTR_NE(test, older, merged);
			KUNIT_EXPECT_EQ(test, 2,
					seccomp_table_lookup(merged, indexes[i])->match_depth);
			KUNIT_EXPECT_EQ(test, 1,
					seccomp_table_lookup(merged, 1)->match_depth);
		} else {
			KUNIT_FAIL(test, "no memory");
		}
		seccomp_table_put(merged);
		seccomp_table_put(newer);
	}
	seccomp_table_put(older);
}

/* All indexes have different answers, more than a table can have. */
static void seccomp_table_all_answers_differ(struct kunit *test)
{
	struct chain *chain = test->priv;

	for (int n = 0; n < 3; n++) {
		struct seccomp_analysis *analysis;

		if (!add_filter(chain)) {
			KUNIT_FAIL(test, "no memory");
			return;
		}
		/* replace its answers */
		analysis = chain->analyses[n];
		bitmap_zero(analysis->depends, SECCOMP_SYSCALLS);
		for (unsigned int index = 0; index < SECCOMP_SYSCALLS; index++)
			analysis->value[index] = SECCOMP_RET_ERRNO |
						((index * (n + 3)) & 0xffff);
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
		free_filters(test->priv);
}

static struct kunit_case seccomp_table_cases[] = {
	KUNIT_CASE(seccomp_table_matches_all_filters),
	KUNIT_CASE(seccomp_table_limits_answers),
	KUNIT_CASE(seccomp_table_merges_by_precedence),
	KUNIT_CASE(seccomp_table_one_index_needs_a_table),
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
