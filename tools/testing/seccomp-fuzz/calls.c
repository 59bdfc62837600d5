// SPDX-License-Identifier: GPL-2.0
/*
 * calls SEED COUNT [ONLY]: make COUNT sequences of random system calls about
 * seccomp, or only sequence ONLY, and print each call and its result. On two
 * kernels that behave alike the output is the same.
 */
#include "calls.h"

#include <sys/mman.h>
#include <sys/resource.h>

#define TEXT_MAX	(64 * 1024)

/* Shared with the children, which may not be allowed to write. */
static struct {
	size_t len;
	char text[TEXT_MAX];
} *output;

static uint64_t state;

uint32_t rnd(uint32_t end)
{
	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(state >> 33) % end;
}

bool chance(unsigned int percent)
{
	return rnd(100) < percent;
}

void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	output->len += vsnprintf(output->text + output->len,
				 TEXT_MAX - output->len, format, args);
	va_end(args);
	if (output->len >= TEXT_MAX)
		abort();
}

long say_result(long ret, const char *positive)
{
	int error = errno;

	if (ret < 0)
		say(" = %s\n", strerrorname_np(error) ?: "?");
	else if (ret && positive)
		say(" = %s\n", positive);
	else
		say(" = %ld\n", ret);
	return ret;
}

void end_child(pid_t pid)
{
	/* 0 and -1 are not one process. */
	if (pid <= 0)
		abort();
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void on_sigsys(int sig, siginfo_t *info, void *context)
{
	say(" [SIGSYS code %d errno %d call %d arch %x]", info->si_code,
	    info->si_errno, info->si_syscall, info->si_arch);
}

static void show_status(void)
{
	static const char * const wanted[] = {
		"NoNewPrivs:", "Seccomp:", "Seccomp_filters:",
	};
	char text[8192];

	if (read_file("/proc/self/status", text, sizeof(text)) < 0)
		return;
	say("status");
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		const char *line = strstr(text, wanted[i]);

		if (line)
			say(" %.*s", (int)strcspn(line, "\n"), line);
	}
	say("\n");
}

static void set_no_new_privs(void)
{
	static const unsigned long values[] = { 1, 1, 1, 1, 0, 2, ~0UL };
	unsigned long value = one_of(values), more = chance(90) ? 0 : 1;

	say("prctl(NO_NEW_PRIVS, %ld, %ld)", (long)value, more);
	say_result(prctl(PR_SET_NO_NEW_PRIVS, value, more, 0, 0), NULL);
}

static void show_modes(void)
{
	say("prctl(GET_SECCOMP)");
	say_result(prctl(PR_GET_SECCOMP, 0, 0, 0, 0), NULL);
	say("prctl(GET_NO_NEW_PRIVS)");
	say_result(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), NULL);
}

static void drop_privileges(void)
{
	say("capset(none)");
	say_result(drop_capabilities(), NULL);
}

static void fork_child(void)
{
	int status;
	pid_t child = fork();

	if (!child) {
		say("in a child\n");
		show_modes();
		call_randomly();
		_exit(0);
	}
	waitpid(child, &status, 0);
	say("child ended: %#x\n", status);
}

static const struct {
	unsigned int weight;
	void (*make)(void);
} operations[] = {
	{ 30, attach_randomly },
	{ 30, call_randomly },
	{ 8, set_no_new_privs },
	{ 6, show_modes },
	{ 6, show_status },
	{ 2, drop_privileges },
	{ 4, fork_child },
	{ 5, sync_threads },
	{ 8, supervise },
	{ 8, trace },
};

static void make_one(void)
{
	unsigned int sum = 0, at;

	for (size_t i = 0; i < ARRAY_SIZE(operations); i++)
		sum += operations[i].weight;
	at = rnd(sum);
	for (size_t i = 0; i < ARRAY_SIZE(operations); i++) {
		if (at < operations[i].weight) {
			operations[i].make();
			return;
		}
		at -= operations[i].weight;
	}
}

/* One sequence. It ends early if it is killed, and after ten seconds. */
static void run_sequence(void)
{
	const struct rlimit none = { 0, 0 };
	const struct sigaction action = {
		.sa_sigaction = on_sigsys,
		.sa_flags = SA_SIGINFO,
	};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setsid();
	setrlimit(RLIMIT_CORE, &none);
	sigaction(SIGSYS, &action, NULL);
	alarm(10);
	if (chance(70))
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (chance(15))
		drop_privileges();
	for (int n = 1 + rnd(16); n--;)
		make_one();
	show_status();
	_exit(0);
}

int main(int argc, char **argv)
{
	unsigned long seed, count, only, hung = 0;

	if (argc < 3) {
		fprintf(stderr, "usage: calls SEED COUNT [ONLY]\n");
		return 2;
	}
	seed = strtoul(argv[1], NULL, 10);
	count = strtoul(argv[2], NULL, 10);
	only = argc > 3 ? strtoul(argv[3], NULL, 10) : count;

	output = mmap(NULL, sizeof(*output), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (output == MAP_FAILED)
		return 1;
	for (unsigned long n = 0; n < count; n++) {
		int status;
		pid_t child;

		if (only != count && n != only)
			continue;
		state = seed << 32 ^ n * 0x9e3779b97f4a7c15ULL;
		rnd(1);
		output->len = 0;
		fflush(stdout);
		child = fork();
		if (!child)
			run_sequence();
		if (child < 0 || waitpid(child, &status, 0) != child)
			return 1;
		printf("== %lu\n%.*s\nended: %#x\n", n, (int)output->len,
		       output->text, status);
		hung += killed_by(status, SIGALRM);
	}
	if (hung)
		fprintf(stderr, "calls: %lu sequences did not end\n", hung);
	return fflush(stdout) || hung;
}
