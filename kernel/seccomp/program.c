// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: programs. Thousands of containers attach the same one: it is
 * checked, analysed and compiled once, and shared.
 */

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

#include "compat.h"
#include "flow.h"
#include "internal.h"
#include "program.h"
#include "table.h"

/*
 * Flags of a program: what the compiled program depends on beside its
 * instructions. These are the settings of net.core.bpf_jit_* and the privileges
 * of the task that attaches it. Tasks share a program only if each would have
 * got the same one. Otherwise one user could make another's filter slow, or
 * without the barriers against branch history injection that the JIT omits for
 * CAP_SYS_ADMIN.
 */
#define PROGRAM_JITED		BIT(0)
#define PROGRAM_BLINDED		BIT(1)
#define PROGRAM_PRIVILEGED	BIT(2)
#define PROGRAM_JIT_FLAGS	(PROGRAM_JITED | PROGRAM_BLINDED | \
				 PROGRAM_PRIVILEGED)
/* It has a table or is run, but not both: see seccomp_program_get(). */
#define PROGRAM_NO_TABLE	BIT(3)

/* kernel.seccomp.share_programs: 0 or 1. Written by the sysctl. */
int seccomp_share_programs = 1;

/*
 * The boot parameter seccomp.table=0 turns tables off, for comparison: then
 * every system call runs every program.
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

/* The flags of a program that current attaches now */
static u8 current_flags(bool no_table)
{
	u8 flags = no_table ? PROGRAM_NO_TABLE : 0;

	/* Interpreted programs depend on nothing else. */
	if (!ebpf_jit_enabled())
		return flags;
	flags |= PROGRAM_JITED;
	if (seccomp_jit_blinds())
		flags |= PROGRAM_BLINDED;
	if (ns_capable_noaudit(&init_user_ns, CAP_SYS_ADMIN))
		flags |= PROGRAM_PRIVILEGED;
	return flags;
}

/* Was it compiled as its flags say? The settings may have changed meanwhile. */
static bool matches_flags(const struct seccomp_program *program)
{
	if (!program->prog)
		return true;
	return program->prog->jited == !!(program->flags & PROGRAM_JITED) &&
	       program->prog->blinded == !!(program->flags & PROGRAM_BLINDED);
}

static u32 hash_of(const void *data, u32 len, u32 seed)
{
	const struct seccomp_program *program = data;

	return program->hash ^ seed;
}

/*
 * Returns 0 if @other, in the hash table, can be used in place of @arg's key.
 */
static int differs(struct rhashtable_compare_arg *arg, const void *other)
{
	const struct seccomp_program *wanted = arg->key;
	const struct seccomp_program *program = other;

	return program->hash != wanted->hash || program->len != wanted->len ||
	       /* One with a table may replace one without. */
	       program->flags & ~wanted->flags & PROGRAM_NO_TABLE ||
	       (READ_ONCE(program->prog) &&
		(program->flags ^ wanted->flags) & PROGRAM_JIT_FLAGS) ||
	       memcmp(program->insns, wanted->insns,
		      flex_array_size(program, insns, program->len));
}

/*
 * All programs that filters may share. Looked up under RCU, so that attaches do
 * not wait for each other.
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

/* A reference to a program that can be used in place of @wanted, or NULL */
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
 * Let other tasks find @program. Returns it, or a reference to an equal one
 * that another task has added before.
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
		/* Found; or without memory, then @program is not shared. */
		program->shared = false;
		other = IS_ERR(other) ? NULL : get_unless_dead(other);
	}
	rcu_read_unlock();

	return other ?: program;
}

static void program_free(struct seccomp_program *program)
{
	if (program->prog)
		bpf_prog_destroy(program->prog);
	seccomp_table_put(program->table);
	/* Look-ups under RCU may still read its instructions. */
	if (program->shared)
		kvfree_rcu(program, rcu);
	else
		kvfree(program);
}

/* Compile what has to be run. Errors: EINVAL, ENOMEM */
static int program_compile(struct seccomp_program *program,
			   struct seccomp_analysis *analysis)
{
	struct sock_fprog_kern prog = {
		.len = program->len,
		.filter = program->insns,
	};
	struct sock_filter *pruned = NULL;
	int err = -ENOMEM;

