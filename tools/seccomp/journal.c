// SPDX-License-Identifier: GPL-2.0
/*
 * Entries of the journal.
 */
#include <stdlib.h>
#include <string.h>

#include "journal.h"
#include "json.h"
#include "out.h"

void journal_clear(struct journal_entry *entry)
{
	entry->transport = JOURNAL_OTHER;
	entry->type = 0;
	entry->serial = 0;
	entry->time_us = 0;
	entry->length = 0;
	entry->has_message = false;
}

void journal_free(struct journal_entry *entry)
{
	free(entry->message);
	*entry = (struct journal_entry){};
}

static bool is(const char *text, size_t length, const char *what)
{
	return length == strlen(what) && !memcmp(text, what, length);
}

static uint64_t number_of(const char *value, size_t length)
{
	char text[24] = "";
	uint64_t number = 0;

	if (length >= sizeof(text))
		return 0;
	memcpy(text, value, length);
	return parse_u64(text, 10, UINT64_MAX, &number) ? number : 0;
}

static enum journal_transport transport_of(const char *value, size_t length)
{
	if (is(value, length, "audit"))
		return JOURNAL_AUDIT;
	if (is(value, length, "kernel"))
		return JOURNAL_KERNEL;
	return is(value, length, "driver") ? JOURNAL_DRIVER : JOURNAL_OTHER;
}

void journal_field(struct journal_entry *entry, const char *name,
		   size_t name_length, const char *value, size_t length)
{
	if (is(name, name_length, "MESSAGE")) {
		if (entry->room < length + 1) {
			entry->room = length + 1;
			entry->message = xreallocarray(entry->message,
						       entry->room, 1);
		}
		memcpy(entry->message, value, length);
		entry->message[length] = '\0';
		entry->length = length;
		entry->has_message = true;
	} else if (is(name, name_length, "_TRANSPORT")) {
		entry->transport = transport_of(value, length);
	} else if (is(name, name_length, "_AUDIT_TYPE")) {
		entry->type = number_of(value, length);
	} else if (is(name, name_length, "_AUDIT_ID")) {
		entry->serial = number_of(value, length);
	} else if (is(name, name_length, "_SOURCE_REALTIME_TIMESTAMP")) {
		entry->time_us = number_of(value, length);
	}
}

static void no_message(const struct journal_entry *entry, struct record *record)
{
	record_parse_line(record, "", 0);
	if (entry->transport != JOURNAL_AUDIT ||
	    (entry->type != RECORD_SECCOMP &&
	     entry->type != RECORD_KERNEL_OTHER))
		return;
	record->type = entry->type;
	record->kind = RECORD_CUT;
	record->why = "its text is left out: journalctl needs --all";
}

void journal_record(const struct journal_entry *entry, struct record *record)
{
	static const char journald[] = "systemd-journald[1]: ";
	char *line;

	if (!entry->has_message) {
		no_message(entry, record);
		return;
	}
	switch (entry->transport) {
	case JOURNAL_AUDIT:
		record_parse_message(record, entry->type, entry->time_us / 1000,
				     entry->serial, entry->message,
				     entry->length);
		return;
	case JOURNAL_KERNEL:
		record_parse_line(record, entry->message, entry->length);
		return;
	case JOURNAL_DRIVER:
		line = xasprintf("%s%s", journald, entry->message);
		record_parse_line(record, line, strlen(line));
		free(line);
		return;
	case JOURNAL_OTHER:
		break;
	}
	record_parse_line(record, "", 0);
}

/* A value that is not UTF-8 is an array of its bytes */
static void json_bytes(struct journal_entry *entry, const char *key,
		       struct json_object *array)
{
	size_t length = json_object_array_length(array);
	char *bytes = xcalloc(length + 1, 1);

	for (size_t i = 0; i < length; i++) {
		struct json_object *item = json_object_array_get_idx(array, i);

		if (!json_object_is_type(item, json_type_int)) {
			free(bytes);
			return;
		}
		bytes[i] = json_object_get_int(item);
	}
	journal_field(entry, key, strlen(key), bytes, length);
	free(bytes);
}

bool journal_json(struct journal_entry *entry, const char *line, size_t length)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *root;

	if (!tokener)
		abort();
	journal_clear(entry);
	root = json_tokener_parse_ex(tokener, line, length);
	json_tokener_free(tokener);
	if (!json_object_is_type(root, json_type_object)) {
		json_object_put(root);
		return false;
	}
	json_object_object_foreach(root, key, value) {
		if (json_object_is_type(value, json_type_string))
			journal_field(entry, key, strlen(key),
				      json_object_get_string(value),
				      json_object_get_string_len(value));
		else if (json_object_is_type(value, json_type_array))
			json_bytes(entry, key, value);
	}
	json_object_put(root);
	return true;
}
