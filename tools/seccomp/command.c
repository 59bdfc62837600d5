// SPDX-License-Identifier: GPL-2.0
/*
 * The command that learn, check and run start.
 *
 * The child reports by memory that it shares with sclog, not by a pipe: once
 * the filter is attached, a write() would be taken for the command's.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "filter.h"
#include "sclog.h"
#include "signals.h"

enum start_stage {
	STAGE_SESSION,
	STAGE_IDENTITY,
	STAGE_FILTER,
	STAGE_EXEC,
};

/**
 * struct start_page - what the child tells, written before it executes
 * @stage: what it is about to do
 * @error: why that failed, 0: it did not
 * @listener: descriptor of the listener plus 1, 0: not there yet
 * @has_session: @session, of audit, is set
 */
struct start_page {
	volatile int stage;
	volatile int error;
	volatile int listener;
	volatile bool has_session;
	volatile uint32_t session;
};

static bool is_program(const char *path)
{
	struct stat file;

	return !stat(path, &file) && S_ISREG(file.st_mode) &&
	       !access(path, X_OK);
}

/* The first program of that name in PATH; NULL and errno if there is none */
static char *search_path(const char *name)
{
	const char *folders = getenv("PATH");
	int error = ENOENT;

	if (!folders)
		folders = "/bin:/usr/bin";
	for (;;) {
		size_t length = strcspn(folders, ":");
		char *path = length ?
			xasprintf("%.*s/%s", (int)length, folders, name) :
			xasprintf("./%s", name);

		if (is_program(path))
			return path;
		if (!access(path, F_OK))
			error = EACCES;
		free(path);
		if (!folders[length])
			break;
		folders += length + 1;
	}
	errno = error;
	return NULL;
}

static int find_program(struct command *command)
{
	const char *name = command->argv[0];
	int err;

	if (strchr(name, '/'))
		command->path = xstrdup(name);
	else if (*name)
		command->path = search_path(name);
	else
		errno = ENOENT;
	if (command->path && !is_program(command->path)) {
		struct stat file;

		if (stat(command->path, &file) == 0)
			errno = S_ISDIR(file.st_mode) ? EISDIR : EACCES;
	} else if (command->path) {
		return STATUS_OK;
	}
	err = errno;
	pr_err("%s: %s", *name ? name : "''",
	       err == ENOENT && !command->path ? "command not found" :
	       strerror(err));
	return err == ENOENT || err == ENOTDIR ? STATUS_NOT_FOUND :
	       STATUS_CANNOT_RUN;
}

static bool has_capability(int capability)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2] = {};

	if (syscall(SYS_capget, &header, data))
		return false;
	return data[CAP_TO_INDEX(capability)].effective &
	       CAP_TO_MASK(capability);
}

int command_find(struct command *command, char **argv, const char *user)
{
	int status;

	*command = (struct command){
		.argv = argv,
		.listener = -1,
		.go = -1,
	};
	status = identity_find(&command->as, user);
	if (status)
		return status;
	command->privileged = has_capability(CAP_SYS_ADMIN);
	if (command->as.change && command->as.home)
		setenv("HOME", command->as.home, 1);
	if (command->as.change && command->as.name) {
		setenv("USER", command->as.name, 1);
		setenv("LOGNAME", command->as.name, 1);
	}
	return find_program(command);
}

/*
 * Become the user, but keep the capability to attach a filter: the next
 * execve() takes it away, and all others are gone here.
 */
static bool become(const struct command *command)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2] = {};
	const struct identity *as = &command->as;

	if (!as->change)
		return true;
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) ||
	    setgroups(as->nr_groups, as->groups) ||
	    setresgid(as->gid, as->gid, as->gid) ||
	    setresuid(as->uid, as->uid, as->uid))
		return false;
	if (as->uid == 0 || !command->privileged)
		return true;
	data[CAP_TO_INDEX(CAP_SYS_ADMIN)].effective = CAP_TO_MASK(CAP_SYS_ADMIN);
	data[CAP_TO_INDEX(CAP_SYS_ADMIN)].permitted = CAP_TO_MASK(CAP_SYS_ADMIN);
	return !syscall(SYS_capset, &header, data);
}

