/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which records were read already: a log may have one several times, as the
 * journal has what audit and the kernel said. Pure.
 */
#ifndef SCLOG_SEEN_H
#define SCLOG_SEEN_H

#include <stdbool.h>
#include <stddef.h>

#include "record.h"

#define SEEN_TEXTS	4096

/* Of a record: seconds, serial, part of a summary, machine */
struct seen_key {
	uint32_t words[4];
};

/* How often a text without serial was seen, as audit's more than the kernel's */
struct seen_text {
	uint64_t hash;
	int balance;
};

/**
 * struct seen - zero-initialized has seen none
 * @keys: a hash table of @room entries, @nr of them in use
 * @nodes: names of machines
 * @texts: of the journal's text, whose audit records have no serial
 */
struct seen {
	struct seen_key *keys;
	size_t nr;
	size_t room;
	char **nodes;
	size_t nr_nodes;
	struct seen_text *texts;
};

/** seen_before() - true if the record was seen; now it has been */
bool seen_before(struct seen *seen, const struct record *record);

void seen_free(struct seen *seen);

#endif /* SCLOG_SEEN_H */
