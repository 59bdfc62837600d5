// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzes check.c, flow.c, flow_jump.c, prune.c, table.c and eval.c: a chain of
 * programs, which are generated from the input, is checked, analysed, pruned
 * and evaluated as the kernel does it. For each system call, and for some of
 * the numbers that no system call has, the verdict must be that of running all
 * of the programs.
 */
#include <linux/seccomp.h>
#include <linux/seccomp_entry.h>

#include "bpf.h"
#include "bytes.h"

#include "../../../kernel/seccomp/eval.h"
#include "../../../kernel/seccomp/flow.h"
#include "../../../kernel/seccomp/oracle_programs.h"
#include "../../../kernel/seccomp/program.h"

#define CHAIN_MAX	4

/* Where the random numbers of the generator come from */
struct input {
	struct bytes bytes;
	u32 state;
	struct generator gen;
};

/* A filter, and the program as it was given */
struct link {
	struct seccomp_filter filter;
	struct bpf_prog given;
	struct bpf_prog run;
};

struct chain {
	struct link links[CHAIN_MAX];
	unsigned int len;
};

/*
 * Small numbers depend on one byte or two of the input. Behind its end, which
 * may be in the middle of a long program, they go on at random.
 */
static u32 random_number(struct generator *g)
{
	struct input *input = container_of(g, struct input, gen);
	u32 value;

	if (input->bytes.at == input->bytes.end) {
		input->state = input->state * 1664525 + 1013904223;
		return input->state >> 8 ^ input->state << 24;
	}
	value = byte(&input->bytes);
	value |= byte(&input->bytes) << 8;
	input->state = (input->state ^ value) * 16777619;
	return value | value << 16;
}

/* filter.c has it with a list of jumps. */
const struct seccomp_filter *
seccomp_filter_at(const struct seccomp_filter *newest, unsigned int depth)
{
	while (newest->depth > depth)
		newest = newest->prev;
	return newest;
}

/* Programs */

/* Instructions of any content */
static void build_raw(struct input *input)
{
	struct generator *g = &input->gen;

	do {
		struct sock_filter *insn;

		emit(g, chance(g, 80) ? byte(&input->bytes) :
					random_number(g), mixed_number(g));
		insn = first_insn(g);
		insn->jt = byte(&input->bytes);
		insn->jf = byte(&input->bytes);
		if (chance(g, 50))
			insn->k = byte(&input->bytes);
	} while (input->bytes.at < input->bytes.end && g->len < BPF_MAXINSNS);
}

static void build(struct input *input)
{
	struct generator *g = &input->gen;
	u8 kind = byte(&input->bytes);
	const struct style style = {
		.args = kind & 0x80 ? rnd_below(g, 60) : 0,
		.bits = kind & 0x40 ? rnd_below(g, 30) : 0,
		.no_reload = kind & 0x20,
	};
	unsigned int size = 1 + byte(&input->bytes) % 48;

	program_start(g);
	switch (kind & 0x7) {
	case 0:
		build_filter(g, &style, size);
		break;
	case 1:
		build_filter(g, &style, size % 16);
		mutate(g);
		break;
	case 2:
		build_raw(input);
		break;
	case 3:
		build_random_program(g, size == 48 ? BPF_MAXINSNS : 4 * size);
		break;
	default:
		build_random_program(g, size);
	}
}

static bool is_valid(const struct sock_filter *insns, unsigned int len)
{
	for (unsigned int i = 0; i < len; i++)
		if (!bpf_is_for_seccomp(&insns[i]))
			return false;
	return !bpf_check_classic(insns, len);
}

static void set_program(struct bpf_prog *prog, const struct sock_filter *insns,
			unsigned int len)
{
	prog->len = len;
	prog->insns = malloc(len * sizeof(*insns));
	memcpy(prog->insns, insns, len * sizeof(*insns));
}

/* The rest that is executed, as program_compile() of program.c. */
static bool compile(struct link *link, struct seccomp_analysis *analysis)
{
	const struct bpf_prog *given = &link->given;
	struct sock_filter *pruned;
	unsigned int len;

	if (bitmap_empty(analysis->depends, SECCOMP_SYSCALLS))
		return true;
	if (!bitmap_full(analysis->depends, SECCOMP_SYSCALLS)) {
		if (seccomp_analyse_flow(given->insns, analysis))
			return false;
		pruned = malloc(given->len * sizeof(*pruned));
		len = seccomp_prune(given->insns, analysis, pruned);
		EXPECT(len <= given->len);
		/* If it is refused, all of the program is taken. */
		if (len && !bpf_check_classic(pruned, len))
			set_program(&link->run, pruned, len);
		free(pruned);
		if (!len)
			return false;
	}
	if (!link->run.insns)
		set_program(&link->run, given->insns, given->len);
	EXPECT(!seccomp_convert_program(link->run.insns, link->run.len));
	link->filter.program->prog = &link->run;
	return true;
}

