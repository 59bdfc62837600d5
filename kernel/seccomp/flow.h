/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The static analysis of a program: what it returns for each system call, and
 * which of its instructions have to be executed.
 */
#ifndef _KERNEL_SECCOMP_FLOW_H
#define _KERNEL_SECCOMP_FLOW_H

#include <linux/bitops.h>
#include <linux/types.h>

#include "syscall_index.h"

struct flow_workspace;
struct sock_filter;

/* What the system calls of seccomp_analysis.depends do at an instruction */
#define FLOW_REACHED	BIT(0)	/* some reach it */
#define FLOW_TRUE	BIT(1)	/* for some its condition is true ... */
#define FLOW_FALSE	BIT(2)	/* ... or false */
#define FLOW_RELOAD	BIT(3)	/* what it loads is in the accumulator already */

/**
 * struct seccomp_analysis - what a program returns
 * @depends: the system calls for which the program is executed: its return
 *	value depends on more than the index, or was not found to be constant,
 *	or the program's table has no room for it
 * @value: for each other index the one value that the program returns
 * @work: memory of the passes
 * @len: number of the program's instructions
 * @flow: FLOW_* of each instruction
 */
struct seccomp_analysis {
	DECLARE_BITMAP(depends, SECCOMP_SYSCALLS);
	u32 value[SECCOMP_SYSCALLS];
	struct flow_workspace *work;
	unsigned int len;
	u8 flow[];
};

/* flow.c */
struct seccomp_analysis *seccomp_analyse(const struct sock_filter *insns,
					 unsigned int len);
int seccomp_analyse_flow(const struct sock_filter *insns,
			 struct seccomp_analysis *analysis);
void seccomp_analysis_free(struct seccomp_analysis *analysis);

/* prune.c */
unsigned int seccomp_prune(const struct sock_filter *insns,
			   const struct seccomp_analysis *analysis,
			   struct sock_filter *pruned);

#endif /* _KERNEL_SECCOMP_FLOW_H */
