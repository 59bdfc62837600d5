/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of kernel/seccomp/ share. Each of them uses functions or data
 * of those behind its arrow, and none of these uses it in turn:
 *
 *   ../seccomp.c     -> action attach enforce log mode
 *   sysctl.c         -> action_names log log_decision program
 *   enforce.c        -> action eval filter log log_decision
 *   attach.c         -> filter filter_log listener mode program table tsync
 *   log.c            -> log_decision log_filter record
 *   tsync.c          -> filter mode
 *   log_filter.c     -> filter filter_log filter_summary log_decision once
 *                       record
 *   inspect.c        -> abi filter
 *   eval.c           -> action filter
 *   filter.c         -> filter_summary listener program table
 *   program.c        -> check flow prune table
 *   table.c          -> action
 *   action_names.c   -> action
 *   filter_summary.c -> filter_log filter_record once
 *   action.c         -> mode notify
 *   log_decision.c   -> record
 *   filter_record.c  -> abi ranges record
 *   notify.c         -> addfd listener
 *   filter_log.c     -> once ranges text
 *   flow.c           -> flow_jump
 *   record.c         -> text
 *   listener.c       -> addfd
 *   ranges.c         -> abi
 *   once.c           -> abi
 *   flow_jump.c      -> abi
 *
 * "make map" prints this.
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
 * struct seccomp_filter - an attached filter, and the chain of older ones
 * @refs: one for each task of which it is the newest filter, one for each
 *	filter whose @prev it is, and temporary ones. The last put frees it.
 * @chain_insns: what the chain counts against SECCOMP_CHAIN_INSNS_MAX
 * @depth: number of filters of the chain; 1 for the first filter
 * @tables_nr: number of tables of the chain
 * @log: SECCOMP_FILTER_FLAG_LOG was given
 * @log_once: SECCOMP_FILTER_FLAG_LOG_ONCE was given
 * @table: the answers of the chain, one reference held; NULL if the chain has
 *	too many tables: then its filters are evaluated one by one
 * @prev: the filter attached before, one reference held; NULL for the first
 * @jump: an older filter, or NULL, for a fast search by depth
 * @program: its program, one reference held
 * @attach_flags: SECCOMP_FILTER_FLAG_* of the attach
 * @id: its id in records, unique until reboot
 * @attacher: who attached it, one reference held
 * @log_state: what it has logged, one reference held; NULL before it logs. Set
 *	once, by the first task that logs. See filter_log.h.
 * @once: the state of log-once; NULL before it is needed. Set once, by the
 *	first task that needs it. See once.h.
 * @listener: its listener, one reference held; NULL without
 *	SECCOMP_FILTER_FLAG_NEW_LISTENER. See notify.h.
 *
 * attach.c writes every member before a task has the filter. Members that
 * change after that: @refs, @log_state and @once. So a task needs no lock to
 * read the filters of its own chain, to which it has a reference.
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
 * struct seccomp_verdict - the result of the evaluation of a system call
 * @action: SECCOMP_RET_*, always one that exists
 * @data: SECCOMP_RET_DATA of the returned value
 * @action_index: the index of @action
 * @older: SECCOMP_OLDER* of the older filters that were run and returned the
 *	same action
 * @filter: the filter that returned it; NULL if no filter decided. Current's
 *	chain keeps it alive, because a thread sync only adds filters to a
 *	chain.
 */
struct seccomp_verdict {
	u32 action;
	u16 data;
	u8 action_index;
	u8 older;
	const struct seccomp_filter *filter;
};

/* One of them does not have SECCOMP_FILTER_FLAG_LOG_ONCE ... */
#define SECCOMP_OLDER		BIT(0)
/* ... and has SECCOMP_FILTER_FLAG_LOG */
#define SECCOMP_OLDER_LOG	BIT(1)

static inline u8 seccomp_verdict_older(const struct seccomp_filter *filter)
{
	if (filter->log_once)
		return 0;
	return filter->log ? SECCOMP_OLDER | SECCOMP_OLDER_LOG : SECCOMP_OLDER;
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

/* Limit of the instructions of a chain ... */
#define SECCOMP_CHAIN_INSNS_MAX		32768
/* ... for which each filter but the newest counts some more */
#define SECCOMP_FILTER_INSNS_EXTRA	4

/*
 * Limit of the tables of a chain, each of up to SECCOMP_TABLE_SIZE bytes.
 * Programs attach a few dozen filters. A chain of thousands must not need much
 * more memory than its programs.
 */
#define SECCOMP_CHAIN_TABLES_MAX	64

/*
 * The lock of the seccomp state of a thread group. It does not go away while
 * the caller is a thread of the group.
 */
static inline spinlock_t *seccomp_lock(struct task_struct *task)
{
	return &rcu_access_pointer(task->sighand)->siglock;
}

/* mode.c */
bool seccomp_mode_may_enter(int mode);
void seccomp_mode_enter(struct task_struct *task, int mode,
			unsigned long flags);
void seccomp_mark_killed(void);

/**
 * seccomp_mode_current() - current's mode
 *
 * Context: Task context at system call entry, after the work flag was seen.
 * What is read after this is as new as the mode.
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
 * struct seccomp_action - an action
 * @value: SECCOMP_RET_*
 * @name: as the sysctls spell it
 * @signal: the signal that kills the task, for the record; 0 if the action does
 *	not kill. SIGSYS of a trap can be handled, so it does not count.
 */
struct seccomp_action {
	u32 value;
	const char *name;
	int signal;
};

/* Indexes of actions, strongest first; also bits in a set of actions */
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

/* Sets of actions are u32. */
static_assert(SECCOMP_ACTIONS <= 32);

#define SECCOMP_ACTIONS_LOGGABLE	(BIT(SECCOMP_ACTION_ALLOW) - 1)

extern const struct seccomp_action seccomp_actions[SECCOMP_ACTIONS];

int seccomp_action_index(u32 value);
int seccomp_do_errno(u16 data);
int seccomp_do_action(const struct seccomp_data *sd,
		      const struct seccomp_verdict *verdict);
bool seccomp_do_trace(const struct seccomp_verdict *verdict);

/* action_names.c */
#define SECCOMP_ACTION_NAMES_MAX		4095

int seccomp_action_names_parse(const char *text, size_t len, u32 *set);
void seccomp_action_names_print(char *buf, size_t size, u32 set, const char *sep);

/* eval.c */
void seccomp_evaluate(const struct seccomp_data *sd,
		      struct seccomp_verdict *verdict);

/* check.c */
int seccomp_check_program(const struct sock_filter *insns, unsigned int len);
int seccomp_convert_program(struct sock_filter *insns, unsigned int len);

/* notify.c, listener.c */
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
void seccomp_task_set_filter(struct task_struct *task,
			     struct seccomp_filter *filter);
const struct seccomp_filter *
seccomp_filter_at(const struct seccomp_filter *newest, unsigned int depth);
struct seccomp_filter *seccomp_filter_get_newest(struct task_struct *task);
struct seccomp_filter *seccomp_filter_get_nth(struct task_struct *task,
					      unsigned long n);

/* tsync.c */
int seccomp_tsync_check_all(unsigned int flags);
void seccomp_tsync_apply(unsigned int flags);

/* attach.c */
long seccomp_filter_attach(unsigned int flags, const void __user *uprog);
#if IS_ENABLED(CONFIG_KUNIT)
int seccomp_filter_link(struct seccomp_filter *filter,
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
