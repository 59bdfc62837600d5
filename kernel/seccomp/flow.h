/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What flow.c finds out about a program, for program.c, prune.c and table.c.
 */
#ifndef _KERNEL_SECCOMP_FLOW_H
#define _KERNEL_SECCOMP_FLOW_H

#include <linux/bitops.h>
#include <linux/types.h>

#include "calls.h"

struct sock_filter;

/* What the calls of seccomp_analysis.depends do at an instruction */
#define FLOW_HERE	BIT(0)	/* some get there */
#define FLOW_YES	BIT(1)	/* some find the jump's condition true ... */
#define FLOW_NO		BIT(2)	/* ... or false */
#define FLOW_SAME	BIT(3)	/* what is loaded is in the accumulator */

/**
 * struct seccomp_analysis - what a program answers
 * @depends: the calls for which that depends on more than which call it is, or
 *	could not be seen to be constant, or for whose answer the program's table
 *	has no room
 * @value: for each other call the one value that all its paths return
 * @work: what the passes need, of no use to others
 * @len: number of the program's instructions
 * @flow: for each instruction FLOW_*
 */
struct seccomp_analysis {
	DECLARE_BITMAP(depends, SECCOMP_CALLS);
	u32 value[SECCOMP_CALLS];
	struct seccomp_workspace *work;
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
