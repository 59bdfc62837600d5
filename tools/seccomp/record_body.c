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
#include <errno.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"

/* What is left of a text, read word by word */
struct words {
	char *at;
	struct record *record;
	bool interpreted;
};

static bool fail(struct record *record, enum record_kind kind, const char *why)
{
	record->kind = kind;
	record->why = why;
	return false;
}

bool parse_u64(const char *text, unsigned int base, uint64_t max,
	       uint64_t *value)
{
	uint64_t number = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		unsigned int digit;

		if (*text >= '0' && *text <= '9')
			digit = *text - '0';
		else if (base == 16 && *text >= 'a' && *text <= 'f')
			digit = *text - 'a' + 10;
		else
			return false;
		if (__builtin_mul_overflow(number, base, &number) ||
		    __builtin_add_overflow(number, digit, &number))
			return false;
	}
	*value = number;
	return number <= max;
}

static bool parse_0x(const char *text, uint64_t max, uint64_t *value)
{
	return !strncmp(text, "0x", 2) && parse_u64(text + 2, 16, max, value);
}

/* Ends the word at *at and moves on; words are separated by one space */
static char *next_word(char **at)
{
	char *word = *at;
	char *end = word + strcspn(word, " ");

	if (*end)
		*end++ = '\0';
	*at = end;
	return word;
}

/*
 * The value of the next word, which must be that of @key: NULL after fail().
 * What ends in the middle of the key is cut.
 */
static char *take(struct words *words, const char *key)
{
	size_t length = strlen(key);
	char *word;

	if (!*words->at) {
		fail(words->record, RECORD_CUT, key);
		return NULL;
	}
	word = next_word(&words->at);
	if (!strncmp(word, key, length) && word[length] == '=')
		return word + length + 1;
	if (!*words->at && !strncmp(word, key, strlen(word)))
		fail(words->record, RECORD_CUT, key);
	else
		fail(words->record, RECORD_FOREIGN, key);
	return NULL;
}

/* A value is not what it must be: if it is the last thing, it may be cut */
static bool bad_value(struct words *words, const char *key)
{
	return fail(words->record,
		    *words->at ? RECORD_FOREIGN : RECORD_CUT, key);
}

static bool take_number(struct words *words, const char *key, unsigned int base,
			uint64_t max, uint64_t *number)
{
	const char *value = take(words, key);

	if (!value)
		return false;
	return parse_u64(value, base, max, number) || bad_value(words, key);
}

static bool take_0x(struct words *words, const char *key, uint64_t max,
		    uint64_t *number)
{
	const char *value = take(words, key);

	if (!value)
		return false;
	return parse_0x(value, max, number) || bad_value(words, key);
}

/* A user, group or session; a name other than root's tells no number */
static bool take_id(struct words *words, const char *key, uint32_t *id)
{
	const char *value = take(words, key);
	uint64_t number;

	if (!value)
		return false;
	if (parse_u64(value, 10, UINT32_MAX, &number))
		*id = number;
	else if (words->interpreted && *value)
		*id = strcmp(value, "root") ? EVENT_ID_UNSET : 0;
	else
		return bad_value(words, key);
	return true;
}

static bool take_signal(struct words *words, int *sig)
{
	const char *value = take(words, "sig");
	uint64_t number;

	if (!value)
		return false;
	if (parse_u64(value, 10, 64, &number)) {
		*sig = number;
		return true;
	}
	if (!words->interpreted || strncmp(value, "SIG", 3))
		return bad_value(words, "sig");
	*sig = 0;
	for (int i = 1; i < NSIG; i++) {
		const char *name = sigabbrev_np(i);

		if (name && !strcmp(name, value + 3))
			*sig = i;
	}
	return true;
}

