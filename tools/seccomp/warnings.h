/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What makes a policy weaker than it looks.
 */
#ifndef SCLOG_WARNINGS_H
#define SCLOG_WARNINGS_H

#include <stdbool.h>

#include "policy.h"

/**
 * struct policy_warning - what makes a policy weaker than it looks
 * @abi: a convention that it allows
 * @call: a call of that; NULL: the convention itself
 * @launcher: the call is harmless where the command starts no other programs
 * @text: the warning
 */
struct policy_warning {
	const struct abi *abi;
	const struct policy_call *call;
	bool launcher;
	const char *text;
};

typedef void warn_fn(void *data, const struct policy_warning *warning);

/** policy_warnings() - call @warn for each warning of a policy */
void policy_warnings(const struct policy *policy, warn_fn *warn, void *data);

/**
 * warn_of_run() - say what makes a policy weaker and was first seen in a run
 *
 * Not that its command starts others: who ran it knows that.
 */
void warn_of_run(const struct policy *policy, unsigned int run);

#endif /* SCLOG_WARNINGS_H */
