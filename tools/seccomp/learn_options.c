// SPDX-License-Identifier: GPL-2.0
/*
 * The command line of learn.
 */
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "companions.h"
#include "learn_options.h"
#include "sclog.h"
#include "source.h"

static const char help[] =
	"Usage: sclog learn -o POLICY [OPTION]... [--] COMMAND [ARGUMENT]...\n"
	"       sclog learn -o POLICY [OPTION]... --unit=UNIT\n"
	"\n"
	"Run a command and write what it calls to a policy. A policy that is there\n"
	"is added to; what it allows already runs at full speed. Under sudo the\n"
	"command runs as the user who called it.\n"
	"\n"
	"  -o, --output=POLICY     the policy\n"
	"      --source=SOURCE     trace (ptrace), log (audit), notify (a listener);\n"
	"                          auto: log if this kernel logs once and it may be\n"
	"                          read, else trace, else notify\n"
	"      --unit=UNIT         restart a systemd service with its calls logged, and\n"
	"                          once more without when Ctrl-C comes\n"
	"  -u, --user=USER         run the command as USER\n"
	"      --until=all|main    wait for all that the command starts, or end it\n"
	"      --for=TIME          end the command after TIME: 30, 30s, 5m, 1h\n"
	"      --strict            write nothing if the record is incomplete\n"
	"      --args=CALL,...     allow these calls only with the values seen\n"
	"      --count             count also what the policy allows already\n"
	"      --companions=GROUPS -clock,+tty: groups of calls that no run need show,\n"
	"                          but that what was seen implies; default: all but tty\n"
	"      --no-companions     none of them\n"
	"      --paths             note the paths of execve, open and connect\n"
	"      --json              the summary as an object, on standard error\n"
	"\n"
	"Example: sclog learn -o curl.json -- curl -sS -o page http://127.0.0.1/\n";

enum {
	OPT_SOURCE = OPT_FIRST,
	OPT_UNTIL,
	OPT_FOR,
	OPT_STRICT,
	OPT_ARGS,
	OPT_COUNT,
	OPT_COMPANIONS,
	OPT_NO_COMPANIONS,
	OPT_PATHS,
	OPT_UNIT,
	OPT_PID,
};

static const struct option longs[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "source", required_argument, NULL, OPT_SOURCE },
	{ "user", required_argument, NULL, 'u' },
	{ "until", required_argument, NULL, OPT_UNTIL },
	{ "for", required_argument, NULL, OPT_FOR },
	{ "strict", no_argument, NULL, OPT_STRICT },
	{ "args", required_argument, NULL, OPT_ARGS },
	{ "count", no_argument, NULL, OPT_COUNT },
	{ "companions", required_argument, NULL, OPT_COMPANIONS },
	{ "no-companions", no_argument, NULL, OPT_NO_COMPANIONS },
	{ "paths", no_argument, NULL, OPT_PATHS },
	{ "unit", required_argument, NULL, OPT_UNIT },
	{ "pid", required_argument, NULL, OPT_PID },
	{ }
};

static bool parse_time(const char *text, int64_t *ms)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = {
		{ "", 1000 }, { "s", 1000 }, { "ms", 1 }, { "m", 60000 },
		{ "min", 60000 }, { "h", 3600000 },
	};
	char *end;
	unsigned long value;

	if (*text < '0' || *text > '9')
		return false;
	value = strtoul(text, &end, 10);
	if (!value || value > 1000000)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (!strcmp(end, units[i].unit)) {
			*ms = value * units[i].ms;
			return true;
		}
	}
	return false;
}

/* A list "CALL,CALL"; each must have arguments that can be narrowed */
static int parse_narrow(struct learn_options *wanted, const char *list)
{
	char *copy = xstrdup(list);
	char *rest = copy;
	char *name;
	int status = 0;

	while (!status && (name = strsep(&rest, ","))) {
		struct call call;
		const char *why;

		if (call_parse(name, &call, &why)) {
			status = usage("learn", "--args: '%s': %s", name, why);
		} else if (!args_mask(&call)) {
			status = usage("learn",
				       "--args: '%s': has no argument that a policy can narrow",
				       name);
		} else {
			wanted->narrow = xreallocarray(wanted->narrow,
						       wanted->nr_narrow + 1,
						       sizeof(call));
			wanted->narrow[wanted->nr_narrow++] = call;
		}
	}
	free(copy);
	return status;
}

