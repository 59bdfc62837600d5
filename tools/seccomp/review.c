// SPDX-License-Identifier: GPL-2.0
/*
 * review: walk through a policy and decide.
 *
 * The file is written at the end, once: until then Ctrl-C leaves it as it is.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "companions.h"
#include "decide.h"
#include "file.h"
#include "format.h"
#include "notable.h"
#include "sclog.h"

static const char help[] =
	"Usage: sclog review [OPTION]... POLICY [NEW]\n"
	"\n"
	"Walk through the calls of a policy that are worth a look and not decided\n"
	"yet; or, with NEW, through the calls that the policy NEW allows and POLICY\n"
	"does not. Answers are read a line each:\n"
	"\n"
	"  a  allow, with any argument      s  skip: leave it as it is\n"
	"  o  only with the values seen     w  why is it in the policy?\n"
	"  d  deny                          ?  explain the answers\n"
	"  l  allow, and log it             q  end here, keep what was answered\n"
	"\n"
	"POLICY is written at the end, the file before is kept as POLICY~. Ctrl-C\n"
	"leaves it as it is.\n"
	"\n"
	"      --all             all calls, not only those worth a look\n"
	"      --answers=FILE    do not ask: lines 'allow|only|deny|log CALL'\n"
	"      --record=FILE     write the answers given, for --answers\n"
	"      --json            print what would be asked, a JSON object a line\n"
	"\n"
	"Example: sclog review curl.json\n"
	"         echo 'only socket' | sclog review --answers=- curl.json\n";

enum {
	OPT_ALL = OPT_FIRST,
	OPT_ANSWERS,
	OPT_RECORD,
};

static const struct option longs[] = {
	{ "all", no_argument, NULL, OPT_ALL },
	{ "answers", required_argument, NULL, OPT_ANSWERS },
	{ "record", required_argument, NULL, OPT_RECORD },
	{ }
};

/**
 * struct review - a walk
 * @path: of the POLICY
 * @policy: the policy, changed by each answer
 * @new: calls that it may take over, or NULL
 * @calls: those that the walk visits
 * @nr: of @calls
 * @record: text of the answers given
 * @counts: how often each answer was given
 */
struct review {
	const char *path;
	struct policy *policy;
	struct policy *new;
	struct call *calls;
	size_t nr;
	FILE *record;
	size_t counts[ANSWER_LOG + 1];
};

static bool is_visited(const struct review *review,
		       const struct policy_call *entry, bool all)
{
	const struct policy_call *ours;

	if (!entry->nr_rules && !(all && entry->answer))
		return false;
	if (!review->new)
		return all || (!entry->answer && call_is_notable(entry) &&
			       !companion_refuses(entry));
	ours = policy_find(review->policy, &entry->call);
	if (!call_is_allowed(entry) || call_is_allowed(ours))
		return false;
	return all || !ours || !ours->answer;
}

static void choose_calls(struct review *review, bool all)
{
	const struct policy *from = review->new ? review->new : review->policy;
	struct policy_call **calls = policy_by_text(from);

	review->calls = xcalloc(from->nr_calls, sizeof(*review->calls));
	for (size_t i = 0; i < from->nr_calls; i++)
		if (is_visited(review, calls[i], all))
			review->calls[review->nr++] = calls[i]->call;
	free(calls);
}

/* What is known of a call, from where the walk takes it */
static const struct policy_call *entry_of(const struct review *review,
					  const struct call *call)
{
	return policy_find(review->new ? review->new : review->policy, call);
}

/* Take a call over from NEW, with what is known of it but without its rules */
static void take_over(struct review *review, const struct call *call)
{
	struct policy *one = policy_new();

	policy_merge(one, review->new, NULL, NULL);
	for (size_t i = one->nr_calls; i-- > 0;) {
		struct call other = one->calls[i].call;

		if (call_compare(&other, call))
			policy_remove(one, &other);
		else
			policy_clear_rules(&one->calls[i]);
	}
	for (size_t i = one->nr_archs; i-- > 0;)
		one->archs[i] = call->abi;
	policy_merge(review->policy, one, NULL, NULL);
	policy_free(one);
}

static const char *answer_call(struct review *review, const struct call *call,
			       enum answer answer)
{
	char text[CALL_TEXT_MAX];
	const char *why;

	if (review->new && !policy_find(review->policy, call))
		take_over(review, call);
	why = decide(review->policy, call, answer);
	if (why)
		return why;
	review->counts[answer]++;
	fprintf(review->record, "%s %s\n", answer_name(answer),
		call_text(call, text));
	return NULL;
}

/* Dialogue */

static void print_question(const struct review *review, size_t at)
{
	const struct policy_call *entry = entry_of(review, &review->calls[at]);
	const struct style *style = style_for(stdout);
	const char *note = call_note(entry);
	char *seen = seen_text(entry);
	char *rules = call_rules_text(entry, SCMP_ACT_ALLOW);
	char text[CALL_TEXT_MAX];

	printf("\n%zu/%zu  %s%s%s  ", at + 1, review->nr, style->bold,
	       call_text(&entry->call, text), style->reset);
	print_escaped_again(stdout, seen);
	if (note)
		printf("  %s%s%s", style->yellow, note, style->reset);
	putchar('\n');
	print_values(stdout, entry, 5);
	if (*rules)
		printf("     allowed: %s\n", rules);
	else if (!call_is_allowed(entry))
		puts("     not allowed");
	free(rules);
	free(seen);
}