static bool take_arch(struct words *words, uint32_t *arch)
{
	const char *value = take(words, "arch");
	const struct abi *abi;
	uint64_t number;

	if (!value)
		return false;
	abi = words->interpreted ? abi_by_name(value) : NULL;
	if (abi)
		*arch = abi->audit;
	else if (parse_u64(value, 16, UINT32_MAX, &number))
		*arch = number;
	else
		return bad_value(words, "arch");
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

static bool take_syscall(struct words *words, struct event *event)
{
	char *value = take(words, "syscall");
	const struct abi *abi;
	int nr;

	if (!value)
		return false;
	if (!parse_signed(value, &nr)) {
		struct call call;

		if (!words->interpreted)
			return bad_value(words, "syscall");
		abi = abi_by_audit(event->audit_arch, 0);
		if (abi && !call_by_name(abi, value, &call))
			nr = call.nr;
		else if (!parse_unknown(value, &nr))
			return *words->at ?
				fail(words->record, RECORD_FOREIGN,
				     "the name of the system call is unknown") :
				bad_value(words, "syscall");
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

static bool take_code(struct words *words, uint32_t *action)
{
	const char *value = take(words, "code");
	uint64_t number;

	if (!value)
		return false;
	if (parse_0x(value, UINT32_MAX, &number) && is_action(number))
		*action = number;
	else if (!words->interpreted || !parse_action(value, action))
		return bad_value(words, "code");
	return true;
}

/*
 * An argument: "?" is one that the kernel does not know, and a value that
 * ausearch decoded tells no number.
 */
static bool take_arg(struct words *words, unsigned int index)
{
	static const char *const keys[] = { "a0", "a1", "a2", "a3", "a4", "a5" };
	struct event *event = &words->record->event;
	const char *value = take(words, keys[index]);
	bool decoded = words->interpreted && index < 4;

	if (!value)
		return false;
	if (!strcmp(value, "?"))
		return true;
	if (decoded ? parse_0x(value, UINT64_MAX, &event->args[index]) :
		      parse_u64(value, 16, UINT64_MAX, &event->args[index]))
		event->args_known |= 1u << index;
	else if (!decoded || !*value)
		return bad_value(words, keys[index]);
	return true;
}

/* Keys that stand once, and not behind the ones that are known */
static bool is_known_key(const char *word)
{
	static const char *const keys[] = {
		"auid", "uid", "gid", "ses", "subj", "pid", "comm", "exe",
		"sig", "arch", "syscall", "compat", "ip", "code", "a0", "a1",
		"a2", "a3", "a4", "a5", "filter", "retdata", "seq",
	};
	size_t length = strcspn(word, "=");

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strlen(keys[i]) == length &&
		    !strncmp(keys[i], word, length))
			return true;
	return false;
}

/* Fields that later kernels may have: passed over if they have a field's form */
static bool skip_more(struct words *words)
{
	while (*words->at) {
		const char *word = next_word(&words->at);

		if (!strchr(word, '=') || *word == '=')
			return bad_value(words, "a field");
		if (is_known_key(word))
			return fail(words->record, RECORD_FOREIGN,
				    "a field is repeated or out of order");
	}
	return true;
}

static bool next_is(const struct words *words, const char *key)
{
	size_t length = strlen(key);

	return !strncmp(words->at, key, length) && words->at[length] == '=';
}

/* The fields of a kernel that tells the filter and the arguments */
static bool parse_more(struct words *words)
{
	struct event *event = &words->record->event;
	uint64_t number;

	if (!next_is(words, "a0"))
		return skip_more(words);
	for (unsigned int i = 0; i < EVENT_ARGS; i++)
		if (!take_arg(words, i))
			return false;
	if (!take_number(words, "filter", 16, UINT64_MAX, &event->filter) ||
	    !take_0x(words, "retdata", UINT16_MAX, &number))
		return false;
	event->data = number;
	event->data_known = true;
	if (next_is(words, "seq") &&
	    !take_number(words, "seq", 10, UINT64_MAX, &event->seq))
		return false;
	return skip_more(words);
}

static bool parse_tail(struct words *words)
{
	struct event *event = &words->record->event;
	uint64_t number;

	return take_signal(words, &event->sig) &&
		take_arch(words, &event->audit_arch) &&
		take_syscall(words, event) &&
		take_number(words, "compat", 10, 1, &number) &&
		take_0x(words, "ip", UINT64_MAX, &event->ip) &&
		take_code(words, &event->action) && parse_more(words);
}

/* The last occurrence */
static char *find_last(char *text, const char *what)
{
	char *found = NULL;

	for (char *at = text; (at = strstr(at, what)); at++)
		found = at;
	return found;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/*
 * A text as audit writes it: in quotes, or upper case hexadecimal digits, or
 * (null). Is decoded in its place; NULL if it is none of these.
 */
static bool decode(char *text, const char **to)
{
	size_t length = strlen(text);
	char *out = text;

	*to = NULL;
	if (!strcmp(text, "(null)") || !strcmp(text, "?"))
		return true;
	if (*text == '"') {
		if (length < 2 || text[length - 1] != '"' ||
		    strchr(text + 1, '"') != text + length - 1)
			return false;
		text[length - 1] = '\0';
		*to = text + 1;
		return true;
	}
	if (!length || length % 2)
		return false;
	for (const char *in = text; *in; in += 2) {
		int high = hex_digit(in[0]);
		int low = hex_digit(in[1]);

		if (high < 0 || low < 0)
			return false;
		*out++ = high << 4 | low;
	}
	*out = '\0';
	*to = text;
	return true;
}

/*
 * Cut " KEY=VALUE" from the end of a head: VALUE is in quotes or one word.
 * NULL if the end is not such a field.
 */
static char *cut_last(char *head, const char *key)
{
	size_t length = strlen(head);
	size_t key_length = strlen(key);
	char *value;

	if (!length)
		return NULL;
	value = head + length;
	if (value[-1] == '"') {
		value--;
		while (value > head && value[-1] != '"')
			value--;
		if (value == head)
			return NULL;
		value--;
	} else {
		while (value > head && value[-1] != ' ')
			value--;
	}
	/* the value has the key and, in a word, is found behind it */
	if (*value == '"') {
		if (value - head < (ptrdiff_t)key_length + 2)
			return NULL;
		value -= key_length + 1;
	}
	if (value == head || value[-1] != ' ' ||
	    strncmp(value, key, key_length) || value[key_length] != '=')
		return NULL;
	value[-1] = '\0';
	return value + key_length + 1;
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
	char *exe = cut_last(head, "exe");
	char *comm = cut_last(head, "comm");

	return comm && (!exe || decode(exe, &event->exe)) &&
		decode(comm, &event->comm) &&
		parse_pid(cut_last(head, "pid"), &event->pid) &&
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
	return parse_pid(cut_last(head, "pid"), &event->pid) &&
		parse_subj(head, &event->subj);
}

static bool parse_head(struct words *words, struct event *event)
{
	char *task;

	if (!take_id(words, "auid", &event->auid) ||
	    !take_id(words, "uid", &event->uid) ||
	    !take_id(words, "gid", &event->gid) ||
	    !take_id(words, "ses", &event->ses))
		return false;
	/* the space that take_id() went over is the start of the next field */
	task = words->at - 1;
	*task = ' ';
	if (words->interpreted ? parse_shown_task(task, event) :
				 parse_task(task, event))
		return true;
	return fail(words->record, RECORD_FOREIGN,
		    "subj, pid, comm and exe cannot be told apart");
}

static bool parse_seccomp(struct record *record, char *body, bool interpreted)
{
	char *tail = find_last(body, " sig=");
	struct words words = { body, record, interpreted };

	record->event.kind = EVENT_CALL;
	if (!tail || !tail[1]) {
		/* a head that is good as far as it goes */
		if (strncmp(body, "auid=", strlen(body) < 5 ? strlen(body) : 5))
			return fail(record, RECORD_FOREIGN, "auid");
		return fail(record, RECORD_CUT, "sig");
	}
	words.at = tail + 1;
	if (!parse_tail(&words))
		return false;
	*tail = '\0';
	words.at = body;
	return parse_head(&words, &record->event);
}

/* op=seccomp-filter-logs: the head is that of an event by pid, uid, comm, exe */
static bool parse_filter_logs(struct words *words)
{
	struct event *event = &words->record->event;
	struct filter_life *life = &event->life;
	char *head = words->at;
	char *tail = find_last(head, " insns=");
	uint64_t number;
	char *comm;
	char *exe;

	event->kind = EVENT_FILTER_LOGS;
	if (!tail)
		return fail(words->record, RECORD_CUT, "insns");
	*tail = '\0';
	words->at = tail + 1;
	if (!take_number(words, "insns", 10, UINT32_MAX, &number))
		return false;
	life->insns = number;
	if (!take_0x(words, "filter-flags", UINT32_MAX, &number) ||
	    !skip_more(words))
		return false;
	life->flags = number;

	words->at = head;
	if (!take_number(words, "filter", 16, UINT64_MAX, &event->filter) ||
	    !take_number(words, "pid", 10, INT32_MAX, &number) ||
	    !take_id(words, "uid", &life->uid))
		return false;
	event->pid = number;
	event->uid = life->uid;
	head = words->at - 1;
	*head = ' ';
	if (words->interpreted) {
		if (strncmp(head, " comm=", 6))
			return fail(words->record, RECORD_FOREIGN, "comm");
		event->comm = head + 6;
		exe = strstr(head + 6, " exe=");
		if (!exe)
			return fail(words->record, RECORD_FOREIGN, "exe");
		*exe = '\0';
		event->exe = exe + 5;
		return true;
	}
	exe = cut_last(head, "exe");
	comm = cut_last(head, "comm");
	if (!exe || !comm || *head || !decode(exe, &event->exe) ||
	    !decode(comm, &event->comm))
		return fail(words->record, RECORD_FOREIGN,
			    "comm and exe cannot be told apart");
	return true;
}

bool record_next_range(const char **text, uint32_t *first, uint32_t *last)
{
	uint32_t *to = first;
	const char *at = *text;

	if (!at || !*at)
		return false;
	for (;;) {
		uint64_t number = 0;
		size_t digits = strspn(at, "0123456789");

		if (!digits || digits > 10)
			return false;
		for (size_t i = 0; i < digits; i++)
			number = 10 * number + (at[i] - '0');
		if (number > UINT32_MAX)
			return false;
		*to = number;
		at += digits;
		if (to == first && *at == '-') {
			to = last;
			at++;
			continue;
		}
		break;
	}
	if (to == first)
		*last = *first;
	if (*last < *first || (*at && *at != ','))
		return false;
	/* a comma must be followed by something */
	if (*at == ',' && !at[1])
		return false;
	*text = *at ? at + 1 : NULL;
	return true;
}

static bool is_ranges(const char *text)
{
	uint32_t first;
	uint32_t last;

	while (text)
		if (!record_next_range(&text, &first, &last))
			return false;
	return true;
}

static bool take_part(struct words *words, struct filter_life *life)
{
	char *value = take(words, "part");
	char *slash = value ? strchr(value, '/') : NULL;
	uint64_t part;
	uint64_t parts;

	if (!value)
		return false;
	if (slash)
		*slash = '\0';
	if (!slash || !parse_u64(value, 10, UINT32_MAX, &part) ||
	    !parse_u64(slash + 1, 10, UINT32_MAX, &parts) || !part ||
	    part > parts)
		return bad_value(words, "part");
	life->part = part;
	life->parts = parts;
	return true;
}

static bool parse_filter_gone(struct words *words)
{
	struct event *event = &words->record->event;
	struct filter_life *life = &event->life;
	const char *syscalls;
	uint64_t arch;

	event->kind = EVENT_FILTER_GONE;
	if (!take_number(words, "filter", 16, UINT64_MAX, &event->filter) ||
	    !take_number(words, "logged", 10, UINT64_MAX, &life->logged) ||
	    !take_number(words, "left-out", 10, UINT64_MAX, &life->left_out) ||
	    !take_number(words, "lost", 10, UINT64_MAX, &life->lost) ||
	    !take_part(words, life))
		return false;
	if (words->interpreted) {
		uint32_t audit;

		if (!take_arch(words, &audit))
			return false;
		arch = audit;
	} else if (!take_number(words, "arch", 16, UINT32_MAX, &arch)) {
		return false;
	}
	life->audit_arch = arch;
	event->audit_arch = arch;
	syscalls = take(words, "syscalls");
	if (!syscalls)
		return false;
	if (*syscalls && !is_ranges(syscalls))
		return bad_value(words, "syscalls");
	life->syscalls = *syscalls ? syscalls : NULL;
	return skip_more(words);
}

/* The body ends within @what, but not before it can be told from others */
static bool is_start(const char *body, const char *what)
{
	size_t length = strlen(body);

	return length >= strlen("op=seccomp") && length < strlen(what) &&
		!strncmp(body, what, length);
}

static bool parse_kernel_other(struct record *record, char *body,
			       bool interpreted)
{
	static const char logs[] = "op=seccomp-filter-logs ";
	static const char gone[] = "op=seccomp-filter-gone ";
	struct words words = { body, record, interpreted };

	if (!strncmp(body, logs, sizeof(logs) - 1)) {
		words.at += sizeof(logs) - 1;
		return parse_filter_logs(&words);
	}
	if (!strncmp(body, gone, sizeof(gone) - 1)) {
		words.at += sizeof(gone) - 1;
		return parse_filter_gone(&words);
	}
	if (is_start(body, logs) || is_start(body, gone))
		return fail(record, RECORD_CUT, "op");
	record->kind = RECORD_OTHER;
	return false;
}

void record_parse_body(struct record *record, char *body, bool interpreted)
{
	bool good;

	switch (record->type) {
	case RECORD_SECCOMP:
		good = parse_seccomp(record, body, interpreted);
		break;
	case RECORD_KERNEL_OTHER:
		good = parse_kernel_other(record, body, interpreted);
		break;
	default:
		record->kind = RECORD_OTHER;
		return;
	}
	if (good) {
		record->kind = RECORD_EVENT;
		record->event.count = 1;
	}
}
