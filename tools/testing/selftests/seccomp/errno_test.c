// SPDX-License-Identifier: GPL-2.0
/*
 * Which error is reported if a request is wrong in more than one way. The order
 * is that of Linux: this passes on the seccomp of a stock kernel, too.
 */
#include "common.h"

#include <poll.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>

#include "notify.h"
#include "../kselftest_harness.h"

#define BIT(nr)		(1U << (nr))

/* Nothing is mapped there. */
#define BAD_ADDRESS	((void *)8)

/* The error that a call fails with, 0 if it succeeds */
#define ERROR(call)	((call) == -1 ? errno : 0)

/* No error numbers: the test could not make the request, or changed something */
#define NO_REQUEST	200
#define CHANGED		201
/* Thread sync has returned the id of a thread. */
#define THREAD_ID	202

/* One way in which a request can be wrong */
struct fault {
	const char *name;
	int error;
	unsigned int without;	/* bits of later ones that exclude it */
};

/*
 * @faults are in the order in which they are reported. Make the request with each
 * of them that is in @which, and with each two of them.
 */
static void expect_order(struct __test_metadata *_metadata,
			 const struct fault *faults, int nr, unsigned int which,
			 int (*request)(unsigned int))
{
	for (int a = 0; a < nr; a++) {
		for (int b = a; b < nr; b++) {
			unsigned int both = BIT(a) | BIT(b);

			if ((which & both) != both ||
			    (a != b && faults[a].without & BIT(b)))
				continue;
			EXPECT_EQ(faults[a].error, request(both)) {
				TH_LOG("%s + %s", faults[a].name,
				       faults[b].name);
			}
		}
	}
}

#define EXPECT_ORDER(faults, which, request)				\
	expect_order(_metadata, faults, ARRAY_SIZE(faults), which, request)

/* Two pages, the second with another protection */
static char *two_pages(int protection)
{
	int size = getpagesize();
	char *pages = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	mprotect(pages + size, size, protection);
	return pages;
}

/* Where @size bytes can be used and the next one cannot */
static void *before_the_end(size_t size)
{
	return two_pages(PROT_NONE) + getpagesize() - size;
}

/* Attach a filter */

enum {
	ATTACH_UNKNOWN_FLAG,
	ATTACH_FLAG_CONFLICT,
	ATTACH_LONE_FLAG,
	ATTACH_BAD_PROG,
	ATTACH_NO_INSNS,
	ATTACH_MANY_INSNS,
	ATTACH_NO_PRIVILEGE,
	ATTACH_NULL_INSNS,
	ATTACH_BAD_INSNS,
	ATTACH_UNSOUND,
	ATTACH_NOT_FOR_SECCOMP,
	ATTACH_NO_FD,
	ATTACH_STRICT,
	ATTACH_LISTENER,
	ATTACH_LONG_CHAIN,
	ATTACH_THREAD,
	ATTACH_THREAD_ESRCH,
	ATTACH_FAULTS
};

#define ALL_ATTACH_FAULTS	(BIT(ATTACH_FAULTS) - 1)
#define WITH_FLAGS		(BIT(ATTACH_UNKNOWN_FLAG) |		\
				 BIT(ATTACH_FLAG_CONFLICT) |		\
				 BIT(ATTACH_LONE_FLAG) |		\
				 BIT(ATTACH_NO_FD) |			\
				 BIT(ATTACH_LISTENER) |			\
				 BIT(ATTACH_THREAD) |			\
				 BIT(ATTACH_THREAD_ESRCH))
#define BAD_PROGRAMS		(BIT(ATTACH_NULL_INSNS) |		\
				 BIT(ATTACH_BAD_INSNS) |		\
				 BIT(ATTACH_UNSOUND) |			\
				 BIT(ATTACH_NOT_FOR_SECCOMP))

