# SPDX-License-Identifier: GPL-2.0
# Shared by the build scripts: paths, messages, and the kernel tree in the cache. To
# be sourced with the checkout as current folder.

set -euo pipefail

# The architecture, ARCH if it is set, as kbuild calls it: base/arch/$arch is what
# depends on it, base/config/$arch.config its part of the configuration.
arch=${ARCH:-x86_64}
if [ ! -e "base/arch/$arch" ]; then
	echo "error: ARCH=$arch: there is" base/arch/* >&2
	exit 1
fi
# shellcheck disable=SC2034	# for the scripts
kbuild_arch='' image='' arch_callers='' x32='' cross='' cc_flags='' debian='' no_packages='' package='' \
	qemu=''
# shellcheck source=/dev/null
. "base/arch/$arch"
# The base kernel, BASE if it is set: base/$base/ has its package and our patches to
# its files.
default_base=$(cat base/default)
base=${BASE:-$default_base}
if [ ! -e "base/$base/package" ]; then
	echo "error: BASE=$base: there is" base/*/package >&2
	exit 1
fi
base_package=$(cat "base/$base/package")
# Our kernel; with STOCK=1 the base's own seccomp in the same configuration. With
# DEBUG=1 our kernel with run-time checks, with KCSAN=1 it reports data races, with
# COVERAGE=1 it counts the lines that run, with NO_X32=1 it has only the two ABIs that
# most architectures have.
kind=ours
variant=$arch
fragments=(base/config/common.config base/config/$arch.config)
[ ! -e "base/$base/$arch.config" ] || fragments+=("base/$base/$arch.config")
[ "${NO_X32:-}" = 1 ] || fragments+=($x32)
if [ "${STOCK:-}" = 1 ]; then
	kind=stock
	variant=stock
else
	fragments+=(base/config/ours.config)
	[ "${NO_X32:-}" != 1 ] || variant=no-x32
	for check in DEBUG KCSAN COVERAGE; do
		if [ "${!check:-}" = 1 ]; then
			variant=${check,,}
			fragments+=(base/config/$variant.config)
			break
		fi
	done
fi
[ "$arch" = x86_64 ] || [ "$variant" = "$arch" ] || variant=$arch-$variant
# The default base is built in build/ itself.
built=build
[ "$base" = "$default_base" ] || built=build/$base
# shellcheck disable=SC2034	# for the scripts
out=$built/$variant
cache=${XDG_CACHE_HOME:-$HOME/.cache}/seccomp-log
jobs=$(nproc)

# Another architecture's compiler and programs, which harness/cross puts there
foreign=$cache/$arch-$(dpkg-query -W -f '${Version}' gcc-12 2>/dev/null || true)
if [ -n "$cross" ]; then
	PATH=$foreign/usr/bin:$PATH
	# its assembler has libraries of its own
	export LD_LIBRARY_PATH=$foreign/usr/lib/x86_64-linux-gnu
fi

# Folders of the tree that only have our files: others are deleted there.
own_folders=(kernel/seccomp tools/testing/selftests/seccomp)
# Folders that are copied over the tree.
overlay=(kernel include tools)
# The base's own seccomp, which is not unpacked into our tree.
mapfile -t replaced < <(grep -v '^#' base/replaced)

step() {
	printf '%-9s %s\n' "$1" "${*:2}" >&2
}

die() {
	echo "error: $*" >&2
	exit 1
}

# logged LOG COMMAND...: run with the output in LOG; print its end on failure
logged() {
	local log=$1
	shift
	if ! "$@" >"$log" 2>&1 </dev/null; then
		echo "error: $1 failed; $log ends:" >&2
		tail -n 30 "$log" >&2
		return 1
	fi
}

# lock NAME: held until the script ends, because all checkouts share the cache
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

