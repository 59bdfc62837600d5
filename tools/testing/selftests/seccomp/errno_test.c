// SPDX-License-Identifier: GPL-2.0
/*
 * Which error a request fails with if it is wrong in more than one way. The
 * order is that of Linux: these tests also pass on a stock kernel.
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

/* No memory is mapped there. */
#define BAD_ADDRESS	((void *)8)

/* The error that a call fails with, 0 if it succeeds */
#define ERROR(call)	((call) == -1 ? errno : 0)

/* No error numbers: the request could not be made, or it has changed state */
#define SETUP_FAILED	200
#define STATE_CHANGED		201
/* The request has returned the id of a thread (TSYNC). */
#define THREAD_ID	202

/* One way in which a request can be wrong */
struct fault {
	const char *name;
	int error;
	unsigned int without;	/* later ones that cannot be combined with it */
};

/*
 * @faults are in the order in which they are checked. Make the request with
 * each of those in @which, and with each pair of them.
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

/* Map two pages; the second has the protection @protection. */
static char *two_pages(int protection)
{
	int size = getpagesize();
	char *pages = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	mprotect(pages + size, size, protection);
	return pages;
}

/* An address at which only @size bytes are mapped */
static void *at_page_end(size_t size)
{
	return two_pages(PROT_NONE) + getpagesize() - size;
}

/* Attach a filter */

