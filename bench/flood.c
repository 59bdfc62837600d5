// SPDX-License-Identifier: GPL-2.0
/*
 * Measures which records of a flood are in the log, inside the guest. Usage:
 * `flood SCENARIO`, or `flood SCENARIO once` for a filter with log-once. This
 * process is the audit daemon; its child makes 200 system calls 1000 times. The
 * numbers are printed as one line of words.
 */
#include "flood.h"
#include "ranges.h"

#include <err.h>

#include "audit.h"

/* Newer than the headers */
#ifndef SECCOMP_FILTER_FLAG_LOG_ONCE
#define SECCOMP_FILTER_FLAG_LOG_ONCE	0x80000000U
#endif

#define MS		1000000L
/* If no record comes for this time, none will come any more. */
#define QUIET_MS	500
/* A backlog wait time in jiffies, longer than a task ever waits */
#define LONG_WAIT	6000
/* More records than a filter can have */
#define RECORDS_MAX	(FLOOD_CALLS * FLOOD_ROUNDS + 10)

struct scenario {
	const char *name;
	unsigned int backlog, wait, rate;	/* audit's limits */
	int rcvbuf;	/* size of the daemon's receive buffer */
	long pause;	/* of the program, between rounds, in ns */
	int burst;	/* the daemon reads this number of records ... */
	long daemon_pause;	/* ... and pauses, in ns */
};

/*
 * A record that was lost can only be written when the system call is made
 * again. So the program must run as long as 200 records need at the rate of the
 * scenario, also on a fast machine.
 */
static const struct scenario scenarios[] = {
	/* ticks are 10 ms: both sleep until the next one */
	{ "slow", .backlog = 64, .rcvbuf = 1, .pause = 5 * MS,
	  .burst = 5, .daemon_pause = 5 * MS },
	{ "rate", .backlog = 64, .rate = 10, .rcvbuf = 1, .pause = 25 * MS,
	  .burst = 1, .daemon_pause = 50 * MS },
	{ "free", .backlog = 8192, .wait = LONG_WAIT, .rcvbuf = 100000,
	  .burst = 1000 },
};

enum stage {
	FLOOD,		/* the program makes its system calls */
	CALLS_MADE,	/* it has made them */
	EXIT,		/* set by the test: it exits */
};

struct shared {
	volatile enum stage stage;
	long long ns;	/* duration of the calls */
};

struct tally {
	long calls[FLOOD_CALLS];
	bool found[FLOOD_CALLS];
	unsigned long calls_nr, records, bytes;
	bool seen[RECORDS_MAX + 1];	/* seq= of the records that were read */
	unsigned long long filter;	/* its id; 0 if it is not known */
	/* from the summary */
	bool complete;
	unsigned long long logged, left_out, lost;
	unsigned int in_summary;
};

static void check_error(int err, const char *what)
{
	if (err < 0)
		errx(1, "%s: %s", what, strerror(-err));
}

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void run_program(const struct tally *tally, unsigned int flags,
			long pause, struct shared *shared)
{
	int err;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	err = flood_attach(flags);
	if (err)
		errx(1, "the kernel refuses the filter: %s", strerror(-err));
	shared->ns = now();
	flood(tally->calls, pause);
	shared->ns = now() - shared->ns;
	shared->stage = CALLS_MADE;
	while (shared->stage != EXIT)
		flood_sleep(MS);
	_exit(0);
}

static void count_call(struct tally *tally, long nr)
{
	for (int i = 0; i < FLOOD_CALLS; i++)
		tally->found[i] |= tally->calls[i] == nr;
}

/* A number that occurs twice, or is not possible, is an error. */
static void count_seq(struct tally *tally, const char *text)
{
	const char *seq = strstr(text, " seq=");
	unsigned long number;

	if (!seq)
		return;
	number = strtoul(seq + 5, NULL, 10);
	if (!number || number > RECORDS_MAX || tally->seen[number])
		errx(1, "impossible number: %s", text);
	tally->seen[number] = true;
}

/* How many numbers up to that of the summary were not read */
static unsigned long count_missing(const struct tally *tally)
{
	unsigned long missing = 0;

	for (unsigned long number = 1; number <= RECORDS_MAX; number++) {
		if (number <= tally->logged)
			missing += !tally->seen[number];
		else if (tally->seen[number])
			errx(1, "%lu is not in the summary", number);
	}
	return missing;
}

static void count_summary(struct tally *tally, const char *text)
{
	unsigned int part, parts;
	char set[1024];

	if (sscanf(text,
		   "op=seccomp-filter-gone filter=%*x logged=%llu left-out=%llu lost=%llu part=%u/%u arch=%*x syscalls=%1023s",
		   &tally->logged, &tally->left_out, &tally->lost, &part,
		   &parts, set) != 6)
		errx(1, "not a summary: %s", text);
	/* a summary may be repeated */
	if (part == 1)
		tally->in_summary = 0;
	tally->in_summary += ranges_size(set);
	tally->complete = part == parts;
}

