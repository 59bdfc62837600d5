// SPDX-License-Identifier: GPL-2.0
/*
 * The source `trace`: SECCOMP_RET_TRACE and ptrace.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "filter.h"
#include "sclog.h"
#include "signals.h"
#include "task.h"
#include "trace.h"

/* stop, as PTRACE_EVENT_STOP of <linux/ptrace.h>, which glibc's cannot stand */
#define EVENT_STOP	128

#define OPTIONS		(PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |	\
			 PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |	\
			 PTRACE_O_EXITKILL)

/**
 * struct tracer - a run
 * @refusals: kill and trap are to be seen, not SECCOMP_RET_TRACE
 * @trapped: thread or process that had a SIGSYS last
 * @said_ptrace: it was said that the command cannot use ptrace
 */
struct tracer {
	struct watch *watch;
	struct tasks tasks;
	bool refusals;
	pid_t trapped;
	bool said_ptrace;
};

static void kill_all(void *source, int signal)
{
	const struct tracer *tracer = source;
	struct task *task = NULL;

	while ((task = task_next(&tracer->tasks, task))) {
		task_read(task);
		if (task->tid == task->tgid)
			kill(task->tgid, signal);
	}
}

static void resume(pid_t tid, int signal)
{
	/* ESRCH: it was killed in the meantime, which waitpid() will tell */
	ptrace(PTRACE_CONT, tid, 0, signal);
}

static bool is_named(const struct event *event, const char *name)
{
	const char *own = event->call.abi ? call_name(&event->call) : NULL;

	return own && !strcmp(own, name);
}

#ifdef __x86_64__
static bool set_argument0(pid_t tid, const struct event *event, uint64_t value)
{
	size_t at = event->audit_arch == AUDIT_ARCH_I386 ?
		offsetof(struct user, regs.rbx) :
		offsetof(struct user, regs.rdi);

	return !ptrace(PTRACE_POKEUSER, tid, at, value);
}
#else
static bool set_argument0(pid_t tid, const struct event *event, uint64_t value)
{
	return false;
}
#endif

/* The call is to make a process that is traced */
static void clear_untraced(struct watch *watch, const struct event *event,
			   bool in_memory, uint64_t flags)
{
	if (!(flags & CLONE_UNTRACED))
		return;
	flags &= ~CLONE_UNTRACED;
	if (in_memory ? !ptrace(PTRACE_POKEDATA, event->tid, event->args[0],
				flags) :
			set_argument0(event->tid, event, flags))
		return;
	watch_lost(watch, 1,
		   xasprintf("%s[%d] has made a process that cannot be traced",
			     event->comm, event->pid));
}

static void handle_clone3(struct watch *watch, const struct event *event)
{
	struct clone_args args = {};

	if (read_memory(event->tid, event->args[0], &args,
			CLONE_ARGS_SIZE_VER0) != CLONE_ARGS_SIZE_VER0)
		return;
	clear_untraced(watch, event, true, args.flags);
	if (watch->clone3)
		watch->clone3(watch, event, args.flags, args.exit_signal);
}

static void deliver(struct watch *watch, struct event *event)
{
	char *path = NULL;

	if (watch->paths)
		path = task_path(event);
	event->path = path;
	watch->calls++;
	watch->event(watch, event);
	free(path);
}

/* A stop of SECCOMP_RET_TRACE: the call is made when the thread goes on */
static void handle_call(struct tracer *tracer, struct task *task)
{
	struct watch *watch = tracer->watch;
	struct __ptrace_syscall_info info;
	struct event event = {
		.kind = EVENT_CALL,
		.source = SOURCE_TRACE,
		.action = SECCOMP_RET_TRACE,
		.args_known = EVENT_ARGS_ALL,
		.count = 1,
	};

	if (ptrace(PTRACE_GET_SYSCALL_INFO, task->tid, sizeof(info), &info) <= 0)
		return;
	if (info.op != PTRACE_SYSCALL_INFO_SECCOMP)
		return;
	event.audit_arch = info.arch;
	event.call.nr = info.seccomp.nr;
	event.call.abi = abi_by_audit(info.arch, event.call.nr);
	event.ip = info.instruction_pointer;
	memcpy(event.args, info.seccomp.args, sizeof(event.args));
	task_event(task, &event);
	if (is_named(&event, "clone"))
		clear_untraced(watch, &event, false, event.args[0]);
	if (!tracer->said_ptrace && is_named(&event, "ptrace")) {
		tracer->said_ptrace = true;
		pr_warn("%s[%d] uses ptrace, which fails here, since sclog does: try --source=notify",
			task->comm, task->tid);
	}
	deliver(watch, &event);
	if (is_named(&event, "clone3"))
		handle_clone3(watch, &event);
	if (is_renaming(&event))
		task_changed(task);
}