/* Who sets the login user, also to what it is, gets a new session */
static bool begin_session(struct command *command)
{
	FILE *file = fopen("/proc/self/loginuid", "re");
	unsigned int user = UINT32_MAX;
	unsigned int session;
	bool ok;

	if (!file)
		return false;
	ok = fscanf(file, "%u", &user) == 1;
	fclose(file);
	if (!ok)
		return false;
	if (user == UINT32_MAX)
		user = command->as.change ? command->as.uid : getuid();
	file = fopen("/proc/self/loginuid", "we");
	if (!file)
		return false;
	fprintf(file, "%u", user);
	if (fclose(file))
		return false;
	file = fopen("/proc/self/sessionid", "re");
	if (!file)
		return false;
	ok = fscanf(file, "%u", &session) == 1;
	fclose(file);
	command->page->session = session;
	command->page->has_session = ok;
	return ok;
}

/* In the child, from the filter on without any call that execve() can do without */
static void child(struct command *command, const struct sock_fprog *prog,
		  enum start_mode mode, const int *go)
{
	struct start_page *page = command->page;
	unsigned int flags = command->filter_flags;
	char *script[3];
	char **words;
	size_t nr = 0;
	int fd;
	char byte;

	/* as execvp() does it for a script without an interpreter's line */
	while (command->argv[nr])
		nr++;
	words = calloc(nr + 2, sizeof(*words));
	if (!words)
		_exit(STATUS_NO_FILTER);
	script[0] = "/bin/sh";
	words[0] = script[0];
	words[1] = command->path;
	for (size_t i = 1; i < nr; i++)
		words[i + 1] = command->argv[i];

	if (mode == START_TRACED) {
		close(go[1]);
		if (read(go[0], &byte, 1) != 1)
			_exit(STATUS_NO_FILTER);
		close(go[0]);
	}
	signals_restore();
	if (command->out_to_err && dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		_exit(STATUS_NO_FILTER);
	if (command->new_session && !begin_session(command)) {
		page->error = errno;
		_exit(STATUS_NO_FILTER);
	}
	page->stage = STAGE_IDENTITY;
	if (!become(command)) {
		page->error = errno;
		_exit(STATUS_NO_FILTER);
	}
	page->stage = STAGE_FILTER;
	if (mode == START_LISTENER)
		flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
	if (!command->privileged && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) {
		page->error = errno;
		_exit(STATUS_NO_FILTER);
	}
	fd = filter_load(prog, flags);
	if (fd < 0) {
		page->error = -fd;
		_exit(STATUS_NO_FILTER);
	}
	page->stage = STAGE_EXEC;
	page->listener = fd + 1;
	execve(command->path, command->argv, environ);
	if (errno == ENOEXEC)
		execve(words[0], words, environ);
	page->error = errno;
	_exit(page->error == ENOENT || page->error == ENOTDIR ?
	      STATUS_NOT_FOUND : STATUS_CANNOT_RUN);
}

/*
 * Wait a moment for the child to tell something. Returns false if it has ended;
 * it may have told before, so that has to be looked at again.
 */
static bool wait_a_moment(const struct command *command)
{
	struct timespec pause = { .tv_nsec = 50000 };
	siginfo_t info = {};

	if (!waitid(P_PID, command->pid, &info, WEXITED | WNOHANG | WNOWAIT) &&
	    info.si_pid)
		return false;
	nanosleep(&pause, NULL);
	return true;
}

/* The descriptor is there soon after the child tells: wait for that */
static bool await_listener(struct command *command)
{
	while (!command->page->listener) {
		if (command->page->error)
			return false;
		if (!wait_a_moment(command) && !command->page->listener)
			return false;
	}
	command->listener = command->page->listener - 1;
	/*
	 * The table is shared until the child executes, so this counts for the
	 * child's copy, too: a listener is made with close-on-exec.
	 */
	return true;
}

int command_start(struct command *command, const struct sock_fprog *prog,
		  enum start_mode mode)
{
	int go[2] = { -1, -1 };

