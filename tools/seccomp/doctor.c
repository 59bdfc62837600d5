// SPDX-License-Identifier: GPL-2.0
/*
 * doctor: find out why nothing is logged.
 *
 * Findings come in the order in which one explains the next; a finding that
 * explains everything is the last.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include "audit_status.h"
#include "filter.h"
#include "multicast.h"
#include "sclog.h"
#include "trace.h"

static const char help[] =
	"Usage: sclog doctor [OPTION]...\n"
	"\n"
	"Find out why nothing is logged, or not all: the kernel's configuration,\n"
	"audit's state and rules, the logged actions, limits, containers. Each\n"
	"finding comes with the command that mends it. Run it as root to have all\n"
	"answers. The status is 1 if something is wrong.\n"
	"\n"
	"      --root=DIR        look at the files below DIR, as copied from another\n"
	"                        machine, and at nothing else\n"
	"      --json            an object a finding\n"
	"\n"
	"Example: sudo sclog doctor\n";

enum {
	OPT_ROOT = OPT_FIRST,
};

static const struct option longs[] = {
	{ "root", required_argument, NULL, OPT_ROOT },
	{ }
};

enum finding {
	FINE,
	NOTE,	/* worth knowing */
	WRONG,
};

static const char *const finding_names[] = {
	[FINE] = "ok",
	[NOTE] = "note",
	[WRONG] = "wrong",
};

/* Where to look, and what was found */
struct doctor {
	const char *root;	/* "" for this machine */
	size_t nr_wrong;
};

/* @mend: a command, or NULL */
static void say(struct doctor *doctor, enum finding finding, const char *mend,
		const char *text)
{
	const struct style *style = style_for(stdout);
	const char *const colour[] = { style->green, style->yellow, style->red };

	doctor->nr_wrong += finding == WRONG;
	if (options.json) {
		printf("{\"finding\": \"%s\", \"text\": ", finding_names[finding]);
		print_json_string(stdout, text);
		fputs(", \"mend\": ", stdout);
		if (mend)
			print_json_string(stdout, mend);
		else
			fputs("null", stdout);
		puts("}");
		return;
	}
	printf("%s%-5s%s  ", colour[finding], finding_names[finding],
	       style->reset);
	print_escaped(stdout, text);
	putchar('\n');
	if (mend)
		printf("       to mend it: %s\n", mend);
}

/* The text of a file, plain or gz; NULL if it cannot be read */
static char *read_text(const struct doctor *doctor, const char *path)
{
	char *name = xasprintf("%s%s", doctor->root, path);
	size_t room = 4u << 20;
	char *text = xcalloc(room, 1);
	gzFile file = gzopen(name, "re");
	int got = -1;

	pr_debug("%s: %s", name, file ? "read" : strerror(errno));
	free(name);
	if (file) {
		got = gzread(file, text, room - 1);
		gzclose(file);
	}
	if (got >= 0)
		return text;
	free(text);
	return NULL;
}

/* The first word of a file as a number; @unknown if there is none */
static long read_number(const struct doctor *doctor, const char *path,
			long unknown)
{
	char *text = read_text(doctor, path);
	char *end;
	long number;

	if (!text)
		return unknown;
	number = strtol(text, &end, 10);
	if (end == text)
		number = unknown;
	free(text);
	return number;
}

static bool has_line(const char *text, const char *line)
{
	size_t length = strlen(line);

	for (; text; text = strchr(text, '\n')) {
		text += *text == '\n';
		if (!strncmp(text, line, length) &&
		    (text[length] == '\n' || !text[length]))
			return true;
		if (!*text)
			break;
	}
	return false;
}

static bool has_word(const char *text, const char *word)
{
	size_t length = strlen(word);

	while (text && *text) {
		size_t span;

		text += strspn(text, " \t\n");
		span = strcspn(text, " \t\n");
		if (span == length && !strncmp(text, word, length))
			return true;
		text += span;
	}
	return false;
}

static char *read_config(const struct doctor *doctor)
{
	char *text = read_text(doctor, "/proc/config.gz");
	char *release;
	char *path;

	if (text)
		return text;
	release = read_text(doctor, "/proc/sys/kernel/osrelease");
	if (!release)
		return NULL;
	release[strcspn(release, "\n")] = '\0';
	path = xasprintf("/boot/config-%s", release);
	text = read_text(doctor, path);
	free(path);
	free(release);
	return text;
}

/* Each check returns false if it explains all that is missing */

