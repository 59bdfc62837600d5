// SPDX-License-Identifier: GPL-2.0
/*
 * What a flood leaves in the log: run inside the guest as `flood SCENARIO`, or
 * `flood SCENARIO once` for a filter that logs each call once. This is the audit
 * daemon, and its child the program that makes 200 calls 1000 times. The numbers
 * come as one line of words.
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
/* Where nothing has come for so long, nothing comes any more. */
#define QUIET_MS	500
/* Jiffies that a task waits for room: longer than it takes */
#define ANY_TIME	6000
/* No filter has more records */
#define MADE_MAX	(FLOOD_CALLS * FLOOD_ROUNDS + 10)

struct scenario {
	const char *name;
	unsigned int backlog, wait, rate;	/* audit's limits */
	int room;	/* bytes that may wait at the daemon */
	long pause;	/* of the program, between rounds, nanoseconds */
	int burst;	/* the daemon reads so many ... */
	long rest;	/* ... and rests, nanoseconds */
};

/*
 * A call that was lost can only be logged when it is made again: where so many
 * records a second pass, 200 take their time, and for so long the program must
 * run, however fast the machine.
 */
static const struct scenario scenarios[] = {
	/* ticks are 10 ms: both sleep until the next one */
	{ "slow", .backlog = 64, .room = 1, .pause = 5 * MS,
	  .burst = 5, .rest = 5 * MS },
	{ "rate", .backlog = 64, .rate = 10, .room = 1, .pause = 25 * MS,
	  .burst = 1, .rest = 50 * MS },
	{ "free", .backlog = 8192, .wait = ANY_TIME, .room = 100000,
	  .burst = 1000 },
};

enum stage {
	FLOOD,		/* the program makes its calls */
	END,		/* it has made them */
	LEAVE,		/* told to: it goes */
};

struct shared {
	volatile enum stage stage;
	long long ns;	/* that the calls took */
};

struct tally {
	long calls[FLOOD_CALLS];
	bool found[FLOOD_CALLS];
	unsigned long calls_nr, records, bytes;
	bool numbers[MADE_MAX + 1];	/* seq= of the records that came */
	unsigned long long filter;	/* the program's, 0 if that is not known */
	/* what the summary says */
	bool closed;
	unsigned long long logged, left_out, lost;
	unsigned int named;
};

static void must(int err, const char *what)
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

static void program(const struct tally *tally, unsigned int flags, long pause,
		    struct shared *shared)
{
	int err;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	err = flood_attach(flags);
	if (err)
		errx(1, "the kernel refuses the filter: %s", strerror(-err));
	shared->ns = now();
	flood(tally->calls, pause);
	shared->ns = now() - shared->ns;
	shared->stage = END;
	while (shared->stage != LEAVE)
		flood_sleep(MS);
	_exit(0);
}

static void count_call(struct tally *tally, long nr)
{
	for (int i = 0; i < FLOOD_CALLS; i++)
		tally->found[i] |= tally->calls[i] == nr;
}

/* A number that comes twice, or that cannot be, is an error. */
static void count_number(struct tally *tally, const char *text)
{
	const char *seq = strstr(text, " seq=");
	unsigned long number;

	if (!seq)
		return;
	number = strtoul(seq + 5, NULL, 10);
	if (!number || number > MADE_MAX || tally->numbers[number])
		errx(1, "a number that cannot be: %s", text);
	tally->numbers[number] = true;
}

