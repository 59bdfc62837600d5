// SPDX-License-Identifier: GPL-2.0
/*
 * convert: policies in the formats of other programs.
 */
#include "sclog.h"

static const char help[] =
	"Usage: sclog convert [--from FORMAT] --to FORMAT [FILE]\n"
	"\n"
	"Policies in the formats of other programs.\n"
	"\n"
	"Example: sclog convert --to systemd redis.json\n";

int cmd_convert(int argc, char **argv)
{
	int option = next_option(argc, argv, "", NULL, help);

	if (option != OPT_END)
		return option_status(option);
	pr_err("convert: not built yet");
	return STATUS_USAGE;
}
