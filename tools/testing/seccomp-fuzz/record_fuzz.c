// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzes record.c and text.c: the record of a system call has all of its fields
 * whatever they contain, strings can be read back, and it is not too long.
 */
#include "bytes.h"

#include "../../../kernel/seccomp/filter_log.h"
#include "../../../kernel/seccomp/internal.h"
#include "../../../kernel/seccomp/record.h"

struct sk_buff {
	char *tail;
	unsigned int len;
};

struct audit_buffer {
	struct sk_buff skb;
};

int audit_initialized;
int audit_n_rules;
int dmesg_restrict;

static struct audit_buffer buffer;
static char path[PATH_MAX + 1];
static char label[2048];
static size_t label_len;
static bool starts, takes, has_room, excluded, connected, has_exe;

struct audit_buffer *audit_log_start(void *context, gfp_t gfp, int type)
{
	EXPECT(type == AUDIT_SECCOMP);
	return starts ? &buffer : NULL;
}

/* Not a byte more than is asked for */
struct sk_buff *audit_log_room(struct audit_buffer *ab, int len)
{
	ab->skb.tail = has_room ? malloc(len) : NULL;
	return has_room ? &ab->skb : NULL;
}

void *skb_tail_pointer(const struct sk_buff *skb)
{
	return skb->tail;
}

void skb_put(struct sk_buff *skb, unsigned int len)
{
	EXPECT(!skb->tail[len]);
	skb->len = len;
}

bool audit_log_end(struct audit_buffer *ab)
{
	return takes;
}

int audit_filter(int type, unsigned int list)
{
	return !excluded;
}

void audit_panic(const char *text)
{
	abort();
}

bool auditd_connected(void)
{
	return connected;
}

void security_current_getsecid_subj(u32 *id)
{
	*id = label_len;
}

/* A label is no string: no NUL need follow it. */
int security_secid_to_secctx(u32 id, char **copy, u32 *len)
{
	*copy = malloc(label_len);
	memcpy(*copy, label, label_len);
	*len = label_len;
	return 0;
}

void security_release_secctx(char *copy, u32 len)
{
	free(copy);
}

struct file *get_mm_exe_file(struct mm_struct *mm)
{
	static struct file file;

	return has_exe ? &file : NULL;
}

char *d_path(const int *unused, char *buf, int size)
{
	if (strlen(path) >= size)
		return ERR_PTR(-ENAMETOOLONG);
	return strcpy(buf, path);
}

/* A string without NUL */
static void get_string(struct bytes *in, char *to, size_t max)
{
	u8 how = byte(in), filler = byte(in) ?: 'x';
	size_t len = 0;

	if (how & 0x80)
		len = (how & 0x7f) * 33 % (max + 1);
	memset(to, filler, len);
	for (how &= 0x1f; how-- && len < max;)
		to[len++] = byte(in) ?: 'y';
	to[len] = '\0';
}

/*
 * Read a string as audit writes it, which ends before a space. Returns the text
 * behind it.
 */
static const char *read_string(const char *text, char *to)
{
	char pair[3] = {};

	if (*text == '"') {
		while (*++text != '"') {
			EXPECT(*text > 0x20 && *text < 0x7f);
			*to++ = *text;
		}
		text++;
	} else {
		for (; *text && *text != ' '; text += 2) {
			memcpy(pair, text, 2);
			EXPECT(strspn(pair, "0123456789ABCDEF") == 2);
			*to++ = strtoul(pair, NULL, 16);
		}
	}
	*to = '\0';
	return text;
}

/* @shown is @whole, or "..." and its end */
static void expect_end_of(const char *shown, const char *whole)
{
	size_t cut = 0;

	if (!strcmp(shown, whole))
		return;
	EXPECT(!strncmp(shown, "...", 3));
	cut = strlen(shown) - 3;
	EXPECT(cut < strlen(whole));
	EXPECT(!strcmp(shown + 3, whole + strlen(whole) - cut));
}

static bool starts_with(const char *text, const char *start)
{
	return !strncmp(text, start, strlen(start));
}

static const char *expect_text(const char *text, const char *expected)
{
	EXPECT(starts_with(text, expected));
	return text + strlen(expected);
}

