/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Calls that a policy does not allow, and a report of them: what check and run
 * say at the end.
 */
#ifndef SCLOG_OUTSIDE_H
#define SCLOG_OUTSIDE_H

#include <stdio.h>

#include "event.h"
#include "policy.h"

/* Zero-initialized is empty */
struct outside {
	struct outside_entry *entries;
	size_t nr;
	uint64_t calls;		/* how often, all in all */
};

/**
 * outside_add() - such a call was seen
 *
 * While its process exists: the path of its program is read at the first call.
 */
void outside_add(struct outside *outside, const struct event *event);

/** outside_forget() - a call is allowed now */
void outside_forget(struct outside *outside, const struct call *call);

/**
 * outside_calls() - different calls in it
 */
size_t outside_calls(const struct outside *outside);

/**
 * outside_print() - a line for each call of each program, for people
 * @policy: what it allows of a call is said, too
 */
void outside_print(const struct outside *outside, const struct policy *policy,
		   FILE *out);

/** outside_print_json() - the same for programs, an object a line */
void outside_print_json(const struct outside *outside, FILE *out);

/**
 * outside_allow() - the line that allows them: "sclog allow FILE CALL...", or
 * "echo CALL... >>FILE" if the policy is a list
 *
 * Words are quoted for a shell. To be free()d; NULL if there is nothing.
 */
char *outside_allow(const struct outside *outside, const struct policy *policy,
		    const char *file);

/** outside_free() - make it empty */
void outside_free(struct outside *outside);

#endif /* SCLOG_OUTSIDE_H */
