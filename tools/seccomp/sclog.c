// SPDX-License-Identifier: GPL-2.0
/*
 * sclog: from seccomp's log to a policy.
 */
#include <errno.h>
#include <getopt.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "sclog.h"

static const char help[] =
	"Usage: sclog exec [OPTION]... COMMAND [ARGUMENT]...\n"
	"       sclog list [OPTION] [FILE]\n"
	"\n"
	"exec runs a command under a seccomp filter. Without options every system\n"
	"call is logged and allowed.\n"
	"  -a, --allow=FILE     allow the calls that FILE lists, a name a line\n"
	"  -d, --default=WHAT   what becomes of other calls: log, errno (EPERM, and\n"
	"                       logged), kill (the process, and logged)\n"
	"\n"
	"list prints the calls that an audit log holds as logged and allowed, each\n"
	"once, in the form that --allow takes. FILE is what auditd writes; without\n"
	"one, standard input is read. It says where the log lacks records.\n"
	"  -c, --complete       where records of a filter were lost, add the calls that\n"
	"                       its closing record names\n"
	"\n"
	"  -h, --help           this text\n"
	"  -V, --version        the version\n"
	"\n"
	"Exit status: the command's own; 125 where there is no filter, 126 or 127\n"
	"where the command cannot be run or found. list: 0, or 1 where the log cannot\n"
	"be read. 2 for wrong usage.\n";

static int misuse(void)
{
	fputs("Try 'sclog --help'.\n", stderr);
	return STATUS_USAGE;
}

/* What was printed has arrived, or it is an error. */
static int printed(int status)
{
	if (fflush(stdout) || ferror(stdout)) {
		complain("standard output: %s", strerror(errno));
		return STATUS_FAILED;
	}
	return status;
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

	while ((option = getopt_long(argc, argv, "c", options, NULL)) != -1) {
		if (option != 'c')
			return misuse();
		complete = true;
	}
	if (argc - optind > 1) {
		complain("list: more than one file");
		return misuse();
	}
	return printed(list_log(argv[optind], complete));
}

int main(int argc, char **argv)
{
	const char *command = argc > 1 ? argv[1] : "";

	if (!strcmp(command, "-h") || !strcmp(command, "--help")) {
		fputs(help, stdout);
		return printed(STATUS_OK);
	}
	if (!strcmp(command, "-V") || !strcmp(command, "--version")) {
		puts("sclog 0.1");
		return printed(STATUS_OK);
	}
	if (!strcmp(command, "exec"))
		return command_exec(argc - 1, argv + 1);
	if (!strcmp(command, "list"))
		return command_list(argc - 1, argv + 1);

	if (*command)
		complain("unknown command '%s'", command);
	else
		complain("no command");
	return misuse();
}
