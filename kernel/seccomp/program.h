/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Programs, which filters share.
 */
#ifndef _KERNEL_SECCOMP_PROGRAM_H
#define _KERNEL_SECCOMP_PROGRAM_H

#include <linux/refcount.h>
#include <linux/types.h>

struct bpf_prog;
struct seccomp_table;
struct sock_filter;
struct sock_fprog;

/**
 * struct seccomp_program - what filters with the same instructions share
 * @refs: filters. The last put frees it.
 * @node: in the list of its hash; guarded by the lock of program.c
 * @hash: of @insns, by a secret key, so that nobody can aim at a collision
 * @insns: the program as it was given
 * @len: number of @insns
 * @table: what it answers, for a chain of it alone
 * @run: compiled from as much of it as the calls need that @table does not
 *	answer; NULL where it answers all
 *
 * Nothing but @refs and @node changes once filters have it.
 */
struct seccomp_program {
	refcount_t refs;
	struct hlist_node node;
	u32 hash;
	struct sock_filter *insns;
	unsigned int len;
	struct seccomp_table *table;
	struct bpf_prog *run;
};

extern int seccomp_share_programs;

struct seccomp_program *seccomp_program_get(const struct sock_fprog *given);
void seccomp_program_put(struct seccomp_program *program);

#endif /* _KERNEL_SECCOMP_PROGRAM_H */