static const struct fault attach_faults[] = {
	[ATTACH_UNKNOWN_FLAG] = { "unknown flag", EINVAL },
	[ATTACH_FLAG_CONFLICT] = {
		"NEW_LISTENER and TSYNC", EINVAL, BIT(ATTACH_THREAD_ESRCH)
	},
	[ATTACH_LONE_FLAG] = {
		"WAIT_KILLABLE_RECV alone", EINVAL,
		BIT(ATTACH_NO_FD) | BIT(ATTACH_LISTENER)
	},
	[ATTACH_BAD_PROG] = {
		"sock_fprog cannot be read", EFAULT,
		BIT(ATTACH_NO_INSNS) | BIT(ATTACH_MANY_INSNS) | BAD_PROGRAMS
	},
	[ATTACH_NO_INSNS] = {
		"no instructions", EINVAL, BIT(ATTACH_MANY_INSNS)
	},
	[ATTACH_MANY_INSNS] = { "too many instructions", EINVAL },
	[ATTACH_NO_PRIVILEGE] = { "no privilege", EACCES },
	[ATTACH_NULL_INSNS] = { "instructions at NULL", EINVAL, BAD_PROGRAMS },
	[ATTACH_BAD_INSNS] = {
		"instructions cannot be read", EFAULT, BAD_PROGRAMS
	},
	[ATTACH_UNSOUND] = { "unsound program", EINVAL, BAD_PROGRAMS },
	[ATTACH_NOT_FOR_SECCOMP] = { "program for packets", EINVAL },
	[ATTACH_NO_FD] = { "no descriptor left", EMFILE, BIT(ATTACH_THREAD) },
	[ATTACH_STRICT] = {
		"strict mode", EINVAL,
		BIT(ATTACH_LISTENER) | BIT(ATTACH_LONG_CHAIN)
	},
	[ATTACH_LISTENER] = {
		"the chain has a listener", EBUSY, BIT(ATTACH_THREAD)
	},
	[ATTACH_LONG_CHAIN] = { "the chain is too long", ENOMEM },
	[ATTACH_THREAD] = {
		"another thread has a filter", THREAD_ID,
		BIT(ATTACH_THREAD_ESRCH)
	},
	[ATTACH_THREAD_ESRCH] = {
		"another thread has a filter, TSYNC_ESRCH", ESRCH
	},
};

/* Not on the stack: i386 has addresses of 32 bits. */
static struct sock_filter insns[BPF_MAXINSNS + 1];
static struct sock_fprog prog = { .filter = insns };

static int by_seccomp(unsigned int flags, struct sock_fprog *uprog)
{
	return seccomp(SECCOMP_SET_MODE_FILTER, flags, uprog);
}

static int by_prctl(unsigned int flags, struct sock_fprog *uprog)
{
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, uprog, 0, 0);
}

#if defined(__x86_64__) && !defined(__ILP32__)
#define I386_SECCOMP	354

static int by_i386(unsigned int flags, struct sock_fprog *uprog)
{
	static struct {
		uint16_t len;
		uint32_t filter;
	} prog32;
	int ret;

	prog32.len = prog.len;
	prog32.filter = (uintptr_t)prog.filter;
	ret = raw_int80(I386_SECCOMP, SECCOMP_SET_MODE_FILTER, flags,
			uprog == &prog ? (long)&prog32 : (long)uprog, 0, 0, 0);
	if (ret < 0) {
		errno = -ret;
		return -1;
	}
	return ret;
}
#endif

static int (*attach_by)(unsigned int, struct sock_fprog *) = by_seccomp;

/* A filter of @len instructions, whether or not it needs a privilege */
static int attach_allow(unsigned short len, unsigned int flags)
{
	struct sock_fprog allow = { len, insns };

	return by_seccomp(flags, &allow);
}

static int ready_pipe[2];

static void *attach_and_stay(void *arg)
{
	if (attach_allow(1, 0) || write(ready_pipe[1], "r", 1) != 1)
		_exit(NO_REQUEST);
	pause();
	return NULL;
}

/* Bring the calling process into the state that the request is wrong in. */
static bool prepare_to_attach(unsigned int faults)
{
	struct rlimit none = {};
	pthread_t thread;
	char byte;

	for (int i = 0; i < ARRAY_SIZE(insns); i++)
		insns[i] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
	if (faults & (BIT(ATTACH_THREAD) | BIT(ATTACH_THREAD_ESRCH)) &&
	    (pipe(ready_pipe) ||
	     pthread_create(&thread, NULL, attach_and_stay, NULL) ||
	     read(ready_pipe[0], &byte, 1) != 1))
		return false;
	if (faults & BIT(ATTACH_LISTENER) &&
	    attach_allow(1, SECCOMP_FILTER_FLAG_NEW_LISTENER) < 0)
		return false;
	if (faults & BIT(ATTACH_LONG_CHAIN)) {
		while (!attach_allow(BPF_MAXINSNS, 0))
			;
		if (errno != ENOMEM)
			return false;
	}
	if (faults & BIT(ATTACH_STRICT)) {
		/* the tracer suspends it */
		if (ptrace(PTRACE_TRACEME, 0, 0, 0) || raise(SIGSTOP) ||
		    prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0))
			return false;
	}
	if (faults & BIT(ATTACH_NO_FD) && setrlimit(RLIMIT_NOFILE, &none))
		return false;
	return !(faults & BIT(ATTACH_NO_PRIVILEGE)) || !drop_capabilities();
}

