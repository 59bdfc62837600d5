// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sched.h>
#include <stdlib.h>

#include "args.h"
#include "companions.h"
#include "out.h"
#include "tap.h"
#include "warnings.h"

static struct call call_of(const char *text)
{
	struct call call;
	const char *why;

	if (call_parse(text, &call, &why))
		abort();
	return call;
}

static void see(struct policy *policy, const char *name, uint64_t arg0)
{
	struct event event = { .call = call_of(name), .count = 1,
			       .args = { arg0 }, .args_known = 1 };

	args_add(policy, 0, &event);
}

static struct policy *policy_of(const char *calls)
{
	struct policy *policy = policy_new();
	char *copy = xstrdup(calls);
	char *rest = copy;
	char *name;

	while ((name = strsep(&rest, " ")))
		see(policy, name, 0);
	free(copy);
	return policy;
}

/* The group by which a call is in the policy; "seen", or NULL if it is not */
static const char *why(const struct policy *policy, const char *name)
{
	struct call call = call_of(name);
	const struct policy_call *entry = policy_find(policy, &call);

	if (!entry || !entry->nr_rules)
		return NULL;
	return entry->count ? "seen" : entry->why;
}

static void test_groups(void)
{
	struct policy *policy = policy_of("execve read");
	struct call ioctl = call_of("ioctl");
	size_t nr = companions_add(policy, companions_default());

	IS(why(policy, "exit_group"), "end", "end: a program must end");
	IS(why(policy, "clock_gettime"), "clock", "clock: without the vDSO");
	IS(why(policy, "tgkill"), "abort", "abort: abort()");
	IS(why(policy, "mremap"), NULL, "memory: not if none was seen");
	IS(why(policy, "futex"), NULL, "threads: not if none was seen");
	IS(why(policy, "set_tid_address"), NULL, "start: execve was seen");
	IS(why(policy, "ioctl"), NULL, "tty: not unless asked for");
	IS(why(policy, "fstatfs"), NULL, "runc: not unless asked for");
	IS(why(policy, "read"), "seen", "what was seen stays so");
	OK(nr == policy->nr_calls - 2 && nr == companions_count(policy),
	   "companions are counted");
	OK(companions_add(policy, companions_default()) == 0,
	   "twice changes nothing");
	policy_free(policy);

	policy = policy_of("read mmap");
	companions_add(policy, companions_default());
	IS(why(policy, "set_tid_address"), "start",
	   "start: without execve the loader's calls");
	IS(why(policy, "mremap"), "memory", "memory: grows");
	policy_free(policy);

	policy = policy_of("execve");
	companions_add(policy, companions_default() | companion_group("runc") |
		       companion_group("tty"));
	IS(why(policy, "fstatfs"), "runc", "runc: its calls");
	IS(why(policy, "ioctl"), "tty", "tty: ioctl");
	OK(policy_find(policy, &ioctl)->rules[0].nr_cmps == 1,
	   "tty: only for terminals");
	policy_free(policy);
}

static void test_options(void)
{
	unsigned int on = companions_default();
	struct policy *policy = policy_of("execve");
	char *error;

	OK(companions_parse("-clock,+tty", &on, &error), "groups by name");
	companions_add(policy, on);
	IS(why(policy, "clock_gettime"), NULL, "-clock takes it away");
	IS(why(policy, "ioctl"), "tty", "+tty adds it");
	OK(!companions_parse("clock", &on, &error), "a sign is needed");
	IS(error, "'clock' is not + or - and a group", "and said");
	free(error);
	OK(!companions_parse("+nosuch", &on, &error), "unknown group");
	free(error);
	policy_free(policy);
	for (const char *name = NULL; (name = companion_group_next(name));)
		OK(companion_reason(name) && companion_group(name),
		   "%s has a reason", name);
	OK(!companion_reason("nosuch"), "an unknown group has none");
}

static bool allows(const struct policy *policy, const char *name, uint64_t arg0,
		   uint64_t arg2)
{
	struct event event = { .call = call_of(name), .args = { arg0, 0, arg2 },
			       .args_known = EVENT_ARGS_ALL };

	return policy_allows(policy, &event);
}

