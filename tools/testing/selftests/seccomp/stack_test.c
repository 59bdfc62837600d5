// SPDX-License-Identifier: GPL-2.0
/*
 * Chains of filters and a model: random programs are interpreted by the model
 * and attached to the kernel. Both must return the same errors, however the
 * kernel uses tables, prunes programs and runs them.
 */
#include "common.h"

#include "../kselftest_harness.h"

/* Numbers that no system call has: if allowed, they fail with ENOSYS. */
#define FIRST_NR	600
#define NRS		40

/* Errors that no system call returns show which return statement was run. */
#define FIRST_ERROR	1000
#define ERRORS		3000

#define INSNS_MAX	64
#define FILTERS_MAX	24
#define CALLS		400

struct program {
	struct sock_filter insns[INSNS_MAX];
	unsigned short len;
};

static unsigned int seed;

static unsigned int pick(unsigned int n)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 16) % n;
}

static uint32_t random_value(void)
{
	switch (pick(4)) {
	case 0:
		return SECCOMP_RET_ALLOW;
	case 1:
		/* filters with the same action: the newest counts */
		return SECCOMP_RET_LOG | pick(100);
	default:
		return SECCOMP_RET_ERRNO | (FIRST_ERROR + pick(ERRORS));
	}
}

static uint32_t random_nr(void)
{
	return FIRST_NR + pick(NRS) + (pick(4) ? 0 : X32_BIT);
}

static struct sock_filter random_load(void)
{
	static const uint32_t offsets[] = {
		offsetof(struct seccomp_data, nr),
		offsetof(struct seccomp_data, nr),
		offsetof(struct seccomp_data, nr),
		offsetof(struct seccomp_data, arch),
		offsetof(struct seccomp_data, args[0]),
		offsetof(struct seccomp_data, args[0]) + 4,
		offsetof(struct seccomp_data, args[1]),
	};

	return (struct sock_filter)
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsets[pick(ARRAY_SIZE(offsets))]);
}

static struct sock_filter random_jump(unsigned int left)
{
	static const uint16_t ops[] = { BPF_JEQ, BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET };
	uint32_t k;

	switch (pick(4)) {
	case 0:
		k = pick(4);
		break;
	case 1:
		k = pick(2) ? TEST_ARCH : AUDIT_ARCH_I386;
		break;
	default:
		k = random_nr();
	}
	return (struct sock_filter)
		BPF_JUMP(BPF_JMP | ops[pick(ARRAY_SIZE(ops))] | BPF_K, k,
			 pick(left), pick(left));
}

static struct sock_filter random_alu(void)
{
	static const struct sock_filter some[] = {
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0x3f),
		BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 1),
		BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 1),
		BPF_STMT(BPF_ALU | BPF_XOR | BPF_X, 0),
		BPF_STMT(BPF_ALU | BPF_DIV | BPF_X, 0),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		BPF_STMT(BPF_MISC | BPF_TXA, 0),
		BPF_STMT(BPF_LDX | BPF_IMM, 3),
		BPF_STMT(BPF_ST, 2),
	};

	return some[pick(ARRAY_SIZE(some))];
}

/* All other numbers are allowed; the rest of the program is random. */
static void random_program(struct program *p)
{
	static const struct sock_filter head[] = {
		LOAD(nr),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, ~X32_BIT),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FIRST_NR, 0, 1),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FIRST_NR + NRS, 0, 1),
		RETURN(SECCOMP_RET_ALLOW),
		LOAD(nr),
	};
	unsigned int body = 4 + pick(INSNS_MAX - ARRAY_SIZE(head) - 4);

	memcpy(p->insns, head, sizeof(head));
	p->len = ARRAY_SIZE(head) + body;
	for (unsigned int pc = ARRAY_SIZE(head); pc < p->len; pc++) {
		unsigned int left = p->len - 1 - pc;
		unsigned int what = pick(8);

		if (!left || what == 0)
			p->insns[pc] = (struct sock_filter)
				BPF_STMT(BPF_RET | BPF_K, random_value());
		else if (what < 3)
			p->insns[pc] = random_load();
		else if (what < 7)
			p->insns[pc] = random_jump(left < 255 ? left : 255);
		else
			p->insns[pc] = random_alu();
	}
}

