// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: programs. Containers by the thousand bring the same one: it is
 * checked, analysed and compiled for the first and found again for the others.
 */

#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/filter.h>
#include <linux/init.h>
#include <linux/kstrtox.h>
#include <linux/once.h>
#include <linux/rhashtable.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "flow.h"
#include "internal.h"
#include "program.h"
#include "table.h"

/*
 * What a compiled program depends on beside its instructions: the settings of
 * net.core.bpf_jit_* and the privileges of who attaches it. Nobody is given what
 * he would not have got himself: a program that is interpreted or blinded, or
 * one without the barriers against branch history injection that the JIT leaves
 * out for CAP_SYS_ADMIN.
 */
#define TERM_JIT		BIT(0)
#define TERM_BLINDED		BIT(1)
#define TERM_PRIVILEGED		BIT(2)
#define TERMS_COMPILED		(TERM_JIT | TERM_BLINDED | TERM_PRIVILEGED)
/* It has a table or is run, but not both: see seccomp_program_get(). */
#define TERM_LEAN		BIT(3)

/* kernel.seccomp.share_programs: 0 or 1. Written by the sysctl. */
int seccomp_share_programs = 1;

/*
 * Off at boot by seccomp.table=0, to compare: every call then runs every whole
 * program.
 */
static bool table_wanted __ro_after_init = true;

static int __init table_setup(char *text)
{
	return kstrtobool(text, &table_wanted) == 0;
}
__setup("seccomp.table=", table_setup);

static u32 program_hash(const struct seccomp_program *program)
{
	static hsiphash_key_t key;

	get_random_once(&key, sizeof(key));
	return hsiphash(program->insns,
			flex_array_size(program, insns, program->len), &key);
}

/* What a program that current attaches now depends on */
static u8 current_terms(bool lean)
{
	/* later kernels look there for a token, which no classic program has */
	static struct bpf_prog_aux no_token;
	struct bpf_prog jited = { .jit_requested = true, .aux = &no_token };
	u8 terms = lean ? TERM_LEAN : 0;

	/* the interpreter is the same for all */
	if (!ebpf_jit_enabled())
		return terms;
	terms |= TERM_JIT;
	if (bpf_jit_blinding_enabled(&jited))
		terms |= TERM_BLINDED;
	if (ns_capable_noaudit(&init_user_ns, CAP_SYS_ADMIN))
		terms |= TERM_PRIVILEGED;
	return terms;
}

/* Did the compiled program come out as its terms say? Settings may change. */
static bool keeps_terms(const struct seccomp_program *program)
{
	if (!program->run)
		return true;
	return program->run->jited == !!(program->terms & TERM_JIT) &&
	       program->run->blinded == !!(program->terms & TERM_BLINDED);
}

static u32 hash_of(const void *data, u32 len, u32 seed)
{
	const struct seccomp_program *program = data;

	return program->hash ^ seed;
}

/* Is @other, in the hash table, what @arg's key is to become? 0 for yes */
static int differs(struct rhashtable_compare_arg *arg, const void *other)
{
	const struct seccomp_program *wanted = arg->key;
	const struct seccomp_program *program = other;

	return program->hash != wanted->hash || program->len != wanted->len ||
	       /* one with a table will do where a lean one is wanted */
	       program->terms & ~wanted->terms & TERM_LEAN ||
	       (READ_ONCE(program->run) &&
		(program->terms ^ wanted->terms) & TERMS_COMPILED) ||
	       memcmp(program->insns, wanted->insns,
		      flex_array_size(program, insns, program->len));
}

/*
 * All programs that filters may share; looked up under RCU, so that attaches do
 * not wait for each other, and growing with their number.
 */
static const struct rhashtable_params programs_params = {
	.head_offset = offsetof(struct seccomp_program, node),
	.hashfn = hash_of,
	.obj_hashfn = hash_of,
	.obj_cmpfn = differs,
	.automatic_shrinking = true,
};

static struct rhashtable programs;

static int __init programs_init(void)
{
	return rhashtable_init(&programs, &programs_params);
}
core_initcall(programs_init);

static struct seccomp_program *get_unless_dead(struct seccomp_program *program)
{
	return program && refcount_inc_not_zero(&program->refs) ? program : NULL;
}

/* A program that is just what @wanted is to become, one more reference, or NULL */
static struct seccomp_program *
program_find(const struct seccomp_program *wanted)
{
	struct seccomp_program *program;

	rcu_read_lock();
	program = get_unless_dead(rhashtable_lookup(&programs, wanted,
						    programs_params));
	rcu_read_unlock();
	return program;
}

/*
 * Let others find @program. Returns it, or the same of another task that was
 * faster, with a reference.
 */
static struct seccomp_program *program_share(struct seccomp_program *program)
{
	struct seccomp_program *other;

	rcu_read_lock();
	program->shared = true;
	other = rhashtable_lookup_get_insert_key(&programs, program,
						 &program->node,
						 programs_params);
	if (other) {
		/* Found, or no memory, which does not matter: it is not shared. */
		program->shared = false;
		other = IS_ERR(other) ? NULL : get_unless_dead(other);
	}
	rcu_read_unlock();

	return other ?: program;
}

static void program_free(struct seccomp_program *program)
{
	if (program->run)
		bpf_prog_destroy(program->run);
	seccomp_table_put(program->table);
	/* Others may be comparing its instructions with theirs. */
	if (program->shared)
		kvfree_rcu(program, rcu);
	else
		kvfree(program);
}