static struct sock_fprog *make_program(unsigned int faults)
{
	prog.len = faults & BIT(ATTACH_LONG_CHAIN) ? BPF_MAXINSNS : 2;
	if (faults & BIT(ATTACH_NO_INSNS))
		prog.len = 0;
	if (faults & BIT(ATTACH_MANY_INSNS))
		prog.len = BPF_MAXINSNS + 1;
	if (faults & BIT(ATTACH_NULL_INSNS))
		prog.filter = NULL;
	if (faults & BIT(ATTACH_BAD_INSNS))
		prog.filter = BAD_ADDRESS;
	if (faults & BIT(ATTACH_UNSOUND))
		insns[0] = (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 10000);
	if (faults & BIT(ATTACH_NOT_FOR_SECCOMP))
		insns[0] = (struct sock_filter)
			BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 0);
	return faults & BIT(ATTACH_BAD_PROG) ? BAD_ADDRESS : &prog;
}

static unsigned int make_flags(unsigned int faults)
{
	unsigned int flags = 0;

	if (faults & BIT(ATTACH_UNKNOWN_FLAG))
		flags |= 1U << 30;
	if (faults & BIT(ATTACH_FLAG_CONFLICT))
		flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER |
			 SECCOMP_FILTER_FLAG_TSYNC;
	if (faults & BIT(ATTACH_LONE_FLAG))
		flags |= SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
	if (faults & (BIT(ATTACH_NO_FD) | BIT(ATTACH_LISTENER)))
		flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
	if (faults & BIT(ATTACH_THREAD))
		flags |= SECCOMP_FILTER_FLAG_TSYNC;
	if (faults & BIT(ATTACH_THREAD_ESRCH))
		flags |= SECCOMP_FILTER_FLAG_TSYNC |
			 SECCOMP_FILTER_FLAG_TSYNC_ESRCH;
	return flags;
}

/* What /proc has of the calling thread's mode and filters */
static bool read_state(int status, char *text, size_t size)
{
	char buf[4096];
	ssize_t len = pread(status, buf, sizeof(buf) - 1, 0);
	char *at;

	if (len < 0)
		return false;
	buf[len] = '\0';
	at = strstr(buf, "NoNewPrivs:");
	if (!at)
		return false;
	snprintf(text, size, "%s", at);
	return true;
}

static int attach_in_child(unsigned int faults)
{
	int status = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	char before[256], after[256];
	int ret, error;

	if (!prepare_to_attach(faults) ||
	    !read_state(status, before, sizeof(before)))
		return NO_REQUEST;
	ret = attach_by(make_flags(faults), make_program(faults));
	error = ret < 0 ? errno : ret > 0 ? THREAD_ID : 0;
	if (!read_state(status, after, sizeof(after)))
		return NO_REQUEST;
	return !error || !strcmp(before, after) ? error : CHANGED;
}

/* Let a child go on that has stopped itself, whatever mode it enters. */
static bool suspend_seccomp(pid_t pid)
{
	int status;

	return waitpid(pid, &status, 0) == pid && WIFSTOPPED(status) &&
	       !ptrace(PTRACE_SETOPTIONS, pid, 0,
		       PTRACE_O_SUSPEND_SECCOMP | PTRACE_O_EXITKILL) &&
	       !ptrace(PTRACE_CONT, pid, 0, 0);
}

static int attach_wrongly(unsigned int faults)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(attach_in_child(faults));
	if (faults & BIT(ATTACH_STRICT) && !suspend_seccomp(pid))
		kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return NO_REQUEST;
	return WEXITSTATUS(status);
}

FIXTURE(attach) {
};

FIXTURE_VARIANT(attach) {
	int (*by)(unsigned int flags, struct sock_fprog *uprog);
	unsigned int faults;
};

FIXTURE_VARIANT_ADD(attach, seccomp) {
	.by = by_seccomp,
	.faults = ALL_ATTACH_FAULTS,
};

FIXTURE_VARIANT_ADD(attach, prctl) {
	.by = by_prctl,
	.faults = ALL_ATTACH_FAULTS & ~WITH_FLAGS,
};

#if defined(__x86_64__) && !defined(__ILP32__)
FIXTURE_VARIANT_ADD(attach, i386) {
	.by = by_i386,
	.faults = ALL_ATTACH_FAULTS,
};
#endif

FIXTURE_SETUP(attach)
{
	attach_by = variant->by;
}

FIXTURE_TEARDOWN(attach)
{
}

TEST_F_TIMEOUT(attach, order, 120)
{
	EXPECT_EQ(0, attach_wrongly(0));
	EXPECT_ORDER(attach_faults, variant->faults, attach_wrongly);
}

/* The other operations, which look at little */

static const uint32_t unknown_action = 0x00010000;

