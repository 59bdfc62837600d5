// SPDX-License-Identifier: GPL-2.0
/*
 * run: run a command under a policy; say what was refused.
 */
#include "sclog.h"

static const char help[] =
	"Usage: sclog run -p POLICY [OPTION]... [--] COMMAND [ARGUMENT]...\n"
	"\n"
	"Run a command under a policy; say what was refused.\n"
	"\n"
	"Example: sclog run -p ls.json -- ls -l\n";

int cmd_run(int argc, char **argv)
{
	int option = next_option(argc, argv, "", NULL, help);

	if (option != OPT_END)
		return option_status(option);
	pr_err("run: not built yet");
	return STATUS_USAGE;
}
