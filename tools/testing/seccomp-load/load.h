/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A load of everything that seccomp does, at once. Processes called workers make
 * random operations, others change the settings; a reader counts all records.
 */
#ifndef SECCOMP_LOAD_H
#define SECCOMP_LOAD_H

#include "../selftests/seccomp/common.h"

/* Newer than the headers */
#ifndef SECCOMP_FILTER_FLAG_LOG_ONCE
#define SECCOMP_FILTER_FLAG_LOG_ONCE	0x80000000U
#endif
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV	0x20U
#endif

/* Targets make this call, of which supervisors are notified. */
#define NOTIFY_NR	__NR_getpgid

/* The control group whose memory is limited */
#define LOAD_CGROUP	"/sys/fs/cgroup/seccomp-load"

#define OPERATIONS_MAX	16

/* Longer than any sequence takes, in ms: whoever waits then is stuck */
#define SEQUENCE_MS	180000

struct config {
	uint64_t seed;
	unsigned int seconds;
	unsigned int workers;
	bool native;		/* leave settings, audit and groups alone */
	const char *faults;	/* what is broken on purpose, or "" */
};

/* Shared by all processes */
struct shared {
	unsigned long sequences;
	unsigned long overdue;	/* sequences that did not end */
	unsigned long killed;	/* sequences that a signal ended */
	unsigned long operations[OPERATIONS_MAX];
	unsigned long changes;	/* of sysctls */
	unsigned long rules;	/* audit rules added */
	unsigned long inclusions; /* rules that exclude records deleted */
	unsigned long limits;	/* changes of audit's limits */
	unsigned long daemons;	/* starts of auditd */
	unsigned long daemons_killed;
	unsigned long stalls;	/* of auditd */
};

/* In KiB */
struct memory {
	long slab, available, vmalloc;
};

extern struct config config;
extern struct shared *shared;

/* For a member of struct shared */
static inline void count_one(unsigned long *count)
{
	__atomic_add_fetch(count, 1, __ATOMIC_RELAXED);
}

#define one_of(array)	((array)[rnd(ARRAY_SIZE(array))])

/* random.c: numbers that depend on the last rnd_start() of the thread alone */
void rnd_start(uint64_t a, uint64_t b, uint64_t c);
uint64_t rnd64(void);
uint32_t rnd(uint32_t end);
bool chance(unsigned int percent);

/* load.c */
/* Wait for a time or until the load is to stop; true if it is. */
bool pause_ms(int ms);
/* Wait for the end of a child. Returns its status. */
int wait_child(pid_t pid);

/* worker.c */
/* Make sequences of operations until the load is to stop. */
void work(unsigned int worker);
/* Make one sequence in a child and print its operations. Returns its status. */
int work_once(unsigned int worker, uint64_t sequence);
const char *operation_name(unsigned int index);

/* filters.c */
/* Attach a random filter. Returns 0, a descriptor or -errno. */
int attach_random(unsigned int flags);
/* Attach a filter of the highest length that no other process has. */
int attach_large(void);
/* Make @nr random system calls about which the filters decide. */
void call_randomly(unsigned int nr);
/* Which flags does this kernel accept? */
void filters_init(void);

/* tasks.c */
void op_attach(void);
void op_call(void);
void op_chain(void);
void op_fork(void);
void op_exec(void);
void op_threads(void);
void op_strict(void);
void op_proc(void);
/* What "load --executed SEED" does */
int executed(const char *seed);

/* stuck.c */
/* Print what the descendants of a process wait for. */
void stuck_show(pid_t ancestor);
void stuck_kill(pid_t ancestor);

/* notify.c */
void op_notify(void);

/* trace.c */
void op_trace(void);

/* memory.c */
int memory_init(void);
void memory_end(void);
void op_memory(void);
/* Have children that keep filters. */
void memory_hold(void);
/* What the kernel uses, after all that can be freed was freed */
void memory_read(struct memory *memory);

/* admin.c: each runs until the load is to stop */
void admin_sysctls(void);
void admin_rules(void);
void admin_daemon(void);
/* Before the load. Returns 0 or -errno. */
int admin_init(void);
/* Undo all changes of settings. Returns 0 or -errno. */
int admin_restore(void);
/* Records that audit has lost since boot, or -errno */
long long admin_lost(void);
/* Have a record written after all others. Returns 0 or -errno. */
int admin_mark(const char *marker);

/* log.c */
struct log_result {
	unsigned long records, filters, lost, left_out;
	unsigned long wrong;		/* filters whose records do not add up */
	unsigned long incomplete;	/* filters without a summary */
	unsigned long unannounced;	/* filters without an announcement */
	unsigned long invalid;		/* records of another form */
	unsigned long overruns;		/* the reader was too slow */
	unsigned long long newest;	/* the highest id of a filter */
};

#define LOG_MARKER	"seccomp-load-end"

/*
 * Read records in a child. After the marker it waits for summaries, writes @result
 * and exits with 0. Filters up to the id @since are of an earlier load: their
 * summaries may be written again.
 */
pid_t log_start(struct log_result *result, unsigned long long since);

/* account.c */
struct log_entry;
void account_start(unsigned long long since);
void account_add(const struct log_entry *entry);
/* Are there filters with records and without a summary? */
bool account_pending(void);
/* Count, and print the first mistakes. */
void account_finish(struct log_result *result);

#endif /* SECCOMP_LOAD_H */
