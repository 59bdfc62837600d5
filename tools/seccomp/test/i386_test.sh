#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# learn and run, on calls of i386 and x32 from programs of x86-64, and on a 32-bit
# program. The kernel has to have i386's calls; x32's it may lack.
. "$(dirname "$0")/lib.sh"
watched=$work/watched
${CC:-cc} -O1 -o "$watched" watched.c -pthread || exit 1
gcc -m32 -nostdlib -static -x c -o "$work/three" - <<-'END' || exit 1
void _start(void)
{
	__asm__ volatile("int $0x80" : : "a"(1), "b"(3));
	__builtin_trap();
}
END
cd "$work" || exit 1

has() { [[ $(grep -v '"command"' policy.json) == *"\"$1\""* ]]; }
for source in $sources; do
	rm -f policy.json
	check "$source: conventions are learned and said" 0 \
		$'sclog: x86: this convention is allowed, too[^\n]*\nsclog: x32: this [^\n]*' \
		"$sclog" learn -q --source=$source -o policy.json -- "$watched" conventions
	has x86:sync && has x32:getpgrp && has x86_64:460000 && has x86_64:-1 &&
		has x86_64:-100 && has x32:1073746824
	report "$source:   they and their numbers are exact" $? "$(cat policy.json)"
	check "$source:   what was learned runs" 0 '' \
		"$sclog" run -p policy.json -- "$watched" conventions
done
"$sclog" learn -q --source=trace -o hello.json -- "$watched" hello >/dev/null
check "another convention is refused and named" 1 $'.*x86:sync  watched.*to allow.* x86:sync.*' \
	"$sclog" run -p hello.json -- "$watched" conventions
"$sclog" learn -q --source=trace -o hello.json -- "$watched" conventions 2>/dev/null
check "a convention that the policy has is not said again" 0 '''' "$sclog" learn -q --source=trace -o hello.json -- "$watched" conventions

check "--args: socketcall by the call that is meant" 0 \
	'sclog: x86: this convention is allowed, too.*' \
	"$sclog" learn -q --source=trace --args=x86:socketcall -o args.json -- "$watched" socketcall
check "  is allowed" 0 '' "$sclog" run -p args.json -- "$watched" socketcall
check "  and no other" 1 '.*x86:socketcall +watched.*call=SYS_BIND +allowed: call=SYS_SOCKET.*' \
	"$sclog" run -p args.json -- "$watched" socketcall_bind

echo './three; echo $?' >mixed.sh
check "a 32-bit program under a 64-bit shell is learned" 0 \
	$'3\nsclog: x86: this convention is allowed, too: .*' \
	"$sclog" learn -q --source=trace -o mixed.json -- sh mixed.sh
check "  runs" 0 3 "$sclog" run -p mixed.json -- sh mixed.sh
echo 'uname; echo $?' >only64.sh
"$sclog" learn -q --source=trace -o only64.json -- sh only64.sh >/dev/null
"$sclog" run -p only64.json -- sh mixed.sh >out 2>&1
! grep -qx 3 out && grep -q 'x86:' out
report "  does not under a policy for 64 bits" $? "$(cat out)"
done_testing
