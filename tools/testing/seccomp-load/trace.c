// SPDX-License-Identifier: GPL-2.0
/*
 * Tracers of processes with filters, some of which die.
 */
#include "load.h"

#include <sys/ptrace.h>
#include <sys/user.h>

#ifndef PTRACE_SECCOMP_GET_METADATA
# define PTRACE_SECCOMP_GET_METADATA	0x420d
#endif

static void run_tracee(int go, uint64_t seed)
{
	char byte;

	rnd_start(seed, 0, 0);
	for (int n = rnd(4); n--;)
		attach_random(0);
	attach_for(__NR_getppid, SECCOMP_RET_TRACE | rnd(9),
		   chance(50) ? SECCOMP_FILTER_FLAG_LOG : 0);
	if (read(go, &byte, 1) < 0)
		_exit(1);
	for (int n = 1 + rnd(8); n--;) {
		test_syscall();
		call_randomly(rnd(4));
		if (chance(10))
			attach_random(0);
	}
	_exit(0);
}

static void inspect(pid_t pid)
{
	static struct sock_filter insns[BPF_MAXINSNS];
	struct {
		uint64_t filter, flags;
	} data = { .filter = rnd(4) };

	if (chance(50))
		ptrace(PTRACE_SECCOMP_GET_METADATA, pid, sizeof(data), &data);
	else
		ptrace(PTRACE_SECCOMP_GET_FILTER, pid, rnd(5),
		       chance(80) ? insns : NULL);
}

/* At any stop: replace or skip the system call, or change its result. */
static void change_call(pid_t pid)
{
#ifdef __x86_64__
	static const long numbers[] = { -1, __NR_getuid, __NR_getppid, 700 };
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, pid, 0, &regs) ||
	    (long)regs.orig_rax != __NR_getppid)
		return;
	regs.orig_rax = one_of(numbers);
	ptrace(PTRACE_SETREGS, pid, 0, &regs);
#endif
}

static unsigned long random_options(void)
{
	unsigned long options = 0;

	if (chance(70))
		options |= PTRACE_O_TRACESECCOMP;
	if (chance(40))
		options |= PTRACE_O_SUSPEND_SECCOMP;
	if (chance(20))
		options |= PTRACE_O_EXITKILL;
	return options;
}

/* Follow the tracee until it ends, or detach or die earlier. */
static void trace(pid_t pid)
{
	int steps = 1 + rnd(40), end = rnd(4), status;

	while (waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status)) {
		/* only signals of the tracee's own: no stop is delivered */
		int sig = status >> 16 || WSTOPSIG(status) != SIGSYS ? 0 : SIGSYS;

		if (chance(30))
			inspect(pid);
		if (chance(20))
			ptrace(PTRACE_SETOPTIONS, pid, 0, random_options());
		if (chance(40))
			change_call(pid);
		if (!--steps) {
			if (end == 0)
				kill(getpid(), SIGKILL);
			if (end == 1)
				_exit(0);
			if (end == 2)
				kill(pid, SIGKILL);
			ptrace(PTRACE_DETACH, pid, 0, sig);
			break;
		}
		ptrace(chance(70) ? PTRACE_CONT : PTRACE_SYSCALL, pid, 0, sig);
	}
}

void op_trace(void)
{
	uint64_t seed = rnd64();
	bool interrupts = chance(30);
	int go[2];
	pid_t pid;

	if (pipe(go))
		return;
	pid = fork();
	if (!pid) {
		close(go[1]);
		run_tracee(go[0], seed);
	}
	close(go[0]);
	/* processes with filters may not suspend those of others */
	if (ptrace(PTRACE_SEIZE, pid, 0, random_options()))
		ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACESECCOMP);
	if (interrupts)
		ptrace(PTRACE_INTERRUPT, pid, 0, 0);
	close(go[1]);
	trace(pid);
}
