// SPDX-License-Identifier: GPL-2.0
/*
 * Calls that deserve a look.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "args.h"
#include "notable.h"
#include "out.h"

#define CLONE_NS							\
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |	\
	 CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

static const struct note {
	const char *call;
	int arg;	/* -1: with any */
	uint64_t bits;
	bool all;
	const char *remark;
} notes[] = {
#define NOTE(call, remark)		{ #call, -1, 0, false, remark },
#define NOTE_IF(call, arg, bits, all, remark)	{ #call, arg, bits, all, remark },
#include "notable.def"
};

#define NR_NOTES	(sizeof(notes) / sizeof(notes[0]))

static bool was_seen(const struct value_counts *counts, uint64_t bits, bool all)
{
	for (size_t i = 0; i < counts->nr; i++) {
		uint64_t common = counts->values[i].value & bits;

		if (all ? common == bits : common != 0)
			return true;
	}
	return false;
}

const char *call_note(const struct policy_call *entry)
{
	const char *name = call_name(&entry->call);

	for (size_t i = 0; name && i < NR_NOTES; i++) {
		const struct note *note = &notes[i];

		if (strcmp(note->call, name))
			continue;
		if (note->arg < 0 || was_seen(&entry->args[note->arg],
					      note->bits, note->all))
			return note->remark;
	}
	return NULL;
}

bool call_is_notable(const struct policy_call *entry)
{
	/* another convention, or a number without a name, is always odd */
	return call_note(entry) || entry->call.abi != abi_native() ||
		!call_name(&entry->call);
}

static char *add_names(char *text, const struct name_counts *names)
{
	for (size_t i = 0; i < names->nr && i < 4; i++) {
		char *longer = xasprintf("%s%s%s", text,
					 i ? " " : ", by ",
					 names->names[i].name);

		free(text);
		text = longer;
	}
	if (names->nr > 4 || names->more) {
		char *longer = xasprintf("%s ...", text);

		free(text);
		text = longer;
	}
	return text;
}

char *seen_text(const struct policy_call *entry)
{
	char count[NUMBER_MAX];
	char *text;

	if (!entry->count)
		return xstrdup("not seen");
	text = xasprintf("%s time%s", number_text(entry->count, count),
			 entry->count == 1 ? "" : "s");
	if (entry->runs.nr) {
		char *longer = xasprintf("%s, %zu run%s", text, entry->runs.nr,
					 entry->runs.nr == 1 ? "" : "s");

		free(text);
		text = longer;
	}
	return add_names(text, &entry->by);
}

bool call_has_values(const struct policy_call *entry)
{
	for (unsigned int i = 0; i < EVENT_ARGS; i++)
		if (entry->args[i].nr || entry->args[i].more)
			return true;
	return false;
}

/* The value that was seen alone: names of other arguments depend on it */
static unsigned int single_values(const struct policy_call *entry,
				  uint64_t *args)
{
	unsigned int known = 0;

	for (unsigned int i = 0; i < EVENT_ARGS; i++) {
		if (entry->args[i].nr != 1 || entry->args[i].more)
			continue;
		args[i] = entry->args[i].values[0].value;
		known |= 1u << i;
	}
	return known;
}

/* How many values of an argument, or paths, are shown */
#define SHOWN	12

static void print_paths(FILE *out, const struct name_counts *paths,
			unsigned int indent)
{
	for (size_t i = 0; i < paths->nr && i < SHOWN; i++) {
		char number[NUMBER_MAX];

		fprintf(out, "%*s%-8s ", indent, "", "path");
		print_escaped_again(out, paths->names[i].name);
		fprintf(out, " %s\n",
			number_text(paths->names[i].count, number));
	}
	if (paths->nr > SHOWN || paths->more)
		fprintf(out, "%*s%-8s ...\n", indent, "", "path");
}

void print_values(FILE *out, const struct policy_call *entry,
		  unsigned int indent)
{
	uint64_t args[EVENT_ARGS] = {};
	unsigned int known = single_values(entry, args);

	for (unsigned int i = 0; i < EVENT_ARGS; i++) {
		const struct value_counts *counts = &entry->args[i];
		const struct arg *row = arg_find(&entry->call, i);
		char name[8];

		if (!counts->nr && !counts->more)
			continue;
		snprintf(name, sizeof(name), "arg%u", i);
		fprintf(out, "%*s%-8s", indent, "", row ? row->name : name);
		for (size_t j = 0; j < counts->nr && j < SHOWN; j++) {
			char *text = arg_value_text(&entry->call, i,
						    counts->values[j].value,
						    args, known);
			char number[NUMBER_MAX];

			fprintf(out, "%s%s %s", j ? "   " : " ", text,
				number_text(counts->values[j].count, number));
			free(text);
		}
		if (counts->nr > SHOWN || counts->more)
			fputs("   ...", out);
		putc('\n', out);
	}
	print_paths(out, &entry->paths, indent);
}
