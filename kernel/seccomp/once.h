/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Log-once: which kinds of calls a filter has logged already. A kind is a call
 * with the value that the filter returned.
 */
#ifndef _KERNEL_SECCOMP_ONCE_H
#define _KERNEL_SECCOMP_ONCE_H

#include <linux/atomic.h>
#include <linux/audit.h>
#include <linux/bitops.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "calls.h"

#define ONCE_BITS	10
#define ONCE_SLOTS	BIT(ONCE_BITS)

/* A kind has its slot among so many, or none. */
#define ONCE_PROBES	32

/* In a slot beside the key: the kind is logged, and not to be logged again */
#define ONCE_LOGGED	1ULL

/* The places of kinds: first the calls with a constant answer, then the slots */
#define ONCE_PLACES	(SECCOMP_CALLS + ONCE_SLOTS)

/**
 * struct seccomp_once - the kinds of calls that a filter has logged
 * @generation: all that is remembered was logged when audit_generation() was
 *	this number or later. Written under @lock, read by anyone.
 * @left_out: calls that were not logged, counted on each processor
 * @logged: the calls with a constant answer that are logged
 * @slots: keys of the other kinds, %ONCE_SLOTS of them; NULL before there is
 *	one. Set once, by whoever is first. A slot that a key has got stays the
 *	key's, so that probing needs no lock.
 * @lock: guards the members below
 * @seen: audit_generation() when the present pass began
 * @left: how many places the pass has still to visit
 * @next_place: the place that it visits next
 * @next_time: when, in jiffies
 * @pause: how long it waits after each kind that it forgets, in jiffies
 * @losses: records may have been lost since the last kind was forgotten
 */
struct seccomp_once {
	unsigned int generation;
	u64 __percpu *left_out;
	DECLARE_BITMAP(logged, SECCOMP_CALLS);
	atomic64_t *slots;
	spinlock_t lock;		/* of what follows */
	unsigned int seen;
	unsigned int left;
	unsigned int next_place;
	unsigned long next_time;
	unsigned long pause;
	bool losses;
};

/**
 * seccomp_once_knows() - need a call with a constant answer not be logged?
 * @once: a filter's, or NULL
 * @call: the call, as seccomp_call() numbers it
 *
 * Context: Any, without a lock.
 * Return: true if the call is logged and the record not lost, as far as audit
 * knows; false if that takes a closer look.
 */
static __always_inline bool seccomp_once_knows(const struct seccomp_once *once,
					       unsigned int call)
{
	return once && READ_ONCE(once->generation) == audit_generation() &&
	       test_bit(call, once->logged);
}

static __always_inline void seccomp_once_count(const struct seccomp_once *once)
{
	this_cpu_inc(*once->left_out);
}

/* once.c */
u64 seccomp_once_key(int nr, u32 arch, u8 action, u16 data);
struct seccomp_once *seccomp_once_create(void);
u64 seccomp_once_free(struct seccomp_once *once);
int seccomp_once_claim_call(struct seccomp_once *once, unsigned int call);
int seccomp_once_claim_key(struct seccomp_once *once, u64 key);
bool seccomp_once_forget(struct seccomp_once *once, unsigned int place);

#endif /* _KERNEL_SECCOMP_ONCE_H */
