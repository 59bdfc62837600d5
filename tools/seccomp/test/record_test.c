// SPDX-License-Identifier: GPL-2.0
/*
 * Each form of a record and each oddity, and what must be read from it.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "out.h"
#include "record.h"
#include "tap.h"

#define STAMP	"audit(1700000000.123:45)"
#define IDS	"auid=1000 uid=1001 gid=1002 ses=3"
#define TASK	IDS " pid=7841 comm=\"app\" exe=\"/usr/bin/app\""
#define TAIL	"sig=0 arch=c000003e syscall=257 compat=0 ip=0x7f0000001000 code=0x7ffc0000"
#define BODY	TASK " " TAIL
#define MORE	" a0=ffffff9c a1=7ffd1 a2=80000 a3=0 a4=ffffffffffffffff a5=5 filter=364a69a1271f68bc retdata=0x26"
#define GS	"\x1d"
#define RAW	"type=SECCOMP msg=" STAMP ": "
#define SHOWN	"type=SECCOMP msg=audit(11/14/23 22:13:20.123:45) : auid=me uid=me gid=unset ses=unset "
#define OTHER	"type=KERNEL_OTHER msg=" STAMP ": "

/* What BODY is read as, with the stamp and without */
#define CALL	"7841 [app] [/usr/bin/app] openat action=7ffc0000"
#define STAMPED	"event 1700000000123:45 " CALL

static const char *id_text(uint32_t id, char *text)
{
	if (id == EVENT_ID_UNSET)
		strcpy(text, "unset");
	else
		sprintf(text, "%u", id);
	return text;
}

static void print_call(const struct event *event, FILE *out)
{
	char text[CALL_TEXT_MAX];

	fprintf(out, " %d [%s] [%s]", event->pid,
		event->comm ? event->comm : "?", event->exe ? event->exe : "?");
	if (event->subj)
		fprintf(out, " subj=[%s]", event->subj);
	if (event->call.abi)
		fprintf(out, " %s", call_text(&event->call, text));
	else
		fprintf(out, " %x:%d", event->audit_arch, event->call.nr);
	fprintf(out, " action=%x", event->action);
	if (event->data_known)
		fprintf(out, "/%u", event->data);
	if (event->sig)
		fprintf(out, " sig=%d", event->sig);
	for (int i = 0; event->args_known && i < EVENT_ARGS; i++) {
		if (event->args_known & 1u << i)
			fprintf(out, " %" PRIx64, event->args[i]);
		else
			fprintf(out, " ?");
	}
	if (event->filter)
		fprintf(out, " filter=%" PRIx64, event->filter);
	if (event->seq)
		fprintf(out, " seq=%" PRIu64, event->seq);
}

static void print_life(const struct event *event, FILE *out)
{
	const struct filter_life *life = &event->life;
	char id[16];

	fprintf(out, " filter=%" PRIx64, event->filter);
	if (event->kind == EVENT_FILTER_LOGS)
		fprintf(out, " by %d/%s [%s] [%s] %u %x", event->pid,
			id_text(life->uid, id), event->comm, event->exe,
			life->insns, life->flags);
	else
		fprintf(out, " %" PRIu64 "+%" PRIu64 "-%" PRIu64 " %u/%u %x %s",
			life->logged, life->left_out, life->lost, life->part,
			life->parts, life->audit_arch,
			life->syscalls ? life->syscalls : "none");
}

