// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "tap.h"

static char *format(const struct policy *policy)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	policy_format(policy, out);
	fclose(out);
	return text;
}

static struct call call_of(const char *text)
{
	struct call call;
	const char *why;

	if (call_parse(text, &call, &why))
		abort();
	return call;
}

static void count_warning(void *data, unsigned long line, const char *text)
{
	(void)line;
	(void)text;
	++*(unsigned int *)data;
}

/* The policy is refused, at a line and for a reason */
static void test_refused(const char *text, unsigned long line, const char *why)
{
	struct json_error error;
	struct policy *policy = policy_parse(text, strlen(text), &error, NULL,
					     NULL);

	OK(!policy && error.line == line && strstr(error.text, why),
	   "refused: %s", why);
	if (policy || error.line != line || !strstr(error.text, why))
		printf("# %s: line %lu: %s\n", policy ? "taken" : "refused",
		       error.line, error.text);
	policy_free(policy);
}

/* One of everything that a policy can hold */
static struct policy *full_policy(void)
{
	static const char *const command[] = { "ls", "a\"\\\n\xc3\xa4", NULL };
	struct policy *policy = policy_new();
	struct policy_run *run = policy_add_run(policy);
	unsigned int id = run->id;
	struct rule pair = { SCMP_ACT_ALLOW, {
		{ 2, SCMP_CMP_EQ, UINT64_MAX, 0 },
		{ 0, SCMP_CMP_MASKED_EQ, 0xffffffff, 2 } }, 2 };
	struct rule deny = { .action = SCMP_ACT_ERRNO(EPERM) };
	struct event event = { .count = 1ULL << 60, .comm = "more",
		.time_ms = 1700000000123, .args = { 1, UINT64_MAX },
		.args_known = 3 };
	struct call pair_call = call_of("socket");
	struct call call;

	run->command = xcalloc(3, sizeof(*run->command));
	for (int i = 0; command[i]; i++)
		run->command[i] = xstrdup(command[i]);
	run->exe = xstrdup("/bin/ls");
	run->kernel = xstrdup("6.1");
	run->libc = xstrdup("glibc 2.36");
	run->source = xstrdup("trace");
	run->date_ms = 1700000000000;
	run->complete = RUN_INCOMPLETE;
	run->lost = 5;
	run->status = 0;

	event.call = call_of("read");
	policy_add(policy, id, &event, 3);
	event.call = call_of("x86:socket");
	policy_add(policy, id, &event, 0);
	event.call = call_of("x86:getpid");
	policy_add(policy, id, &event, 0);
	event.call = call_of("getpid");
	policy_add(policy, id, &event, 0);
	event.call = call_of("x86_64:-100");
	policy_add(policy, id, &event, 0);
	event.call = call_of("x32:1073742999");
	policy_add(policy, 0, &event, 0);
	call = call_of("socket");
	policy_add_rule(policy, &call, &pair);
	call = call_of("ptrace");
	policy_add_rule(policy, &call, &deny);
	policy_set_text(&policy_find(policy, &call)->answer, "deny");
	policy_set_text(&policy_find(policy, &call)->answer_by, "me");
	policy_find(policy, &call)->answer_ms = 1700000001000;
	count_value(&policy_get(policy, &pair_call)->pairs, 0x100000002, 3);
	call = call_of("exit");
	policy_allow(policy, &call);
	policy_set_text(&policy_find(policy, &call)->why, "end");
	/* known, but answered by default */
	event.call = call_of("x86:-3");
	policy_add(policy, id, &event, 0);
	policy_clear_rules(policy_find(policy, &event.call));
	policy_add_unknown(policy, "not_yet", &deny);
	policy_add_foreign(policy, "not_yet", "{ \"count\": 3 }");
	policy_add_extra(policy, "flags", "[ \"SECCOMP_FILTER_FLAG_LOG\" ]");
	return policy;
}

