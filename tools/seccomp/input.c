// SPDX-License-Identifier: GPL-2.0
/*
 * Logs are read.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture.h"
#include "input.h"
#include "journal.h"
#include "lines.h"
#include "out.h"
#include "rotated.h"

/* Broken records that are named one by one */
#define NAMED_MAX	5

/* A message of /dev/kmsg is never longer */
#define KMSG_MAX	(64 * 1024)

/**
 * struct reader - a log that is open
 * @lines: the same
 * @entry: of the journal, as far as it was read
 * @is_export: it is in the journal's export format
 * @ended: what follows is not read
 */
struct reader {
	struct lines lines;
	struct journal_entry entry;
	bool is_export;
	bool ended;
};

/* The rotated files of a log are one source */
static struct loss_source *source_of(struct loss *loss, const char *name)
{
	for (size_t i = 0; i < loss->nr_sources; i++)
		if (strcmp(name, "-") && same_log(loss->sources[i].name, name))
			return &loss->sources[i];
	return loss_source(loss, name);
}

static void broken(struct input *input, const struct reader *reader)
{
	const struct record *record = &input->record;
	bool is_cut = record->kind == RECORD_CUT;

	if (is_cut)
		input->cut++;
	else
		input->foreign++;
	if (input->cut + input->foreign <= NAMED_MAX)
		pr_warn_at(reader->lines.name, reader->lines.line,
			   is_cut ? "passed over: the record is cut (%s)" :
				    "passed over: not the form of a record (%s)",
			   record->why);
	else if (input->cut + input->foreign == NAMED_MAX + 1)
		pr_warn_at(reader->lines.name, reader->lines.line,
			   "passed over, like further ones, which are only counted");
}

/* The command of a call, in a record of its own with the same serial */
static void take_title(struct input *input)
{
	const struct record *record = &input->record;

	if (!record->title || input->title || !record->stamped ||
	    record->event.serial != input->serial)
		return;
	input->title = xcalloc(record->title_length + 1, 1);
	memcpy(input->title, record->title, record->title_length);
	input->title_length = record->title_length;
}

/* As journalctl -o verbose has it, or what a program says */
static bool has_fields(const char *text, size_t length)
{
	return memmem(text, length, " arch=", 6) &&
		memmem(text, length, " syscall=", 9) &&
		memmem(text, length, " code=", 6);
}

static void take_record(struct input *input, struct reader *reader,
			struct loss_source *source)
{
	struct record *record = &input->record;
	struct event *event = &record->event;

	loss_line(source, record);
	if (record->kind == RECORD_CUT || record->kind == RECORD_FOREIGN)
		broken(input, reader);
	if (record->kind == RECORD_OTHER)
		input->unread += has_fields(record->text,
					    strlen(record->text));
	take_title(input);
	if (record->kind != RECORD_EVENT)
		return;
	if (seen_before(&input->seen, record)) {
		input->repeated++;
		return;
	}
	event->source = SOURCE_FILE;
	event->file = reader->lines.name;
	event->line = reader->lines.line;
	loss_event(input->loss, event);
	if (select_event(input->selection, event)) {
		input->taken++;
		input->serial = event->serial;
		input->take(input->data, event);
	} else if (event->kind == EVENT_CALL) {
		input->left_out++;
	}
}

/* A field of the export format whose value has its length in front */
static bool read_binary_field(struct reader *reader, const char *name,
			      size_t name_length)
{
	char key[128] = "";
	uint64_t length = 0;
	char *bytes;

	if (name_length >= sizeof(key))
		return false;
	memcpy(key, name, name_length);
	bytes = lines_bytes(&reader->lines, 8);
	for (int i = 7; bytes && i >= 0; i--)
		length = length << 8 | (unsigned char)bytes[i];
	if (!bytes || length > LINE_MAX_BYTES)
		return false;
	bytes = lines_bytes(&reader->lines, length + 1);
	if (!bytes || bytes[length] != '\n')
		return false;
	journal_field(&reader->entry, key, name_length, bytes, length);
	return true;
}

