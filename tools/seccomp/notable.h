/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Calls that deserve a look before they are allowed, and why.
 */
#ifndef SCLOG_NOTABLE_H
#define SCLOG_NOTABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "policy.h"

/** call_note() - a remark on a call; NULL if there is nothing to say */
const char *call_note(const struct policy_call *entry);

/**
 * call_is_notable() - is it worth a look?
 *
 * By what it can do, and by the arguments that were seen.
 */
bool call_is_notable(const struct policy_call *entry);

/** seen_text() - "9 times, 2 runs, by curl sh"; to be free()d */
char *seen_text(const struct policy_call *entry);

/** call_has_values() - values of its arguments were counted */
bool call_has_values(const struct policy_call *entry);

/**
 * print_values() - a line for each argument whose values were counted:
 * "domain   AF_INET 2   AF_UNIX 1"; and one for each path
 */
void print_values(FILE *out, const struct policy_call *entry,
		  unsigned int indent);

#endif /* SCLOG_NOTABLE_H */