static void test_round_trip(void)
{
	struct policy *policy = full_policy();
	char *text = format(policy);
	struct json_error error = {};
	unsigned int warnings = 0;
	struct policy *again = policy_parse(text, strlen(text), &error,
					    count_warning, &warnings);
	char *text_again = again ? format(again) : NULL;
	struct call call = call_of("x86:socket");
	struct call pair_call = call_of("socket");
	struct call getpid_call = call_of("getpid");

	OK(again, "what is written can be read");
	if (!again)
		printf("# line %lu: %s\n%s", error.line, error.text, text);
	IS(text_again, text, "and is the same");
	OK(again && again->nr_calls == policy->nr_calls &&
	   again->nr_unknown == 1 && again->nr_foreign == 1 &&
	   again->nr_extra == 1, "nothing is lost");
	OK(again && policy_find(again, &pair_call)->pairs.nr == 1 &&
	   policy_find(again, &pair_call)->pairs.values[0].count == 3,
	   "pairs are kept");
	OK(again && policy_find(again, &call)->nr_rules == 1 &&
	   policy_find(again, &getpid_call)->nr_rules == 1,
	   "a call of one convention stays one");
	call = call_of("socket");
	OK(again && policy_find(again, &call)->nr_rules == 1 &&
	   policy_find(again, &call)->rules[0].nr_cmps == 2,
	   "a name of another convention brings no rule");
	OK(warnings == 2, "what is not known is said (%u)", warnings);
	free(text);
	free(text_again);
	policy_free(policy);
	policy_free(again);
}

/* Cut anywhere, and with any byte replaced, it is refused or a policy */
static void test_damage(void)
{
	struct policy *policy = full_policy();
	char *text = format(policy);
	size_t length = strlen(text);
	unsigned int taken = 0;
	struct json_error error;

	policy_free(policy);
	for (size_t i = 0; i < length - 2; i++) {
		char *cut = strndup(text, i);

		policy = policy_parse(cut, i, &error, NULL, NULL);
		taken += !!policy;
		policy_free(policy);
		free(cut);
	}
	OK(!taken, "a cut policy is refused wherever it ends");
	for (size_t i = 0; i < length; i++) {
		static const char bytes[] = "\"{}[]:,0-\\x\200";

		for (size_t j = 0; j < sizeof(bytes); j++) {
			char old = text[i];

			text[i] = bytes[j];
			policy_free(policy_parse(text, length, &error, NULL,
						 NULL));
			text[i] = old;
		}
	}
	OK(true, "a damaged policy does no harm");
	free(text);
}

static void test_oci(void)
{
	static const char text[] =
		"{\"defaultAction\": \"SCMP_ACT_KILL\", \"architectures\": [\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_X86\"], \"syscalls\": [\n"
		"{\"names\": [\"read\", \"socketcall\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": null, \"includes\": {}},\n"
		"{\"names\": [\"prctl\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{\"index\": 0, \"op\": \"SCMP_CMP_EQ\", \"value\": 1},{\"index\": 0, \"op\": \"SCMP_CMP_EQ\", \"value\": 18446744073709551615}]},\n"
		"{\"names\": [\"mount\"], \"action\": \"SCMP_ACT_ERRNO\"}]}";
	struct json_error error;
	struct policy *policy = policy_parse(text, strlen(text), &error, NULL,
					     NULL);
	struct call call = call_of("x86_64:prctl");
	uint64_t args[EVENT_ARGS] = { UINT64_MAX };

	OK(policy && !policy->has_origin, "OCI without x-sclog");
	if (!policy) {
		printf("# %lu: %s\n", error.line, error.text);
		return;
	}
	OK(policy_find(policy, &call)->nr_rules == 2 &&
	   policy_eval(policy, &call, args, 1).action == SCMP_ACT_ALLOW,
	   "OCI: two comparisons of one argument are alternatives");
	call = call_of("x86:mount");
	OK(policy_eval(policy, &call, NULL, 0).action == SCMP_ACT_ERRNO(EPERM),
	   "OCI: a name is for all architectures, the errno is EPERM");
	call = call_of("x86:socketcall");
	OK(policy->nr_calls == 7 &&
	   policy_eval(policy, &call, NULL, 0).action == SCMP_ACT_ALLOW,
	   "OCI: also for one that alone has it");
	policy_free(policy);
}

/* As crun and runc: they do not add a rule of the default action */
static void test_void_rules(void)
{
	static const char text[] =
		"{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [\n"
		"{\"names\": [\"read\", \"mount\"], \"action\": \"SCMP_ACT_ERRNO\"},\n"
		"{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{\"index\": 0, \"op\": \"SCMP_CMP_EQ\", \"value\": 5}]}]}";
	unsigned int warnings = 0;
	struct json_error error;
	struct policy *policy = policy_parse(text, strlen(text), &error,
					     count_warning, &warnings);
	struct call call = call_of("read");
	uint64_t args[EVENT_ARGS] = { 5 };

	if (!policy)
		abort();
	OK(policy_eval(policy, &call, args, 1).action == SCMP_ACT_ALLOW,
	   "a rule of the default action counts for nothing beside another");
	OK(warnings == 1, "  which is said");
	call = call_of("mount");
	OK(policy_find(policy, &call)->nr_rules == 1,
	   "  it stays if it is the only one");
	policy_free(policy);
}