static int parse_companions(struct learn_options *wanted, const char *text)
{
	char *error = NULL;
	int status = 0;

	if (!companions_parse(text, &wanted->companions, &error))
		status = usage("learn", "--companions: %s", error);
	free(error);
	return status;
}

static int parse_option(struct learn_options *wanted, int option)
{
	switch (option) {
	case 'o':
		wanted->output = optarg;
		return 0;
	case 'u':
		wanted->user = optarg;
		return 0;
	case OPT_SOURCE:
		wanted->source = optarg;
		if (source_is_name(optarg))
			return 0;
		return usage("learn",
			     "--source: '%s' is not auto, trace, log or notify",
			     optarg);
	case OPT_UNTIL:
		wanted->has_until = true;
		wanted->until = strcmp(optarg, "main") ? UNTIL_ALL : UNTIL_MAIN;
		if (wanted->until == UNTIL_MAIN || !strcmp(optarg, "all"))
			return 0;
		return usage("learn", "--until: '%s' is not main or all",
			     optarg);
	case OPT_FOR:
		if (parse_time(optarg, &wanted->limit_ms))
			return 0;
		return usage("learn", "--for: '%s' is not a time like 30s or 5m",
			     optarg);
	case OPT_UNIT:
		wanted->unit = optarg;
		return 0;
	case OPT_PID:
		return usage("learn",
			     "a filter cannot be put on a running process; restart it under sclog, or use --unit");
	case OPT_STRICT:
		wanted->strict = true;
		return 0;
	case OPT_ARGS:
		return parse_narrow(wanted, optarg);
	case OPT_COUNT:
		wanted->count = true;
		return 0;
	case OPT_COMPANIONS:
		return parse_companions(wanted, optarg);
	case OPT_NO_COMPANIONS:
		wanted->companions = 0;
		return 0;
	case OPT_PATHS:
		wanted->paths = true;
		return 0;
	default:
		abort();
	}
}

/* The service has its own user and end, and its filter logs all calls */
static const char *not_for_unit(const struct learn_options *wanted)
{
	return wanted->source && strcmp(wanted->source, "auto") &&
		strcmp(wanted->source, "log") ? "--source" :
		wanted->user ? "--user" :
		wanted->has_until ? "--until" :
		wanted->count ? "--count" :
		wanted->paths ? "--paths" : NULL;
}

static int check_options(const struct learn_options *wanted, bool has_command)
{
	const char *other = not_for_unit(wanted);

	if (!wanted->output)
		return usage("learn", "no policy: -o POLICY");
	if (wanted->unit && other)
		return usage("learn", "%s is for a command, not for --unit",
			     other);
	if (wanted->paths && wanted->source && !strcmp(wanted->source, "log"))
		return usage("learn", "--paths: audit's records have none: --source=trace or notify");
	if (wanted->unit && has_command)
		return usage("learn", "a command and --unit");
	if (!wanted->unit && !has_command)
		return usage("learn", "no command");
	return STATUS_OK;
}

bool learn_parse(struct learn_options *wanted, int argc, char **argv,
		 int *status)
{
	int option;

	*wanted = (struct learn_options){
		.companions = companions_default(),
	};
	while ((option = next_option(argc, argv, "o:u:", longs,
				     help)) != OPT_END) {
		*status = option < 0 ? option_status(option) :
			parse_option(wanted, option);
		if (*status || option == OPT_DONE)
			return false;
	}
	*status = check_options(wanted, optind < argc);
	if (!wanted->source)
		wanted->source = "auto";
	wanted->command = wanted->unit ? NULL : argv + optind;
	return !*status;
}
