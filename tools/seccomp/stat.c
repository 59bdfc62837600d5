// SPDX-License-Identifier: GPL-2.0
/*
 * stat: count calls, programs and arguments.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "decide.h"
#include "file.h"
#include "notable.h"
#include "sclog.h"
#include "stat.h"

static const char help[] =
	"Usage: sclog stat [OPTION]... POLICY\n"
	"\n"
	"Count what a policy was learned from: calls, programs, what each run added,\n"
	"and the values of arguments.\n"
	"\n"
	"      --html=FILE       write a page instead; it needs no other file\n"
	"      --json            an object a call\n"
	"  -v, --verbose         all calls, not only the most frequent\n"
	"\n"
	"Example: sclog stat --html=curl.html curl.json\n";

enum {
	OPT_HTML = OPT_FIRST,
};

static const struct option longs[] = {
	{ "html", required_argument, NULL, OPT_HTML },
	{ }
};

/* Lines of a chart without -v */
#define LINES_SHORT	20

static int compare_calls(const void *a, const void *b)
{
	const struct policy_call *const *one = a;
	const struct policy_call *const *other = b;

	if ((*one)->count != (*other)->count)
		return (*one)->count < (*other)->count ? 1 : -1;
	return call_compare(&(*one)->call, &(*other)->call);
}

static int compare_tallies(const void *a, const void *b)
{
	const struct tally *one = a;
	const struct tally *other = b;

	if (one->count != other->count)
		return one->count < other->count ? 1 : -1;
	return strcmp(one->name, other->name);
}

void stats_make(struct stats *stats, const struct policy *policy)
{
	*stats = (struct stats){ .policy = policy };
	stats->calls = xcalloc(policy->nr_calls, sizeof(*stats->calls));
	for (size_t i = 0; i < policy->nr_calls; i++) {
		struct policy_call *entry = &policy->calls[i];

		if (entry->count)
			stats->calls[stats->nr_calls++] = entry;
		else if (entry->why)
			stats->companions++;
		if (!call_is_allowed(entry))
			stats->denied++;
		if (__builtin_add_overflow(stats->total, entry->count,
					   &stats->total))
			stats->total = UINT64_MAX;
		for (size_t j = 0; j < entry->by.nr; j++)
			count_name(&stats->names, entry->by.names[j].name,
				   entry->by.names[j].count);
	}
	qsort(stats->calls, stats->nr_calls, sizeof(*stats->calls),
	      compare_calls);
	stats->by = xcalloc(stats->names.nr, sizeof(*stats->by));
	for (size_t i = 0; i < stats->names.nr; i++)
		stats->by[stats->nr_by++] = (struct tally){
			stats->names.names[i].name,
			stats->names.names[i].count };
	if (stats->nr_by)
		qsort(stats->by, stats->nr_by, sizeof(*stats->by),
		      compare_tallies);
}

void stats_free(struct stats *stats)
{
	for (size_t i = 0; i < stats->names.nr; i++)
		free(stats->names.names[i].name);
	free(stats->names.names);
	free(stats->by);
	free(stats->calls);
}

size_t stats_new_calls(const struct stats *stats, unsigned int run)
{
	size_t nr = 0;

	for (size_t i = 0; i < stats->nr_calls; i++)
		nr += stats->calls[i]->runs.nr &&
			stats->calls[i]->runs.ids[0] == run;
	return nr;
}

/* The chart */

static void print_bar(uint64_t count, uint64_t most, unsigned int width)
{
	bool utf8 = is_utf8();
	const struct style *style = style_for(stdout);
	unsigned int length = most ? (double)count * width / most + 0.5 : 0;

	fputs(style->green, stdout);
	/* what is there is seen */
	for (unsigned int i = 0; i < (length ? length : count != 0); i++)
		fputs(utf8 ? "\u2588" : "#", stdout);
	fputs(style->reset, stdout);
}

static void print_row(const char *name, uint64_t count, uint64_t most)
{
	char number[NUMBER_MAX];
	unsigned int width = stream_width(stdout);
	char *escaped = xcalloc(4 * strlen(name) + 1, 1);

	escape_again(escaped, 4 * strlen(name) + 1, name);
	printf("  %-22s %13s  ", escaped, number_text(count, number));
	print_bar(count, most, width > 60 ? width - 42 : 18);
	putchar('\n');
	free(escaped);
}

static size_t lines_of(size_t nr)
{
	return !options.verbose && nr > LINES_SHORT ? LINES_SHORT : nr;
}

static void print_more(size_t nr)
{
	if (lines_of(nr) < nr)
		printf("  and %zu more (-v: all)\n", nr - lines_of(nr));
}