enum {
	ATTACH_UNKNOWN_FLAG,
	ATTACH_FLAG_CONFLICT,
	ATTACH_FLAG_ALONE,
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
				 BIT(ATTACH_FLAG_ALONE) |		\
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
	[ATTACH_FLAG_ALONE] = {
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

static int attach_by_seccomp(unsigned int flags, struct sock_fprog *uprog)
{
	return seccomp(SECCOMP_SET_MODE_FILTER, flags, uprog);
}

static int attach_by_prctl(unsigned int flags, struct sock_fprog *uprog)
{
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, uprog, 0, 0);
}

#ifdef __x86_64__
#define I386_SECCOMP	354

static int attach_by_i386(unsigned int flags, struct sock_fprog *uprog)
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

static int (*attach_fn)(unsigned int, struct sock_fprog *) = attach_by_seccomp;

/* Attach a filter of @len instructions without setting no_new_privs. */
static int attach_allow(unsigned short len, unsigned int flags)
{
	struct sock_fprog allow = { len, insns };

	return attach_by_seccomp(flags, &allow);
}

static int ready_pipe[2];

static void *attach_and_pause(void *arg)
{
	if (attach_allow(1, 0) || write(ready_pipe[1], "r", 1) != 1)
		_exit(SETUP_FAILED);
	pause();
	return NULL;
}

/* Bring the calling process into the state in which the request is wrong. */
static bool prepare_to_attach(unsigned int faults)
{
	struct rlimit none = {};
	pthread_t thread;
	char byte;

	for (int i = 0; i < ARRAY_SIZE(insns); i++)
		insns[i] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
	if (faults & (BIT(ATTACH_THREAD) | BIT(ATTACH_THREAD_ESRCH)) &&
	    (pipe(ready_pipe) ||
	     pthread_create(&thread, NULL, attach_and_pause, NULL) ||
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
	if (faults & BIT(ATTACH_FLAG_ALONE))
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

/* Read the calling thread's mode and number of filters from /proc. */
static bool read_state(int status, char *text, size_t size)
{
	char buf[4096];
	ssize_t len = pread(status, buf, sizeof(buf) - 1, 0);
	char *at, *end;

	if (len < 0)
		return false;
	buf[len] = '\0';
	at = strstr(buf, "NoNewPrivs:");
	if (!at)
		return false;
	/* further down are numbers that change by themselves */
	end = strstr(at, "Cpus_allowed:");
	if (!end || end - at >= size)
		return false;
	*end = '\0';
	strcpy(text, at);
	return true;
}

static int attach_in_child(unsigned int faults)
{
	int status = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	char before[256], after[256];
	int ret, error;

	if (!prepare_to_attach(faults) ||
	    !read_state(status, before, sizeof(before)))
		return SETUP_FAILED;
	ret = attach_fn(make_flags(faults), make_program(faults));
	error = ret < 0 ? errno : ret > 0 ? THREAD_ID : 0;
	if (!read_state(status, after, sizeof(after)))
		return SETUP_FAILED;
	return !error || !strcmp(before, after) ? error : STATE_CHANGED;
}

/* Continue a child that has stopped itself, with its seccomp suspended. */
static bool suspend_seccomp(pid_t pid)
{
	int status;

	return waitpid(pid, &status, 0) == pid && WIFSTOPPED(status) &&
	       !ptrace(PTRACE_SETOPTIONS, pid, 0,
		       PTRACE_O_SUSPEND_SECCOMP | PTRACE_O_EXITKILL) &&
	       !ptrace(PTRACE_CONT, pid, 0, 0);
}

static int attach_with_faults(unsigned int faults)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(attach_in_child(faults));
	if (faults & BIT(ATTACH_STRICT) && !suspend_seccomp(pid))
		kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return SETUP_FAILED;
	return WEXITSTATUS(status);
}

FIXTURE(attach) {
};

FIXTURE_VARIANT(attach) {
	int (*by)(unsigned int flags, struct sock_fprog *uprog);
	unsigned int faults;
};

FIXTURE_VARIANT_ADD(attach, seccomp) {
	.by = attach_by_seccomp,
	.faults = ALL_ATTACH_FAULTS,
};

FIXTURE_VARIANT_ADD(attach, prctl) {
	.by = attach_by_prctl,
	.faults = ALL_ATTACH_FAULTS & ~WITH_FLAGS,
};

#ifdef __x86_64__
FIXTURE_VARIANT_ADD(attach, i386) {
	.by = attach_by_i386,
	.faults = ALL_ATTACH_FAULTS,
};
#endif

FIXTURE_SETUP(attach)
{
	attach_fn = variant->by;
}

FIXTURE_TEARDOWN(attach)
{
}

TEST_F_TIMEOUT(attach, order, 120)
{
	EXPECT_EQ(0, attach_with_faults(0));
	EXPECT_ORDER(attach_faults, variant->faults, attach_with_faults);
}

/* The other operations */

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
	/* not writable */
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
	/* only attaching needs privileges, and the address is checked before */
	ASSERT_EQ(0, drop_capabilities());
	expect_errors(_metadata);
}

TEST(other_operations_of_a_filtered_thread)
{
	ASSERT_EQ(0, attach_all(SECCOMP_RET_ALLOW, 0));
	expect_errors(_metadata);
	EXPECT_EQ(EINVAL, ERROR(seccomp(SECCOMP_SET_MODE_STRICT, 0, NULL)));
	/* this mode ignores the argument */
	EXPECT_EQ(EINVAL, ERROR(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT,
				      BAD_ADDRESS, 0, 0)));
	EXPECT_EQ(2, prctl(PR_GET_SECCOMP, -1, -1, -1, -1));
}

/* Respond to a notification */

static bool limit_target;

static int target_with_limit(void)
{
	struct rlimit none = {};

	if (limit_target)
		setrlimit(RLIMIT_NOFILE, &none);
	return target_syscall();
}

/* A notification, its listener and target */
struct target_notif {
	int listener;
	pid_t target;
	pid_t helper;
	uint64_t id;
};

static int receive(struct target_notif *w, void *notif)
{
	return ERROR(ioctl(w->listener, SECCOMP_IOCTL_NOTIF_RECV, notif));
}

/*
 * Only the notification's id can be written, so RECV fails and the notification
 * is pending again.
 */
static bool get_notif_id(struct target_notif *w)
{
	uint64_t *id = (void *)(two_pages(PROT_READ) + getpagesize() -
				sizeof(*id));

	if (receive(w, id) != EFAULT)
		return false;
	w->id = *id;
	return true;
}

enum notif_state { PENDING, RECEIVED, RESPONDED };

static bool start_notif(struct target_notif *w, enum notif_state state)
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
	w->listener = start_target(&w->target, 0, target_with_limit);
	ready.fd = w->listener;
	if (poll(&ready, 1, -1) != 1 || ready.revents != POLLIN ||
	    !get_notif_id(w))
		return false;
	if (state == PENDING)
		return true;
	if (receive(w, &notif) || notif.id != w->id)
		return false;
	if (state == RECEIVED)
		return true;
	/* the target does not run before this process sleeps */
	return !sched_setscheduler(0, SCHED_FIFO, &param) &&
	       !respond(w->listener, w->id, 0, 0, 0);
}

