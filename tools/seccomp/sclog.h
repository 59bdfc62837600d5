/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sclog: from a program to its seccomp policy.
 *
 * What the verbs share. Each verb is a file of its own, with its help text:
 * cmd_VERB(argc, argv) gets argv[0] = the verb and returns an exit status.
 */
#ifndef SCLOG_H
#define SCLOG_H

#include <getopt.h>

#include "out.h"

#define SCLOG_VERSION	"1.0"

/*
 * Exit statuses. Where several hold, the first of 125-127, 2, 3, 1, 4 counts:
 * status_merge(). `run` and `learn` that ran a command have others, see there.
 */
enum status {
	STATUS_OK = 0,
	STATUS_NO = 1,			/* the answer is no */
	STATUS_FAILED = 1,		/* an input or output failed */
	STATUS_USAGE = 2,
	STATUS_INCOMPLETE = 3,		/* done from an incomplete record */
	STATUS_COMMAND_FAILED = 4,	/* done, but the command failed */
	STATUS_NO_FILTER = 125,		/* no filter or source */
	STATUS_CANNOT_RUN = 126,
	STATUS_NOT_FOUND = 127,
};

/** status_merge() - of two statuses the one that counts */
int status_merge(int a, int b);

/*
 * Values of a verb's long options that have no letter start here; the ones
 * below are getopt_long()'s letters and sclog's own.
 */
#define OPT_FIRST	512

/* What next_option() returns instead of a letter */
enum {
	OPT_END = -1,		/* no more options: optind is the first operand */
	OPT_BAD = -2,		/* said what is wrong: return STATUS_USAGE */
	OPT_DONE = -3,		/* help or version is printed: return STATUS_OK */
};

/**
 * next_option() - getopt_long() with the options of all verbs
 * @argc: and @argv: the verb's
 * @letters: the verb's letters as for getopt(), without a leading + or :
 * @longs: the verb's long options, ends with zeros; may be NULL
 * @help: what --help prints
 *
 * Handles -h -V -q -v --color --json (into options) and every error itself.
 * Options end at the first operand: what follows belongs to a command.
 *
 * Return: the option's value, or OPT_END, OPT_BAD, OPT_DONE.
 */
int next_option(int argc, char **argv, const char *letters,
		const struct option *longs, const char *help);

/** option_status() - the status for OPT_BAD or OPT_DONE */
int option_status(int option);

/** usage() - "sclog: VERB: message", where help is; returns STATUS_USAGE */
PRINTF(2) int usage(const char *verb, const char *format, ...);

/* The verbs */
int cmd_allow(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_convert(int argc, char **argv);
int cmd_deny(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_drop(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_learn(int argc, char **argv);
int cmd_merge(int argc, char **argv);
int cmd_read(int argc, char **argv);
int cmd_review(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_stat(int argc, char **argv);

#endif /* SCLOG_H */
