/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An interpreter of seccomp's BPF, for tests: as strict as the kernel about
 * what it takes, and independent of how the program was made.
 */
#ifndef TEST_BPF_H
#define TEST_BPF_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* What no program returns: it is not a program */
#define BPF_BROKEN	0xdeadbeef

static inline uint32_t bpf_run(const struct sock_fprog *prog,
			       const struct seccomp_data *data)
{
	uint32_t a = 0;

	for (size_t pc = 0; pc < prog->len; pc++) {
		const struct sock_filter *insn = &prog->filter[pc];
		bool holds;

		switch (insn->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			if (insn->k % 4 || insn->k + 4 > sizeof(*data))
				return BPF_BROKEN;
			memcpy(&a, (const char *)data + insn->k, sizeof(a));
			continue;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= insn->k;
			continue;
		case BPF_RET | BPF_K:
			return insn->k;
		case BPF_JMP | BPF_JA:
			pc += insn->k;
			continue;
		case BPF_JMP | BPF_JEQ | BPF_K:
			holds = a == insn->k;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			holds = a >= insn->k;
			break;
		case BPF_JMP | BPF_JGT | BPF_K:
			holds = a > insn->k;
			break;
		case BPF_JMP | BPF_JSET | BPF_K:
			holds = a & insn->k;
			break;
		default:
			return BPF_BROKEN;
		}
		pc += holds ? insn->jt : insn->jf;
	}
	return BPF_BROKEN;
}

#endif /* TEST_BPF_H */