static const struct {
	unsigned int op, flags;
	const void *args;
	int error;
} operations[] = {
	{ 1000, 0, NULL, EINVAL },
	{ 1000, -1, BAD_ADDRESS, EINVAL },
	{ SECCOMP_SET_MODE_STRICT, 1, NULL, EINVAL },
	{ SECCOMP_SET_MODE_STRICT, 0, BAD_ADDRESS, EINVAL },
	{ SECCOMP_SET_MODE_STRICT, 1, BAD_ADDRESS, EINVAL },
	{ SECCOMP_GET_ACTION_AVAIL, 1, &unknown_action, EINVAL },
	{ SECCOMP_GET_ACTION_AVAIL, 1, BAD_ADDRESS, EINVAL },
	{ SECCOMP_GET_ACTION_AVAIL, 0, BAD_ADDRESS, EFAULT },
	{ SECCOMP_GET_ACTION_AVAIL, 0, &unknown_action, EOPNOTSUPP },
	{ SECCOMP_GET_NOTIF_SIZES, 1, BAD_ADDRESS, EINVAL },
	{ SECCOMP_GET_NOTIF_SIZES, 0, BAD_ADDRESS, EFAULT },
	/* it is not to be written */
	{ SECCOMP_GET_NOTIF_SIZES, 0, &unknown_action, EFAULT },
};

static const struct {
	unsigned long mode;
	const void *args;
	int error;
} modes[] = {
	{ SECCOMP_MODE_DISABLED, NULL, EINVAL },
	{ SECCOMP_MODE_DISABLED, BAD_ADDRESS, EINVAL },
	{ 3, BAD_ADDRESS, EINVAL },
	{ -1UL, BAD_ADDRESS, EINVAL },
	{ SECCOMP_MODE_FILTER, BAD_ADDRESS, EFAULT },
};

static void expect_errors(struct __test_metadata *_metadata)
{
	for (int i = 0; i < ARRAY_SIZE(operations); i++) {
		EXPECT_EQ(operations[i].error,
			  ERROR(seccomp(operations[i].op, operations[i].flags,
					(void *)operations[i].args))) {
			TH_LOG("operation %d", i);
		}
	}
	for (int i = 0; i < ARRAY_SIZE(modes); i++) {
		EXPECT_EQ(modes[i].error,
			  ERROR(prctl(PR_SET_SECCOMP, modes[i].mode,
				      modes[i].args, 0, 0))) {
			TH_LOG("mode %d", i);
		}
	}
}

TEST(other_operations)
{
	expect_errors(_metadata);
	EXPECT_EQ(0, prctl(PR_GET_SECCOMP, 0, 0, 0, 0));
	/* privileges are for filters alone, and a bad address is seen before */
	ASSERT_EQ(0, drop_capabilities());
	expect_errors(_metadata);
}

TEST(other_operations_of_a_filtered_thread)
{
	ASSERT_EQ(0, attach_all(SECCOMP_RET_ALLOW, 0));
	expect_errors(_metadata);
	EXPECT_EQ(EINVAL, ERROR(seccomp(SECCOMP_SET_MODE_STRICT, 0, NULL)));
	/* the argument is not for this mode */
	EXPECT_EQ(EINVAL, ERROR(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT,
				      BAD_ADDRESS, 0, 0)));
	EXPECT_EQ(2, prctl(PR_GET_SECCOMP, -1, -1, -1, -1));
}

/* Answer a call */

static bool limit_caller;

static int call_under_limit(void)
{
	struct rlimit none = {};

	if (limit_caller)
		setrlimit(RLIMIT_NOFILE, &none);
	return call_once();
}

/* A call that waits, and who is to answer it */
struct waiting {
	int listener;
	pid_t caller;
	pid_t helper;
	uint64_t id;
};

static int receive(struct waiting *w, void *notif)
{
	return ERROR(ioctl(w->listener, SECCOMP_IOCTL_NOTIF_RECV, notif));
}

/*
 * Only the call's id can be written, so this fails and the call is as if nobody
 * had received it.
 */
static bool learn_id(struct waiting *w)
{
	uint64_t *id = (void *)(two_pages(PROT_READ) + getpagesize() -
				sizeof(*id));

	if (receive(w, id) != EFAULT)
		return false;
	w->id = *id;
	return true;
}

enum progress { POSTED, RECEIVED, ANSWERED };

