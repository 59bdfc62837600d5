// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: verdict tables, of a program and of a chain.
 */

#include <linux/bitmap.h>
#include <linux/hash.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "flow.h"
#include "internal.h"
#include "table.h"

/* Answers are looked for among the last ones that came to the same place. */
#define RECENT_BITS	6

/*
 * A table in the making. The last place among the answers is kept for the calls
 * whose answers have no room.
 */
struct draft {
	/* what led to an answer, for answers of the chain that is stacked on */
	u16 recent_key[BIT(RECENT_BITS)];
	u8 recent_code[BIT(RECENT_BITS)];
	u8 answers_nr;
	u8 code[SECCOMP_CALLS];
	struct seccomp_answer answers[SECCOMP_ANSWERS_MAX];
};

static struct draft *draft_create(void)
{
	struct draft *draft = kmalloc(sizeof(*draft), GFP_KERNEL_ACCOUNT);

	if (!draft)
		return NULL;

	memset(draft->recent_code, 0, sizeof(draft->recent_code));
	draft->answers[SECCOMP_CODE_ALLOW] = (struct seccomp_answer){
		.value = SECCOMP_RET_ALLOW,
		.action = SECCOMP_ACTION_ALLOW,
	};
	draft->answers_nr = 1;
	return draft;
}

static bool same_answer(const struct seccomp_answer *a,
			const struct seccomp_answer *b)
{
	return a->value == b->value && a->match == b->match &&
	       a->run == b->run && a->unknown == b->unknown;
}

/* The code of an answer, or -1 if there is no room for another one */
static int draft_code(struct draft *draft, const struct seccomp_answer *answer)
{
	for (int code = draft->answers_nr - 1; code >= 0; code--)
		if (same_answer(&draft->answers[code], answer))
			return code;

	if (draft->answers_nr >= SECCOMP_ANSWERS_MAX - 1)
		return -1;
	draft->answers[draft->answers_nr] = *answer;
	return draft->answers_nr++;
}

/* The code of calls for which the filter at @depth is run or @unknown */
static u8 draft_run(struct draft *draft, u16 depth, bool unknown)
{
	const struct seccomp_answer run = {
		.value = SECCOMP_RET_ALLOW,
		.run = depth,
		.action = SECCOMP_ACTION_ALLOW,
		.unknown = unknown,
	};
	int code = draft_code(draft, &run);

	if (code >= 0)
		return code;
	draft->answers[SECCOMP_ANSWERS_MAX - 1] = run;
	draft->answers_nr = SECCOMP_ANSWERS_MAX;
	return SECCOMP_ANSWERS_MAX - 1;
}

static struct seccomp_table *draft_finish(struct draft *draft)
{
	struct seccomp_table *table;

	BUILD_BUG_ON(sizeof(*table) + sizeof(draft->answers) >
		     SECCOMP_TABLE_SIZE);

	table = kmalloc(struct_size(table, answers, draft->answers_nr),
			GFP_KERNEL_ACCOUNT);
	if (!table)
		return NULL;

	refcount_set(&table->refs, 1);
	table->answers_nr = draft->answers_nr;
	table->no_code = SECCOMP_CODE_NONE;
	memcpy(table->code, draft->code, sizeof(table->code));
	memcpy(table->answers, draft->answers,
	       flex_array_size(table, answers, table->answers_nr));
	return table;
}

static u8 action_of(u32 value)
{
	int index = seccomp_action_index(value & SECCOMP_RET_ACTION_FULL);

	/* an action that does not exist is the strongest that does */
	return index < 0 ? 0 : index;
}

/* The code of a program's constant answer, or -1 if there is no room for it */
static int draft_constant(struct draft *draft, u32 value)
{
	struct seccomp_answer answer = { .value = value, .match = 1 };
	unsigned int recent;
	int code;

	if (value == SECCOMP_RET_ALLOW)
		return SECCOMP_CODE_ALLOW;

	recent = hash_32(value, RECENT_BITS);
	code = draft->recent_code[recent];
	if (code && draft->answers[code].value == value)
		return code;

	answer.action = action_of(value);
	code = draft_code(draft, &answer);
	if (code >= 0)
		draft->recent_code[recent] = code;
	return code;
}

/**
 * seccomp_table_create() - the table of a program, as of a chain of it alone
 * @analysis: what is known of the program. Calls whose answer has no room in the
 *	table are added to those that depend: the program has to run for them.
 *
 * Context: Task context, may sleep.
 * Return: A reference, or NULL without memory.
 */
