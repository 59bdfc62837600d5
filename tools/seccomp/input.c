// SPDX-License-Identifier: GPL-2.0
/*
 * Logs are read.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "capture.h"
#include "input.h"
#include "journal.h"
#include "out.h"
#include "rotated.h"

#define CHUNK		(64 * 1024)
#define LINE_MAX_BYTES	(1024 * 1024)
#define NAMED_MAX	5	/* broken records that are named one by one */

/**
 * struct reader - a log that is open
 * @name: for messages
 * @file: zlib's
 * @fd: of the same, or of /dev/kmsg
 * @buffer: what was read: from @at to @end; @room is allocated
 * @line: number of the line
 * @wait: a file that grows: inotify's descriptor, else -1
 * @ended: there is no more
 * @failed: it could not be read to its end
 */
struct reader {
	const char *name;
	gzFile file;
	int fd;
	char *buffer;
	size_t at;
	size_t end;
	size_t room;
	unsigned long line;
	int wait;
	bool ended;
	bool failed;
	struct journal_entry entry;
	bool is_export;
};

static volatile sig_atomic_t stopped;

static void stop(int sig)
{
	(void)sig;
	stopped = 1;
}

/* Without SA_RESTART: poll() and read() end */
static void stop_by_signals(void)
{
	struct sigaction action = { .sa_handler = stop };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

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
		pr_warn_at(reader->name, reader->line,
			   is_cut ? "passed over: the record is cut (%s)" :
				    "passed over: not the form of a record (%s)",
			   record->why);
	else if (input->cut + input->foreign == NAMED_MAX + 1)
		pr_warn_at(reader->name, reader->line,
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

static void take_record(struct input *input, struct reader *reader,
			struct loss_source *source)
{
	struct record *record = &input->record;
	struct event *event = &record->event;

	loss_line(source, record);
	if (record->kind == RECORD_CUT || record->kind == RECORD_FOREIGN)
		broken(input, reader);
	take_title(input);
	if (record->kind != RECORD_EVENT)
		return;
	if (seen_before(&input->seen, record)) {
		input->repeated++;
		return;
	}
	event->source = SOURCE_FILE;
	event->file = reader->name;
	event->line = reader->line;
	loss_event(input->loss, event);
	if (select_event(input->selection, event)) {
		input->taken++;
		input->serial = event->serial;
		input->take(input->data, event);
	} else if (event->kind == EVENT_CALL) {
		input->left_out++;
	}
}

/* More into the buffer behind what is there; false at the end */
static bool fill(struct reader *reader)
{
	int got;

	if (reader->at) {
		memmove(reader->buffer, reader->buffer + reader->at,
			reader->end - reader->at);
		reader->end -= reader->at;
		reader->at = 0;
	}
	if (reader->room - reader->end < CHUNK) {
		reader->room = 2 * reader->room + CHUNK;
		reader->buffer = xreallocarray(reader->buffer, reader->room, 1);
	}
	got = gzread(reader->file, reader->buffer + reader->end, CHUNK);
	if (got < 0) {
		int code;
		const char *why = gzerror(reader->file, &code);

		if (code == Z_ERRNO && errno == EINTR && stopped)
			return false;
		pr_err_at(reader->name, reader->line, "%s",
			  code == Z_ERRNO ? strerror(errno) : why);
		reader->failed = true;
		return false;
	}
	reader->end += got;
	return got > 0;
}

/* The file grew, or another one has its name; false: stop */
static bool wait_for_more(struct input *input, struct reader *reader)
{
	struct pollfd poll_for = { .fd = reader->wait, .events = POLLIN };
	struct stat here;
	struct stat there;
	char events[4096];

	if (reader->wait < 0 || stopped)
		return false;
	if (input->idle)
		input->idle(input->data);
	if (poll(&poll_for, 1, -1) < 0)
		return false;
	if (read(reader->wait, events, sizeof(events)) < 0)
		return false;
	gzclearerr(reader->file);
	if (!fstat(reader->fd, &here) && !stat(reader->name, &there) &&
	    (here.st_ino != there.st_ino || here.st_dev != there.st_dev)) {
		int fd;

		/* what was written before it was renamed */
		if (fill(reader))
			return true;
		fd = open(reader->name, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return true;
		gzclose(reader->file);
		reader->fd = fd;
		reader->file = gzdopen(fd, "rb");
	}
	return reader->file;
}

static void begin_wait(struct reader *reader)
{
	const char *slash = strrchr(reader->name, '/');
	char *folder = slash ? strndup(reader->name, slash - reader->name + 1) :
			       xstrdup(".");

	reader->wait = inotify_init1(IN_CLOEXEC);
	if (reader->wait < 0 ||
	    inotify_add_watch(reader->wait, folder, IN_MODIFY | IN_CREATE |
			      IN_MOVED_TO) < 0)
		pr_warn_at(reader->name, 0, "cannot wait for more: %s",
			   strerror(errno));
	free(folder);
}

/* The next line, without its newline; NULL at the end */
static char *next_line(struct input *input, struct reader *reader,
		       size_t *length)
{
	size_t searched = 0;

	for (;;) {
		char *line = reader->buffer + reader->at;
		size_t have = reader->end - reader->at;
		char *newline = have > searched ?
			memchr(line + searched, '\n', have - searched) : NULL;

		if (newline) {
			*length = newline - line;
			reader->at += *length + 1;
			reader->line++;
			return line;
		}
		searched = have;
		if (have > LINE_MAX_BYTES) {
			/* no record is that long: only its start is looked at */
			reader->at = reader->end - 1;
			reader->buffer[reader->at] = '\0';
			*length = LINE_MAX_BYTES;
			return line;
		}
		if (!fill(reader) &&
		    (stopped || !wait_for_more(input, reader)))
			break;
	}
	if (reader->at == reader->end)
		return NULL;
	*length = reader->end - reader->at;
	reader->at = reader->end;
	reader->line++;
	return reader->buffer + reader->end - *length;
}

/* Bytes that may hold newlines; NULL if there are not so many */
static char *next_bytes(struct reader *reader, size_t length)
{
	while (reader->end - reader->at < length)
		if (!fill(reader))
			return NULL;
	reader->at += length;
	return reader->buffer + reader->at - length;
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
	bytes = next_bytes(reader, 8);
	for (int i = 7; bytes && i >= 0; i--)
		length = length << 8 | (unsigned char)bytes[i];
	if (!bytes || length > LINE_MAX_BYTES)
		return false;
	bytes = next_bytes(reader, length + 1);
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
		pr_err_at(reader->name, reader->line,
			  "not the journal's export format");
		reader->failed = true;
		reader->ended = true;
	}
}

static bool starts(const char *line, size_t length, const char *with)
{
	return length >= strlen(with) && !memcmp(line, with, strlen(with));
}

static void read_line(struct input *input, struct reader *reader,
		      struct loss_source *source, const char *line,
		      size_t length)
{
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
	    journal_json(&reader->entry, line, length))
		journal_record(&reader->entry, &input->record);
	else
		record_parse_line(&input->record, line, length);
	take_record(input, reader, source);
}

static void read_lines(struct input *input, struct reader *reader,
		       struct loss_source *source)
{
	size_t length;
	char *line;

	while (!reader->ended && (line = next_line(input, reader, &length)))
		read_line(input, reader, source, line, length);
	/* the last entry ends with the file */
	if (reader->is_export && !reader->ended)
		read_export_line(input, reader, source, "", 0);
}

static void read_all(struct input *input, struct reader *reader,
		     struct loss_source *source)
{
	reader->file = gzdopen(reader->fd, "rb");
	if (!reader->file) {
		pr_err_at(reader->name, 0, "%s", strerror(ENOMEM));
		close(reader->fd);
		input->failed = true;
		return;
	}
	gzbuffer(reader->file, 2 * CHUNK);
	read_lines(input, reader, source);
	if (gzclose(reader->file) == Z_BUF_ERROR) {
		pr_err_at(reader->name, 0, "the compressed data ends too early");
		reader->failed = true;
	}
	source->failed |= reader->failed;
	input->failed |= reader->failed;
	free(reader->buffer);
	journal_free(&reader->entry);
	if (reader->wait >= 0)
		close(reader->wait);
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
	struct pollfd poll_for = { .fd = reader->fd, .events = POLLIN };
	char message[CHUNK];

	while (!stopped) {
		ssize_t got = read(reader->fd, message, sizeof(message) - 1);
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
			pr_err_at(reader->name, 0, "%s", strerror(errno));
			input->failed = true;
			source->failed = true;
			break;
		}
		message[got] = '\0';
		end = strchr(message, '\n');
		reader->line++;
		read_line(input, reader, source, message,
			  unescape(message, end ? end - message : got));
	}
	close(reader->fd);
	journal_free(&reader->entry);
}

