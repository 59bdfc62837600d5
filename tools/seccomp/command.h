/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The command that learn, check and run start: where its program is, as which
 * user it runs, and its first steps up to execve().
 */
#ifndef SCLOG_COMMAND_H
#define SCLOG_COMMAND_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "identity.h"

/* How the child of command_start() puts the filter on itself */
enum start_mode {
	START_FILTER,		/* attach, execute */
	START_TRACED,		/* the same after command_go() */
	START_LISTENER,		/* the same, and hand over a listener */
};

/**
 * struct command - a command and, once started, its process
 * @argv: words, ends with NULL; the caller's
 * @path: of the program
 * @as: the user
 * @privileged: the filter can be attached without no_new_privs
 * @pid: the process, 0 before command_start()
 * @listener: the filter's, for START_LISTENER; else -1
 * @filter_flags: SECCOMP_FILTER_FLAG_* to attach with
 * @new_session: begin a session of audit with it
 * @out_to_err: its standard output is sclog's standard error
 */
struct command {
	char **argv;
	char *path;
	struct identity as;
	bool privileged;
	pid_t pid;
	int listener;
	unsigned int filter_flags;
	bool new_session;
	bool out_to_err;
	/* private */
	struct start_page *page;
	int go;
};

/**
 * command_find() - find the program and the user
 * @command: is set; command_free() it also after a failure
 * @argv: words of the command, ends with NULL
 * @user: name or number (-u), or NULL: the user who called sudo, if one did
 *
 * PATH is searched here, so that the search is not part of what is seen.
 *
 * Return: 0, or after a message STATUS_USAGE for a bad user, STATUS_NOT_FOUND
 * or STATUS_CANNOT_RUN.
 */
int command_find(struct command *command, char **argv, const char *user);

/**
 * command_start() - fork the process that becomes the command
 * @prog: the filter
 *
 * Signal dispositions of the child are what @signals has (signals.h).
 *
 * Return: 0, or after a message STATUS_NO_FILTER.
 */
int command_start(struct command *command, const struct sock_fprog *prog,
		  enum start_mode mode);

/**
 * command_session() - the session that @new_session began
 *
 * Return: 0, or after a message STATUS_NO_FILTER.
 */
int command_session(const struct command *command, uint32_t *session);

/** command_go() - START_TRACED: let the child attach and execute */
void command_go(struct command *command);

/**
 * command_failed() - whether the command never began
 *
 * To be asked when @pid has ended. Says what failed.
 *
 * Return: 0 if the program was executed; STATUS_NO_FILTER, STATUS_NOT_FOUND or
 * STATUS_CANNOT_RUN.
 */
int command_failed(const struct command *command);

/** command_exit_status() - of waitpid(): 128+N for a signal */
int command_exit_status(int wait_status);

/** command_free() - all that the other functions made */
void command_free(struct command *command);

/**
 * is_set_user_id() - a process executes a program with another user's or
 * group's rights: its file has a set-user-ID or set-group-ID bit that counts
 * @name: set to the file's path if true, for the caller to free
 */
bool is_set_user_id(pid_t pid, char **name);

#endif /* SCLOG_COMMAND_H */
