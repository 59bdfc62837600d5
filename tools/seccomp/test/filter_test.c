// SPDX-License-Identifier: GPL-2.0
/*
 * A policy's program answers each call as policy_eval() does, in an interpreter
 * for every convention. filter_kernel_test.c has those of x86 in the kernel.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "allow.h"
#include "bpf.h"
#include "file.h"
#include "filter.h"
#include "out.h"
#include "tap.h"

static uint64_t random_state = 88172645463325252ULL;

static uint64_t random64(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static const int odd_numbers[] = {
	INT32_MIN, INT32_MIN + 1, -4096, -1025, -101, -100, -3, -2, -1, 0, 1,
	4000, 4001, 6999, 100000, 0xeffff, 0xf0001, 0xf0010, 0x3fffffff,
	X32_BIT, X32_BIT + 1, X32_BIT + 547, X32_BIT + 548, 0x7ffffffe,
	INT32_MAX,
};

#define NR_ODD	(sizeof(odd_numbers) / sizeof(odd_numbers[0]))

/* A value that is near one that is compared with, or any */
static uint64_t random_value(void)
{
	static const uint64_t values[] = {
		0, 1, 2, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000,
		0x1ffffffff, 0xffffffff00000000, UINT64_MAX,
	};
	uint64_t value = values[random64() % 10];

	switch (random64() % 4) {
	case 0:
		return value + 1;
	case 1:
		return value - 1;
	case 2:
		return value;
	}
	return random64();
}

static void add_random_rule(struct policy *policy, const struct call *call)
{
	static const uint32_t actions[] = {
		SCMP_ACT_ALLOW, SCMP_ACT_LOG, SCMP_ACT_ERRNO(ENOSYS),
		SCMP_ACT_ERRNO(1), SCMP_ACT_TRAP, SCMP_ACT_KILL_PROCESS,
	};
	struct rule rule = { .action = actions[random64() % 6] };

	for (unsigned int i = 0; i < EVENT_ARGS; i++) {
		struct arg_cmp *cmp = &rule.cmps[rule.nr_cmps];

		if (random64() % 3)
			continue;
		cmp->index = i;
		cmp->op = SCMP_CMP_NE + random64() % 7;
		cmp->value = random_value();
		if (cmp->op == SCMP_CMP_MASKED_EQ)
			cmp->value_two = random_value();
		rule.nr_cmps++;
	}
	policy_add_rule(policy, call, &rule);
}

static struct policy *random_policy(unsigned int nr_calls)
{
	static const uint32_t defaults[] = {
		SCMP_ACT_ERRNO(ENOSYS), SCMP_ACT_ERRNO(EPERM), SCMP_ACT_TRAP,
		SCMP_ACT_KILL_PROCESS, SCMP_ACT_KILL_THREAD, SCMP_ACT_LOG,
	};
	struct policy *policy = policy_new();

	policy->default_action = defaults[random64() % 6];
	for (unsigned int i = 0; i < nr_calls; i++) {
		const struct abi *abi = NULL;
		int nr = random64() % 8 ? (int)(random64() % 450) :
			 odd_numbers[random64() % NR_ODD];
		struct call call;

		for (unsigned int j = random64() % 20 + 1; j--;)
			abi = abi_next(abi);
		if (nr >= 0)
			nr |= abi->nr_bit;
		call = (struct call){ abi_by_audit(abi->audit, nr), nr };
		for (unsigned int j = random64() % 4; j--;)
			add_random_rule(policy, &call);
		if (random64() % 2)
			policy_allow(policy, &call);
	}
	return policy;
}

static bool agrees(const struct policy *policy, const struct sock_fprog *prog,
		   uint32_t audit, int nr, const uint64_t args[EVENT_ARGS])
{
	struct seccomp_data data = { .nr = nr, .arch = audit };
	struct call call = { abi_by_audit(audit, nr), nr };
	uint32_t expected = SCMP_ACT_KILL;
	uint32_t got;

	memcpy(data.args, args, sizeof(data.args));
	if (call.abi)
		expected = policy_eval(policy, &call, args,
				       EVENT_ARGS_ALL).action;
	got = bpf_run(prog, &data);
	if (got != expected)
		printf("# arch %x nr %d: %x, expected %x\n", audit, nr, got,
		       expected);
	return got == expected;
}

/* All conventions and one that does not exist; all interesting numbers */
static bool agrees_everywhere(const struct policy *policy, int first, int last)
{
	struct sock_fprog prog;
	const struct abi *abi = NULL;
	bool good = !filter_build(policy, NULL, NULL, &prog);

	do {
		uint32_t audit;

		abi = abi_next(abi);
		audit = abi ? abi->audit : 0xc0001234;
		for (int nr = first; good && nr <= last; nr++) {
			uint64_t args[EVENT_ARGS];

			for (int i = 0; i < EVENT_ARGS; i++)
				args[i] = random_value();
			good = agrees(policy, &prog, audit, nr, args) &&
				agrees(policy, &prog, audit, nr | X32_BIT, args);
		}
		for (size_t i = 0; good && i < NR_ODD; i++) {
			uint64_t args[EVENT_ARGS] = { random_value() };

			good = agrees(policy, &prog, audit, odd_numbers[i],
				      args);
		}
	} while (good && abi);
	filter_free(&prog);
	return good;
}

