/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Programs, which filters share.
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
 * struct seccomp_program - what filters with the same instructions share
 * @refs: filters. The last put frees it.
 * @node: in the hash table of programs that are shared, if @shared
 * @rcu: frees it once nobody looks at it in the hash table
 * @table: what it answers, for a chain of it alone; NULL if it is always run
 * @run: compiled from as much of it as the calls need that @table does not
 *	answer; NULL if it answers all
 * @hash: of @insns, by a secret key, so that nobody can aim at a collision
 * @terms: what @run depends on beside @insns, see program.c
 * @shared: other filters may find it
 * @len: number of @insns
 * @insns: the program as it was given
 *
 * program.c writes every member while it alone knows the program; nothing but
 * @refs and @node changes once filters have it. Who finds it in the hash table
 * under RCU may read @hash, @terms, @len, @insns and whether @run is there.
 */
struct seccomp_program {
	refcount_t refs;
	struct rhash_head node;
	struct rcu_head rcu;
	struct seccomp_table *table;
	struct bpf_prog *run;
	u32 hash;
	u8 terms;
	bool shared;
	u16 len;
	struct sock_filter insns[];
};

extern int seccomp_share_programs;

struct seccomp_program *seccomp_program_get(const struct sock_fprog *given,
					    bool lean);
void seccomp_program_put(struct seccomp_program *program);

#endif /* _KERNEL_SECCOMP_PROGRAM_H */
