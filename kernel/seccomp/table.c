// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: verdict tables of programs and of chains.
 */

#include <linux/bitmap.h>
#include <linux/hash.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "flow.h"
#include "internal.h"
#include "table.h"

/* A small cache saves most searches for an answer. */
#define RECENT_BITS	6

/*
 * A table that is being made. The last of its answers is reserved: it is for
 * the system calls whose answers have no room.
 */
struct table_builder {
	/* cache: the pair of codes that led to an answer, when tables merge */
	u16 recent_key[BIT(RECENT_BITS)];
	u8 recent_code[BIT(RECENT_BITS)];
	u8 answers_nr;
	u8 code[SECCOMP_SYSCALLS];
	struct seccomp_answer answers[SECCOMP_ANSWERS_MAX];
};

static struct table_builder *builder_create(void)
{
	struct table_builder *builder;

	builder = kmalloc(sizeof(*builder), GFP_KERNEL_ACCOUNT);
	if (!builder)
		return NULL;

	memset(builder->recent_code, 0, sizeof(builder->recent_code));
	builder->answers[SECCOMP_CODE_ALLOW] = (struct seccomp_answer){
		.value = SECCOMP_RET_ALLOW,
		.action = SECCOMP_ACTION_ALLOW,
	};
	builder->answers_nr = 1;
	return builder;
}

static bool same_answer(const struct seccomp_answer *a,
			const struct seccomp_answer *b)
{
	return a->value == b->value && a->match_depth == b->match_depth &&
	       a->run_depth == b->run_depth && a->unknown == b->unknown;
}

/* The code of an answer, or -1 if there is no room for another one */
static int builder_add(struct table_builder *builder,
		       const struct seccomp_answer *answer)
{
	for (int code = builder->answers_nr - 1; code >= 0; code--)
		if (same_answer(&builder->answers[code], answer))
			return code;

	if (builder->answers_nr >= SECCOMP_ANSWERS_MAX - 1)
		return -1;
	builder->answers[builder->answers_nr] = *answer;
	return builder->answers_nr++;
}

/* The code of system calls for which the filter at @depth is run */
static u8 builder_add_run(struct table_builder *builder, u16 depth, bool unknown)
{
	const struct seccomp_answer run = {
		.value = SECCOMP_RET_ALLOW,
		.run_depth = depth,
		.action = SECCOMP_ACTION_ALLOW,
		.unknown = unknown,
	};
	int code = builder_add(builder, &run);

	if (code >= 0)
		return code;
	builder->answers[SECCOMP_ANSWERS_MAX - 1] = run;
	builder->answers_nr = SECCOMP_ANSWERS_MAX;
	return SECCOMP_ANSWERS_MAX - 1;
}

static struct seccomp_table *builder_finish(struct table_builder *builder)
{
	struct seccomp_table *table;

	BUILD_BUG_ON(sizeof(*table) + sizeof(builder->answers) >
		     SECCOMP_TABLE_SIZE);

	table = kmalloc(struct_size(table, answers, builder->answers_nr),
			GFP_KERNEL_ACCOUNT);
	if (!table)
		return NULL;

	refcount_set(&table->refs, 1);
	table->answers_nr = builder->answers_nr;
	table->no_code = SECCOMP_CODE_NONE;
	memcpy(table->code, builder->code, sizeof(table->code));
	memcpy(table->answers, builder->answers,
	       flex_array_size(table, answers, table->answers_nr));
	return table;
}

static u8 action_of(u32 value)
{
	int index = seccomp_action_index(value & SECCOMP_RET_ACTION_FULL);

	/* An action that does not exist counts as the strongest. */
	return index < 0 ? 0 : index;
}

/* The code of a constant return value, or -1 if there is no room for it */
static int builder_add_constant(struct table_builder *builder, u32 value)
{
	struct seccomp_answer answer = { .value = value, .match_depth = 1 };
	unsigned int recent;
	int code;

	if (value == SECCOMP_RET_ALLOW)
		return SECCOMP_CODE_ALLOW;

	recent = hash_32(value, RECENT_BITS);
	code = builder->recent_code[recent];
	if (code && builder->answers[code].value == value)
		return code;

	answer.action = action_of(value);
	code = builder_add(builder, &answer);
	if (code >= 0)
		builder->recent_code[recent] = code;
	return code;
}

