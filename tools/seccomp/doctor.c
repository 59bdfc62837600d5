// SPDX-License-Identifier: GPL-2.0
/*
 * doctor: find out why nothing is logged.
 */
#include "sclog.h"

static const char help[] =
	"Usage: sclog doctor\n"
	"\n"
	"Find out why nothing is logged.\n";

int cmd_doctor(int argc, char **argv)
{
	int option = next_option(argc, argv, "", NULL, help);

	if (option != OPT_END)
		return option_status(option);
	pr_err("doctor: not built yet");
	return STATUS_USAGE;
}