#define START "{\"defaultAction\": \"SCMP_ACT_KILL\",\n"

static void test_bad(void)
{
	test_refused("", 0, "empty");
	test_refused("[]", 1, "must be an object");
	test_refused("{}", 1, "no defaultAction");
	test_refused("\n{\n\"a\": }", 3, "not JSON");
	test_refused("{\"a\": 1", 1, "end of data");
	test_refused("{\"a\": 1}\n x", 2, "");
	test_refused("{\"defaultAction\": 5}", 1, "must be a string");
	test_refused("{\n\"defaultAction\": \"ALLOW\"}", 2, "unknown action");
	test_refused(START "\"defaultAction\": \"SCMP_ACT_ALLOW\"}", 2, "twice");
	test_refused(START "\"defaultErrnoRet\": 65536}", 2, "at most 65535");
	test_refused(START "\"defaultErrnoRet\": -1}", 2, "not negative");
	test_refused(START "\"architectures\": [\n\"x86\"]}", 3,
		     "unknown architecture");
	test_refused(START "\"archMap\": []}", 2, "archMap");
	test_refused(START "\"syscalls\": [\n{\"names\": [\"read\"]}]}", 3,
		     "no action");
	test_refused(START "\"syscalls\": [{\"action\": \"SCMP_ACT_LOG\"}]}", 2,
		     "no names");
	test_refused(START "\"syscalls\": [{\"action\": \"SCMP_ACT_LOG\",\n"
		     "\"names\": [\"read\",\n7]}]}", 4, "must be a string");
	test_refused(START "\"syscalls\": [{\"action\": \"SCMP_ACT_LOG\",\n"
		     "\"nam\": [\"read\"]}]}", 3, "unknown member 'nam'");
	test_refused(START "\"syscalls\": [{\"action\": \"SCMP_ACT_LOG\", \"names\": [\"read\"],\n\"includes\": {\"caps\": []}}]}",
		     3, "depends on the container");
	test_refused(START "\"syscalls\": [{\"names\": [\"read\"], \"action\": \"SCMP_ACT_LOG\", \"args\": [\n{\"index\": 6, \"op\": \"SCMP_CMP_EQ\", \"value\": 1}]}]}", 3, "at most 5");
	test_refused(START "\"syscalls\": [{\"names\": [\"read\"], \"action\": \"SCMP_ACT_LOG\", \"args\": [{\"index\": 1, \"op\": \"SCMP_CMP_EQ\",\n\"value\": 18446744073709551616}]}]}", 3,
		     "at most 18446744073709551615");
	test_refused(START "\"syscalls\": [{\"names\": [\"read\"], \"action\": \"SCMP_ACT_LOG\", \"args\": [{\"index\": 1}]}]}", 2,
		     "needs index, op and value");
	test_refused(START "\"x-sclog\": {}}", 2, "no version");
	test_refused(START "\"x-sclog\": {\"version\": 2}}", 2, "version 2");
	test_refused(START "\"x-sclog\": {\"version\": 1, \"calls\":\n"
		     "{\"read\": {\"runs\": [1]}}}}", 3, "no run 1");
	test_refused(START "\"x-sclog\": {\"version\": 1, \"unnamed\":\n"
		     "{\"vax:1\": {}}}}", 3, "unknown architecture");
	test_refused(START "\"x-sclog\": {\"version\": 1, \"runs\":\n"
		     "[{\"date\": \"yesterday\"}]}}", 3, "must be as");
	test_refused(START "\"a\": \"\xff\"}", 2, "not JSON");
	/* which value it is */
	test_refused(START "\"defaultErrnoRet\": 65536}", 2,
		     "defaultErrnoRet: must be at most 65535");
	test_refused(START "\"syscalls\": [{}, {\"action\": 1}]}", 2,
		     "syscalls[0]: no action");
	test_refused(START "\"syscalls\": [{\"names\": [\"read\"], \"action\": \"SCMP_ACT_LOG\", \"args\": [{\"index\": 6}]}]}", 2,
		     "syscalls[0].args[0].index: must be at most 5");
	test_refused(START "\"x\": {\"b\": 1, \"b\": 2}}", 2,
		     "\"b\": a key occurs twice");
}