static void test_twins(void)
{
	struct policy *policy = policy_of("execve openat fork getrlimit unlink wait4");
	struct call call = call_of("x86:getuid");
	struct rules rules;
	char *error;

	companions_add(policy, companions_default());
	IS(why(policy, "open"), "twins", "twins: open for openat");
	IS(why(policy, "rt_sigsuspend"), "wait", "wait: rt_sigsuspend for wait4");
	OK(allows(policy, "clone", 17, 0), "fork: clone as fork does it");
	OK(!allows(policy, "clone", 17 | CLONE_NEWUSER, 0),
	   "fork: no new namespaces");
	OK(allows(policy, "prlimit64", 5, 0), "getrlimit: prlimit64 to read");
	OK(!allows(policy, "prlimit64", 0, 4096),
	   "getrlimit: prlimit64 not to set");
	see(policy, "clone", 17 | CLONE_NEWUSER);
	OK(allows(policy, "clone", 17 | CLONE_NEWUSER, 0),
	   "fork: clone as it is seen later");
	IS(why(policy, "setrlimit"), NULL, "getrlimit: not setrlimit");
	IS(why(policy, "rmdir"), NULL, "unlink: not rmdir");
	policy_free(policy);

	/* narrowed: its twin could do more */
	policy = policy_of("execve");
	if (call_pattern_parse("openat(flags=O_RDONLY)", SCMP_ACT_ALLOW, &call,
			       &rules, &error))
		abort();
	policy_add_rule(policy, &call, &rules.rules[0]);
	rules_free(&rules);
	companions_add(policy, companions_default());
	IS(why(policy, "open"), NULL, "not for a call that is narrowed");
	policy_free(policy);

	policy = policy_of("x86:execve x86:getuid x86:stat64 x86:futex");
	companions_add(policy, companions_default());
	IS(why(policy, "x86:getuid32"), "twins", "i386: ids of 32 bits");
	IS(why(policy, "x86:stat"), "twins", "i386: without 64");
	IS(why(policy, "x86:futex_time64"), "twins", "i386: times of 64 bits");
	IS(why(policy, "x86:exit_group"), "end", "each convention has its own");
	IS(why(policy, "exit_group"), NULL, "and only those that were seen");
	policy_free(policy);
}

static void test_decided(void)
{
	struct policy *policy = policy_of("execve");
	struct call call = call_of("exit");

	policy_set_text(&policy_get(policy, &call)->answer, "deny");
	companions_add(policy, companions_default());
	IS(why(policy, "exit"), NULL, "what the user denied stays so");
	policy_free(policy);
}

static void test_clone3(void)
{
	struct policy *policy = policy_of("execve clone3");
	struct call clone3 = call_of("clone3");

	companions_add(policy, companions_default());
	OK(companion_refuses(policy_find(policy, &clone3)),
	   "clone3: ENOSYS");
	OK(allows(policy, "clone", CLONE_VM | CLONE_THREAD | CLONE_SIGHAND, 0) &&
	   allows(policy, "clone", CLONE_VM | CLONE_VFORK | 17, 0),
	   "clone3: clone for threads and vfork");
	OK(!allows(policy, "clone", CLONE_NEWUSER | 17, 0),
	   "clone3: no namespaces");
	IS(why(policy, "sched_yield"), "threads", "clone3: threads");
	see(policy, "clone3", 0);
	companions_add(policy, companions_default());
	OK(companion_refuses(policy_find(policy, &clone3)),
	   "clone3: seen again");
	policy_free(policy);

	policy = policy_of("execve clone3");
	policy_set_text(&policy_find(policy, &clone3)->answer, "allow");
	companions_add(policy, companions_default());
	OK(allows(policy, "clone3", 0, 0), "clone3: allowed by the user");
	policy_free(policy);

	policy = policy_of("execve");
	see(policy, "clone", 17);
	companions_add(policy, companions_default());
	IS(why(policy, "sched_yield"), NULL, "clone without a thread");
	see(policy, "clone", CLONE_THREAD);
	companions_add(policy, companions_default());
	IS(why(policy, "sched_yield"), "threads", "clone with CLONE_THREAD");
	policy_free(policy);
}

static void test_other_default(void)
{
	struct policy *policy = policy_of("execve statx");
	struct call openat2 = call_of("openat2");

	policy->default_action = SCMP_ACT_KILL_PROCESS;
	companions_add(policy, companions_default());
	OK(companion_refuses(policy_find(policy, &openat2)),
	   "kill: openat2 fails with ENOSYS");
	OK(allows(policy, "statx", 0, 0), "kill: what was seen is allowed");
	policy_free(policy);
}

static void count_warning(void *data, const struct policy_warning *warning)
{
	(void)warning;
	++*(unsigned int *)data;
}

static void test_warnings(void)
{
	struct policy *policy = policy_of("execve read");
	unsigned int nr = 0;

	policy_warnings(policy, count_warning, &nr);
	OK(nr == 0, "no warning");
	see(policy, "io_uring_setup", 0);
	see(policy, "ptrace", 0);
	see(policy, "process_vm_writev", 0);
	see(policy, "execve", 0);
	see(policy, "x86:read", 0);
	policy_warnings(policy, count_warning, &nr);
	OK(nr == 5, "io_uring, ptrace, process_vm_writev, execve, i386");
	policy_free(policy);
}

int main(void)
{
	test_groups();
	test_options();
	test_twins();
	test_decided();
	test_clone3();
	test_other_default();
	test_warnings();
	return done_testing();
}