/* How many of the numbers that the summary tells of have not come */
static unsigned long count_missing(const struct tally *tally)
{
	unsigned long missing = 0;

	for (unsigned long number = 1; number <= MADE_MAX; number++) {
		if (number <= tally->logged)
			missing += !tally->numbers[number];
		else if (tally->numbers[number])
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
	/* it may come twice */
	if (part == 1)
		tally->named = 0;
	tally->named += ranges_size(set);
	tally->closed = part == parts;
}

/* Is a record about the program's filter? Others are written again, too. */
static bool is_about(const struct tally *tally, const char *text)
{
	const char *filter = strstr(text, " filter=");

	return filter && tally->filter &&
	       strtoull(filter + 8, NULL, 16) == tally->filter;
}

/* The fields that both kernels write */
static void count(struct tally *tally, const struct audit_text *record, pid_t pid)
{
	const char *text = record->text;
	int by, nr;

	if (record->type == AUDIT_SECCOMP) {
		if (sscanf(text, "auid=%*u uid=%*u gid=%*u ses=%*u pid=%d", &by) != 1 ||
		    !strstr(text, " syscall=") ||
		    sscanf(strstr(text, " syscall="), " syscall=%d", &nr) != 1)
			errx(1, "not a record of a call: %s", text);
		if (by != pid)
			return;
		if (!tally->filter && strstr(text, " filter="))
			tally->filter = strtoull(strstr(text, " filter=") + 8,
						 NULL, 16);
		count_call(tally, nr);
		count_number(tally, text);
		tally->calls_nr++;
	} else if (strncmp(text, "op=seccomp-filter-", 18) ||
		   !is_about(tally, text)) {
		return;
	} else if (!strncmp(text, "op=seccomp-filter-gone ", 23)) {
		count_summary(tally, text);
	}
	tally->records++;
	tally->bytes += record->bytes;
}

/* Read as the scenario says, until the program is at its end and all has come. */
static void read_log(struct audit *audit, const struct scenario *scenario,
		     struct tally *tally, pid_t pid, struct shared *shared)
{
	struct audit_text record;

	for (;;) {
		bool ended = shared->stage == END;
		int err = 0;

		for (int i = 0; i < scenario->burst && !err; i++) {
			err = audit_next(audit, &record, QUIET_MS);
			if (!err)
				count(tally, &record, pid);
		}
		if (err && err != -ETIMEDOUT)
			must(err, "audit log");
		if (err && ended)
			return;
		if (!ended && waitpid(pid, NULL, WNOHANG))
			exit(1);	/* it has said why */
		if (scenario->rest)
			flood_sleep(scenario->rest);
	}
}

static void measure(const struct scenario *scenario, bool once)
{
	const bool closes = !access(LOGGED_ONCE, F_OK);
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
	must(audit_open(&audit), "audit");
	must(audit_narrow(&audit, scenario->room), "receive buffer");
	must(audit_limit(&audit, scenario->backlog, scenario->wait,
			 scenario->rate), "audit's limits");
	lost = audit_lost(&audit);
	must(lost, "audit's status");

	pid = fork();
	if (!pid)
		program(&tally, once ? SECCOMP_FILTER_FLAG_LOG_ONCE : 0,
			scenario->pause, shared);
	if (pid < 0)
		err(1, "fork");
	read_log(&audit, scenario, &tally, pid, shared);
	lost = audit_lost(&audit) - lost;

	/* without limits: what waits for a wake-up, and how the filter ends */
	must(audit_limit(&audit, 8192, ANY_TIME, 0), "audit's limits");
	read_log(&audit, &(struct scenario){ .burst = 1000 }, &tally, pid, shared);
	shared->stage = LEAVE;
	if (waitpid(pid, NULL, 0) != pid)
		err(1, "waitpid");
	while (closes && !tally.closed) {
		must(audit_next(&audit, &record, 20000), "summary");
		count(&tally, &record, pid);
	}
	audit_close(&audit);

	for (int i = 0; i < FLOOD_CALLS; i++)
		found += tally.found[i];
	printf("flood scenario=%s once=%d ms=%lld", scenario->name, once,
	       shared->ns / MS);
	printf(" calls=%lu records=%lu bytes=%lu found=%d lost=%lld",
	       tally.calls_nr, tally.records, tally.bytes, found, lost);
	if (closes)
		printf(" named=%u logged=%llu left_out=%llu summary_lost=%llu missing=%lu",
		       tally.named, tally.logged, tally.left_out, tally.lost,
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
