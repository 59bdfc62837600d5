/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Classic BPF as simple as possible, independent of the analysis: what programs
 * are valid, and what they return.
 */
#ifndef SECCOMP_FUZZ_BPF_H
#define SECCOMP_FUZZ_BPF_H

#include "shim.h"

struct seccomp_data;

/* Does an instruction of this code exist for filters of system calls? */
bool bpf_is_for_seccomp(const struct sock_filter *insn);

/* What a valid program returns, converted or not */
u32 bpf_run(const struct sock_filter *insns, unsigned int len,
	    const struct seccomp_data *sd);

#endif /* SECCOMP_FUZZ_BPF_H */
