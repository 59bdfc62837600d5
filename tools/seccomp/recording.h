/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A run that is recorded in a POLICY: events in, the file written while it
 * grows and at the end.
 */
#ifndef SCLOG_RECORDING_H
#define SCLOG_RECORDING_H

#include "event.h"
#include "file.h"
#include "outside.h"
#include "policy.h"

/**
 * struct recording - a run, and the policy that it adds to
 * @path: of the POLICY
 * @policy: its content
 * @was_empty: it had no call
 * @run: id of the run
 * @nr_known: calls that the policy had before
 * @new_calls: calls that were added, @nr_new
 * @outside: calls that have rules, but not for the arguments seen
 * @foreign: calls of architectures that sclog does not know
 *
 * Made by recording_begin(); the other members are private.
 */
struct recording {
	const char *path;
	struct policy *policy;
	bool was_empty;
	unsigned int run;
	size_t nr_known;
	struct call *new_calls;
	size_t nr_new;
	struct outside outside;
	uint64_t foreign;

	struct policy_file *file;
	bool grown;
	bool save_failed;
	int64_t saved_ms;
};

/** recording_begin() - lock and read the POLICY; false after a message */
bool recording_begin(struct recording *recording, const char *path);

/** recording_add() - a call was seen */
void recording_add(struct recording *recording, const struct event *event);

/** recording_clone3() - the same for what clone3() did; see struct watch */
void recording_clone3(struct recording *recording, const struct event *event,
		      uint64_t flags, uint64_t exit_signal);

/** recording_tick() - write the POLICY if it is time to */
void recording_tick(struct recording *recording);

/** recording_save() - write it now; false after a message */
bool recording_save(struct recording *recording);

/** recording_describe() - set what a run has of machine and time */
void recording_describe(struct policy_run *run);

/** recording_calls() - different calls that were seen in this run */
size_t recording_calls(const struct recording *recording);

/** recording_new_text() - names of the calls that were added; free() it */
char *recording_new_text(const struct recording *recording);

/** recording_end() - unlock; what was not saved is lost */
void recording_end(struct recording *recording);

#endif /* SCLOG_RECORDING_H */
