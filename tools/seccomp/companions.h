/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Companions: calls that no run need show, but that what was seen implies.
 *
 * companions.def has them in groups, each with its condition and its reason.
 * A companion's policy_call.why is its group. Sets of groups are bits: bit N is
 * group N of companions.def. Pure: no input or output.
 */
#ifndef SCLOG_COMPANIONS_H
#define SCLOG_COMPANIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "policy.h"

/** companions_default() - the groups that are on without being asked for */
unsigned int companions_default(void);

/**
 * companions_parse() - "-clock,+tty": groups taken away or added
 * @groups: is changed
 * @error: set to a text that completes a message if false is returned; free()
 */
bool companions_parse(const char *text, unsigned int *groups, char **error);

/**
 * companion_group() - the bit of a group; 0 for an unknown name
 *
 * Also of groups that are for a runner only: "runc", "crun", "firejail".
 */
unsigned int companion_group(const char *name);

/** companion_group_next() - walk the names: the first for NULL, NULL behind */
const char *companion_group_next(const char *name);

/** companion_reason() - why a group is added, in words; NULL if unknown */
const char *companion_reason(const char *group);

/**
 * companions_add() - add what the calls of a policy imply
 *
 * Leaves alone what has a rule or a decision of the user. To be called again
 * whenever the policy has grown.
 *
 * clone3() that was seen, and on which the user has not decided, is answered
 * with ENOSYS from now on, so that libc takes clone(), whose flags a filter
 * can see. If clone() was not seen, it is allowed as threads and vfork() need
 * it, without new namespaces.
 *
 * Return: number of calls that are new in the policy.
 */
size_t companions_add(struct policy *policy, unsigned int groups);

/**
 * companions_remove_twin() - remove a twin of a call that was narrowed
 * @of: the call
 * @removed: the twin that was removed
 *
 * A twin that is allowed with any argument could do what @of cannot do any
 * more. One that was seen, that the user decided on, or that another call has
 * for a twin, too, stays. To be called until it returns false.
 *
 * Return: false if there is no more.
 */
bool companions_remove_twin(struct policy *policy, const struct call *of,
			    struct call *removed);

/** companions_count() - calls that are there as companions only */
size_t companions_count(const struct policy *policy);

/**
 * companion_refuses() - is the call answered with ENOSYS by a companion?
 *
 * libc expects that and makes another call, so what watches a program (learn,
 * check) need not say that the policy lacks this one.
 */
bool companion_refuses(const struct policy_call *call);

#endif /* SCLOG_COMPANIONS_H */