static bool start_call(struct waiting *w, enum progress progress)
{
	struct sched_param param = { .sched_priority = 1 };
	struct pollfd ready = { .events = POLLIN };
	struct seccomp_notif notif = {};
	cpu_set_t one;

	memset(w, 0, sizeof(*w));
	CPU_ZERO(&one);
	CPU_SET(0, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		return false;
	w->listener = start(&w->caller, 0, call_under_limit);
	ready.fd = w->listener;
	if (poll(&ready, 1, -1) != 1 || ready.revents != POLLIN || !learn_id(w))
		return false;
	if (progress == POSTED)
		return true;
	if (receive(w, &notif) || notif.id != w->id)
		return false;
	if (progress == RECEIVED)
		return true;
	/* the caller does not run before this process sleeps */
	return !sched_setscheduler(0, SCHED_FIFO, &param) &&
	       !answer(w->listener, w->id, 0, 0, 0);
}

static void end_call(struct waiting *w)
{
	struct sched_param param = {};

	sched_setscheduler(0, SCHED_OTHER, &param);
	if (w->helper > 0) {
		kill(w->helper, SIGKILL);
		waitpid(w->helper, NULL, 0);
	}
	if (w->caller > 0) {
		kill(w->caller, SIGKILL);
		waitpid(w->caller, NULL, 0);
	}
	close(w->listener);
}

/* RECV */

enum {
	RECV_BAD_ADDRESS,
	RECV_NOT_ZERO,
	RECV_BAD_END,
	RECV_GONE,
	RECV_READ_ONLY,
	RECV_FAULTS
};

static const struct fault recv_faults[] = {
	[RECV_BAD_ADDRESS] = {
		"bad address", EFAULT,
		BIT(RECV_NOT_ZERO) | BIT(RECV_BAD_END) | BIT(RECV_READ_ONLY)
	},
	[RECV_NOT_ZERO] = { "not zero", EINVAL },
	[RECV_BAD_END] = { "bad end", EFAULT, BIT(RECV_READ_ONLY) },
	[RECV_GONE] = { "killed caller", ENOENT },
	[RECV_READ_ONLY] = { "not to be written", EFAULT },
};

static int receive_wrongly(unsigned int faults)
{
	struct seccomp_notif *notif = (void *)two_pages(PROT_NONE);
	struct waiting w;
	int error;

	if (!start_call(&w, POSTED))
		return NO_REQUEST;
	if (faults & BIT(RECV_BAD_END))
		notif = before_the_end(sizeof(*notif) / 2);
	if (faults & BIT(RECV_NOT_ZERO))
		notif->pid = 1;
	if (faults & BIT(RECV_READ_ONLY))
		mprotect(notif, getpagesize(), PROT_READ);
	if (faults & BIT(RECV_BAD_ADDRESS))
		notif = BAD_ADDRESS;
	if (faults & BIT(RECV_GONE)) {
		kill(w.caller, SIGKILL);
		waitpid(w.caller, NULL, 0);
		w.caller = 0;
	}
	error = receive(&w, notif);
	end_call(&w);
	return error;
}

TEST(receive_order)
{
	EXPECT_EQ(0, receive_wrongly(0));
	EXPECT_ORDER(recv_faults, -1, receive_wrongly);
}

/* SEND */

enum {
	SEND_BAD_END,
	SEND_UNKNOWN_FLAG,
	SEND_CONTINUE_WITH_VALUE,
	SEND_CONTINUE_WITH_ERROR,
	SEND_UNKNOWN_ID,
	SEND_NOT_RECEIVED,
	SEND_ANSWERED,
};

static const struct fault send_faults[] = {
	[SEND_BAD_END] = {
		"bad end", EFAULT,
		BIT(SEND_UNKNOWN_FLAG) | BIT(SEND_CONTINUE_WITH_VALUE) |
		BIT(SEND_CONTINUE_WITH_ERROR)
	},
	[SEND_UNKNOWN_FLAG] = { "unknown flag", EINVAL },
	[SEND_CONTINUE_WITH_VALUE] = { "value and CONTINUE", EINVAL },
	[SEND_CONTINUE_WITH_ERROR] = { "error and CONTINUE", EINVAL },
	[SEND_UNKNOWN_ID] = {
		"unknown id", ENOENT, BIT(SEND_NOT_RECEIVED) | BIT(SEND_ANSWERED)
	},
	[SEND_NOT_RECEIVED] = { "not received", EINPROGRESS, BIT(SEND_ANSWERED) },
	[SEND_ANSWERED] = { "answered", EINPROGRESS },
};

static int send_wrongly(unsigned int faults)
{
	struct seccomp_notif_resp *resp, bad_end;
	struct waiting w;
	int error;

	if (!start_call(&w, faults & BIT(SEND_NOT_RECEIVED) ? POSTED :
			    faults & BIT(SEND_ANSWERED) ? ANSWERED : RECEIVED))
		return NO_REQUEST;
	resp = faults & BIT(SEND_BAD_END) ?
	       before_the_end(sizeof(*resp) - sizeof(resp->flags)) : &bad_end;
	memset(resp, 0, sizeof(*resp) - sizeof(resp->flags));
	resp->id = faults & BIT(SEND_UNKNOWN_ID) ? ~w.id : w.id;
	if (!(faults & BIT(SEND_BAD_END)))
		resp->flags = faults & BIT(SEND_UNKNOWN_FLAG) ? 2 : 0;
	if (faults & BIT(SEND_CONTINUE_WITH_VALUE)) {
		resp->flags |= SECCOMP_USER_NOTIF_FLAG_CONTINUE;
		resp->val = 1;
	}
	if (faults & BIT(SEND_CONTINUE_WITH_ERROR)) {
		resp->flags |= SECCOMP_USER_NOTIF_FLAG_CONTINUE;
		resp->error = -1;
	}
	error = ERROR(ioctl(w.listener, SECCOMP_IOCTL_NOTIF_SEND, resp));
	end_call(&w);
	return error;
}

TEST(send_order)
{
	EXPECT_EQ(0, send_wrongly(0));
	EXPECT_ORDER(send_faults, -1, send_wrongly);
}

/* ID_VALID, by both numbers */

enum {
	ID_BAD_END,
	ID_UNKNOWN,
	ID_NOT_RECEIVED,
	ID_ANSWERED,
};

static const struct fault id_faults[] = {
	[ID_BAD_END] = { "bad end", EFAULT, BIT(ID_UNKNOWN) },
	[ID_UNKNOWN] = {
		"unknown id", ENOENT, BIT(ID_NOT_RECEIVED) | BIT(ID_ANSWERED)
	},
	[ID_NOT_RECEIVED] = { "not received", ENOENT, BIT(ID_ANSWERED) },
	[ID_ANSWERED] = { "answered", ENOENT },
};

static unsigned long id_valid = SECCOMP_IOCTL_NOTIF_ID_VALID;

static int ask_wrongly(unsigned int faults)
{
	struct waiting w;
	uint64_t id;
	int error;

	if (!start_call(&w, faults & BIT(ID_NOT_RECEIVED) ? POSTED :
			    faults & BIT(ID_ANSWERED) ? ANSWERED : RECEIVED))
		return NO_REQUEST;
	id = faults & BIT(ID_UNKNOWN) ? ~w.id : w.id;
	error = ERROR(ioctl(w.listener, id_valid, faults & BIT(ID_BAD_END) ?
			    before_the_end(sizeof(id) / 2) : &id));
	end_call(&w);
	return error;
}

TEST(id_valid_order)
{
	EXPECT_EQ(0, ask_wrongly(0));
	EXPECT_ORDER(id_faults, -1, ask_wrongly);
	id_valid = SECCOMP_IOR(2, __u64);
	EXPECT_EQ(0, ask_wrongly(0));
	EXPECT_ORDER(id_faults, -1, ask_wrongly);
}

/* ADDFD */

enum {
	ADDFD_SHORT,
	ADDFD_PAGE,
	ADDFD_BAD_END,
	ADDFD_TAIL,
	ADDFD_UNKNOWN_FD_FLAG,
	ADDFD_UNKNOWN_FLAG,
	ADDFD_NUMBER,
	ADDFD_BAD_FD,
	ADDFD_UNKNOWN_ID,
	ADDFD_NOT_RECEIVED,
	ADDFD_ANSWERED,
	ADDFD_BUSY,
	ADDFD_HIGH_NUMBER,
	ADDFD_NO_FD,
};

static const struct fault addfd_faults[] = {
	[ADDFD_SHORT] = {
		"too short", EINVAL, BIT(ADDFD_PAGE) | BIT(ADDFD_TAIL)
	},
	[ADDFD_PAGE] = { "as long as a page", EINVAL, BIT(ADDFD_TAIL) },
	[ADDFD_BAD_END] = {
		"bad end", EFAULT,
		BIT(ADDFD_TAIL) | BIT(ADDFD_UNKNOWN_FD_FLAG)
	},
	[ADDFD_TAIL] = { "more than is known", E2BIG },
	[ADDFD_UNKNOWN_FD_FLAG] = { "unknown flag for the descriptor", EINVAL },
	[ADDFD_UNKNOWN_FLAG] = { "unknown flag", EINVAL },
	[ADDFD_NUMBER] = {
		"number without SETFD", EINVAL, BIT(ADDFD_HIGH_NUMBER)
	},
	[ADDFD_BAD_FD] = { "no such descriptor", EBADF },
	[ADDFD_UNKNOWN_ID] = {
		"unknown id", ENOENT,
		BIT(ADDFD_NOT_RECEIVED) | BIT(ADDFD_ANSWERED) | BIT(ADDFD_BUSY)
	},
	[ADDFD_NOT_RECEIVED] = {
		"not received", EINPROGRESS, BIT(ADDFD_ANSWERED) | BIT(ADDFD_BUSY)
	},
	[ADDFD_ANSWERED] = { "answered", EINPROGRESS, BIT(ADDFD_BUSY) },
	[ADDFD_BUSY] = { "another under way", EBUSY },
	[ADDFD_HIGH_NUMBER] = { "number over the caller's limit", EBADF },
	[ADDFD_NO_FD] = { "caller at its limit", EMFILE },
};

/* Have a descriptor sent that the caller cannot take before this one sleeps. */
static bool keep_busy(struct waiting *w)
{
	struct sched_param param = { .sched_priority = 1 };

	if (sched_setscheduler(0, SCHED_FIFO, &param))
		return false;
	w->helper = fork();
	if (!w->helper) {
		addfd(w->listener, w->id, 0, 0, 0, 0);
		_exit(CHILD_OK);
	}
	/* until the helper sleeps */
	sched_yield();
	return w->helper > 0;
}

static int addfd_wrongly(unsigned int faults)
{
	struct seccomp_notif_addfd *addfd;
	struct waiting w;
	int size = sizeof(*addfd);
	char *buf = two_pages(PROT_NONE);
	int error;

	limit_caller = faults & BIT(ADDFD_NO_FD);
	if (!start_call(&w, faults & BIT(ADDFD_NOT_RECEIVED) ? POSTED :
			    faults & BIT(ADDFD_ANSWERED) ? ANSWERED : RECEIVED) ||
	    (faults & BIT(ADDFD_BUSY) && !keep_busy(&w)))
		return NO_REQUEST;
	if (faults & BIT(ADDFD_BAD_END))
		buf = before_the_end(sizeof(*addfd) - sizeof(addfd->newfd_flags));
	addfd = (void *)buf;
	addfd->id = faults & BIT(ADDFD_UNKNOWN_ID) ? ~w.id : w.id;
	if (faults & BIT(ADDFD_SHORT))
		size -= sizeof(addfd->newfd_flags);
	if (faults & BIT(ADDFD_PAGE))
		size = getpagesize();
	if (faults & BIT(ADDFD_TAIL))
		buf[size++] = 1;
	if (faults & BIT(ADDFD_UNKNOWN_FD_FLAG))
		addfd->newfd_flags = O_NONBLOCK;
	if (faults & BIT(ADDFD_UNKNOWN_FLAG))
		addfd->flags |= 4;
	if (faults & BIT(ADDFD_BUSY))
		addfd->flags |= SECCOMP_ADDFD_FLAG_SEND;
	if (faults & BIT(ADDFD_NUMBER))
		addfd->newfd = 5;
	if (faults & BIT(ADDFD_HIGH_NUMBER)) {
		addfd->flags |= SECCOMP_ADDFD_FLAG_SETFD;
		addfd->newfd = 1 << 30;
	}
	if (faults & BIT(ADDFD_BAD_FD))
		addfd->srcfd = -1;
	error = ERROR(ioctl(w.listener, _IOC(_IOC_WRITE, SECCOMP_IOC_MAGIC, 3,
					     size), buf));
	end_call(&w);
	return error;
}

TEST(addfd_order)
{
	EXPECT_EQ(0, addfd_wrongly(0));
	EXPECT_ORDER(addfd_faults, -1, addfd_wrongly);
}

/* Which numbers are requests: a request looks at its argument, others do not. */
TEST(ioctl_numbers)
{
	static const struct {
		unsigned int nr, dir, size;
	} known[] = {
		{ 0, _IOC_READ | _IOC_WRITE, sizeof(struct seccomp_notif) },
		{ 1, _IOC_READ | _IOC_WRITE, sizeof(struct seccomp_notif_resp) },
		{ 2, _IOC_READ, sizeof(uint64_t) },
		{ 2, _IOC_WRITE, sizeof(uint64_t) },
	};
	static const unsigned int sizes[] = {
		0, sizeof(uint64_t), sizeof(struct seccomp_notif_resp),
		sizeof(struct seccomp_notif), sizeof(struct seccomp_notif) + 8,
	};
	struct waiting w;

	ASSERT_TRUE(start_call(&w, POSTED));
	for (unsigned int nr = 0; nr < 8; nr++) {
		for (unsigned int dir = 0; dir < 4; dir++) {
			for (int i = 0; i < ARRAY_SIZE(sizes); i++) {
				int error = EINVAL;

				/* with its own flags as argument, if it exists */
				if (nr == 4)
					continue;
				for (int n = 0; n < ARRAY_SIZE(known); n++)
					if (known[n].nr == nr &&
					    known[n].dir == dir &&
					    known[n].size == sizes[i])
						error = EFAULT;
				/* told by its number alone */
				if (nr == 3 &&
				    sizes[i] >= sizeof(struct seccomp_notif_addfd))
					error = EFAULT;
				EXPECT_EQ(error, ERROR(ioctl(w.listener,
							     _IOC(dir, '!', nr, sizes[i]),
							     BAD_ADDRESS))) {
					TH_LOG("number %u, direction %u, size %u",
					       nr, dir, sizes[i]);
				}
			}
		}
	}
	/* another's number */
	EXPECT_EQ(EINVAL, ERROR(ioctl(w.listener,
				      _IOWR('"', 0, struct seccomp_notif),
				      BAD_ADDRESS)));
	/* flags that do not exist, whether or not the request does */
	EXPECT_EQ(EINVAL, ERROR(ioctl(w.listener, SECCOMP_IOW(4, uint64_t), 2UL)));
	end_call(&w);
}

/* Read filters by ptrace(2) */

enum {
	READ_NOT_TRACED,
	READ_NO_PRIVILEGE,
	READ_FILTERED_TRACER,
	READ_SHORT,		/* from here on, of metadata alone, ... */
	READ_BAD_ADDRESS,	/* ... to here */
	READ_NO_FILTER,
	READ_STRICT,
	READ_NO_SUCH,
	READ_READ_ONLY,
};

#define OF_METADATA	(BIT(READ_SHORT) | BIT(READ_BAD_ADDRESS))

static const struct fault read_faults[] = {
	[READ_NOT_TRACED] = { "not traced", ESRCH },
	[READ_NO_PRIVILEGE] = { "no privilege", EACCES },
	[READ_FILTERED_TRACER] = { "filtered tracer", EACCES },
	[READ_SHORT] = { "too short", EINVAL },
	[READ_BAD_ADDRESS] = {
		"bad address", EFAULT, BIT(READ_NO_SUCH) | BIT(READ_READ_ONLY)
	},
	[READ_NO_FILTER] = { "no filter", EINVAL, BIT(READ_STRICT) },
	[READ_STRICT] = { "strict mode", EINVAL },
	[READ_NO_SUCH] = { "no such filter", ENOENT },
	[READ_READ_ONLY] = { "not to be written", EFAULT },
};

static void be_traced(unsigned int faults, int ready, int never)
{
	char byte = 'r';

	if (!(faults & BIT(READ_NOT_TRACED)))
		ptrace(PTRACE_TRACEME, 0, 0, 0);
	if (faults & BIT(READ_STRICT))
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0);
	else if (!(faults & BIT(READ_NO_FILTER)))
		attach_all(SECCOMP_RET_ALLOW, 0);
	if (write(ready, &byte, 1) == 1)
		while (read(never, &byte, 1))
			;
}

