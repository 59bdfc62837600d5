// SPDX-License-Identifier: GPL-2.0
/*
 * convert: policies in the formats of other programs.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "companions.h"
#include "file.h"
#include "format.h"
#include "sclog.h"

static const char help[] =
	"Usage: sclog convert [--from FORMAT] --to FORMAT [OPTION]... [FILE|-]\n"
	"\n"
	"Policies in the formats of other programs. What a format cannot hold is\n"
	"said; what it would take for something else is an error.\n"
	"\n"
	"  oci         container runtimes, and sclog's own (the default of --from)\n"
	"  docker      the same with archMap, includes, excludes; only --from\n"
	"  spo         SeccompProfile of the Security Profiles Operator\n"
	"  systemd     drop-in of a unit\n"
	"  libseccomp  C program; only --to\n"
	"  bpf         instructions as bwrap --seccomp takes them; only --to\n"
	"  minijail    policy of minijail\n"
	"  firejail    lines of a profile\n"
	"  list        a name a line\n"
	"\n"
	"      --for=RUNNER     add what runc, crun, docker or firejail itself calls\n"
	"      --groups         systemd: @system-service rather than single names\n"
	"      --drop-unknown   leave out calls that the format cannot name\n"
	"\n"
	"Example: sclog convert --to systemd redis.json\n";

enum {
	OPT_FROM = OPT_FIRST,
	OPT_TO,
	OPT_FOR,
	OPT_GROUPS,
	OPT_DROP_UNKNOWN,
};

static const struct option longs[] = {
	{ "from", required_argument, NULL, OPT_FROM },
	{ "to", required_argument, NULL, OPT_TO },
	{ "for", required_argument, NULL, OPT_FOR },
	{ "groups", no_argument, NULL, OPT_GROUPS },
	{ "drop-unknown", no_argument, NULL, OPT_DROP_UNKNOWN },
	{ }
};

struct wanted {
	const struct format *from;
	const struct format *to;
	unsigned int runner;
	bool groups;
	bool drop_unknown;
};

static int set_format(const struct format **format, const char *option,
		      const char *name, bool writes)
{
	*format = format_by_name(name);
	if (!*format)
		return usage("convert", "--%s: unknown format '%s'", option,
			     name);
	if (writes ? !(*format)->write : !(*format)->read)
		return usage("convert", "--%s: '%s' is only %s", option, name,
			     writes ? "read" : "written");
	return STATUS_OK;
}

static int set_runner(unsigned int *groups, const char *name)
{
	/* docker runs runc */
	const char *group = strcmp(name, "docker") ? name : "runc";

	if (strcmp(group, "runc") && strcmp(group, "crun") &&
	    strcmp(group, "firejail"))
		return usage("convert", "--for: '%s' is not runc, crun, docker or firejail",
			     name);
	*groups = companion_group(group);
	return STATUS_OK;
}

static int set_option(struct wanted *wanted, int option)
{
	switch (option) {
	case OPT_FROM:
		return set_format(&wanted->from, "from", optarg, false);
	case OPT_TO:
		return set_format(&wanted->to, "to", optarg, true);
	case OPT_FOR:
		return set_runner(&wanted->runner, optarg);
	case OPT_GROUPS:
		wanted->groups = true;
		break;
	case OPT_DROP_UNKNOWN:
		wanted->drop_unknown = true;
		break;
	}
	return STATUS_OK;
}

static int check_wanted(const struct wanted *wanted, int nr_files)
{
	if (!wanted->to)
		return usage("convert", "no --to");
	if (nr_files > 1)
		return usage("convert", "more than one file");
	if (wanted->groups && strcmp(wanted->to->name, "systemd"))
		return usage("convert", "--groups is for --to systemd");
	if (!strcmp(wanted->to->name, "bpf") && isatty(STDOUT_FILENO))
		return usage("convert", "bpf is not for a terminal");
	return STATUS_OK;
}

/* Names that no architecture of the policy has */
static void check_unknown(struct conversion *to)
{
	for (size_t i = 0; i < to->policy->nr_unknown; i++) {
		const char *name = to->policy->unknown[i].name;

		if (to->drop_unknown)
			conversion_lose(to, "left out, as it is unknown: %s", name);
		else
			conversion_fail(to, "'%s' is unknown; --drop-unknown leaves it out",
					name);
	}
}

/*
 * No format but the instructions has ranges of numbers. What reads a list takes
 * ENOSYS for all that is not in it.
 */
static void check_new_numbers(struct conversion *to, const char *format)
{
	if (!policy_has_new_numbers(to->policy) || !strcmp(format, "bpf") ||
	    !strcmp(format, "list"))
		return;
	if (!strcmp(format, "oci"))
		conversion_lose(to, "for sclog and runc, not for every runtime: ENOSYS for numbers above those of known calls");
	else
		conversion_lose(to, "answered as by default, not with ENOSYS: numbers above those of known calls");
}

static int write_policy(const struct wanted *wanted, struct policy *policy,
			const char *file)
{
	char *text = NULL;
	size_t length = 0;
	struct conversion to = {
		.file = file,
		.policy = policy,
		.out = open_memstream(&text, &length),
		.groups = wanted->groups,
		.drop_unknown = wanted->drop_unknown,
	};

	if (!to.out)
		abort();
	check_unknown(&to);
	if (to.drop_unknown)
		policy_drop_unknown(policy);
	if (!to.failed)
		check_new_numbers(&to, wanted->to->name);
	if (!to.failed)
		wanted->to->write(&to);
	fclose(to.out);
	if (!to.failed)
		fwrite(text, length, 1, stdout);
	free(text);
	return to.failed ? STATUS_FAILED : STATUS_OK;
}

static int convert(const struct wanted *wanted, const char *file)
{
	struct policy *policy = NULL;
	size_t length;
	char *text = read_file(file, &length);
	int status = STATUS_FAILED;

	if (text)
		policy = wanted->from->read(file, text, length);
	free(text);
	if (policy) {
		pr_debug("%s: %s, %zu calls", file, wanted->from->name,
			 policy->nr_calls);
		if (wanted->runner)
			companions_add(policy, wanted->runner);
		status = write_policy(wanted, policy, file);
	}
	policy_free(policy);
	return status;
}

int cmd_convert(int argc, char **argv)
{
	struct wanted wanted = { .from = format_by_name("oci") };
	int status;
	int option;

	while ((option = next_option(argc, argv, "", longs, help)) >= 0) {
		status = set_option(&wanted, option);
		if (status)
			return status;
	}
	if (option != OPT_END)
		return option_status(option);
	status = check_wanted(&wanted, argc - optind);
	if (status)
		return status;
	return convert(&wanted, optind < argc ? argv[optind] : "-");
}
