// SPDX-License-Identifier: GPL-2.0
#include <linux/seccomp.h>

#include "bpf.h"

#define LD_ABS		(BPF_LD | BPF_W | BPF_ABS)
#define LD_LEN		(BPF_LD | BPF_W | BPF_LEN)
#define LDX_LEN		(BPF_LDX | BPF_W | BPF_LEN)
/* seccomp_convert_program() makes it of LD_ABS. */
#define CONVERTED_ABS	(BPF_LDX | BPF_W | BPF_ABS)

bool bpf_is_for_seccomp(const struct sock_filter *insn)
{
	switch (insn->code) {
	case LD_ABS:
		return insn->k % 4 == 0 && insn->k < sizeof(struct seccomp_data);
	case LD_LEN:
	case LDX_LEN:
	case BPF_LD | BPF_IMM:
	case BPF_LD | BPF_MEM:
	case BPF_LDX | BPF_IMM:
	case BPF_LDX | BPF_MEM:
	case BPF_ST:
	case BPF_STX:
	case BPF_MISC | BPF_TAX:
	case BPF_MISC | BPF_TXA:
	case BPF_RET | BPF_K:
	case BPF_RET | BPF_A:
	case BPF_JMP | BPF_JA:
	case BPF_ALU | BPF_NEG:
		return true;
	}
	switch (insn->code & ~BPF_X) {
	case BPF_ALU | BPF_ADD:
	case BPF_ALU | BPF_SUB:
	case BPF_ALU | BPF_MUL:
	case BPF_ALU | BPF_DIV:
	case BPF_ALU | BPF_AND:
	case BPF_ALU | BPF_OR:
	case BPF_ALU | BPF_XOR:
	case BPF_ALU | BPF_LSH:
	case BPF_ALU | BPF_RSH:
	case BPF_JMP | BPF_JEQ:
	case BPF_JMP | BPF_JGT:
	case BPF_JMP | BPF_JGE:
	case BPF_JMP | BPF_JSET:
		return true;
	default:
		return false;
	}
}

/* Also for packets */
static bool exists(const struct sock_filter *insn)
{
	switch (insn->code) {
	case BPF_ALU | BPF_MOD | BPF_K:
	case BPF_ALU | BPF_MOD | BPF_X:
	case BPF_LDX | BPF_B | BPF_MSH:
	case BPF_LD | BPF_W | BPF_ABS:
	case BPF_LD | BPF_H | BPF_ABS:
	case BPF_LD | BPF_B | BPF_ABS:
	case BPF_LD | BPF_W | BPF_IND:
	case BPF_LD | BPF_H | BPF_IND:
	case BPF_LD | BPF_B | BPF_IND:
		return true;
	default:
		return bpf_is_for_seccomp(insn);
	}
}

static bool is_load_from_memory(const struct sock_filter *insn)
{
	return insn->code == (BPF_LD | BPF_MEM) ||
	       insn->code == (BPF_LDX | BPF_MEM);
}

static bool is_store(const struct sock_filter *insn)
{
	return insn->code == BPF_ST || insn->code == BPF_STX;
}

/* Are operand and targets valid? @left instructions follow. */
static bool is_sound(const struct sock_filter *insn, unsigned int left)
{
	if (insn->code == (BPF_JMP | BPF_JA))
		return insn->k < left;
	if (BPF_CLASS(insn->code) == BPF_JMP)
		return insn->jt < left && insn->jf < left;
	if (is_load_from_memory(insn) || is_store(insn))
		return insn->k < BPF_MEMWORDS;

	switch (insn->code) {
	case BPF_ALU | BPF_DIV | BPF_K:
	case BPF_ALU | BPF_MOD | BPF_K:
		return insn->k;
	case BPF_ALU | BPF_LSH | BPF_K:
	case BPF_ALU | BPF_RSH | BPF_K:
		return insn->k < 32;
	default:
		return true;
	}
}

/*
 * Is memory written before it is read? As the kernel does it, an instruction
 * behind a return is its successor.
 */
