#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# What is answered with ENOSYS so that another call is made in its place:
# numbers of calls that came later, and clone3.
. "$(dirname "$0")/lib.sh"
unset SUDO_UID SUDO_GID
cd "$work" || exit 1

# Numbers that libseccomp has no call for
later='
	for my $nr (500, 100000) {
		syscall($nr) == -1 or exit 3;
		print $!+0, "\n";
	}'
"$sclog" learn -q --source=trace -o default.json -- perl -e 'print "learned\n"' >/dev/null
sed 's/"defaultErrnoRet": 38/"defaultErrnoRet": 1/' default.json >eperm.json
sed '/"defaultErrnoRet"/d; s/"defaultAction": [^,]*/"defaultAction": "SCMP_ACT_KILL_PROCESS"/' \
	default.json >kill.json
check "default EPERM: later calls fail with ENOSYS" 0 \
	$'38\n38\nsclog: 2 calls refused with ENOSYS, which eperm.json does not have:\n.*:500 .*:100000 .*' \
	"$sclog" run -p eperm.json -- perl -e "$later"
check "  others with EPERM" 0 $'1\nsclog: 1 call refused with EPERM,.* chdir .*' \
	"$sclog" run -p eperm.json -- perl -e 'chdir "/"; print $!+0, "\n"'
check "  both" 0 $'38\n38\nsclog: 3 calls refused, which .*' \
	"$sclog" run -p eperm.json -- perl -e "$later; chdir '/'"
check "default kill: later calls fail with ENOSYS" 0 $'38\n38.*' \
	"$sclog" run -p kill.json -- perl -e "$later"
check "  others kill" 159 '38.38.*refused.* chdir .*' \
	"$sclog" run -p kill.json -- perl -e "\$| = 1; $later; chdir '/'"
for how in kill trap; do
	check "--deny=$how: later calls fail with ENOSYS" 0 $'38\n38.*' \
		"$sclog" run --deny=$how -p default.json -- perl -e "$later"
done
check "explain says so" 0 $'.*\nanything else: ERRNO EPERM; a number above those of known calls: ERRNO ENOSYS.*' \
	"$sclog" explain eperm.json
check "  not where all else is answered so" 0 $'.*\nanything else: ERRNO ENOSYS' \
	"$sclog" explain default.json
for format in spo systemd libseccomp minijail firejail; do
	check "$format has no ranges" 0 '.*not with ENOSYS: numbers above those of known calls.*' \
		"$sclog" convert --to $format kill.json
done
check "oci: not every runtime has this" 0 '.*not for every runtime: ENOSYS for numbers.*' \
	"$sclog" convert --to oci kill.json
check "  nothing is lost where all else is answered so" 1 '' \
	sh -c "'$sclog' convert --to oci default.json 2>&1 | grep 'numbers above'"

# clone3() as libc makes it, and as a program does that knows no other way
try="$PWD/try"
cat >try.c <<'END'
#include <linux/sched.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void *work(void *data)
{
	return data;
}

int main(int argc, char **argv)
{
	struct clone_args args = { .exit_signal = 17 };
	pthread_t thread;
	long pid;

	if (!strcmp(argv[1], "itself")) {
		pid = syscall(SYS_clone3, &args, sizeof(args));
		if (!pid)
			_exit(0);
		if (pid < 0 && argc > 3)
			chdir("/");
		if (pid < 0)
			return 9;
		wait(NULL);
	} else if (!strcmp(argv[1], "thread")) {
		if (pthread_create(&thread, NULL, work, NULL))
			return 8;
		pthread_join(thread, NULL);
	}
	return atoi(argv[2]);
}
END
${CC:-cc} -o try try.c -pthread || exit 1
said='sclog: clone3 fails with ENOSYS by itself.json, and the command has made no thread or process: a program that does not take clone then fails for it; to allow it: sclog allow itself.json clone3'
for act in itself thread; do
	"$sclog" learn -q --source=trace -o $act.json -- "$try" $act 0
done
for how in '' --deny=kill; do
	check "run $how: clone3 of a program that knows no other way is named" 9 "$said" \
		"$sclog" run $how -p itself.json -- "$try" itself 0
	check "  not if libc takes clone, and it fails otherwise" 3 '' \
		"$sclog" run $how -p thread.json -- "$try" thread 3
	check "  not if it does not fail" 0 '' "$sclog" run $how -p itself.json -- "$try" none 0
done
check "  besides what it leads to" 9 ".*1 call refused with ENOSYS, .* chdir .*"$'\n'"$said" \
	"$sclog" run -p itself.json -- "$try" itself 0 more
object='\{"companion": \{"call": "clone3", "arch": "[a-z0-9_]+", "nr": 435, "errno": "ENOSYS", "note": "the command has made no [^"]*", "allow": "sclog allow itself.json clone3"\}\}'
check "  with --json, too" 9 "$object" "$sclog" run --json -p itself.json -- "$try" itself 0
check "    besides what it leads to" 9 '\{"call": "chdir", .*\}'$'\n'"$object" \
	"$sclog" run --json -p itself.json -- "$try" itself 0 more
check "    not if it fails otherwise" 3 '' \
	"$sclog" run --json -p thread.json -- "$try" thread 3
cp itself.json denied.json
"$sclog" deny denied.json clone3
check "  as refused if that is the user's decision" 9 '.*1 call refused with ENOSYS, .* clone3 .*sclog allow denied.json clone3; .*' \
	"$sclog" run -p denied.json -- "$try" itself 0
# shellcheck disable=SC2086
"$sclog" ${said#*to allow it: sclog }
check "  what it says allows it" 0 '' "$sclog" run -p itself.json -- "$try" itself 0
done_testing
