/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the rooms of kernel/seccomp/ share. A call flows one way,
 *
 *   ../seccomp.c -> eval.c -> log.c -> action.c -> notify.c
 *
 * and a request another, with what eval.c reads at its end:
 *
 *   ../seccomp.c -> filter.c -> check.c, verdict.c, mode.c, notify.c
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

struct bpf_prog;
struct file;
struct sock_fprog_kern;
struct seccomp_listener;
struct sock_filter;

/**
 * struct seccomp_allowed - calls that pass whatever their arguments
 * @native: a bit for each number of the machine's own convention
 * @compat: a bit for each number of the other one
 *
 * Calls beyond, as those of x32, are not known and always go through the
 * programs.
 */
struct seccomp_allowed {
#ifdef SECCOMP_ARCH_NATIVE
	DECLARE_BITMAP(native, SECCOMP_ARCH_NATIVE_NR);
#endif
#ifdef SECCOMP_ARCH_COMPAT
	DECLARE_BITMAP(compat, SECCOMP_ARCH_COMPAT_NR);
#endif
};

/**
 * struct seccomp_filter - one attached program and the chain below it
 * @refs: one for each task whose chain starts here, one for each filter whose
 *	@prev this is, one for whoever looks at it from outside for a moment.
 *	The last put frees it.
 * @chain_insns: what the chain from here down counts against
 *	SECCOMP_CHAIN_INSNS_MAX.
 * @log: SECCOMP_FILTER_FLAG_LOG was given.
 * @prev: the filter attached before, one reference held; NULL for the first.
 * @prog: the program, run on a struct seccomp_data.
 * @allowed: what the chain from here down always allows.
 * @listener: who answers SECCOMP_RET_USER_NOTIF, one reference held; NULL
 *	without SECCOMP_FILTER_FLAG_NEW_LISTENER. notify.c has what changes.
 *
 * filter.c writes every member while it alone knows the filter. From the
 * moment a task's chain leads here nothing but @refs changes, so readers that
 * hold a reference (as a task does on its own chain) need no lock.
 */
struct seccomp_filter {
	refcount_t refs;
	u32 chain_insns;
	bool log;
	struct seccomp_filter *prev;
	struct bpf_prog *prog;
	struct seccomp_allowed allowed;
	struct seccomp_listener *listener;
};

/**
 * struct seccomp_verdict - what became of one system call
 * @action: SECCOMP_RET_*, always one that exists
 * @data: the low 16 bits of the value returned
 * @match: the filter that returned it. Current's own chain keeps it alive:
 *	other threads replace that chain only by one that continues it. NULL
 *	where no filter decided.
 */
struct seccomp_verdict {
	u32 action;
	u16 data;
	const struct seccomp_filter *match;
};

/* The flags of SECCOMP_SET_MODE_FILTER that exist here */
#define SECCOMP_LISTENER_FLAGS	(SECCOMP_FILTER_FLAG_NEW_LISTENER | \
				 SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)
#define SECCOMP_THREAD_FLAGS	(SECCOMP_FILTER_FLAG_TSYNC | \
				 SECCOMP_FILTER_FLAG_TSYNC_ESRCH)
#define SECCOMP_ALL_FLAGS	(SECCOMP_LISTENER_FLAGS | \
				 SECCOMP_THREAD_FLAGS | \
				 SECCOMP_FILTER_FLAG_LOG | \
				 SECCOMP_FILTER_FLAG_SPEC_ALLOW)

/* A chain's programs may hold this many instructions in all ... */
#define SECCOMP_CHAIN_INSNS_MAX		32768
/* ... where each filter below the newest counts some more for its call. */
#define SECCOMP_FILTER_INSNS_EXTRA	4

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
int seccomp_mode_current(void);

/* action.c */

/**
 * struct seccomp_action - what one action is called
 * @value: SECCOMP_RET_*
 * @name: as the sysctls spell it
 * @signal: the signal that it sends, 0 for none
 */
struct seccomp_action {
	u32 value;
	const char *name;
	int signal;
};

/* Strongest first; an action's place is its bit in a set of actions. */
extern const struct seccomp_action seccomp_actions[];
extern const unsigned int seccomp_actions_nr;

int seccomp_action_index(u32 value);
int seccomp_action_signal(u32 value);
int seccomp_act(const struct seccomp_data *sd,
		const struct seccomp_verdict *verdict);
bool seccomp_act_trace(const struct seccomp_verdict *verdict);

/* log.c */
bool seccomp_log_decide(u32 action, u32 logged, bool asked, bool audit_on,
			bool audited);
void seccomp_log(const struct seccomp_data *sd,
		 const struct seccomp_verdict *verdict, int sig);
u32 seccomp_logged_set(void);
u32 seccomp_logged_exchange(u32 set);
void seccomp_log_setting(const char *actions, const char *old_actions,
			 bool done);

/* names.c */
#define SECCOMP_NAMES_INPUT_MAX		4095

int seccomp_names_parse(const char *text, size_t len, u32 *set);
void seccomp_names_print(char *buf, size_t size, u32 set, const char *sep);

/* verdict.c */
bool seccomp_always_allows(const struct sock_filter *insns, unsigned int len,
			   int nr, u32 arch);
#ifdef SECCOMP_ARCH_NATIVE
void seccomp_allowed_learn(struct seccomp_allowed *allowed,
			   const struct sock_fprog_kern *prog);
void seccomp_allowed_restrict(struct seccomp_allowed *allowed,
			      const struct seccomp_allowed *below);
bool seccomp_allowed_test(const struct seccomp_allowed *allowed, int nr,
			  u32 arch);
#else
static inline void seccomp_allowed_learn(struct seccomp_allowed *allowed,
					 const struct sock_fprog_kern *prog)
{
}

static inline void seccomp_allowed_restrict(struct seccomp_allowed *allowed,
					    const struct seccomp_allowed *below)
{
}

static inline bool seccomp_allowed_test(const struct seccomp_allowed *allowed,
					int nr, u32 arch)
{
	return false;
}
#endif

/* eval.c */
#ifdef CONFIG_SECCOMP_FILTER
bool seccomp_passes(void);
#else
static inline bool seccomp_passes(void)
{
	return false;
}
#endif
void seccomp_evaluate(const struct seccomp_data *sd,
		      struct seccomp_verdict *verdict);

/* check.c */
int seccomp_check_program(struct sock_filter *insns, unsigned int len);

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
struct seccomp_filter *seccomp_filter_get_newest(struct task_struct *task);
struct seccomp_filter *seccomp_filter_get_nth(struct task_struct *task,
					      unsigned long n);
long seccomp_filter_attach(unsigned int flags, const void __user *uprog);
#else
static inline long seccomp_filter_attach(unsigned int flags,
					 const void __user *uprog)
{
	return -EINVAL;
}
#endif

#endif /* _KERNEL_SECCOMP_INTERNAL_H */