/* What a line is read as, in one text */
static const char *read_text(struct record *record)
{
	static const char *const kinds[] = {
		[RECORD_OTHER] = "other",
		[RECORD_EVENT] = "event",
		[RECORD_CUT] = "cut",
		[RECORD_FOREIGN] = "foreign",
		[RECORD_MISSING] = "missing",
	};
	const struct event *event = &record->event;
	static char text[4096];
	FILE *out = fmemopen(text, sizeof(text), "w");

	fprintf(out, "%s", kinds[record->kind]);
	if (record->kind == RECORD_EVENT) {
		if (record->stamped)
			fprintf(out, " %" PRId64 ":%" PRIu64, event->time_ms,
				event->serial);
		if (event->kind == EVENT_CALL)
			print_call(event, out);
		else
			print_life(event, out);
	} else if (record->kind == RECORD_MISSING) {
		fprintf(out, " %" PRIu64 " of %" PRIu64, record->missing,
			record->audit_lost);
	} else if (record->why) {
		fprintf(out, ": %s", record->why);
	}
	fclose(out);
	return text;
}

static const struct {
	const char *name;
	const char *line;
	const char *expected;
} vectors[] = {
	/* forms */
	{ "raw", RAW BODY, STAMPED },
	{ "raw, of a machine", "node=box " RAW BODY, STAMPED },
	{ "raw, a type without name",
	  "type=UNKNOWN[1326] msg=" STAMP ": " BODY, STAMPED },
	{ "enriched", RAW BODY GS "ARCH=x86_64 SYSCALL=read AUID=\"a syscall=57\"",
	  STAMPED },
	{ "enriched, through syslog",
	  "Mar 03 10:00:01 box audisp-syslog[71]: " RAW BODY "#035ARCH=x86_64",
	  STAMPED },
	{ "raw with carriage return", RAW BODY "\r", STAMPED },
	{ "interpreted",
	  SHOWN "pid=7841 comm=app exe=/usr/bin/app sig=SIG0 arch=x86_64 syscall=openat compat=0 ip=0x7f0000001000 code=log ",
	  "event 1700000000123:45 " CALL },
	{ "dmesg", "[ 2143.118201] audit: type=1326 " STAMP ": " BODY, STAMPED },
	{ "dmesg of a thread", "[ 2143.118201][  T123] audit: type=1326 " STAMP ": " BODY,
	  STAMPED },
	{ "dmesg -r", "<5>[ 2143.118201] audit: type=1326 " STAMP ": " BODY, STAMPED },
	{ "dmesg -t", "audit: type=1326 " STAMP ": " BODY, STAMPED },
	{ "dmesg -T", "[Tue Nov 14 22:13:20 2023] audit: type=1326 " STAMP ": " BODY,
	  STAMPED },
	{ "dmesg -x", "kern  :notice: [ 2143.118201] audit: type=1326 " STAMP ": " BODY,
	  STAMPED },
	{ "dmesg, iso time",
	  "2023-11-14T22:13:20,123000+00:00 audit: type=1326 " STAMP ": " BODY,
	  STAMPED },
	{ "kmsg", "5,1234,12345678,-;audit: type=1326 " STAMP ": " BODY, STAMPED },
	{ "kmsg with a caller", "5,1234,12345678,-,caller=T1;audit: type=1326 " STAMP ": " BODY,
	  STAMPED },
	{ "kern.log",
	  "Mar  3 10:00:01 box kernel: [ 2143.118201] audit: type=1326 " STAMP ": " BODY,
	  STAMPED },
	{ "kern.log, RFC 3339",
	  "2026-11-25T10:00:01.123456+00:00 box kernel: [    1.000000] audit: type=1326 " STAMP ": " BODY,
	  STAMPED },
	{ "the journal's text, audit",
	  "Mar 03 10:00:01 box audit[7841]: SECCOMP " BODY, "event " CALL },
	{ "the journal's text, kernel",
	  "Mar 03 10:00:01 box kernel: audit: type=1326 " STAMP ": " BODY, STAMPED },
	{ "the journal's text, a number",
	  "Mar 03 10:00:01 box audit[7841]: AUDIT1326 " BODY, "event " CALL },

	/* tasks */
	{ "a label with spaces",
	  RAW IDS " subj==firejail-default (enforce) pid=7841 comm=\"app\" exe=\"/usr/bin/app\" " TAIL,
	  "event 1700000000123:45 7841 [app] [/usr/bin/app] subj=[=firejail-default (enforce)] openat action=7ffc0000" },
	{ "a label that looks like fields",
	  RAW IDS " subj=a pid=1 comm=\"b\" exe=\"c\" pid=7841 comm=\"app\" exe=\"/usr/bin/app\" " TAIL,
	  "event 1700000000123:45 7841 [app] [/usr/bin/app] subj=[a pid=1 comm=\"b\" exe=\"c\"] openat action=7ffc0000" },
	{ "encoded names", RAW IDS " pid=7841 comm=612073797363616C6C3D3537 exe=2F746D702F6120622F61 " TAIL,
	  "event 1700000000123:45 7841 [a syscall=57] [/tmp/a b/a] openat action=7ffc0000" },
	{ "no program", RAW IDS " pid=7841 comm=\"app\" exe=(null) " TAIL,
	  "event 1700000000123:45 7841 [app] [?] openat action=7ffc0000" },
	{ "an old kernel without exe", RAW IDS " pid=7841 comm=\"app\" " TAIL,
	  "event 1700000000123:45 7841 [app] [?] openat action=7ffc0000" },
	{ "unset ids",
	  RAW "auid=4294967295 uid=0 gid=0 ses=4294967295 pid=1 comm=\"app\" exe=\"/usr/bin/app\" " TAIL,
	  "event 1700000000123:45 1 [app] [/usr/bin/app] openat action=7ffc0000" },
	{ "interpreted, a forged name",
	  SHOWN "pid=7841 comm=a syscall=57 exe=/usr/bin/app sig=SIG0 arch=x86_64 syscall=openat compat=0 ip=0x7f0000001000 code=log",
	  "event 1700000000123:45 7841 [a syscall=57] [/usr/bin/app] openat action=7ffc0000" },
	{ "interpreted, a forged path",
	  SHOWN "pid=7841 comm=a exe=/tmp/x sig=SIG0 arch=x86_64 syscall=read compat=0 ip=0x0 code=log sig=SIG0 arch=x86_64 syscall=openat compat=0 ip=0x7f0000001000 code=log",
	  "event 1700000000123:45 7841 [a] [/tmp/x sig=SIG0 arch=x86_64 syscall=read compat=0 ip=0x0 code=log] openat action=7ffc0000" },
	{ "interpreted, a forged process",
	  SHOWN "subj=unconfined pid=7841 comm=a pid=1 exe=/a comm=b pid=2 sig=SIG0 arch=x86_64 syscall=openat compat=0 ip=0x7f0000001000 code=log",
	  "event 1700000000123:45 7841 [a pid=1] [/a comm=b pid=2] subj=[unconfined] openat action=7ffc0000" },

	/* calls */
	{ "x32", RAW TASK " sig=0 arch=c000003e syscall=1073741934 compat=1 ip=0x1 code=0x7ffc0000",
	  "event 1700000000123:45 7841 [app] [/usr/bin/app] x32:getppid action=7ffc0000" },
	{ "i386", RAW TASK " sig=0 arch=40000003 syscall=359 compat=1 ip=0x1 code=0x7ffc0000",
	  "event 1700000000123:45 7841 [app] [/usr/bin/app] x86:socket action=7ffc0000" },
	{ "a foreign machine", RAW TASK " sig=0 arch=c00000b7 syscall=172 compat=0 ip=0x1 code=0x7ffc0000",
	  "event 1700000000123:45 7841 [app] [/usr/bin/app] aarch64:getpid action=7ffc0000" },
	{ "an unknown machine", RAW TASK " sig=0 arch=c0001234 syscall=172 compat=0 ip=0x1 code=0x7ffc0000",
	  "event 1700000000123:45 7841 [app] [/usr/bin/app] c0001234:172 action=7ffc0000" },
	{ "a negative number", RAW TASK " sig=0 arch=c000003e syscall=-1 compat=0 ip=0x1 code=0x7ffc0000",
	  "event 1700000000123:45 7841 [app] [/usr/bin/app] x86_64:-1 action=7ffc0000" },
	{ "the smallest number", RAW TASK " sig=0 arch=c000003e syscall=-2147483648 compat=0 ip=0x1 code=0x7ffc0000",
	  "event 1700000000123:45 7841 [app] [/usr/bin/app] x86_64:-2147483648 action=7ffc0000" },
	{ "a number without name", RAW TASK " sig=0 arch=c000003e syscall=4242 compat=0 ip=0x1 code=0x7ffc0000",
	  "event 1700000000123:45 7841 [app] [/usr/bin/app] x86_64:4242 action=7ffc0000" },
	{ "interpreted, a number without name",
	  SHOWN "pid=7841 comm=app exe=/usr/bin/app sig=SIG0 arch=x86_64 syscall=unknown-syscall(-100) compat=0 ip=0x7f0000001000 code=log",
	  "event 1700000000123:45 7841 [app] [/usr/bin/app] x86_64:-100 action=7ffc0000" },
	{ "interpreted, i386",
	  SHOWN "pid=7841 comm=app exe=/usr/bin/app sig=SIG0 arch=i386 syscall=getpid compat=1 ip=0x7f0000001000 code=errno",
	  "event 1700000000123:45 7841 [app] [/usr/bin/app] x86:getpid action=50000" },

	/* actions */
	{ "killed", RAW TASK " sig=31 arch=c000003e syscall=1 compat=0 ip=0x1 code=0x80000000",
	  "event 1700000000123:45 7841 [app] [/usr/bin/app] write action=80000000 sig=31" },
	{ "a killed thread", RAW TASK " sig=31 arch=c000003e syscall=1 compat=0 ip=0x1 code=0x0",
	  "event 1700000000123:45 7841 [app] [/usr/bin/app] write action=0 sig=31" },
	{ "interpreted, trapped",
	  SHOWN "pid=7841 comm=app exe=/usr/bin/app sig=SIGSYS arch=x86_64 syscall=openat compat=0 ip=0x7f0000001000 code=trap",
	  "event 1700000000123:45 7841 [app] [/usr/bin/app] openat action=30000 sig=31" },

	/* of a kernel that tells more */
	{ "arguments", RAW BODY MORE,
	  STAMPED "/38 ffffff9c 7ffd1 80000 0 ffffffffffffffff 5 filter=364a69a1271f68bc" },
	{ "the record's number", RAW BODY MORE " seq=18446744073709551615",
	  STAMPED "/38 ffffff9c 7ffd1 80000 0 ffffffffffffffff 5 filter=364a69a1271f68bc seq=18446744073709551615" },
	{ "arguments that are not known",
	  RAW BODY " a0=1 a1=? a2=? a3=? a4=? a5=? filter=0 retdata=0x0 seq=1",
	  STAMPED "/0 1 ? ? ? ? ? seq=1" },
	{ "later fields", RAW BODY MORE " seq=2 more=1 than=today",
	  STAMPED "/38 ffffff9c 7ffd1 80000 0 ffffffffffffffff 5 filter=364a69a1271f68bc seq=2" },
	{ "later fields of stock's record", RAW BODY " more=1", STAMPED },
	{ "interpreted arguments",
	  SHOWN "pid=7841 comm=app exe=/usr/bin/app sig=SIG0 arch=x86_64 syscall=openat compat=0 ip=0x7f0000001000 code=log a0=AT_FDCWD a1=0x7ffd1 a2=O_RDONLY|O_CLOEXEC a3=0x0 a4=7f a5=0 filter=9f4a retdata=0x2",
	  "event 1700000000123:45 " CALL "/2 ? 7ffd1 ? 0 7f 0 filter=9f4a" },
	{ "who attached",
	  OTHER "op=seccomp-filter-logs filter=364a pid=120 uid=1000 comm=\"learn\" exe=\"/root/learn\" insns=12 filter-flags=0x80000002",
	  "event 1700000000123:45 filter=364a by 120/1000 [learn] [/root/learn] 12 80000002" },
	{ "who attached, interpreted",
	  "type=KERNEL_OTHER msg=audit(11/14/23 22:13:20.123:45) : op=seccomp-filter-logs filter=364a pid=120 uid=root comm=le arn exe=/root/le arn insns=12 filter-flags=0x80000002",
	  "event 1700000000123:45 filter=364a by 120/0 [le arn] [/root/le arn] 12 80000002" },
	{ "the summary",
	  OTHER "op=seccomp-filter-gone filter=364a logged=22 left-out=102 lost=3 part=1/2 arch=c000003e syscalls=0-1,3,4294967295",
	  "event 1700000000123:45 filter=364a 22+102-3 1/2 c000003e 0-1,3,4294967295" },
	{ "the summary without calls",
	  OTHER "op=seccomp-filter-gone filter=364a logged=0 left-out=0 lost=3 part=1/1 arch=c000003e syscalls=",
	  "event 1700000000123:45 filter=364a 0+0-3 1/1 c000003e none" },
	{ "the summary from dmesg",
	  "[    2.1] audit: type=1316 " STAMP ": op=seccomp-filter-gone filter=364a logged=22 left-out=102 lost=0 part=1/1 arch=c000003e syscalls=5",
	  "event 1700000000123:45 filter=364a 22+102-0 1/1 c000003e 5" },

	/* not about seccomp */
	{ "empty", "", "other" },
	{ "another type", "type=SYSCALL msg=" STAMP ": arch=c000003e syscall=1", "other" },
	{ "another operation", OTHER "op=load-policy res=1", "other" },
	{ "a separator", "----", "other" },
	{ "the start of auditd's tag in syslog", "Mar 03 10:00:01 box audisp-syslog[71", "other" },
	{ "a program that says it",
	  "Mar 03 10:00:01 box app[12]: audit: type=1326 " STAMP ": " BODY, "other" },
	{ "a program that says it is the kernel",
	  "Mar 03 10:00:01 box app[12]: kernel: audit: type=1326 " STAMP ": " BODY, "other" },
	{ "a program that says it is audit",
	  "Mar 03 10:00:01 box app[12]: x audit[12]: SECCOMP " BODY, "other" },
	{ "a message in a record of a user",
	  "type=USER msg=" STAMP ": pid=1 uid=0 msg='type=SECCOMP msg=" STAMP ": " BODY "'", "other" },

	/* broken */
	{ "not a number", RAW TASK " sig=0 arch=c000003e syscall=x compat=0 ip=0x1 code=0x7ffc0000",
	  "foreign: syscall" },
	{ "a number too large", RAW TASK " sig=0 arch=c000003e syscall=2147483648 compat=0 ip=0x1 code=0x7ffc0000",
	  "foreign: syscall" },
	{ "an architecture that overflows", RAW TASK " sig=0 arch=1c000003e syscall=1 compat=0 ip=0x1 code=0x7ffc0000",
	  "foreign: arch" },
	{ "an argument that overflows",
	  RAW BODY " a0=1ffffffffffffffff a1=0 a2=0 a3=0 a4=0 a5=0 filter=1 retdata=0x0", "foreign: a0" },
	{ "upper case", RAW TASK " sig=0 arch=C000003E syscall=1 compat=0 ip=0x1 code=0x7ffc0000",
	  "foreign: arch" },
	{ "a repeated field", RAW BODY " syscall=1", "foreign: a field is repeated or out of order" },
	{ "a missing field", RAW TASK " sig=0 arch=c000003e compat=0 ip=0x1 code=0x7ffc0000",
	  "foreign: syscall" },
	{ "fields in another order", RAW TASK " sig=0 syscall=1 arch=c000003e compat=0 ip=0x1 code=0x7ffc0000",
	  "foreign: arch" },
	{ "two spaces", RAW TASK " sig=0  arch=c000003e syscall=1 compat=0 ip=0x1 code=0x7ffc0000",
	  "foreign: arch" },
	{ "lower case names", RAW IDS " pid=7841 comm=6162 exe=2f61 " TAIL,
	  "foreign: subj, pid, comm and exe cannot be told apart" },
	{ "odd names", RAW IDS " pid=7841 comm=616 exe=2F " TAIL,
	  "foreign: subj, pid, comm and exe cannot be told apart" },
	{ "an unknown name of a call",
	  SHOWN "pid=7841 comm=app exe=/usr/bin/app sig=SIG0 arch=x86_64 syscall=nosuch compat=0 ip=0x7f0000001000 code=log",
	  "foreign: the name of the system call is unknown" },
	{ "an unknown action", RAW TASK " sig=0 arch=c000003e syscall=1 compat=0 ip=0x1 code=0x7ffb0000 more=1",
	  "foreign: code" },
	{ "a stamp without serial", "type=SECCOMP msg=audit(1700000000.123): " BODY,
	  "foreign: its time and serial" },
	{ "a serial too large", "type=SECCOMP msg=audit(1700000000.123:99999999999999999999): " BODY,
	  "foreign: its time and serial" },
	{ "ranges in no order",
	  OTHER "op=seccomp-filter-gone filter=1 logged=1 left-out=0 lost=1 part=1/1 arch=c000003e syscalls=5-3",
	  "cut: syscalls" },
	{ "ranges that overflow",
	  OTHER "op=seccomp-filter-gone filter=1 logged=1 left-out=0 lost=1 part=1/1 arch=c000003e syscalls=0-99999999999",
	  "cut: syscalls" },
	{ "a part that is not of the parts",
	  OTHER "op=seccomp-filter-gone filter=1 logged=1 left-out=0 lost=1 part=3/2 arch=c000003e syscalls=1",
	  "foreign: part" },

	/* what is missing */
	{ "the kernel's limit", "[ 5.000000] kauditd_printk_skb: 10050 callbacks suppressed",
	  "missing 10050 of 0" },
	{ "the kernel's limit in syslog",
	  "Mar  3 10:00:01 box kernel: [ 5.000000] kauditd_printk_skb: 12 callbacks suppressed",
	  "missing 12 of 0" },
	{ "another limit of the kernel", "[ 5.000000] net_ratelimit: 12 callbacks suppressed",
	  "other" },
	{ "what audit lost", "[ 5.0] audit: audit_lost=17 audit_rate_limit=0 audit_backlog_limit=64",
	  "missing 1 of 17" },
	{ "the journal's limit",
	  "Mar 03 10:00:01 box systemd-journald[231]: Suppressed 512 messages from app.service",
	  "missing 512 of 0" },
	{ "what the kernel log lost", "[ 5.0] ** 34 printk messages dropped **", "missing 34 of 0" },
	{ "a program that says so", "Mar 03 10:00:01 box app[1]: kauditd_printk_skb: 12 callbacks suppressed",
	  "other" },
};

