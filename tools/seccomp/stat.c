// SPDX-License-Identifier: GPL-2.0
/*
 * stat: count calls, programs and arguments.
 */
#include "sclog.h"

static const char help[] =
	"Usage: sclog stat POLICY [--html FILE]\n"
	"\n"
	"Count calls, programs and arguments.\n"
	"\n"
	"Example: sclog stat ls.json\n";

int cmd_stat(int argc, char **argv)
{
	int option = next_option(argc, argv, "", NULL, help);

	if (option != OPT_END)
		return option_status(option);
	pr_err("stat: not built yet");
	return STATUS_USAGE;
}
