// SPDX-License-Identifier: GPL-2.0
/*
 * check: run a command; report what its policy lacks.
 */
#include "sclog.h"

static const char help[] =
	"Usage: sclog check -p POLICY [OPTION]... [--] COMMAND [ARGUMENT]...\n"
	"\n"
	"Run a command; report what its policy lacks.\n"
	"\n"
	"Example: sclog check -p test.json -- make test\n";

int cmd_check(int argc, char **argv)
{
	int option = next_option(argc, argv, "", NULL, help);

	if (option != OPT_END)
		return option_status(option);
	pr_err("check: not built yet");
	return STATUS_USAGE;
}