/* Is the record about the program's filter? */
static bool has_filter(const struct tally *tally, const char *text)
{
	const char *filter = strstr(text, " filter=");

	return filter && tally->filter &&
	       strtoull(filter + 8, NULL, 16) == tally->filter;
}

/* Count a record; uses only fields that both kernels write. */
static void count(struct tally *tally, const struct audit_text *record, pid_t pid)
{
	const char *text = record->text;
	int record_pid, nr;

	if (record->type == AUDIT_SECCOMP) {
		if (sscanf(text, "auid=%*u uid=%*u gid=%*u ses=%*u pid=%d", &record_pid) != 1 ||
		    !strstr(text, " syscall=") ||
		    sscanf(strstr(text, " syscall="), " syscall=%d", &nr) != 1)
			errx(1, "not a SECCOMP record: %s", text);
		if (record_pid != pid)
			return;
		if (!tally->filter && strstr(text, " filter="))
			tally->filter = strtoull(strstr(text, " filter=") + 8,
						 NULL, 16);
		count_call(tally, nr);
		count_seq(tally, text);
		tally->calls_nr++;
	} else if (strncmp(text, "op=seccomp-filter-", 18) ||
		   !has_filter(tally, text)) {
		return;
	} else if (!strncmp(text, "op=seccomp-filter-gone ", 23)) {
		count_summary(tally, text);
	}
	tally->records++;
	tally->bytes += record->bytes;
}

/* Read as the scenario describes, until the program has ended. */
static void read_log(struct audit *audit, const struct scenario *scenario,
		     struct tally *tally, pid_t pid, struct shared *shared)
{
	struct audit_text record;

	for (;;) {
		bool ended = shared->stage == CALLS_MADE;
		int err = 0;

		for (int i = 0; i < scenario->burst && !err; i++) {
			err = audit_next_record(audit, &record, QUIET_MS);
			if (!err)
				count(tally, &record, pid);
		}
		if (err && err != -ETIMEDOUT)
			check_error(err, "audit log");
		if (err && ended)
			return;
		if (!ended && waitpid(pid, NULL, WNOHANG))
			exit(1);	/* it has printed why */
		if (scenario->daemon_pause)
			flood_sleep(scenario->daemon_pause);
	}
}

static void measure(const struct scenario *scenario, bool once)
{
	const bool has_summary = !access(LOGGED_ONCE, F_OK);
	static struct tally tally;
	struct audit_text record;
	struct shared *shared;
	struct audit audit;
	int found = 0;
	long long lost;
	pid_t pid;

	flood_calls(tally.calls);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		err(1, "mmap");
	check_error(audit_open(&audit), "audit");
	check_error(audit_set_rcvbuf(&audit, scenario->rcvbuf),
		    "receive buffer");
	check_error(audit_set_limits(&audit, scenario->backlog, scenario->wait,
				     scenario->rate), "audit's limits");
	lost = audit_lost(&audit);
	check_error(lost, "audit's status");

	pid = fork();
	if (!pid)
		run_program(&tally, once ? SECCOMP_FILTER_FLAG_LOG_ONCE : 0,
			    scenario->pause, shared);
	if (pid < 0)
		err(1, "fork");
	read_log(&audit, scenario, &tally, pid, shared);
	lost = audit_lost(&audit) - lost;

	/* without limits: queued records, and the summary */
	check_error(audit_set_limits(&audit, 8192, LONG_WAIT, 0),
		    "audit's limits");
	read_log(&audit, &(struct scenario){ .burst = 1000 }, &tally, pid, shared);
	shared->stage = EXIT;
	if (waitpid(pid, NULL, 0) != pid)
		err(1, "waitpid");
	while (has_summary && !tally.complete) {
		check_error(audit_next_record(&audit, &record, 20000),
			    "summary");
		count(&tally, &record, pid);
	}
	audit_close(&audit);

	for (int i = 0; i < FLOOD_CALLS; i++)
		found += tally.found[i];
	printf("flood scenario=%s once=%d ms=%lld", scenario->name, once,
	       shared->ns / MS);
	printf(" calls=%lu records=%lu bytes=%lu found=%d lost=%lld",
	       tally.calls_nr, tally.records, tally.bytes, found, lost);
	if (has_summary)
		printf(" named=%u logged=%llu left_out=%llu summary_lost=%llu missing=%lu",
		       tally.in_summary, tally.logged, tally.left_out, tally.lost,
		       count_missing(&tally));
	putchar('\n');
}

int main(int argc, char **argv)
{
	const bool once = argc == 3 && !strcmp(argv[2], "once");

	if (argc != 2 && !once)
		errx(2, "usage: flood SCENARIO [once]");
	for (size_t i = 0; i < ARRAY_SIZE(scenarios); i++) {
		if (strcmp(argv[1], scenarios[i].name))
			continue;
		measure(&scenarios[i], once);
		return 0;
	}
	errx(2, "%s: no such scenario", argv[1]);
}
