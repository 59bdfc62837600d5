// SPDX-License-Identifier: GPL-2.0
/*
 * explain: why a call is in a policy; a record in plain words.
 */
#include "sclog.h"

static const char help[] =
	"Usage: sclog explain POLICY | RECORD | CALL\n"
	"\n"
	"Why a call is in a policy; a record in plain words.\n"
	"\n"
	"Example: sclog explain ls.json\n";

int cmd_explain(int argc, char **argv)
{
	int option = next_option(argc, argv, "", NULL, help);

	if (option != OPT_END)
		return option_status(option);
	pr_err("explain: not built yet");
	return STATUS_USAGE;
}