static void test_random(void)
{
	bool good = true;

	for (int i = 0; i < 300 && good; i++) {
		struct policy *policy = random_policy(random64() % 200);

		good = agrees_everywhere(policy, -20, 500);
		policy_free(policy);
	}
	OK(good, "random policies: each call of each convention as policy_eval() says");
}

static bool args_agree(const struct rule *rule)
{
	struct call call = { abi_native(), 7 };
	struct policy *policy = policy_new();
	struct sock_fprog prog;
	bool good = true;

	policy_add_rule(policy, &call, rule);
	filter_build(policy, NULL, NULL, &prog);
	for (int i = 0; good && i < 500; i++) {
		uint64_t args[EVENT_ARGS];

		for (int j = 0; j < EVENT_ARGS; j++)
			args[j] = random_value();
		good = agrees(policy, &prog, abi_native()->audit, 7, args);
	}
	filter_free(&prog);
	policy_free(policy);
	return good;
}

static void test_comparisons(void)
{
	for (int op = SCMP_CMP_NE; op <= SCMP_CMP_MASKED_EQ; op++) {
		bool good = true;

		for (int i = 0; good && i < 500; i++) {
			struct rule rule = {
				.action = SCMP_ACT_ALLOW,
				.nr_cmps = 1,
				.cmps[0] = { i % 6, op, random_value(), 0 },
			};

			if (op == SCMP_CMP_MASKED_EQ)
				rule.cmps[0].value_two = random_value();
			good = args_agree(&rule);
		}
		OK(good, "%s: 64 bits, unsigned", op_name(op));
	}
}

/* As many instructions as the kernel takes, and jumps over all of them */
static void test_size(void)
{
	struct policy *policy = policy_new();
	struct sock_fprog prog;

	for (int nr = 0; nr < 2400; nr += 2)
		policy_allow(policy, &(struct call){ abi_native(), nr });
	OK(agrees_everywhere(policy, -10, 2500), "1,200 separate ranges");
	for (int nr = 2400; nr < 10000; nr += 2)
		policy_allow(policy, &(struct call){ abi_native(), nr });
	OK(filter_build(policy, NULL, NULL, &prog) == -E2BIG,
	   "more than the kernel takes is refused");
	OK(!prog.filter, "and nothing is left of it");
	policy_free(policy);
}

static uint32_t tag(void *data, const struct filter_answer *to)
{
	(void)data;
	if (!to->abi)
		return SECCOMP_RET_TRACE | 99;
	if (to->action == SCMP_ACT_ALLOW)
		return SECCOMP_RET_ALLOW;
	return SECCOMP_RET_TRACE | (to->bad_arch ? 0x50 : 0) |
		(to->abi == abi_by_name("x32") ? 2 :
		 to->abi == abi_by_name("x86"));
}

static void test_actions(void)
{
	static const struct {
		uint32_t audit;
		int nr;
		uint32_t expected;
		const char *name;
	} cases[] = {
		{ 0xc000003e, 0, SECCOMP_RET_ALLOW, "an allowed call" },
		{ 0xc000003e, 1, SECCOMP_RET_TRACE, "the default" },
		{ 0xc000003e, -1, SECCOMP_RET_TRACE, "a negative number" },
		{ 0x40000003, 3, SECCOMP_RET_ALLOW, "another convention" },
		{ 0x40000003, 4, SECCOMP_RET_TRACE | 1, "its default" },
		{ 0xc000003e, X32_BIT + 1, SECCOMP_RET_TRACE | 0x52,
		  "a convention that the policy lacks" },
		{ 0xc0001234, 1, SECCOMP_RET_TRACE | 99,
		  "an unknown architecture" },
	};
	struct policy *policy = policy_new();
	struct sock_fprog prog;

	allow(policy, "x86_64:read");
	allow(policy, "x86:read");
	filter_build(policy, tag, NULL, &prog);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct seccomp_data data = {
			.nr = cases[i].nr, .arch = cases[i].audit,
		};

		OK(bpf_run(&prog, &data) == cases[i].expected,
		   "other actions: %s", cases[i].name);
	}
	filter_free(&prog);
	policy_free(policy);
}

