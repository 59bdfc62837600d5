// SPDX-License-Identifier: GPL-2.0
/*
 * sclog: from a program to its seccomp policy. The table of verbs, and what
 * all verbs have: options, help, statuses.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sclog.h"

static const struct verb {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;
	bool no_json;
} verbs[] = {
	{ "learn", cmd_learn,
	  "run a command and write what it calls to a policy" },
	{ "read", cmd_read,
	  "the same from written logs" },
	{ "run", cmd_run,
	  "run a command under a policy; say what was refused" },
	{ "check", cmd_check,
	  "run a command; report what its policy lacks" },
	{ "review", cmd_review,
	  "walk through a policy and decide" },
	{ "allow", cmd_allow,
	  "allow calls in a policy", .no_json = true },
	{ "deny", cmd_deny,
	  "refuse calls in a policy", .no_json = true },
	{ "drop", cmd_drop,
	  "take calls out of a policy", .no_json = true },
	{ "convert", cmd_convert,
	  "policies in the formats of other programs", .no_json = true },
	{ "diff", cmd_diff,
	  "compare two policies by what they mean" },
	{ "merge", cmd_merge,
	  "one policy of several" },
	{ "explain", cmd_explain,
	  "why a call is in a policy; a record in plain words" },
	{ "stat", cmd_stat,
	  "count calls, programs and arguments" },
	{ "doctor", cmd_doctor,
	  "find out why nothing is logged" },
};

#define NR_VERBS	(sizeof(verbs) / sizeof(verbs[0]))

enum {
	OPT_COLOR = 256,
	OPT_JSON,
};

#define COMMON_LETTERS	"hVqv"

static const struct option common_options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "color", required_argument, NULL, OPT_COLOR },
	{ "json", no_argument, NULL, OPT_JSON },
};

#define NR_COMMON	(sizeof(common_options) / sizeof(common_options[0]))
#define NR_LONGS_MAX	64

int status_merge(int a, int b)
{
	static const int order[] = {
		STATUS_NOT_FOUND, STATUS_CANNOT_RUN, STATUS_NO_FILTER,
		STATUS_USAGE, STATUS_INCOMPLETE, STATUS_FAILED,
		STATUS_COMMAND_FAILED,
	};

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return a ? a : b;
}

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < NR_VERBS; i++)
		if (!strcmp(verbs[i].name, name))
			return &verbs[i];
	return NULL;
}

/* getopt() is told "sclog" for options before the verb, then the verb */
static bool is_verb(const char *name)
{
	return find_verb(name);
}

static void print_hint(const char *verb)
{
	bool known = is_verb(verb);

	fprintf(stderr, "Try 'sclog %s%s--help'.\n", known ? verb : "",
		known ? " " : "");
}

int usage(const char *verb, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	if (is_verb(verb))
		pr_err("%s: %s", verb, text ? text : format);
	else
		pr_err("%s", text ? text : format);
	print_hint(verb);
	free(text);
	return STATUS_USAGE;
}

static bool set_color(const char *verb, const char *when)
{
	static const char *const modes[] = {
		[COLOR_AUTO] = "auto",
		[COLOR_ALWAYS] = "always",
		[COLOR_NEVER] = "never",
	};

	for (unsigned int i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (!strcmp(modes[i], when)) {
			options.color = i;
			return true;
		}
	}
	usage(verb, "--color: '%s' is not auto, always or never", when);
	return false;
}

/* A verb that has no report of its own has none for programs */
static int refuse_json(const char *verb)
{
	return usage(verb, "--json: this verb has no report");
}

/* getopt_long()'s ':' or '?': which option it was, for a message */
static int bad_option(char **argv, bool lacks_argument, bool known)
{
	const char *what = lacks_argument ? "needs an argument" :
		known ? "takes no argument, or is ambiguous" : "unknown option";
	/* a letter is named by getopt(), a long option is the word before */
	const char *word = argv[optind - 1];

	if (optopt && optopt < 256 && isprint(optopt) &&
	    strncmp(word, "--", 2))
		usage(argv[0], "-%c: %s", optopt, what);
	else
		usage(argv[0], "%s: %s", word, what);
	return OPT_BAD;
}