static void end_notif(struct target_notif *w)
{
	struct sched_param param = {};

	sched_setscheduler(0, SCHED_OTHER, &param);
	if (w->helper > 0) {
		kill(w->helper, SIGKILL);
		waitpid(w->helper, NULL, 0);
	}
	if (w->target > 0) {
		kill(w->target, SIGKILL);
		waitpid(w->target, NULL, 0);
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
	[RECV_GONE] = { "killed target", ENOENT },
	[RECV_READ_ONLY] = { "not writable", EFAULT },
};

static int recv_with_faults(unsigned int faults)
{
	struct seccomp_notif *notif = (void *)two_pages(PROT_NONE);
	struct target_notif w;
	int error;

	if (!start_notif(&w, PENDING))
		return SETUP_FAILED;
	if (faults & BIT(RECV_BAD_END))
		notif = at_page_end(sizeof(*notif) / 2);
	if (faults & BIT(RECV_NOT_ZERO))
		notif->pid = 1;
	if (faults & BIT(RECV_READ_ONLY))
		mprotect(notif, getpagesize(), PROT_READ);
	if (faults & BIT(RECV_BAD_ADDRESS))
		notif = BAD_ADDRESS;
	if (faults & BIT(RECV_GONE)) {
		kill(w.target, SIGKILL);
		waitpid(w.target, NULL, 0);
		w.target = 0;
	}
	error = receive(&w, notif);
	end_notif(&w);
	return error;
}

TEST(receive_order)
{
	EXPECT_EQ(0, recv_with_faults(0));
	EXPECT_ORDER(recv_faults, -1, recv_with_faults);
}

/* SEND */

enum {
	SEND_BAD_END,
	SEND_UNKNOWN_FLAG,
	SEND_CONTINUE_WITH_VALUE,
	SEND_CONTINUE_WITH_ERROR,
	SEND_UNKNOWN_ID,
	SEND_NOT_RECEIVED,
	SEND_RESPONDED,
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
		"unknown id", ENOENT,
		BIT(SEND_NOT_RECEIVED) | BIT(SEND_RESPONDED)
	},
	[SEND_NOT_RECEIVED] = {
		"not received", EINPROGRESS, BIT(SEND_RESPONDED)
	},
	[SEND_RESPONDED] = { "responded", EINPROGRESS },
};

static int send_with_faults(unsigned int faults)
{
	struct seccomp_notif_resp *resp, bad_end = {};
	struct target_notif w;
	int error;

	if (!start_notif(&w, faults & BIT(SEND_NOT_RECEIVED) ? PENDING :
			    faults & BIT(SEND_RESPONDED) ? RESPONDED :
							   RECEIVED))
		return SETUP_FAILED;
	resp = faults & BIT(SEND_BAD_END) ?
	       at_page_end(sizeof(*resp) - sizeof(resp->flags)) : &bad_end;
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
	end_notif(&w);
	return error;
}

TEST(send_order)
{
	EXPECT_EQ(0, send_with_faults(0));
	EXPECT_ORDER(send_faults, -1, send_with_faults);
}

/* ID_VALID, by both of its request numbers */

enum {
	ID_BAD_END,
	ID_UNKNOWN,
	ID_NOT_RECEIVED,
	ID_RESPONDED,
};

static const struct fault id_faults[] = {
	[ID_BAD_END] = { "bad end", EFAULT, BIT(ID_UNKNOWN) },
	[ID_UNKNOWN] = {
		"unknown id", ENOENT, BIT(ID_NOT_RECEIVED) | BIT(ID_RESPONDED)
	},
	[ID_NOT_RECEIVED] = { "not received", ENOENT, BIT(ID_RESPONDED) },
	[ID_RESPONDED] = { "responded", ENOENT },
};

static unsigned long id_valid = SECCOMP_IOCTL_NOTIF_ID_VALID;

static int id_valid_with_faults(unsigned int faults)
{
	struct target_notif w;
	uint64_t id;
	int error;

	if (!start_notif(&w, faults & BIT(ID_NOT_RECEIVED) ? PENDING :
			    faults & BIT(ID_RESPONDED) ? RESPONDED : RECEIVED))
		return SETUP_FAILED;
	id = faults & BIT(ID_UNKNOWN) ? ~w.id : w.id;
	error = ERROR(ioctl(w.listener, id_valid, faults & BIT(ID_BAD_END) ?
			    at_page_end(sizeof(id) / 2) : &id));
	end_notif(&w);
	return error;
}

TEST(id_valid_order)
{
	EXPECT_EQ(0, id_valid_with_faults(0));
	EXPECT_ORDER(id_faults, -1, id_valid_with_faults);
	id_valid = SECCOMP_IOR(2, __u64);
	EXPECT_EQ(0, id_valid_with_faults(0));
	EXPECT_ORDER(id_faults, -1, id_valid_with_faults);
}

/* ADDFD */

