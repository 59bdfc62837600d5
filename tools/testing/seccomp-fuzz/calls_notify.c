// SPDX-License-Identifier: GPL-2.0
/*
 * User notification: the supervisor makes random requests, the target makes one
 * call after the other and tells when each has ended.
 */
#include "calls.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#define CALLS	3

/* Shared with the target */
struct target {
	int listener;		/* the target's number */
	long results[CALLS];
	int ended[2];		/* the target writes a byte after each call */
	int go[2];		/* and reads one before each */
};

/* The supervisor's side */
struct supervisor {
	struct target *target;
	pid_t pid;
	int listener;
	unsigned int flags;
	bool waiting;		/* the target waits in its call ... */
	bool taken;		/* and the supervisor has taken it */
	uint64_t id;
};

static void on_signal(int sig)
{
}

static void target_body(struct target *target, unsigned int flags)
{
	const struct sigaction action = { .sa_handler = on_signal };
	char byte = 'x';

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigaction(SIGUSR1, &action, NULL);
	target->listener = attach_for(NOTIFY_NR, SECCOMP_RET_USER_NOTIF,
				      SECCOMP_FILTER_FLAG_NEW_LISTENER | flags);
	if (write(target->ended[1], &byte, 1) != 1)
		_exit(1);
	for (int i = 0; i < CALLS; i++) {
		if (read(target->go[0], &byte, 1) != 1)
			_exit(1);
		/* now the supervisor has its own descriptor */
		if (!i)
			close(target->listener);
		target->results[i] = raw_syscall0(NOTIFY_NR);
		if (write(target->ended[1], &byte, 1) != 1)
			_exit(1);
	}
	_exit(0);
}

static bool open_listener(struct supervisor *s)
{
	int pidfd = syscall(__NR_pidfd_open, s->pid, 0);

	s->listener = syscall(__NR_pidfd_getfd, pidfd, s->target->listener, 0);
	close(pidfd);
	return s->listener >= 0;
}

static void await_end(struct supervisor *s, int call)
{
	char byte;

	if (read(s->target->ended[0], &byte, 1) != 1)
		return;
	s->waiting = false;
	s->taken = false;
	say("target got %s\n", s->target->results[call] > 4096 ? "positive" :
	    s->target->results[call] < 0 ?
	    strerrorname_np(-s->target->results[call]) ?: "?" : "number");
}

static void receive(struct supervisor *s)
{
	struct seccomp_notif notif = {};
	void *arg = &notif;

	/* would wait */
	if (s->taken || !s->waiting)
		return;
	if (chance(10))
		notif.flags = 1;
	else if (chance(5))
		notif.data.args[5] = 1;
	if (chance(5))
		arg = BAD_ADDRESS;
	say("RECV(%s, %u, %llu)", arg == &notif ? "" : "bad", notif.flags,
	    (unsigned long long)notif.data.args[5]);
	if (say_result(ioctl(s->listener, SECCOMP_IOCTL_NOTIF_RECV, arg),
		       NULL))
		return;
	s->taken = true;
	s->id = notif.id;
	say("notification: flags %u call %d arch %x pid %s\n", notif.flags,
	    notif.data.nr, notif.data.arch,
	    notif.pid == (uint32_t)s->pid ? "good" : "wrong");
}

static uint64_t some_id(const struct supervisor *s, const char **name)
{
	static const char * const names[] = { "the id", "the next", "0", "~0" };
	const uint64_t ids[] = { s->id, s->id + 1, 0, ~0ULL };
	unsigned int which = chance(80) ? 0 : rnd(4);

	*name = names[which];
	return ids[which];
}

/* Returns true if the target's call ends. */
static bool respond(struct supervisor *s)
{
	static const int errors[] = { 0, 0, 0, -1, -38, 5, -4096, -512 };
	struct seccomp_notif_resp resp = { .val = rnd(2) ? 0 : 9000 };
	const char *name;
	void *arg = &resp;

	resp.id = some_id(s, &name);
	resp.error = one_of(errors);
	if (chance(25))
		resp.flags = chance(70) ? SECCOMP_USER_NOTIF_FLAG_CONTINUE :
					  rnd(1U << 31);
	if (chance(5))
		arg = BAD_ADDRESS;
	say("SEND(%s, %s, %lld, %d, %#x)", arg == &resp ? "" : "bad", name,
	    (long long)resp.val, resp.error, resp.flags);
	return !say_result(ioctl(s->listener, SECCOMP_IOCTL_NOTIF_SEND, arg),
			   NULL);
}

static void ask_if_valid(struct supervisor *s)
{
	const char *name;
	uint64_t id = some_id(s, &name);
	unsigned long request = chance(80) ? SECCOMP_IOCTL_NOTIF_ID_VALID :
				SECCOMP_IOR(2, uint64_t);
	void *arg = chance(95) ? &id : BAD_ADDRESS;

	say("ID_VALID(%#lx, %s, %s)", request, arg == &id ? "" : "bad", name);
	say_result(ioctl(s->listener, request, arg), NULL);
}