static void read_export_line(struct input *input, struct reader *reader,
			     struct loss_source *source, const char *line,
			     size_t length)
{
	const char *sign = memchr(line, '=', length);

	if (!length) {
		journal_record(&reader->entry, &input->record);
		take_record(input, reader, source);
		journal_clear(&reader->entry);
	} else if (sign) {
		journal_field(&reader->entry, line, sign - line, sign + 1,
			      length - (sign + 1 - line));
	} else if (!read_binary_field(reader, line, length)) {
		pr_err_at(reader->lines.name, reader->lines.line,
			  "not the journal's export format");
		reader->lines.failed = true;
		reader->ended = true;
	}
}

static bool starts(const char *line, size_t length, const char *with)
{
	return length >= strlen(with) && !memcmp(line, with, strlen(with));
}

/* What the first line shows of a file that is no text, or NULL */
static const char *other_content(const char *line, size_t length)
{
	static const struct {
		const char *start;
		const char *what;
	} contents[] = {
		{ "\xfd\x37zXZ", "compressed: xz -dc has the text" },
		{ "BZh", "compressed: bzip2 -dc has the text" },
		{ "\x28\xb5\x2f\xfd", "compressed: zstd -dc has the text" },
		{ "\x04\x22\x4d\x18", "compressed: lz4 -dc has the text" },
		{ "LPKSHHRH", "a journal: sclog read --journal, or the output of journalctl -o export" },
		{ "\xff\xfe", "UTF-16: iconv -f utf-16 has the text" },
		{ "\xfe\xff", "UTF-16: iconv -f utf-16 has the text" },
	};

	for (size_t i = 0; i < sizeof(contents) / sizeof(contents[0]); i++)
		if (starts(line, length, contents[i].start))
			return contents[i].what;
	/* a policy, or what dmesg -J prints */
	if (length == 1 && *line == '{')
		return "JSON, but not an entry a line: journalctl -o json has these";
	return NULL;
}

static void read_line(struct input *input, struct reader *reader,
		      struct loss_source *source, const char *line,
		      size_t length)
{
	const char *what = reader->lines.line <= 1 ?
		other_content(line, length) : NULL;

	if (what) {
		pr_err_at(reader->lines.name, 0, "%s", what);
		reader->lines.failed = true;
		reader->ended = true;
		return;
	}
	/* -o json-seq */
	if (length && *line == 0x1e) {
		line++;
		length--;
	}
	if (starts(line, length, "__CURSOR="))
		reader->is_export = true;
	if (reader->is_export) {
		read_export_line(input, reader, source, line, length);
		return;
	}
	if (starts(line, length, "{") &&
	    journal_json(&reader->entry, line, length)) {
		/* of another program, which may have a record in it */
		if (!reader->entry.has_message)
			input->unread += has_fields(line, length);
		journal_record(&reader->entry, &input->record);
	} else {
		record_parse_line(&input->record, line, length);
	}
	take_record(input, reader, source);
}

static void read_lines(struct input *input, struct reader *reader,
		       struct loss_source *source)
{
	size_t length;
	char *line;

	while (!reader->ended && (line = lines_next(&reader->lines, &length)))
		read_line(input, reader, source, line, length);
	/* the last entry ends with the file */
	if (reader->is_export && !reader->ended)
		read_export_line(input, reader, source, "", 0);
}

static void read_all(struct input *input, struct reader *reader,
		     struct loss_source *source)
{
	if (!lines_open(&reader->lines)) {
		input->failed = true;
		return;
	}
	read_lines(input, reader, source);
	lines_close(&reader->lines);
	source->failed |= reader->lines.failed;
	input->failed |= reader->lines.failed;
	journal_free(&reader->entry);
}

/* As /dev/kmsg escapes what is not printable, and the backslash */
static size_t unescape(char *line, size_t length)
{
	size_t to = 0;

	for (size_t i = 0; i < length; i++) {
		unsigned int byte;

		if (line[i] == '\\' && i + 3 < length && line[i + 1] == 'x' &&
		    sscanf(line + i + 2, "%2x", &byte) == 1) {
			line[to++] = byte;
			i += 3;
		} else {
			line[to++] = line[i];
		}
	}
	return to;
}

/* Each read() of /dev/kmsg gives one message */
static void read_kmsg(struct input *input, struct reader *reader,
		      struct loss_source *source)
{
	struct pollfd poll_for = { .fd = reader->lines.fd, .events = POLLIN };
	char message[KMSG_MAX];

