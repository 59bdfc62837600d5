// SPDX-License-Identifier: GPL-2.0
/*
 * POLICY files: reading, locking and replacing them.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "formats.h"

/* More than any policy; keeps a wrong name from filling the memory */
#define FILE_MAX	(64ul << 20)

/**
 * struct policy_file - a POLICY that is locked
 * @name: as the user gave it, for messages
 * @path: without links
 * @fd: the file that is at @path now, locked by flock()
 * @created: by policy_lock(), and not saved yet
 */
struct policy_file {
	char *name;
	char *path;
	int fd;
	bool created;
};

int64_t now_ms(void)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	struct timespec now;
	char *end;

	if (epoch && *epoch) {
		int64_t seconds;

		errno = 0;
		seconds = strtoll(epoch, &end, 10);
		if (!errno && !*end && seconds >= 0 && seconds < INT32_MAX * 64LL)
			return seconds * 1000;
	}
	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static char *read_fd(int fd, const char *name, size_t *length)
{
	size_t room = 65536;
	char *text = xcalloc(1, room);

	*length = 0;
	for (;;) {
		ssize_t got = read(fd, text + *length, room - *length - 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			pr_err_at(name, 0, "%s", strerror(errno));
			break;
		}
		*length += got;
		if (!got) {
			text[*length] = '\0';
			return text;
		}
		if (*length > FILE_MAX) {
			pr_err_at(name, 0, "larger than %lu MiB",
				  FILE_MAX >> 20);
			break;
		}
		if (room - *length < 32768) {
			room *= 2;
			text = xreallocarray(text, room, 1);
		}
	}
	free(text);
	return NULL;
}

char *read_file(const char *path, size_t *length)
{
	char *text;
	int fd;

	if (!strcmp(path, "-"))
		return read_fd(STDIN_FILENO, path, length);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		pr_err_at(path, 0, "%s", strerror(errno));
		return NULL;
	}
	text = read_fd(fd, path, length);
	close(fd);
	return text;
}

static void print_warning(void *name, unsigned long line, const char *text)
{
	pr_warn_at(name, line, "%s", text);
}

static void say_policy(const char *name, const struct policy *policy)
{
	if (policy)
		pr_debug("%s: calls %zu, runs %zu, all else %s",
			 file_title(name), policy->nr_calls, policy->nr_runs,
			 action_name(policy->default_action));
}

static struct policy *parse_named(const char *name, const char *text,
				  size_t length)
{
	struct json_error error;
	struct policy *policy = policy_parse(text, length, &error,
					     print_warning, (void *)name);

	if (!policy)
		pr_err_at(name, error.line, "%s", error.text);
	say_policy(name, policy);
	return policy;
}

/* JSON is an object; a list has a name, a number or a comment first */
static bool is_list(const char *text)
{
	text += strspn(text, " \t\r\n");
	return isalnum((unsigned char)*text) || *text == '_' || *text == '-' ||
	       *text == '#';
}

struct policy *policy_load(const char *path)
{
	size_t length;
	char *text = read_file(path, &length);
	struct policy *policy;

	if (!text)
		return NULL;
	if (is_list(text)) {
		policy = read_list(path, text, length);
		if (policy)
			policy->is_list = true;
	} else {
		policy = parse_named(path, text, length);
	}
	free(text);
	return policy;
}

/* @said: the user knows that it waits */
static bool lock_fd(int fd, const char *name, bool *said)
{
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return true;
	if (errno == EWOULDBLOCK) {
		if (!*said)
			pr_warn_at(name, 0,
				   "another sclog writes it, or learns into it: waiting");
		*said = true;
		while (flock(fd, LOCK_EX))
			if (errno != EINTR)
				goto failed;
		return true;
	}
failed:
	pr_err_at(name, 0, "cannot lock: %s", strerror(errno));
	return false;
}

static bool is_same(const struct stat *one, const struct stat *two)
{
	return one->st_dev == two->st_dev && one->st_ino == two->st_ino;
}

