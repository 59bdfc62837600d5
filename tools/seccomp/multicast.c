// SPDX-License-Identifier: GPL-2.0
/*
 * The source `log`: SECCOMP_RET_LOG and audit's multicast group.
 *
 * Which records are the command's: by the id of the filter where records have
 * one, else by a session of audit that begins with the command.
 */
#include <errno.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "audit.h"
#include "descend.h"
#include "gaps.h"
#include "held.h"
#include "multicast.h"
#include "out.h"
#include "record.h"
#include "sclog.h"
#include "signals.h"

/* For the marker and the summary, once the last process is gone */
#define DRAIN_MS	5000

/**
 * struct reader - a run
 * @fd: of the group
 * @once: the filter logs once, and its records have an id
 * @filter: id of the filter, 0: not known yet
 * @held: records of filters while @filter is not known
 * @unit: the service that is watched, NULL: a command is
 * @filters: ids of the service's filters, and of others'
 * @session: of the command, for records that have no id
 * @records: of the command
 * @gone: parts of the summary that have come
 * @closing: what the summary says
 * @logged: and @lost: sums of summaries
 * @calls: that were seen
 * @marker: text of the marker
 * @marked: it has come
 */
struct reader {
	struct watch *watch;
	int fd;
	bool once;
	uint64_t filter;
	struct held held;
	const struct unit *unit;
	struct {
		uint64_t id;
		bool ours;
		bool gone;
	} *filters;
	size_t nr_filters;
	struct {
		pid_t pid;
		bool ours;
	} *pids;
	size_t nr_pids;
	uint32_t session;
	uint64_t records;
	unsigned int gone;
	struct filter_life closing;
	uint64_t logged;
	uint64_t lost;
	struct call *calls;
	size_t nr_calls;
	struct gaps gaps;
	char marker[64];
	bool marked;
	struct record record;
};

/* A process that has gone already is taken for the service's: little else logs */
static bool is_units_process(struct reader *reader, pid_t pid)
{
	bool ours;

	for (size_t i = reader->nr_pids; i > 0; i--)
		if (reader->pids[i - 1].pid == pid)
			return reader->pids[i - 1].ours;
	ours = unit_has(reader->unit, pid) != 0;
	reader->pids = xreallocarray(reader->pids, reader->nr_pids + 1,
				     sizeof(*reader->pids));
	reader->pids[reader->nr_pids].pid = pid;
	reader->pids[reader->nr_pids++].ours = ours;
	return ours;
}

/* A filter is the service's if a process of that shows it first */
static bool is_units(struct reader *reader, const struct event *event)
{
	size_t at = 0;

	if (!event->filter)
		return is_units_process(reader, event->pid);
	while (at < reader->nr_filters && reader->filters[at].id != event->filter)
		at++;
	if (at == reader->nr_filters) {
		if (event->kind == EVENT_FILTER_GONE)
			return false;
		reader->filters = xreallocarray(reader->filters, at + 1,
						sizeof(*reader->filters));
		reader->filters[at].id = event->filter;
		reader->filters[at].ours = is_units_process(reader, event->pid);
		reader->filters[at].gone = false;
		reader->nr_filters++;
	}
	if (event->kind == EVENT_FILTER_GONE &&
	    event->life.part == event->life.parts)
		reader->filters[at].gone = true;
	return reader->filters[at].ours;
}

static bool is_commands(struct reader *reader, const struct event *event)
{
	if (reader->unit)
		return is_units(reader, event);
	if (reader->once)
		return reader->filter && event->filter == reader->filter;
	return event->kind == EVENT_CALL && event->ses == reader->session;
}

static void note_call(struct reader *reader, const struct call *call)
{
	for (size_t i = 0; i < reader->nr_calls; i++)
		if (!call_compare(&reader->calls[i], call))
			return;
	reader->calls = xreallocarray(reader->calls, reader->nr_calls + 1,
				      sizeof(*call));
	reader->calls[reader->nr_calls++] = *call;
}

