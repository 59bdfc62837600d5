/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the rooms of kernel/seccomp/ share. A call flows one way,
 *
 *   ../seccomp.c -> eval.c -> log.c -> action.c -> notify.c, addfd.c
 *
 * where log.c decides and calls down for what it needs,
 *
 *   log.c -> once.c, record.c -> text.c
 *         -> filter_log.c -> filter_summary.c -> record.c, ranges.c
 *
 * and a request another, with what the first one reads at its end:
 *
 *   ../seccomp.c -> filter.c -> program.c -> check.c, flow.c, prune.c, table.c
 *                            -> table.c, filter_log.c, mode.c, notify.c
 *
 * Nobody calls back.
 */
#ifndef _KERNEL_SECCOMP_INTERNAL_H
#define _KERNEL_SECCOMP_INTERNAL_H

#include <linux/bits.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/sched/signal.h>
#include <linux/seccomp.h>
#include <linux/types.h>

#include <asm/seccomp.h>

struct file;
struct seccomp_attacher;
struct seccomp_filter_log;
struct seccomp_listener;
struct seccomp_once;
struct seccomp_program;
struct seccomp_table;
struct sock_filter;

/**
 * struct seccomp_filter - one attached program and the chain below it
 * @refs: one for each task whose chain starts here, one for each filter whose
 *	@prev this is, one for whoever looks at it from outside for a moment.
 *	The last put frees it.
 * @chain_insns: what the chain from here down counts against
 *	SECCOMP_CHAIN_INSNS_MAX.
 * @depth: number of filters in the chain from here down; 1 for the first.
 * @tables_nr: number of tables that filters of the chain from here down have
 *	brought.
 * @log: SECCOMP_FILTER_FLAG_LOG was given.
 * @log_once: SECCOMP_FILTER_FLAG_LOG_ONCE was given.
 * @table: what the chain from here down answers, one reference held; NULL if
 *	the chain has too many tables: then its filters are asked.
 * @prev: the filter attached before, one reference held; NULL for the first.
 * @jump: a filter further down, or NULL, by which a long chain is short.
 * @program: what it runs, one reference held.
 * @attach_flags: SECCOMP_FILTER_FLAG_* of the attach.
 * @id: names the filter in records; no other filter has it until reboot.
 * @attacher: who attached it, one reference held.
 * @log_state: what it has logged, one reference held; NULL before it logs. Set
 *	once, by whoever logs first. filter_log.h has what changes.
 * @once: what log-once remembers; NULL before there is something. Set once, by
 *	whoever is first. once.h has what changes.
 * @listener: who answers SECCOMP_RET_USER_NOTIF, one reference held; NULL
 *	without SECCOMP_FILTER_FLAG_NEW_LISTENER. notify.h has what changes.
 *
 * filter.c writes every member while it alone knows the filter. From the
 * moment a task's chain leads here nothing but @refs, @log_state and @once
 * changes, so readers that hold a reference (as a task does on its own chain) need no lock.
 */
struct seccomp_filter {
	refcount_t refs;
	u32 chain_insns;
	u16 depth;
	u8 tables_nr;
	bool log;
	bool log_once;
	u32 attach_flags;
	u64 id;
	struct seccomp_table *table;
	struct seccomp_filter *prev;
	struct seccomp_filter *jump;
	struct seccomp_program *program;
	struct seccomp_attacher *attacher;
	struct seccomp_filter_log *log_state;
	struct seccomp_once *once;
	struct seccomp_listener *listener;
};

/**
 * struct seccomp_verdict - what became of one system call
 * @action: SECCOMP_RET_*, always one that exists
 * @data: the low 16 bits of the value returned
 * @index: the same action as seccomp_action_index() numbers it
 * @older: SECCOMP_OLDER* of the older filters that were run and returned the
 *	same action
 * @match: the filter that returned it. Current's own chain keeps it alive:
 *	other threads replace that chain only by one that continues it. NULL
 *	where no filter decided.
 */
struct seccomp_verdict {
	u32 action;
	u16 data;
	u8 index;
	u8 older;
	const struct seccomp_filter *match;
};

/* Among them is one without SECCOMP_FILTER_FLAG_LOG_ONCE ... */
#define SECCOMP_OLDER		BIT(0)
/* ... that has SECCOMP_FILTER_FLAG_LOG */
#define SECCOMP_OLDER_ASKED	BIT(1)

static inline u8 seccomp_verdict_older(const struct seccomp_filter *filter)
{
	if (filter->log_once)
		return 0;
	return filter->log ? SECCOMP_OLDER | SECCOMP_OLDER_ASKED : SECCOMP_OLDER;
}

/* The flags of SECCOMP_SET_MODE_FILTER that exist here */
#define SECCOMP_LISTENER_FLAGS	(SECCOMP_FILTER_FLAG_NEW_LISTENER | \
				 SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)
#define SECCOMP_THREAD_FLAGS	(SECCOMP_FILTER_FLAG_TSYNC | \
				 SECCOMP_FILTER_FLAG_TSYNC_ESRCH)
