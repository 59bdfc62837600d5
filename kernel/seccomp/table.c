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
 * A table in the making: as many answers as there can be. One that is in
 * @answers twice does no harm.
 */
struct draft {
	/* what led to an answer, for answers of the chain that is stacked on */
	u32 recent_key[BIT(RECENT_BITS)];
	u16 recent_code[BIT(RECENT_BITS)];
	u16 answers_nr;
	u16 code[SECCOMP_CALLS];
	/* allow, depends, and a constant for each */
	struct seccomp_answer answers[2 + SECCOMP_CALLS];
};

static const struct seccomp_answer allow = {
	.value = SECCOMP_RET_ALLOW,
};

static struct draft *draft_create(void)
{
	struct draft *draft = kvmalloc(sizeof(*draft), GFP_KERNEL_ACCOUNT);

	if (!draft)
		return NULL;

	memset(draft->recent_code, 0, sizeof(draft->recent_code));
	draft->answers[SECCOMP_CODE_ALLOW] = allow;
	draft->answers[SECCOMP_CODE_ALLOW].action =
		seccomp_action_index(SECCOMP_RET_ALLOW);
	draft->answers_nr = 1;
	return draft;
}

static u16 draft_add(struct draft *draft, const struct seccomp_answer *answer)
{
	draft->answers[draft->answers_nr] = *answer;
	return draft->answers_nr++;
}

static struct seccomp_table *draft_finish(struct draft *draft)
{
	struct seccomp_table *table;

	table = kvmalloc(struct_size(table, answers, draft->answers_nr),
			 GFP_KERNEL_ACCOUNT);
	if (!table)
		return NULL;

	refcount_set(&table->refs, 1);
	table->answers_nr = draft->answers_nr;
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

/* The code of a program's constant answer other than allow */
static u16 draft_constant(struct draft *draft, u32 value)
{
	u16 *recent = &draft->recent_code[hash_32(value, RECENT_BITS)];

	if (!*recent || draft->answers[*recent].value != value)
		*recent = draft_add(draft, &(struct seccomp_answer){
			.value = value,
			.match = 1,
			.action = action_of(value),
		});
	return *recent;
}

/**
 * seccomp_table_create() - the table of a program, as of a chain of it alone
 * @analysis: what is known of the program
 *
 * Context: Task context, may sleep.
 * Return: A reference, or NULL without memory.
 */
struct seccomp_table *
seccomp_table_create(const struct seccomp_analysis *analysis)
{
	struct draft *draft = draft_create();
	struct seccomp_table *table;
	u16 depends;

	if (!draft)
		return NULL;

	depends = draft_add(draft, &(struct seccomp_answer){
		.value = SECCOMP_RET_ALLOW,
		.action = draft->answers[SECCOMP_CODE_ALLOW].action,
		.run = 1,
	});
	for (unsigned int call = 0; call < SECCOMP_CALLS; call++) {
		u32 value = analysis->value[call];

		if (unlikely(test_bit(call, analysis->depends)))
			draft->code[call] = depends;
		else if (value == SECCOMP_RET_ALLOW)
			draft->code[call] = SECCOMP_CODE_ALLOW;
		else
			draft->code[call] = draft_constant(draft, value);
	}

	table = draft_finish(draft);
	kvfree(draft);
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
	} else if (own->match && own_action <= below_action) {
		both.value = own->value;
		both.action = own->action;
		both.match = depth;
	}
	return both;
}

static bool same_answer(const struct seccomp_answer *a,
			const struct seccomp_answer *b)
{
	return a->value == b->value && a->match == b->match && a->run == b->run;
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
	bool adds = false;
	struct draft *draft = draft_create();

	if (!draft)
		return NULL;

	for (unsigned int call = 0; call < SECCOMP_CALLS; call++) {
		u16 own_code = own->code[call];
		u16 below_code = below->code[call];
		u32 key = own_code << 16 | below_code;
		unsigned int recent = hash_32(key, RECENT_BITS);
		u16 code = draft->recent_code[recent];
		struct seccomp_answer answer;

		if (!key) {
			draft->code[call] = SECCOMP_CODE_ALLOW;
			continue;
		}
		if (!code || draft->recent_key[recent] != key) {
			answer = stacked(&own->answers[own_code],
					 &below->answers[below_code], depth);
			/* what occurs nowhere is nobody's to add */
			if (CALLS_FOREIGN || call != CALL_FOREIGN)
				adds |= !same_answer(&answer,
						     &below->answers[below_code]);
			code = draft_add(draft, &answer);
			draft->recent_key[recent] = key;
			draft->recent_code[recent] = code;
		}
		draft->code[call] = code;
	}

	if (adds)
		table = draft_finish(draft);
	else
		refcount_inc(&table->refs);
	kvfree(draft);
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
		kvfree(table);
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_table_put);
