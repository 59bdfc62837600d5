/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Records of filters of which it is not known yet whose they are. A filter is
 * announced up to 100 ms after its first record, which a child may have made.
 */
#ifndef SCLOG_HELD_H
#define SCLOG_HELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct held - the records, oldest first
 * @records: each a copy
 * @nr: how many there are
 */
struct held {
	struct held_record {
		uint64_t filter;
		unsigned int type;
		size_t length;
		char *text;
	} *records;
	size_t nr;
};

/**
 * held_add() - keep a copy of a record
 * @filter: its filter
 * @seq: its number among the filter's records. A filter whose first record was
 *	not kept is older than the reader: its records are not kept either.
 * @type: and @text, @length: of the record, see record_parse_audit()
 *
 * Beyond some thousand records none is kept, so that the filter's summary
 * counts more than was read.
 */
void held_add(struct held *held, uint64_t filter, uint64_t seq,
	      unsigned int type, const char *text, size_t length);

/** held_drop() - forget the records of one filter */
void held_drop(struct held *held, uint64_t filter);

/** held_free() - forget all */
void held_free(struct held *held);

#endif /* SCLOG_HELD_H */
