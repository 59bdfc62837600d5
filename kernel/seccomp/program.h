/* SPDX-License-Identifier: GPL-2.0 */
/*
 * BPF programs, which filters share.
 */
#ifndef _KERNEL_SECCOMP_PROGRAM_H
#define _KERNEL_SECCOMP_PROGRAM_H

#include <linux/filter.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/rhashtable-types.h>
#include <linux/types.h>

struct bpf_prog;
struct seccomp_table;
struct sock_fprog;

/**
 * struct seccomp_program - a BPF program
 * @refs: filters. The last put frees it.
 * @node: in the hash table of shared programs, if @shared
 * @rcu: for freeing it after look-ups under RCU have ended
 * @table: the table of a chain of this program alone; NULL if it is always run
 * @prog: the compiled program, without what only serves system calls that
 *	@table answers; NULL if @table answers all
 * @hash: of @insns, with a secret key against intended collisions
 * @flags: PROGRAM_*, see program.c
 * @shared: it is in the hash table
 * @len: number of @insns
 * @insns: the program as it was attached
 *
 * program.c writes every member before a filter has the program. Members that
 * change after that: @refs and @node. A look-up under RCU may read @hash,
 * @flags,
 * @len, @insns and whether @prog is NULL.
 */
struct seccomp_program {
	refcount_t refs;
	struct rhash_head node;
	struct rcu_head rcu;
	struct seccomp_table *table;
	struct bpf_prog *prog;
	u32 hash;
	u8 flags;
	bool shared;
	u16 len;
	struct sock_filter insns[];
};

extern int seccomp_share_programs;

struct seccomp_program *seccomp_program_get(const struct sock_fprog *given,
					    bool no_table);
void seccomp_program_put(struct seccomp_program *program);

#endif /* _KERNEL_SECCOMP_PROGRAM_H */
