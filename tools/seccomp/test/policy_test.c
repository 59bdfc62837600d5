// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "policy.h"
#include "tap.h"

static struct call call_of(const char *text)
{
	struct call call;
	const char *why;

	if (call_parse(text, &call, &why))
		abort();
	return call;
}

/* Runs a filter as the kernel does; 0x7fffffff for what libseccomp never has */
static uint32_t run_filter(const struct sock_filter *insns, size_t nr,
			   const struct seccomp_data *data)
{
	uint32_t a = 0;
	uint32_t k;

	for (size_t pc = 0; pc < nr; pc++) {
		const struct sock_filter *insn = &insns[pc];

		switch (insn->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			memcpy(&a, (const char *)data + insn->k, sizeof(a));
			break;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= insn->k;
			break;
		case BPF_JMP | BPF_JA:
			pc += insn->k;
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
			pc += a == insn->k ? insn->jt : insn->jf;
			break;
		case BPF_JMP | BPF_JGT | BPF_K:
			pc += a > insn->k ? insn->jt : insn->jf;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			pc += a >= insn->k ? insn->jt : insn->jf;
			break;
		case BPF_RET | BPF_K:
			k = insn->k;
			return k;
		default:
			return 0x7fffffff;
		}
	}
	return 0x7fffffff;
}

static uint64_t some_value(void)
{
	static const uint64_t values[] = {
		0, 1, 2, 3, 0x80000000, 0xffffffff, 0x100000000, 0x100000001,
		0x8000000000000000, UINT64_MAX,
	};

	return values[rand() % 10];
}

static struct rule some_rule(unsigned int nr_max, bool by_order)
{
	static const enum scmp_compare unordered[] = {
		SCMP_CMP_NE, SCMP_CMP_EQ, SCMP_CMP_MASKED_EQ,
	};
	struct rule rule = { .action = SCMP_ACT_ALLOW };

	rule.nr_cmps = rand() % (nr_max + 1);
	for (unsigned int i = 0; i < rule.nr_cmps; i++) {
		rule.cmps[i].index = i;
		rule.cmps[i].op = unordered[rand() % 3];
		if (by_order)
			rule.cmps[i].op = SCMP_CMP_NE + rand() % 7;
		rule.cmps[i].value = some_value();
		if (rule.cmps[i].op == SCMP_CMP_MASKED_EQ)
			rule.cmps[i].value_two = some_value();
	}
	return rule;
}

static bool add_to_filter(scmp_filter_ctx filter, int nr,
			  const struct rule *rule)
{
	struct scmp_arg_cmp cmps[EVENT_ARGS];

	for (unsigned int i = 0; i < rule->nr_cmps; i++)
		cmps[i] = (struct scmp_arg_cmp){ rule->cmps[i].index,
			rule->cmps[i].op, rule->cmps[i].value,
			rule->cmps[i].value_two };
	return !seccomp_rule_add_exact_array(filter, rule->action, nr,
					     rule->nr_cmps, cmps);
}

/* One policy of @nr_rules rules, in libseccomp and here; number of differences */
static unsigned int compare_once(unsigned int nr_rules, unsigned int nr_cmps,
				 bool by_order)
{
	struct call call = call_of("ioctl");
	struct policy *policy = policy_new();
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
	struct sock_filter insns[1024];
	int fd = memfd_create("filter", MFD_CLOEXEC);
	unsigned int differences = 0;
	ssize_t size;

	for (unsigned int i = 0; i < nr_rules; i++) {
		struct rule rule = some_rule(nr_cmps, by_order);

		if (add_to_filter(filter, call.nr, &rule))
			policy_add_rule(policy, &call, &rule);
	}
	if (seccomp_export_bpf(filter, fd))
		abort();
	lseek(fd, 0, SEEK_SET);
	size = read(fd, insns, sizeof(insns));
	for (int i = 0; i < 100; i++) {
		struct seccomp_data data = { .nr = call.nr,
			.arch = call.abi->audit };
		uint64_t args[EVENT_ARGS];

		for (int j = 0; j < EVENT_ARGS; j++) {
			args[j] = some_value();
			data.args[j] = args[j];
		}
		differences += run_filter(insns, size / sizeof(*insns), &data) !=
			policy_eval(policy, &call, args, EVENT_ARGS_ALL).action;
	}
	close(fd);
	seccomp_release(filter);
	policy_free(policy);
	return differences;
}

