// SPDX-License-Identifier: GPL-2.0
/*
 * The reader of records held against libauparse: both read the same logs, of
 * auditd's raw and enriched format, and must find the same records with the
 * same values. Values as they stand in the log: what libauparse makes of
 * numbers is not right for every convention.
 */
#include <auparse.h>
#include <glob.h>
#include <inttypes.h>
#include <libaudit.h>
#include <stdlib.h>

#include "out.h"
#include "record.h"
#include "tap.h"

/* A text for each record */
struct texts {
	char **list;
	size_t nr;
};

static void add_text(struct texts *texts, char *text)
{
	texts->list = xreallocarray(texts->list, texts->nr + 1, sizeof(text));
	texts->list[texts->nr++] = text;
}

static void free_texts(struct texts *texts)
{
	for (size_t i = 0; i < texts->nr; i++)
		free(texts->list[i]);
	free(texts->list);
	*texts = (struct texts){};
}

/* Ours */

static void print_life(FILE *out, const struct event *event)
{
	const struct filter_life *life = &event->life;

	if (event->kind == EVENT_FILTER_LOGS)
		fprintf(out, " op=logs filter=%" PRIx64 " pid=%d uid=%u comm=%s exe=%s insns=%u flags=%x",
			event->filter, event->pid, life->uid, event->comm,
			event->exe, life->insns, life->flags);
	else
		fprintf(out, " op=gone filter=%" PRIx64 " logged=%" PRIu64 " left-out=%" PRIu64 " lost=%" PRIu64 " part=%u/%u arch=%x syscalls=%s",
			event->filter, life->logged, life->left_out, life->lost,
			life->part, life->parts, life->audit_arch,
			life->syscalls);
}

static void print_call(FILE *out, const struct event *event)
{
	/* what a log has is 32 bits */
	fprintf(out, " auid=%u uid=%u gid=%u ses=%u pid=%d comm=%s exe=%s sig=%d arch=%x syscall=%d ip=%" PRIx64 " action=%x",
		event->auid, event->uid, event->gid, event->ses, event->pid,
		event->comm, event->exe ? event->exe : "(null)", event->sig,
		event->audit_arch, (int32_t)event->call.nr, event->ip,
		event->action);
	for (int i = 0; i < EVENT_ARGS; i++)
		if (event->args_known & 1u << i)
			fprintf(out, " a%d=%" PRIx64, i, event->args[i]);
	if (event->filter)
		fprintf(out, " filter=%" PRIx64 " seq=%" PRIu64, event->filter,
			event->seq);
}

static void read_ours(const char *path, struct texts *texts)
{
	FILE *file = fopen(path, "re");
	struct record record = {};
	char *line = NULL;
	size_t room = 0;
	ssize_t length;

	while (file && (length = getline(&line, &room, file)) > 0) {
		const struct event *event = &record.event;
		char *text = NULL;
		size_t size;
		FILE *out;

		record_parse_line(&record, line, length - 1);
		if (record.kind != RECORD_EVENT)
			continue;
		out = open_memstream(&text, &size);
		fprintf(out, "%" PRId64 ":%" PRIu64, event->time_ms,
			event->serial);
		if (event->kind == EVENT_CALL)
			print_call(out, event);
		else
			print_life(out, event);
		fclose(out);
		add_text(texts, text);
	}
	free(line);
	record_free(&record);
	if (file)
		fclose(file);
}

/* libauparse's */

/* auparse_find_field() would go on in the event's next record */
static const char *raw(auparse_state_t *au, const char *name)
{
	auparse_first_field(au);
	do {
		if (!strcmp(auparse_get_field_name(au), name))
			return auparse_get_field_str(au);
	} while (auparse_next_field(au) > 0);
	return NULL;
}

static uint64_t number(auparse_state_t *au, const char *name, int base)
{
	const char *text = raw(au, name);

	return text ? strtoull(text, NULL, base) : 0;
}

static const char *name_of(auparse_state_t *au, const char *name)
{
	const char *text = raw(au, name);

	return text && *text != '(' ? auparse_interpret_field(au) : text;
}

/* Of comm and exe each is valid until the next */
static void print_names(FILE *out, auparse_state_t *au)
{
	fprintf(out, " comm=%s", name_of(au, "comm"));
	fprintf(out, " exe=%s", name_of(au, "exe"));
}

