/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The command line of learn.
 */
#ifndef SCLOG_LEARN_OPTIONS_H
#define SCLOG_LEARN_OPTIONS_H

#include "call.h"
#include "watch.h"

/**
 * struct learn_options - what the command line says
 * @command: words of the command, NULL if there is @unit
 * @companions: groups that are added
 * @narrow: --args, @nr_narrow calls; to be free()d
 */
struct learn_options {
	const char *output;
	const char *source;
	const char *user;
	const char *unit;
	char **command;
	enum watch_until until;
	bool has_until;
	int64_t limit_ms;
	bool strict;
	bool count;
	bool paths;
	unsigned int companions;
	struct call *narrow;
	size_t nr_narrow;
};

/**
 * learn_parse() - read the command line
 * @status: set to the exit status if it ends here
 *
 * Return: false if it ends here, after a message or the help.
 */
bool learn_parse(struct learn_options *wanted, int argc, char **argv,
		 int *status);

#endif /* SCLOG_LEARN_OPTIONS_H */
