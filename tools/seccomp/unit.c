// SPDX-License-Identifier: GPL-2.0
/*
 * A systemd service whose calls systemd has logged.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "out.h"
#include "task.h"
#include "unit.h"

#define ONCE	"/proc/sys/kernel/seccomp/actions_logged_once"

/*
 * First line of what systemctl prints, to be free()d; NULL if it fails. @quiet:
 * what it says of a failure is not shown, as it is for sclog to say.
 */
static char *run_systemctl(const char *const *words, bool quiet)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	char text[4096];
	size_t length;
	int out[2];
	int status;
	FILE *file;
	pid_t pid;
	int err;

	if (pipe(out))
		return NULL;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
	if (quiet)
		posix_spawn_file_actions_addopen(&actions, STDERR_FILENO,
						 "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addclose(&actions, out[0]);
	posix_spawn_file_actions_addclose(&actions, out[1]);
	/* a group of its own: a second Ctrl-C is not for it */
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setpgroup(&attributes, 0);
	err = posix_spawnp(&pid, "systemctl", &actions, &attributes,
			   (char *const *)words, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	close(out[1]);
	if (err) {
		close(out[0]);
		pr_err("systemctl: %s", strerror(err));
		return NULL;
	}
	file = fdopen(out[0], "r");
	length = file ? fread(text, 1, sizeof(text) - 1, file) : 0;
	if (file)
		fclose(file);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	text[length] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return status ? NULL : xstrdup(text);
}

static char *show(const char *name, const char *property)
{
	const char *const words[] = {
		"systemctl", "show", "--value", "-p", property, "--", name, NULL
	};

	return run_systemctl(words, true);
}

static bool act(const char *verb, const char *name)
{
	const char *const words[] = { "systemctl", verb, name, NULL };
	char *text = run_systemctl(words, false);
	bool done = text;

	if (!done)
		pr_err("systemctl %s%s%s fails", verb, name ? " " : "",
		       name ? name : "");
	free(text);
	return done;
}

bool unit_is_name(const char *name)
{
	/* systemctl takes patterns, and would restart all that fit */
	if (*name && *name != '-' && !strpbrk(name, "/*?["))
		return true;
	pr_err("--unit: '%s' is not the name of a unit", name);
	return false;
}

bool unit_find(struct unit *unit, const char *name)
{
	char *state;
	bool found;
	char *id;

	*unit = (struct unit){
		.name = strchr(name, '.') ? xstrdup(name) :
			xasprintf("%s.service", name),
	};
	if (!unit_is_name(name))
		return false;
	state = show(unit->name, "LoadState");
	found = state && !strcmp(state, "loaded");
	if (!found)
		pr_err("%s: %s", unit->name, state && *state ?
		       "systemd has no such unit" : "systemd does not answer");
	free(state);
	/* it may have been called by another of its names */
	id = found ? show(unit->name, "Id") : NULL;
	if (id && *id) {
		free(unit->name);
		unit->name = id;
	} else {
		free(id);
	}
	return found;
}

/* Write a file as a whole; false after a message */
static bool write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");
	bool ok = file && fputs(text, file) >= 0;

	if (file && fclose(file))
		ok = false;
	if (!ok)
		pr_err("%s: %s", path, strerror(errno));
	return ok;
}

static char *read_line(const char *path)
{
	FILE *file = fopen(path, "re");
	char text[256] = "";

	if (!file)
		return NULL;
	if (!fgets(text, sizeof(text), file))
		*text = '\0';
	fclose(file);
	text[strcspn(text, "\n")] = '\0';
	return xstrdup(text);
}

/* systemd cannot ask for log-once, but the kernel can be told for all */
static void log_once(struct unit *unit)
{
	unit->once_before = read_line(ONCE);
	if (unit->once_before)
		write_text(ONCE, "log\n");
}

static void restore_once(struct unit *unit)
{
	char *line;

	if (!unit->once_before)
		return;
	line = xasprintf("%s\n", unit->once_before);
	write_text(ONCE, line);
	free(line);
	free(unit->once_before);
	unit->once_before = NULL;
}

/*
 * "~" alone is no filter at all to systemd: all but a call that every policy
 * allows anyway
 */
#define DROP_IN	"[Service]\nSystemCallLog=~restart_syscall\n"

bool unit_begin(struct unit *unit)
{
	char *pid;

	unit->folder = xasprintf("/run/systemd/system/%s.d", unit->name);
	unit->file = xasprintf("%s/sclog.conf", unit->folder);
	if (mkdir(unit->folder, 0755) && errno != EEXIST) {
		pr_err("%s: %s", unit->folder, strerror(errno));
		return false;
	}
	if (!access(unit->file, F_OK)) {
		pr_err("%s is there: another sclog, or one that was killed (remove it then)",
		       unit->file);
		free(unit->file);
		unit->file = NULL;
		return false;
	}
	if (!write_text(unit->file, DROP_IN))
		return false;
	log_once(unit);
	if (!act("daemon-reload", NULL) || !act("restart", unit->name))
		return false;
	pid = show(unit->name, "MainPID");
	if (pid && atoi(pid) > 0)
		unit->exe = task_exe(atoi(pid));
	free(pid);
	return true;
}

bool unit_end(struct unit *unit)
{
	bool ok;

	if (!unit->file)
		return true;
	unlink(unit->file);
	rmdir(unit->folder);
	free(unit->file);
	unit->file = NULL;
	ok = act("daemon-reload", NULL);
	ok = act("restart", unit->name) && ok;
	restore_once(unit);
	return ok;
}

int unit_has(const struct unit *unit, pid_t pid)
{
	char path[64];
	char line[4096];
	size_t length = strlen(unit->name);
	int found = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/cgroup", pid);
	file = fopen(path, "re");
	if (!file)
		return -1;
	/* "0::/system.slice/redis-server.service", perhaps with more behind */
	while (found != 1 && fgets(line, sizeof(line), file)) {
		const char *at = strstr(line, unit->name);

		found = at && at > line && at[-1] == '/' &&
			(at[length] == '/' || at[length] == '\n');
	}
	fclose(file);
	return found;
}

void unit_free(struct unit *unit)
{
	free(unit->name);
	free(unit->exe);
	free(unit->folder);
	free(unit->file);
	free(unit->once_before);
	*unit = (struct unit){};
}

bool systemd_logs_errors(void)
{
	FILE *file = fopen("/proc/1/environ", "re");
	size_t room = 0;
	char *text = NULL;
	bool found = false;

	while (file && !found && getdelim(&text, &room, '\0', file) > 0)
		found = !strcmp(text, "SYSTEMD_LOG_SECCOMP=1");
	free(text);
	if (file)
		fclose(file);
	return found;
}
