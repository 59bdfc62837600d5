/* SPDX-License-Identifier: GPL-2.0 */
/*
 * System calls at a known address, with all six arguments.
 */
#ifndef SECCOMP_TEST_RAW_SYSCALL_H
#define SECCOMP_TEST_RAW_SYSCALL_H

/* Make a system call. Its instruction_pointer is raw_syscall_return. */
long raw_syscall(long nr, long a0, long a1, long a2, long a3, long a4, long a5);
extern const char raw_syscall_return[];
asm(".pushsection .text\n"
	".balign 4\n"
	".weak raw_syscall, raw_syscall_return\n"
	".type raw_syscall, %function\n"
#if defined(__x86_64__)
	"raw_syscall:\n\t"
	"mov %rdi, %rax\n\t"
	"mov %rsi, %rdi\n\t"
	"mov %rdx, %rsi\n\t"
	"mov %rcx, %rdx\n\t"
	"mov %r8, %r10\n\t"
	"mov %r9, %r8\n\t"
	"mov 8(%rsp), %r9\n\t"
	"syscall\n"
	"raw_syscall_return:\n\t"
	"ret\n"
#elif defined(__i386__)
	"raw_syscall:\n\t"
	"push %ebx\n\t"
	"push %esi\n\t"
	"push %edi\n\t"
	"push %ebp\n\t"
	"mov 20(%esp), %eax\n\t"
	"mov 24(%esp), %ebx\n\t"
	"mov 28(%esp), %ecx\n\t"
	"mov 32(%esp), %edx\n\t"
	"mov 36(%esp), %esi\n\t"
	"mov 40(%esp), %edi\n\t"
	"mov 44(%esp), %ebp\n\t"
	"int $0x80\n"
	"raw_syscall_return:\n\t"
	"pop %ebp\n\t"
	"pop %edi\n\t"
	"pop %esi\n\t"
	"pop %ebx\n\t"
	"ret\n"
#elif defined(__aarch64__)
	"raw_syscall:\n\t"
	"mov x8, x0\n\t"
	"mov x0, x1\n\t"
	"mov x1, x2\n\t"
	"mov x2, x3\n\t"
	"mov x3, x4\n\t"
	"mov x4, x5\n\t"
	"mov x5, x6\n\t"
	"svc #0\n"
	"raw_syscall_return:\n\t"
	"ret\n"
#elif defined(__arm__)
	".arm\n"
	"raw_syscall:\n\t"
	"push {r4, r5, r7, lr}\n\t"
	"mov r7, r0\n\t"
	"mov r0, r1\n\t"
	"mov r1, r2\n\t"
	"mov r2, r3\n\t"
	"ldr r3, [sp, #16]\n\t"
	"ldr r4, [sp, #20]\n\t"
	"ldr r5, [sp, #24]\n\t"
	"svc #0\n"
	"raw_syscall_return:\n\t"
	"pop {r4, r5, r7, pc}\n"
#elif defined(__riscv)
	"raw_syscall:\n\t"
	"mv a7, a0\n\t"
	"mv a0, a1\n\t"
	"mv a1, a2\n\t"
	"mv a2, a3\n\t"
	"mv a3, a4\n\t"
	"mv a4, a5\n\t"
	"mv a5, a6\n\t"
	"ecall\n"
	"raw_syscall_return:\n\t"
	"ret\n"
#elif defined(__s390x__)
	"raw_syscall:\n\t"
	"stmg %r6, %r7, 48(%r15)\n\t"
	"lgr %r1, %r2\n\t"
	"lgr %r2, %r3\n\t"
	"lgr %r3, %r4\n\t"
	"lgr %r4, %r5\n\t"
	"lgr %r5, %r6\n\t"
	"lg %r6, 160(%r15)\n\t"
	"lg %r7, 168(%r15)\n\t"
	"svc 0\n"
	"raw_syscall_return:\n\t"
	"lmg %r6, %r7, 48(%r15)\n\t"
	"br %r14\n"
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
	"raw_syscall:\n\t"
	"mr 0, 3\n\t"
	"mr 3, 4\n\t"
	"mr 4, 5\n\t"
	"mr 5, 6\n\t"
	"mr 6, 7\n\t"
	"mr 7, 8\n\t"
	"mr 8, 9\n\t"
	"sc\n"
	"raw_syscall_return:\n\t"
	"bnslr\n\t"
	"neg 3, 3\n\t"
	"blr\n"
#else
#error "how this architecture makes system calls is not known"
#endif
	".popsection\n");

#define TEST_IP		((unsigned long)raw_syscall_return)

#ifdef __x86_64__
/* The same by the i386 ABI. Its instruction_pointer is raw_int80_return. */
long raw_int80(long nr, long a0, long a1, long a2, long a3, long a4, long a5);
extern const char raw_int80_return[];
asm(".pushsection .text\n"
	".weak raw_int80, raw_int80_return\n"
	"raw_int80:\n\t"
	"push %rbx\n\t"
	"push %rbp\n\t"
	"mov %rdi, %rax\n\t"
	"mov %rsi, %rbx\n\t"
	"mov %rcx, %r10\n\t"
	"mov %rdx, %rcx\n\t"
	"mov %r10, %rdx\n\t"
	"mov %r8, %rsi\n\t"
	"mov %r9, %rdi\n\t"
	"mov 24(%rsp), %rbp\n\t"
	"int $0x80\n"
	"raw_int80_return:\n\t"
	"movslq %eax, %rax\n\t"
	"pop %rbp\n\t"
	"pop %rbx\n\t"
	"ret\n"
	".popsection\n");

static inline long int80(long nr, long arg)
{
	return raw_int80(nr, arg, 0, 0, 0, 0, 0);
}

#define INT80_IP	((unsigned long)raw_int80_return)

/* Set in the system call numbers of the x32 ABI */
#define X32_BIT		0x40000000
#else
#define X32_BIT		0	/* there is no such ABI */
#endif

#endif /* SECCOMP_TEST_RAW_SYSCALL_H */
