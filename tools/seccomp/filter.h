/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A policy as a BPF program for seccomp(2).
 *
 * The program answers each call as policy_eval() does: every convention, every
 * number (also negative ones and ones without a name), every comparison. It is
 * not made by libseccomp, which takes no negative numbers, needs one default
 * action for all conventions, leaves the order of conditional rules open and
 * refuses part of what overlapping comparisons allow.
 */
#ifndef SCLOG_FILTER_H
#define SCLOG_FILTER_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stdio.h>

#include "policy.h"

/* What the policy says of a call, for filter_action_fn */
struct filter_answer {
	/* the convention; NULL for an architecture that call.h does not know */
	const struct abi *abi;
	/* the call, NULL for the default and for conventions not in @policy */
	const struct policy_call *call;
	/* the rule that decides, NULL if it is the default */
	const struct rule *rule;
	/* the policy's action: SCMP_ACT_*, which is also SECCOMP_RET_* */
	uint32_t action;
	/* the policy lacks the convention: @action is kill */
	bool bad_arch;
};

/**
 * filter_action_fn - what the program is to return in place of the policy's
 * action, SECCOMP_RET_* with data
 *
 * As `learn` has TRACE with a tag for each convention, and `run` what --deny
 * says. Must give the same value for the same answer.
 */
typedef uint32_t filter_action_fn(void *data,
				  const struct filter_answer *answer);

/**
 * filter_build() - make the program
 * @policy: the policy
 * @action: NULL: the policy's own actions
 * @data: for @action
 * @prog: set if 0 is returned; filter_free() it
 *
 * Return: 0, or -E2BIG if it has more instructions than the kernel takes.
 */
int filter_build(const struct policy *policy, filter_action_fn *action,
		 void *data, struct sock_fprog *prog);

/** filter_free() - what filter_build() made; fine after a failure, too */
void filter_free(struct sock_fprog *prog);

/**
 * filter_load() - put the program on the calling thread
 * @flags: SECCOMP_FILTER_FLAG_*
 *
 * Only makes the one call, seccomp(2): no_new_privs is the caller's.
 *
 * Return: 0, or a file descriptor for SECCOMP_FILTER_FLAG_NEW_LISTENER, or
 * -errno.
 */
int filter_load(const struct sock_fprog *prog, unsigned int flags);

/** filter_export() - write the instructions, in this machine's byte order */
void filter_export(const struct sock_fprog *prog, FILE *out);

#endif /* SCLOG_FILTER_H */