/* The model: one program */
static uint32_t interpret(const struct program *p, const struct seccomp_data *sd)
{
	uint32_t a = 0, x = 0;

	for (const struct sock_filter *i = p->insns;; i++) {
		switch (i->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			memcpy(&a, (const char *)sd + i->k, sizeof(a));
			break;
		case BPF_LDX | BPF_IMM:
			x = i->k;
			break;
		case BPF_ST:
			break;
		case BPF_MISC | BPF_TAX:
			x = a;
			break;
		case BPF_MISC | BPF_TXA:
			a = x;
			break;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= i->k;
			break;
		case BPF_ALU | BPF_ADD | BPF_K:
			a += i->k;
			break;
		case BPF_ALU | BPF_RSH | BPF_K:
			a >>= i->k;
			break;
		case BPF_ALU | BPF_XOR | BPF_X:
			a ^= x;
			break;
		case BPF_ALU | BPF_DIV | BPF_X:
			if (!x)
				return 0;
			a /= x;
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
			i += a == i->k ? i->jt : i->jf;
			break;
		case BPF_JMP | BPF_JGT | BPF_K:
			i += a > i->k ? i->jt : i->jf;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			i += a >= i->k ? i->jt : i->jf;
			break;
		case BPF_JMP | BPF_JSET | BPF_K:
			i += a & i->k ? i->jt : i->jf;
			break;
		default:
			return i->k;
		}
	}
}

/* The model: a chain, the newest filter last */
static uint32_t interpret_chain(const struct program *programs, int n,
				const struct seccomp_data *sd)
{
	uint32_t best = SECCOMP_RET_ALLOW;

	while (n--) {
		uint32_t value = interpret(&programs[n], sd);

		if ((int32_t)(value & SECCOMP_RET_ACTION_FULL) <
		    (int32_t)(best & SECCOMP_RET_ACTION_FULL))
			best = value;
	}
	return best;
}

static struct seccomp_data random_call(void)
{
	struct seccomp_data sd = {
		.nr = random_nr(),
		.arch = TEST_ARCH,
	};

	/* by the i386 ABI, if there is one */
	if (!pick(4) && sd.nr < X32_BIT)
		sd.arch = AUDIT_ARCH_I386;
	sd.args[0] = pick(2) ? pick(4) : random_nr();
	if (sd.arch == TEST_ARCH) {
		if (sizeof(long) == sizeof(uint64_t))
			sd.args[0] |= (uint64_t)pick(3) << 32;
		sd.args[1] = pick(4);
	}
	return sd;
}

static long do_syscall(const struct seccomp_data *sd)
{
#ifdef __x86_64__
	if (sd->arch == AUDIT_ARCH_I386)
		return int80(sd->nr, sd->args[0]);
#endif
	return raw_syscall(sd->nr, sd->args[0], sd->args[1], 0, 0, 0, 0);
}

/* Returns how many results differ from the model, and prints them. */
static int wrong_calls(const struct program *programs, int n)
{
	int wrong = 0;

	for (int i = 0; i < CALLS; i++) {
		struct seccomp_data sd = random_call();
		uint32_t value = interpret_chain(programs, n, &sd);
		long expected = -ENOSYS;
		long ret;

		switch (value & SECCOMP_RET_ACTION_FULL) {
		case SECCOMP_RET_ERRNO:
			expected = -(long)(value & SECCOMP_RET_DATA);
			break;
		case SECCOMP_RET_KILL_THREAD:
			/* a division by zero */
			continue;
		}
		ret = do_syscall(&sd);
		if (ret == expected)
			continue;
		printf("# %d filters: call %#x of %x (%#llx, %llu) is %ld, not %ld\n",
		       n, sd.nr, sd.arch, (unsigned long long)sd.args[0],
		       (unsigned long long)sd.args[1], ret, expected);
		wrong++;
	}
	return wrong;
}

static int test_chain(const void *arg)
{
	static struct program programs[FILTERS_MAX];
	int wrong = 0;

	seed = *(const unsigned int *)arg;
	for (int n = 0; n < FILTERS_MAX; n++) {
		/* sometimes an earlier program again */
		if (n && !pick(6))
			programs[n] = programs[pick(n)];
		else
			random_program(&programs[n]);
		if (attach(programs[n].insns, programs[n].len, 0))
			return CHILD_SETUP;
		wrong += wrong_calls(programs, n + 1);
	}
	return wrong ? CHILD_WRONG : CHILD_OK;
}

TEST(chains_match_the_model)
{
	/* records of LOG would fill the kernel log */
	FILE *logged = fopen("/proc/sys/kernel/seccomp/actions_logged", "r+");
	char before[256] = "";

	ASSERT_NE(NULL, logged);
	ASSERT_NE(NULL, fgets(before, sizeof(before), logged));
	rewind(logged);
	fputs("errno\n", logged);
	fflush(logged);

	for (unsigned int i = 1; i <= 20; i++) {
		EXPECT_TRUE(exited_with(run_child(test_chain, &i, NULL),
					CHILD_OK)) {
			TH_LOG("seed %u", i);
		}
	}

	rewind(logged);
	fputs(before, logged);
	fclose(logged);
}

TEST_HARNESS_MAIN
