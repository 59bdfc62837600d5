// SPDX-License-Identifier: GPL-2.0
/*
 * read: its options.
 */
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "read.h"
#include "sclog.h"

static const char help[] =
	"Usage: sclog read [OPTION]... [FILE|-]...\n"
	"\n"
	"What was called, from logs: of auditd (also rotated and .gz), ausearch,\n"
	"journalctl, dmesg, /dev/kmsg, syslog. Without FILE: standard input.\n"
	"\n"
	"  -o, --output=POLICY  add the calls to a policy\n"
	"      --list           names only, one a line\n"
	"      --journal        read the journal\n"
	"      --follow         wait for more, until Ctrl-C\n"
	"      --denied         what was refused: --action=denied\n"
	"      --action=WHICH   log, denied, all; default: all, and log for\n"
	"                       --list and -o\n"
	"      --pid=PID        of a process\n"
	"      --comm=NAME      of threads of this name; *, ? and [] are patterns\n"
	"      --exe=PATH       of a program, or a pattern\n"
	"      --uid=USER       of a user, by name or number\n"
	"      --filter=ID      of a filter, as filter= has it\n"
	"      --unit=UNIT      of a systemd unit\n"
	"      --since=TIME     from -1h, 10:00, '2026-11-25 10:00', today, ...\n"
	"      --until=TIME     up to\n"
	"      --strict         write no policy if the log is incomplete\n"
	"      --no-companions  add only what was seen\n"
	"      --json           an object a call, and one with what was read and lost\n"
	"\n"
	"Each of --pid to --filter may be given several times. Status 3: done, but\n"
	"the log is incomplete.\n"
	"\n"
	"Example: sclog read --denied --since -1h /var/log/audit/audit.log\n";

enum {
	OPT_LIST = OPT_FIRST,
	OPT_JOURNAL,
	OPT_FOLLOW,
	OPT_DENIED,
	OPT_ACTION,
	OPT_PID,
	OPT_COMM,
	OPT_EXE,
	OPT_UID,
	OPT_FILTER,
	OPT_UNIT,
	OPT_SINCE,
	OPT_UNTIL,
	OPT_STRICT,
	OPT_NO_COMPANIONS,
};

static const struct option longs[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "list", no_argument, NULL, OPT_LIST },
	{ "journal", no_argument, NULL, OPT_JOURNAL },
	{ "follow", no_argument, NULL, OPT_FOLLOW },
	{ "denied", no_argument, NULL, OPT_DENIED },
	{ "action", required_argument, NULL, OPT_ACTION },
	{ "pid", required_argument, NULL, OPT_PID },
	{ "comm", required_argument, NULL, OPT_COMM },
	{ "exe", required_argument, NULL, OPT_EXE },
	{ "uid", required_argument, NULL, OPT_UID },
	{ "filter", required_argument, NULL, OPT_FILTER },
	{ "unit", required_argument, NULL, OPT_UNIT },
	{ "since", required_argument, NULL, OPT_SINCE },
	{ "until", required_argument, NULL, OPT_UNTIL },
	{ "strict", no_argument, NULL, OPT_STRICT },
	{ "no-companions", no_argument, NULL, OPT_NO_COMPANIONS },
	{ }
};

static int bad_value(const char *option, const char *value, const char *what)
{
	return usage("read", "--%s: '%s' is not %s", option, value, what);
}

static int set_action(struct reading *reading, const char *name)
{
	static const char *const names[] = {
		[SELECT_ALL] = "all",
		[SELECT_LOGGED] = "log",
		[SELECT_DENIED] = "denied",
	};

	reading->has_action = true;
	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(names[i], name)) {
			reading->selection.action = i;
			return STATUS_OK;
		}
	}
	return bad_value("action", name, "log, denied or all");
}

static int add_number(struct id_set *set, const char *option, const char *text,
		      unsigned int base, uint64_t max)
{
	uint64_t number;

	if (!parse_u64(text, base, max, &number) || !number)
		return bad_value(option, text, base == 16 ?
				 "the id of a filter, in hexadecimal digits" :
				 "a number");
	id_set_add(set, number);
	return STATUS_OK;
}

