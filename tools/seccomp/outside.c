// SPDX-License-Identifier: GPL-2.0
/*
 * Calls that a policy does not allow, and a report of them.
 */
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "out.h"
#include "outside.h"
#include "task.h"

/* Lines for one call of one program; the rest is counted in one line more */
#define LINES_MAX	8

/**
 * struct outside_entry - a call of a program, with what its arguments mean
 * @call: the call
 * @comm: name of the thread
 * @args: arguments in words, "" if nothing is known of them
 * @pid: of the first
 * @exe: path of the program, or NULL
 * @count: how often
 */
struct outside_entry {
	struct call call;
	char *comm;
	char *args;
	pid_t pid;
	char *exe;
	uint64_t count;
};

/* The entry of such a call; NULL if there is none yet */
static struct outside_entry *find(const struct outside *outside,
				  const struct event *event, const char *comm,
				  char **args)
{
	unsigned int lines = 0;

	for (;;) {
		for (size_t i = 0; i < outside->nr; i++) {
			struct outside_entry *entry = &outside->entries[i];

			if (call_compare(&entry->call, &event->call) ||
			    strcmp(entry->comm, comm))
				continue;
			if (!strcmp(entry->args, *args))
				return entry;
			lines++;
		}
		if (lines < LINES_MAX || !**args)
			return NULL;
		/* with any other arguments */
		**args = '\0';
	}
}

void outside_add(struct outside *outside, const struct event *event)
{
	const char *comm = event->comm ? event->comm : "?";
	char *args = event_args_text(event);
	struct outside_entry *entry = find(outside, event, comm, &args);

	outside->calls += event->count;
	if (entry) {
		entry->count += event->count;
		free(args);
		return;
	}
	outside->entries = xreallocarray(outside->entries, outside->nr + 1,
					 sizeof(*entry));
	entry = &outside->entries[outside->nr++];
	*entry = (struct outside_entry){
		.call = event->call,
		.comm = xstrdup(comm),
		.args = args,
		.pid = event->pid,
		.exe = event->exe ? xstrdup(event->exe) : task_exe(event->pid),
		.count = event->count,
	};
}

static int compare_calls(const void *a, const void *b)
{
	const struct outside_entry *one = a;
	const struct outside_entry *other = b;

	return call_compare(&one->call, &other->call);
}

static int compare_counts(const void *a, const void *b)
{
	const struct outside_entry *one = a;
	const struct outside_entry *other = b;

	if (one->count != other->count)
		return one->count < other->count ? 1 : -1;
	return compare_calls(a, b);
}

static void sort(const struct outside *outside,
		 int (*compare)(const void *a, const void *b))
{
	if (outside->nr)
		qsort(outside->entries, outside->nr, sizeof(*outside->entries),
		      compare);
}

static void entry_free(struct outside_entry *entry)
{
	free(entry->comm);
	free(entry->args);
	free(entry->exe);
}

void outside_forget(struct outside *outside, const struct call *call)
{
	size_t kept = 0;

	for (size_t i = 0; i < outside->nr; i++) {
		struct outside_entry *entry = &outside->entries[i];

		if (call_compare(&entry->call, call)) {
			outside->entries[kept++] = *entry;
		} else {
			outside->calls -= entry->count;
			entry_free(entry);
		}
	}
	outside->nr = kept;
}

size_t outside_calls(const struct outside *outside)
{
	size_t nr = 0;

	sort(outside, compare_calls);
	for (size_t i = 0; i < outside->nr; i++)
		nr += i == 0 || compare_calls(&outside->entries[i - 1],
					      &outside->entries[i]);
	return nr;
}

/* What the policy has of the call: "allowed are PR_SET_NAME"; NULL: nothing */
static char *allowed_text(const struct outside_entry *entry,
			  const struct policy *policy)
{
	const struct policy_call *known = policy_find(policy, &entry->call);
	char *rules;
	char *text = NULL;

	if (!known || !known->nr_rules)
		return NULL;
	rules = call_rules_text(known, SCMP_ACT_ALLOW);
	if (*rules)
		text = xasprintf("allowed: %s", rules);
	free(rules);
	return text;
}

