// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: which classic BPF programs may judge system calls.
 */

#include <linux/filter.h>
#include <kunit/visibility.h>

#include "internal.h"

/*
 * Not what filters have for packets: loads from one, its header length, and
 * the remainder, which the interface has never offered.
 */
static bool without_packet(u16 code)
{
	switch (BPF_CLASS(code)) {
	case BPF_LD:
	case BPF_LDX:
		return BPF_MODE(code) == BPF_IMM || BPF_MODE(code) == BPF_MEM;
	case BPF_ALU:
		return BPF_OP(code) != BPF_MOD;
	default:
		return true;
	}
}

static bool for_calls(const struct sock_filter *insn)
{
	const u32 size = sizeof(struct seccomp_data);

	/* most of a program */
	if (BPF_CLASS(insn->code) == BPF_JMP || BPF_CLASS(insn->code) == BPF_RET)
		return true;

	switch (insn->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		return insn->k < size && IS_ALIGNED(insn->k, sizeof(u32));
	case BPF_LD | BPF_W | BPF_LEN:
	case BPF_LDX | BPF_W | BPF_LEN:
		return true;
	default:
		return without_packet(insn->code);
	}
}

enum soundness {
	SOUND,
	UNSOUND,
	UNDECIDED,	/* for bpf_check_classic(), which knows every instruction */
};

/*
 * Most programs are made of few instructions, for which bpf_check_classic() has
 * nothing to add.
 */
static __always_inline enum soundness check_insn(const struct sock_filter *insn,
						 unsigned int left)
{
	switch (insn->code) {
	case BPF_JMP | BPF_JEQ | BPF_K:
	case BPF_JMP | BPF_JGT | BPF_K:
	case BPF_JMP | BPF_JGE | BPF_K:
	case BPF_JMP | BPF_JSET | BPF_K:
		return insn->jt < left && insn->jf < left ? SOUND : UNSOUND;
	case BPF_JMP | BPF_JA:
		return insn->k < left ? SOUND : UNSOUND;
	case BPF_LD | BPF_W | BPF_ABS:
		return for_calls(insn) ? SOUND : UNSOUND;
	case BPF_RET | BPF_K:
	case BPF_ALU | BPF_AND | BPF_K:
		return SOUND;
	default:
		return for_calls(insn) ? UNDECIDED : UNSOUND;
	}
}

static bool ends_with_return(const struct sock_filter *insns, unsigned int len)
{
	return insns[len - 1].code == (BPF_RET | BPF_K) ||
	       insns[len - 1].code == (BPF_RET | BPF_A);
}

/**
 * seccomp_check_program() - may a program judge system calls?
 * @insns: the program
 * @len: number of instructions, from 1 to BPF_MAXINSNS
 *
 * Context: Any, may sleep.
 * Return: 0; -EINVAL for a program that bpf_check_classic() finds unsound, for
 * an instruction that system calls have no use for, and for a load that is not
 * aligned or not inside struct seccomp_data; -ENOMEM.
 */
int seccomp_check_program(const struct sock_filter *insns, unsigned int len)
{
	bool decided = true;

	if (!ends_with_return(insns, len))
		return -EINVAL;

	for (unsigned int pc = 0; pc < len; pc++) {
		enum soundness is = check_insn(&insns[pc], len - 1 - pc);

		if (unlikely(is == UNSOUND))
			return -EINVAL;
		if (is == UNDECIDED)
			decided = false;
	}

	return decided ? 0 : bpf_check_classic(insns, len);
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_check_program);

/**
 * seccomp_fit_program() - make a program one on struct seccomp_data
 * @insns: the program, which seccomp_check_program() has accepted
 * @len: number of instructions
 *
 * Loads from the packet become loads from struct seccomp_data, and its length
 * a constant. The shape is that of bpf_aux_classic_check_t.
 *
 * Context: Any.
 * Return: 0.
 */
int seccomp_fit_program(struct sock_filter *insns, unsigned int len)
{
	for (struct sock_filter *insn = insns; insn < insns + len; insn++) {
		switch (insn->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			/* what the BPF converter takes as a load from context */
			insn->code = BPF_LDX | BPF_W | BPF_ABS;
			break;
		case BPF_LD | BPF_W | BPF_LEN:
		case BPF_LDX | BPF_W | BPF_LEN:
			insn->code = BPF_CLASS(insn->code) | BPF_IMM;
			insn->k = sizeof(struct seccomp_data);
			break;
		}
	}

	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_fit_program);
