// SPDX-License-Identifier: GPL-2.0
/*
 * The body of a record: what follows its stamp.
 *
 *	auid= uid= gid= ses= [subj=] pid= comm= [exe=]		the head
 *	sig= arch= syscall= compat= ip= code= [a0= ... seq= ...]	the tail
 *
 * The tail has no spaces in its values, so it starts at the last " sig=". The
 * end of the head is read from right to left if its texts are quoted, since
 * subj may be anything.
 */
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>

#include "record_fields.h"

static bool take_signal(struct fields *fields, int *sig)
{
	const char *value = fields_take(fields, "sig");
	uint64_t number;

	if (!value)
		return false;
	if (parse_u64(value, 10, 64, &number)) {
		*sig = number;
		return true;
	}
	if (!fields->interpreted || strncmp(value, "SIG", 3))
		return fields_bad(fields, "sig");
	*sig = 0;
	for (int i = 1; i < NSIG; i++) {
		const char *name = sigabbrev_np(i);

		if (name && !strcmp(name, value + 3))
			*sig = i;
	}
	return true;
}

/* "unknown-syscall(N)", also with a minus */
static bool parse_unknown(char *text, int *nr)
{
	static const char before[] = "unknown-syscall(";
	size_t length = strlen(text);

	if (strncmp(text, before, sizeof(before) - 1) ||
	    text[length - 1] != ')')
		return false;
	text[length - 1] = '\0';
	return !parse_s32(text + sizeof(before) - 1, nr);
}

static bool parse_signed(const char *text, int *nr)
{
	uint64_t number;

	if (!parse_u64(text + (*text == '-'), 10,
		       *text == '-' ? 0x80000000ULL : INT32_MAX, &number))
		return false;
	*nr = *text == '-' ? (int)-number : (int)number;
	return true;
}

static bool take_syscall(struct fields *fields, struct event *event)
{
	char *value = fields_take(fields, "syscall");
	const struct abi *abi;
	int nr;

	if (!value)
		return false;
	if (!parse_signed(value, &nr)) {
		struct call call;

		if (!fields->interpreted)
			return fields_bad(fields, "syscall");
		abi = abi_by_audit(event->audit_arch, 0);
		if (abi && !call_by_name(abi, value, &call)) {
			nr = call.nr;
		} else if (!parse_unknown(value, &nr)) {
			if (!*fields->at)
				return fields_bad(fields, "syscall");
			return fields_fail(fields->record, RECORD_FOREIGN,
					   "the name of the system call is unknown");
		}
	}
	event->call.abi = abi_by_audit(event->audit_arch, nr);
	event->call.nr = nr;
	return true;
}

/* The names of libaudit */
static const struct {
	const char *name;
	uint32_t action;
} actions[] = {
	{ "allow", SECCOMP_RET_ALLOW },
	{ "log", SECCOMP_RET_LOG },
	{ "errno", SECCOMP_RET_ERRNO },
	{ "trap", SECCOMP_RET_TRAP },
	{ "kill", SECCOMP_RET_KILL_THREAD },
	{ "kill-thread", SECCOMP_RET_KILL_THREAD },
	{ "kill-process", SECCOMP_RET_KILL_PROCESS },
	{ "trace", SECCOMP_RET_TRACE },
	{ "user-notify", SECCOMP_RET_USER_NOTIF },
};

#define NR_ACTIONS	(sizeof(actions) / sizeof(actions[0]))

static bool is_action(uint64_t code)
{
	for (size_t i = 0; i < NR_ACTIONS; i++)
		if (actions[i].action == code)
			return true;
	return false;
}

static bool parse_action(const char *text, uint32_t *action)
{
	for (size_t i = 0; i < NR_ACTIONS; i++) {
		if (!strcmp(actions[i].name, text)) {
			*action = actions[i].action;
			return true;
		}
	}
	return false;
}

static bool take_code(struct fields *fields, uint32_t *action)
{
	const char *value = fields_take(fields, "code");
	uint64_t number;

	if (!value)
		return false;
	if (parse_0x(value, UINT32_MAX, &number) && is_action(number))
		*action = number;
	else if (!fields->interpreted || !parse_action(value, action))
		return fields_bad(fields, "code");
	return true;
}

/*
 * An argument: "?" is one that the kernel does not know, and a value that
 * ausearch decoded tells no number.
 */
static bool take_arg(struct fields *fields, unsigned int index)
{
	static const char *const keys[] = { "a0", "a1", "a2", "a3", "a4", "a5" };
	struct event *event = &fields->record->event;
	const char *value = fields_take(fields, keys[index]);
	bool decoded = fields->interpreted && index < 4;

	if (!value)
		return false;
	if (!strcmp(value, "?"))
		return true;
	if (decoded ? parse_0x(value, UINT64_MAX, &event->args[index]) :
		      parse_u64(value, 16, UINT64_MAX, &event->args[index]))
		event->args_known |= 1u << index;
	else if (!decoded || !*value)
		return fields_bad(fields, keys[index]);
	return true;
}