static void test_against_libseccomp(void)
{
	unsigned int differences = 0;

	srand(1);
	for (int i = 0; i < 2000; i++)
		differences += compare_once(1, 3, true);
	OK(!differences, "one rule: as libseccomp's filter (%u differ)",
	   differences);
	/*
	 * Without LT and LE: libseccomp 2.5.4 refuses most of what two such rules
	 * of the same value allow.
	 */
	differences = 0;
	for (int i = 0; i < 2000; i++)
		differences += compare_once(3, 1, false);
	OK(!differences, "several rules: as libseccomp's filter (%u differ)",
	   differences);
}

static void test_rules(void)
{
	struct policy *policy = policy_new();
	struct call ioctl_call = call_of("ioctl");
	struct call other = call_of("x86:ioctl");
	struct rule narrow = { SCMP_ACT_ALLOW,
		{ { 1, SCMP_CMP_MASKED_EQ, 0xffffffff, 0x5401 } }, 1 };
	struct rule allow = { .action = SCMP_ACT_ALLOW };
	struct rule deny = { .action = SCMP_ACT_ERRNO(EPERM) };
	struct rule twice = { SCMP_ACT_ALLOW, { { 1, SCMP_CMP_EQ, 1, 0 },
		{ 1, SCMP_CMP_EQ, 2, 0 } }, 2 };
	uint64_t args[EVENT_ARGS] = { 3, 0xabc00005401, 0, 0, 0, 0 };

	OK(policy_eval(policy, &ioctl_call, args, 63).action ==
	   SCMP_ACT_ERRNO(ENOSYS), "an empty policy refuses");
	OK(policy_eval(policy, &other, args, 63).bad_arch,
	   "another convention is a bad one");
	OK(!policy_add_rule(policy, &ioctl_call, &narrow) &&
	   !policy_add_rule(policy, &ioctl_call, &narrow) &&
	   policy_find(policy, &ioctl_call)->nr_rules == 1,
	   "an equal rule is one");
	OK(policy_add_rule(policy, &ioctl_call, &twice) == -EINVAL,
	   "an argument twice is refused");
	twice.cmps[1].index = 6;
	OK(policy_add_rule(policy, &ioctl_call, &twice) == -EINVAL,
	   "a seventh argument is refused");
	OK(policy_eval(policy, &ioctl_call, args, 63).action == SCMP_ACT_ALLOW,
	   "an int is the low half");
	OK(policy_eval(policy, &ioctl_call, args, 0).uncertain,
	   "unknown arguments are uncertain");
	args[1] = 0x5402;
	OK(policy_eval(policy, &ioctl_call, args, 63).action !=
	   SCMP_ACT_ALLOW, "another value is refused");
	OK(!policy_find(policy, &other), "another convention is another call");
	policy_add_rule(policy, &ioctl_call, &allow);
	OK(policy_find(policy, &ioctl_call)->nr_rules == 1 &&
	   policy_eval(policy, &ioctl_call, args, 0).action == SCMP_ACT_ALLOW,
	   "a rule without condition takes the place of narrow ones");
	policy_add_rule(policy, &ioctl_call, &deny);
	OK(policy_eval(policy, &ioctl_call, args, 63).action == SCMP_ACT_ALLOW,
	   "the first rule without condition decides");
	OK(policy_remove(policy, &ioctl_call) &&
	   !policy_remove(policy, &ioctl_call), "remove");
	policy_free(policy);
}