static bool check_config(struct doctor *doctor)
{
	static const struct {
		const char *line;
		const char *text;
	} needed[] = {
		{ "CONFIG_SECCOMP_FILTER=y",
		  "this kernel has no seccomp filters (CONFIG_SECCOMP_FILTER)" },
		{ "CONFIG_AUDIT=y",
		  "this kernel makes no audit records (CONFIG_AUDIT)" },
		{ "CONFIG_AUDITSYSCALL=y",
		  "this kernel makes no records about calls (CONFIG_AUDITSYSCALL)" },
	};
	char *config = read_config(doctor);
	char *avail = read_text(doctor, "/proc/sys/kernel/seccomp/actions_avail");
	bool ok = true;

	if (!config && !avail && *doctor->root) {
		say(doctor, NOTE, NULL,
		    "neither the kernel's configuration nor its settings of seccomp were copied");
	} else if (!config && !avail) {
		say(doctor, WRONG, NULL, needed[0].text);
		ok = false;
	} else if (!config) {
		say(doctor, NOTE, NULL,
		    "the kernel's configuration is not there to read (/proc/config.gz, /boot/config-*)");
	}
	for (int i = 0; ok && config && i < 3; i++) {
		ok = has_line(config, needed[i].line);
		if (!ok)
			say(doctor, WRONG, i ?
			    "sclog learn --source=trace needs no audit" : NULL,
			    needed[i].text);
	}
	if (ok && config)
		say(doctor, FINE, NULL,
		    "the kernel has seccomp filters and audit");
	free(avail);
	free(config);
	return ok;
}

static bool check_command_line(struct doctor *doctor)
{
	char *line = read_text(doctor, "/proc/cmdline");
	bool off = has_word(line, "audit=0") || has_word(line, "audit=off");

	if (off)
		say(doctor, WRONG,
		    "take audit=0 from the boot loader's configuration and boot again",
		    "the kernel was booted with audit=0: no record is made anywhere, not in the kernel log either");
	free(line);
	return !off;
}

static bool check_actions(struct doctor *doctor)
{
	static const char *const actions[] = {
		"kill_process", "kill_thread", "trap", "errno", "user_notif",
		"trace", "log",
	};
	static const char path[] = "/proc/sys/kernel/seccomp/actions_logged";
	char *logged = read_text(doctor, path);
	char *missing = xstrdup("");
	size_t nr_missing = 0;

	if (!logged) {
		say(doctor, NOTE, NULL,
		    "the kernel does not say which actions are logged");
		free(missing);
		return true;
	}
	for (int i = 0; i < 7; i++) {
		char *longer;

		if (has_word(logged, actions[i]))
			continue;
		nr_missing++;
		longer = xasprintf("%s %s", missing, actions[i]);
		free(missing);
		missing = longer;
	}
	if (nr_missing) {
		char *text = xasprintf("actions_logged lacks%s: they are not logged",
				       missing);

		say(doctor, WRONG,
		    "sysctl -w kernel.seccomp.actions_logged=\"kill_process kill_thread trap errno user_notif trace log\"",
		    text);
		free(text);
	} else {
		say(doctor, FINE, NULL, "all actions may be logged");
	}
	say(doctor, NOTE, NULL,
	    "errno, trap, trace and user_notif are logged only for filters with SECCOMP_FILTER_FLAG_LOG (OCI: \"flags\")");
	free(logged);
	free(missing);
	return nr_missing < 7;
}

static bool check_own_filters(struct doctor *doctor)
{
	char *status = read_text(doctor, "/proc/self/status");
	const char *mode = status ? strstr(status, "\nSeccomp:") : NULL;

	if (mode && strtol(mode + strlen("\nSeccomp:"), NULL, 10))
		say(doctor, NOTE, NULL,
		    "this process is under a filter already: of several filters the strongest action counts, and another may hide its records");
	free(status);
	return true;
}

static const char *query_error(int err)
{
	switch (err) {
	case -EPERM:
		return "audit's state is not known: only root may ask (CAP_AUDIT_CONTROL)";
	case -ECONNREFUSED:
		return "audit cannot be asked from a container";
	case -EPROTONOSUPPORT:
		return "this kernel has no audit socket (CONFIG_AUDIT)";
	default:
		return "audit does not answer";
	}
}

/* Rules that hide records, limits, and where the records go */
static bool check_audit(struct doctor *doctor)
{
	struct audit_state state;
	int err = audit_query(&state);
	char *text;

	if (err) {
		say(doctor, NOTE, NULL, query_error(err));
		return true;
	}
	if (!state.enabled)
		say(doctor, NOTE, NULL,
		    "audit is switched off (auditctl -e 0); seccomp's records are made all the same");
	if (state.never_task)
		say(doctor, WRONG, "auditctl -d never,task",
		    "the rule 'never,task' keeps programs out of audit");
	if (state.excludes)
		say(doctor, WRONG,
		    "auditctl -d always,exclude -F msgtype=SECCOMP",
		    "a rule excludes SECCOMP records");
	if (state.rate) {
		text = xasprintf("audit makes at most %u records a second",
				 state.rate);
		say(doctor, WRONG, "auditctl -r 0", text);
		free(text);
	}
	if (state.backlog_limit && state.backlog_limit < 1024) {
		text = xasprintf("only %u records may wait: a busy program loses some",
				 state.backlog_limit);
		say(doctor, NOTE, "auditctl -b 8192", text);
		free(text);
	}
	if (state.lost) {
		text = xasprintf("audit has lost %u records since boot",
				 state.lost);
		say(doctor, NOTE, "auditctl -b 8192 -r 0", text);
		free(text);
	}
	if (state.pid) {
		text = xasprintf("process %u is the audit daemon: dmesg has no records",
				 state.pid);
		say(doctor, NOTE, NULL, text);
		free(text);
	} else {
		say(doctor, NOTE, NULL,
		    "there is no audit daemon: records go to the kernel log (dmesg, journalctl -k)");
	}
	return true;
}