	while (!lines_stopped()) {
		ssize_t got = read(reader->lines.fd, message, sizeof(message) - 1);
		char *end;

		if (got < 0 && errno == EAGAIN) {
			if (!input->follow)
				break;
			if (input->idle)
				input->idle(input->data);
			poll(&poll_for, 1, -1);
			continue;
		}
		/* EPIPE: it was overwritten; the next number tells how much */
		if (got < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (got < 0) {
			pr_err_at(reader->lines.name, 0, "%s", strerror(errno));
			input->failed = true;
			source->failed = true;
			break;
		}
		message[got] = '\0';
		end = strchr(message, '\n');
		reader->lines.line++;
		read_line(input, reader, source, message,
			  unescape(message, end ? end - message : got));
	}
	close(reader->lines.fd);
	journal_free(&reader->entry);
}

void input_file(struct input *input, const char *name)
{
	bool is_stdin = !strcmp(name, "-");
	struct reader reader = { .lines = { .name = name, .wait = -1 } };
	struct loss_source *source;
	struct stat stat = {};

	reader.lines.fd = is_stdin ? fcntl(0, F_DUPFD_CLOEXEC, 3) :
		open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (reader.lines.fd < 0 || fstat(reader.lines.fd, &stat) || S_ISDIR(stat.st_mode)) {
		int err = errno;

		/* a closed standard input is "/", see keep_streams_closed() */
		if (reader.lines.fd >= 0 && S_ISDIR(stat.st_mode))
			err = fcntl(reader.lines.fd, F_GETFL) & O_PATH ? EBADF :
				EISDIR;
		pr_err_at(name, 0, "%s", strerror(err));
		input->failed = true;
		if (reader.lines.fd >= 0)
			close(reader.lines.fd);
		return;
	}
	source = source_of(input->loss, name);
	if (input->follow)
		lines_stop_by_signals();
	if (S_ISCHR(stat.st_mode) && !strcmp(name, "/dev/kmsg")) {
		fcntl(reader.lines.fd, F_SETFL, O_NONBLOCK);
		read_kmsg(input, &reader, source);
		return;
	}
	if (input->follow && S_ISREG(stat.st_mode) && !is_stdin)
		lines_follow(&reader.lines, input->idle, input->data);
	read_all(input, &reader, source);
}

/*
 * The records are in the system's journal. journalctl is content with the
 * user's own if it may not read that, and --quiet keeps it from saying so.
 */
static bool is_journal_hidden(void)
{
	bool hidden = false;
	glob_t files;

	glob("/run/log/journal/*/system.journal", 0, NULL, &files);
	glob("/var/log/journal/*/system.journal", GLOB_APPEND, NULL, &files);
	for (size_t i = 0; i < files.gl_pathc; i++)
		hidden |= access(files.gl_pathv[i], R_OK) != 0;
	globfree(&files);
	return hidden;
}

void input_journal(struct input *input)
{
	struct reader reader = { .lines = { .name = "journal", .wait = -1 } };
	const struct selection *selection = input->selection;
	char *since;
	const char *command[16] = {
		"journalctl", "--quiet", "--output=export", "--no-tail",
		"--output-fields=MESSAGE,_TRANSPORT,_AUDIT_TYPE,_AUDIT_ID,_SOURCE_REALTIME_TIMESTAMP",
		"_TRANSPORT=audit", "+", "_TRANSPORT=kernel", "+",
		"_TRANSPORT=driver",
	};
	size_t nr = 10;
	pid_t pid;

	if (is_journal_hidden()) {
		pr_err("journal: the system's may be read by root and the groups systemd-journal and adm only");
		input->failed = true;
		return;
	}
	since = xasprintf("--since=@%lld",
			  (long long)(selection->since_ms / 1000));
	if (selection->has_since)
		command[nr++] = since;
	if (input->follow)
		command[nr++] = "--follow";
	reader.lines.fd = capture_start(command, false, &pid);
	free(since);
	if (reader.lines.fd < 0) {
		pr_err("journalctl: %s", strerror(-reader.lines.fd));
		input->failed = true;
		return;
	}
	if (input->follow)
		lines_stop_by_signals();
	read_all(input, &reader, loss_source(input->loss, reader.lines.name));
	if (!capture_end(pid) && !lines_stopped()) {
		pr_err("journalctl failed");
		input->failed = true;
	}
}

void input_free(struct input *input)
{
	seen_free(&input->seen);
	record_free(&input->record);
	free(input->title);
}
