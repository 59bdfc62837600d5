/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Log-once: what a filter has logged. A system call is logged once for each
 * value that the filter returns for it.
 */
#ifndef _KERNEL_SECCOMP_ONCE_H
#define _KERNEL_SECCOMP_ONCE_H

#include <linux/atomic.h>
#include <linux/audit.h>
#include <linux/bitops.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "syscall_index.h"

#define ONCE_BITS	10
#define ONCE_SLOTS	BIT(ONCE_BITS)

/* A key has a slot among that many, or none. */
#define ONCE_PROBES	32

/* In a slot beside the key: the slot is claimed */
#define ONCE_LOGGED	1ULL

/* Entries: first those of indexes, for constant answers, then the slots */
#define ONCE_ENTRIES	(SECCOMP_SYSCALLS + ONCE_SLOTS)

/**
 * struct seccomp_once - the log-once state of a filter
 * @generation: every entry was claimed when audit_generation() was this number
 *	or later. Written under @lock, read without it.
 * @left_out: per processor, the number of system calls that were not logged
 * @logged: the entries of constant answers that are claimed, by index
 * @slots: the other entries, %ONCE_SLOTS keys; NULL before there is one. Set
 *	once, by the first task that needs it. A slot keeps its key, so that
 *	probing needs no lock.
 * @lock: guards the members below
 * @seen: audit_generation() when the rescan started
 * @left: number of entries that the rescan has still to visit. Also read
 *	without @lock.
 * @next_entry: the entry that it visits next
 * @next_time: when, in jiffies. Also read without @lock.
 * @pause: how long it waits after each release, in jiffies
 * @losses: records may have been lost since the last release
 */
struct seccomp_once {
	unsigned int generation;
	u64 __percpu *left_out;
	DECLARE_BITMAP(logged, SECCOMP_SYSCALLS);
	atomic64_t *slots;
	spinlock_t lock;		/* of what follows */
	unsigned int seen;
	unsigned int left;
	unsigned int next_entry;
	unsigned long next_time;
	unsigned long pause;
	bool losses;
};

/**
 * seccomp_once_knows() - is a constant answer logged already?
 * @once: the state of a filter, or NULL
 * @index: the index of the system call
 *
 * Context: Any, without a lock.
 * Return: true if the system call is logged and audit does not know of lost
 * records; false if seccomp_once_claim_syscall() has to be called.
 */
static __always_inline bool seccomp_once_knows(const struct seccomp_once *once,
					       unsigned int index)
{
	return once && READ_ONCE(once->generation) == audit_generation() &&
	       test_bit(index, once->logged);
}

static __always_inline void seccomp_once_count(const struct seccomp_once *once)
{
	this_cpu_inc(*once->left_out);
}

/* once.c */
u64 seccomp_once_key(int nr, u32 arch, u8 action, u16 data);
struct seccomp_once *seccomp_once_create(void);
u64 seccomp_once_free(struct seccomp_once *once);
int seccomp_once_claim_syscall(struct seccomp_once *once, unsigned int index);
int seccomp_once_claim_key(struct seccomp_once *once, u64 key);
bool seccomp_once_forget(struct seccomp_once *once, unsigned int entry);

#endif /* _KERNEL_SECCOMP_ONCE_H */
