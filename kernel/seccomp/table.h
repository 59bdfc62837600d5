/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The verdict table of a chain of filters: what the filters that always return
 * the same for a system call return together, and which filter has to be run.
 */
#ifndef _KERNEL_SECCOMP_TABLE_H
#define _KERNEL_SECCOMP_TABLE_H

#include <linux/build_bug.h>
#include <linux/limits.h>
#include <linux/refcount.h>
#include <linux/seccomp_entry.h>
#include <linux/stddef.h>
#include <linux/types.h>

#include "syscall_index.h"

struct seccomp_analysis;

/**
 * struct seccomp_answer - what a chain answers to some system calls
 * @value: the strongest of the constant return values that are known here
 * @match_depth: depth in the chain of the newest filter that returns it; 0 if
 *	it is allow
 * @run_depth: depth of the newest filter whose return value is not constant, or
 *	not known here; 0 for none
 * @action: @value's action as seccomp_action_index() numbers it
 * @unknown: the return value of the filter at @run_depth may be constant,
 *	and so may those of the filters below it, which @value does not
 *	include: look them up in the tables of their programs
 */
struct seccomp_answer {
	u32 value;
	u16 match_depth;
	u16 run_depth;
	u8 action;
	bool unknown;
};

/* A table takes no more memory than this, whatever its programs return. */
#define SECCOMP_TABLE_SIZE	2048

/**
 * struct seccomp_table - the answers to all system calls
 * @refs: filters and programs. The last put frees it.
 * @answers_nr: number of @answers
 * @no_code: the code of numbers without an index, for seccomp_allows(); never
 *	SECCOMP_CODE_ALLOW
 * @code: for each index its place in @answers
 * @answers: the first one is always allow
 *
 * Does not change after it is made. The first filter of a chain shares the
 * table of its program. A filter that changes no answer of its chain shares the
 * table of the filter below it.
 */
struct seccomp_table {
	refcount_t refs;
	u8 answers_nr;
	u8 no_code;
	u8 code[SECCOMP_SYSCALLS];
	struct seccomp_answer answers[];
};

static_assert(offsetof(struct seccomp_table, no_code) + 1 ==
	      offsetof(struct seccomp_table, code));

#define SECCOMP_CODE_NONE	U8_MAX

/* The number of different answers. If a chain has more, filters are run. */
#define SECCOMP_ANSWERS_MAX						\
	((SECCOMP_TABLE_SIZE - sizeof(struct seccomp_table)) /		\
	 sizeof(struct seccomp_answer))

static_assert(SECCOMP_ANSWERS_MAX < SECCOMP_CODE_NONE);

/* table.c */
struct seccomp_table *
seccomp_table_create(struct seccomp_analysis *analysis);
struct seccomp_table *seccomp_table_merge(struct seccomp_table *own,
					  struct seccomp_table *below,
					  unsigned int depth);
struct seccomp_table *seccomp_table_get(struct seccomp_table *table);
void seccomp_table_put(struct seccomp_table *table);

static inline const struct seccomp_answer *
seccomp_table_lookup(const struct seccomp_table *table, unsigned int index)
{
	return &table->answers[table->code[index]];
}

#endif /* _KERNEL_SECCOMP_TABLE_H */
