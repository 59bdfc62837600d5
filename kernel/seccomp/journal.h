/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A filter's journal: who attached it, what it has logged, and the records of
 * its life. It outlives the filter until its last record has arrived.
 */
#ifndef _KERNEL_SECCOMP_JOURNAL_H
#define _KERNEL_SECCOMP_JOURNAL_H

#include <linux/audit.h>
#include <linux/bitops.h>
#include <linux/cache.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "calls.h"
#include "ranges.h"

struct seccomp_once;

/* Ranges of numbers that no architecture of this kernel has */
#define JOURNAL_GAPS	8

/**
 * struct seccomp_journal - what is known of a filter's log
 * @refs: one of the filter, one of each record that is under way. The last put
 *	closes it.
 * @id: names the filter in records; no other filter has it until reboot
 * @logged: records that arrived
 * @lost: records that audit refused or dropped
 * @once: what log-once remembers; NULL before it is needed. Set once, by
 *	whoever is first.
 * @remembered: the calls to which the filter has one answer and whose record
 *	@once knows to be written: log-once need look no further
 * @calls: the calls for which a record was due, as seccomp_call() numbers them
 * @gaps: the same for numbers between; guarded by @lock
 * @gaps_nr: number of @gaps; guarded by @lock
 * @lock: guards @gaps
 * @announcing: held while the record of who attached the filter is written, so
 *	that no other record is faster
 * @announced: how far that record is. Goes on under @announcing, and back by
 *	whoever learns that it was lost.
 * @announcement: tells what became of it
 * @pid: the process that attached the filter, in the initial pid namespace
 * @uid: its user
 * @comm: its name
 * @insns: number of the program's instructions
 * @flags: SECCOMP_FILTER_FLAG_* of the attach
 * @node: in the list of journals that have a closing record to write; guarded
 *	by that list's lock
 * @part: the next part of the closing record, from 0
 * @parts: how many there are
 * @closing: tells what became of a part
 * @event: of the closing record
 * @left_out: records that log-once saved
 * @exe: the executable of the process that attached the filter
 *
 * What is not said to change never does. Members from @node to @event belong to
 * the closing, when nobody but its one writer knows the journal.
 */
struct seccomp_journal {
	refcount_t refs;
	u64 id;
	atomic64_t logged;
	atomic64_t lost;
	struct seccomp_once *once;
	DECLARE_BITMAP(remembered, SECCOMP_CALLS);
	DECLARE_BITMAP(calls, SECCOMP_CALLS);
	struct seccomp_range gaps[JOURNAL_GAPS];
	unsigned int gaps_nr;
	spinlock_t lock;		/* of gaps */
	struct mutex announcing;	/* of announced */
	atomic_t announced;
	struct audit_receipt announcement;
	pid_t pid;
	kuid_t uid;
	char comm[TASK_COMM_LEN];
	unsigned int insns;
	unsigned int flags;
	struct list_head node;
	unsigned int part;
	unsigned int parts;
	struct audit_receipt closing;
	struct audit_event event;
	/* all else is only read where log-once saves a record */
	atomic64_t left_out ____cacheline_aligned_in_smp;
	char exe[];
};

/* closing.c */
void seccomp_closing_begin(struct seccomp_journal *journal);
void seccomp_closing_retry(void);

/* journal.c */
u64 seccomp_journal_new_id(void);
struct seccomp_journal *seccomp_journal_create(unsigned int insns,
					       unsigned int flags);
void seccomp_journal_put(struct seccomp_journal *journal);
void seccomp_journal_free(struct seccomp_journal *journal);
void seccomp_journal_note(struct seccomp_journal *journal, int nr, u32 arch);
bool seccomp_journal_announced(const struct seccomp_journal *journal);
bool seccomp_journal_announce(struct seccomp_journal *journal,
			      struct audit_event *event);
struct seccomp_once *seccomp_journal_once(struct seccomp_journal *journal);

#endif /* _KERNEL_SECCOMP_JOURNAL_H */
