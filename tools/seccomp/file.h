/* SPDX-License-Identifier: GPL-2.0 */
/*
 * POLICY files: OCI linux.seccomp as JSON, plus what sclog knows of each call.
 *
 * In the file, an OCI name counts for every architecture of "architectures"
 * that has the call. A rule that is for some of them only has the member
 * "x-sclog-architectures" beside "names", which other programs ignore (to them
 * the rule is for all). Calls without a name are in "x-sclog": {"unnamed"},
 * with their rules. In memory all of these are rules of exact calls.
 *
 * Several comparisons of one argument in one entry are alternatives, as runc
 * reads them: each becomes a rule of its own.
 *
 * policy_parse() and policy_format() are pure (policy_parse.c, policy_write.c);
 * the rest (file.c) prints its own messages, "sclog: FILE:LINE: what: why".
 */
#ifndef SCLOG_FILE_H
#define SCLOG_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "json.h"
#include "policy.h"

/* A message about something that is read, but does not mean what it seems to */
typedef void policy_warn_fn(void *data, unsigned long line, const char *text);

/**
 * policy_parse() - read a POLICY or any OCI linux.seccomp
 * @text: JSON, ends with NUL
 * @length: without the NUL
 * @error: set if NULL is returned
 * @warn: called for each warning; may be NULL
 * @data: for @warn
 *
 * Without "x-sclog" all calls are of unknown origin, policy->has_origin is
 * false. Members that sclog does not use are kept. includes, excludes and
 * archMap (docker) are errors: they decide what counts.
 *
 * Return: the policy, for the caller to policy_free(); NULL if it is not one.
 */
struct policy *policy_parse(const char *text, size_t length,
			    struct json_error *error, policy_warn_fn *warn,
			    void *data);

/**
 * policy_format() - write a POLICY, the same text for the same policy
 *
 * Keys are sorted (but members that sclog does not use, which stand before
 * "syscalls"), a call is a line. Errors are the stream's: ferror().
 */
void policy_format(const struct policy *policy, FILE *out);

/** action_name() - "SCMP_ACT_ALLOW"; the errno of an action is not in it */
const char *action_name(uint32_t action);

/**
 * action_parse() - of an OCI name
 * @value: errno or trace data
 *
 * Return: true and @action with @value where it takes one; false: unknown.
 */
bool action_parse(const char *name, uint16_t value, uint32_t *action);

/** action_value() - errno or trace data of an action; -1 if it has none */
int action_value(uint32_t action);

/** op_name() - "SCMP_CMP_EQ"; NULL for an unknown operator */
const char *op_name(enum scmp_compare op);

/** op_parse() - the operator of a name; false for an unknown name */
bool op_parse(const char *name, enum scmp_compare *op);

/** time_text() - "2026-11-25T12:00:00.123Z"; at least TIME_TEXT_MAX bytes */
#define TIME_TEXT_MAX	40
const char *time_text(int64_t time_ms, char *text);

/** time_parse() - of time_text(); false if it is no such text */
bool time_parse(const char *text, int64_t *time_ms);

/** now_ms() - the time for what is written: SOURCE_DATE_EPOCH, else now */
int64_t now_ms(void);

/**
 * policy_load() - read a POLICY, or a list of calls: all else is refused
 * @path: "-" is standard input
 *
 * Return: the policy, or NULL after a message.
 */
struct policy *policy_load(const char *path);

/**
 * read_file() - the whole of a file
 * @path: "-" is standard input
 * @length: set
 *
 * Return: text with a NUL behind it, to be free()d; NULL after a message.
 */
char *read_file(const char *path, size_t *length);

/* A POLICY that this process alone changes */
struct policy_file;

/**
 * policy_lock() - open a POLICY for changes
 * @path: is created (empty) if it is not there; a link is followed
 * @policy: the policy; a new one if the file is empty or not there
 *
 * If another sclog has the file, says so and waits. The lock is flock()'s: a
 * child shares it until it executes another program.
 *
 * Return: NULL after a message. Else policy_unlock() it; @policy is the
 * caller's to free.
 */
struct policy_file *policy_lock(const char *path, struct policy **policy);

/**
 * policy_save() - put a policy in the file's place
 *
 * By write, fsync and rename in the file's own folder; mode and owner stay.
 * May be called again. A file that is not a regular one is written to.
 *
 * Return: false after a message; the file is then what it was.
 */
bool policy_save(struct policy_file *file, const struct policy *policy);

/** policy_unlock() - also removes the file if it was created and not saved */
void policy_unlock(struct policy_file *file);

/**
 * policy_replace() - a POLICY whose old content does not matter
 * @path: of the file, which need not be a POLICY now
 * @policy: what it is from now on
 *
 * Return: false after a message; the file is then what it was.
 */
bool policy_replace(const char *path, const struct policy *policy);

/** is_same_file() - both are there, and one file, if by other names */
bool is_same_file(const char *path, const char *other);

/**
 * replace_file() - a file with a new content, as policy_save() does it
 * @path: of the file
 * @text: the content
 * @length: of @text
 *
 * Return: false after a message; the file is then what it was.
 */
bool replace_file(const char *path, const char *text, size_t length);

#endif /* SCLOG_FILE_H */
