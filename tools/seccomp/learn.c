// SPDX-License-Identifier: GPL-2.0
/*
 * learn: run a command and write what it calls to a policy.
 */
#include "sclog.h"

static const char help[] =
	"Usage: sclog learn -o POLICY [OPTION]... [--] COMMAND [ARGUMENT]...\n"
	"\n"
	"Run a command and write what it calls to a policy.\n"
	"\n"
	"Example: sclog learn -o ls.json -- ls -l\n";

int cmd_learn(int argc, char **argv)
{
	int option = next_option(argc, argv, "", NULL, help);

	if (option != OPT_END)
		return option_status(option);
	pr_err("learn: not built yet");
	return STATUS_USAGE;
}
