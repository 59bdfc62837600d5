/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a log lacks: for each source by gaps in numbers and by lines that say
 * so, for each filter by the summary and the numbers of its records.
 * Nothing is guessed: what cannot be known is unknown, not complete.
 */
#ifndef SCLOG_LOSS_H
#define SCLOG_LOSS_H

#include "gaps.h"
#include "policy.h"
#include "record.h"

/**
 * struct loss_source - a log that is read
 * @name: for messages; free()d by loss_free()
 * @gaps: in the serial numbers since the last boot that is seen
 * @gaps_before: those of earlier boots
 * @first: and @last: serial; @last_ms: time of the last
 * @span: serials from first to last of earlier boots
 * @others: records of other types: the log is not a selection
 * @printk: came through the kernel's log, which leaves out what is too fast
 * @said: lines that others said are missing
 * @audit_lost: audit's count, when it was first and last seen
 * @kmsg_next: the sequence number that follows
 * @kmsg_missing: sequence numbers that are not there
 * @broken: records that are cut or foreign
 * @failed: reading ended by an error
 */
struct loss_source {
	char *name;
	struct gaps *gaps;
	uint64_t gaps_before;
	uint64_t span;
	uint64_t first;
	uint64_t last;
	int64_t last_ms;
	uint64_t others;
	uint64_t records;
	bool printk;
	uint64_t said;
	uint64_t audit_lost[2];
	uint64_t kmsg_next;
	uint64_t kmsg_missing;
	uint64_t broken;
	bool failed;
};

/* A part of a summary */
struct loss_part {
	uint32_t audit_arch;
	char *syscalls;
};

/**
 * struct loss_filter - what is known of a filter
 * @taken: records of calls that were read
 * @last_seq: highest number of a record, 0 if they have none
 * @closed: its summary was read: @logged, @lost
 * @refuses: a record shows that it refused a call
 * @comm: and @pid: who attached it, NULL if unknown
 */
struct loss_filter {
	uint64_t id;
	uint64_t taken;
	uint64_t last_seq;
	bool closed;
	uint64_t logged;
	uint64_t lost;
	bool refuses;
	char *comm;
	int32_t pid;
	struct loss_part *parts;
	size_t nr_parts;
};

/**
 * struct loss - zero-initialized is ready
 * @filters: a hash table by id of @room entries, @nr_filters in use
 * @unfiltered: records of calls that name no filter
 */
struct loss {
	struct loss_source *sources;
	size_t nr_sources;
	struct loss_filter *filters;
	size_t nr_filters;
	size_t room;
	uint64_t unfiltered;
};

/** loss_source() - begin a source; valid until the next one begins */
struct loss_source *loss_source(struct loss *loss, const char *name);

/** loss_line() - a line of a source, of any kind */
void loss_line(struct loss_source *source, const struct record *record);

/** loss_event() - an event, once */
void loss_event(struct loss *loss, const struct event *event);

/** struct loss_result - @lost: records, at least */
struct loss_result {
	enum completeness complete;
	uint64_t lost;
};

/** loss_result() - what is to be said of the whole, when all is read */
struct loss_result loss_result(struct loss *loss);

/** loss_print() - a line on standard error for each thing that is missing */
void loss_print(const struct loss *loss);

/**
 * loss_named() - the calls that summaries name
 * @wanted: filters that count; NULL: all
 * @take: called for each call, perhaps several times
 *
 * Not of filters that refused a call: their sets do not say which.
 */
void loss_named(const struct loss *loss,
		bool (*wanted)(void *data, const struct loss_filter *filter),
		void (*take)(void *data, const struct call *call), void *data);

void loss_free(struct loss *loss);

#endif /* SCLOG_LOSS_H */