static void print_keys(void)
{
	const struct style *style = style_for(stdout);

	printf("%s  (A)llow  (O)nly these  (D)eny  (L)og  (S)kip  (W)hy  (?)  (Q)uit%s\n",
	       style->dim, style->reset);
}

static void print_key_help(void)
{
	puts("  a  allow it, with any argument\n"
	     "  o  allow it only with the values above\n"
	     "  d  refuse it, also if it is seen again\n"
	     "  l  allow it, and log each call\n"
	     "  s  leave it as it is (also: an empty line)\n"
	     "  w  why is it in the policy?\n"
	     "  q  end here, and keep what was answered; Ctrl-C keeps nothing");
}

static void print_why(const struct review *review, const struct call *call)
{
	const struct policy_call *entry = entry_of(review, call);
	const char *reason = companion_reason(entry->why);
	char *seen = seen_text(entry);

	printf("     ");
	if (entry->count)
		print_escaped_again(stdout, seen);
	else if (entry->why && reason)
		printf("%s: %s", entry->why, reason);
	else
		printf("of unknown origin: the file does not say");
	putchar('\n');
	free(seen);
	for (size_t i = 0; i < entry->runs.nr && i < 4; i++) {
		const struct policy_run *run =
			policy_run(review->new ? review->new : review->policy,
				   entry->runs.ids[i]);

		printf("     run %u:", run->id);
		for (char **word = run->command; word && *word; word++) {
			putchar(' ');
			print_escaped(stdout, *word);
		}
		putchar('\n');
	}
	if (entry->answer) {
		printf("     decided: %s, by ", entry->answer);
		print_escaped(stdout, entry->answer_by);
		putchar('\n');
	}
}

/* One question until it is answered; false: end here */
static bool ask(struct review *review, size_t at)
{
	static const char letters[] = "aodl";
	const struct call *call = &review->calls[at];
	char *line = NULL;
	size_t room = 0;
	bool go_on = true;
	bool answered = false;

	print_question(review, at);
	while (!answered) {
		const char *letter;
		const char *why;

		print_keys();
		fputs("> ", stdout);
		fflush(stdout);
		if (getline(&line, &room, stdin) < 0 ||
		    !strcasecmp(line, "q\n")) {
			go_on = false;
			break;
		}
		line[strcspn(line, "\n")] = '\0';
		if (!*line || !strcasecmp(line, "s"))
			break;
		letter = line[1] ? NULL : strchr(letters, line[0] | 0x20);
		if (letter) {
			why = answer_call(review, call, letter - letters);
			answered = !why;
			if (why)
				printf("     not possible: %s\n", why);
		} else if (!strcasecmp(line, "w")) {
			print_why(review, call);
		} else {
			print_key_help();
		}
	}
	free(line);
	return go_on;
}

static void walk(struct review *review, bool all)
{
	const struct policy *from = review->new ? review->new : review->policy;

	print_escaped(stdout, review->path);
	printf(": %zu calls, %zu to look at%s\n", from->nr_calls, review->nr,
	       all ? "" : " (all of them: --all)");
	for (size_t i = 0; i < review->nr; i++)
		if (!ask(review, i))
			break;
}

/* What would be asked, for programs */
static void print_json(const struct review *review)
{
	for (size_t i = 0; i < review->nr; i++) {
		const struct policy_call *entry = entry_of(review,
							   &review->calls[i]);
		const char *note = call_note(entry);
		char *rules = call_rules_text(entry, SCMP_ACT_ALLOW);
		char text[CALL_TEXT_MAX];

		printf("{\"call\": \"%s\", \"count\": %llu, \"runs\": %zu",
		       call_text(&entry->call, text),
		       (unsigned long long)entry->count, entry->runs.nr);
		printf(", \"allowed\": %s, \"rules\": ",
		       call_is_allowed(entry) ? "true" : "false");
		print_json_string(stdout, rules);
		fputs(", \"note\": ", stdout);
		if (note)
			print_json_string(stdout, note);
		else
			fputs("null", stdout);
		puts("}");
		free(rules);
	}
}

/* --answers */

/* What stands ahead of "# ...", which is a comment at the start or behind a blank */
static char *without_comment(char *text)
{
	for (char *at = text; (at = strchr(at, '#')); at++)
		if (at == text || isblank(at[-1])) {
			*at = '\0';
			break;
		}
	return trim(text);
}

