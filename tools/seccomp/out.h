/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What sclog says: messages on standard error, tables, colours, numbers.
 *
 * pr_err(), pr_warn(), pr_info() and pr_debug() print "sclog: " and one line.
 * The whole message is escaped, so names that come from outside can be given
 * as they are, to "%s". Anything printed otherwise (standard output) goes
 * through escape_into() or print_escaped() first.
 */
#ifndef SCLOG_OUT_H
#define SCLOG_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum color_mode {
	COLOR_AUTO,
	COLOR_ALWAYS,
	COLOR_NEVER,
};

/* Lines of messages that are kept. Zero-initialized is empty. */
struct messages {
	char **lines;
	size_t nr;
};

/* Options of all verbs, set by sclog.c before the verb's own work */
struct options {
	enum color_mode color;
	bool quiet;		/* -q: errors and warnings only */
	unsigned int verbose;	/* -v: how often */
	bool json;		/* --json: lines for programs */
	struct messages *warnings;	/* warnings are kept here if not NULL */
};

extern struct options options;

#define PRINTF(at) __attribute__((format(printf, at, at + 1)))

/** pr_err() - why a verb fails; always printed */
PRINTF(1) void pr_err(const char *format, ...);
/** pr_warn() - the verb goes on, but the user should know; printed or kept */
PRINTF(1) void pr_warn(const char *format, ...);
/** pr_info() - progress and result for people; not with -q */
PRINTF(1) void pr_info(const char *format, ...);
/** pr_debug() - only with -v */
PRINTF(1) void pr_debug(const char *format, ...);

/**
 * pr_err_at() - "sclog: FILE:LINE: what: why"
 * @file: name as the user gave it, "-" is shown as "standard input"
 * @line: from 1; 0 if no line is to be named
 */
PRINTF(3) void pr_err_at(const char *file, unsigned long line,
			 const char *format, ...);
/** pr_warn_at() - the same as a warning */
PRINTF(3) void pr_warn_at(const char *file, unsigned long line,
			  const char *format, ...);

/** messages_json() - an array of texts */
void messages_json(const struct messages *messages, FILE *out);

/** messages_print() - each as pr_warn() prints it */
void messages_print(const struct messages *messages);

/** messages_free() - make it empty */
void messages_free(struct messages *messages);

/**
 * escape_into() - text with all that a terminal may take as a command as \xNN
 * @buffer: is always terminated
 * @size: of @buffer; 4 * strlen(text) + 1 is enough for any @text
 * @text: bytes; NULL gives "?"
 *
 * Printable ASCII stays, a backslash is doubled, UTF-8 of printable
 * characters stays if the locale is UTF-8; control and direction characters
 * and bytes that are no UTF-8 become \xNN, byte by byte.
 *
 * Return: @buffer.
 */
char *escape_into(char *buffer, size_t size, const char *text);

/**
 * is_utf8() - are texts of the locale UTF-8?
 *
 * Sets LC_CTYPE the first time; nothing else needs it.
 */
bool is_utf8(void);

/** print_escaped() - escape_into() to a stream */
void print_escaped(FILE *out, const char *text);

/**
 * escape_again() - escape_into() of a text that may be escaped already
 *
 * As names in a policy are: what escape_into() has made of them stays as it is.
 * What it cannot have made, in a file of someone else, is escaped.
 */
char *escape_again(char *buffer, size_t size, const char *text);

/** print_escaped_again() - escape_again() to a stream */
void print_escaped_again(FILE *out, const char *text);

/** print_json_string() - text in quotes; bytes that are no UTF-8 as U+FFFD */
void print_json_string(FILE *out, const char *text);

/** shell_word() - a word as a shell reads it back, in quotes if need be */
char *shell_word(const char *word);

/** file_title() - a file in a sentence: "-" and "" have a name there, too */
const char *file_title(const char *path);

/** file_word() - shell_word() of a file; "POLICY" for standard input */
char *file_word(const char *path);

/* A stream's style; empty texts if the stream is not to be coloured */
struct style {
	const char *bold;
	const char *dim;
	const char *red;
	const char *green;
	const char *yellow;
	const char *reset;
};

/**
 * style_for() - colours for a stream
 *
 * By --color; auto is: a terminal, NO_COLOR unset or empty, TERM set and not
 * "dumb". Static, never NULL.
 */
const struct style *style_for(FILE *stream);

/** stream_width() - columns of the stream's terminal; COLUMNS; else 80 */
unsigned int stream_width(FILE *stream);

#define NUMBER_MAX	32
/**
 * number_text() - 1234567 as "1,234,567", for people only
 * @buffer: at least NUMBER_MAX bytes
 *
 * Return: @buffer.
 */
const char *number_text(uint64_t number, char *buffer);

/**
 * struct table - rows of cells, printed with aligned columns
 *
 * Zero-initialized is empty. Cells are copied and escaped when printed.
 */
struct table {
	char ***rows;
	size_t count;
	unsigned int columns;
	unsigned int right;	/* bit N: column N is aligned right */
};

/** table_add() - a row of table->columns cells; a NULL cell is empty */
void table_add(struct table *table, const char *const *cells);
/** table_print() - print with @indent blanks in front; two between columns */
void table_print(const struct table *table, FILE *out, unsigned int indent);
/** table_free() - make it empty */
void table_free(struct table *table);

/** flush_output() - true if all of standard output has arrived, else says why */
bool flush_output(void);

/* Out of memory is the end: a message and STATUS_FAILED. Never NULL. */
void *xcalloc(size_t count, size_t size);
void *xreallocarray(void *old, size_t count, size_t size);
char *xstrdup(const char *text);
PRINTF(1) char *xasprintf(const char *format, ...);

#endif /* SCLOG_OUT_H */
