// SPDX-License-Identifier: GPL-2.0
/*
 * allow, deny, drop: change a policy by command.
 */
#include "sclog.h"

static const char help_allow[] =
	"Usage: sclog allow POLICY CALL...\n"
	"\n"
	"Allow calls in a policy.\n"
	"\n"
	"Example: sclog allow ls.json getcwd 'prctl(option=PR_SET_NAME)'\n";

int cmd_allow(int argc, char **argv)
{
	int option = next_option(argc, argv, "", NULL, help_allow);

	if (option != OPT_END)
		return option_status(option);
	pr_err("allow: not built yet");
	return STATUS_USAGE;
}

static const char help_deny[] =
	"Usage: sclog deny POLICY CALL...\n"
	"\n"
	"Refuse calls in a policy.\n"
	"\n"
	"Example: sclog deny ls.json ptrace\n";

int cmd_deny(int argc, char **argv)
{
	int option = next_option(argc, argv, "", NULL, help_deny);

	if (option != OPT_END)
		return option_status(option);
	pr_err("deny: not built yet");
	return STATUS_USAGE;
}

static const char help_drop[] =
	"Usage: sclog drop POLICY CALL...\n"
	"\n"
	"Take calls out of a policy.\n"
	"\n"
	"Example: sclog drop ls.json x86:getpid\n";

int cmd_drop(int argc, char **argv)
{
	int option = next_option(argc, argv, "", NULL, help_drop);

	if (option != OPT_END)
		return option_status(option);
	pr_err("drop: not built yet");
	return STATUS_USAGE;
}