struct seccomp_table *seccomp_table_create(struct seccomp_analysis *analysis)
{
	struct draft *draft = draft_create();
	struct seccomp_table *table;
	int code = SECCOMP_CODE_ALLOW;
	u32 last = SECCOMP_RET_ALLOW;
	unsigned long call;

	if (!draft)
		return NULL;

	for (call = 0; call < SECCOMP_CALLS; call++) {
		if (unlikely(test_bit(call, analysis->depends)))
			continue;
		/* neighbours often have the same answer */
		if (analysis->value[call] != last) {
			last = analysis->value[call];
			code = draft_constant(draft, last);
		}
		draft->code[call] = code;
		if (unlikely(code < 0))
			__set_bit(call, analysis->depends);
	}
	for_each_set_bit(call, analysis->depends, SECCOMP_CALLS)
		draft->code[call] = draft_run(draft, 1, false);

	table = draft_finish(draft);
	kfree(draft);
	return table;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_table_create);

/* The answer of a filter at @depth on top of what the chain below says */
static struct seccomp_answer stacked(const struct seccomp_answer *own,
				     const struct seccomp_answer *below,
				     u16 depth)
{
	struct seccomp_answer both = *below;
	s32 own_action = own->value & SECCOMP_RET_ACTION_FULL;
	s32 below_action = below->value & SECCOMP_RET_ACTION_FULL;

	if (own->run) {
		both.run = depth;
		both.unknown = false;
	} else if (own->match && own_action <= below_action) {
		both.value = own->value;
		both.action = own->action;
		both.match = depth;
	}
	return both;
}

/* The code of one call in a chain's table; *@adds if the filter changes it */
static u8 draft_stacked(struct draft *draft, const struct seccomp_answer *own,
			const struct seccomp_answer *below, u16 depth,
			bool *adds)
{
	struct seccomp_answer answer = stacked(own, below, depth);
	int code = draft_code(draft, &answer);

	if (!same_answer(&answer, below))
		*adds = true;
	if (code >= 0)
		return code;

	*adds = true;
	return draft_run(draft, depth, true);
}

/**
 * seccomp_table_stack() - the table of a chain with one more filter on top
 * @own: the filter's program's table
 * @below: the chain's table so far
 * @depth: the filter's depth, at least 2
 *
 * Context: Task context, may sleep.
 * Return: A reference to a table, to @below where the filter adds nothing; NULL
 * without memory.
 */
struct seccomp_table *seccomp_table_stack(struct seccomp_table *own,
					  struct seccomp_table *below,
					  unsigned int depth)
{
	struct seccomp_table *table = below;
	bool adds = false, nothing;
	struct draft *draft = draft_create();

	if (!draft)
		return NULL;

	for (unsigned int call = 0; call < SECCOMP_CALLS; call++) {
		u8 own_code = own->code[call];
		u8 below_code = below->code[call];
		u16 key = own_code << 8 | below_code;
		unsigned int recent = hash_32(key, RECENT_BITS);
		u8 code = draft->recent_code[recent];

		if (!key) {
			draft->code[call] = SECCOMP_CODE_ALLOW;
			continue;
		}
		if (!code || draft->recent_key[recent] != key) {
			/* what occurs nowhere is nobody's to add */
			nothing = !CALLS_FOREIGN && call == CALL_FOREIGN;
			code = draft_stacked(draft, &own->answers[own_code],
					     &below->answers[below_code], depth,
					     nothing ? &nothing : &adds);
			draft->recent_key[recent] = key;
			draft->recent_code[recent] = code;
		}
		draft->code[call] = code;
	}

	if (adds)
		table = draft_finish(draft);
	else
		refcount_inc(&table->refs);
	kfree(draft);
	return table;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_table_stack);

/**
 * seccomp_table_get() - one more reference
 * @table: a table
 *
 * Context: Any.
 * Return: @table.
 */
struct seccomp_table *seccomp_table_get(struct seccomp_table *table)
{
	refcount_inc(&table->refs);
	return table;
}

/**
 * seccomp_table_put() - one reference less
 * @table: a table, or NULL
 *
 * Context: Any but interrupts.
 */
void seccomp_table_put(struct seccomp_table *table)
{
	if (table && refcount_dec_and_test(&table->refs))
		kfree(table);
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_table_put);