/**
 * seccomp_table_create() - the table of a chain of one program
 * @analysis: what the program returns. System calls whose answer has no room in
 *	the table are added to @depends, so that the program is run for them.
 *
 * Context: Task context, may sleep.
 * Return: A reference, or NULL without memory.
 */
struct seccomp_table *seccomp_table_create(struct seccomp_analysis *analysis)
{
	struct table_builder *builder = builder_create();
	struct seccomp_table *table;
	int code = SECCOMP_CODE_ALLOW;
	u32 last = SECCOMP_RET_ALLOW;
	unsigned long index;

	if (!builder)
		return NULL;

	for (index = 0; index < SECCOMP_SYSCALLS; index++) {
		if (unlikely(test_bit(index, analysis->depends)))
			continue;
		/* Neighbours often have the same answer. */
		if (analysis->value[index] != last) {
			last = analysis->value[index];
			code = builder_add_constant(builder, last);
		}
		builder->code[index] = code;
		if (unlikely(code < 0))
			__set_bit(index, analysis->depends);
	}
	for_each_set_bit(index, analysis->depends, SECCOMP_SYSCALLS)
		builder->code[index] = builder_add_run(builder, 1, false);

	table = builder_finish(builder);
	kfree(builder);
	return table;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_table_create);

/* The answer of a chain with one more filter, which is at @depth */
static struct seccomp_answer merge_answers(const struct seccomp_answer *own,
					   const struct seccomp_answer *below,
					   u16 depth)
{
	struct seccomp_answer both = *below;
	s32 own_action = own->value & SECCOMP_RET_ACTION_FULL;
	s32 below_action = below->value & SECCOMP_RET_ACTION_FULL;

	if (own->run_depth) {
		both.run_depth = depth;
		both.unknown = false;
	} else if (own->match_depth && own_action <= below_action) {
		both.value = own->value;
		both.action = own->action;
		both.match_depth = depth;
	}
	return both;
}

/* The code of that answer. Sets *@adds if it is not the answer of @below. */
static u8 builder_merge(struct table_builder *builder,
			const struct seccomp_answer *own,
			const struct seccomp_answer *below, u16 depth,
			bool *adds)
{
	struct seccomp_answer answer = merge_answers(own, below, depth);
	int code = builder_add(builder, &answer);

	if (!same_answer(&answer, below))
		*adds = true;
	if (code >= 0)
		return code;

	*adds = true;
	return builder_add_run(builder, depth, true);
}

/**
 * seccomp_table_merge() - the table of a chain with one more filter
 * @own: the table of the filter's program
 * @below: the table of the chain below the filter
 * @depth: the filter's depth, at least 2
 *
 * Context: Task context, may sleep.
 * Return: A reference to a table, which is @below if the filter changes no
 * answer; NULL without memory.
 */
struct seccomp_table *seccomp_table_merge(struct seccomp_table *own,
					  struct seccomp_table *below,
					  unsigned int depth)
{
	struct seccomp_table *table = below;
	bool adds = false, unused;
	struct table_builder *builder = builder_create();

	if (!builder)
		return NULL;

	for (unsigned int index = 0; index < SECCOMP_SYSCALLS; index++) {
		u8 own_code = own->code[index];
		u8 below_code = below->code[index];
		u16 key = own_code << 8 | below_code;
		unsigned int recent = hash_32(key, RECENT_BITS);
		u8 code = builder->recent_code[recent];

		if (!key) {
			builder->code[index] = SECCOMP_CODE_ALLOW;
			continue;
		}
		if (!code || builder->recent_key[recent] != key) {
			/* An index that cannot occur changes nothing. */
			unused = !SECCOMP_OTHER_ARCHS &&
				 index == INDEX_OTHER_ARCH;
			code = builder_merge(builder, &own->answers[own_code],
					     &below->answers[below_code], depth,
					     unused ? &unused : &adds);
			builder->recent_key[recent] = key;
			builder->recent_code[recent] = code;
		}
		builder->code[index] = code;
	}

	if (adds)
		table = builder_finish(builder);
	else
		refcount_inc(&table->refs);
	kfree(builder);
	return table;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_table_merge);

/**
 * seccomp_table_get() - take a reference
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
 * seccomp_table_put() - drop a reference
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
