/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When the records about a filter are written.
 */
#ifndef _KERNEL_SECCOMP_FILTER_SUMMARY_H
#define _KERNEL_SECCOMP_FILTER_SUMMARY_H

#include <linux/audit.h>
#include <linux/jiffies.h>

#include "due.h"
#include "filter_log.h"

/* Delay before the announcement is written again, if it may be lost */
#define ANNOUNCE_AGAIN	HZ

static inline void seccomp_summary_init(struct seccomp_summary *summary)
{
	INIT_LIST_HEAD(&summary->node);
	summary->due = jiffies;
}

/**
 * seccomp_summary_due() - is the record about a filter's attacher due?
 * @summary: the filter's
 *
 * Context: Any, without a lock.
 * Return: true if seccomp_summary_announce() is to be called.
 */
static inline bool seccomp_summary_due(const struct seccomp_summary *summary)
{
	if (READ_ONCE(summary->queued) ||
	    (READ_ONCE(summary->taken) &&
	     READ_ONCE(summary->generation) == audit_generation()))
		return false;
	return seccomp_is_due(READ_ONCE(summary->due), ANNOUNCE_AGAIN);
}

/* filter_summary.c */
void seccomp_summary_announce(struct seccomp_filter_log *log);
bool seccomp_filter_summary_end(struct seccomp_filter *filter, bool may_wait);

#endif /* _KERNEL_SECCOMP_FILTER_SUMMARY_H */