/* What is left to run, compiled. Errors: EINVAL, ENOMEM */
static int program_compile(struct seccomp_program *program,
			   struct seccomp_analysis *analysis)
{
	struct sock_fprog_kern prog = {
		.len = program->len,
		.filter = program->insns,
	};
	struct sock_filter *pruned = NULL;
	int err = -ENOMEM;

	if (bitmap_empty(analysis->depends, SECCOMP_CALLS))
		return 0;
	if (!bitmap_full(analysis->depends, SECCOMP_CALLS)) {
		err = seccomp_analyse_flow(program->insns, analysis);
		if (err)
			return err;
		err = -ENOMEM;
		pruned = kmalloc_array(program->len, sizeof(*pruned),
				       GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
		if (!pruned)
			return -ENOMEM;
		prog.filter = pruned;
		prog.len = seccomp_prune(program->insns, analysis, pruned);
		if (!prog.len)
			goto out;
	}
	err = bpf_prog_create_trans(&program->run, &prog,
				    seccomp_fit_program);
	/*
	 * The general check takes what stands behind a return for what comes
	 * after it, and may miss a store to memory there. Then all of it is run:
	 * calls with a constant answer do not come here anyway.
	 */
	if (err == -EINVAL && pruned) {
		prog.filter = program->insns;
		prog.len = program->len;
		err = bpf_prog_create_trans(&program->run, &prog,
					    seccomp_fit_program);
	}
	/*
	 * Where the JIT is on and has no memory, the interpreter may not run it,
	 * which has an error of its own.
	 */
	if (err && err != -EINVAL)
		err = -ENOMEM;
out:
	kfree(pruned);
	return err;
}

/* The table of a program, which allows a call that no filter may stop. */
static struct seccomp_table *program_table(struct seccomp_analysis *analysis)
{
	struct seccomp_table *table;
	bool depends;

	if (!seccomp_call_is_exempt(CALL_EXEMPT))
		return seccomp_table_create(analysis);

	depends = test_and_clear_bit(CALL_EXEMPT, analysis->depends);
	analysis->value[CALL_EXEMPT] = SECCOMP_RET_ALLOW;
	table = seccomp_table_create(analysis);
	if (depends)
		__set_bit(CALL_EXEMPT, analysis->depends);
	return table;
}

/* Errors: EINVAL, ENOMEM */
static int program_prepare(struct seccomp_program *program)
{
	struct seccomp_analysis *analysis;
	int err;

	err = seccomp_check_program(program->insns, program->len);
	if (err)
		return err;

	analysis = seccomp_analyse(program->insns, program->len);
	if (!analysis)
		return -ENOMEM;
	err = -ENOMEM;
	if (!table_wanted)
		bitmap_fill(analysis->depends, SECCOMP_CALLS);
	program->table = program_table(analysis);
	if (!program->table)
		goto out;

	if (program->terms & TERM_LEAN) {
		if (bitmap_empty(analysis->depends, SECCOMP_CALLS)) {
			program->terms &= ~TERM_LEAN;
			err = 0;
			goto out;
		}
		/* then all of it is run */
		seccomp_table_put(program->table);
		program->table = NULL;
		bitmap_fill(analysis->depends, SECCOMP_CALLS);
	}
	err = program_compile(program, analysis);
out:
	seccomp_analysis_free(analysis);
	return err;
}

/* A program of what the user gives, and nothing more yet. Errors: EFAULT, ENOMEM */
static struct seccomp_program *program_copy(const struct sock_fprog *given)
{
	struct seccomp_program *program;

	program = kvmalloc(struct_size(program, insns, given->len),
			   GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!program)
		return ERR_PTR(-ENOMEM);

	memset(program, 0, sizeof(*program));
	refcount_set(&program->refs, 1);
	program->len = given->len;
	if (copy_from_user(program->insns, given->filter,
			   flex_array_size(program, insns, given->len))) {
		kvfree(program);
		return ERR_PTR(-EFAULT);
	}
	return program;
}

/**
 * seccomp_program_get() - the program for a new filter
 * @given: in user memory; its length is good
 * @lean: the filter is for a chain that has no table, so that a table beside what
 *	is run would only take memory
 *
 * Context: Task context, may sleep.
 * Return: A reference to a program, which other filters may have as well.
 * Errors: EFAULT if it cannot be read, EINVAL if it is unsound or not for system
 * calls, ENOMEM.
 */
struct seccomp_program *seccomp_program_get(const struct sock_fprog *given,
					    bool lean)
{
	bool share = READ_ONCE(seccomp_share_programs);
	struct seccomp_program *program, *found;
	int err;

	program = program_copy(given);
	if (IS_ERR(program))
		return program;

	program->terms = current_terms(lean);
	if (share) {
		program->hash = program_hash(program);
		found = program_find(program);
		if (found) {
			kvfree(program);
			return found;
		}
	}

	err = program_prepare(program);
	if (err) {
		program_free(program);
		return ERR_PTR(err);
	}
	if (!share || !keeps_terms(program))
		return program;

	found = program_share(program);
	if (found != program)
		program_free(program);
	return found;
}

/**
 * seccomp_program_put() - a filter is gone
 * @program: its program, or NULL
 *
 * Context: Any but interrupts.
 */
void seccomp_program_put(struct seccomp_program *program)
{
	if (!program || !refcount_dec_and_test(&program->refs))
		return;

	/* Found by nobody since the count is zero, but still in the table. */
	if (program->shared)
		rhashtable_remove_fast(&programs, &program->node,
				       programs_params);
	program_free(program);
}
