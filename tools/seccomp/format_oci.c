// SPDX-License-Identifier: GPL-2.0
/*
 * oci: the format of POLICY files; and docker's, which decides by machine and
 * capabilities what of it counts.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "file.h"
#include "formats.h"

/* What runtimes take otherwise than sclog does */
static void lose_for_runtimes(struct conversion *to)
{
	const struct policy *policy = to->policy;
	struct words widened = {};
	char text[CALL_TEXT_MAX];

	for (size_t i = 0; i < policy->nr_calls; i++) {
		const struct policy_call *call = &policy->calls[i];
		const char *name = call_name(&call->call);

		if (!call->nr_rules)
			continue;
		if (!name) {
			call_text(&call->call, text);
			if (!to->drop_unknown) {
				conversion_fail(to, "%s has no name, and runtimes pass over it; --drop-unknown writes it for sclog only",
						text);
				continue;
			}
			conversion_lose(to, "for sclog only, as it has no name: %s",
					text);
			continue;
		}
		for (size_t j = 0; j < policy->nr_archs; j++) {
			const struct policy_call *other;
			struct call twin;

			if (call_by_name(policy->archs[j], name, &twin))
				continue;
			other = policy_find(policy, &twin);
			if ((!other || !other->nr_rules) &&
			    call_can_pass(call))
				words_add(&widened, call_text(&twin, text));
		}
	}
	if (widened.nr) {
		char *names = words_join(&widened, " ");

		conversion_lose(to, "runtimes know no calls of one architecture only, and allow these as well: %s",
				names);
		free(names);
	}
	words_free(&widened);
}

void write_oci(struct conversion *to)
{
	lose_for_runtimes(to);
	policy_format(to->policy, to->out);
}

static void print_warning(void *file, unsigned long line, const char *text)
{
	pr_warn_at(file, line, "%s", text);
}

static struct policy *parse(const char *file, const char *text, size_t length)
{
	struct json_error error;
	struct policy *policy = policy_parse(text, length, &error,
					     print_warning, (void *)file);

	if (!policy)
		pr_err_at(file, error.line, "%s", error.text);
	return policy;
}

struct policy *read_oci(const char *file, char *text, size_t length)
{
	return parse(file, text, length);
}

/* docker's default set: what a container may without --cap-add */
static const char *const default_caps[] = {
	"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER",
	"CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID",
	"CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE",
	"CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE",
};

static bool is_default_cap(const char *cap)
{
	for (size_t i = 0; i < sizeof(default_caps) / sizeof(*default_caps); i++)
		if (!strcmp(default_caps[i], cap))
			return true;
	return false;
}

/* Go's names of machines */
static const char *go_arch(void)
{
	const struct abi *native = abi_native();

	if (!strcmp(native->name, "x86"))
		return "386";
	return native->alias ? native->alias : native->name;
}

/* Two numbers, 0 if they are not there */
static void parse_version(const char *text, int version[2])
{
	version[0] = 0;
	if (sscanf(text, "%d.%d", &version[0], &version[1]) < 2)
		version[1] = 0;
}

/* "4.8" is at most this kernel's version */
static bool kernel_is_at_least(const char *version)
{
	struct utsname name;
	int wanted[2];
	int have[2];

	uname(&name);
	parse_version(version, wanted);
	parse_version(name.release, have);
	return have[0] != wanted[0] ? have[0] > wanted[0] :
		have[1] >= wanted[1];
}

static bool list_has(struct json_object *list, bool (*wanted)(const char *))
{
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct json_object *element = json_object_array_get_idx(list, i);
		const char *text = json_object_get_string(element);

		if (text && wanted(text))
			return true;
	}
	return false;
}

static bool is_this_arch(const char *name)
{
	return !strcmp(name, go_arch());
}

static bool is_missing_cap(const char *cap)
{
	return !is_default_cap(cap);
}

static bool is_array(struct json_object *value)
{
	return json_object_is_type(value, json_type_array);
}

/* All that an entry includes is there, and nothing that it excludes */
static bool counts(struct json_object *entry)
{
	struct json_object *includes;
	struct json_object *excludes;
	struct json_object *value;

	if (json_object_object_get_ex(entry, "includes", &includes)) {
		if (json_object_object_get_ex(includes, "arches", &value) &&
		    is_array(value) && json_object_array_length(value) &&
		    !list_has(value, is_this_arch))
			return false;
		if (json_object_object_get_ex(includes, "caps", &value) &&
		    is_array(value) && list_has(value, is_missing_cap))
			return false;
		if (json_object_object_get_ex(includes, "minKernel", &value) &&
		    value && !kernel_is_at_least(json_object_get_string(value)))
			return false;
	}
	if (json_object_object_get_ex(entry, "excludes", &excludes)) {
		if (json_object_object_get_ex(excludes, "arches", &value) &&
		    is_array(value) && list_has(value, is_this_arch))
			return false;
		if (json_object_object_get_ex(excludes, "caps", &value) &&
		    is_array(value) && list_has(value, is_default_cap))
			return false;
		if (json_object_object_get_ex(excludes, "minKernel", &value) &&
		    value && kernel_is_at_least(json_object_get_string(value)))
			return false;
	}
	return true;
}

