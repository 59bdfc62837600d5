// SPDX-License-Identifier: GPL-2.0
/*
 * A run that is recorded in a POLICY.
 */
#include <gnu/libc-version.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "args.h"
#include "companions.h"
#include "out.h"
#include "recording.h"
#include "watch.h"

/* Between two times that the POLICY is written while it grows */
#define SAVE_MS		10000

/* Of new calls, names that are said */
#define NAMES_MAX	8

bool recording_begin(struct recording *recording, const char *path)
{
	struct policy_run *run;

	*recording = (struct recording){ .path = path };
	recording->file = policy_lock(path, &recording->policy);
	if (!recording->file)
		return false;
	recording->nr_known = recording->policy->nr_calls;
	recording->was_empty = !recording->nr_known;
	recording->policy->has_origin = true;
	run = policy_add_run(recording->policy);
	recording->run = run->id;
	run->status = -1;
	/* until it has ended; a reader may see the file before */
	run->complete = RUN_INCOMPLETE;
	recording_describe(run);
	recording->saved_ms = clock_ms();
	return true;
}

void recording_describe(struct policy_run *run)
{
	struct utsname name;

	run->date_ms = now_ms();
	if (!uname(&name))
		policy_set_text(&run->kernel, name.release);
	free(run->libc);
	run->libc = xasprintf("glibc %s", gnu_get_libc_version());
}

void recording_add(struct recording *recording, const struct event *event)
{
	struct policy_call *call;

	switch (args_add(recording->policy, recording->run, event)) {
	case ADDED_CALL:
		recording->new_calls = xreallocarray(recording->new_calls,
						     recording->nr_new + 1,
						     sizeof(struct call));
		recording->new_calls[recording->nr_new++] = event->call;
		recording->grown = true;
		break;
	case ADDED_OUTSIDE:
		call = policy_find(recording->policy, &event->call);
		if (!companion_refuses(call))
			outside_add(&recording->outside, event);
		break;
	case ADDED_IGNORED:
		recording->foreign += event->count;
		return;
	case ADDED_KNOWN:
		break;
	}
	if (event->path) {
		char *path = xcalloc(4 * strlen(event->path) + 1, 1);

		escape_into(path, 4 * strlen(event->path) + 1, event->path);
		call = policy_find(recording->policy, &event->call);
		count_name(&call->paths, path, event->count);
		free(path);
	}
}

void recording_clone3(struct recording *recording, const struct event *event,
		      uint64_t flags, uint64_t exit_signal)
{
	struct event clone;

	if (args_clone3(event, flags, exit_signal, &clone))
		recording_add(recording, &clone);
}

bool recording_save(struct recording *recording)
{
	recording->grown = false;
	recording->saved_ms = clock_ms();
	return policy_save(recording->file, recording->policy);
}

void recording_tick(struct recording *recording)
{
	if (!recording->grown || recording->save_failed ||
	    clock_ms() - recording->saved_ms <
	    test_setting("SCLOG_SAVE_MS", SAVE_MS))
		return;
	/* said once; it is tried again at the end */
	recording->save_failed = !recording_save(recording);
}

size_t recording_calls(const struct recording *recording)
{
	const struct policy *policy = recording->policy;
	size_t nr = 0;

	for (size_t i = 0; i < policy->nr_calls; i++) {
		const struct run_set *runs = &policy->calls[i].runs;

		/* the newest run has the highest id */
		nr += runs->nr && runs->ids[runs->nr - 1] == recording->run;
	}
	return nr;
}

char *recording_new_text(const struct recording *recording)
{
	char *text = xstrdup("");

	for (size_t i = 0; i < recording->nr_new && i < NAMES_MAX; i++) {
		char name[CALL_TEXT_MAX];
		char *longer = xasprintf("%s%s%s", text, i ? " " : "",
			call_text(&recording->new_calls[i], name));

		free(text);
		text = longer;
	}
	if (recording->nr_new > NAMES_MAX) {
		char *longer = xasprintf("%s ...", text);

		free(text);
		text = longer;
	}
	return text;
}

void recording_end(struct recording *recording)
{
	policy_unlock(recording->file);
	policy_free(recording->policy);
	outside_free(&recording->outside);
	free(recording->new_calls);
	*recording = (struct recording){};
}