/* Each answer of a program's table is that of its analysis. */
static void expect_table(const struct seccomp_table *table,
			 const struct seccomp_analysis *analysis)
{
	EXPECT(table->answers_nr <= SECCOMP_ANSWERS_MAX);
	for (unsigned int i = 0; i < SECCOMP_SYSCALLS; i++) {
		const struct seccomp_answer *answer;
		bool depends = test_bit(i, analysis->depends);

		EXPECT(table->code[i] < table->answers_nr);
		answer = seccomp_table_lookup(table, i);
		EXPECT(answer->run_depth == depends && !answer->unknown);
		if (depends)
			EXPECT(answer->value == SECCOMP_RET_ALLOW);
		else
			EXPECT(answer->value == analysis->value[i]);
		EXPECT(answer->match_depth ==
		       (answer->value != SECCOMP_RET_ALLOW));
	}
}

/* As program_prepare() of program.c; false without memory */
static bool prepare(struct link *link, bool no_table)
{
	const struct bpf_prog *given = &link->given;
	struct seccomp_program *program = link->filter.program;
	struct seccomp_analysis *analysis;
	bool done = false;

	analysis = seccomp_analyse(given->insns, given->len);
	if (!analysis)
		return false;
	program->table = seccomp_table_create(analysis);
	if (!program->table)
		goto out;
	expect_table(program->table, analysis);
	if (no_table && !bitmap_empty(analysis->depends, SECCOMP_SYSCALLS)) {
		seccomp_table_put(program->table);
		program->table = NULL;
		bitmap_fill(analysis->depends, SECCOMP_SYSCALLS);
	}
	done = compile(link, analysis);
out:
	seccomp_analysis_free(analysis);
	if (!done)
		seccomp_table_put(program->table);
	return done;
}

static void discard(struct link *link)
{
	free(link->given.insns);
	free(link->run.insns);
	free(link->filter.program);
}

/* Chains */

/* As merge_table() of attach.c; false without memory */
static bool merge(struct link *link, const struct seccomp_filter *below)
{
	struct seccomp_filter *filter = &link->filter;

	if (!below) {
		if (filter->program->table)
			filter->table = seccomp_table_get(filter->program->table);
		return true;
	}
	if (!below->table || !filter->program->table)
		return true;
	filter->table = seccomp_table_merge(filter->program->table,
					    below->table, filter->depth);
	return filter->table;
}

/* Put the generated program on top of the chain, if it is valid. */
static void attach(struct chain *chain, struct input *input, u8 how)
{
	const struct generator *g = &input->gen;
	struct link *link = &chain->links[chain->len];
	const struct seccomp_filter *below = chain->len ?
		&link[-1].filter : NULL;
	const struct sock_filter *insns = g->buf + BPF_MAXINSNS - g->len;
	bool valid = is_valid(insns, g->len);

	EXPECT(seccomp_check_program(insns, g->len) == (valid ? 0 : -EINVAL));
	if (!valid)
		return;

	memset(link, 0, sizeof(*link));
	set_program(&link->given, insns, g->len);
	link->filter.program = calloc(1, sizeof(*link->filter.program));
	link->filter.depth = chain->len + 1;
	link->filter.prev = (struct seccomp_filter *)below;

	shim_memory = how & 0x80 ? how & 0xf : -1;
	if (!prepare(link, how & 0x40)) {
		EXPECT(shim_memory == -1 && how & 0x80);
		discard(link);
		return;
	}
	if (!merge(link, below)) {
		EXPECT(shim_memory == -1 && how & 0x80);
		seccomp_table_put(link->filter.program->table);
		discard(link);
		return;
	}
	shim_memory = -1;
	chain->len++;
}

static void chain_free(struct chain *chain)
{
	for (unsigned int i = 0; i < chain->len; i++) {
		struct link *link = &chain->links[i];

		seccomp_table_put(link->filter.table);
		seccomp_table_put(link->filter.program->table);
		discard(link);
	}
}

/* Comparison */

