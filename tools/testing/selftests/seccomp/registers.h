/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The registers of a system call: in a signal's context, and in a tracee.
 */
#ifndef SECCOMP_TEST_REGISTERS_H
#define SECCOMP_TEST_REGISTERS_H

#include <linux/elf.h>
#include <sys/ptrace.h>
#ifdef __riscv
#include <asm/ptrace.h>
#endif
#include <sys/uio.h>
#include <sys/user.h>
#include <ucontext.h>

/*
 * The register of a system call's result, and the members of the tracee's
 * registers that have number and result. On most architectures the first
 * argument is in the result's register before.
 */
#if defined(__x86_64__)
#define CONTEXT_RESULT(mcontext)	((mcontext).gregs[REG_RAX])
#define RESULT_BEFORE(nr, a0)		(nr)
#define REGS_NR				orig_rax
#define REGS_RESULT			rax
#elif defined(__i386__)
#define CONTEXT_RESULT(mcontext)	((mcontext).gregs[REG_EAX])
#define RESULT_BEFORE(nr, a0)		(nr)
#define REGS_NR				orig_eax
#define REGS_RESULT			eax
#elif defined(__aarch64__)
#define CONTEXT_RESULT(mcontext)	((mcontext).regs[0])
#define REGS_RESULT			regs[0]
#elif defined(__arm__)
#define CONTEXT_RESULT(mcontext)	((mcontext).arm_r0)
#define REGS_RESULT			uregs[0]
#elif defined(__riscv)
#define CONTEXT_RESULT(mcontext)	((mcontext).__gregs[REG_A0])
#define REGS_NR				a7
#define REGS_RESULT			a0
#elif defined(__s390x__)
#define CONTEXT_RESULT(mcontext)	((mcontext).gregs[2])
/* a system call that is skipped fails, unless its result was set */
#define RESULT_BEFORE(nr, a0)		(-ENOSYS)
/* the tracer sets the number in the result's register, so it sets no result */
#define REGS_NR				gprs[2]
#define user_regs_struct		_user_regs_struct
#elif defined(__powerpc64__)
#define CONTEXT_RESULT(mcontext)	((mcontext).gp_regs[3])
#define REGS_NR				gpr[0]
#define REGS_RESULT			gpr[3]
#define user_regs_struct		pt_regs
#else
#error "the registers of this architecture are not known"
#endif

#ifndef RESULT_BEFORE
#define RESULT_BEFORE(nr, a0)		(a0)
#endif

static inline long result_register(const void *context)
{
	return CONTEXT_RESULT(((const ucontext_t *)context)->uc_mcontext);
}

static inline int transfer_regset(int request, pid_t pid, int set, void *data,
				  size_t size)
{
	struct iovec iov = { .iov_base = data, .iov_len = size };

	return ptrace(request, pid, (void *)(long)set, &iov);
}

/* Change the number of the tracee's system call. */
static inline void set_syscall_nr(pid_t pid, int nr)
{
#if defined(__aarch64__)
	transfer_regset(PTRACE_SETREGSET, pid, NT_ARM_SYSTEM_CALL, &nr, sizeof(nr));
#elif defined(__arm__)
	ptrace(PTRACE_SET_SYSCALL, pid, NULL, (void *)(long)nr);
#else
	struct user_regs_struct regs;

	transfer_regset(PTRACE_GETREGSET, pid, NT_PRSTATUS, &regs, sizeof(regs));
	regs.REGS_NR = nr;
	transfer_regset(PTRACE_SETREGSET, pid, NT_PRSTATUS, &regs, sizeof(regs));
#endif
}

#ifdef REGS_RESULT
/* Set the result of a system call that is skipped. */
static inline void set_syscall_result(pid_t pid, long result)
{
#ifdef __arm__
	struct user_regs regs;
#else
	struct user_regs_struct regs;
#endif

	transfer_regset(PTRACE_GETREGSET, pid, NT_PRSTATUS, &regs, sizeof(regs));
	regs.REGS_RESULT = result;
	transfer_regset(PTRACE_SETREGSET, pid, NT_PRSTATUS, &regs, sizeof(regs));
}
#endif

#endif /* SECCOMP_TEST_REGISTERS_H */
