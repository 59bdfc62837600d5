// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: which classic BPF programs are valid filters.
 */

#include <linux/filter.h>
#include <kunit/visibility.h>

#include "internal.h"

/*
 * Not valid are instructions that need a packet, and the remainder, which is
 * not part of the interface.
 */
static bool needs_no_packet(u16 code)
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

static bool is_allowed(const struct sock_filter *insn)
{
	const u32 size = sizeof(struct seccomp_data);

	/* Most instructions are such. */
	if (BPF_CLASS(insn->code) == BPF_JMP || BPF_CLASS(insn->code) == BPF_RET)
		return true;

	switch (insn->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		return insn->k < size && IS_ALIGNED(insn->k, sizeof(u32));
	case BPF_LD | BPF_W | BPF_LEN:
	case BPF_LDX | BPF_W | BPF_LEN:
		return true;
	default:
		return needs_no_packet(insn->code);
	}
}

enum validity {
	VALID,
	INVALID,
	UNDECIDED,	/* bpf_check_classic() decides */
};

/*
 * Decides about the most frequent instructions, so that most programs do not
 * need bpf_check_classic(). @left is the number of instructions that follow.
 */
static __always_inline enum validity check_insn(const struct sock_filter *insn,
						unsigned int left)
{
	switch (insn->code) {
	case BPF_JMP | BPF_JEQ | BPF_K:
	case BPF_JMP | BPF_JGT | BPF_K:
	case BPF_JMP | BPF_JGE | BPF_K:
	case BPF_JMP | BPF_JSET | BPF_K:
		return insn->jt < left && insn->jf < left ? VALID : INVALID;
	case BPF_JMP | BPF_JA:
		return insn->k < left ? VALID : INVALID;
	case BPF_LD | BPF_W | BPF_ABS:
		return is_allowed(insn) ? VALID : INVALID;
	case BPF_RET | BPF_K:
	case BPF_ALU | BPF_AND | BPF_K:
		return VALID;
	default:
		return is_allowed(insn) ? UNDECIDED : INVALID;
	}
}

static bool ends_with_return(const struct sock_filter *insns, unsigned int len)
{
	return insns[len - 1].code == (BPF_RET | BPF_K) ||
	       insns[len - 1].code == (BPF_RET | BPF_A);
}

/**
 * seccomp_check_program() - is a program valid as a filter?
 * @insns: the program
 * @len: number of instructions, from 1 to BPF_MAXINSNS
 *
 * Context: Any, may sleep.
 * Return: 0; -EINVAL if bpf_check_classic() rejects the program, for an
 * instruction that needs a packet, and for a load that is not aligned or not
 * inside struct seccomp_data; -ENOMEM.
 */
int seccomp_check_program(const struct sock_filter *insns, unsigned int len)
{
	bool decided = true;

	if (!ends_with_return(insns, len))
		return -EINVAL;

	for (unsigned int pc = 0; pc < len; pc++) {
		enum validity validity = check_insn(&insns[pc], len - 1 - pc);

		if (unlikely(validity == INVALID))
			return -EINVAL;
		if (validity == UNDECIDED)
			decided = false;
	}

	return decided ? 0 : bpf_check_classic(insns, len);
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_check_program);

/**
 * seccomp_convert_program() - make a program work on struct seccomp_data
 * @insns: the program, which seccomp_check_program() has accepted
 * @len: number of instructions
 *
 * Loads from the packet become loads from struct seccomp_data, and the length
 * of the packet a constant. A bpf_aux_classic_check_t.
 *
 * Context: Any.
 * Return: 0.
 */
int seccomp_convert_program(struct sock_filter *insns, unsigned int len)
{
	for (struct sock_filter *insn = insns; insn < insns + len; insn++) {
		switch (insn->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			/* bpf_convert_filter() loads from the context then. */
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
EXPORT_SYMBOL_IF_KUNIT(seccomp_convert_program);
