// SPDX-License-Identifier: GPL-2.0
/*
 * What a watched program may do: one thing for each name given as argument.
 * Prints what came of it; status 0 if that is as it is without sclog.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *self;
/* What is behind the name of the act */
static char **words;

static int ended(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		return 255;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
		WEXITSTATUS(status);
}

static void on_alarm(int signal)
{
	(void)signal;
}

/* Calls that fail with EINTR under a handler without SA_RESTART */
static int do_signals(void)
{
	struct sigaction action = { .sa_handler = on_alarm };
	struct itimerval timer = { { 0, 500 }, { 0, 500 } };
	int failed[5] = {};
	int nr = 0;

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
	for (int i = 0; i < 4000; i++) {
		int fd = syscall(SYS_open, "/dev/null", O_RDONLY);
		void *page;

		failed[0] += fd < 0;
		failed[1] += fd >= 0 && syscall(SYS_close, fd);
		page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0);
		failed[2] += page == MAP_FAILED;
		failed[3] += page != MAP_FAILED && munmap(page, 4096);
		failed[4] += syscall(SYS_getppid) < 0;
	}
	for (int i = 0; i < 5; i++)
		nr += failed[i];
	printf("%d failed\n", nr);
	return nr != 0;
}

static void *execute(void *unused)
{
	execl(self, self, "hello", NULL);
	return unused;
}

/* A thread that is not the leader executes */
static int do_thread_exec(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, execute, NULL);
	pause();
	return 1;
}

static int do_hello(void)
{
	puts("hello");
	return 0;
}

static int do_vfork(void)
{
	pid_t pid = vfork();

	if (!pid) {
		execl(self, self, "hello", NULL);
		_exit(1);
	}
	return ended(pid);
}

static void *outlive_leader(void *unused)
{
	/* the leader has gone when this can be joined no more */
	while (!syscall(SYS_tgkill, getpid(), getpid(), 0) &&
	       access("/proc/self/comm", F_OK) == 0)
		if (*(volatile int *)unused)
			break;
	syscall(SYS_write, 1, "late\n", 5);
	exit(0);
}

static int do_leader_first(void)
{
	static volatile int gone;
	pthread_t thread;

	pthread_create(&thread, NULL, outlive_leader, (void *)&gone);
	gone = 1;
	pthread_exit(NULL);
}

/* Ends before the process that it leaves behind */
static int do_daemon(void)
{
	int gate[2];
	char byte;

	if (pipe(gate))
		return 1;
	if (!fork()) {
		setsid();
		if (fork())
			_exit(0);
		close(gate[1]);
		/* until the command has ended */
		if (read(gate[0], &byte, 1) != 0)
			_exit(1);
		sync();
		printf("daemon\n");
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
	return 0;
}

static int attach(unsigned int nr, unsigned int action, unsigned int flags)
{
	struct sock_filter insns[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { 4, insns };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &prog);
}

static int do_own_filter(void)
{
	if (attach(SYS_getppid, SECCOMP_RET_ERRNO | ENOTTY, 0))
		return 1;
	return syscall(SYS_getppid) != -1 || errno != ENOTTY;
}

static int do_own_listener(void)
{
	struct seccomp_notif request = {};
	struct seccomp_notif_resp response = {};
	int fd = attach(SYS_getppid, SECCOMP_RET_USER_NOTIF,
			SECCOMP_FILTER_FLAG_NEW_LISTENER);
	pid_t pid;

	if (fd < 0)
		return 1;
	pid = fork();
	if (!pid)
		_exit(syscall(SYS_getppid) != 77);
	if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &request))
		return 1;
	response.id = request.id;
	response.val = 77;
	return ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &response) || ended(pid);
}

/* Its process must be watched, too, and can make its calls */
static int do_untraced(void)
{
	pid_t pid = syscall(SYS_clone, CLONE_UNTRACED | SIGCHLD, 0, 0, 0, 0);

	if (!pid)
		_exit(syscall(SYS_getpgid, 0) < 0);
	return ended(pid);
}

static int do_untraced3(void)
{
	struct clone_args args = {
		.flags = CLONE_UNTRACED,
		.exit_signal = SIGCHLD,
	};
	pid_t pid = syscall(SYS_clone3, &args, sizeof(args));

	if (!pid)
		_exit(syscall(SYS_getpgid, 0) < 0);
	return ended(pid);
}

static void *spin(void *unused)
{
	for (int i = 0; i < 500; i++)
		syscall(SYS_sched_yield);
	return unused;
}

static int do_threads(void)
{
	pthread_t threads[8];

	for (int i = 0; i < 8; i++)
		if (pthread_create(&threads[i], NULL, spin, NULL))
			return 1;
	for (int i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	return 0;
}

static int do_many(void)
{
	for (int i = 0; i < 200; i++) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		if (pid < 0 || ended(pid))
			return 1;
	}
	return 0;
}

/* Stopped and continued by its parent, which sees both */
static int do_stop(void)
{
	int gate[2];
	int status;
	pid_t pid;
	char byte;

	if (pipe(gate))
		return 1;
	pid = fork();
	if (!pid) {
		raise(SIGSTOP);
		_exit(read(gate[0], &byte, 1) == 1 ? 3 : 4);
	}
	if (waitpid(pid, &status, WUNTRACED) != pid || !WIFSTOPPED(status))
		return 1;
	kill(pid, SIGCONT);
	if (waitpid(pid, &status, WCONTINUED) != pid || !WIFCONTINUED(status))
		return 2;
	return write(gate[1], "", 1) != 1 || ended(pid) != 3;
}