static bool memory_is_written(const struct sock_filter *insns, unsigned int len)
{
	static u16 written[BPF_MAXINSNS + 1];

	memset(written, 0xff, sizeof(written));
	written[0] = 0;
	for (unsigned int pc = 0; pc < len; pc++) {
		const struct sock_filter *insn = &insns[pc];
		u16 *next = &written[pc + 1];
		u16 now = written[pc];

		if (is_load_from_memory(insn) && !(now & BIT(insn->k)))
			return false;
		if (is_store(insn))
			now |= BIT(insn->k);
		if (insn->code == (BPF_JMP | BPF_JA)) {
			next[insn->k] &= now;
		} else if (BPF_CLASS(insn->code) == BPF_JMP) {
			next[insn->jt] &= now;
			next[insn->jf] &= now;
		} else {
			*next &= now;
		}
	}
	return true;
}

/* 0 if a program is valid for sockets, as net/core/filter.c */
int bpf_check_classic(const struct sock_filter *insns, unsigned int len)
{
	for (unsigned int pc = 0; pc < len; pc++)
		if (!exists(&insns[pc]) || !is_sound(&insns[pc], len - 1 - pc))
			return -EINVAL;
	if (insns[len - 1].code != (BPF_RET | BPF_K) &&
	    insns[len - 1].code != (BPF_RET | BPF_A))
		return -EINVAL;
	return memory_is_written(insns, len) ? 0 : -EINVAL;
}

static bool compare(u8 op, u32 a, u32 b)
{
	switch (op) {
	case BPF_JEQ:
		return a == b;
	case BPF_JGT:
		return a > b;
	case BPF_JGE:
		return a >= b;
	case BPF_JSET:
		return a & b;
	default:
		abort();
	}
}

static u32 compute(u8 op, u32 a, u32 b)
{
	switch (op) {
	case BPF_ADD:
		return a + b;
	case BPF_SUB:
		return a - b;
	case BPF_MUL:
		return a * b;
	case BPF_DIV:
		return a / b;
	case BPF_AND:
		return a & b;
	case BPF_OR:
		return a | b;
	case BPF_XOR:
		return a ^ b;
	case BPF_LSH:
		return a << (b & 31);
	case BPF_RSH:
		return a >> (b & 31);
	case BPF_NEG:
		return -a;
	default:
		abort();
	}
}

u32 bpf_run(const struct sock_filter *insns, unsigned int len,
	    const struct seccomp_data *sd)
{
	u32 memory[BPF_MEMWORDS] = {};
	u32 a = 0, x = 0, operand;

	for (unsigned int pc = 0; pc < len; pc++) {
		const struct sock_filter *insn = &insns[pc];

		operand = BPF_SRC(insn->code) == BPF_X ? x : insn->k;
		switch (BPF_CLASS(insn->code)) {
		case BPF_RET:
			return BPF_RVAL(insn->code) == BPF_A ? a : insn->k;
		case BPF_JMP:
			if (BPF_OP(insn->code) == BPF_JA)
				pc += insn->k;
			else
				pc += compare(BPF_OP(insn->code), a, operand) ?
				      insn->jt : insn->jf;
			continue;
		case BPF_ALU:
			if (BPF_OP(insn->code) == BPF_DIV && !operand)
				return 0;
			a = compute(BPF_OP(insn->code), a, operand);
			continue;
		case BPF_ST:
			memory[insn->k] = a;
			continue;
		case BPF_STX:
			memory[insn->k] = x;
			continue;
		}

		switch (insn->code) {
		case LD_ABS:
		case CONVERTED_ABS:
			memcpy(&a, (const char *)sd + insn->k, sizeof(a));
			break;
		case LD_LEN:
			a = sizeof(*sd);
			break;
		case LDX_LEN:
			x = sizeof(*sd);
			break;
		case BPF_LD | BPF_IMM:
			a = insn->k;
			break;
		case BPF_LDX | BPF_IMM:
			x = insn->k;
			break;
		case BPF_LD | BPF_MEM:
			a = memory[insn->k];
			break;
		case BPF_LDX | BPF_MEM:
			x = memory[insn->k];
			break;
		case BPF_MISC | BPF_TAX:
			x = a;
			break;
		case BPF_MISC | BPF_TXA:
			a = x;
			break;
		default:
			abort();
		}
	}
	abort();
}

u32 bpf_prog_run(const struct bpf_prog *prog, const void *data)
{
	return bpf_run(prog->insns, prog->len, data);
}
