/* SPDX-License-Identifier: GPL-2.0 */
/*
 * read: its options, and what it works on.
 */
#ifndef SCLOG_READ_H
#define SCLOG_READ_H

#include "input.h"
#include "policy.h"
#include "report.h"

/**
 * struct reading - one run of the verb
 * @narrowed: calls are asked for by something that summaries lack
 * @new_calls: that the policy did not have
 * @has_args: records have arguments
 * @nr_outside: calls that have rules which do not allow what was seen
 */
struct reading {
	const char *output;
	bool list;
	bool journal;
	bool follow;
	bool strict;
	bool no_companions;
	bool has_action;
	bool narrowed;
	const char *unit;
	struct selection selection;
	struct loss loss;
	struct input input;
	struct report report;
	struct policy *policy;
	unsigned int run;
	size_t nr_new;
	uint64_t nr_outside;
	uint64_t nr_named;
	bool has_args;
};

/**
 * read_options() - what is asked for; files start at optind
 * @status: set: if false is returned it is all that is to be done
 */
bool read_options(struct reading *reading, int argc, char **argv, int *status);

#endif /* SCLOG_READ_H */