static void test_vectors(void)
{
	struct record record = {};

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		record_parse_line(&record, vectors[i].line,
				  strlen(vectors[i].line));
		IS(read_text(&record), vectors[i].expected, "%s",
		   vectors[i].name);
	}
	record_free(&record);
}

static const char *const good_lines[] = {
	RAW BODY,
	RAW BODY MORE " seq=7",
	"node=box " RAW IDS " subj==a (enforce) pid=7841 comm=612073797363616C6C3D3537 exe=\"/usr/bin/app\" " TAIL,
	"[ 2143.118201] audit: type=1326 " STAMP ": " BODY MORE,
	"Mar 03 10:00:01 box audit[7841]: SECCOMP " BODY,
	SHOWN "pid=7841 comm=a syscall=57 exe=/usr/bin/app sig=SIG0 arch=x86_64 syscall=openat compat=0 ip=0x7f0000001000 code=log",
};

/*
 * A line that ends early gives another record of nothing: the number is the
 * line's, or there is none.
 */
static void test_cut(void)
{
	struct record record = {};

	for (size_t i = 0; i < sizeof(good_lines) / sizeof(good_lines[0]); i++) {
		const char *line = good_lines[i];
		size_t code = strstr(line, " code=") - line;
		bool good = true;

		for (size_t length = 0; good && length < strlen(line); length++) {
			const struct event *event = &record.event;

			record_parse_line(&record, line, length);
			good = record.kind != RECORD_EVENT || length > code;
			if (record.kind == RECORD_EVENT)
				good = good && event->call.nr == 257 &&
					event->pid == 7841 &&
					event->action == 0x7ffc0000;
			/* from the type on it is known what the line was to be */
			if (length > code - 10)
				good = good && record.kind != RECORD_OTHER &&
					record.kind != RECORD_FOREIGN;
			if (!good)
				printf("# at %zu: %s\n", length,
				       read_text(&record));
		}
		OK(good, "line %zu cut at each byte", i);
	}
	record_free(&record);
}