static void expect_record(const struct seccomp_data *sd,
			  const struct seccomp_verdict *verdict, int sig,
			  const struct seccomp_filter_log *log, bool no_memory)
{
	bool hidden = !dmesg_restrict && !connected;
	const char *text = buffer.skb.tail;
	char expected[1024], string[2048];
	size_t label_shown = 0;
	int len;

	EXPECT(strlen(text) == buffer.skb.len);
	EXPECT(strlen(text) <= RECORD_TEXT);
	snprintf(expected, sizeof(expected), "auid=%u uid=%u gid=%u ses=%u",
		 current->auid, current->uid, current->gid, current->session);
	text = expect_text(text, expected);
	snprintf(expected, sizeof(expected), " pid=%d comm=", current->tgid);
	if (label_len) {
		text = expect_text(text, " subj=");
		/* It may be cut, and may itself look like other fields. */
		while (label_shown < label_len &&
		       text[label_shown] == label[label_shown])
			label_shown++;
		while (label_shown && !starts_with(text + label_shown, expected))
			label_shown--;
		text += label_shown;
	}
	text = read_string(expect_text(text, expected), string);
	EXPECT(!strcmp(string, current->comm));
	text = expect_text(text, " exe=");
	if (!has_exe) {
		text = expect_text(text, "(null)");
	} else {
		text = read_string(text, string);
		/* A short path needs no memory. */
		if (!no_memory || strcmp(string, "<no_memory>"))
			expect_end_of(string, strlen(path) >= PATH_MAX ?
				      "<too_long>" : path);
	}

	len = snprintf(expected, sizeof(expected),
		       " sig=%d arch=%x syscall=%d compat=%d ip=0x%llx code=0x%x",
		       sig, sd->arch, sd->nr, current->compat,
		       sd->instruction_pointer, verdict->action);
	for (int i = 0; i < 6; i++)
		len += hidden ? sprintf(expected + len, " a%d=?", i) :
		       sprintf(expected + len, " a%d=%llx", i, sd->args[i]);
	sprintf(expected + len, " filter=%llx retdata=0x%x seq=%llu",
		log ? log->id : 0, verdict->data,
		log ? (u64)log->records.counter : 0);
	EXPECT(!strcmp(text, expected));
}

static u64 number(struct bytes *in)
{
	u8 how = byte(in);
	u64 value = byte(in);

	if (how & 0x80)
		value = (u64)word(in) << 32 | word(in);
	return how & 0x40 ? -value : value >> (how & 0x3f);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct bytes in = { data, data + size };
	static struct mm_struct *some_mm = (void *)1;
	struct seccomp_filter_log log = {}, *filter_log;
	struct seccomp_verdict verdict = {};
	struct seccomp_data sd = {};
	enum seccomp_record result;
	u8 how = byte(&in), more = byte(&in);
	bool numbered;
	u64 before;
	int sig;

	starts = !(how & 0x3);
	takes = how & 0x4;
	excluded = how & 0x8;
	audit_initialized = how & 0x10 ? 1 : -1;
	connected = how & 0x20;
	dmesg_restrict = !!(how & 0x40);
	has_exe = how & 0x80;
	current->mm = more & 0x1 ? NULL : some_mm;
	has_exe &= !!current->mm;
	current->compat = more & 0x2;
	current->auid = number(&in);
	current->uid = number(&in);
	current->gid = number(&in);
	current->session = number(&in);
	current->tgid = number(&in) & INT_MAX;
	get_string(&in, current->comm, TASK_COMM_LEN - 1);
	get_string(&in, label, sizeof(label) - 1);
	label_len = strlen(label);
	get_string(&in, path, PATH_MAX);

	sd.nr = number(&in);
	sd.arch = number(&in);
	sd.instruction_pointer = number(&in);
	for (int i = 0; i < 6; i++)
		sd.args[i] = number(&in);
	verdict.action = number(&in);
	verdict.data = number(&in);
	sig = number(&in) & 0x7f;
	log.id = number(&in);
	before = number(&in) >> 2;
	log.records.counter = before;

	has_room = !(more & 0x10);
	shim_memory = more & 0x4 ? 0 : -1;
	filter_log = more & 0x8 ? NULL : &log;
	result = seccomp_record_call(&sd, &verdict, sig, filter_log);
	if (!starts)
		EXPECT(result == (audit_initialized <= 0 ? RECORD_NEVER :
				  excluded ? RECORD_EXCLUDED : RECORD_REFUSED));
	else
		EXPECT(result == (takes && has_room ? RECORD_TAKEN : RECORD_REFUSED));
	numbered = filter_log &&
		   (result == RECORD_TAKEN || result == RECORD_REFUSED);
	EXPECT(log.records.counter == before + numbered);
	if (starts && has_room) {
		expect_record(&sd, &verdict, sig, filter_log, more & 0x4);
		free(buffer.skb.tail);
	}
	shim_memory = -1;
	return 0;
}