static void test_time(void)
{
	char text[TIME_TEXT_MAX];
	bool same = true;
	int64_t time;

	IS(time_text(0, text), "1970-01-01T00:00:00Z", "time: 0");
	IS(time_text(1700000000123, text), "2023-11-14T22:13:20.123Z",
	   "time: milliseconds");
	OK(time_parse(text, &time) && time == 1700000000123, "time: and back");
	/* from 1970 to 9999, each day and some second of it */
	for (int64_t day = 0; day < 2932896 && same; day++) {
		time_t seconds = day * 86400 + day % 86400;
		char expected[TIME_TEXT_MAX];
		struct tm tm;

		strftime(expected, sizeof(expected), "%Y-%m-%dT%H:%M:%SZ",
			 gmtime_r(&seconds, &tm));
		same = !strcmp(time_text(seconds * 1000, text), expected) &&
			time_parse(text, &time) && time == seconds * 1000;
	}
	OK(same, "time: as the C library has it: %s", text);
	OK(!time_parse("2023-11-14T22:13:20", &time) &&
	   !time_parse("2023-02-30T22:13:20Z", &time) &&
	   !time_parse("2023-11-14T22:13:20.5Z", &time), "time: bad ones");
	setenv("SOURCE_DATE_EPOCH", "1700000000", 1);
	OK(now_ms() == 1700000000000, "SOURCE_DATE_EPOCH");
	setenv("SOURCE_DATE_EPOCH", "soon", 1);
	OK(now_ms() > 1700000000000, "a bad SOURCE_DATE_EPOCH is none");
}

static void test_files(void)
{
	char folder[] = "/tmp/file_test.XXXXXX";
	struct policy *policy = NULL;
	struct policy *again;
	struct policy_file *file;
	struct call call = call_of("read");
	struct stat stat_of;
	int go[2];
	char byte;
	int status;

	if (!mkdtemp(folder) || chdir(folder) || pipe(go))
		abort();
	fflush(stdout);
	/* before anything is locked: a lock is inherited by fork() */
	if (!fork()) {
		if (!freopen("/dev/null", "w", stderr) ||
		    read(go[0], &byte, 1) != 1)
			_exit(9);
		file = policy_lock("real.json", &again);
		if (!file)
			_exit(9);
		status = again->nr_calls != 2;
		policy_unlock(file);
		policy_free(again);
		_exit(status);
	}
	options.quiet = true;
	file = policy_lock("new.json", &policy);
	OK(file && policy && !policy->nr_calls, "a new policy");
	policy_unlock(file);
	OK(access("new.json", F_OK), "is not there if it is not saved");

	if (symlink("real.json", "link.json") ||
	    close(open("real.json", O_CREAT | O_WRONLY, 0600)) ||
	    chmod("real.json", 0640))
		abort();
	file = policy_lock("link.json", &again);
	policy_free(again);
	OK(file && policy_save(file, policy), "save");
	policy_allow(policy, &call);
	OK(policy_save(file, policy), "save again");
	OK(!lstat("link.json", &stat_of) && S_ISLNK(stat_of.st_mode),
	   "a link stays one");
	OK(!stat("real.json", &stat_of) && (stat_of.st_mode & 0777) == 0640,
	   "the mode stays");

	/* the other process, which began before the lock, may take it now */
	if (write(go[1], "x", 1) != 1)
		abort();
	call = call_of("write");
	policy_allow(policy, &call);
	OK(policy_save(file, policy), "save under the eyes of another");
	policy_unlock(file);
	OK(wait(&status) > 0 && !status,
	   "another waits, and reads what was saved last");
	policy_free(policy);

	policy = policy_load("real.json");
	OK(policy && policy->nr_calls == 2, "load");
	policy_free(policy);
	if (!freopen("/dev/null", "w", stderr))
		abort();
	OK(!policy_load("no/such"), "load: no such file");
	OK(!policy_lock("no/such", &policy), "lock: no such folder");
	OK(!policy_load("."), "load: a folder");
	if (symlink("nowhere/x", "dangling"))
		abort();
	OK(!policy_lock("dangling", &policy), "lock: a link that leads nowhere");
	OK(replace_file("other", "text", 4), "replace a file");
	if (system("test \"$(ls -A | sort | tr '\\n' ' ')\" = 'dangling link.json other real.json '"))
		OK(false, "nothing else is left behind");
	else
		OK(true, "nothing else is left behind");
	if (unlink("dangling") || unlink("link.json") || unlink("other") ||
	    unlink("real.json") || chdir("/") || rmdir(folder))
		abort();
}

int main(void)
{
	test_round_trip();
	test_damage();
	test_oci();
	test_void_rules();
	test_bad();
	test_time();
	test_files();
	return done_testing();
}