# tree_key KIND: a hash of all that the unpacked tree depends on
tree_key() {
	{
		echo "$1 $(base_version)"
		# without the messages
		[ "$1" = stock ] || awk 'FNR == 1 { diff = 0 } /^diff --git/ { diff = 1 } diff' \
			"base/$base"/patches/*.patch
	} | sha256sum | cut -c1-12
}

# unpack KIND DIR: the base's source, for kind "ours" without its seccomp and
# with our patches. They must apply without fuzz, so that a change of the base is
# noticed.
unpack() {
	local kind=$1 dir=$2 path patch
	local excludes=()

	if [ "$kind" = ours ]; then
		for path in "${replaced[@]}"; do
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

# use_tree KIND: set $tree; it is unpacked, and our files are copied over it
use_tree() {
	local kind=$1 folder old

	tree=$cache/$kind-$(tree_key "$kind")
	if [ ! -e "$tree/.ready" ]; then
		step unpack "$base_package $(base_version) to $tree"
		rm -rf "$tree" "$tree.tmp"
		unpack "$kind" "$tree.tmp"
		touch "$tree.tmp/.ready"
		mv "$tree.tmp" "$tree"
	fi
	touch "$tree/.used"
	# Trees for other versions of base/ are kept for two weeks.
	for old in "$cache"/ours-*/.used "$cache"/stock-*/.used; do
		[ -e "$old" ] || continue
		[ -n "$(find "$old" -mtime -14)" ] || rm -rf "${old%/.used}"
	done

	[ "$kind" = ours ] || return 0
	for folder in "${own_folders[@]}"; do
		mkdir -p "$tree/$folder"
		rsync -rlpc --delete --exclude='*.o' --exclude='*.a' --exclude='.*.cmd' \
			"$folder/" "$tree/$folder/"
	done
	rsync -rlpc --exclude='*.o' --exclude='.*.cmd' "${overlay[@]}" "$tree/"
}

# The compiler, and other arguments of each make
toolchain=(CC="ccache ${cross:+$cross-}gcc")

# apt_aside FOLDER deb|deb-src ARCHITECTURE: set $options, with which apt-get knows the
# packages of that architecture; all state is in FOLDER
apt_aside() {
	local aside=$1 file

	mkdir -p "$aside/lists/partial" "$aside/parts"
	for file in /etc/apt/sources.list.d/debian*.sources; do
		[ ! -e "$file" ] || sed "s/^Types:.*/Types: $2/" "$file" >"$aside/parts/${file##*/}"
	done
	if [ -s /etc/apt/sources.list ]; then
		sed -n "s/^deb /$2 /p" /etc/apt/sources.list >"$aside/parts/main.list"
	fi
	options=(-q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$aside/parts"
		-o Dir::State::lists="$aside/lists" -o APT::Architecture="$3"
		-o APT::Architectures="$3" -o APT::Get::List-Cleanup=0)
	apt-get "${options[@]}" update || true
}

# kbuild ARGUMENT...: make in $tree with the objects in $objects, a folder below it,
# so that the compiler gets relative names and ccache finds them again
kbuild() {
	make -C "$tree" O="$objects" -j"$jobs" -s ARCH=$kbuild_arch \
		${cross:+CROSS_COMPILE=$cross-} "${toolchain[@]}" \
		KBUILD_BUILD_TIMESTAMP='2024-01-01' KBUILD_BUILD_USER=seccomp-log \
		KBUILD_BUILD_HOST=localhost "$@"
}

# without_overridden FRAGMENT...: their lines; those of later files override those of
# earlier ones
without_overridden() {
	awk -F= '/^CONFIG_|^# CONFIG_/ {
			name = $1; sub(/^# /, "", name); sub(/ is not set.*/, "", name)
			if (!(name in line)) order[++n] = name
			line[name] = $0
		} END { for (i = 1; i <= n; i++) print line[order[i]] }' "$@"
}

# configure FRAGMENT...: everything off except for the fragments; a line of them that
# is not in the resulting configuration is an error
configure() {
	local wanted=$objects/wanted.config line missing=0 stamp

	mkdir -p "$objects"
	# a stock tree has no folder of that name
	stamp=$(cat "$@" $(ls "$tree"/kernel/seccomp/Kconfig 2>/dev/null) | sha256sum)
	if [ "$(cat "$objects/.configured" 2>/dev/null)" = "$stamp" ]; then
		return
	fi
	step configure "$*"
	without_overridden "$@" >"$wanted"
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