#ifdef __x86_64__
/* What a thread in a call of a convention has passed, which is in registers */
static bool read_registers(pid_t tid, struct event *event, bool *is_32)
{
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, tid, 0, &regs))
		return false;
	/*
	 * A thread of 32 bits has this code segment. int $0x80 of one of 64
	 * bits cannot be told from its registers.
	 */
	*is_32 = regs.cs == 0x23;
	event->call.nr = regs.orig_rax;
	event->ip = regs.rip;
	event->args_known = EVENT_ARGS_ALL;
	if (*is_32) {
		const uint64_t args[] = { regs.rbx, regs.rcx, regs.rdx,
					  regs.rsi, regs.rdi, regs.rbp };

		for (int i = 0; i < EVENT_ARGS; i++)
			event->args[i] = (uint32_t)args[i];
	} else {
		const uint64_t args[] = { regs.rdi, regs.rsi, regs.rdx,
					  regs.r10, regs.r8, regs.r9 };

		memcpy(event->args, args, sizeof(args));
	}
	return true;
}
#else
static bool read_registers(pid_t tid, struct event *event, bool *is_32)
{
	return false;
}
#endif

/* SIGSYS of seccomp, before the thread gets it */
static void handle_trap(struct tracer *tracer, struct task *task)
{
	struct event event = {
		.kind = EVENT_CALL,
		.source = SOURCE_TRACE,
		.action = SECCOMP_RET_TRAP,
		.sig = SIGSYS,
		.count = 1,
	};
	siginfo_t info;
	bool is_32, by_i386;

	/* 1 is SYS_SECCOMP, others may send a SIGSYS, too */
	if (ptrace(PTRACE_GETSIGINFO, task->tid, 0, &info) ||
	    info.si_signo != SIGSYS || info.si_code != 1)
		return;
	/* arguments of int $0x80 of a thread of 64 bits would be others */
	by_i386 = info.si_arch == AUDIT_ARCH_I386;
	if (read_registers(task->tid, &event, &is_32) && is_32 != by_i386)
		event.args_known = 0;
	event.audit_arch = info.si_arch;
	event.call.nr = info.si_syscall;
	event.call.abi = abi_by_audit(info.si_arch, info.si_syscall);
	task_event(task, &event);
	tracer->trapped = task->tid;
	/* a filter of its own may trap, too */
	if (tracer->watch->refuses(tracer->watch, &event))
		deliver(tracer->watch, &event);
}

/* The registers of a thread that seccomp kills are those of its call */
static void handle_exit(struct tracer *tracer, struct task *task)
{
	struct event event = {
		.kind = EVENT_CALL,
		.source = SOURCE_TRACE,
		.action = SECCOMP_RET_KILL_PROCESS,
		.sig = SIGSYS,
		.count = 1,
	};
	unsigned long status;
	bool is_32;

	if (ptrace(PTRACE_GETEVENTMSG, task->tid, 0, &status) ||
	    !WIFSIGNALED((int)status) || WTERMSIG((int)status) != SIGSYS ||
	    !read_registers(task->tid, &event, &is_32))
		return;
	event.audit_arch = is_32 ? AUDIT_ARCH_I386 : AUDIT_ARCH_X86_64;
	event.call.abi = abi_by_audit(event.audit_arch, event.call.nr);
	task_event(task, &event);
	/* the signal of a trap was not caught: that was told before */
	if (tracer->trapped == task->tgid || tracer->trapped == task->tid)
		return;
	/* the other threads of its process end in the same way, in any order */
	if (!tracer->watch->refuses(tracer->watch, &event))
		return;
	tracer->trapped = task->tgid;
	deliver(tracer->watch, &event);
}

static void handle_exec(struct tracer *tracer, pid_t tid)
{
	unsigned long former;

	/* a thread that is not the leader has the leader's id from now on */
	if (!ptrace(PTRACE_GETEVENTMSG, tid, 0, &former) &&
	    (pid_t)former != tid)
		task_remove(&tracer->tasks, former);
	task_changed(task_get(&tracer->tasks, tid));
	watch_executed(tracer->watch, tid);
}

static bool is_stopping(int signal)
{
	return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN ||
	       signal == SIGTTOU;
}