	if (bitmap_empty(analysis->depends, SECCOMP_SYSCALLS))
		return 0;
	if (!bitmap_full(analysis->depends, SECCOMP_SYSCALLS)) {
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
	err = bpf_prog_create_trans(&program->prog, &prog,
				    seccomp_convert_program);
	/*
	 * bpf_check_classic() treats an instruction behind a return as its
	 * successor, and may then reject a load from memory in a pruned
	 * program. In this case compile all of it.
	 */
	if (err == -EINVAL && pruned) {
		prog.filter = program->insns;
		prog.len = program->len;
		err = bpf_prog_create_trans(&program->prog, &prog,
					    seccomp_convert_program);
	}
	/* The JIT had no memory, and there is no interpreter. */
	if (err && err != -EINVAL)
		err = -ENOMEM;
out:
	kfree(pruned);
	return err;
}

/* Is the program run for all system calls but those that are exempt? */
static bool all_depend(const struct seccomp_analysis *analysis)
{
	return bitmap_weight(analysis->depends, SECCOMP_SYSCALLS) ==
	       SECCOMP_SYSCALLS - 1;
}

/* The table of a program. It allows what is exempt from filters. */
static struct seccomp_table *program_table(struct seccomp_analysis *analysis)
{
	struct seccomp_table *table;
	bool depends;

	if (!seccomp_syscall_index_is_exempt(INDEX_EXEMPT))
		return seccomp_table_create(analysis);

	depends = test_and_clear_bit(INDEX_EXEMPT, analysis->depends);
	analysis->value[INDEX_EXEMPT] = SECCOMP_RET_ALLOW;
	table = seccomp_table_create(analysis);
	/* A program that is always run is not pruned. */
	if (depends && all_depend(analysis))
		__set_bit(INDEX_EXEMPT, analysis->depends);
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
		bitmap_fill(analysis->depends, SECCOMP_SYSCALLS);
	program->table = program_table(analysis);
	if (!program->table)
		goto out;

	if (program->flags & PROGRAM_NO_TABLE) {
		if (bitmap_empty(analysis->depends, SECCOMP_SYSCALLS)) {
			program->flags &= ~PROGRAM_NO_TABLE;
			err = 0;
			goto out;
		}
		/* Without a table all of it is run. */
		seccomp_table_put(program->table);
		program->table = NULL;
		bitmap_fill(analysis->depends, SECCOMP_SYSCALLS);
	}
	err = program_compile(program, analysis);
out:
	seccomp_analysis_free(analysis);
	return err;
}

/* A copy of the instructions, not checked yet. Errors: EFAULT, ENOMEM */
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
 * @given: the program in user memory; its length has been checked
 * @no_table: the filter is for a chain that has no table, so a table would only
 *	take memory, if part of the program is run
 *
 * Context: Task context, may sleep.
 * Return: A reference to a program, which may be shared. Errors: EFAULT if it
 * cannot be read, EINVAL if it is not valid for seccomp, ENOMEM.
 */
struct seccomp_program *seccomp_program_get(const struct sock_fprog *given,
					    bool no_table)
{
	bool share = READ_ONCE(seccomp_share_programs);
	struct seccomp_program *program, *found;
	int err;

	program = program_copy(given);
	if (IS_ERR(program))
		return program;

	program->flags = current_flags(no_table);
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
	if (!share || !matches_flags(program))
		return program;

	found = program_share(program);
	if (found != program)
		program_free(program);
	return found;
}

/**
 * seccomp_program_put() - drop a reference
 * @program: a program, or NULL
 *
 * Context: Any but interrupts.
 */
void seccomp_program_put(struct seccomp_program *program)
{
	if (!program || !refcount_dec_and_test(&program->refs))
		return;

	/*
	 * It is still in the hash table, but no look-up takes a reference now.
	 */
	if (program->shared)
		rhashtable_remove_fast(&programs, &program->node,
				       programs_params);
	program_free(program);
}