static bool is_stronger(u32 a, u32 b)
{
	return (s32)(a & SECCOMP_RET_ACTION_FULL) <
	       (s32)(b & SECCOMP_RET_ACTION_FULL);
}

/* Run all programs, the newest one first. */
static void run_all(const struct chain *chain, const struct seccomp_data *sd,
		    struct seccomp_verdict *verdict)
{
	u32 strongest = SECCOMP_RET_ALLOW;
	unsigned int depth = 0;

	for (unsigned int i = chain->len; i--;) {
		const struct bpf_prog *given = &chain->links[i].given;
		u32 value = bpf_run(given->insns, given->len, sd);

		if (is_stronger(value, strongest)) {
			strongest = value;
			depth = i + 1;
		}
	}

	verdict->action = strongest & SECCOMP_RET_ACTION_FULL;
	if (seccomp_action_index(verdict->action) < 0)
		verdict->action = SECCOMP_RET_KILL_PROCESS;
	verdict->data = strongest & SECCOMP_RET_DATA;
	verdict->filter = depth ? &chain->links[depth - 1].filter : NULL;
}

static void expect_call(struct chain *chain, struct seccomp_data *sd)
{
	struct pt_regs regs = { .nr = sd->nr };
	struct seccomp_verdict actual, expected;

	run_all(chain, sd, &expected);
	seccomp_evaluate(sd, &actual);
	if (actual.action == expected.action &&
	    actual.filter == expected.filter && actual.data == expected.data &&
	    actual.action == seccomp_actions[actual.action_index].value) {
		current->arch = sd->arch;
		EXPECT(!seccomp_allows(&regs) ||
		       actual.action == SECCOMP_RET_ALLOW);
		return;
	}

	fprintf(stderr, "nr %#x arch %#x: %#x of filter %d, expected %#x of %d\n",
		sd->nr, sd->arch, actual.action | actual.data,
		actual.filter ? actual.filter->depth : 0,
		expected.action | expected.data,
		expected.filter ? expected.filter->depth : 0);
	for (unsigned int i = 0; i < chain->len; i++) {
		const struct bpf_prog *given = &chain->links[i].given;

		fprintf(stderr, "filter %u:\n", i + 1);
		for (unsigned int pc = 0; pc < given->len && pc < 100; pc++)
			fprintf(stderr, "%4u: { %#x, %u, %u, %#x }\n", pc,
				given->insns[pc].code, given->insns[pc].jt,
				given->insns[pc].jf, given->insns[pc].k);
	}
	abort();
}

static void expect_number(struct chain *chain, struct generator *g,
			  const struct span *span, u32 nr)
{
	static struct seccomp_data sd;

	if (nr < span->first || nr > span->last)
		return;
	sd.nr = nr;
	sd.arch = span->arch;
	change_data(g, &sd);
	expect_call(chain, &sd);
}

static void expect_gap(struct chain *chain, struct generator *g,
		       const struct span *span)
{
	for (u32 n = 0; n < 2; n++) {
		expect_number(chain, g, span, span->first + n);
		expect_number(chain, g, span, span->last - n);
		expect_number(chain, g, span, random_number(g));
	}
	/* around each constant of the programs */
	for (unsigned int i = 0; i < chain->len; i++) {
		const struct bpf_prog *given = &chain->links[i].given;

		for (unsigned int pc = 0; pc < given->len && pc < 100; pc++)
			for (u32 n = 0; n < 3; n++)
				expect_number(chain, g, span,
					      given->insns[pc].k + n - 1);
	}
}

static void expect_all(struct chain *chain, struct generator *g)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(spans); i++) {
		const struct span *span = &spans[i];

		if (!span->known) {
			expect_gap(chain, g, span);
			continue;
		}
		for (u32 nr = span->first; nr <= span->last; nr++)
			expect_number(chain, g, span, nr);
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct input input;
	static struct chain chain;
	unsigned int filters;

	input.bytes = (struct bytes){ data, data + size };
	input.state = size;
	chain.len = 0;

	filters = 1 + byte(&input.bytes) % CHAIN_MAX;
	while (filters--) {
		u8 how = byte(&input.bytes);

		build(&input);
		attach(&chain, &input, how);
	}
	if (chain.len) {
		struct seccomp_filter *newest = &chain.links[chain.len - 1].filter;

		current->seccomp.filter = newest;
		current->seccomp.codes = newest->table ? &newest->table->no_code :
						     NULL;
		expect_all(&chain, &input.gen);
	}
	chain_free(&chain);
	return 0;
}