static int add_user(struct id_set *set, const char *text)
{
	const struct passwd *user = getpwnam(text);
	uint64_t number;

	if (user)
		number = user->pw_uid;
	else if (!parse_u64(text, 10, UINT32_MAX, &number))
		return bad_value("uid", text, "a user of this machine or a number");
	id_set_add(set, number);
	return STATUS_OK;
}

static void add_text(const char ***texts, size_t *nr, const char *text)
{
	*texts = xreallocarray(*texts, *nr + 1, sizeof(**texts));
	(*texts)[(*nr)++] = text;
}

static int set_time(const char *option, const char *text, bool *has,
		    int64_t *time_ms)
{
	*has = true;
	if (select_time(text, now_ms(), time_ms))
		return STATUS_OK;
	return bad_value(option, text, "a time");
}

/* The options by which calls are asked for */
static int set_selection(struct reading *reading, int option)
{
	struct selection *selection = &reading->selection;

	reading->narrowed |= option != OPT_FILTER && option != OPT_UNIT;
	switch (option) {
	case OPT_PID:
		return add_number(&selection->pids, "pid", optarg, 10,
				  INT32_MAX);
	case OPT_COMM:
		add_text(&selection->comms, &selection->nr_comms, optarg);
		return STATUS_OK;
	case OPT_EXE:
		add_text(&selection->exes, &selection->nr_exes, optarg);
		return STATUS_OK;
	case OPT_UID:
		return add_user(&selection->uids, optarg);
	case OPT_FILTER:
		return add_number(&selection->filters, "filter", optarg, 16,
				  UINT64_MAX);
	case OPT_UNIT:
		reading->unit = optarg;
		return STATUS_OK;
	case OPT_SINCE:
		return set_time("since", optarg, &selection->has_since,
				&selection->since_ms);
	default:
		return set_time("until", optarg, &selection->has_until,
				&selection->until_ms);
	}
}

static int set_option(struct reading *reading, int option)
{
	switch (option) {
	case 'o':
		reading->output = optarg;
		break;
	case OPT_LIST:
		reading->list = true;
		break;
	case OPT_JOURNAL:
		reading->journal = true;
		break;
	case OPT_FOLLOW:
		reading->follow = true;
		break;
	case OPT_DENIED:
		return set_action(reading, "denied");
	case OPT_ACTION:
		return set_action(reading, optarg);
	case OPT_STRICT:
		reading->strict = true;
		break;
	case OPT_NO_COMPANIONS:
		reading->no_companions = true;
		break;
	default:
		return set_selection(reading, option);
	}
	return STATUS_OK;
}

static int check_options(const struct reading *reading, int nr_files)
{
	if (reading->list && options.json)
		return usage("read", "--list and --json are two forms of output");
	if (reading->list && reading->follow)
		return usage("read", "--list is made at the end, which --follow does not have");
	if (!reading->output && (reading->strict || reading->no_companions))
		return usage("read", "%s is for a policy, -o POLICY",
			     reading->strict ? "--strict" : "--no-companions");
	if (reading->journal && nr_files)
		return usage("read", "--journal and files: read one, then the other");
	if (reading->follow && nr_files > 1)
		return usage("read", "--follow takes one file");
	if (!reading->journal && !nr_files && isatty(STDIN_FILENO))
		return usage("read", "no log: name a file, or '-' for standard input, or --journal");
	return STATUS_OK;
}

bool read_options(struct reading *reading, int argc, char **argv, int *status)
{
	int option;

	while ((option = next_option(argc, argv, "o:", longs, help)) >= 0) {
		*status = set_option(reading, option);
		if (*status)
			return false;
	}
	if (option != OPT_END) {
		*status = option_status(option);
		return false;
	}
	*status = check_options(reading, argc - optind);
	if (*status)
		return false;
	if (!reading->has_action && (reading->list || reading->output))
		reading->selection.action = SELECT_LOGGED;
	return true;
}
