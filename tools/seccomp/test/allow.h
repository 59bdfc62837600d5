/* SPDX-License-Identifier: GPL-2.0 */
/* For unit tests: a policy that allows what is written. */
#ifndef SCLOG_TEST_ALLOW_H
#define SCLOG_TEST_ALLOW_H

#include <stdio.h>
#include <stdlib.h>

#include "policy.h"

/* As in a list: "getpid", "x86:getpid", "-1" */
static inline void allow(struct policy *policy, const char *text)
{
	struct call call;
	const char *why;

	if (call_parse(text, &call, &why)) {
		printf("# %s: %s\n", text, why);
		exit(1);
	}
	policy_allow(policy, &call);
}

#endif /* SCLOG_TEST_ALLOW_H */