static void print_runs(const struct stats *stats)
{
	const struct policy *policy = stats->policy;
	size_t most = 0;

	for (size_t i = 0; i < policy->nr_runs; i++) {
		size_t nr = stats_new_calls(stats, policy->runs[i].id);

		most = nr > most ? nr : most;
	}
	if (policy->nr_runs)
		puts("\nnew calls, by run");
	for (size_t i = 0; i < policy->nr_runs; i++) {
		char date[TIME_TEXT_MAX] = "?";
		char *name;

		if (policy->runs[i].date_ms)
			time_text(policy->runs[i].date_ms, date);
		name = xasprintf("%u  %.16s", policy->runs[i].id, date);
		print_row(name, stats_new_calls(stats, policy->runs[i].id), most);
		free(name);
	}
}

static void print_chart(const struct stats *stats, const char *path)
{
	char number[NUMBER_MAX];
	bool begun = false;

	print_escaped(stdout, path);
	printf(": %zu calls seen %s times in %zu run%s, %zu companion%s, %zu not allowed\n",
	       stats->nr_calls, number_text(stats->total, number),
	       stats->policy->nr_runs, stats->policy->nr_runs == 1 ? "" : "s",
	       stats->companions, stats->companions == 1 ? "" : "s",
	       stats->denied);
	if (stats->nr_calls)
		puts("\ncalls");
	for (size_t i = 0; i < lines_of(stats->nr_calls); i++) {
		char text[CALL_TEXT_MAX];

		print_row(call_text(&stats->calls[i]->call, text),
			  stats->calls[i]->count, stats->calls[0]->count);
	}
	print_more(stats->nr_calls);
	if (stats->nr_by)
		puts("\nprograms");
	for (size_t i = 0; i < lines_of(stats->nr_by); i++)
		print_row(stats->by[i].name, stats->by[i].count,
			  stats->by[0].count);
	print_more(stats->nr_by);
	print_runs(stats);
	for (size_t i = 0; i < stats->nr_calls; i++) {
		char text[CALL_TEXT_MAX];

		if (!call_note(stats->calls[i]) && !options.verbose)
			continue;
		if (!call_has_values(stats->calls[i]))
			continue;
		if (!begun)
			puts("\narguments");
		begun = true;
		printf("  %s\n", call_text(&stats->calls[i]->call, text));
		print_values(stdout, stats->calls[i], 4);
	}
}

static void print_json(const struct stats *stats)
{
	for (size_t i = 0; i < stats->nr_calls; i++) {
		const struct policy_call *entry = stats->calls[i];
		char text[CALL_TEXT_MAX];

		printf("{\"call\": \"%s\", \"count\": %" PRIu64 ", \"by\": {",
		       call_text(&entry->call, text), entry->count);
		for (size_t j = 0; j < entry->by.nr; j++) {
			fputs(j ? ", " : "", stdout);
			print_json_string(stdout, entry->by.names[j].name);
			printf(": %" PRIu64, entry->by.names[j].count);
		}
		fputs("}, \"runs\": [", stdout);
		for (size_t j = 0; j < entry->runs.nr; j++)
			printf("%s%u", j ? ", " : "", entry->runs.ids[j]);
		puts("]}");
	}
}

static bool write_html(const struct stats *stats, const char *title,
		       const char *path)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	bool ok;

	if (!out)
		abort();
	stats_html(stats, title, out);
	fclose(out);
	if (strcmp(path, "-"))
		ok = replace_file(path, text, length);
	else
		ok = fwrite(text, 1, length, stdout) == length;
	free(text);
	return ok;
}

int cmd_stat(int argc, char **argv)
{
	const char *html = NULL;
	struct policy *policy;
	struct stats stats;
	bool ok = true;
	int option;

	while ((option = next_option(argc, argv, "", longs, help)) >= 0)
		html = optarg;
	if (option != OPT_END)
		return option_status(option);
	if (html && options.json)
		return usage("stat", "--html and --json are two forms of output");
	if (argc - optind != 1)
		return usage("stat", optind == argc ? "which POLICY?" :
			     "one POLICY at a time");
	if (html && is_same_file(html, argv[optind]))
		return usage("stat", "--html: '%s' is the policy itself", html);
	policy = policy_load(argv[optind]);
	if (!policy)
		return STATUS_FAILED;
	stats_make(&stats, policy);
	if (html)
		ok = write_html(&stats, argv[optind], html);
	else if (options.json)
		print_json(&stats);
	else
		print_chart(&stats, argv[optind]);
	stats_free(&stats);
	policy_free(policy);
	return ok ? STATUS_OK : STATUS_FAILED;
}