static size_t join_options(struct option *joined, const struct option *longs)
{
	size_t nr = NR_COMMON;

	memcpy(joined, common_options, sizeof(common_options));
	for (; longs && longs->name; longs++) {
		if (nr == NR_LONGS_MAX - 1)
			abort();
		joined[nr++] = *longs;
	}
	joined[nr] = (struct option){};
	return nr;
}

int next_option(int argc, char **argv, const char *letters,
		const struct option *longs, const char *help)
{
	struct option joined[NR_LONGS_MAX];
	const struct verb *verb = find_verb(argv[0]);
	char all[128];

	join_options(joined, longs);
	/* +: options end at the first operand; ':' instead of messages */
	snprintf(all, sizeof(all), "+:%s%s", COMMON_LETTERS, letters);
	opterr = 0;
	for (;;) {
		int option = getopt_long(argc, argv, all, joined, NULL);

		switch (option) {
		case 'h':
			fputs(help, stdout);
			return OPT_DONE;
		case 'V':
			puts("sclog " SCLOG_VERSION);
			return OPT_DONE;
		case 'q':
			options.quiet = true;
			break;
		case 'v':
			options.verbose++;
			break;
		case OPT_JSON:
			if (verb && verb->no_json) {
				refuse_json(verb->name);
				return OPT_BAD;
			}
			options.json = true;
			break;
		case OPT_COLOR:
			if (!set_color(argv[0], optarg))
				return OPT_BAD;
			break;
		case ':':
			return bad_option(argv, true, true);
		case '?':
			/* a known long option has its value in optopt */
			return bad_option(argv, false, optopt >= 256);
		default:
			return option;
		}
	}
}

int option_status(int option)
{
	return option == OPT_DONE ? STATUS_OK : STATUS_USAGE;
}

static char *make_help(void)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	if (!out)
		abort();
	fputs("Usage: sclog VERB [OPTION]... [ARGUMENT]...\n"
	      "\n"
	      "From a program to its seccomp policy.\n"
	      "\n", out);
	for (size_t i = 0; i < NR_VERBS; i++)
		fprintf(out, "  %-8s  %s\n", verbs[i].name, verbs[i].summary);
	fputs("\n"
	      "  -h, --help       this text; 'sclog VERB --help' for a verb\n"
	      "  -V, --version    the version\n"
	      "  -q, --quiet      errors and warnings only\n"
	      "  -v, --verbose    say more\n"
	      "      --color=WHEN auto, always, never\n"
	      "      --json       for programs: a JSON object a line; not every verb has it\n"
	      "\n"
	      "Example: sclog learn -o ls.json -- ls -l\n"
	      "         sclog run -p ls.json -- ls -l\n", out);
	fclose(out);
	return text;
}

static int run_verb(int argc, char **argv)
{
	const struct verb *verb = find_verb(argv[0]);

	if (!verb)
		return usage("sclog", "unknown verb '%s'", argv[0]);
	if (options.json && verb->no_json)
		return refuse_json(verb->name);
	/* 0: glibc begins anew, with other options */
	optind = 0;
	return verb->run(argc, argv);
}

/*
 * If a standard stream is closed, the next file that is opened would get its
 * number, and sclog's messages. Such a number gets what can be neither read nor
 * written, and a command does not inherit it.
 */
static void keep_streams_closed(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
		    open("/", O_PATH | O_CLOEXEC) != fd)
			abort();
}

int main(int argc, char **argv)
{
	char *help;
	int option;
	int status;

	keep_streams_closed();
	help = make_help();
	option = next_option(argc, argv, "", NULL, help);
	if (option != OPT_END)
		status = option_status(option);
	else if (optind == argc)
		status = usage("sclog", "no verb");
	else
		status = run_verb(argc - optind, argv + optind);
	free(help);
	if (!flush_output())
		status = status_merge(status, STATUS_FAILED);
	return status;
}