/* "errno": "EPERM" of podman becomes "errnoRet": 1 */
static void number_errno(struct json_object *object, const char *key,
			 const char *number_key)
{
	struct json_object *name;
	uint16_t number;

	if (!json_object_object_get_ex(object, key, &name))
		return;
	if (json_object_is_type(name, json_type_string) &&
	    errno_parse(json_object_get_string(name), &number) &&
	    !json_object_object_get_ex(object, number_key, NULL))
		json_object_object_add(object, number_key,
				       json_object_new_int(number));
	json_object_object_del(object, key);
}

static struct json_object *plain_entry(struct json_object *entry)
{
	struct json_object *name;

	json_object_object_del(entry, "includes");
	json_object_object_del(entry, "excludes");
	number_errno(entry, "errno", "errnoRet");
	/* the form before Docker 1.12 */
	if (json_object_object_get_ex(entry, "name", &name) &&
	    !json_object_object_get_ex(entry, "names", NULL)) {
		struct json_object *names = json_object_new_array();

		json_object_array_add(names, json_object_get(name));
		json_object_object_add(entry, "names", names);
		json_object_object_del(entry, "name");
	}
	return json_object_get(entry);
}

/* The architectures of this machine's entry in archMap */
static struct json_object *mapped_archs(struct json_object *map)
{
	struct json_object *archs = json_object_new_array();

	json_object_array_add(archs, json_object_new_string(abi_native()->oci));
	for (size_t i = 0; is_array(map) && i < json_object_array_length(map); i++) {
		struct json_object *row = json_object_array_get_idx(map, i);
		struct json_object *name;
		struct json_object *more;

		if (!json_object_object_get_ex(row, "architecture", &name) ||
		    strcmp(json_object_get_string(name), abi_native()->oci) ||
		    !json_object_object_get_ex(row, "subArchitectures", &more) ||
		    !is_array(more))
			continue;
		for (size_t j = 0; j < json_object_array_length(more); j++) {
			name = json_object_array_get_idx(more, j);
			json_object_array_add(archs, json_object_get(name));
		}
	}
	return archs;
}

/* What docker makes of its profile on this machine */
static void resolve(struct json_object *root)
{
	struct json_object *kept = json_object_new_array();
	struct json_object *entries;
	struct json_object *map;

	if (json_object_object_get_ex(root, "archMap", &map)) {
		if (!json_object_object_get_ex(root, "architectures", NULL))
			json_object_object_add(root, "architectures",
					       mapped_archs(map));
		json_object_object_del(root, "archMap");
	}
	number_errno(root, "defaultErrno", "defaultErrnoRet");
	if (!json_object_object_get_ex(root, "syscalls", &entries) ||
	    !is_array(entries)) {
		json_object_put(kept);
		return;
	}
	for (size_t i = 0; i < json_object_array_length(entries); i++) {
		struct json_object *entry = json_object_array_get_idx(entries, i);

		if (!json_object_is_type(entry, json_type_object))
			json_object_array_add(kept, json_object_get(entry));
		else if (counts(entry))
			json_object_array_add(kept, plain_entry(entry));
	}
	json_object_object_add(root, "syscalls", kept);
}

struct policy *read_docker(const char *file, char *text, size_t length)
{
	struct json_error error;
	struct json_doc doc;
	struct policy *policy = NULL;
	const char *plain;

	if (!json_open(&doc, text, length, &error)) {
		pr_err_at(file, error.line, "%s", error.text);
		return NULL;
	}
	if (!json_object_is_type(doc.root, json_type_object)) {
		pr_err_at(file, 1, "not an object");
		json_close(&doc);
		return NULL;
	}
	resolve(doc.root);
	pr_info("%s: as docker takes it on %s, with its default capabilities",
		file, go_arch());
	plain = json_object_to_json_string_ext(doc.root, JSON_C_TO_STRING_PRETTY);
	policy = parse(file, plain, strlen(plain));
	json_close(&doc);
	return policy;
}