enum {
	ADDFD_SHORT,
	ADDFD_PAGE,
	ADDFD_BAD_END,
	ADDFD_UNKNOWN_TAIL,
	ADDFD_UNKNOWN_FD_FLAG,
	ADDFD_UNKNOWN_FLAG,
	ADDFD_NUMBER,
	ADDFD_BAD_FD,
	ADDFD_UNKNOWN_ID,
	ADDFD_NOT_RECEIVED,
	ADDFD_RESPONDED,
	ADDFD_BUSY,
	ADDFD_HIGH_NUMBER,
	ADDFD_NO_FD,
};

static const struct fault addfd_faults[] = {
	[ADDFD_SHORT] = {
		"too short", EINVAL, BIT(ADDFD_PAGE) | BIT(ADDFD_UNKNOWN_TAIL)
	},
	[ADDFD_PAGE] = { "as long as a page", EINVAL, BIT(ADDFD_UNKNOWN_TAIL) },
	[ADDFD_BAD_END] = {
		"bad end", EFAULT,
		BIT(ADDFD_UNKNOWN_TAIL) | BIT(ADDFD_UNKNOWN_FD_FLAG)
	},
	[ADDFD_UNKNOWN_TAIL] = { "unknown bytes at the end", E2BIG },
	[ADDFD_UNKNOWN_FD_FLAG] = { "unknown flag for the descriptor", EINVAL },
	[ADDFD_UNKNOWN_FLAG] = { "unknown flag", EINVAL },
	[ADDFD_NUMBER] = {
		"number without SETFD", EINVAL, BIT(ADDFD_HIGH_NUMBER)
	},
	[ADDFD_BAD_FD] = { "no such descriptor", EBADF },
	[ADDFD_UNKNOWN_ID] = {
		"unknown id", ENOENT,
		BIT(ADDFD_NOT_RECEIVED) | BIT(ADDFD_RESPONDED) | BIT(ADDFD_BUSY)
	},
	[ADDFD_NOT_RECEIVED] = {
		"not received", EINPROGRESS,
		BIT(ADDFD_RESPONDED) | BIT(ADDFD_BUSY)
	},
	[ADDFD_RESPONDED] = { "responded", EINPROGRESS, BIT(ADDFD_BUSY) },
	[ADDFD_BUSY] = { "another ADDFD in progress", EBUSY },
	[ADDFD_HIGH_NUMBER] = { "number over the target's limit", EBADF },
	[ADDFD_NO_FD] = { "target at its limit", EMFILE },
};

/* Start another ADDFD. The target cannot complete it before this one sleeps. */
static bool start_addfd(struct target_notif *w)
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

static int addfd_with_faults(unsigned int faults)
{
	struct seccomp_notif_addfd *addfd;
	struct target_notif w;
	int size = sizeof(*addfd);
	char *buf = two_pages(PROT_NONE);
	int error;

	limit_target = faults & BIT(ADDFD_NO_FD);
	if (!start_notif(&w, faults & BIT(ADDFD_NOT_RECEIVED) ? PENDING :
			    faults & BIT(ADDFD_RESPONDED) ? RESPONDED :
							    RECEIVED) ||
	    (faults & BIT(ADDFD_BUSY) && !start_addfd(&w)))
		return SETUP_FAILED;
	if (faults & BIT(ADDFD_BAD_END))
		buf = at_page_end(sizeof(*addfd) - sizeof(addfd->newfd_flags));
	addfd = (void *)buf;
	addfd->id = faults & BIT(ADDFD_UNKNOWN_ID) ? ~w.id : w.id;
	if (faults & BIT(ADDFD_SHORT))
		size -= sizeof(addfd->newfd_flags);
	if (faults & BIT(ADDFD_PAGE))
		size = getpagesize();
	if (faults & BIT(ADDFD_UNKNOWN_TAIL))
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
	end_notif(&w);
	return error;
}

TEST(addfd_order)
{
	EXPECT_EQ(0, addfd_with_faults(0));
	EXPECT_ORDER(addfd_faults, -1, addfd_with_faults);
}

