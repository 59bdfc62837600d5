/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Entries of the journal in the formats of `journalctl -o export` and json.
 *
 * Their fields say what the text alone does not: who stored the entry, so that
 * a program's own message is never taken for a record. Pure.
 */
#ifndef SCLOG_JOURNAL_H
#define SCLOG_JOURNAL_H

#include "record.h"

enum journal_transport {
	JOURNAL_OTHER,
	JOURNAL_AUDIT,
	JOURNAL_KERNEL,
	JOURNAL_DRIVER,		/* journald itself */
};

/**
 * struct journal_entry - the fields of an entry that count
 * @message: of @length bytes, @room is allocated
 * @has_message: false: it was left out, as json does with long ones
 */
struct journal_entry {
	enum journal_transport transport;
	unsigned int type;
	uint64_t serial;
	uint64_t time_us;
	char *message;
	size_t length;
	size_t room;
	bool has_message;
};

/** journal_clear() - begin an entry */
void journal_clear(struct journal_entry *entry);

/** journal_field() - a field of the entry */
void journal_field(struct journal_entry *entry, const char *name,
		   size_t name_length, const char *value, size_t length);

/** journal_record() - the entry is complete: what does it say? */
void journal_record(const struct journal_entry *entry, struct record *record);

/**
 * journal_json() - a line of the json format
 *
 * Return: false if it is not an object of JSON.
 */
bool journal_json(struct journal_entry *entry, const char *line, size_t length);

void journal_free(struct journal_entry *entry);

#endif /* SCLOG_JOURNAL_H */
