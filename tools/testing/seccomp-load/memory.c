// SPDX-License-Identifier: GPL-2.0
/*
 * A control group at its memory limit, and what memory the kernel uses.
 */
#include "load.h"

#include <glob.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define GROUP_LIMIT	"6M"
/* More than that */
#define TOUCHED		(9UL << 20)
#define CHILDREN	12
/* Those of memory_hold() */
#define HOLDERS		40

int memory_init(void)
{
	int err;

	if (config.native)
		return 0;
	err = write_file("/sys/fs/cgroup/cgroup.subtree_control", "+memory");
	if (err)
		return err;
	if (mkdir(LOAD_CGROUP, 0755))
		return -errno;
	return write_file(LOAD_CGROUP "/memory.max", GROUP_LIMIT);
}

void memory_end(void)
{
	rmdir(LOAD_CGROUP);
}

/* As many filters as a process may have, or as there is memory for */
static void fill_chain(void)
{
	while (attach_large() >= 0)
		call_randomly(2);
	call_randomly(10);
}

/*
 * Start children that fill their chains. They hold @attached until they have, and end
 * when @go is closed or with this process.
 */
static void start_children(int nr, const int attached[2], const int go[2])
{
	for (int i = 0; i < nr; i++) {
		uint64_t seed = rnd64();
		char byte;

		if (fork())
			continue;
		rnd_start(seed, 0, 0);
		close(attached[0]);
		close(go[1]);
		fill_chain();
		close(attached[1]);
		if (read(go[0], &byte, 1) < 0)
			_exit(1);
		_exit(0);
	}
}

/* Until all children have their filters or were killed */
static void await_children(const int attached[2])
{
	char byte;

	close(attached[1]);
	while (read(attached[0], &byte, 1) < 0 && errno == EINTR)
		;
}

void memory_hold(void)
{
	int attached[2], go[2];

	if (pipe(attached) || pipe(go))
		return;
	rnd_start(config.seed, 0, 0);
	start_children(HOLDERS, attached, go);
	await_children(attached);
}

/* In processes of its own, which may be killed or get ENOMEM */
void op_memory(void)
{
	bool touches = chance(30);
	int children = 1 + rnd(CHILDREN);
	int attached[2], go[2];

	if (config.native || write_file(LOAD_CGROUP "/cgroup.procs", "0"))
		return;
	if (touches) {
		char *memory = mmap(NULL, TOUCHED, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		for (size_t i = 0; memory != MAP_FAILED && i < TOUCHED; i += 4096)
			memory[i] = 1;
	}
	if (pipe(attached) || pipe(go))
		return;
	start_children(children, attached, go);
	await_children(attached);
}

static long value_of(const char *text, const char *name)
{
	const char *line = strstr(text, name);

	return line ? atol(line + strlen(name)) : -1;
}

void memory_read(struct memory *memory)
{
	char text[8192];
	glob_t caches;

	memset(memory, 0, sizeof(*memory));
	if (config.native)
		return;
	sync();
	write_file("/proc/sys/vm/drop_caches", "3");
	/* what KASAN has not freed yet, and empty slabs */
	if (!glob("/sys/kernel/slab/*/shrink", 0, NULL, &caches)) {
		for (size_t i = 0; i < caches.gl_pathc; i++)
			write_file(caches.gl_pathv[i], "1");
		globfree(&caches);
	}
	if (read_file("/proc/meminfo", text, sizeof(text)) < 0)
		text[0] = '\0';
	memory->slab = value_of(text, "\nSlab:");
	memory->available = value_of(text, "\nMemAvailable:");
	memory->vmalloc = value_of(text, "\nVmallocUsed:");
}
