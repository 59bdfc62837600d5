// SPDX-License-Identifier: GPL-2.0
/*
 * The page of `sclog stat --html`: one file, no script, nothing to load.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "companions.h"
#include "decide.h"
#include "file.h"
#include "notable.h"
#include "out.h"
#include "stat.h"
#include "warnings.h"

static const char head[] =
	"<meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n"
	"<link rel=\"icon\" href=\"data:,\">\n"
	"<style>\n"
	":root { color-scheme: light dark; --text: #1b1f24; --page: #fff;\n"
	"  --dim: #59636e; --line: #d1d9e0; --bar: #4a7fd6; --warn: #8a5a00; }\n"
	"@media (prefers-color-scheme: dark) {\n"
	"  :root { --text: #e6e9ed; --page: #14171b; --dim: #9aa4af;\n"
	"    --line: #363d45; --bar: #5f95ea; --warn: #e0b050; } }\n"
	"* { box-sizing: border-box; }\n"
	"body { margin: 0 auto; padding: 1rem; max-width: 60rem;\n"
	"  background: var(--page); color: var(--text);\n"
	"  font: 1rem/1.45 system-ui, sans-serif; }\n"
	"h1 { font-size: 1.35rem; overflow-wrap: anywhere; margin: 0 0 .3rem; }\n"
	"h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }\n"
	"p { margin: .3rem 0; color: var(--dim); }\n"
	".row { display: grid; gap: 0 .8rem; align-items: center;\n"
	"  grid-template-columns: minmax(6rem, 11rem) 5.5rem 1fr;\n"
	"  padding: .2rem 0; border-bottom: 1px solid var(--line); }\n"
	".name { font-family: ui-monospace, monospace; font-size: .9rem;\n"
	"  overflow-wrap: anywhere; }\n"
	".count { text-align: right; font-size: .9rem; font-variant-numeric: tabular-nums; }\n"
	".bar { height: .75rem; min-width: 2px; border-radius: 2px;\n"
	"  background: var(--bar); }\n"
	".note { grid-column: 1 / -1; font-size: .85rem; color: var(--dim);\n"
	"  white-space: pre-wrap;\n"
	"  overflow-wrap: anywhere; }\n"
	".warn { color: var(--warn); }\n"
	"@media (max-width: 34rem) {\n"
	"  body { padding: .8rem; }\n"
	"  .row { grid-template-columns: minmax(5rem, 8rem) 5rem 1fr; } }\n"
	"</style>\n";

/* Text without control characters, in what HTML has taken */
static void print_markup(FILE *out, const char *text)
{
	for (const char *at = text; *at; at++) {
		switch (*at) {
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '&':
			fputs("&amp;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			putc(*at, out);
		}
	}
}

static void print_html(FILE *out, const char *text)
{
	size_t size = text ? 4 * strlen(text) + 1 : 2;
	char *escaped = escape_into(xcalloc(size, 1), size, text);

	print_markup(out, escaped);
	free(escaped);
}

/* Names of threads are escaped in the policy */
static void print_name(FILE *out, const char *name)
{
	size_t size = 4 * strlen(name) + 1;
	char *escaped = escape_again(xcalloc(size, 1), size, name);

	print_markup(out, escaped);
	free(escaped);
}

static void begin_row(FILE *out, const char *name, uint64_t count, uint64_t most)
{
	char number[NUMBER_MAX];

	fputs("<div class=\"row\"><div class=\"name\">", out);
	print_name(out, name);
	fprintf(out, "</div><div class=\"count\">%s</div><div>",
		number_text(count, number));
	if (count)
		fprintf(out, "<div class=\"bar\" style=\"width: %.1f%%\"></div>",
			100.0 * count / most);
	fputs("</div>", out);
}

static void print_note(FILE *out, const char *class, const char *text)
{
	fprintf(out, "<div class=\"note%s\">", class);
	print_html(out, text);
	fputs("</div>", out);
}

static void print_call(FILE *out, const struct stats *stats,
		       const struct policy_call *entry)
{
	const char *note = call_note(entry);
	char *rules = call_rules_text(entry, SCMP_ACT_ALLOW);
	char text[CALL_TEXT_MAX];

	begin_row(out, call_text(&entry->call, text), entry->count,
		  stats->calls[0]->count);
	if (note)
		print_note(out, " warn", note);
	if (companion_refuses(entry))
		print_note(out, "", "answered with ENOSYS");
	else if (!call_is_allowed(entry))
		print_note(out, " warn", "not allowed");
	if (*rules) {
		char *only = xasprintf("only %s", rules);

		print_note(out, "", only);
		free(only);
	}
	free(rules);
	if (call_has_values(entry)) {
		char *values = NULL;
		size_t length;
		FILE *stream = open_memstream(&values, &length);
		char *rest;
		char *line;

		if (!stream)
			abort();
		print_values(stream, entry, 0);
		fclose(stream);
		rest = values;
		while ((line = strsep(&rest, "\n")))
			if (*line)
				print_note(out, "", line);
		free(values);
	}
	fputs("</div>\n", out);
}

static void print_runs(FILE *out, const struct stats *stats)
{
	const struct policy *policy = stats->policy;
	size_t most = 1;

	for (size_t i = 0; i < policy->nr_runs; i++) {
		size_t nr = stats_new_calls(stats, policy->runs[i].id);

		most = nr > most ? nr : most;
	}
	fputs("<h2>New calls, by run</h2>\n", out);
	for (size_t i = 0; i < policy->nr_runs; i++) {
		const struct policy_run *run = &policy->runs[i];
		char date[TIME_TEXT_MAX] = "?";
		char *name;

		if (run->date_ms)
			time_text(run->date_ms, date);
		name = xasprintf("%u: %.10s %.5s", run->id, date,
				 run->date_ms ? date + 11 : "");
		begin_row(out, name, stats_new_calls(stats, run->id), most);
		free(name);
		fputs("<div class=\"note\">", out);
		for (char **word = run->command; word && *word; word++) {
			print_html(out, *word);
			putc(' ', out);
		}
		if (run->complete == RUN_INCOMPLETE)
			fputs("<span class=\"warn\">(incomplete)</span>", out);
		fputs("</div></div>\n", out);
	}
}

static void print_companions(FILE *out, const struct policy *policy)
{
	fputs("<h2>Companions</h2>\n<p>Not seen, but implied by what was.</p>\n",
	      out);
	for (const char *group = NULL; (group = companion_group_next(group));) {
		char *names = xstrdup("");
		size_t nr = 0;

		for (size_t i = 0; i < policy->nr_calls; i++) {
			const struct policy_call *entry = &policy->calls[i];
			char text[CALL_TEXT_MAX];
			char *longer;

			if (entry->count || !entry->why ||
			    strcmp(entry->why, group))
				continue;
			nr++;
			longer = xasprintf("%s%s%s", names, *names ? " " : "",
					   call_text(&entry->call, text));
			free(names);
			names = longer;
		}
		if (nr) {
			begin_row(out, group, nr, policy->nr_calls);
			print_note(out, "", companion_reason(group));
			print_note(out, "", names);
			fputs("</div>\n", out);
		}
		free(names);
	}
}

static void print_warning(void *data, const struct policy_warning *warning)
{
	FILE *out = data;

	fputs("<p class=\"warn\">", out);
	print_html(out, warning->text);
	fputs("</p>\n", out);
}

void stats_html(const struct stats *stats, const char *title, FILE *out)
{
	char number[NUMBER_MAX];

	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<title>", out);
	print_html(out, title);
	fprintf(out, "</title>\n%s</head>\n<body>\n<h1>", head);
	print_html(out, title);
	fprintf(out, "</h1>\n<p>%zu calls seen %s times in %zu run%s, ",
		stats->nr_calls, number_text(stats->total, number),
		stats->policy->nr_runs, stats->policy->nr_runs == 1 ? "" : "s");
	fprintf(out, "%zu companion%s, %zu not allowed</p>\n",
		stats->companions, stats->companions == 1 ? "" : "s",
		stats->denied);
	policy_warnings(stats->policy, print_warning, out);
	fputs("<h2>Calls</h2>\n", out);
	for (size_t i = 0; i < stats->nr_calls; i++)
		print_call(out, stats, stats->calls[i]);
	fputs("<h2>Programs</h2>\n", out);
	for (size_t i = 0; i < stats->nr_by; i++) {
		begin_row(out, stats->by[i].name, stats->by[i].count,
			  stats->by[0].count);
		fputs("</div>\n", out);
	}
	print_runs(out, stats);
	print_companions(out, stats->policy);
	fputs("</body>\n</html>\n", out);
}