static bool is_at(int fd, const char *path)
{
	struct stat open_file;
	struct stat there;

	return !fstat(fd, &open_file) && !stat(path, &there) &&
		is_same(&open_file, &there);
}

bool is_same_file(const char *path, const char *other)
{
	struct stat one;
	struct stat two;

	return !stat(path, &one) && !stat(other, &two) && is_same(&one, &two);
}

static bool is_link(const char *path)
{
	struct stat there;

	return !lstat(path, &there) && S_ISLNK(there.st_mode);
}

/*
 * A new file that root makes for the user who called sudo is the user's, in a
 * folder that is, too
 */
static void give_to_user(const struct policy_file *file)
{
	const char *uid_text = getenv("SUDO_UID");
	const char *gid_text = getenv("SUDO_GID");
	const char *slash = strrchr(file->path, '/');
	struct stat folder;
	char *name;
	int uid;
	int gid;

	if (geteuid() || !uid_text || !gid_text || parse_s32(uid_text, &uid) ||
	    parse_s32(gid_text, &gid))
		return;
	name = slash ? xasprintf("%.*s/", (int)(slash - file->path),
				 file->path) : xstrdup(".");
	if (!stat(name, &folder) && folder.st_uid == (uid_t)uid &&
	    fchown(file->fd, uid, gid))
		pr_warn_at(file->name, 0, "cannot give it to user %d: %s", uid,
			   strerror(errno));
	free(name);
}

/* Open and lock what is at the path; again if it is replaced meanwhile */
static bool open_locked(struct policy_file *file)
{
	bool said = false;

	do {
		struct stat now;

		if (file->fd >= 0)
			close(file->fd);
		file->created = false;
		/* what a FIFO gets is gone, and to open a device may do something */
		if (!stat(file->path, &now) && !S_ISREG(now.st_mode)) {
			pr_err_at(file->name, 0, "%s", S_ISDIR(now.st_mode) ?
				  strerror(EISDIR) : "not a regular file");
			return false;
		}
		file->fd = open(file->path, O_RDWR | O_CLOEXEC | O_NOCTTY);
		if (file->fd < 0 && errno == ENOENT) {
			file->fd = open(file->path, O_RDWR | O_CREAT | O_EXCL |
					O_CLOEXEC, 0666);
			if (file->fd < 0 && errno == EEXIST &&
			    !is_link(file->path))
				continue;
			file->created = file->fd >= 0;
			if (file->created)
				give_to_user(file);
		}
		if (file->fd < 0) {
			pr_err_at(file->name, 0, "%s",
				  errno == EEXIST ? "a link to what is not there" :
				  strerror(errno));
			return false;
		}
		if (!lock_fd(file->fd, file->name, &said))
			return false;
	} while (file->fd < 0 || !is_at(file->fd, file->path));
	return true;
}

/* Said before a command runs, not when its calls are to be saved */
static bool is_replaceable(const struct policy_file *file)
{
	const char *slash = strrchr(file->path, '/');
	char *folder;
	int err;

	folder = slash ? xasprintf("%.*s/", (int)(slash - file->path),
				   file->path) : xstrdup(".");
	err = faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) ? errno : 0;
	free(folder);
	if (err)
		pr_err_at(file->name, 0, "cannot make a file beside it: %s",
			  strerror(err));
	return !err;
}

static struct policy_file *file_lock(const char *path)
{
	struct policy_file *file;

	if (!strcmp(path, "-")) {
		pr_err("-: a policy that is written is a file, not a stream; ./- is one");
		return NULL;
	}
	file = xcalloc(1, sizeof(*file));
	file->fd = -1;
	file->name = xstrdup(path);
	/* a link stays one: what it leads to is replaced */
	file->path = realpath(path, NULL);
	if (!file->path)
		file->path = xstrdup(path);
	if (!open_locked(file) || !is_replaceable(file)) {
		policy_unlock(file);
		return NULL;
	}
	return file;
}

void policy_unlock(struct policy_file *file)
{
	if (!file)
		return;
	if (file->created && is_at(file->fd, file->path))
		unlink(file->path);
	if (file->fd >= 0)
		close(file->fd);
	free(file->name);
	free(file->path);
	free(file);
}