static void print_their_life(FILE *out, auparse_state_t *au)
{
	bool logs = strstr(raw(au, "op"), "-logs");

	fprintf(out, " op=%s filter=%" PRIx64, logs ? "logs" : "gone",
		number(au, "filter", 16));
	if (logs) {
		fprintf(out, " pid=%d uid=%u", (int)number(au, "pid", 10),
			(unsigned int)number(au, "uid", 10));
		print_names(out, au);
		fprintf(out, " insns=%u", (unsigned int)number(au, "insns", 10));
		fprintf(out, " flags=%x",
			(unsigned int)number(au, "filter-flags", 16));
		return;
	}
	fprintf(out, " logged=%" PRIu64, number(au, "logged", 10));
	fprintf(out, " left-out=%" PRIu64, number(au, "left-out", 10));
	fprintf(out, " lost=%" PRIu64, number(au, "lost", 10));
	fprintf(out, " part=%s", raw(au, "part"));
	fprintf(out, " arch=%s", raw(au, "arch"));
	fprintf(out, " syscalls=%s", raw(au, "syscalls"));
}

static void print_their_call(FILE *out, auparse_state_t *au)
{
	static const char *const ids[] = { "auid", "uid", "gid", "ses", "pid" };

	for (int i = 0; i < 5; i++)
		fprintf(out, " %s=%" PRIu64, ids[i], number(au, ids[i], 10));
	print_names(out, au);
	fprintf(out, " sig=%d", (int)number(au, "sig", 10));
	fprintf(out, " arch=%s", raw(au, "arch"));
	fprintf(out, " syscall=%s", raw(au, "syscall"));
	fprintf(out, " ip=%" PRIx64, number(au, "ip", 16));
	fprintf(out, " action=%x",
		(unsigned int)number(au, "code", 16));
	for (int i = 0; i < EVENT_ARGS; i++) {
		const char name[] = { 'a', '0' + i, '\0' };

		if (raw(au, name))
			fprintf(out, " %s=%" PRIx64, name, number(au, name, 16));
	}
	if (!raw(au, "filter"))
		return;
	fprintf(out, " filter=%" PRIx64, number(au, "filter", 16));
	fprintf(out, " seq=%" PRIu64, number(au, "seq", 10));
}

static void read_record(auparse_state_t *au, struct texts *texts)
{
	const char *op = raw(au, "op");
	int type = auparse_get_type(au);
	char *text = NULL;
	size_t size;
	FILE *out;

	if (type != AUDIT_SECCOMP &&
	    (type != AUDIT_KERNEL_OTHER || !op ||
	     strncmp(op, "seccomp-filter-", 15)))
		return;
	out = open_memstream(&text, &size);
	fprintf(out, "%lld:%lu", (long long)auparse_get_time(au) * 1000 +
		auparse_get_milli(au), auparse_get_serial(au));
	if (type == AUDIT_SECCOMP)
		print_their_call(out, au);
	else
		print_their_life(out, au);
	fclose(out);
	add_text(texts, text);
}

static void read_theirs(const char *path, struct texts *texts)
{
	auparse_state_t *au = auparse_init(AUSOURCE_FILE, path);

	if (!au)
		return;
	auparse_set_escape_mode(au, AUPARSE_ESC_RAW);
	while (auparse_next_event(au) > 0)
		do
			read_record(au, texts);
		while (auparse_next_record(au) > 0);
	auparse_destroy(au);
}

int main(void)
{
	struct texts ours = {};
	struct texts theirs = {};
	size_t records = 0;
	glob_t files;

	OK(!glob("*.log", 0, NULL, &files), "there are logs");
	for (size_t i = 0; i < files.gl_pathc; i++) {
		const char *path = files.gl_pathv[i];

		/* libauparse takes what has not the form of a record */
		if (!strcmp(path, "broken.log"))
			continue;
		read_ours(path, &ours);
		read_theirs(path, &theirs);
		OK(ours.nr == theirs.nr, "%s: %zu records, by libauparse %zu",
		   path, ours.nr, theirs.nr);
		for (size_t j = 0; j < ours.nr && j < theirs.nr; j++)
			IS(ours.list[j], theirs.list[j], "%s: record %zu", path,
			   j + 1);
		records += ours.nr;
		free_texts(&ours);
		free_texts(&theirs);
	}
	OK(records > 40, "%zu records are compared", records);
	globfree(&files);
	return done_testing();
}