	command->page = mmap(NULL, sizeof(*command->page),
			     PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (command->page == MAP_FAILED) {
		command->page = NULL;
		pr_err("cannot start a process: %s", strerror(errno));
		return STATUS_NO_FILTER;
	}
	if (mode == START_TRACED && pipe2(go, O_CLOEXEC)) {
		pr_err("cannot start a process: %s", strerror(errno));
		return STATUS_NO_FILTER;
	}
	fflush(NULL);
	/* with a shared table the listener is sclog's as soon as it is there */
	if (mode == START_LISTENER)
		command->pid = syscall(SYS_clone, CLONE_FILES | SIGCHLD,
				       0, 0, 0, 0);
	else
		command->pid = fork();
	if (command->pid == 0)
		child(command, prog, mode, go);
	if (command->pid < 0) {
		command->pid = 0;
		pr_err("cannot start a process: %s", strerror(errno));
		close(go[0]);
		close(go[1]);
		return STATUS_NO_FILTER;
	}
	if (mode == START_TRACED) {
		close(go[0]);
		command->go = go[1];
	}
	if (mode == START_LISTENER && !await_listener(command)) {
		waitpid(command->pid, NULL, 0);
		return command_failed(command);
	}
	return STATUS_OK;
}

int command_session(const struct command *command, uint32_t *session)
{
	while (!command->page->has_session) {
		if (!wait_a_moment(command) && !command->page->has_session) {
			waitpid(command->pid, NULL, 0);
			return command_failed(command);
		}
	}
	*session = command->page->session;
	return STATUS_OK;
}

void command_go(struct command *command)
{
	if (write(command->go, "", 1) != 1)
		pr_err("cannot start the command: %s", strerror(errno));
	close(command->go);
	command->go = -1;
}

int command_failed(const struct command *command)
{
	const struct start_page *page = command->page;

	if (!page->error)
		return page->stage == STAGE_EXEC ? STATUS_OK : STATUS_NO_FILTER;
	switch (page->stage) {
	case STAGE_SESSION:
		pr_err("cannot begin a session of audit: %s",
		       strerror(page->error));
		return STATUS_NO_FILTER;
	case STAGE_IDENTITY:
		pr_err("cannot become user %u: %s", command->as.uid,
		       strerror(page->error));
		return STATUS_NO_FILTER;
	case STAGE_FILTER:
		pr_err("cannot attach a filter: %s",
		       page->error == EBUSY ?
		       "sclog itself runs under a filter with a supervisor" :
		       strerror(page->error));
		return STATUS_NO_FILTER;
	default:
		pr_err("%s: %s", command->argv[0], strerror(page->error));
		return page->error == ENOENT || page->error == ENOTDIR ?
			STATUS_NOT_FOUND : STATUS_CANNOT_RUN;
	}
}

int command_exit_status(int wait_status)
{
	if (WIFSIGNALED(wait_status))
		return 128 + WTERMSIG(wait_status);
	return WEXITSTATUS(wait_status);
}

void command_free(struct command *command)
{
	if (command->page)
		munmap(command->page, sizeof(*command->page));
	if (command->listener >= 0)
		close(command->listener);
	if (command->go >= 0)
		close(command->go);
	free(command->path);
	identity_free(&command->as);
	*command = (struct command){ .listener = -1, .go = -1 };
}

bool is_set_user_id(pid_t pid, char **name)
{
	char link[64];
	char path[4096];
	/* set-group-ID, where it does not mean mandatory locking */
	const mode_t setgid = S_ISGID | 0010;
	struct stat file;
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/%d/exe", pid);
	if (stat(link, &file))
		return false;
	if (!(file.st_mode & S_ISUID && file.st_uid != geteuid()) &&
	    !((file.st_mode & setgid) == setgid &&
	      file.st_gid != getegid()))
		return false;
	length = readlink(link, path, sizeof(path) - 1);
	if (length < 0)
		return false;
	path[length] = '\0';
	*name = xstrdup(path);
	return true;
}
