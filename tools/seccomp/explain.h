/* SPDX-License-Identifier: GPL-2.0 */
/*
 * explain --json: what explain says, an object a line.
 */
#ifndef SCLOG_EXPLAIN_H
#define SCLOG_EXPLAIN_H

#include "policy.h"

/** explain_entry_json() - why a call is in a policy, and what is done with it */
void explain_entry_json(const struct policy *policy,
			const struct policy_call *entry);

/** explain_call_json() - what is known of a call without a policy */
void explain_call_json(const struct call *call);

#endif /* SCLOG_EXPLAIN_H */
