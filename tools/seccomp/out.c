// SPDX-License-Identifier: GPL-2.0
/*
 * What sclog says: messages, tables, colours, numbers.
 */
#include <ctype.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "sclog.h"

struct options options;

/*
 * The length of the UTF-8 character at @text, 0 if there is none or it is
 * encoded in more bytes than it needs; @code is what it is.
 */
static size_t utf8_length(const unsigned char *text, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length;

	if (text[0] < 0x80) {
		*code = text[0];
		return 1;
	}
	if ((text[0] & 0xe0) == 0xc0)
		length = 2;
	else if ((text[0] & 0xf0) == 0xe0)
		length = 3;
	else if ((text[0] & 0xf8) == 0xf0)
		length = 4;
	else
		return 0;
	*code = text[0] & (0x7f >> length);
	for (size_t i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (text[i] & 0x3f);
	}
	if (*code < least[length] || *code > 0x10ffff ||
	    (*code >= 0xd800 && *code < 0xe000))
		return 0;
	return length;
}

/* Characters beyond ASCII that change a terminal or the direction of text */
static bool is_control(uint32_t code)
{
	return code < 0xa0 || code == 0xad || code == 0x061c ||
		(code >= 0x200b && code <= 0x200f) ||
		(code >= 0x2028 && code <= 0x202e) ||
		(code >= 0x2060 && code <= 0x206f) || code == 0xfeff ||
		(code >= 0xfff0 && code <= 0xffff) ||
		(code >= 0xe0000 && code <= 0xe0fff);
}

/* The shown form of the character at *@at, which moves on; returns its length */
static size_t escape_one(const unsigned char **at, char piece[5])
{
	uint32_t code = 0;
	size_t length = utf8_length(*at, &code);
	const unsigned char *from = *at;

	if (length > 1 && !is_control(code) && is_utf8()) {
		*at += length;
		memcpy(piece, from, length);
		return length;
	}
	*at += 1;
	if (*from == '\\')
		return sprintf(piece, "\\\\");
	if (*from >= ' ' && *from < 0x7f) {
		/* most of all text: not by sprintf() */
		*piece = *from;
		return 1;
	}
	return sprintf(piece, "\\x%02x", *from);
}

/* How much of a text escape_one() has made: "\\\\" or "\\xNN"; 0: nothing */
static size_t escape_length(const char *text)
{
	if (text[0] != '\\')
		return 0;
	if (text[1] == '\\')
		return 2;
	return text[1] == 'x' && isxdigit((unsigned char)text[2]) &&
		isxdigit((unsigned char)text[3]) ? 4 : 0;
}

bool is_utf8(void)
{
	static int utf8 = -1;

	if (utf8 < 0) {
		setlocale(LC_CTYPE, "");
		utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	}
	return utf8;
}

static char *escape(char *buffer, size_t size, const char *text, bool again)
{
	const unsigned char *at = (const unsigned char *)(text ? text : "?");
	size_t used = 0;

	while (*at) {
		char piece[5];
		size_t length = again ? escape_length((const char *)at) : 0;

		if (length) {
			memcpy(piece, at, length);
			at += length;
		} else {
			length = escape_one(&at, piece);
		}
		if (used + length >= size)
			break;
		memcpy(buffer + used, piece, length);
		used += length;
	}
	buffer[used] = '\0';
	return buffer;
}

char *escape_into(char *buffer, size_t size, const char *text)
{
	return escape(buffer, size, text, false);
}

char *escape_again(char *buffer, size_t size, const char *text)
{
	return escape(buffer, size, text, true);
}

static char *escaped(const char *text)
{
	size_t size = 4 * strlen(text ? text : "?") + 1;

	return escape_into(xcalloc(1, size), size, text);
}

void print_escaped(FILE *out, const char *text)
{
	char *safe = escaped(text);

	fputs(safe, out);
	free(safe);
}

void print_escaped_again(FILE *out, const char *text)
{
	size_t size = 4 * strlen(text) + 1;
	char *safe = escape_again(xcalloc(1, size), size, text);

	fputs(safe, out);
	free(safe);
}

