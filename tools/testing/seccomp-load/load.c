// SPDX-License-Identifier: GPL-2.0
/*
 * The program: two loads, the first to warm up, and what must hold afterwards. TAP.
 */
#include "load.h"

#include <err.h>
#include <getopt.h>
#include <poll.h>
#include <sys/mman.h>
#include <time.h>

#include "../../seccomp/test/tap.h"

/* The time that all processes have to end when they are told to */
#define END_MS		(SEQUENCE_MS + 60000)
/* If the end takes so long, it is printed why. */
#define SLOW_MS		20000
/* The time that memory has to be free */
#define FREE_MS		30000
/*
 * What may be in use afterwards, in KiB: caches of processors and free lists
 * differ from one measurement to the next.
 */
#define NOISE_SLAB	4096
#define NOISE_AVAILABLE	16384
#define NOISE_VMALLOC	4096
/* In so many seconds all operations are made at least once, also on a busy machine. */
#define ALL_SECONDS	30
/* More tasks than ever run at the same time */
#define TASKS_MAX	(64UL * config.workers)

struct config config = { .seconds = 60, .workers = 8, .faults = "" };
struct shared *shared;

/* Readable when the load is to stop */
static int stop_fd = -1;

bool pause_ms(int ms)
{
	struct pollfd stop = { .fd = stop_fd, .events = POLLIN };

	return poll(&stop, 1, ms) > 0;
}

int wait_child(pid_t pid)
{
	int status = -1;

	while (pid > 0 && waitpid(pid, &status, __WALL) < 0 && errno == EINTR)
		;
	return status;
}

static void *share(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		err(1, "mmap");
	return memory;
}

static pid_t start_admin(void (*admin)(void))
{
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		admin();
		_exit(0);
	}
	return pid;
}

/*
 * Start all processes, and wait until all of them and of their descendants have
 * ended. Returns the status of the crew: 1 if one of them failed.
 */
static int run_crew(void)
{
	static void (* const admins[])(void) = {
		admin_sysctls, admin_rules, admin_daemon,
	};
	int status, failed = 0;

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 0; i < ARRAY_SIZE(admins) && !config.native; i++)
		start_admin(admins[i]);
	for (unsigned int i = 0; i < config.workers; i++) {
		pid_t pid = fork();

		if (pid)
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		work(i);
		_exit(0);
	}
	while (waitpid(-1, &status, __WALL) > 0 || errno == EINTR)
		if (!exited_with(status, 0))
			failed = 1;
	return failed;
}

