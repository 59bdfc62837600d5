/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a filter has logged already: the memory of log-once.
 */
#ifndef _KERNEL_SECCOMP_ONCE_H
#define _KERNEL_SECCOMP_ONCE_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <uapi/linux/audit.h>
#include <linux/hash.h>
#include <linux/types.h>

#include <asm/seccomp.h>

#define ONCE_BITS	10

/* A call has its slot among so many, or none. */
#define ONCE_PROBES	32

/* How far the record of a slot's call is; 0 where the slot is free */
enum once_state {
	ONCE_PENDING = 1,	/* it is being written */
	ONCE_WRITTEN,		/* the log has it */
	ONCE_REFUSED,		/* audit did not take it */
};

#define ONCE_STATE_BITS	2
#define ONCE_STATE_MASK	(BIT(ONCE_STATE_BITS) - 1)

/**
 * struct seccomp_once - the calls that a filter has logged
 * @slots: a key and how far its record is. A slot that a key has got stays the
 *	key's, so that probing needs no lock.
 *
 * 8 KiB, whatever the filter does: 1024 calls, each with the value returned.
 */
struct seccomp_once {
	atomic64_t slots[BIT(ONCE_BITS)];
};

/**
 * seccomp_once_key() - number, architecture and returned value in one
 * @nr: system call number
 * @arch: AUDIT_ARCH_*
 * @action: the returned action as seccomp_action_index() numbers it
 * @data: the returned data
 *
 * Context: Any.
 * Return: A key, or 0 for an architecture that is not told from others.
 */
static inline u64 seccomp_once_key(int nr, u32 arch, u8 action, u16 data)
{
	u64 key = (u64)(u32)nr << 20 | (u32)data << 4 | action << 1;

#ifdef SECCOMP_ARCH_NATIVE
	if (likely(arch == SECCOMP_ARCH_NATIVE))
		return (key | 1) << ONCE_STATE_BITS;
#endif
#ifdef SECCOMP_ARCH_COMPAT
	if (arch == SECCOMP_ARCH_COMPAT)
		return (key | BIT_ULL(60)) << ONCE_STATE_BITS;
#endif
	return 0;
}

static inline unsigned int once_slot(u64 key, unsigned int probe)
{
	return (hash_64(key, ONCE_BITS) + probe) & (BIT(ONCE_BITS) - 1);
}

/**
 * seccomp_once_knows() - has the log this call, or is about to?
 * @once: the memory
 * @key: the call, as seccomp_once_key() makes it
 *
 * Context: Any, without a lock.
 * Return: true where nothing need be written.
 */
static inline bool seccomp_once_knows(const struct seccomp_once *once, u64 key)
{
	for (unsigned int probe = 0; probe < ONCE_PROBES; probe++) {
		u64 slot = atomic64_read(&once->slots[once_slot(key, probe)]);

		if ((slot & ~(u64)ONCE_STATE_MASK) == key)
			return (slot & ONCE_STATE_MASK) != ONCE_REFUSED;
		if (!slot)
			return false;
	}
	return false;
}

/* once.c */
int seccomp_once_claim(struct seccomp_once *once, u64 key);
void seccomp_once_settle(struct seccomp_once *once, int slot, bool written);

#endif /* _KERNEL_SECCOMP_ONCE_H */
