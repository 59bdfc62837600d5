// SPDX-License-Identifier: GPL-2.0
/*
 * exec and list, until run and read --list take their place.
 */
#include <errno.h>
#include <getopt.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "old.h"

static int misuse(void)
{
	fputs("Try 'sclog --help'.\n", stderr);
	return STATUS_USAGE;
}

static bool parse_action(const char *name, uint32_t *action)
{
	static const struct {
		const char *name;
		uint32_t action;
	} known[] = {
		{ "log", SCMP_ACT_LOG },
		{ "errno", SCMP_ACT_ERRNO(EPERM) },
		{ "kill", SCMP_ACT_KILL_PROCESS },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (!strcmp(known[i].name, name)) {
			*action = known[i].action;
			return true;
		}
	}
	return false;
}

static int command_exec(int argc, char **argv)
{
	static const struct option options[] = {
		{ "allow", required_argument, NULL, 'a' },
		{ "default", required_argument, NULL, 'd' },
		{ }
	};
	uint32_t action = SCMP_ACT_LOG;
	const char *allowed = NULL;
	int option;

	opterr = 1;
	/* +: the command's own options are not ours */
	while ((option = getopt_long(argc, argv, "+a:d:", options, NULL)) != -1) {
		switch (option) {
		case 'a':
			allowed = optarg;
			break;
		case 'd':
			if (parse_action(optarg, &action))
				break;
			complain("--default: unknown action '%s'", optarg);
			return misuse();
		default:
			return misuse();
		}
	}
	if (optind == argc) {
		complain("exec: no command");
		return misuse();
	}
	return exec_filtered(action, allowed, argv + optind);
}

static int command_list(int argc, char **argv)
{
	static const struct option options[] = {
		{ "complete", no_argument, NULL, 'c' },
		{ }
	};
	bool complete = false;
	int option;

	opterr = 1;
	while ((option = getopt_long(argc, argv, "c", options, NULL)) != -1) {
		if (option != 'c')
			return misuse();
		complete = true;
	}
	if (argc - optind > 1) {
		complain("list: more than one file");
		return misuse();
	}
	return list_log(argv[optind], complete);
}

int cmd_old(int argc, char **argv)
{
	return !strcmp(argv[0], "exec") ? command_exec(argc, argv) :
		command_list(argc, argv);
}