static void test_add(void)
{
	struct policy *policy = policy_new();
	struct event event = { .call = call_of("prctl"), .count = 2,
		.comm = "curl", .time_ms = 5000, .args = { 15 },
		.args_known = 1 };
	struct rule narrow = { SCMP_ACT_ALLOW,
		{ { 0, SCMP_CMP_EQ, 15, 0 } }, 1 };
	unsigned int run = policy_add_run(policy)->id;
	struct policy_call *call;

	OK(policy_add(policy, run, &event, 1) == ADDED_CALL, "a new call");
	OK(policy_add(policy, run, &event, 1) == ADDED_KNOWN, "a known call");
	call = policy_find(policy, &event.call);
	OK(call->count == 4 && call->first_ms == 5000 && call->runs.nr == 1 &&
	   call->by.nr == 1 && call->by.names[0].count == 4 &&
	   call->args[0].nr == 1 && call->args[0].values[0].count == 4 &&
	   !call->args[1].nr, "is counted");
	policy_clear_rules(call);
	policy_add_rule(policy, &event.call, &narrow);
	OK(policy_add(policy, run, &event, 0) == ADDED_KNOWN, "a narrow rule");
	event.args[0] = 4;
	OK(policy_add(policy, run, &event, 0) == ADDED_OUTSIDE &&
	   call->nr_rules == 1, "outside a narrow rule");
	for (int i = 0; i < 100; i++) {
		event.args[0] = i;
		policy_add(policy, run, &event, 1);
	}
	OK(call->args[0].nr == POLICY_VALUES_MAX && call->args[0].more,
	   "at most 64 values");
	event.call = call_of("x86:-5");
	OK(policy_add(policy, 0, &event, 0) == ADDED_CALL &&
	   policy_has_arch(policy, event.call.abi), "a number of i386");
	event.call = call_of("ptrace");
	policy_set_text(&policy_get(policy, &event.call)->answer, "deny");
	OK(policy_add(policy, 0, &event, 0) == ADDED_OUTSIDE &&
	   !policy_allows(policy, &event), "a decision is kept");
	event.call.abi = NULL;
	OK(policy_add(policy, 0, &event, 0) == ADDED_IGNORED,
	   "an unknown architecture");
	event.call = call_of("prctl");
	call = policy_find(policy, &event.call);
	OK(policy_run_remove(policy, run) && !call->runs.nr, "a run is forgotten");
	policy_free(policy);
}

static void count_conflict(void *data, const struct call *call)
{
	(void)call;
	++*(int *)data;
}

static void test_merge(void)
{
	struct policy *into = policy_new();
	struct policy *from = policy_new();
	struct rule deny = { .action = SCMP_ACT_ERRNO(EPERM) };
	struct event event = { .call = call_of("read"), .count = 1,
		.comm = "a" };
	struct call write_call = call_of("write");
	int conflicts = 0;

	policy_add(into, policy_add_run(into)->id, &event, 0);
	policy_allow(into, &write_call);
	event.comm = "b";
	policy_add(from, policy_add_run(from)->id, &event, 0);
	policy_add_rule(from, &write_call, &deny);
	policy_merge(into, from, count_conflict, &conflicts);
	OK(conflicts == 1 && policy_find(into, &write_call)->nr_rules == 1,
	   "merge: a contradiction is told, ours stays");
	OK(into->nr_runs == 2 && into->runs[1].id == 2 &&
	   policy_find(into, &event.call)->runs.nr == 2 &&
	   policy_find(into, &event.call)->by.nr == 2 &&
	   policy_find(into, &event.call)->count == 2, "merge: counts and runs");
	policy_free(into);
	policy_free(from);
}

/* A rule of the default action, and one of another */
static void test_merge_default(void)
{
	struct policy *allows = policy_new();
	struct policy *denies = policy_new();
	const struct call call = call_of("write");
	const struct rule deny = { .action = allows->default_action };
	const struct rule allow = { SCMP_ACT_ALLOW,
		{ { 0, SCMP_CMP_EQ, 1, 0 } }, 1 };
	int conflicts = 0;

	policy_add_rule(allows, &call, &allow);
	policy_add_rule(denies, &call, &deny);
	policy_merge(allows, denies, count_conflict, &conflicts);
	OK(conflicts == 1 && policy_find(allows, &call)->nr_rules == 1,
	   "merge: what is allowed, and refused by the default action");
	policy_merge(denies, allows, count_conflict, &conflicts);
	OK(conflicts == 2 && policy_find(denies, &call)->nr_rules == 1 &&
	   policy_find(denies, &call)->rules[0].action == deny.action,
	   "merge: the other way round");
	policy_free(allows);
	policy_free(denies);
}

int main(void)
{
	test_rules();
	test_add();
	test_merge();
	test_merge_default();
	if (seccomp_arch_native() == SCMP_ARCH_X86_64)
		test_against_libseccomp();
	return done_testing();
}