static void handle_call(struct reader *reader, struct event *event)
{
	struct watch *watch = reader->watch;

	reader->records++;
	if (!watch->refusals && event->action != SECCOMP_RET_LOG)
		return;
	event->source = SOURCE_MULTICAST;
	if (event->call.abi)
		note_call(reader, &event->call);
	watch->calls += event->count;
	watch->event(watch, event);
}

static bool is_noted(const struct reader *reader, const struct call *call)
{
	for (size_t i = 0; i < reader->nr_calls; i++)
		if (!call_compare(&reader->calls[i], call))
			return true;
	return false;
}

/*
 * Calls that a part of the summary has: those that no record has shown
 * are seen, without arguments. Ranges may have numbers that no call has.
 */
static void handle_closing(struct reader *reader, const struct event *closing)
{
	const char *text = closing->life.syscalls;
	uint32_t first;
	uint32_t last;

	if (closing->life.part == closing->life.parts) {
		reader->logged += closing->life.logged;
		reader->lost += closing->life.lost;
	}
	reader->closing = closing->life;
	reader->closing.syscalls = NULL;
	reader->gone++;
	/* it has what was logged and what was refused in one set */
	if (reader->watch->refusals)
		return;
	while (text && record_next_range(&text, &first, &last)) {
		for (uint64_t nr = first; nr <= last; nr++) {
			struct event event = {
				.kind = EVENT_CALL,
				.source = SOURCE_MULTICAST,
				.time_ms = closing->time_ms,
				.audit_arch = closing->life.audit_arch,
				.call = {
					abi_by_audit(closing->life.audit_arch,
						     nr), nr,
				},
				.action = SECCOMP_RET_LOG,
				.count = 1,
			};

			if (!event.call.abi || is_noted(reader, &event.call) ||
			    (first != last && !call_name(&event.call)))
				continue;
			note_call(reader, &event.call);
			reader->watch->event(reader->watch, &event);
		}
	}
}

static void handle_record(struct reader *reader)
{
	struct event *event = &reader->record.event;

	if (!is_commands(reader, event))
		return;
	if (event->kind == EVENT_CALL)
		handle_call(reader, event);
	else if (event->kind == EVENT_FILTER_GONE)
		handle_closing(reader, event);
}

/*
 * The command's filter is the one of which the command's process shows a record
 * first, or that this process has attached; its children may come before.
 */
static void find_filter(struct reader *reader, unsigned int type,
			const char *text, size_t length)
{
	struct event *event = &reader->record.event;
	struct held *held = &reader->held;

	if (event->kind == EVENT_FILTER_GONE)
		return;
	if (event->pid == reader->watch->command.pid) {
		reader->filter = event->filter;
		for (size_t i = 0; i < held->nr; i++) {
			record_parse_audit(&reader->record, held->records[i].type,
					   held->records[i].text,
					   held->records[i].length);
			handle_record(reader);
		}
		held_free(held);
		record_parse_audit(&reader->record, type, text, length);
	} else if (event->kind == EVENT_FILTER_LOGS) {
		held_drop(held, event->filter);
	} else {
		held_add(held, event->filter, event->seq, type, text, length);
	}
}

static void handle_datagram(struct reader *reader, unsigned int type,
			    const char *text, size_t length)
{
	record_parse_audit(&reader->record, type, text, length);
	if (reader->record.stamped)
		gaps_add(&reader->gaps, reader->record.event.serial);
	if (reader->record.kind != RECORD_EVENT)
		return;
	if (reader->once && !reader->unit && !reader->filter)
		find_filter(reader, type, text, length);
	handle_record(reader);
}

/* All that is there */
static void receive(struct reader *reader)
{
	char buffer[AUDIT_DATAGRAM_MAX];
	const char *text;
	unsigned int type;
	ssize_t length;

	for (;;) {
		length = audit_receive(reader->fd, buffer, &type, &text);
		if (length == -EAGAIN)
			return;
		if (length == -ENOBUFS) {
			watch_lost(reader->watch, 1,
				   xstrdup("records came faster than they were read"));
			continue;
		}
		if (length < 0) {
			watch_lost(reader->watch, 1,
				   xasprintf("audit's records: %s",
					     strerror(-length)));
			return;
		}
		if (*reader->marker &&
		    memmem(text, length, reader->marker,
			   strlen(reader->marker)))
			reader->marked = true;
		handle_datagram(reader, type, text, length);
	}
}