/* Returns true if the target's call ends. */
static bool add_fd(struct supervisor *s)
{
	static const unsigned int flags[] = { 0, 0, 1, 1, 2, 2, 3, 4, 8, ~0U };
	static const unsigned int sizes[] = { 0, 8, 20, 23, 24, 24, 24, 24, 24,
					      24, 25, 32, 64, 4096, 8192 };
	static const int fds[] = { 0, 1, 2, 2, 700, -1, 1 << 20 };
	static char memory[8192] __attribute__((aligned(8)));
	struct seccomp_notif_addfd addfd = {};
	unsigned int size = one_of(sizes);
	const char *name;
	bool more = chance(20);
	unsigned long request;
	long ret;

	addfd.id = some_id(s, &name);
	addfd.flags = one_of(flags);
	addfd.srcfd = one_of(fds);
	addfd.newfd = chance(60) ? 0 : one_of(fds);
	addfd.newfd_flags = chance(80) ? 0 : chance(50) ? O_CLOEXEC :
					     rnd(1U << 31);
	memset(memory, 0, sizeof(memory));
	memcpy(memory, &addfd, sizeof(addfd));
	memory[sizeof(addfd)] = more;
	request = _IOC(_IOC_WRITE, SECCOMP_IOC_MAGIC, 3, size);
	say("ADDFD(%u, %s, %#x, %d, %d, %#x, %d)", size, name, addfd.flags,
	    (int)addfd.srcfd, (int)addfd.newfd, addfd.newfd_flags, more);
	ret = ioctl(s->listener, request, memory);
	say_result(ret, "fd");
	return ret >= 0 && addfd.flags & SECCOMP_ADDFD_FLAG_SEND;
}

static void other_request(struct supervisor *s)
{
	const unsigned int number = rnd(8), size = 8 * rnd(12);
	static char memory[8192];
	unsigned long request = _IOC(rnd(4), SECCOMP_IOC_MAGIC, number, size);

	memset(memory, 0, sizeof(memory));
	/* a valid one might wait, or end the target's call */
	if (request == SECCOMP_IOCTL_NOTIF_RECV ||
	    request == SECCOMP_IOCTL_NOTIF_SEND || number == 3)
		return;
	say("ioctl(%u, %u, %lx)", number, size, request);
	say_result(ioctl(s->listener, request, memory), NULL);
}

/* Only later kernels than 6.1 have this: calls.expected. */
static void set_flags(struct supervisor *s)
{
	unsigned long flags = chance(70) ? rnd(2) : rnd(1U << 31);

	say("SET_FLAGS(%#lx)", flags);
	say_result(ioctl(s->listener, SECCOMP_IOW(4, uint64_t), flags), NULL);
}

static void look(struct supervisor *s)
{
	struct pollfd pollfd = { s->listener, POLLIN | POLLOUT };

	poll(&pollfd, 1, 0);
	say("poll: %#x\n", pollfd.revents);
}

/* Returns true if the target's call ends. */
static bool interrupt(struct supervisor *s)
{
	say("signal\n");
	kill(s->pid, SIGUSR1);
	/* Then only a deadly signal does. */
	return !(s->taken &&
		 s->flags & SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
}

static bool request(struct supervisor *s)
{
	switch (rnd(16)) {
	case 0 ... 3:
		receive(s);
		return false;
	case 4 ... 6:
		return respond(s);
	case 7 ... 8:
		ask_if_valid(s);
		return false;
	case 9 ... 11:
		return add_fd(s);
	case 12:
		other_request(s);
		return false;
	case 13:
		set_flags(s);
		return false;
	case 14:
		look(s);
		return false;
	default:
		return chance(30) && interrupt(s);
	}
}

/* Requests about one call of the target, until it ends */
static void handle_call(struct supervisor *s, int call)
{
	struct pollfd pollfd = { s->listener, POLLIN };

	if (write(s->target->go[1], "g", 1) != 1)
		return;
	poll(&pollfd, 1, -1);
	s->waiting = true;
	for (int n = rnd(12); n-- && s->waiting;)
		if (request(s))
			await_end(s, call);

	while (s->waiting) {
		struct seccomp_notif notif = {};
		struct seccomp_notif_resp resp = { .val = 9001 };

		if (!s->taken &&
		    !ioctl(s->listener, SECCOMP_IOCTL_NOTIF_RECV, &notif)) {
			s->id = notif.id;
			s->taken = true;
		}
		resp.id = s->id;
		say("end:");
		say_result(ioctl(s->listener, SECCOMP_IOCTL_NOTIF_SEND, &resp),
			   NULL);
		await_end(s, call);
	}
}

void supervise(void)
{
	struct target *target = mmap(NULL, sizeof(*target),
				     PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct supervisor s = { .target = target };
	char byte;

	if (target == MAP_FAILED || pipe(target->ended) || pipe(target->go))
		return;
	s.flags = chance(30) ? SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV : 0;
	s.pid = fork();
	if (!s.pid)
		target_body(target, s.flags);
	if (s.pid < 0)
		return;
	if (read(target->ended[0], &byte, 1) != 1)
		return;
	say("listener %#x", s.flags);
	if (target->listener < 0)
		errno = -target->listener;
	say_result(target->listener, "fd");
	if (target->listener < 0 || !open_listener(&s)) {
		end_child(s.pid);
		return;
	}

	for (int call = 0; call < CALLS; call++) {
		if (call && chance(15)) {
			say("close\n");
			close(s.listener);
			s.listener = -1;
			if (write(target->go[1], "g", 1) == 1)
				await_end(&s, call);
			break;
		}
		handle_call(&s, call);
	}
	end_child(s.pid);
	/*
	 * The filter has no user any more. Not RECV: with the base's seccomp it
	 * waits forever, with ours it returns ENOENT.
	 */
	if (s.listener >= 0) {
		look(&s);
		respond(&s);
		close(s.listener);
	}
	for (int i = 0; i < 2; i++) {
		close(target->ended[i]);
		close(target->go[i]);
	}
	munmap(target, sizeof(*target));
}
