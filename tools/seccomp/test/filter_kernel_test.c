// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel answers each call of x86-64, i386 and x32 as policy_eval() does. It
 * has to have i386's calls; x32's it may lack.
 */
#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "allow.h"
#include "filter.h"
#include "out.h"
#include "tap.h"

#ifdef __x86_64__

/* What the kernel's filter says is seen as errno: no call is really made */
#define SAYS_ALLOW	2001
#define SAYS_DEFAULT	2002
#define SAYS_BAD_ARCH	2003
#define FIRST_NR	(-5000)
#define LAST_NR		9000
#define NR_TRIED	(LAST_NR - FIRST_NR + 1)

static uint32_t as_errno(void *data, const struct filter_answer *to)
{
	(void)data;
	return SECCOMP_RET_ERRNO |
		(to->bad_arch ? SAYS_BAD_ARCH :
		 to->action == SCMP_ACT_ALLOW ? SAYS_ALLOW : SAYS_DEFAULT);
}

static long call_64(int nr)
{
	long ret = nr;

	asm volatile("syscall" : "+a"(ret)
		     : "D"(0), "S"(0), "d"(0) : "rcx", "r11", "memory");
	return ret;
}

static long call_32(int nr)
{
	int ret = nr;

	asm volatile("int $0x80" : "+a"(ret)
		     : "b"(0), "c"(0), "d"(0) : "r8", "r9", "r10", "r11",
		       "memory");
	return ret;
}

/* A child that can load a filter, and leaves no core when it is killed */
static pid_t fork_child(void)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (!child) {
		prctl(PR_SET_DUMPABLE, 0);
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	}
	return child;
}

/* The results of one child: by convention and number */
struct tried {
	short said[3][NR_TRIED];
	int loaded;
};

/*
 * uretprobe (Linux 6.11) and uprobe are exempt from every filter, and end a
 * process that calls them from anywhere but the kernel's own trampolines.
 */
static bool is_exempt(int nr)
{
	return nr == 335 || nr == 336;
}

/* Makes all calls and ends by a trap, since no call works any more */
static void try_all(const struct sock_fprog *prog, struct tried *tried)
{
	tried->loaded = filter_load(prog, 0);
	if (tried->loaded)
		_exit(1);
	for (int i = 0; i < NR_TRIED; i++) {
		if (!is_exempt(FIRST_NR + i))
			tried->said[0][i] = -call_64(FIRST_NR + i);
		tried->said[1][i] = -call_32(FIRST_NR + i);
		tried->said[2][i] = -call_64((FIRST_NR + i) | X32_BIT);
	}
	__builtin_trap();
}

static int expected_of(const struct policy *policy, uint32_t audit, int nr)
{
	struct call call = { abi_by_audit(audit, nr), nr };
	struct verdict verdict = policy_eval(policy, &call, NULL, 0);

	if (verdict.bad_arch)
		return SAYS_BAD_ARCH;
	return verdict.action == SCMP_ACT_ALLOW ? SAYS_ALLOW : SAYS_DEFAULT;
}

static void test_kernel(const struct policy *policy, const char *name)
{
	static const uint32_t audits[] = { 0xc000003e, 0x40000003, 0xc000003e };
	struct tried *tried = mmap(NULL, sizeof(*tried), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct sock_fprog prog;
	unsigned int wrong = 0;
	int status;
	pid_t child;

	tried->loaded = -1;
	filter_build(policy, as_errno, NULL, &prog);
	child = fork_child();
	if (!child)
		try_all(&prog, tried);
	waitpid(child, &status, 0);
	for (int i = 0; i < 3; i++) {
		for (int j = 0; j < NR_TRIED; j++) {
			int nr = (FIRST_NR + j) | (i == 2 ? X32_BIT : 0);
			int expected = expected_of(policy, audits[i], nr);

			if ((!i && is_exempt(nr)) ||
			    tried->said[i][j] == expected || wrong++)
				continue;
			printf("# convention %d, number %d: %d, not %d\n", i, nr,
			       tried->said[i][j], expected);
		}
	}
	OK(!tried->loaded && !wrong, "in the kernel: %s: 3 * %d calls", name,
	   NR_TRIED);
	filter_free(&prog);
	munmap(tried, sizeof(*tried));
}

/* Every second named call of one convention, and numbers without a name */
static void test_convention(const char *arch)
{
	static const int numbers[] = { -1, -2, -100, -101, -4096, 460, 5000 };
	const struct abi *abi = abi_by_name(arch);
	struct policy *policy = policy_new();
	char *name;

	for (int nr = 0; nr < 460; nr++) {
		struct call call = { abi, nr | abi->nr_bit };

		if (call_name(&call) && nr % 2)
			policy_allow(policy, &call);
	}
	name = xasprintf("half of the calls of %s", arch);
	test_kernel(policy, name);
	free(name);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		int nr = numbers[i];

		if (nr >= 0)
			nr |= abi->nr_bit;
		policy_allow(policy, &(struct call){
			abi_by_audit(abi->audit, nr), nr });
	}
	name = xasprintf("and numbers without a name of %s", arch);
	test_kernel(policy, name);
	free(name);
	policy_free(policy);
}

/* By the policy's own actions; a call that is not allowed ends it */
static void test_new_in_kernel(uint32_t action, const char *name, int signal)
{
	static const int numbers[] = { 500, 548, 100000 };
	long *said = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct policy *policy = policy_new();
	struct sock_fprog prog;
	int wrong = 0;
	int status;
	pid_t child;

	policy->default_action = action;
	policy_add_arch(policy, abi_by_name("x86"));
	policy_add_arch(policy, abi_by_name("x32"));
	allow(policy, "exit_group");
	filter_build(policy, NULL, NULL, &prog);
	child = fork_child();
	if (!child) {
		if (filter_load(&prog, 0))
			_exit(1);
		for (int i = 0; i < 3; i++) {
			said[i] = call_64(numbers[i]);
			said[3 + i] = call_64(numbers[i] | X32_BIT);
			said[6 + i] = call_32(numbers[i]);
		}
		said[9] = call_64(SYS_getpid);
		/* before _exit(), sanitizers make calls that fail now */
		syscall(SYS_exit_group, 2);
	}
	waitpid(child, &status, 0);
	for (int i = 0; i < 9; i++)
		wrong += said[i] != -ENOSYS;
	OK(!wrong, "in the kernel: default %s: new numbers: ENOSYS", name);
	OK(signal ? WIFSIGNALED(status) && WTERMSIG(status) == signal :
	   said[9] == -EPERM && status == 2 << 8,
	   "  another call: %s", name);
	filter_free(&prog);
	policy_free(policy);
	munmap(said, 4096);
}

static void test_one(const char *text)
{
	struct policy *policy = policy_new();

	allow(policy, text);
	test_kernel(policy, text);
	policy_free(policy);
}

#endif /* __x86_64__ */

int main(void)
{
#ifdef __x86_64__
	test_new_in_kernel(SCMP_ACT_ERRNO(EPERM), "EPERM", 0);
	test_new_in_kernel(SCMP_ACT_KILL_PROCESS, "kill", SIGSYS);
	test_new_in_kernel(SCMP_ACT_TRAP, "trap", SIGSYS);
	test_convention("x86_64");
	test_convention("x86");
	test_convention("x32");
	test_one("getpid");
	test_one("x86:getpid");
	test_one("x86:socket");
	test_one("x32:getpid");
	test_one("x86:-101");
	test_one("-1");
	test_one("100000");
#endif
	return done_testing();
}