void input_file(struct input *input, const char *name)
{
	bool is_stdin = !strcmp(name, "-");
	struct reader reader = { .name = name, .wait = -1 };
	struct loss_source *source;
	struct stat stat = {};

	reader.fd = is_stdin ? fcntl(0, F_DUPFD_CLOEXEC, 3) :
		open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (reader.fd < 0 || fstat(reader.fd, &stat) || S_ISDIR(stat.st_mode)) {
		pr_err_at(name, 0, "%s", strerror(reader.fd >= 0 &&
						  S_ISDIR(stat.st_mode) ?
						  EISDIR : errno));
		input->failed = true;
		if (reader.fd >= 0)
			close(reader.fd);
		return;
	}
	source = source_of(input->loss, name);
	if (input->follow)
		stop_by_signals();
	if (S_ISCHR(stat.st_mode) && !strcmp(name, "/dev/kmsg")) {
		fcntl(reader.fd, F_SETFL, O_NONBLOCK);
		read_kmsg(input, &reader, source);
		return;
	}
	if (input->follow && S_ISREG(stat.st_mode) && !is_stdin)
		begin_wait(&reader);
	read_all(input, &reader, source);
}

void input_journal(struct input *input)
{
	struct reader reader = { .name = "journal", .wait = -1 };
	const struct selection *selection = input->selection;
	char *since = xasprintf("--since=@%lld",
				(long long)(selection->since_ms / 1000));
	const char *command[16] = {
		"journalctl", "--quiet", "--output=export", "--no-tail",
		"--output-fields=MESSAGE,_TRANSPORT,_AUDIT_TYPE,_AUDIT_ID,_SOURCE_REALTIME_TIMESTAMP",
		"_TRANSPORT=audit", "+", "_TRANSPORT=kernel", "+",
		"_TRANSPORT=driver",
	};
	size_t nr = 10;
	pid_t pid;

	if (selection->has_since)
		command[nr++] = since;
	if (input->follow)
		command[nr++] = "--follow";
	reader.fd = capture_start(command, false, &pid);
	free(since);
	if (reader.fd < 0) {
		pr_err("journalctl: %s", strerror(-reader.fd));
		input->failed = true;
		return;
	}
	if (input->follow)
		stop_by_signals();
	read_all(input, &reader, loss_source(input->loss, reader.name));
	if (!capture_end(pid) && !stopped) {
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
