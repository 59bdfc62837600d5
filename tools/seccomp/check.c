// SPDX-License-Identifier: GPL-2.0
/*
 * check: run a command; report what its policy lacks.
 */
#include <stdlib.h>

#include "args.h"
#include "companions.h"
#include "file.h"
#include "outside.h"
#include "sclog.h"
#include "signals.h"
#include "source.h"
#include "watch.h"

static const char help[] =
	"Usage: sclog check -p POLICY [OPTION]... [--] COMMAND [ARGUMENT]...\n"
	"\n"
	"Run a command, allow all that it does, and report the calls that POLICY does\n"
	"not allow. What it allows runs at full speed. POLICY is not changed. With\n"
	"--json the report is standard output, and what the command writes there\n"
	"goes to standard error.\n"
	"\n"
	"  -p, --policy=POLICY     the policy\n"
	"      --source=SOURCE     auto, trace, log or notify, as for learn\n"
	"  -u, --user=USER         run the command as USER\n"
	"\n"
	"Status: 0 nothing new, 1 something new, 3 the record is incomplete, 4 nothing\n"
	"new, but the command failed.\n"
	"\n"
	"Example: sclog check -p make.json -- make -s test\n";

enum {
	OPT_SOURCE = OPT_FIRST,
};

static const struct option longs[] = {
	{ "policy", required_argument, NULL, 'p' },
	{ "source", required_argument, NULL, OPT_SOURCE },
	{ "user", required_argument, NULL, 'u' },
	{ }
};

/* A run, and what was seen in it that the policy does not allow */
struct check {
	const char *path;
	const char *source_name;
	const char *user;
	struct watch watch;
	struct policy *policy;
	struct outside outside;
	uint64_t foreign;
};

/* Refused on purpose, so that the C library makes another call in its place */
static bool is_fallback(const struct policy *policy, const struct call *call)
{
	const struct policy_call *known = policy_find(policy, call);

	return known && companion_refuses(known);
}

static void on_event(struct watch *watch, const struct event *event)
{
	struct check *check = watch->data;

	if (!event->call.abi)
		check->foreign += event->count;
	else if (!policy_allows(check->policy, event) &&
		 !is_fallback(check->policy, &event->call))
		outside_add(&check->outside, event);
}

static void on_clone3(struct watch *watch, const struct event *event,
		      uint64_t flags, uint64_t exit_signal)
{
	struct check *check = watch->data;
	struct event clone;

	if (is_fallback(check->policy, &event->call) &&
	    args_clone3(event, flags, exit_signal, &clone))
		on_event(watch, &clone);
}

static void on_status(struct watch *watch)
{
	struct check *check = watch->data;
	char calls[NUMBER_MAX];

	pr_info("%s calls that %s does not have",
		number_text(check->outside.calls, calls),
		file_title(check->path));
}

static void report(const struct check *check)
{
	size_t nr = outside_calls(&check->outside);
	char *allow;

	if (options.json) {
		outside_print_json(&check->outside, stdout);
		return;
	}
	if (!nr)
		return;
	pr_info("%s does not have %zu call%s that %s made:",
		file_title(check->path), nr,
		nr == 1 ? "" : "s", nr == 1 ? "was" : "were");
	if (!options.quiet)
		outside_print(&check->outside, check->policy, stderr);
	allow = outside_allow(&check->outside, check->policy, check->path);
	pr_info("to accept: %s", allow);
	free(allow);
}

static int finish(const struct check *check)
{
	const struct watch *watch = &check->watch;
	int failed = command_exit_status(watch->main_status);
	int status = STATUS_OK;

	report(check);
	if (check->foreign)
		pr_warn("%llu calls of an architecture that sclog does not know",
			(unsigned long long)check->foreign);
	if (check->outside.nr || check->foreign)
		status = STATUS_NO;
	if (watch->incomplete) {
		pr_warn("the record is incomplete, there may be more: %s",
			watch->incomplete_why);
		status = status_merge(status, STATUS_INCOMPLETE);
	}
	if (failed) {
		pr_info("%s: status %d", watch->command.argv[0], failed);
		status = status_merge(status, STATUS_COMMAND_FAILED);
	}
	return status;
}

static int check_command(struct check *check)
{
	struct watch *watch = &check->watch;
	const struct source *source;
	int status;

	check->policy = policy_load(check->path);
	if (!check->policy)
		return STATUS_FAILED;
	source = source_choose("check", check->source_name, false);
	if (!source)
		return STATUS_NO_FILTER;
	status = source_filter(source, watch, check->policy);
	if (status)
		return status;
	if (source->unwatched)
		pr_info("not watched: %s", source->unwatched);
	signals_catch();
	status = source->run(watch);
	signals_restore();
	return status ? status : finish(check);
}

int cmd_check(int argc, char **argv)
{
	struct check check = {
		.source_name = "auto",
		.watch = {
			.verb = "check",
			.event = on_event,
			.clone3 = on_clone3,
			.print_status = on_status,
			.data = &check,
		},
	};
	int status = 0;
	int option;

	while (!status && (option = next_option(argc, argv, "p:u:", longs,
						help)) != OPT_END) {
		switch (option) {
		case 'p':
			check.path = optarg;
			break;
		case 'u':
			check.user = optarg;
			break;
		case OPT_SOURCE:
			check.source_name = optarg;
			if (!source_is_name(optarg))
				status = usage("check",
					       "--source: '%s' is not auto, trace, log or notify",
					       optarg);
			break;
		default:
			return option_status(option);
		}
	}
	if (!status && !check.path)
		status = usage("check", "no policy: -p POLICY");
	if (!status && optind == argc)
		status = usage("check", "no command");
	if (!status)
		status = command_find(&check.watch.command, argv + optind,
				      check.user);
	check.watch.command.out_to_err = options.json;
	if (!status)
		status = check_command(&check);
	outside_free(&check.outside);
	policy_free(check.policy);
	watch_free(&check.watch);
	return status;
}
