// SPDX-License-Identifier: GPL-2.0
/*
 * read: the same from written logs.
 */
#include "sclog.h"

static const char help[] =
	"Usage: sclog read [OPTION]... [FILE|-]...\n"
	"\n"
	"The same from written logs.\n"
	"\n"
	"Example: sclog read --list /var/log/audit/audit.log\n";

int cmd_read(int argc, char **argv)
{
	int option = next_option(argc, argv, "", NULL, help);

	if (option != OPT_END)
		return option_status(option);
	pr_err("read: not built yet");
	return STATUS_USAGE;
}