char *shell_word(const char *word)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./+";
	char *text = NULL;
	size_t length;
	FILE *out;

	if (*word && !word[strspn(word, plain)])
		return xstrdup(word);
	out = open_memstream(&text, &length);
	if (!out)
		return xstrdup(word);
	putc('\'', out);
	for (; *word; word++) {
		if (*word == '\'')
			fputs("'\"'\"'", out);
		else
			putc(*word, out);
	}
	putc('\'', out);
	fclose(out);
	return text;
}

const char *file_title(const char *path)
{
	if (!strcmp(path, "-"))
		return "standard input";
	return *path ? path : "''";
}

char *file_word(const char *path)
{
	return shell_word(strcmp(path, "-") ? path : "POLICY");
}

void print_json_string(FILE *out, const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	const unsigned char *plain = at;	/* from here on not written yet */

	putc('"', out);
	while (*at) {
		uint32_t code = 0;
		size_t length = utf8_length(at, &code);
		bool escape = code == '"' || code == '\\' || code < ' ' ||
			(code >= 0x7f && code < 0xa0);

		if (length && !escape) {
			at += length;
			continue;
		}
		fwrite(plain, 1, at - plain, out);
		if (!length)
			fputs("\\ufffd", out);
		else if (code == '"' || code == '\\')
			fprintf(out, "\\%c", (int)code);
		else
			fprintf(out, "\\u%04x", code);
		at += length ? length : 1;
		plain = at;
	}
	fwrite(plain, 1, at - plain, out);
	putc('"', out);
}

/* "FILE:LINE: what: why", with nothing that a terminal may take as a command */
static char *make_line(const char *file, unsigned long line,
		       const char *format, va_list args)
{
	char *message;
	char *safe;
	char *where = NULL;
	char *safe_where = NULL;
	char *text;

	if (file && line)
		where = xasprintf("%s:%lu: ", file_title(file), line);
	else if (file)
		where = xasprintf("%s: ", file_title(file));
	if (where)
		safe_where = escaped(where);
	if (vasprintf(&message, format, args) < 0)
		message = xstrdup("out of memory");
	safe = escaped(message);
	text = xasprintf("%s%s", safe_where ? safe_where : "", safe);
	free(safe);
	free(message);
	free(safe_where);
	free(where);
	return text;
}

/* One write(), so that lines of several processes do not mix */
static void print_line(const char *line)
{
	fflush(stdout);
	fprintf(stderr, "sclog: %s\n", line);
	fflush(stderr);
}

/* To @keep instead of standard error, unless it is NULL. Takes @text. */
static void put_line(struct messages *keep, char *text)
{
	if (!keep) {
		print_line(text);
		free(text);
		return;
	}
	keep->lines = xreallocarray(keep->lines, keep->nr + 1,
				    sizeof(*keep->lines));
	keep->lines[keep->nr++] = text;
}

#define PRINT_LINE(keep, file, line, format) do {	\
	va_list args;					\
							\
	va_start(args, format);				\
	put_line(keep, make_line(file, line, format, args)); \
	va_end(args);					\
} while (0)

void pr_err(const char *format, ...)
{
	PRINT_LINE(NULL, NULL, 0, format);
}

void pr_warn(const char *format, ...)
{
	PRINT_LINE(options.warnings, NULL, 0, format);
}

void pr_info(const char *format, ...)
{
	if (!options.quiet)
		PRINT_LINE(NULL, NULL, 0, format);
}

void pr_debug(const char *format, ...)
{
	if (options.verbose)
		PRINT_LINE(NULL, NULL, 0, format);
}

void pr_err_at(const char *file, unsigned long line, const char *format, ...)
{
	PRINT_LINE(NULL, file, line, format);
}

void pr_warn_at(const char *file, unsigned long line, const char *format, ...)
{
	PRINT_LINE(options.warnings, file, line, format);
}

void messages_json(const struct messages *messages, FILE *out)
{
	putc('[', out);
	for (size_t i = 0; i < messages->nr; i++) {
		fputs(i ? ", " : "", out);
		print_json_string(out, messages->lines[i]);
	}
	putc(']', out);
}