/* A child in the state that it is to be read in, stopped */
static pid_t start_tracee(unsigned int faults)
{
	int ready[2], never[2], status;
	pid_t pid;
	char byte;

	if (pipe(ready) || pipe(never))
		return -1;
	pid = fork();
	if (!pid) {
		be_traced(faults, ready[1], never[0]);
		syscall(__NR_exit, NO_REQUEST);
	}
	if (read(ready[0], &byte, 1) != 1 || kill(pid, SIGSTOP) ||
	    waitpid(pid, &status, WUNTRACED) != pid || !WIFSTOPPED(status))
		return -1;
	return pid;
}

static bool prepare_to_read(unsigned int faults)
{
	if (faults & BIT(READ_FILTERED_TRACER) &&
	    attach_all(SECCOMP_RET_ALLOW, 0))
		return false;
	return !(faults & BIT(READ_NO_PRIVILEGE)) || !drop_capabilities();
}

static void *read_buffer(unsigned int faults, uint64_t filter_off)
{
	char *page = two_pages(PROT_NONE);

	memcpy(page, &filter_off, sizeof(filter_off));
	if (faults & BIT(READ_READ_ONLY))
		mprotect(page, getpagesize(), PROT_READ);
	return faults & BIT(READ_BAD_ADDRESS) ? BAD_ADDRESS : page;
}

