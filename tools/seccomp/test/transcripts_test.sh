#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The workflows of the manual as a user types them: transcripts/NAME has what is
# typed and what is printed. UPDATE_GOLDEN=1 writes what is printed to it.
. "$(dirname "$0")/lib.sh"
[ "$(id -u)" != 0 ] || . ./service.sh
unset SUDO_UID SUDO_GID MAKELEVEL MAKEFLAGS MFLAGS
export HOME=$work PATH=$work/bin:$PWD/golden/bin:/usr/bin:/bin LC_ALL=C.UTF-8 TZ=UTC SOURCE_DATE_EPOCH=1700000000
top=$PWD
mkdir "$work/bin" && cp "$sclog" transcript.py "$work/bin" && chmod 755 "$work"

# What the transcripts have at http://127.0.0.1:8000/ is at a port that is free
mkdir "$work/files"
echo hello >"$work/files/file"
/usr/bin/python3 - "$work" <<'PYTHON' 2>/dev/null &
import functools, http.server, os, sys
os.chdir(sys.argv[1])
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory="files")
server = http.server.HTTPServer(("127.0.0.1", 0), handler)
with open("curlrc.new", "w") as file:
    file.write(f"connect-to = 127.0.0.1:8000:127.0.0.1:{server.server_port}\n")
os.rename("curlrc.new", ".curlrc")
server.serve_forever()
PYTHON
server=$!
trap 'kill $server; [ "$(id -u)" != 0 ] || end_service; rm -rf "$work"' EXIT
await test -e "$work/.curlrc"

# transcript NAME [COMMAND...]: type it in a folder of its own, by a command
transcript() {
	local file=$top/transcripts/$1
	(cd "$work/$1" && "${@:2}" /usr/bin/python3 "$work/bin/transcript.py" /dev/stdin) \
		<"$file" >"$work/$1.out" 2>&1
	[ -z "${UPDATE_GOLDEN-}" ] || cp "$work/$1.out" "$file"
	diff "$file" "$work/$1.out" >"$work/$1.diff"
	report "$1" $? "$(cat "$work/$1.diff")"
}

# without root
user=()
[ "$(id -u)" != 0 ] || user=(setpriv --reuid=65534 --regid=65534 --clear-groups)

mkdir -m 777 "$work/developer"
transcript developer "${user[@]}"

mkdir -m 777 "$work/automation"
cat >"$work/automation/Makefile" <<'MAKE'
test:
	perl -e '$$0 = "tested"'
	setpriv --nnp $(if $(NEW),--pdeathsig TERM) true
	$(if $(NEW),mkdir -p new)
	$(if $(BROKEN),exit 1)
MAKE
transcript automation "${user[@]}"

mkdir "$work/logs"
cp ./*.log "$work/logs"
transcript logs

# with root: a service
if [ "$(id -u)" = 0 ]; then
	export SERVICE='uname; while :; do sleep 0.1; done'
	mkdir "$work/administrator"
	transcript administrator
fi
done_testing
