// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: programs. Containers by the thousand bring the same one: it is
 * checked, analysed and compiled for the first and found again for the others.
 */

#include <linux/filter.h>
#include <linux/hashtable.h>
#include <linux/init.h>
#include <linux/kstrtox.h>
#include <linux/once.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>

#include "flow.h"
#include "internal.h"
#include "program.h"
#include "table.h"

#define HASH_BITS_PROGRAMS	10

/* All programs that filters may share, by hash; the lock guards the lists. */
static DEFINE_HASHTABLE(programs, HASH_BITS_PROGRAMS);
static DEFINE_SPINLOCK(programs_lock);

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

static u32 program_hash(const struct sock_filter *insns, unsigned int len)
{
	static hsiphash_key_t key;

	get_random_once(&key, sizeof(key));
	return hsiphash(insns, len * sizeof(*insns), &key);
}

/* A live program of the same instructions, one more reference, or NULL */
static struct seccomp_program *program_find(const struct sock_filter *insns,
					    unsigned int len, u32 hash)
{
	struct seccomp_program *program;

	spin_lock(&programs_lock);
	hash_for_each_possible(programs, program, node, hash)
		if (program->hash == hash && program->len == len &&
		    !memcmp(program->insns, insns, len * sizeof(*insns)) &&
		    refcount_inc_not_zero(&program->refs))
			break;
	spin_unlock(&programs_lock);

	return program;
}

static void program_free(struct seccomp_program *program)
{
	if (program->run)
		bpf_prog_destroy(program->run);
	seccomp_table_put(program->table);
	kfree(program->insns);
	kfree(program);
}

/* What is left to run, compiled. Errors: EINVAL, ENOMEM */
static int program_compile(struct seccomp_program *program,
			   const struct seccomp_analysis *analysis)
{
	struct sock_fprog_kern prog = {
		.len = program->len,
		.filter = program->insns,
	};
	struct sock_filter *pruned = NULL;
	int err = -ENOMEM;

	if (table_wanted) {
		if (bitmap_empty(analysis->depends, SECCOMP_CALLS))
			return 0;
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
	/* Where the JIT is on and has no memory, the interpreter may not run it. */
	if (err == -ENOTSUPP)
		err = -ENOMEM;
out:
	kfree(pruned);
	return err;
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
	if (!table_wanted)
		bitmap_fill(analysis->depends, SECCOMP_CALLS);

	program->table = seccomp_table_create(analysis);
	err = program->table ? program_compile(program, analysis) : -ENOMEM;
	kvfree(analysis);
	return err;
}

/**
 * seccomp_program_get() - the program for a new filter
 * @given: in user memory; its length is good
 *
 * Context: Task context, may sleep.
 * Return: A reference to a program, which other filters may have as well.
 * Errors: EFAULT where it cannot be read, EINVAL where it is unsound or not for
 * system calls, ENOMEM.
 */
struct seccomp_program *seccomp_program_get(const struct sock_fprog *given)
{
	bool share = READ_ONCE(seccomp_share_programs);
	struct seccomp_program *program, *found;
	size_t size = array_size(given->len, sizeof(*program->insns));
	int err;

	program = kzalloc(sizeof(*program), GFP_KERNEL_ACCOUNT);
	if (!program)
		return ERR_PTR(-ENOMEM);
	refcount_set(&program->refs, 1);
	INIT_HLIST_NODE(&program->node);

	err = -ENOMEM;
	program->len = given->len;
	program->insns = kmalloc(size, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!program->insns)
		goto out_free;
	err = -EFAULT;
	if (copy_from_user(program->insns, given->filter, size))
		goto out_free;

	if (share) {
		program->hash = program_hash(program->insns, program->len);
		found = program_find(program->insns, program->len,
				     program->hash);
		if (found) {
			program_free(program);
			return found;
		}
	}

	err = program_prepare(program);
	if (err)
		goto out_free;

	/* Another task may have put the same one there: then both live. */
	if (share) {
		spin_lock(&programs_lock);
		hash_add(programs, &program->node, program->hash);
		spin_unlock(&programs_lock);
	}
	return program;

out_free:
	program_free(program);
	return ERR_PTR(err);
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

	/* Found by nobody since the count is zero, but still in its list. */
	spin_lock(&programs_lock);
	hash_del(&program->node);
	spin_unlock(&programs_lock);
	program_free(program);
}