/* The fields of a kernel that tells the filter and the arguments */
static bool parse_more(struct fields *fields)
{
	struct event *event = &fields->record->event;
	uint64_t number;

	if (!fields_next_is(fields, "a0"))
		return fields_end(fields);
	for (unsigned int i = 0; i < EVENT_ARGS; i++)
		if (!take_arg(fields, i))
			return false;
	if (!fields_number(fields, "filter", 16, UINT64_MAX, &event->filter) ||
	    !fields_0x(fields, "retdata", UINT16_MAX, &number))
		return false;
	event->data = number;
	event->data_known = true;
	if (fields_next_is(fields, "seq") &&
	    !fields_number(fields, "seq", 10, UINT64_MAX, &event->seq))
		return false;
	return fields_end(fields);
}

static bool parse_tail(struct fields *fields)
{
	struct event *event = &fields->record->event;
	uint64_t number;

	return take_signal(fields, &event->sig) &&
		fields_arch(fields, &event->audit_arch) &&
		take_syscall(fields, event) &&
		fields_number(fields, "compat", 10, 1, &number) &&
		fields_0x(fields, "ip", UINT64_MAX, &event->ip) &&
		take_code(fields, &event->action) && parse_more(fields);
}

static bool parse_pid(const char *text, int32_t *pid)
{
	uint64_t number;

	if (!text || !parse_u64(text, 10, INT32_MAX, &number))
		return false;
	*pid = number;
	return true;
}

/* subj, if what is left of a head is that */
static bool parse_subj(char *head, const char **subj)
{
	if (!*head)
		return true;
	if (strncmp(head, " subj=", 6))
		return false;
	*subj = head + 6;
	return true;
}

/* " [subj=] pid= comm= [exe=]" with texts as audit writes them */
static bool parse_task(char *head, struct event *event)
{
	char *exe = fields_cut_last(head, "exe");
	char *comm = fields_cut_last(head, "comm");

	return comm && (!exe || fields_decode(exe, &event->exe, NULL)) &&
		fields_decode(comm, &event->comm, NULL) &&
		parse_pid(fields_cut_last(head, "pid"), &event->pid) &&
		parse_subj(head, &event->subj);
}

/*
 * The same with texts as ausearch -i shows them, without quotes: where they
 * end cannot be known for certain, and is for show only.
 */
static bool parse_shown_task(char *head, struct event *event)
{
	char *comm = strstr(head, " comm=");
	char *exe;

	if (!comm)
		return false;
	*comm = '\0';
	comm += strlen(" comm=");
	exe = strstr(comm, " exe=");
	if (exe) {
		*exe = '\0';
		event->exe = exe + strlen(" exe=");
		if (!strcmp(event->exe, "(null)") || !strcmp(event->exe, "?"))
			event->exe = NULL;
	}
	event->comm = comm;
	return parse_pid(fields_cut_last(head, "pid"), &event->pid) &&
		parse_subj(head, &event->subj);
}

static bool parse_head(struct fields *fields, struct event *event)
{
	char *task;

	if (!fields_id(fields, "auid", &event->auid) ||
	    !fields_id(fields, "uid", &event->uid) ||
	    !fields_id(fields, "gid", &event->gid) ||
	    !fields_id(fields, "ses", &event->ses))
		return false;
	/* the space that fields_id() went over is the start of the next field */
	task = fields->at - 1;
	*task = ' ';
	if (fields->interpreted ? parse_shown_task(task, event) :
				 parse_task(task, event))
		return true;
	return fields_fail(fields->record, RECORD_FOREIGN,
		    "subj, pid, comm and exe cannot be told apart");
}

static bool parse_seccomp(struct record *record, char *body, bool interpreted)
{
	char *tail = fields_find_last(body, " sig=");
	struct fields fields = { body, record, interpreted };

	record->event.kind = EVENT_CALL;
	if (!tail || !tail[1]) {
		/* a head that is good as far as it goes */
		if (strncmp(body, "auid=", strlen(body) < 5 ? strlen(body) : 5))
			return fields_fail(record, RECORD_FOREIGN, "auid");
		return fields_fail(record, RECORD_CUT, "sig");
	}
	fields.at = tail + 1;
	if (!parse_tail(&fields))
		return false;
	*tail = '\0';
	fields.at = body;
	return parse_head(&fields, &record->event);
}

/* proctitle=: as audit writes it; ausearch -i shows words without their ends */
static void parse_title(struct record *record, char *body, bool interpreted)
{
	static const char key[] = "proctitle=";

	record->kind = RECORD_OTHER;
	if (interpreted || strncmp(body, key, sizeof(key) - 1) ||
	    !fields_decode(body + sizeof(key) - 1, &record->title,
			   &record->title_length))
		record->title = NULL;
}

void record_parse_body(struct record *record, char *body, bool interpreted)
{
	bool good;

	switch (record->type) {
	case RECORD_SECCOMP:
		good = parse_seccomp(record, body, interpreted);
		break;
	case RECORD_KERNEL_OTHER:
		good = record_parse_life(record, body, interpreted);
		break;
	case RECORD_PROCTITLE:
		parse_title(record, body, interpreted);
		return;
	default:
		record->kind = RECORD_OTHER;
		return;
	}
	if (good) {
		record->kind = RECORD_EVENT;
		record->event.count = 1;
	}
}