/* Load for a time. Returns false if a task is stuck, after it was killed. */
static bool run_load(unsigned int seconds, bool *failed)
{
	struct timespec begin, end;
	struct pollfd ended = { .events = POLLIN };
	int stop[2], early;
	pid_t crew;
	bool in_time;

	if (pipe2(stop, O_CLOEXEC))
		err(1, "pipe");
	fflush(stdout);
	crew = fork();
	if (!crew) {
		/* processes that are executed do not need it */
		close(stop[1]);
		stop_fd = stop[0];
		_exit(run_crew());
	}
	close(stop[0]);
	ended.fd = syscall(__NR_pidfd_open, crew, 0);
	if (crew < 0 || ended.fd < 0)
		err(1, "cannot start");
	early = poll(&ended, 1, seconds * 1000);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	close(stop[1]);
	in_time = poll(&ended, 1, SLOW_MS) == 1;
	if (!in_time) {
		printf("# what has not ended after %d s:\n", SLOW_MS / 1000);
		stuck_show(crew);
		in_time = poll(&ended, 1, END_MS - SLOW_MS) == 1;
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	if (!in_time) {
		stuck_show(crew);
		stuck_kill(crew);
	}
	*failed = !exited_with(wait_child(crew), 0) || early;
	close(ended.fd);
	if (in_time)
		printf("# all processes ended within %.1f s\n",
		       end.tv_sec - begin.tv_sec +
		       (end.tv_nsec - begin.tv_nsec) / 1e9);
	return in_time;
}

static void print_counts(void)
{
	printf("# figures: %lu sequences, %lu of them ended by a signal; operations:",
	       shared->sequences, shared->killed);
	for (unsigned int i = 0; operation_name(i); i++)
		printf(" %s %lu", operation_name(i), shared->operations[i]);
	printf("\n");
	if (config.native)
		return;
	printf("# %lu writes of sysctls, %lu rules, %lu changes of limits\n",
	       shared->changes, shared->rules, shared->limits);
	printf("# auditd started %lu times, killed %lu times, stalled %lu times\n",
	       shared->daemons, shared->daemons_killed, shared->stalls);
}

/* The records must add up. */
static void check_log(const char *name, const struct log_result *log,
		      long long lost)
{
	unsigned long windows = shared->inclusions * TASKS_MAX;

	printf("# figures: %lu records of %lu filters, %lu refused, %lu left out, %lld lost\n",
	       log->records, log->filters, log->lost, log->left_out, lost);
	OK(!log->overruns, "%s: the reader got all records", name);
	OK(!log->invalid, "%s: all records have the documented form", name);
	OK(!log->incomplete, "%s: each filter has a summary", name);
	OK(!log->wrong, "%s: the records of each filter add up", name);
	OK(!log->unannounced, "%s: each filter is announced", name);
	/* a rule that excludes may go before a task asks why it got no record */
	OK(lost >= 0 && log->lost <= lost + windows,
	   "%s: audit counts at least as many lost records", name);
}

/* One load and its log */
static void run_phase(const char *name, unsigned int seconds)
{
	static unsigned long long newest;
	struct log_result *log = share(sizeof(*log));
	long long lost = 0;
	pid_t reader = 0;
	bool failed, ended, all = true;

	memset(shared, 0, sizeof(*shared));
	if (!config.native) {
		lost = admin_lost();
		reader = log_start(log, newest);
		if (reader < 0)
			err(1, "cannot read the log");
	}
	ended = run_load(seconds, &failed);
	print_counts();
	OK(ended, "%s: all processes end", name);
	OK(!failed, "%s: no worker fails", name);
	OK(!shared->overdue, "%s: each sequence ends by itself", name);
	if (!config.native) {
		int error = admin_restore();
		int status;

		OK(!error, "%s: settings are restored", name);
		error = admin_mark(LOG_MARKER);
		status = error ? 1 : wait_child(reader);
		OK(exited_with(status, 0), "%s: the reader ends", name);
		check_log(name, log, admin_lost() - lost);
		newest = log->newest;
	}
	/* else nothing was tested */
	for (unsigned int i = 0; operation_name(i); i++)
		all = all && shared->operations[i];
	if (seconds >= ALL_SECONDS)
		OK(all && (config.native || log->records),
		   "%s: all operations were made and there are records", name);
	munmap(log, sizeof(*log));
}

static bool memory_back(const struct memory *before, const struct memory *after)
{
	return after->slab <= before->slab + NOISE_SLAB &&
	       after->available >= before->available - NOISE_AVAILABLE &&
	       after->vmalloc <= before->vmalloc + NOISE_VMALLOC;
}

/* Memory is freed after grace periods and by workers of the kernel. */
static void check_memory(const struct memory *before)
{
	struct memory after;

	for (int ms = 0; ms < FREE_MS; ms += 1000) {
		memory_read(&after);
		if (memory_back(before, &after))
			break;
		poll(NULL, 0, 1000);
	}
	printf("# KiB before and after: Slab %ld %ld, MemAvailable %ld %ld, VmallocUsed %ld %ld\n",
	       before->slab, after.slab, before->available, after.available,
	       before->vmalloc, after.vmalloc);
	OK(memory_back(before, &after), "memory is back where it was");
}

static int run(void)
{
	struct memory before;
	int error;

	printf("TAP version 13\n# seed %llu, %u workers, %u s\n",
	       (unsigned long long)config.seed, config.workers, config.seconds);
	error = memory_init();
	OK(!error, "the control group has a memory limit");
	error = admin_init();
	OK(!error, "arguments are not hidden");
	/* caches, threads of the kernel and tables grow once */
	run_phase("warm-up", config.seconds / 4 + 1);
	memory_read(&before);
	run_phase("load", config.seconds);
	memory_end();
	if (strstr(config.faults, "memory"))
		memory_hold();
	if (!config.native)
		check_memory(&before);
	return done_testing();
}

static void print_options(void)
{
	fprintf(stderr,
		"usage: load [options]\n"
		"  -s  seed of all random numbers; 0 or none: a random one, which is printed\n"
		"  -t  duration in seconds (60)\n"
		"  -w  number of workers (8)\n"
		"  -n  leave sysctls, audit and control groups alone\n"
		"  -o  make only this sequence and print its operations\n"
		"  -b  break something, to see it found: listener,record,memory\n");
	exit(2);
}

static int run_one(const char *which)
{
	unsigned long long sequence;
	unsigned int worker;
	int status;

	if (sscanf(which, "%u:%llu", &worker, &sequence) != 2)
		print_options();
	status = work_once(worker, sequence);
	printf("ended: %#x\n", status);
	return status;
}

int main(int argc, char **argv)
{
	const char *only = NULL;
	int option;

	if (argc == 3 && !strcmp(argv[1], "--executed"))
		return executed(argv[2]);
	/* children must not inherit what is not written yet */
	setlinebuf(stdout);
	while ((option = getopt(argc, argv, "s:t:w:no:b:")) != -1) {
		switch (option) {
		case 's':
			config.seed = strtoull(optarg, NULL, 0);
			break;
		case 't':
			config.seconds = strtoul(optarg, NULL, 10);
			break;
		case 'w':
			config.workers = strtoul(optarg, NULL, 10);
			break;
		case 'n':
			config.native = true;
			break;
		case 'o':
			only = optarg;
			break;
		case 'b':
			config.faults = optarg;
			break;
		default:
			print_options();
		}
	}
	if (optind != argc || !config.workers || !config.seconds)
		print_options();
	if (!config.seed)
		config.seed = time(NULL) ^ (uint64_t)getpid() << 16;
	shared = share(sizeof(*shared));
	filters_init();
	return only ? run_one(only) : run();
}
