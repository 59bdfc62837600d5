// SPDX-License-Identifier: GPL-2.0
/*
 * merge: one policy of several.
 */
#include "sclog.h"

static const char help[] =
	"Usage: sclog merge -o POLICY POLICY...\n"
	"\n"
	"One policy of several.\n"
	"\n"
	"Example: sclog merge -o all.json one.json two.json\n";

int cmd_merge(int argc, char **argv)
{
	int option = next_option(argc, argv, "", NULL, help);

	if (option != OPT_END)
		return option_status(option);
	pr_err("merge: not built yet");
	return STATUS_USAGE;
}