/* Until a signal comes; says when it is ready */
static int do_wait(void)
{
	puts("ready");
	fflush(stdout);
	pause();
	return 1;
}

static void on_interrupt(int signal)
{
	(void)signal;
	_exit(5);
}

static int do_interrupt(void)
{
	signal(SIGINT, on_interrupt);
	return do_wait();
}

/* A process that waits for a signal is left behind */
static int do_leave(void)
{
	int gate[2];
	char byte;

	if (pipe(gate))
		return 1;
	if (!fork()) {
		setsid();
		if (write(gate[1], "", 1) != 1)
			_exit(1);
		pause();
		_exit(1);
	}
	return read(gate[0], &byte, 1) != 1;
}

static bool is_waiting(pid_t pid)
{
	char state = '?';
	char path[32];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "r");
	if (!file)
		return false;
	if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = '?';
	fclose(file);
	return state == 'S';
}

static void *in_thread(void *unused)
{
	(void)unused;
	while (!is_waiting(getpid()))
		sched_yield();
	if (words[0])
		socket(AF_UNIX, SOCK_STREAM, 0);
	return NULL;
}

/* The leader waits for a thread, which makes a call if there is another word */
static int do_in_thread(void)
{
	pthread_t thread;

	return pthread_create(&thread, NULL, in_thread, NULL) ||
		pthread_join(thread, NULL);
}

/* One call by another name, then one by that of the program again */
static int do_renamed(void)
{
	prctl(PR_SET_NAME, "renamed");
	syscall(SYS_getppid);
	execl(self, self, "socket", NULL);
	return 1;
}

/* A name that a terminal and JSON must not see as it is */
static int do_name(void)
{
	prctl(PR_SET_NAME, "\xff\033[2J");
	syscall(SYS_getpgid, 0);
	prctl(PR_SET_NAME, "\xfe\033[2J");
	syscall(SYS_getpgid, 0);
	return 0;
}

static int do_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0) < 0;
}

static int do_socket_inet(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) < 0;
}

static int do_open(void)
{
	return open("/etc/passwd", O_RDONLY) < 0;
}

#ifdef __x86_64__
static long int80(long nr, long first)
{
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "a"(nr), "b"(first), "c"(0),
			 "d"(0) : "memory", "r8", "r9", "r10", "r11");
	return result;
}

/* i386's sync and x32's getpgrp, and numbers that no call has */
static int do_conventions(void)
{
	static const long none[] = { 460000, -1, -100, 0x40000000 + 5000 };

	if (int80(36, 0) != 0)
		return 1;
	/* the kernel may have no x32: ENOSYS then */
	syscall(0x40000000 + SYS_getpgrp);
	for (int i = 0; i < 4; i++)
		if (syscall(none[i], 0) != -1 || errno != ENOSYS)
			return 1;
	return 0;
}

/* i386's socketcall(), which fails: it is given no arguments */
static int do_socketcall(void)
{
	return int80(102, SYS_SOCKET) != -EFAULT;
}

static int do_socketcall_bind(void)
{
	return int80(102, SYS_BIND) != -EFAULT;
}
#endif

/* Refused as such, so that nothing happens */
static int do_weak(void)
{
	syscall(SYS_io_uring_setup, 0, NULL);
	syscall(SYS_process_vm_writev, 0, NULL, 0, NULL, 0, 1);
	ptrace(PTRACE_CONT, 0, NULL, NULL);
	return 0;
}

static int do_euid(void)
{
	printf("euid=%d no_new_privs=%d\n", geteuid(),
	       prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	return 0;
}

static int do_ids(void)
{
	gid_t groups[16];
	int nr = getgroups(16, groups);

	printf("uid=%d gid=%d groups=%d no_new_privs=%d", getuid(), getgid(),
	       nr, prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	printf(" home=%s\n", getenv("HOME"));
	return 0;
}

static int do_abort(void)
{
	raise(SIGTERM);
	return 1;
}

/* Another command, each call of which is logged */
static int do_logged(void)
{
	struct sock_filter log[] = {
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_LOG),
	};
	struct sock_fprog prog = { .len = 1, .filter = log };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog))
		return 1;
	execvp(words[0], words);
	return 1;
}

static const struct {
	const char *name;
	int (*act)(void);
} acts[] = {
	{ "signals", do_signals },
	{ "thread_exec", do_thread_exec },
	{ "hello", do_hello },
	{ "vfork", do_vfork },
	{ "leader_first", do_leader_first },
	{ "daemon", do_daemon },
	{ "own_filter", do_own_filter },
	{ "own_listener", do_own_listener },
	{ "untraced", do_untraced },
	{ "untraced3", do_untraced3 },
	{ "threads", do_threads },
	{ "many", do_many },
	{ "stop", do_stop },
#ifdef __x86_64__
	{ "conventions", do_conventions },
	{ "socketcall", do_socketcall },
	{ "socketcall_bind", do_socketcall_bind },
#endif
	{ "weak", do_weak },
	{ "logged", do_logged },
	{ "euid", do_euid },
	{ "ids", do_ids },
	{ "killed", do_abort },
	{ "wait", do_wait },
	{ "interrupt", do_interrupt },
	{ "leave", do_leave },
	{ "name", do_name },
	{ "renamed", do_renamed },
	{ "in_thread", do_in_thread },
	{ "socket", do_socket },
	{ "socket_inet", do_socket_inet },
	{ "open", do_open },
};

int main(int argc, char **argv)
{
	self = argv[0];
	words = argv + 2;
	for (size_t i = 0; argc > 1 && i < sizeof(acts) / sizeof(acts[0]); i++)
		if (!strcmp(acts[i].name, argv[1]))
			return acts[i].act();
	return 99;
}