static void handle_stop(struct tracer *tracer, pid_t tid, int status)
{
	/* also a new thread, whose stop may come before its parent's event */
	struct task *task = task_get(&tracer->tasks, tid);
	int signal = WSTOPSIG(status);

	switch (status >> 16) {
	case PTRACE_EVENT_SECCOMP:
		handle_call(tracer, task);
		resume(tid, 0);
		break;
	case EVENT_STOP:
		if (is_stopping(signal))
			ptrace(PTRACE_LISTEN, tid, 0, 0);
		else
			resume(tid, 0);
		break;
	case PTRACE_EVENT_EXEC:
		handle_exec(tracer, tid);
		resume(tid, 0);
		break;
	case PTRACE_EVENT_EXIT:
		handle_exit(tracer, task);
		resume(tid, 0);
		break;
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		tracer->watch->others = true;
		resume(tid, 0);
		break;
	case 0:
		if (tracer->refusals && signal == SIGSYS)
			handle_trap(tracer, task);
		resume(tid, signal);
		break;
	default:
		resume(tid, 0);
		break;
	}
}

static void say_remaining(struct tracer *tracer)
{
	pid_t *pids = xcalloc(tracer->tasks.count, sizeof(*pids));
	struct task *task = NULL;
	size_t nr = 0;

	while ((task = task_next(&tracer->tasks, task))) {
		task_read(task);
		if (task->tid == task->tgid)
			pids[nr++] = task->tid;
	}
	watch_remaining(tracer->watch, pids, nr);
	free(pids);
}

/*
 * What goes on after the command is said at the next tick: most of it ends by
 * itself right behind.
 */
static void trace_loop(struct tracer *tracer)
{
	struct watch *watch = tracer->watch;
	bool was_tick;
	int status;
	pid_t tid;

	for (;;) {
		tid = waitpid(-1, &status, __WALL);
		if (signals.any) {
			was_tick = signals.tick;
			watch_signals(watch, kill_all, tracer);
			if (was_tick && watch->main_ended &&
			    watch->until == UNTIL_ALL)
				say_remaining(tracer);
		}
		if (tid < 0 && errno == EINTR)
			continue;
		if (tid < 0)
			break;
		if (WIFSTOPPED(status)) {
			handle_stop(tracer, tid, status);
			/* a process that was forked while the others got it */
			if (watch->killed)
				kill_all(tracer, SIGKILL);
			continue;
		}
		task_remove(&tracer->tasks, tid);
		if (tid == watch->command.pid)
			watch_ended(watch, status);
	}
}

bool trace_possible(void)
{
	struct __ptrace_syscall_info info;
	bool possible;
	int status;
	pid_t pid = fork();

	if (pid < 0)
		return false;
	if (pid == 0)
		for (;;)
			pause();
	possible = !ptrace(PTRACE_SEIZE, pid, 0, OPTIONS) &&
		!ptrace(PTRACE_INTERRUPT, pid, 0, 0) &&
		waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status) &&
		ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) > 0;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, __WALL);
	return possible;
}

static int run(struct watch *watch, bool refusals)
{
	struct tracer tracer = {
		.watch = watch,
		.refusals = refusals,
	};
	long seized;
	int status = command_start(&watch->command, &watch->prog, START_TRACED);

	if (status)
		return status;
	seized = ptrace(PTRACE_SEIZE, watch->command.pid, 0, OPTIONS |
			(refusals ? PTRACE_O_TRACEEXIT : PTRACE_O_TRACESECCOMP));
	if (seized) {
		pr_err("%s: ptrace is forbidden here: %s", watch->verb,
		       strerror(errno));
		kill(watch->command.pid, SIGKILL);
		waitpid(watch->command.pid, NULL, 0);
		return STATUS_NO_FILTER;
	}
	watch_started(watch);
	command_go(&watch->command);
	trace_loop(&tracer);
	tasks_free(&tracer.tasks);
	return command_failed(&watch->command);
}

int trace_run(struct watch *watch)
{
	return run(watch, false);
}

int trace_refusals(struct watch *watch)
{
	return run(watch, true);
}

struct policy *trace_untraced(const struct policy *policy)
{
	struct policy *asks = policy_new();
	struct rule traced = {
		.action = SCMP_ACT_ALLOW,
		.cmps = { { 0, SCMP_CMP_MASKED_EQ, CLONE_UNTRACED, 0 } },
		.nr_cmps = 1,
	};

	policy_merge(asks, policy, NULL, NULL);
	for (const struct abi *abi = abi_next(NULL); abi; abi = abi_next(abi)) {
		struct policy_call *known;
		struct call call;

		/* the filter asks about all of it */
		if (!policy_has_arch(asks, abi))
			continue;
		if (!call_by_name(abi, "clone3", &call)) {
			known = policy_find(asks, &call);
			if (known)
				policy_clear_rules(known);
		}
		if (call_by_name(abi, "clone", &call))
			continue;
		known = policy_find(asks, &call);
		if (known && known->nr_rules == 1 && !known->rules[0].nr_cmps &&
		    known->rules[0].action == SCMP_ACT_ALLOW) {
			policy_clear_rules(known);
			policy_add_rule(asks, &call, &traced);
		}
	}
	return asks;
}