static bool check_journal(struct doctor *doctor)
{
	struct stat there;
	char *path = xasprintf("%s/run/systemd/journal/socket", doctor->root);
	char *unit = xasprintf("%s/etc/systemd/system/systemd-journald-audit.socket",
			       doctor->root);
	char to[16] = "";

	if (!stat(path, &there) && readlink(unit, to, sizeof(to) - 1) > 0 &&
	    !strcmp(to, "/dev/null"))
		say(doctor, NOTE,
		    "systemctl unmask systemd-journald-audit.socket",
		    "journald does not read audit: its socket unit is masked");
	free(unit);
	free(path);
	return true;
}

static bool check_printk(struct doctor *doctor)
{
	long limit = read_number(doctor, "/proc/sys/kernel/printk_ratelimit", 0);
	long burst = read_number(doctor,
				 "/proc/sys/kernel/printk_ratelimit_burst", 0);
	char *text;

	if (!limit)
		return true;
	text = xasprintf("the kernel log takes only %ld records in %ld seconds",
			 burst, limit);
	say(doctor, NOTE, "sysctl -w kernel.printk_ratelimit=0", text);
	free(text);
	return true;
}

/* Numbers that the kernel gives to its first namespaces */
#define FIRST_USER_NAMESPACE	0xeffffffdu
#define FIRST_PID_NAMESPACE	0xeffffffcu

static bool check_container(struct doctor *doctor)
{
	struct stat user;
	struct stat pid;

	if (stat("/proc/self/ns/user", &user) || stat("/proc/self/ns/pid", &pid))
		return true;
	if (user.st_ino == FIRST_USER_NAMESPACE &&
	    pid.st_ino == FIRST_PID_NAMESPACE)
		return true;
	say(doctor, NOTE, NULL,
	    "this is a container: audit's records can be read outside only; learn by trace works inside");
	return true;
}

static bool check_yama(struct doctor *doctor)
{
	if (read_number(doctor, "/proc/sys/kernel/yama/ptrace_scope", 0) >= 2)
		say(doctor, NOTE, "sysctl -w kernel.yama.ptrace_scope=1",
		    "yama forbids ptrace: sclog learn takes notify instead of trace");
	return true;
}

/* Is there a listener above us already? A child finds out, and ends. */
static bool has_listener(void)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog prog = { 1, &allow };
	int status = 0;
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		_exit(filter_load(&prog, SECCOMP_FILTER_FLAG_NEW_LISTENER) ==
		      -EBUSY);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

static bool check_sources(struct doctor *doctor)
{
	const char *why = NULL;
	bool trace = trace_possible();
	bool listener = has_listener();
	char *text;

	if (listener)
		say(doctor, NOTE, NULL,
		    "a supervisor has a listener on this process: notify is not possible (EBUSY)");
	text = xasprintf("sclog learn can use:%s%s%s%s",
			 multicast_possible(&why) ? " log" : "",
			 trace ? " trace" : "", listener ? "" : " notify",
			 multicast_possible(&why) && multicast_logs_once() ?
			 "; this kernel logs each call once" : "");
	say(doctor, NOTE, NULL, text);
	free(text);
	if (why) {
		text = xasprintf("not log: %s", why);
		say(doctor, NOTE, NULL, text);
		free(text);
	}
	return true;
}

int cmd_doctor(int argc, char **argv)
{
	static const struct {
		bool (*check)(struct doctor *doctor);
		bool live;	/* asks the kernel, not files */
	} checks[] = {
		{ check_config, false },
		{ check_command_line, false },
		{ check_actions, false },
		{ check_own_filters, false },
		{ check_audit, true },
		{ check_journal, false },
		{ check_printk, false },
		{ check_container, true },
		{ check_yama, false },
		{ check_sources, true },
	};
	struct doctor doctor = { .root = "" };
	char *folder;
	int missing;
	int option;

	while ((option = next_option(argc, argv, "", longs, help)) >= 0) {
		doctor.root = optarg;
		if (!*optarg)
			return usage("doctor", "--root: no folder is named");
	}
	if (option != OPT_END)
		return option_status(option);
	if (optind < argc)
		return usage("doctor", "'%s': no argument is needed",
			     argv[optind]);
	/* with the slash it must be a folder */
	folder = xasprintf("%s/", doctor.root);
	missing = access(folder, R_OK | X_OK) ? errno : 0;
	free(folder);
	if (missing) {
		pr_err_at(doctor.root, 0, "%s", strerror(missing));
		return STATUS_FAILED;
	}
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		if (*doctor.root && checks[i].live)
			continue;
		if (!checks[i].check(&doctor))
			break;
	}
	return doctor.nr_wrong ? STATUS_NO : STATUS_OK;
}