/* What is made before the marker has come when the marker has */
static void send_marker(struct reader *reader)
{
	struct audit_status status;
	struct timespec now;
	unsigned int type = AUDIT_USER;

	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(reader->marker, sizeof(reader->marker),
		 "op=sclog-marker id=%d.%lld%09ld", getpid(),
		 (long long)now.tv_sec, now.tv_nsec);
	/* while audit is off, records of this type alone are made */
	if (!audit_status(&status) && !status.enabled)
		type = AUDIT_USER_AVC;
	if (audit_send_user(type, reader->marker))
		watch_lost(reader->watch, 0,
			   xstrdup("no marker can be put behind the records"));
}

static bool is_drained(const struct reader *reader, bool all_gone)
{
	if (reader->unit && !reader->marked)
		return false;
	for (size_t i = 0; reader->unit && i < reader->nr_filters; i++)
		if (reader->filters[i].ours && !reader->filters[i].gone)
			return false;
	if (reader->unit)
		return true;
	if (reader->once && reader->filter && all_gone)
		return reader->gone && reader->gone >= reader->closing.parts;
	/* their announcements tell whose they are */
	if (all_gone && reader->held.nr)
		return false;
	return reader->marked;
}

/* @all_gone: no process with the filter is left, so a summary comes */
static void drain(struct reader *reader, bool all_gone,
		  const sigset_t *waiting)
{
	struct pollfd poll_fd = { .fd = reader->fd, .events = POLLIN };
	int64_t end = clock_ms() + DRAIN_MS;

	send_marker(reader);
	for (;;) {
		int64_t left = end - clock_ms();
		struct timespec limit;

		receive(reader);
		if (is_drained(reader, all_gone))
			return;
		if (left <= 0)
			break;
		limit = (struct timespec){ left / 1000, left % 1000 * 1000000 };
		ppoll(&poll_fd, 1, &limit, waiting);
	}
	watch_lost(reader->watch, 0, xstrdup(reader->marked ?
		"the summary has not come" :
		"records may still be on their way"));
}

static void read_loop(struct reader *reader)
{
	struct pollfd poll_fd = { .fd = reader->fd, .events = POLLIN };
	struct watch *watch = reader->watch;
	const struct timespec now = {};
	sigset_t waiting;
	bool left = true;

	signals_block(&waiting);
	for (unsigned int i = 0;; i++) {
		int ready = i % 64 ? ppoll(&poll_fd, 1, NULL, &waiting) :
			ppoll(NULL, 0, &now, &waiting);

		if (ready < 0 || signals.any) {
			bool was_tick = signals.tick;

			left = watch_reap(watch);
			/* these go on, and are not watched any longer */
			if (!left || (watch->main_ended &&
				      watch->until == UNTIL_MAIN))
				break;
			watch_signals(watch, kill_descendants, NULL);
			if (was_tick && watch->main_ended) {
				size_t nr;
				pid_t *pids = descendants(&nr);

				watch_remaining(watch, pids, nr);
				free(pids);
			}
		}
		if (ready > 0)
			receive(reader);
	}
	drain(reader, !left, &waiting);
	sigprocmask(SIG_SETMASK, &waiting, NULL);
}

/* What is missing, as far as it can be known */
static void check_complete(struct reader *reader,
			   const struct audit_status *before)
{
	struct watch *watch = reader->watch;
	struct audit_status after;
	uint64_t gaps;

	if (reader->gone) {
		uint64_t lost = reader->lost;

		if (reader->logged > reader->records)
			lost += reader->logged - reader->records;
		if (lost)
			watch_lost(watch, lost,
				   xstrdup("the summary counts more"));
		return;
	}
	gaps = gaps_end(&reader->gaps);
	if (gaps)
		watch_lost(watch, gaps, xstrdup("serial numbers are missing"));
	if (!audit_status(&after) && after.lost != before->lost)
		watch_lost(watch, after.lost - before->lost,
			   xstrdup("audit has lost records"));
	if (watch->must_see && !reader->records)
		watch_lost(watch, 0,
			   xstrdup("no record has come; 'sclog doctor' says why"));
}

