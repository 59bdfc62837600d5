/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is known of a filter's log: who attached the filter, and what it has
 * logged. It outlives the filter until its summary is in the audit log.
 */
#ifndef _KERNEL_SECCOMP_FILTER_LOG_H
#define _KERNEL_SECCOMP_FILTER_LOG_H

#include <linux/bitops.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/uidgid.h>

#include "calls.h"
#include "ranges.h"

struct seccomp_filter;
struct seccomp_once;

/* Ranges of numbers that no architecture of this kernel has */
#define FILTER_LOG_GAPS	8

/* Bytes of text for an executable's path, quotes and a final NUL included */
#define FILTER_LOG_EXE	400

/**
 * struct seccomp_summary - what is still to be said about a filter
 * @node: in one of the two queues of filter_summary.c
 * @queued: @node is in a queue
 * @writing: the worker writes records about the filter
 * @closed: the filter is gone
 * @said: audit has taken all that was due
 * @generation: audit_generation() before that
 * @due: when to look at it again, in jiffies
 * @repeats: how often the records after the filter's end have been due again
 *
 * All of it is guarded by the lock of filter_summary.c. @queued, @said,
 * @generation and @due are read without it, too, by seccomp_summary_due().
 */
struct seccomp_summary {
	struct list_head node;
	bool queued;
	bool writing;
	bool closed;
	bool said;
	unsigned int generation;
	unsigned long due;
	unsigned int repeats;
};

/**
 * struct seccomp_attacher - who attached a filter
 * @refs: filters and their logs. The last put frees it.
 * @pid: the process, in the initial pid namespace
 * @uid: its user
 * @comm: its name
 * @exe: its executable, as audit writes it
 *
 * Filters of a chain that are attached by the same share it. Never changes.
 */
struct seccomp_attacher {
	refcount_t refs;
	pid_t pid;
	kuid_t uid;
	char comm[TASK_COMM_LEN];
	char exe[];
};

/**
 * struct seccomp_filter_log - what is known of a filter's log
 * @refs: one of the filter, and one of the queue if @summary is in it or being
 *	written. The last put frees it.
 * @id: the filter's
 * @attacher: who attached the filter, one reference held
 * @records: records that were due; the number of the last one
 * @lost: of these, those that audit refused
 * @left_out: calls that log-once left out; set when the filter is gone
 * @calls: the calls for which a record was due, as seccomp_call() numbers them
 * @gaps: the same for numbers between; guarded by @lock
 * @gaps_nr: number of @gaps; guarded by @lock
 * @lock: guards @gaps
 * @summary: the records about the filter itself
 * @insns: number of the program's instructions
 * @flags: SECCOMP_FILTER_FLAG_* of the attach
 *
 * What is not said to change never does.
 */
struct seccomp_filter_log {
	refcount_t refs;
	u64 id;
	struct seccomp_attacher *attacher;
	atomic64_t records;
	atomic64_t lost;
	u64 left_out;
	DECLARE_BITMAP(calls, SECCOMP_CALLS);
	struct seccomp_range gaps[FILTER_LOG_GAPS];
	unsigned int gaps_nr;
	spinlock_t lock;		/* of gaps */
	struct seccomp_summary summary;
	unsigned int insns;
	unsigned int flags;
};

/* filter_log.c */
u64 seccomp_filter_log_new_id(void);
struct seccomp_attacher *
seccomp_attacher_get(struct seccomp_attacher *likely_same);
void seccomp_attacher_put(struct seccomp_attacher *attacher);
struct seccomp_filter_log *
seccomp_filter_log_get(const struct seccomp_filter *filter);
void seccomp_filter_log_put(struct seccomp_filter_log *log);
void seccomp_filter_log_end(struct seccomp_filter *filter);
void seccomp_filter_log_add_call(struct seccomp_filter_log *log, int nr,
				 u32 arch);
struct seccomp_once *
seccomp_filter_log_once(const struct seccomp_filter *filter);

#endif /* _KERNEL_SECCOMP_FILTER_LOG_H */
