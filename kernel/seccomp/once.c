// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: log-once. A kind of call is claimed by whoever writes its record;
 * others that make the call meanwhile leave theirs out.
 *
 * Audit does not say what becomes of a record that it has taken. It says by its
 * generation that some may have been lost. Then a pass begins: one remembered
 * kind after the other is forgotten, and logged again by whoever makes that call
 * next. The pass ends when it has visited all kinds and nothing was lost since
 * it began or began again. While records go on being lost it becomes slower, so
 * that log-once does not add to what audit cannot take.
 */

#include <linux/errno.h>
#include <linux/hash.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <uapi/linux/audit.h>
#include <kunit/visibility.h>

#include <asm/seccomp.h>

#include "once.h"

/* Between two kinds that are forgotten: at first, and while records are lost */
#define ONCE_PAUSE_MIN	max(HZ / 50, 1)
#define ONCE_PAUSE_MAX	HZ

/**
 * seccomp_once_key() - number, architecture and returned value in one
 * @nr: system call number
 * @arch: AUDIT_ARCH_*
 * @action: the returned action as seccomp_action_index() numbers it
 * @data: the returned data
 *
 * Context: Any.
 * Return: A key, without %ONCE_LOGGED; 0 for an architecture that this kernel
 * does not tell from others.
 */
u64 seccomp_once_key(int nr, u32 arch, u8 action, u16 data)
{
	u64 key = (u64)(u32)nr << 21 | (u32)data << 5 | action << 2;

#ifdef SECCOMP_ARCH_NATIVE
	if (likely(arch == SECCOMP_ARCH_NATIVE))
		return key | 2;
#endif
#ifdef SECCOMP_ARCH_COMPAT
	if (arch == SECCOMP_ARCH_COMPAT)
		return key | BIT_ULL(60);
#endif
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_once_key);

/**
 * seccomp_once_create() - remember what a filter logs
 *
 * Context: Task context, may sleep.
 * Return: Room for calls with a constant answer, to be freed by
 * seccomp_once_free(); NULL without memory.
 */
struct seccomp_once *seccomp_once_create(void)
{
	struct seccomp_once *once;

	once = kzalloc(sizeof(*once), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!once)
		return NULL;
	once->left_out = alloc_percpu_gfp(u64, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!once->left_out) {
		kfree(once);
		return NULL;
	}

	spin_lock_init(&once->lock);
	once->generation = audit_generation();
	once->seen = once->generation;
	once->next_time = jiffies;
	return once;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_once_create);

/**
 * seccomp_once_free() - the filter is gone
 * @once: its memory of what it logged, or NULL
 *
 * Context: Any but interrupts.
 * Return: How many calls were left out.
 */
u64 seccomp_once_free(struct seccomp_once *once)
{
	u64 left_out = 0;
	int cpu;

	if (!once)
		return 0;

	for_each_possible_cpu(cpu)
		left_out += *per_cpu_ptr(once->left_out, cpu);
	free_percpu(once->left_out);
	kvfree(once->slots);
	kfree(once);
	return left_out;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_once_free);

/**
 * seccomp_once_forget() - have a kind logged again
 * @once: a filter's
 * @place: as it was claimed, or any other
 *
 * Context: Any, without a lock.
 * Return: true if the kind was remembered.
 */
bool seccomp_once_forget(struct seccomp_once *once, unsigned int place)
{
	atomic64_t *slots, *slot;

	if (place < SECCOMP_CALLS)
		return test_bit(place, once->logged) &&
		       test_and_clear_bit(place, once->logged);

	/* Pairs with the cmpxchg in slots_of(). */
	slots = smp_load_acquire(&once->slots);
	if (!slots)
		return false;
	slot = &slots[place - SECCOMP_CALLS];
	return atomic64_read(slot) & ONCE_LOGGED &&
	       atomic64_fetch_andnot(ONCE_LOGGED, slot) & ONCE_LOGGED;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_once_forget);