int multicast_run(struct watch *watch)
{
	struct reader reader = {
		.watch = watch,
		.once = multicast_logs_once(),
		.fd = audit_listen(test_setting("SCLOG_BUFFER_BYTES",
						AUDIT_BUFFER_BYTES)),
	};
	struct audit_status before;
	int status;

	if (reader.fd < 0) {
		pr_err("%s: audit's records cannot be read: %s", watch->verb,
		       strerror(-reader.fd));
		return STATUS_NO_FILTER;
	}
	audit_status(&before);
	adopt_orphans();
	if (watch->refusals)
		watch->command.filter_flags |= SECCOMP_FILTER_FLAG_LOG;
	else if (reader.once)
		watch->command.filter_flags |= SECCOMP_FILTER_FLAG_LOG_ONCE;
	else
		watch->command.new_session = true;
	watch_started(watch);
	status = command_start(&watch->command, &watch->prog, START_FILTER);
	if (!status && !reader.once)
		status = command_session(&watch->command, &reader.session);
	if (!status) {
		read_loop(&reader);
		status = command_failed(&watch->command);
	}
	if (!status)
		check_complete(&reader, &before);
	record_free(&reader.record);
	held_free(&reader.held);
	free(reader.calls);
	close(reader.fd);
	return status;
}

/* Until a signal or the limit comes; there is nothing to be killed */
static void watch_loop(struct reader *reader)
{
	struct pollfd poll_fd = { .fd = reader->fd, .events = POLLIN };
	struct watch *watch = reader->watch;
	const struct timespec now = {};
	sigset_t waiting;

	signals_block(&waiting);
	for (unsigned int i = 0;; i++) {
		int ready = i % 64 ? ppoll(&poll_fd, 1, NULL, &waiting) :
			ppoll(NULL, 0, &now, &waiting);

		if (signals.interrupted || signals.ended)
			break;
		if (watch->limit_ms &&
		    clock_ms() - watch->start_ms >= watch->limit_ms)
			break;
		watch_signals(watch, kill_descendants, NULL);
		if (ready > 0)
			receive(reader);
	}
	sigprocmask(SIG_SETMASK, &waiting, NULL);
}

int multicast_unit(struct watch *watch, struct unit *unit)
{
	struct reader reader = {
		.watch = watch,
		.unit = unit,
		.once = multicast_logs_once(),
		.fd = audit_listen(test_setting("SCLOG_BUFFER_BYTES",
						AUDIT_BUFFER_BYTES)),
	};
	struct audit_status before;
	sigset_t waiting;
	bool begun;
	bool ended;

	if (reader.fd < 0) {
		pr_err("%s: audit's records cannot be read: %s", watch->verb,
		       strerror(-reader.fd));
		return STATUS_NO_FILTER;
	}
	audit_status(&before);
	begun = unit_begin(unit);
	if (begun) {
		pr_info("%s: restarted with SystemCallLog= (a drop-in below /run, gone when we end); Ctrl-C when you have used it",
			unit->name);
		watch_started(watch);
		watch->must_see = true;
		watch_loop(&reader);
		pr_info("%s: restarting it without the drop-in", unit->name);
	}
	watch_ended(watch, 0);
	ended = unit_end(unit);
	if (begun) {
		signals_block(&waiting);
		drain(&reader, false, &waiting);
		/* what is pending is for the handlers, which go after us */
		sigprocmask(SIG_SETMASK, &waiting, NULL);
		check_complete(&reader, &before);
	}
	record_free(&reader.record);
	free(reader.filters);
	free(reader.pids);
	free(reader.calls);
	close(reader.fd);
	if (!begun)
		return STATUS_NO_FILTER;
	return ended ? STATUS_OK : STATUS_FAILED;
}
