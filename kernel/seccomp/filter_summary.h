/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The records about a filter itself: who attached it, and its summary.
 */
#ifndef _KERNEL_SECCOMP_FILTER_SUMMARY_H
#define _KERNEL_SECCOMP_FILTER_SUMMARY_H

#include <linux/audit.h>
#include <linux/jiffies.h>

#include "filter_log.h"

static inline void seccomp_summary_init(struct seccomp_summary *summary)
{
	INIT_LIST_HEAD(&summary->node);
	summary->due = jiffies;
}

/**
 * seccomp_summary_due() - is it to be said, once more, who attached a filter?
 * @summary: a filter's
 *
 * Context: Any, without a lock.
 * Return: true if seccomp_summary_announce() has something to do.
 */
static inline bool seccomp_summary_due(const struct seccomp_summary *summary)
{
	if (READ_ONCE(summary->queued) ||
	    (READ_ONCE(summary->said) &&
	     READ_ONCE(summary->generation) == audit_generation()))
		return false;
	return time_after_eq(jiffies, READ_ONCE(summary->due));
}

/* filter_summary.c */
void seccomp_summary_announce(struct seccomp_filter_log *log);
void seccomp_summary_close(struct seccomp_filter_log *log);

#endif /* _KERNEL_SECCOMP_FILTER_SUMMARY_H */
