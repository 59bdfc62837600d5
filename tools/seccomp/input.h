/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Logs are read: files, compressed or not, standard input, /dev/kmsg, the
 * journal. Each record is taken once.
 */
#ifndef SCLOG_INPUT_H
#define SCLOG_INPUT_H

#include "loss.h"
#include "seen.h"
#include "select.h"

/**
 * struct input - what is read, and what for
 * @selection: which calls are asked for
 * @loss: is told of each line
 * @take: called for each of these calls, with @data
 * @follow: at the end of a log wait for more, until SIGINT or SIGTERM
 * @idle: called before it waits; may be NULL
 * @taken: @repeated: @cut: @foreign: how many records were that
 * @left_out: records of calls that are not asked for
 * @unread: lines that have the fields of a record, but not its form
 * @failed: an input could not be read to its end
 * @title: words of the command of the first call whose log has them, with a NUL
 *	behind each but the last; @title_length bytes. NULL if there is none.
 *
 * The other members are private; input_free() at the end.
 */
struct input {
	struct selection *selection;
	struct loss *loss;
	void (*take)(void *data, const struct event *event);
	void (*idle)(void *data);
	void *data;
	bool follow;
	uint64_t taken;
	uint64_t repeated;
	uint64_t cut;
	uint64_t foreign;
	uint64_t left_out;
	uint64_t unread;
	bool failed;
	char *title;
	size_t title_length;

	struct seen seen;
	struct record record;
	uint64_t serial;	/* of the last call that was taken */
};

/**
 * input_file() - read a file, "-" for standard input
 *
 * What belongs to a rotated log is one source for @loss.
 */
void input_file(struct input *input, const char *name);

/** input_journal() - read what journalctl prints of the audit and kernel log */
void input_journal(struct input *input);

void input_free(struct input *input);

#endif /* SCLOG_INPUT_H */
