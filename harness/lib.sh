# SPDX-License-Identifier: GPL-2.0
# What the build scripts share: where things are, how progress is told, and the
# kernel tree in the cache. To be sourced with the checkout as current folder.

set -euo pipefail

arch=x86_64
# The base kernel, BASE if it is set: base/$base/ has its package and our patches to
# others' files.
default_base=$(cat base/default)
base=${BASE:-$default_base}
if [ ! -e "base/$base/package" ]; then
	echo "error: BASE=$base: there is" base/*/package >&2
	exit 1
fi
base_package=$(cat "base/$base/package")
# Ours; or, asked for by STOCK=1, the base's own seccomp under the same
# configuration; or, by DEBUG=1, ours with what finds mistakes at run time; or, by
# NO_X32=1, ours with the two conventions that most architectures have
kind=ours
variant=$arch
fragments=(base/config/common.config base/config/$arch.config "base/$base/config")
[ "${NO_X32:-}" = 1 ] || fragments+=(base/config/x32.config)
if [ "${STOCK:-}" = 1 ]; then
	kind=stock
	variant=stock
else
	fragments+=(base/config/ours.config)
	if [ "${DEBUG:-}" = 1 ]; then
		variant=debug
		fragments+=(base/config/debug.config)
	elif [ "${NO_X32:-}" = 1 ]; then
		variant=no-x32
	fi
fi
# What is built for the default base lies in build/ itself.
built=build
[ "$base" = "$default_base" ] || built=build/$base
out=$built/$variant
cache=${XDG_CACHE_HOME:-$HOME/.cache}/seccomp-log
jobs=$(nproc)

# Ours alone in the tree: what is not in the checkout goes away there too.
rooms=(kernel/seccomp tools/testing/selftests/seccomp)
# All that we lay over the tree.
overlay=(kernel include tools)
# The base's own seccomp, which never reaches our tree.
mapfile -t theirs < <(grep -v '^#' base/replaced)

step() {
	printf '%-9s %s\n' "$1" "${*:2}" >&2
}

die() {
	echo "error: $*" >&2
	exit 1
}

# logged LOG COMMAND...: run with the output in LOG, its end shown on failure
logged() {
	local log=$1
	shift
	if ! "$@" >"$log" 2>&1 </dev/null; then
		echo "error: $1 failed; $log ends:" >&2
		tail -n 30 "$log" >&2
		return 1
	fi
}

# lock WHAT: held until the script ends, since all checkouts share the cache
lock() {
	mkdir -p "$cache"
	exec 9>"$cache/$1.lock"
	if ! flock -n 9; then
		step wait "another build holds $cache/$1.lock"
		flock 9
	fi
}

base_version() {
	dpkg-query -W -f '${Version}' "$base_package"
}

# tree_key KIND: what the tree depends on
tree_key() {
	{
		echo "$1 $(base_version)"
		[ "$1" = stock ] || cat "base/$base"/patches/*.patch
	} | sha256sum | cut -c1-12
}

# unpack KIND DIR: the base's source, for kind "ours" without its seccomp and
# with our patches. They apply without fuzz, so a change of the base is noticed.
unpack() {
	local kind=$1 dir=$2 path patch
	local excludes=()

	if [ "$kind" = ours ]; then
		for path in "${theirs[@]}"; do
			excludes+=("--exclude=$base_package/$path")
		done
	fi
	mkdir -p "$dir"
	tar -C "$dir" --strip-components=1 -xJf /usr/src/$base_package.tar.xz \
		"${excludes[@]}"
	[ "$kind" = ours ] || return 0
	for patch in "base/$base"/patches/*.patch; do
		patch -d "$dir" -p1 --batch --forward --silent -F0 <"$patch" ||
			die "$patch does not apply to $base_package $(base_version)"
	done
}

# use_tree KIND: set $tree, unpacked and with our files over it
use_tree() {
	local kind=$1 room old

	tree=$cache/$kind-$(tree_key "$kind")
	if [ ! -e "$tree/.ready" ]; then
		step unpack "$base_package $(base_version) to $tree"
		rm -rf "$tree" "$tree.tmp"
		unpack "$kind" "$tree.tmp"
		touch "$tree.tmp/.ready"
		mv "$tree.tmp" "$tree"
	fi
	touch "$tree/.used"
	# Trees of other states of base/ are kept for a while.
	for old in "$cache"/ours-*/.used "$cache"/stock-*/.used; do
		[ -e "$old" ] || continue
		[ -n "$(find "$old" -mtime -14)" ] || rm -rf "${old%/.used}"
	done

	[ "$kind" = ours ] || return 0
	for room in "${rooms[@]}"; do
		mkdir -p "$tree/$room"
		rsync -rlpc --delete --exclude='*.o' --exclude='*.a' --exclude='.*.cmd' \
			"$room/" "$tree/$room/"
	done
	rsync -rlpc --exclude='*.o' --exclude='.*.cmd' "${overlay[@]}" "$tree/"
}

# kbuild ARGUMENT...: make in $tree, objects in $objects, which lie below it so
# that all names the compiler sees are relative and ccache knows them again
kbuild() {
	make -C "$tree" O="$objects" -j"$jobs" -s CC="ccache gcc" \
		KBUILD_BUILD_TIMESTAMP='2024-01-01' KBUILD_BUILD_USER=seccomp-log \
		KBUILD_BUILD_HOST=localhost "$@"
}

# configure FRAGMENT...: everything off but what the fragments say; a line that
# does not come true is an error
configure() {
	local wanted=$objects/wanted.config line missing=0 stamp

	mkdir -p "$objects"
	# a stock tree has no folder of that name
	stamp=$(cat "$@" $(ls "$tree"/kernel/seccomp/Kconfig 2>/dev/null) | sha256sum)
	if [ "$(cat "$objects/.configured" 2>/dev/null)" = "$stamp" ]; then
		return
	fi
	step configure "$*"
	cat "$@" >"$wanted"
	kbuild KCONFIG_ALLCONFIG="$wanted" allnoconfig >/dev/null
	while read -r line; do
		case $line in
		CONFIG_*=n)
			! grep -q "^${line%=n}=" "$objects/.config" ;;
		CONFIG_*|'# CONFIG_'*' is not set')
			grep -qxF "$line" "$objects/.config" ;;
		esac || { echo "error: not in the final configuration: $line" >&2; missing=1; }
	done <"$wanted"
	[ $missing = 0 ] || exit 1
	echo "$stamp" >"$objects/.configured"
}
