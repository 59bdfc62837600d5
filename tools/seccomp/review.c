// SPDX-License-Identifier: GPL-2.0
/*
 * review: walk through a policy and decide.
 */
#include "sclog.h"

static const char help[] =
	"Usage: sclog review POLICY [NEW]\n"
	"\n"
	"Walk through a policy and decide.\n"
	"\n"
	"Example: sclog review ls.json\n";

int cmd_review(int argc, char **argv)
{
	int option = next_option(argc, argv, "", NULL, help);

	if (option != OPT_END)
		return option_status(option);
	pr_err("review: not built yet");
	return STATUS_USAGE;
}