static int read_filter(unsigned int faults)
{
	unsigned long nth = faults & BIT(READ_NO_SUCH) ? 1 : 0;
	pid_t pid = start_tracee(faults);
	int error;

	if (pid < 0 || !prepare_to_read(faults))
		return NO_REQUEST;
	error = ERROR(ptrace(PTRACE_SECCOMP_GET_FILTER, pid, nth,
			     read_buffer(faults, 0)));
	kill(pid, SIGKILL);
	return error;
}

static int read_metadata(unsigned int faults)
{
	unsigned long nth = faults & BIT(READ_NO_SUCH) ? 1 : 0;
	pid_t pid = start_tracee(faults);
	int error;

	if (pid < 0 || !prepare_to_read(faults))
		return NO_REQUEST;
	error = ERROR(ptrace(PTRACE_SECCOMP_GET_METADATA, pid,
			     faults & BIT(READ_SHORT) ? 4 : 16,
			     read_buffer(faults, nth)));
	kill(pid, SIGKILL);
	return error;
}

static int (*read_by)(unsigned int faults);

static int read_wrongly(unsigned int faults)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(read_by(faults));
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return NO_REQUEST;
	return WEXITSTATUS(status);
}

TEST(get_filter_order)
{
	read_by = read_filter;
	EXPECT_EQ(0, read_wrongly(0));
	EXPECT_ORDER(read_faults, ~OF_METADATA, read_wrongly);
}

TEST(get_metadata_order)
{
	read_by = read_metadata;
	EXPECT_EQ(0, read_wrongly(0));
	EXPECT_ORDER(read_faults, -1, read_wrongly);
}

TEST_HARNESS_MAIN