#define SECCOMP_ALL_FLAGS	(SECCOMP_LISTENER_FLAGS | \
				 SECCOMP_THREAD_FLAGS | \
				 SECCOMP_FILTER_FLAG_LOG | \
				 SECCOMP_FILTER_FLAG_LOG_ONCE | \
				 SECCOMP_FILTER_FLAG_SPEC_ALLOW)

/* A chain's programs may hold this many instructions in all ... */
#define SECCOMP_CHAIN_INSNS_MAX		32768
/* ... where each filter below the newest counts some more for its call. */
#define SECCOMP_FILTER_INSNS_EXTRA	4

/*
 * So many tables a chain may have, each of up to SECCOMP_TABLE_SIZE. The chains
 * that programs build have a few dozen filters; a chain of thousands costs no
 * more memory than its programs.
 */
#define SECCOMP_CHAIN_TABLES_MAX	64

/*
 * The lock of a live thread group's seccomp state. Current's own, and that of
 * its siblings, cannot go away meanwhile.
 */
static inline spinlock_t *seccomp_lock(struct task_struct *task)
{
	return &rcu_access_pointer(task->sighand)->siglock;
}

/* mode.c */
bool seccomp_mode_may_become(int mode);
void seccomp_mode_enter(struct task_struct *task, int mode,
			unsigned long flags);
void seccomp_mode_killed(void);

/**
 * seccomp_mode_current() - current's mode, and what belongs to it
 *
 * Context: Task context at system call entry, which has just seen the work
 * flag. What is read after this is as new as the mode.
 * Return: SECCOMP_MODE_*.
 */
static inline int seccomp_mode_current(void)
{
	/* Pairs with the barrier in seccomp_mode_enter(). */
	smp_rmb();
	return READ_ONCE(current->seccomp.mode);
}

/* action.c */

/**
 * struct seccomp_action - what one action is called
 * @value: SECCOMP_RET_*
 * @name: as the sysctls spell it
 * @signal: the signal that kills, as the record says; 0 if the action does not
 *	kill. A trap's signal may be handled, so it does not count.
 */
struct seccomp_action {
	u32 value;
	const char *name;
	int signal;
};

/* Strongest first; an action's place is its bit in a set of actions. */
enum {
	SECCOMP_ACTION_KILL_PROCESS,
	SECCOMP_ACTION_KILL_THREAD,
	SECCOMP_ACTION_TRAP,
	SECCOMP_ACTION_ERRNO,
	SECCOMP_ACTION_USER_NOTIF,
	SECCOMP_ACTION_TRACE,
	SECCOMP_ACTION_LOG,
	SECCOMP_ACTION_ALLOW,
	SECCOMP_ACTIONS
};

#define SECCOMP_ACTIONS_LOGGABLE	(BIT(SECCOMP_ACTION_ALLOW) - 1)

extern const struct seccomp_action seccomp_actions[SECCOMP_ACTIONS];

int seccomp_action_index(u32 value);
int seccomp_act_errno(u16 data);
int seccomp_act(const struct seccomp_data *sd,
		const struct seccomp_verdict *verdict);
bool seccomp_act_trace(const struct seccomp_verdict *verdict);

/* names.c */
#define SECCOMP_NAMES_INPUT_MAX		4095

int seccomp_names_parse(const char *text, size_t len, u32 *set);
void seccomp_names_print(char *buf, size_t size, u32 set, const char *sep);

/* eval.c */
void seccomp_evaluate(const struct seccomp_data *sd,
		      struct seccomp_verdict *verdict);

/* check.c */
int seccomp_check_program(const struct sock_filter *insns, unsigned int len);
int seccomp_fit_program(struct sock_filter *insns, unsigned int len);

/* notify.c */
#ifdef CONFIG_SECCOMP_FILTER
struct seccomp_listener *seccomp_listener_create(bool wait_killable);
struct file *seccomp_listener_file(struct seccomp_listener *listener);
bool seccomp_listener_open(const struct seccomp_listener *listener);
void seccomp_listener_orphan(struct seccomp_listener *listener);
int seccomp_notify(const struct seccomp_data *sd,
		   const struct seccomp_verdict *verdict);
#else
static inline int seccomp_notify(const struct seccomp_data *sd,
				 const struct seccomp_verdict *verdict)
{
	return -1;
}
#endif

/* filter.c */
#ifdef CONFIG_SECCOMP_FILTER
void seccomp_filter_put(struct seccomp_filter *filter);
const struct seccomp_filter *
seccomp_filter_at(const struct seccomp_filter *newest, unsigned int depth);
struct seccomp_filter *seccomp_filter_get_newest(struct task_struct *task);
struct seccomp_filter *seccomp_filter_get_nth(struct task_struct *task,
					      unsigned long n);
long seccomp_filter_attach(unsigned int flags, const void __user *uprog);
#if IS_ENABLED(CONFIG_KUNIT)
int seccomp_filter_stack(struct seccomp_filter *filter,
			 struct seccomp_filter *below);
#endif
#else
static inline long seccomp_filter_attach(unsigned int flags,
					 const void __user *uprog)
{
	return -EINVAL;
}
#endif

#endif /* _KERNEL_SECCOMP_INTERNAL_H */
