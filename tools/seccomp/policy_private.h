/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What policy.c, policy_seen.c, policy_eval.c and policy_merge.c share.
 */
#ifndef SCLOG_POLICY_PRIVATE_H
#define SCLOG_POLICY_PRIVATE_H

#include "policy.h"

/** insert_at() - make room for one more at @at in an array of @nr elements */
void *insert_at(void *array, size_t nr, size_t at, size_t size);

/** remove_at() - close the gap that an element leaves */
void remove_at(void *array, size_t nr, size_t at, size_t size);

/** add_count() - a count stays at the highest number rather than begin again */
void add_count(uint64_t *to, uint64_t count);

/** is_earlier() - is a time that is known before another, if that is? */
bool is_earlier(int64_t time, int64_t known);

/** plain_rule() - the first rule without condition, NULL if all have one */
const struct rule *plain_rule(const struct policy_call *call);

/** run_free() - what a run holds */
void run_free(struct policy_run *run);

#endif /* SCLOG_POLICY_PRIVATE_H */