/* A byte that is changed may change a value, but breaks nothing else */
static void test_changed(void)
{
	struct record record = {};
	bool good = true;

	for (size_t i = 0; i < sizeof(good_lines) / sizeof(good_lines[0]); i++) {
		char *line = xstrdup(good_lines[i]);
		size_t length = strlen(line);

		for (size_t at = 0; at < length; at++) {
			char kept = line[at];

			line[at] = ' ';
			record_parse_line(&record, line, length);
			if (record.kind == RECORD_EVENT)
				good = good && record.event.call.nr == 257;
			line[at] = '\0';
			record_parse_line(&record, line, length);
			good = good && record.kind != RECORD_EVENT;
			line[at] = kept;
		}
		free(line);
	}
	OK(good, "a space or NUL instead of each byte");
	record_free(&record);
}

static void test_long(void)
{
	size_t length = 64 * 1024;
	char *line = xcalloc(length + 1, 1);
	struct record record = {};

	memset(line, 'A', length);
	memcpy(line, RAW IDS " pid=7841 comm=\"", strlen(RAW IDS " pid=7841 comm=\""));
	record_parse_line(&record, line, length);
	IS(read_text(&record), "cut: sig", "a line of 64 KiB that ends early");
	strcpy(line + length - strlen(TAIL) - 3, "\" " TAIL);
	record_parse_line(&record, line, strlen(line));
	OK(record.kind == RECORD_EVENT && strlen(record.event.comm) > 64000,
	   "a line of 64 KiB");
	free(line);
	record_free(&record);
}

static void test_audit(void)
{
	static const char text[] = STAMP ": " BODY;
	struct record record = {};

	record_parse_audit(&record, RECORD_SECCOMP, text, strlen(text));
	IS(read_text(&record), STAMPED, "a message of audit");
	record_parse_audit(&record, 1300, text, strlen(text));
	OK(record.kind == RECORD_OTHER && record.stamped &&
	   record.event.serial == 45, "one of another type has its serial");
	record_parse_audit(&record, RECORD_SECCOMP, text, 10);
	IS(read_text(&record), "cut: its time and serial", "one that is cut");
	record_parse_message(&record, RECORD_SECCOMP, 5, 6, "SECCOMP " BODY,
			     strlen("SECCOMP " BODY));
	IS(read_text(&record), "event 5:6 " CALL, "a message of the journal");
	record_free(&record);
}

int main(void)
{
	setenv("TZ", "UTC", 1);
	test_vectors();
	test_cut();
	test_changed();
	test_long();
	test_audit();
	return done_testing();
}