/* One line "ANSWER CALL"; false after a message */
static bool take_line(struct review *review, const char *path,
		      unsigned long number, char *line)
{
	char *word = line + strspn(line, " \t");
	size_t length = strcspn(word, " \t");
	struct rules rules = {};
	enum answer answer;
	struct call call;
	const char *why;
	char *error = NULL;
	char *name;

	if (!*word || *word == '#')
		return true;
	name = word + length;
	if (*name)
		*name++ = '\0';
	name = without_comment(name);
	if (!answer_parse(word, &answer)) {
		pr_err_at(path, number, "'%s': must be allow, only, deny or log",
			  word);
		return false;
	}
	if (call_pattern_parse(name, SCMP_ACT_ALLOW, &call, &rules, &error)) {
		pr_err_at(path, number, "'%s': %s", name, error);
		free(error);
		return false;
	}
	if (rules.rules[0].nr_cmps)
		why = "has arguments: use sclog allow";
	else if (!entry_of(review, &call))
		why = "is not in the policy";
	else
		why = answer_call(review, &call, answer);
	rules_free(&rules);
	if (why)
		pr_err_at(path, number, "'%s': %s", name, why);
	return !why;
}

static bool take_answers(struct review *review, const char *path)
{
	size_t length;
	char *text = read_file(path, &length);
	char *rest = text;
	char *line;
	bool ok = text;

	if (ok && strlen(text) != length) {
		pr_err_at(path, 0, "has a NUL byte: it is no text");
		ok = false;
	}
	for (unsigned long number = 1; ok && (line = strsep(&rest, "\n"));
	     number++) {
		line[strcspn(line, "\r")] = '\0';
		ok = take_line(review, path, number, line);
	}
	free(text);
	return ok;
}

/* The file before stays as POLICY~ */
static bool keep_old(const char *path)
{
	char *old = xasprintf("%s~", path);
	size_t length;
	char *text = read_file(path, &length);
	struct stat there;
	bool ok = text;

	/* what a link leads to is somebody's */
	if (!lstat(old, &there) && S_ISLNK(there.st_mode))
		unlink(old);
	ok = ok && replace_file(old, text, length);
	free(text);
	free(old);
	return ok;
}

static int finish(struct review *review, struct policy_file *file)
{
	const size_t *counts = review->counts;
	size_t all = counts[ANSWER_ALLOW] + counts[ANSWER_ONLY] +
		counts[ANSWER_DENY] + counts[ANSWER_LOG];
	char *logged = counts[ANSWER_LOG] ?
		xasprintf(", %zu logged", counts[ANSWER_LOG]) : xstrdup("");
	int status = STATUS_OK;

	if (!all)
		pr_info("%s: nothing changed", review->path);
	else if (!keep_old(review->path) ||
		 !policy_save(file, review->policy))
		status = STATUS_FAILED;
	else
		pr_info("%s: %zu narrowed, %zu allowed, %zu denied%s; the file before: %s~",
			review->path, counts[ANSWER_ONLY], counts[ANSWER_ALLOW],
			counts[ANSWER_DENY], logged, review->path);
	free(logged);
	return status;
}

struct review_options {
	bool all;
	const char *answers;
	const char *record;
};

static int run_review(struct review *review, const struct review_options *options_)
{
	struct policy_file *file = NULL;
	char *text = NULL;
	size_t length = 0;
	int status = STATUS_OK;

	/* a wrong name must not become a new policy */
	if (access(review->path, F_OK)) {
		pr_err_at(review->path, 0, "%s", strerror(errno));
		return STATUS_FAILED;
	}
	file = policy_lock(review->path, &review->policy);
	if (!file)
		return STATUS_FAILED;
	review->record = open_memstream(&text, &length);
	if (!review->record)
		abort();
	choose_calls(review, options_->all);
	if (options_->answers) {
		if (!take_answers(review, options_->answers))
			status = STATUS_FAILED;
	} else if (options.json) {
		print_json(review);
	} else {
		walk(review, options_->all);
	}
	fclose(review->record);
	if (!status && options_->record &&
	    !replace_file(options_->record, text, length))
		status = STATUS_FAILED;
	if (!status && (options_->answers || !options.json))
		status = finish(review, file);
	free(text);
	policy_unlock(file);
	policy_free(review->policy);
	free(review->calls);
	return status;
}

int cmd_review(int argc, char **argv)
{
	struct review_options given = {};
	struct review review = {};
	int option;
	int status;

	while ((option = next_option(argc, argv, "", longs, help)) >= 0) {
		if (option == OPT_ALL)
			given.all = true;
		else if (option == OPT_ANSWERS)
			given.answers = optarg;
		else
			given.record = optarg;
	}
	if (option != OPT_END)
		return option_status(option);
	if (optind == argc)
		return usage("review", "which POLICY?");
	if (options.json && (given.answers || given.record))
		return usage("review", "--json prints what would be asked; there are no answers then");
	if (given.all && given.answers)
		return usage("review", "--all is for questions; --answers may have any call");
	if (argc - optind > 2)
		return usage("review", "'%s': a POLICY and a NEW one are enough",
			     argv[optind + 2]);
	review.path = argv[optind];
	if (given.record && is_same_file(given.record, review.path))
		return usage("review", "--record: '%s' is the policy itself",
			     given.record);
	if (argc - optind == 2) {
		review.new = policy_load(argv[optind + 1]);
		if (!review.new)
			return STATUS_FAILED;
	}
	status = run_review(&review, &given);
	policy_free(review.new);
	return status;
}
