/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lines of a file, compressed or not, that may grow.
 */
#ifndef SCLOG_LINES_H
#define SCLOG_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <zlib.h>

/* No line or field that is looked at is longer */
#define LINE_MAX_BYTES	(1024 * 1024)

/**
 * struct lines - a file that is open
 * @name: for messages
 * @file: zlib's
 * @fd: of the same
 * @buffer: what was read: from @at to @end; @room is allocated
 * @line: number of the line
 * @wait: a file that grows: inotify's descriptor, else -1
 * @idle: called with @data before it waits; may be NULL
 * @failed: it could not be read to its end
 *
 * Set @name, @fd, and @wait to -1; all else is zero.
 */
struct lines {
	const char *name;
	gzFile file;
	int fd;
	char *buffer;
	size_t at;
	size_t end;
	size_t room;
	unsigned long line;
	int wait;
	void (*idle)(void *data);
	void *data;
	bool failed;
};

/** lines_open() - begin to read @fd, which is the reader's then */
bool lines_open(struct lines *lines);

/** lines_follow() - at the end wait until there is more, or a signal comes */
void lines_follow(struct lines *lines, void (*idle)(void *data), void *data);

/** lines_next() - the next line, without its newline; NULL at the end */
char *lines_next(struct lines *lines, size_t *length);

/** lines_bytes() - bytes that may hold newlines; NULL if there are not so many */
char *lines_bytes(struct lines *lines, size_t length);

void lines_close(struct lines *lines);

/** lines_stop_by_signals() - SIGINT and SIGTERM end waiting and reading */
void lines_stop_by_signals(void);

/** lines_stopped() - one of them came */
bool lines_stopped(void);

#endif /* SCLOG_LINES_H */
