/* SPDX-License-Identifier: GPL-2.0 */
/*
 * learn --json: what came of a run.
 */
#ifndef SCLOG_LEARN_JSON_H
#define SCLOG_LEARN_JSON_H

#include <stdio.h>

#include "recording.h"
#include "watch.h"

/**
 * struct learn_summary - what learn_json() prints
 * @source: name of the source
 * @unit: the service that was watched, or NULL
 * @processes: that made a call which was watched
 * @written: the policy is what @recording has
 */
struct learn_summary {
	const struct recording *recording;
	const struct watch *watch;
	const char *source;
	const char *unit;
	size_t processes;
	bool written;
};

/**
 * learn_json() - an object a call that the policy's rules do not allow, and one
 * with the summary and with the warnings that options.warnings keeps
 */
void learn_json(const struct learn_summary *summary, FILE *out);

#endif /* SCLOG_LEARN_JSON_H */