void outside_print(const struct outside *outside, const struct policy *policy,
		   FILE *out)
{
	struct table table = { .columns = 5, .right = 1 };

	sort(outside, compare_counts);
	for (size_t i = 0; i < outside->nr; i++) {
		const struct outside_entry *entry = &outside->entries[i];
		char count[NUMBER_MAX];
		char call[CALL_TEXT_MAX];
		char *who = xasprintf("%s[%d]", entry->comm, entry->pid);
		char *note = allowed_text(entry, policy);
		const char *cells[5];

		if (!note && entry->exe)
			note = xasprintf("first by %s", entry->exe);
		cells[0] = number_text(entry->count, count);
		cells[1] = call_text(&entry->call, call);
		cells[2] = who;
		cells[3] = entry->args;
		cells[4] = note;
		table_add(&table, cells);
		free(who);
		free(note);
	}
	table_print(&table, out, 5);
	table_free(&table);
}

void outside_print_json(const struct outside *outside, FILE *out)
{
	sort(outside, compare_counts);
	for (size_t i = 0; i < outside->nr; i++) {
		const struct outside_entry *entry = &outside->entries[i];
		char call[CALL_TEXT_MAX];

		fprintf(out, "{\"call\": ");
		print_json_string(out, call_text(&entry->call, call));
		fprintf(out, ", \"arch\": \"%s\", \"nr\": %d, \"count\": %llu, \"comm\": ",
			entry->call.abi->name, entry->call.nr,
			(unsigned long long)entry->count);
		print_json_string(out, entry->comm);
		fprintf(out, ", \"pid\": %d, \"args\": ", entry->pid);
		print_json_string(out, entry->args);
		fprintf(out, ", \"exe\": ");
		if (entry->exe)
			print_json_string(out, entry->exe);
		else
			fputs("null", out);
		fputs("}\n", out);
	}
}

/*
 * A call that the policy allows with some arguments is to be allowed with one
 * more; else as a whole.
 */
static char *pattern(const struct outside_entry *entry,
		     const struct policy *policy)
{
	char *allowed = allowed_text(entry, policy);
	char text[CALL_TEXT_MAX];
	char *result;

	call_text(&entry->call, text);
	if (allowed && *entry->args) {
		char *args = xstrdup(entry->args);

		for (char *at = args; *at; at++)
			if (*at == ' ')
				*at = ',';
		result = xasprintf("'%s(%s)'", text, args);
		free(args);
	} else {
		result = xstrdup(text);
	}
	free(allowed);
	return result;
}

char *outside_allow(const struct outside *outside, const struct policy *policy,
		    const char *file)
{
	char *name;
	char *line;

	if (!outside->nr)
		return NULL;
	sort(outside, compare_calls);
	name = file_word(file);
	line = xasprintf(policy->is_list ? "echo" : "sclog allow %s", name);
	for (size_t i = 0; i < outside->nr; i++) {
		char *one = pattern(&outside->entries[i], policy);
		char *longer;
		bool known = false;

		for (size_t j = 0; j < i && !known; j++) {
			char *other = pattern(&outside->entries[j], policy);

			known = !strcmp(one, other);
			free(other);
		}
		if (!known) {
			longer = xasprintf("%s %s", line, one);
			free(line);
			line = longer;
		}
		free(one);
	}
	if (policy->is_list) {
		char *all = xasprintf("%s >>%s", line, name);

		free(line);
		line = all;
	}
	free(name);
	return line;
}

void outside_free(struct outside *outside)
{
	for (size_t i = 0; i < outside->nr; i++)
		entry_free(&outside->entries[i]);
	free(outside->entries);
	*outside = (struct outside){};
}
