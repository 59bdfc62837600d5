// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: the memory of log-once. A call is claimed by who writes its record;
 * others that make it meanwhile leave theirs out.
 */

#include <linux/errno.h>
#include <kunit/visibility.h>

#include "once.h"

/* Who turns the slot from @old into a pending one has it. */
static bool claim_slot(atomic64_t *slot, s64 old, u64 key)
{
	return atomic64_try_cmpxchg(slot, &old, key | ONCE_PENDING);
}

/**
 * seccomp_once_claim() - be the one who writes a call's record
 * @once: the memory
 * @key: the call, as seccomp_once_key() makes it
 *
 * Context: Any, without a lock.
 * Return: The slot, for seccomp_once_settle(); -EEXIST where the record is
 * written or somebody writes it now; -ENOSPC where it cannot be remembered.
 */
int seccomp_once_claim(struct seccomp_once *once, u64 key)
{
	for (unsigned int probe = 0; probe < ONCE_PROBES;) {
		unsigned int at = once_slot(key, probe);
		atomic64_t *slot = &once->slots[at];
		u64 old = atomic64_read(slot);

		if (!old || old == (key | ONCE_REFUSED)) {
			if (claim_slot(slot, old, key))
				return at;
			/* look again who was faster, and with which call */
			continue;
		}
		if ((old & ~(u64)ONCE_STATE_MASK) == key)
			return -EEXIST;
		probe++;
	}
	return -ENOSPC;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_once_claim);

/**
 * seccomp_once_settle() - say what became of a claimed call's record
 * @once: the memory
 * @slot: as seccomp_once_claim() returned it
 * @written: the log has the record; else the call's next one is written
 *
 * Context: Any, without a lock.
 */
void seccomp_once_settle(struct seccomp_once *once, int slot, bool written)
{
	u64 key = atomic64_read(&once->slots[slot]) & ~(u64)ONCE_STATE_MASK;

	/* while it is pending, nobody else writes here */
	atomic64_set(&once->slots[slot],
		     key | (written ? ONCE_WRITTEN : ONCE_REFUSED));
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_once_settle);
