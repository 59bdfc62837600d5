/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The log of a filter: who attached the filter, and what it has logged. It
 * lives until the summary is in the audit log, so longer than the filter.
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

#include "syscall_index.h"
#include "ranges.h"

struct seccomp_filter;
struct seccomp_once;

/* Ranges of logged numbers that are in gaps */
#define FILTER_LOG_GAPS	8

/* Bytes of an executable's path as audit writes it, with the final NUL */
#define FILTER_LOG_EXE	400

/**
 * struct seccomp_summary - the state of the records about a filter
 * @node: in one of the two queues of filter_summary.c
 * @queued: @node is in the queue of logs for which a record is due
 * @writing: records are being written
 * @closed: the filter is freed, so the summary is due
 * @taken: audit has taken all records that were due
 * @generation: audit_generation() before that
 * @due: when to check again, in jiffies
 * @checks: how often it was found that the summary may be lost
 * @checked: audit_generation() at the last of these checks
 *
 * Guarded by the lock of filter_summary.c. seccomp_summary_due() reads @queued,
 * @taken, @generation and @due without it.
 */
struct seccomp_summary {
	struct list_head node;
	bool queued;
	bool writing;
	bool closed;
	bool taken;
	unsigned int generation;
	unsigned long due;
	unsigned int checks;
	unsigned int checked;
};

/**
 * struct seccomp_attacher - who attached a filter
 * @refs: filters and their logs. The last put frees it.
 * @pid: the process, in the initial pid namespace
 * @uid: its user
 * @comm: its name
 * @exe: its executable, as audit writes it
 *
 * Filters of a chain share it if the same process attached them. Does not
 * change.
 */
struct seccomp_attacher {
	refcount_t refs;
	pid_t pid;
	kuid_t uid;
	char comm[TASK_COMM_LEN];
	char exe[];
};

/**
 * struct seccomp_filter_log - the log of a filter
 * @refs: one for the filter; one while @summary is queued, watched or being
 *	written. The last put frees it.
 * @id: the filter's
 * @attacher: who attached the filter, one reference held
 * @records: number of records that were due, also the number of the last one
 * @lost: how many of them audit refused
 * @left_out: system calls that log-once did not log; set when the filter is
 *	freed
 * @syscalls: indexes of the system calls for which a record was due
 * @gaps: numbers in gaps for which a record was due; guarded by @lock
 * @gaps_nr: number of @gaps; guarded by @lock
 * @lock: guards @gaps
 * @summary: the state of the records about the filter
 * @insns: number of the program's instructions
 * @flags: SECCOMP_FILTER_FLAG_* of the attach
 *
 * @id, @attacher, @insns and @flags do not change.
 */
struct seccomp_filter_log {
	refcount_t refs;
	u64 id;
	struct seccomp_attacher *attacher;
	atomic64_t records;
	atomic64_t lost;
	u64 left_out;
	DECLARE_BITMAP(syscalls, SECCOMP_SYSCALLS);
	struct seccomp_range gaps[FILTER_LOG_GAPS];
	unsigned int gaps_nr;
	spinlock_t lock;		/* of gaps */
	struct seccomp_summary summary;
	unsigned int insns;
	unsigned int flags;
};

/* filter_log.c */
u64 seccomp_filter_new_id(void);
struct seccomp_attacher *
seccomp_attacher_get(struct seccomp_attacher *likely_same);
void seccomp_attacher_put(struct seccomp_attacher *attacher);
struct seccomp_filter_log *
seccomp_filter_log_get(const struct seccomp_filter *filter);
void seccomp_filter_log_put(struct seccomp_filter_log *log);
void seccomp_filter_log_add_syscall(struct seccomp_filter_log *log, int nr,
				    u32 arch);
struct seccomp_once *
seccomp_filter_once(const struct seccomp_filter *filter);

#endif /* _KERNEL_SECCOMP_FILTER_LOG_H */
