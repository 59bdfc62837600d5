// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: system calls whose answer is known without running a program. So
 * far these are the ones that a chain allows whatever their arguments.
 */

#include <linux/bitmap.h>
#include <linux/filter.h>
#include <linux/nospec.h>
#include <kunit/visibility.h>

#include "internal.h"

/* What is known of the accumulator while a program is followed */
struct accumulator {
	bool known;
	u32 value;
};

/* What a load from struct seccomp_data gives */
static struct accumulator load(u32 offset, int nr, u32 arch)
{
	switch (offset) {
	case offsetof(struct seccomp_data, nr):
		return (struct accumulator){ true, nr };
	case offsetof(struct seccomp_data, arch):
		return (struct accumulator){ true, arch };
	default:
		return (struct accumulator){ false };
	}
}

static bool jumps(const struct sock_filter *insn, u32 value)
{
	switch (BPF_OP(insn->code)) {
	case BPF_JEQ:
		return value == insn->k;
	case BPF_JGT:
		return value > insn->k;
	case BPF_JGE:
		return value >= insn->k;
	default: /* BPF_JSET */
		return value & insn->k;
	}
}

/**
 * seccomp_always_allows() - does a program allow a call whatever else it is?
 * @insns: a classic program as bpf_check_classic() accepts it: without loops,
 *	so each instruction is looked at once at most
 * @len: number of instructions
 * @nr: system call number
 * @arch: AUDIT_ARCH_*
 *
 * Follows the one path that number and architecture determine, and gives up
 * where something else takes part.
 *
 * Context: Any.
 * Return: true where the program returns SECCOMP_RET_ALLOW for every such
 * call; false where it does not or is not so easily seen to.
 */
bool seccomp_always_allows(const struct sock_filter *insns, unsigned int len,
			   int nr, u32 arch)
{
	struct accumulator a = { .known = true };

	for (unsigned int pc = 0; pc < len; pc++) {
		const struct sock_filter *insn = &insns[pc];

		switch (insn->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			/* what is unknown is fine until somebody looks at it */
			a = load(insn->k, nr, arch);
			break;
		case BPF_ALU | BPF_AND | BPF_K:
			a.value &= insn->k;
			break;
		case BPF_JMP | BPF_JA:
			pc += insn->k;
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
		case BPF_JMP | BPF_JGT | BPF_K:
		case BPF_JMP | BPF_JGE | BPF_K:
		case BPF_JMP | BPF_JSET | BPF_K:
			if (!a.known)
				return false;
			pc += jumps(insn, a.value) ? insn->jt : insn->jf;
			break;
		case BPF_RET | BPF_K:
			return (insn->k & SECCOMP_RET_ACTION_FULL) ==
			       SECCOMP_RET_ALLOW;
		default:
			return false;
		}
	}

	return false;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_always_allows);

#ifdef SECCOMP_ARCH_NATIVE
static void learn_arch(unsigned long *allowed, int calls, u32 arch,
		       const struct sock_fprog_kern *prog)
{
	for (int nr = 0; nr < calls; nr++)
		if (seccomp_always_allows(prog->filter, prog->len, nr, arch))
			__set_bit(nr, allowed);
}

/**
 * seccomp_allowed_learn() - find out what a program always allows
 * @allowed: where that goes, all zero so far
 * @prog: the classic program, or NULL where there is none
 *
 * Takes a time that grows with the program's length times the number of system
 * calls, so no lock should be held.
 *
 * Context: Task context.
 */
void seccomp_allowed_learn(struct seccomp_allowed *allowed,
			   const struct sock_fprog_kern *prog)
{
	if (!prog)
		return;

	learn_arch(allowed->native, SECCOMP_ARCH_NATIVE_NR, SECCOMP_ARCH_NATIVE,
		   prog);
#ifdef SECCOMP_ARCH_COMPAT
	learn_arch(allowed->compat, SECCOMP_ARCH_COMPAT_NR, SECCOMP_ARCH_COMPAT,
		   prog);
#endif
}

/**
 * seccomp_allowed_restrict() - a chain allows what all of its filters allow
 * @allowed: what one program allows, and then the chain with it on top
 * @below: what the chain below it allows
 *
 * Context: Any.
 */
void seccomp_allowed_restrict(struct seccomp_allowed *allowed,
			      const struct seccomp_allowed *below)
{
	bitmap_and(allowed->native, allowed->native, below->native,
		   SECCOMP_ARCH_NATIVE_NR);
#ifdef SECCOMP_ARCH_COMPAT
	bitmap_and(allowed->compat, allowed->compat, below->compat,
		   SECCOMP_ARCH_COMPAT_NR);
#endif
}

static bool test_number(const unsigned long *allowed, unsigned int calls,
			unsigned int nr)
{
	if (nr >= calls)
		return false;
	return test_bit(array_index_nospec(nr, calls), allowed);
}

/**
 * seccomp_allowed_test() - is this call always allowed?
 * @allowed: what a chain allows
 * @nr: system call number, any
 * @arch: AUDIT_ARCH_*
 *
 * Context: Any.
 * Return: true where no program need run.
 */
bool seccomp_allowed_test(const struct seccomp_allowed *allowed, int nr,
			  u32 arch)
{
	if (likely(arch == SECCOMP_ARCH_NATIVE))
		return test_number(allowed->native, SECCOMP_ARCH_NATIVE_NR, nr);
#ifdef SECCOMP_ARCH_COMPAT
	if (arch == SECCOMP_ARCH_COMPAT)
		return test_number(allowed->compat, SECCOMP_ARCH_COMPAT_NR, nr);
#endif
	return false;
}
#endif /* SECCOMP_ARCH_NATIVE */
