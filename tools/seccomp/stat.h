/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counts of a policy, for the chart on a terminal and for the page.
 */
#ifndef SCLOG_STAT_H
#define SCLOG_STAT_H

#include <stdio.h>

#include "policy.h"

/* How often something was seen */
struct tally {
	const char *name;
	uint64_t count;
};

/**
 * struct stats - what is counted; texts are the policy's, but @names
 * @policy: the policy
 * @calls: that were seen, the most frequent first
 * @by: programs, the most frequent first
 * @total: times that any call was made
 * @companions: calls that were not seen, but added
 * @denied: calls that are known, but not allowed
 */
struct stats {
	const struct policy *policy;
	struct policy_call **calls;
	size_t nr_calls;
	struct name_counts names;
	struct tally *by;
	size_t nr_by;
	uint64_t total;
	size_t companions;
	size_t denied;
};

void stats_make(struct stats *stats, const struct policy *policy);
void stats_free(struct stats *stats);

/** stats_new_calls() - calls that were seen in this run and in none before */
size_t stats_new_calls(const struct stats *stats, unsigned int run);

/** stats_html() - the page */
void stats_html(const struct stats *stats, const char *title, FILE *out);

#endif /* SCLOG_STAT_H */
