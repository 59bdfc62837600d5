/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The verdict table of a chain: for each system call what all filters of the
 * chain that have a constant answer to it say together, and which filter has
 * none and must be run.
 */
#ifndef _KERNEL_SECCOMP_TABLE_H
#define _KERNEL_SECCOMP_TABLE_H

#include <linux/build_bug.h>
#include <linux/limits.h>
#include <linux/refcount.h>
#include <linux/seccomp_entry.h>
#include <linux/stddef.h>
#include <linux/types.h>

#include "calls.h"

struct seccomp_analysis;

/**
 * struct seccomp_answer - what a chain has to say to some calls
 * @value: the strongest of the constant answers that are known here, as a
 *	program returns it
 * @match: depth in the chain of the newest filter that gives it; 0 if it is
 *	allow
 * @run: depth of the newest filter whose answer is not constant, or not known
 *	here; 0 for none
 * @action: @value's action as seccomp_action_index() numbers it
 * @unknown: the answer of the filter at @run may be constant, and so may those
 *	of the filters below it that @value leaves out: ask their own tables
 */
struct seccomp_answer {
	u32 value;
	u16 match;
	u16 run;
	u8 action;
	bool unknown;
};

/* A table takes no more memory than this, whatever its programs return. */
#define SECCOMP_TABLE_SIZE	2048

/**
 * struct seccomp_table - answers for all calls
 * @refs: filters and programs. The last put frees it.
 * @answers_nr: number of @answers
 * @no_code: stands before @code for a number that has no place there, for
 *	seccomp_allows(): never SECCOMP_CODE_ALLOW
 * @code: for each call, as seccomp_call() numbers them, its answer
 * @answers: the first is always plain allow
 *
 * Never changes once it is made. The table of the first filter of a chain is
 * its program's; a filter that adds nothing to its chain has that of the filter
 * below.
 */
struct seccomp_table {
	refcount_t refs;
	u8 answers_nr;
	u8 no_code;
	u8 code[SECCOMP_CALLS];
	struct seccomp_answer answers[];
};

static_assert(offsetof(struct seccomp_table, no_code) + 1 ==
	      offsetof(struct seccomp_table, code));

#define SECCOMP_CODE_NONE	U8_MAX

/* So many different answers have room; for other calls filters are asked. */
#define SECCOMP_ANSWERS_MAX						\
	((SECCOMP_TABLE_SIZE - sizeof(struct seccomp_table)) /		\
	 sizeof(struct seccomp_answer))

static_assert(SECCOMP_ANSWERS_MAX < SECCOMP_CODE_NONE);

/* table.c */
struct seccomp_table *
seccomp_table_create(struct seccomp_analysis *analysis);
struct seccomp_table *seccomp_table_stack(struct seccomp_table *own,
					  struct seccomp_table *below,
					  unsigned int depth);
struct seccomp_table *seccomp_table_get(struct seccomp_table *table);
void seccomp_table_put(struct seccomp_table *table);

static inline const struct seccomp_answer *
seccomp_table_answer(const struct seccomp_table *table, unsigned int call)
{
	return &table->answers[table->code[call]];
}

#endif /* _KERNEL_SECCOMP_TABLE_H */