/* Go on with the pass up to the next kind that is remembered, and forget it. */
static void forget_next(struct seccomp_once *once)
{
	lockdep_assert_held(&once->lock);

	while (once->left) {
		unsigned int place = once->next_place;

		once->next_place = (place + 1) % ONCE_PLACES;
		once->left--;
		if (seccomp_once_forget(once, place))
			return;
	}
}

/* Records may have been lost: do what is due of the pass. */
static void go_on_with_pass(struct seccomp_once *once)
{
	unsigned int generation;

	/* whoever holds the lock does it */
	if (!spin_trylock(&once->lock))
		return;

	generation = audit_generation();
	if (generation != once->seen) {
		if (once->left)
			once->losses = true;
		else
			once->pause = ONCE_PAUSE_MIN;
		once->seen = generation;
		once->left = ONCE_PLACES;
		/*
		 * Nothing is forgotten before the generation is read: what is
		 * claimed after that and then lost makes another one.
		 */
		smp_mb();
	}
	if (once->left && time_after_eq(jiffies, once->next_time)) {
		forget_next(once);
		if (once->losses)
			once->pause = min_t(unsigned long, 2 * once->pause,
					    ONCE_PAUSE_MAX);
		once->losses = false;
		once->next_time = jiffies + once->pause;
	}
	if (!once->left)
		WRITE_ONCE(once->generation, once->seen);
	spin_unlock(&once->lock);
}

static void check_generation(struct seccomp_once *once)
{
	if (unlikely(READ_ONCE(once->generation) != audit_generation()))
		go_on_with_pass(once);
}

/**
 * seccomp_once_claim_call() - be the one who logs a call with a constant answer
 * @once: the deciding filter's
 * @call: the call, as seccomp_call() numbers it
 *
 * Context: Any, without a lock.
 * Return: The place, for seccomp_once_forget() if audit refuses the record;
 * -EEXIST if the call is logged, or somebody logs it now.
 */
int seccomp_once_claim_call(struct seccomp_once *once, unsigned int call)
{
	check_generation(once);
	if (test_bit(call, once->logged) || test_and_set_bit(call, once->logged))
		return -EEXIST;
	return call;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_once_claim_call);

/* The slots, made if there are none; NULL without memory for them */
static atomic64_t *slots_of(struct seccomp_once *once)
{
	/* Pairs with the cmpxchg below: the slots are zero. */
	atomic64_t *slots = smp_load_acquire(&once->slots);
	atomic64_t *other;

	if (likely(slots))
		return slots;

	slots = kvcalloc(ONCE_SLOTS, sizeof(*slots),
			 GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!slots)
		return NULL;
	other = cmpxchg(&once->slots, NULL, slots);
	if (!other)
		return slots;
	kvfree(slots);
	return other;
}

/**
 * seccomp_once_claim_key() - be the one who logs a call of another kind
 * @once: the deciding filter's
 * @key: the kind, as seccomp_once_key() makes it
 *
 * Context: Task context, may sleep.
 * Return: As seccomp_once_claim_call(); -ENOSPC if it cannot be remembered.
 */
int seccomp_once_claim_key(struct seccomp_once *once, u64 key)
{
	atomic64_t *slots = slots_of(once);
	unsigned int first = hash_64(key, ONCE_BITS);

	if (!key || !slots)
		return -ENOSPC;

	check_generation(once);
	for (unsigned int probe = 0; probe < ONCE_PROBES;) {
		unsigned int at = (first + probe) % ONCE_SLOTS;
		s64 old = atomic64_read(&slots[at]);

		if (!old || old == key) {
			if (atomic64_try_cmpxchg(&slots[at], &old,
						 key | ONCE_LOGGED))
				return SECCOMP_CALLS + at;
			/* look again who was faster, and with which kind */
			continue;
		}
		if (old == (key | ONCE_LOGGED))
			return -EEXIST;
		probe++;
	}
	return -ENOSPC;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_once_claim_key);
