// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel answers to system calls under a filter, in the words of libseccomp's
 * simulator. Usage: verdicts FILTER <CALLS, FILTER a file of struct sock_filter. A call
 * is a line of an architecture (x86_64, x32 or x86), its number and six arguments; its
 * verdict is a line.
 *
 * A child makes the calls and is traced. No call is carried out: below the filter is one
 * that returns TRACE for each, which is stronger than ALLOW and LOG, and the tracer
 * takes the number away. It cannot tell these two apart.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <err.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the filter below returns with TRACE, as no filter of libseccomp does */
#define UNDECIDED	0xfffe
#define X32_BIT		0x40000000

struct call {
	char arch[16];
	long nr;
	long args[6];
	long result;
};

static struct sock_filter insns[BPF_MAXINSNS];
static unsigned short insns_len;
/* Shared with the child */
static struct call *call;

static long call_64(const struct call *c)
{
	long a0 = c->args[0], a1 = c->args[1], a2 = c->args[2];
	long a3 = c->args[3], a4 = c->args[4], a5 = c->args[5];
	register long r10 asm("r10") = a3;
	register long r8 asm("r8") = a4;
	register long r9 asm("r9") = a5;
	long result;

	asm volatile("syscall" : "=a" (result)
		     : "a" (c->nr), "D" (a0), "S" (a1), "d" (a2),
		       "r" (r10), "r" (r8), "r" (r9)
		     : "rcx", "r11", "memory");
	return result;
}

/* The sixth argument of i386 is in ebp, which the compiler may use. */
static long call_32(const struct call *c)
{
	long a0 = c->args[0], a1 = c->args[1], a2 = c->args[2];
	long a3 = c->args[3], a4 = c->args[4], a5 = c->args[5];
	register long r12 asm("r12") = a5;
	long result;

	asm volatile("push %%rbp\n\tmov %%r12, %%rbp\n\tint $0x80\n\tpop %%rbp"
		     : "=a" (result)
		     : "a" (c->nr), "b" (a0), "c" (a1), "d" (a2), "S" (a3), "D" (a4),
		       "r" (r12)
		     : "r8", "r9", "r10", "r11", "memory");
	return (int)result;
}

static void attach(unsigned short len, struct sock_filter *program)
{
	struct sock_fprog fprog = { .len = len, .filter = program };

	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &fprog))
		_exit(1);
}

static void child(void)
{
	struct sock_filter undecided = BPF_STMT(BPF_RET | BPF_K,
						SECCOMP_RET_TRACE | UNDECIDED);

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || ptrace(PTRACE_TRACEME, 0, 0, 0) ||
	    raise(SIGSTOP))
		_exit(1);
	attach(1, &undecided);
	attach(insns_len, insns);
	for (;;) {
		asm volatile("int3");
		if (!strcmp(call->arch, "x86"))
			call->result = call_32(call);
		else
			call->result = call_64(call);
	}
}

static int wait_for(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		err(2, "waitpid");
	return status;
}

static void go_on(pid_t pid)
{
	if (ptrace(PTRACE_CONT, pid, 0, 0))
		err(2, "PTRACE_CONT");
}

static int is_event(int status)
{
	return status >> 8 == (SIGTRAP | PTRACE_EVENT_SECCOMP << 8);
}

/* A child at its first int3 */
static pid_t start_child(void)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		err(2, "fork");
	if (!pid)
		child();
	status = wait_for(pid);
	if (!WIFSTOPPED(status) || WSTOPSIG(status) != SIGSTOP)
		errx(2, "no child is traced");
	if (ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL))
		err(2, "PTRACE_SETOPTIONS");
	/* the call that attaches the second filter is undecided by the first */
	do {
		go_on(pid);
		status = wait_for(pid);
	} while (is_event(status));
	if (!WIFSTOPPED(status) || WSTOPSIG(status) != SIGTRAP)
		errx(2, "a child cannot attach the filter");
	return pid;
}

/* The call is not carried out; it returns ENOSYS. */
static void take_number(pid_t pid)
{
	struct user_regs_struct regs;
	struct iovec iov = { .iov_base = &regs, .iov_len = sizeof(regs) };

	if (ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &iov))
		err(2, "PTRACE_GETREGSET");
	regs.orig_rax = -1;
	if (ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &iov))
		err(2, "PTRACE_SETREGSET");
}

/* Prints the verdict on the call. Returns 0 if the child is gone. */
static pid_t answer(pid_t pid)
{
	int decided = 0, status;
	unsigned long data;

	for (;;) {
		go_on(pid);
		status = wait_for(pid);
		if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) {
			puts("KILL");
			return 0;
		}
		if (!WIFSTOPPED(status))
			errx(2, "a child ends with wait status %#x", status);
		if (is_event(status)) {
			if (ptrace(PTRACE_GETEVENTMSG, pid, 0, &data))
				err(2, "PTRACE_GETEVENTMSG");
			if (data == UNDECIDED)
				puts("ALLOW");
			else
				printf("TRACE(%lu)\n", data);
			take_number(pid);
			decided = 1;
		} else if (WSTOPSIG(status) == SIGSYS) {
			puts("TRAP");
			decided = 1;
		} else if (WSTOPSIG(status) == SIGILL) {
			/* uretprobe and uprobe, which no filter sees */
			puts("EXEMPT");
			decided = 1;
		} else if (WSTOPSIG(status) != SIGTRAP) {
			errx(2, "a child has signal %d", WSTOPSIG(status));
		} else {
			break;
		}
	}
	if (!decided)
		printf("ERRNO(%ld)\n", -call->result);
	return pid;
}

/* scanf() alone would not take those above LONG_MAX. */
static long number(void)
{
	char text[32], *end;
	long value;

	if (scanf("%31s", text) != 1)
		errx(2, "a call has too few numbers");
	value = *text == '-' ? strtol(text, &end, 0) : (long)strtoull(text, &end, 0);
	if (*end)
		errx(2, "not in a call: %s", text);
	return value;
}

int main(int argc, char **argv)
{
	pid_t pid = 0;
	FILE *file;
	int i;

	if (argc != 2)
		errx(2, "usage: %s FILTER <CALLS", argv[0]);
	file = fopen(argv[1], "r");
	if (!file)
		err(2, "%s", argv[1]);
	insns_len = fread(insns, sizeof(*insns), BPF_MAXINSNS, file);
	fclose(file);
	call = mmap(NULL, sizeof(*call), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		    -1, 0);
	if (call == MAP_FAILED)
		err(2, "mmap");

	while (scanf("%15s", call->arch) == 1) {
		call->nr = number();
		for (i = 0; i < 6; i++)
			call->args[i] = number();
		if (!strcmp(call->arch, "x32"))
			call->nr |= X32_BIT;
		if (!pid)
			pid = start_child();
		pid = answer(pid);
	}
	if (ferror(stdout) || fflush(stdout))
		err(2, "output");
	return 0;
}
