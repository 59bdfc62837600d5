// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer for each reader: the first word of FUZZ says which. What is read
 * must also be written and read back as the same.
 */
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "format.h"
#include "journal.h"
#include "loss.h"
#include "record.h"
#include "seen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good)
{
	if (!good)
		abort();
}

/* What an event says must hold whatever the line was */
static void check_record(const struct record *record)
{
	const struct event *event = &record->event;

	if (record->kind != RECORD_EVENT)
		return;
	check(event->count == 1);
	if (event->kind == EVENT_CALL) {
		check(event->call.abi == abi_by_audit(event->audit_arch,
						      event->call.nr));
		check(event->args_known <= EVENT_ARGS_ALL);
		check(event->pid >= 0);
	}
}

static void ignore(void *data, const struct call *call)
{
	(void)data;
	check(call->abi);
}

static void fuzz_record(const char *text, size_t size)
{
	struct record record = {};
	struct seen seen = {};
	struct loss loss = {};
	struct loss_source *source = loss_source(&loss, "fuzz");
	const char *end = text + size;

	while (text < end) {
		const char *newline = memchr(text, '\n', end - text);
		size_t length = newline ? newline - text : end - text;

		record_parse_line(&record, text, length);
		check_record(&record);
		loss_line(source, &record);
		if (record.kind == RECORD_EVENT) {
			seen_before(&seen, &record);
			check(!record.stamped || seen_before(&seen, &record));
			loss_event(&loss, &record.event);
		}
		record_parse_audit(&record, RECORD_SECCOMP, text, length);
		check_record(&record);
		text += length + 1;
	}
	loss_result(&loss);
	loss_named(&loss, NULL, ignore, NULL);
	loss_free(&loss);
	seen_free(&seen);
	record_free(&record);
}

static void fuzz_journal(const char *text, size_t size)
{
	struct journal_entry entry = {};
	struct record record = {};

	if (journal_json(&entry, text, size)) {
		journal_record(&entry, &record);
		check_record(&record);
	}
	journal_free(&entry);
	record_free(&record);
}

static char *written(const struct policy *policy, size_t *length)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, length);

	policy_format(policy, out);
	fclose(out);
	return text;
}

/* A policy is written as a text that reads back and is written the same */
static void check_policy(struct policy *policy)
{
	struct json_error error;
	struct policy *back;
	size_t length;
	size_t length_back;
	char *text;
	char *text_back;

	if (!policy)
		return;
	text = written(policy, &length);
	back = policy_parse(text, length, &error, NULL, NULL);
	check(back);
	text_back = written(back, &length_back);
	check(!strcmp(text, text_back));
	free(text_back);
	free(text);
	policy_free(back);
	policy_free(policy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *which = getenv("FUZZ");
	char *text = malloc(size + 1);

	memcpy(text, data, size);
	text[size] = '\0';
	if (!which || !strcmp(which, "record"))
		fuzz_record(text, size);
	else if (!strcmp(which, "journal"))
		fuzz_journal(text, size);
	else
		check_policy(format_by_name(which)->read("fuzz", text, size));
	free(text);
	return 0;
}
