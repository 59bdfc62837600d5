#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# What is answered with ENOSYS so that another call is made in its place:
# numbers of calls that came later.
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
done_testing