struct policy_file *policy_lock(const char *path, struct policy **policy)
{
	struct policy_file *file = file_lock(path);
	size_t length;
	char *text;

	if (!file)
		return NULL;
	text = read_fd(file->fd, path, &length);
	*policy = NULL;
	if (text && length && is_list(text)) {
		char *name = shell_word(path);

		pr_err_at(path, 0, "a list of calls, which is only read; a policy of it: sclog convert --from list --to oci %s",
			  name);
		free(name);
	} else if (text) {
		*policy = length ? parse_named(path, text, length) : policy_new();
	}
	free(text);
	if (!*policy) {
		policy_unlock(file);
		return NULL;
	}
	return file;
}

static bool write_all(int fd, const char *text, size_t length)
{
	while (length) {
		ssize_t written = write(fd, text, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		text += written;
		length -= written;
	}
	return true;
}

/* As the old file; one that was just created has what open() gave it */
static bool copy_owner_and_mode(int from, int to)
{
	struct stat old;
	struct stat new;

	if (fstat(from, &old) || fstat(to, &new))
		return false;
	/* the owner first: fchown() clears bits of the mode */
	if ((old.st_uid != new.st_uid || old.st_gid != new.st_gid) &&
	    fchown(to, old.st_uid, old.st_gid))
		return false;
	return !fchmod(to, old.st_mode & 07777);
}

static bool sync_folder(const char *path)
{
	char *folder = xstrdup(path);
	char *slash = strrchr(folder, '/');
	int fd;
	bool ok;

	if (slash)
		slash[slash == folder] = '\0';
	fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(folder);
	if (fd < 0)
		return false;
	/* some file systems have nothing to do here and say EINVAL */
	ok = !fsync(fd) || errno == EINVAL;
	close(fd);
	return ok;
}

/* Put a complete file in the place of the old one, which is locked */
static bool file_save(struct policy_file *file, const char *text, size_t length)
{
	const char *slash = strrchr(file->path, '/');
	int folder = slash ? slash - file->path + 1 : 0;
	char *path = xasprintf("%.*s.%s.XXXXXX", folder, file->path,
			       file->path + folder);
	int fd = mkostemp(path, O_CLOEXEC);
	int err;

	if (fd < 0) {
		pr_err_at(file->name, 0, "cannot make a file beside it: %s",
			  strerror(errno));
		free(path);
		return false;
	}
	/* beyond RLIMIT_FSIZE there is to be an error; no command runs any more */
	signal(SIGXFSZ, SIG_IGN);
	/* locked before it can be seen under its name */
	if (flock(fd, LOCK_EX | LOCK_NB) || !write_all(fd, text, length) ||
	    !copy_owner_and_mode(file->fd, fd) || fsync(fd) ||
	    rename(path, file->path)) {
		err = errno;
		unlink(path);
		close(fd);
		pr_err_at(file->name, 0, "cannot write: %s", strerror(err));
		free(path);
		return false;
	}
	free(path);
	close(file->fd);
	file->fd = fd;
	file->created = false;
	if (sync_folder(file->path))
		return true;
	pr_err_at(file->name, 0, "cannot write its folder: %s", strerror(errno));
	return false;
}

bool policy_save(struct policy_file *file, const struct policy *policy)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	bool ok = out;

	if (ok) {
		policy_format(policy, out);
		ok = !ferror(out);
		ok = !fclose(out) && ok;
	}
	if (ok)
		ok = file_save(file, text, length);
	else
		pr_err_at(file->name, 0, "%s", strerror(errno));
	free(text);
	return ok;
}

bool policy_replace(const char *path, const struct policy *policy)
{
	struct policy_file *file = file_lock(path);
	bool ok = file && policy_save(file, policy);

	policy_unlock(file);
	return ok;
}

bool replace_file(const char *path, const char *text, size_t length)
{
	struct policy_file *file = file_lock(path);
	bool ok = file && file_save(file, text, length);

	policy_unlock(file);
	return ok;
}