void messages_print(const struct messages *messages)
{
	for (size_t i = 0; i < messages->nr; i++)
		print_line(messages->lines[i]);
}

void messages_free(struct messages *messages)
{
	for (size_t i = 0; i < messages->nr; i++)
		free(messages->lines[i]);
	free(messages->lines);
	*messages = (struct messages){};
}

static bool wants_color(FILE *stream)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (options.color != COLOR_AUTO)
		return options.color == COLOR_ALWAYS;
	if (no_color && *no_color)
		return false;
	return term && strcmp(term, "dumb") && isatty(fileno(stream));
}

const struct style *style_for(FILE *stream)
{
	static const struct style plain = { "", "", "", "", "", "" };
	static const struct style colored = {
		"\033[1m", "\033[2m", "\033[31m", "\033[32m", "\033[33m",
		"\033[0m",
	};

	return wants_color(stream) ? &colored : &plain;
}

unsigned int stream_width(FILE *stream)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;

	if (!ioctl(fileno(stream), TIOCGWINSZ, &size) && size.ws_col)
		return size.ws_col;
	if (columns && atoi(columns) > 0)
		return atoi(columns);
	return 80;
}

const char *number_text(uint64_t number, char *buffer)
{
	char digits[NUMBER_MAX];
	int length = snprintf(digits, sizeof(digits), "%ju", (uintmax_t)number);
	char *to = buffer;

	for (int i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			*to++ = ',';
		*to++ = digits[i];
	}
	*to = '\0';
	return buffer;
}

void table_add(struct table *table, const char *const *cells)
{
	char **row = xcalloc(table->columns, sizeof(*row));

	for (unsigned int i = 0; i < table->columns; i++)
		row[i] = escaped(cells[i] ? cells[i] : "");
	table->rows = xreallocarray(table->rows, table->count + 1,
				    sizeof(*table->rows));
	table->rows[table->count++] = row;
}

/* Columns of a valid UTF-8 text, taken as one each character */
static unsigned int text_width(const char *text)
{
	unsigned int width = 0;

	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

void table_print(const struct table *table, FILE *out, unsigned int indent)
{
	unsigned int *widths = xcalloc(table->columns + 1, sizeof(*widths));

	for (size_t i = 0; i < table->count; i++) {
		for (unsigned int j = 0; j < table->columns; j++) {
			unsigned int width = text_width(table->rows[i][j]);

			if (width > widths[j])
				widths[j] = width;
		}
	}
	for (size_t i = 0; i < table->count; i++) {
		/* blanks are written only before the next cell that has text */
		unsigned int blanks = indent;

		for (unsigned int j = 0; j < table->columns; j++) {
			const char *cell = table->rows[i][j];
			unsigned int pad = widths[j] - text_width(cell);
			bool right = table->right & 1u << j;

			if (*cell)
				fprintf(out, "%*s%s", blanks + (right ? pad : 0),
					"", cell);
			if (!*cell)
				blanks += widths[j];
			else
				blanks = right ? 0 : pad;
			blanks += 2;
		}
		putc('\n', out);
	}
	free(widths);
}

void table_free(struct table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		for (unsigned int j = 0; j < table->columns; j++)
			free(table->rows[i][j]);
		free(table->rows[i]);
	}
	free(table->rows);
	table->rows = NULL;
	table->count = 0;
}

bool flush_output(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		return true;
	pr_err("standard output: %s", strerror(errno));
	return false;
}

static void *checked(void *memory)
{
	if (memory)
		return memory;
	fputs("sclog: out of memory\n", stderr);
	exit(STATUS_FAILED);
}

void *xcalloc(size_t count, size_t size)
{
	return checked(calloc(count ? count : 1, size));
}

void *xreallocarray(void *old, size_t count, size_t size)
{
	return checked(reallocarray(old, count ? count : 1, size));
}

char *xstrdup(const char *text)
{
	return checked(strdup(text));
}

char *xasprintf(const char *format, ...)
{
	char *text = NULL;
	va_list args;
	int length;

	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	return checked(length < 0 ? NULL : text);
}
