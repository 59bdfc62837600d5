# SPDX-License-Identifier: GPL-2.0
# The base's own test program, as a black box. To be sourced after lib.sh.

# make_seccomp_bpf PROGRAM ARCHITECTURE COMPILER...: from the base's package, with
# the architecture's libcap. It is never part of our tree: its source is deleted after it
# is compiled.
make_seccomp_bpf() (
	set -e
	program=$1 architecture=$2 compiler=("${@:3}")
	headers=$cache/ours-$(tree_key ours)/build-$arch/usr/include
	rm -rf "$program.tmp"
	mkdir -p "$program.tmp"
	cd "$program.tmp"
	apt_aside "$PWD/apt" deb "$architecture"
	apt-get "${options[@]}" download libcap-dev
	dpkg-deb -x libcap-dev_*.deb cap
	tar -xJf /usr/src/$base_package.tar.xz --strip-components=1 \
		"$base_package"/tools/testing/selftests/{seccomp,kselftest.h,kselftest_harness.h,clone3}
	cd tools/testing/selftests/seccomp
	"${compiler[@]}" -O2 -static -pthread -w -isystem "$headers" \
		-idirafter "$program.tmp/cap/usr/include" seccomp_bpf.c -o "$program.new" \
		"$(find "$program.tmp/cap" -name libcap.a)"
	rm -rf "$program.tmp"
	mv "$program.new" "$program"
)

# seccomp_bpf PROGRAM LOG ARCHITECTURE COMPILER...: make it if it is not there
seccomp_bpf() {
	[ ! -e "$1" ] || return 0
	step compile "the base's test program, output in $2"
	logged "$2" make_seccomp_bpf "$1" "${@:3}"
}
