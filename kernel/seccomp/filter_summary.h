/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When the records about a filter are written.
 */
#ifndef _KERNEL_SECCOMP_FILTER_SUMMARY_H
#define _KERNEL_SECCOMP_FILTER_SUMMARY_H

#include <linux/audit.h>
#include <linux/jiffies.h>
#include <linux/log2.h>

#include "due.h"
#include "filter_log.h"

/* Delay before the announcement is written again, if it may be lost */
#define ANNOUNCE_AGAIN	HZ

/* How often a summary that may be lost is written before the delay doubles */
#define SUMMARY_WRITES_MIN	6

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

/**
 * seccomp_summary_again() - is a summary that may be lost to be written again?
 * @summary: the summary, which audit had taken
 * @generation: audit_generation(), another one than when it was written
 *
 * Yes if audit has lost nothing since the last check. While it loses records,
 * another one would add to the flood, and may be lost: after the first few, the
 * delay doubles each time.
 *
 * Context: The caller owns @summary, which is in no queue.
 * Return: true if it is.
 */
static inline bool seccomp_summary_again(struct seccomp_summary *summary,
					 unsigned int generation)
{
	bool quiet = summary->checked == generation;

	summary->checked = generation;
	summary->checks++;
	return quiet || summary->checks <= SUMMARY_WRITES_MIN ||
		is_power_of_2(summary->checks);
}

/* filter_summary.c */
void seccomp_summary_announce(struct seccomp_filter_log *log);
bool seccomp_filter_summary_end(struct seccomp_filter *filter, bool may_wait);

#endif /* _KERNEL_SECCOMP_FILTER_SUMMARY_H */