/* Numbers of calls that came after this libseccomp, and others */
static void test_new_numbers(void)
{
	static const struct {
		const char *arch;
		int nr;
		bool is_new;
	} cases[] = {
		{ "x86_64", 0, false }, { "x86_64", 450, false },
		{ "x86_64", 500, true }, { "x86_64", 548, true },
		{ "x86_64", 100000, true }, { "x86_64", X32_BIT - 1, true },
		{ "x86_64", -1, false }, { "x86_64", -100, false },
		{ "x86_64", INT32_MIN, false },
		{ "x32", 450, false }, { "x32", 500, true },
		{ "x32", 512, false }, { "x32", 547, false },
		{ "x32", 548, true }, { "x32", X32_BIT - 1, true },
		{ "x86", 450, false }, { "x86", 500, true },
		{ "x86", INT32_MAX, true }, { "x86", -101, false },
		{ "aarch64", 450, false }, { "aarch64", 500, true },
		{ "arm", 500, true }, { "arm", 0xeffff, true },
		{ "arm", 0xf0002, false }, { "arm", 0xf0010, true },
		{ "mips", 500, false }, { "mips", 4450, false },
		{ "mips", 4700, true }, { "mips64", 5450, false },
		{ "mips64", 5700, true }, { "mips64n32", 6700, true },
		{ "loongarch64", 500, false },	/* libseccomp 2.5.4 has it not */
	};
	static const uint32_t defaults[] = {
		SCMP_ACT_ERRNO(EPERM), SCMP_ACT_KILL_PROCESS,
		SCMP_ACT_KILL_THREAD, SCMP_ACT_TRAP, SCMP_ACT_ERRNO(ENOSYS),
		SCMP_ACT_LOG, SCMP_ACT_ALLOW, SCMP_ACT_NOTIFY,
	};

	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++) {
		struct policy *policy = policy_new();
		struct sock_fprog prog;

		policy->default_action = defaults[i];
		for (const struct abi *abi = NULL; (abi = abi_next(abi));)
			policy_add_arch(policy, abi);
		allow(policy, "x86_64:600");
		allow(policy, "x32:600");
		filter_build(policy, NULL, NULL, &prog);
		for (size_t j = 0; j < sizeof(cases) / sizeof(cases[0]); j++) {
			const struct abi *abi = abi_by_name(cases[j].arch);
			struct seccomp_data data = {
				.nr = cases[j].nr | abi->nr_bit,
				.arch = abi->audit,
			};
			uint32_t expected = defaults[i];

			if (cases[j].is_new && i < 4)
				expected = SCMP_ACT_ERRNO(ENOSYS);
			OK(bpf_run(&prog, &data) == expected,
			   "default %x: %s %d: %x", defaults[i], cases[j].arch,
			   cases[j].nr, expected);
			data.nr = 600 | (j % 2 ? X32_BIT : 0);
			data.arch = AUDIT_ARCH_X86_64;
			if (bpf_run(&prog, &data) != SCMP_ACT_ALLOW)
				OK(false, "a number that is allowed");
		}
		filter_free(&prog);
		policy_free(policy);
	}
}

/* libseccomp's filter of a convention's calls; the instructions are static */
static bool libseccomp_program(const struct policy *policy,
			       const struct abi *abi, struct sock_fprog *prog)
{
	scmp_filter_ctx filter = seccomp_init(policy->default_action);
	static struct sock_filter insns[BPF_MAXINSNS];
	int fd = memfd_create("bpf", MFD_CLOEXEC);
	ssize_t size;
	bool good;

	seccomp_arch_remove(filter, SCMP_ARCH_NATIVE);
	good = !seccomp_arch_add(filter, abi->scmp);
	for (size_t i = 0; good && i < policy->nr_calls; i++) {
		const char *name = call_name(&policy->calls[i].call);
		/* it wants the native number of the name */
		int nr = seccomp_syscall_resolve_name(name);

		good = !seccomp_rule_add_exact(filter, SCMP_ACT_ALLOW, nr, 0);
	}
	good = good && !seccomp_export_bpf(filter, fd);
	size = good ? pread(fd, insns, sizeof(insns), 0) : 0;
	*prog = (struct sock_fprog){ size / sizeof(*insns), insns };
	close(fd);
	seccomp_release(filter);
	return good && size > 0;
}

static void test_libseccomp(void)
{
	static const char *const names[] = { "aarch64", "riscv64" };
	bool good = true;

	for (size_t i = 0; good && i < 2; i++) {
		const struct abi *abi = abi_by_name(names[i]);
		struct policy *policy = policy_new();
		struct sock_fprog theirs;
		struct sock_fprog ours;

		for (int nr = 0; nr < 400; nr += 1 + random64() % 5)
			if (call_name(&(struct call){ abi, nr }))
				policy_allow(policy, &(struct call){ abi, nr });
		good = libseccomp_program(policy, abi, &theirs) &&
			!filter_build(policy, NULL, NULL, &ours);
		for (int nr = -1000; good && nr < 1000; nr++) {
			struct seccomp_data data = {
				.nr = nr, .arch = abi->audit,
			};

			good = bpf_run(&ours, &data) == bpf_run(&theirs, &data);
			if (!good)
				printf("# %s %d: %x, theirs %x\n", names[i], nr,
				       bpf_run(&ours, &data),
				       bpf_run(&theirs, &data));
		}
		filter_free(&ours);
		policy_free(policy);
	}
	OK(good, "foreign conventions: as libseccomp's filter");
}

int main(void)
{
	test_comparisons();
	test_random();
	test_size();
	test_actions();
	test_new_numbers();
	test_libseccomp();
	return done_testing();
}
