// SPDX-License-Identifier: GPL-2.0
/*
 * diff: compare two policies by what they mean.
 */
#include "sclog.h"

static const char help[] =
	"Usage: sclog diff POLICY POLICY\n"
	"\n"
	"Compare two policies by what they mean.\n"
	"\n"
	"Example: sclog diff old.json new.json\n";

int cmd_diff(int argc, char **argv)
{
	int option = next_option(argc, argv, "", NULL, help);

	if (option != OPT_END)
		return option_status(option);
	pr_err("diff: not built yet");
	return STATUS_USAGE;
}