/* Which numbers are requests: only these read their argument (EFAULT). */
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
	struct target_notif w;

	ASSERT_TRUE(start_notif(&w, PENDING));
	for (unsigned int nr = 0; nr < 8; nr++) {
		for (unsigned int dir = 0; dir < 1 << _IOC_DIRBITS; dir++) {
			for (int i = 0; i < ARRAY_SIZE(sizes); i++) {
				int error = EINVAL;

				/* SET_FLAGS: its argument is no address */
				if (nr == 4)
					continue;
				for (int n = 0; n < ARRAY_SIZE(known); n++)
					if (known[n].nr == nr &&
					    known[n].dir == dir &&
					    known[n].size == sizes[i])
						error = EFAULT;
				/* ADDFD: written, read or neither, of any size */
				if (nr == 3 &&
				    !(dir & ~(_IOC_READ | _IOC_WRITE)) &&
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
	/* another type */
	EXPECT_EQ(EINVAL, ERROR(ioctl(w.listener,
				      _IOWR('"', 0, struct seccomp_notif),
				      BAD_ADDRESS)));
	/* an unknown flag; EINVAL also if the request does not exist */
	EXPECT_EQ(EINVAL, ERROR(ioctl(w.listener, SECCOMP_IOW(4, uint64_t), 2UL)));
	end_notif(&w);
}

/* Get filters by ptrace(2) */

enum {
	READ_NOT_TRACED,
	READ_NO_PRIVILEGE,
	READ_FILTERED_TRACER,
	READ_SHORT,		/* this one and the next: metadata only */
	READ_BAD_ADDRESS,
	READ_NO_FILTER,
	READ_STRICT,
	READ_NO_NTH,
	READ_READ_ONLY,
};

#define METADATA_ONLY	(BIT(READ_SHORT) | BIT(READ_BAD_ADDRESS))

static const struct fault read_faults[] = {
	[READ_NOT_TRACED] = { "not traced", ESRCH },
	[READ_NO_PRIVILEGE] = { "no privilege", EACCES },
	[READ_FILTERED_TRACER] = { "filtered tracer", EACCES },
	[READ_SHORT] = { "too short", EINVAL },
	[READ_BAD_ADDRESS] = {
		"bad address", EFAULT, BIT(READ_NO_NTH) | BIT(READ_READ_ONLY)
	},
	[READ_NO_FILTER] = { "no filter", EINVAL, BIT(READ_STRICT) },
	[READ_STRICT] = { "strict mode", EINVAL },
	[READ_NO_NTH] = { "no such filter", ENOENT },
	[READ_READ_ONLY] = { "not writable", EFAULT },
};

static void tracee_main(unsigned int faults, int ready, int blocked)
{
	char byte = 'r';

	if (!(faults & BIT(READ_NOT_TRACED)))
		ptrace(PTRACE_TRACEME, 0, 0, 0);
	if (faults & BIT(READ_STRICT))
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0);
	else if (!(faults & BIT(READ_NO_FILTER)))
		attach_all(SECCOMP_RET_ALLOW, 0);
	if (write(ready, &byte, 1) == 1)
		while (read(blocked, &byte, 1))
			;
}

/* Start a child, bring it into the state to test, and stop it. */
static pid_t start_tracee(unsigned int faults)
{
	int ready[2], blocked[2], status;
	pid_t pid;
	char byte;

	if (pipe(ready) || pipe(blocked))
		return -1;
	pid = fork();
	if (!pid) {
		tracee_main(faults, ready[1], blocked[0]);
		syscall(__NR_exit, SETUP_FAILED);
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
	unsigned long nth = faults & BIT(READ_NO_NTH) ? 1 : 0;
	pid_t pid = start_tracee(faults);
	int error;

	if (pid < 0 || !prepare_to_read(faults))
		return SETUP_FAILED;
	error = ERROR(ptrace(PTRACE_SECCOMP_GET_FILTER, pid, nth,
			     read_buffer(faults, 0)));
	kill(pid, SIGKILL);
	return error;
}

static int read_metadata(unsigned int faults)
{
	unsigned long nth = faults & BIT(READ_NO_NTH) ? 1 : 0;
	pid_t pid = start_tracee(faults);
	int error;

	if (pid < 0 || !prepare_to_read(faults))
		return SETUP_FAILED;
	error = ERROR(ptrace(PTRACE_SECCOMP_GET_METADATA, pid,
			     faults & BIT(READ_SHORT) ? 4 : 16,
			     read_buffer(faults, nth)));
	kill(pid, SIGKILL);
	return error;
}

static int (*read_fn)(unsigned int faults);

static int read_with_faults(unsigned int faults)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(read_fn(faults));
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return SETUP_FAILED;
	return WEXITSTATUS(status);
}

TEST(get_filter_order)
{
	read_fn = read_filter;
	EXPECT_EQ(0, read_with_faults(0));
	EXPECT_ORDER(read_faults, ~METADATA_ONLY, read_with_faults);
}

TEST(get_metadata_order)
{
	read_fn = read_metadata;
	EXPECT_EQ(0, read_with_faults(0));
	EXPECT_ORDER(read_faults, -1, read_with_faults);
}

TEST_HARNESS_MAIN
