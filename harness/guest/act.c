// SPDX-License-Identifier: GPL-2.0
/*
 * Attach a filter that returns a given value for one system call, and make that
 * call: all fields of the resulting records are known.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* getppid() by int $0x80; it takes no arguments, so any may be given */
#define NR_I386_GETPPID 64

static void call_native(void)
{
	syscall(SYS_getppid, 0x1UL, 0xffffffffffffffffUL, 0xfedcba9876543210UL,
		0x0UL, 0x7fUL, 0xabcdef0UL);
}

static void call_i386(void)
{
	long ret = NR_I386_GETPPID;

	/* the sixth argument is not set, since it is the frame pointer */
	asm volatile("int $0x80"
		     : "+a" (ret)
		     : "b" (1), "c" (2), "d" (3), "S" (4), "D" (5)
		     : "memory", "r8", "r9", "r10", "r11");
}

/* Without a handler SECCOMP_RET_TRAP would kill. */
static void handle(int sig)
{
}

static int attach(unsigned int nr, unsigned int value, unsigned int flags)
{
	struct sock_filter insns[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, value),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = {
		.len = sizeof(insns) / sizeof(insns[0]),
		.filter = insns,
	};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &prog);
}

int main(int argc, char **argv)
{
	bool i386;

	if (argc != 5) {
		fputs("usage: act native|i386 VALUE FLAGS TIMES\n", stderr);
		return 2;
	}
	i386 = !strcmp(argv[1], "i386");
	if (signal(SIGSYS, handle) == SIG_ERR ||
	    attach(i386 ? NR_I386_GETPPID : SYS_getppid,
		   strtoul(argv[2], NULL, 0), strtoul(argv[3], NULL, 0))) {
		fprintf(stderr, "act: %s\n", strerror(errno));
		return 125;
	}
	for (int times = atoi(argv[4]); times > 0; times--) {
		if (i386)
			call_i386();
		else
			call_native();
	}
	return 0;
}
