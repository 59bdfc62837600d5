#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The page of `sclog stat --html` in headless Chromium, at a telephone's width,
# dark and light: it asks for nothing but itself, no error is reported, nothing
# is wider than the window, and hostile names are only text. TAP.
. "$(dirname "$0")/../lib.sh"

chromium=(timeout 120 chromium --headless --no-sandbox --disable-gpu
	--disable-quic --no-first-run --disable-background-networking
	--disable-component-update --disable-sync --hide-scrollbars
	--host-resolver-rules='MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'
	--window-size='390,844' --enable-logging=stderr)

cat >"$work/policy.json" <<'END'
{ "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
  "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38,
  "syscalls": [ { "action": "SCMP_ACT_ALLOW", "names": [ "read", "openat",
    "socket", "execve", "ptrace", "io_uring_setup", "mprotect" ] } ],
  "x-sclog": { "version": 1, "calls": {
    "read": { "count": 1234567, "runs": [ 1 ],
      "by": { "<img src=http://127.0.0.1:1/x>": 7, "\u001b[31m\"&'": 3 } },
    "openat": { "count": 90000, "runs": [ 1, 2 ], "args": { "2": {
      "0x0": 1, "0x80000": 5, "0x241": 77, "0x90800": 12 } } },
    "socket": { "count": 1, "runs": [ 2 ], "args": { "0": { "0x2": 1 } } },
    "execve": { "count": 1, "runs": [ 1 ] } },
    "decided": {}, "unnamed": {},
    "runs": [ { "id": 1, "date": "2026-11-25T12:00:00Z", "command":
      [ "<script>alert(1)</script>", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" ] },
      { "id": 2 } ] } }
END
mkdir "$work/www"
"$sclog" stat --html="$work/www/page.html" "$work/policy.json"
report "the page is written" $?

# another page that says how wide the first is; the test's, so with a script
cat >"$work/www/width.html" <<'END'
<!DOCTYPE html><iframe id="page" src="page.html" style="width:390px;height:844px;border:0"></iframe>
<p id="result">none</p>
<script>
window.onload = () => {
	const page = document.getElementById("page").contentDocument;
	document.getElementById("result").textContent =
		"width " + page.documentElement.scrollWidth +
		" images " + page.images.length + " scripts " + page.scripts.length;
};
</script>
END

mkfifo "$work/port"
python3 - "$work" >"$work/port" <<'END' &
import functools, http.server, sys
class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, form, *args):
        with open(sys.argv[1] + "/requests", "a") as log:
            log.write(self.path + "\n")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0),
    functools.partial(Handler, directory=sys.argv[1] + "/www"))
print(server.server_port, flush=True)
server.serve_forever()
END
server=$!
trap 'kill $server; rm -rf "$work"' EXIT
read -r port <"$work/port" || exit 1

# browse ARGUMENT...: Chromium with a new profile
browse() {
	local profile
	profile=$(mktemp -d -p "$work")
	nice "${chromium[@]}" --user-data-dir="$profile" "$@" 2>"$work/errors"
}

for scheme in 0 1; do
	[ $scheme = 0 ] && name=dark || name=light
	: >"$work/requests"
	browse --blink-settings=preferredColorScheme=$scheme \
		--screenshot="$work/$name.png" "http://127.0.0.1:$port/page.html"
	[ -s "$work/$name.png" ]
	report "$name: it is shown" $? "$(tail -n 5 "$work/errors")"
	[ "$(cat "$work/requests")" = /page.html ]
	report "$name: nothing else is asked for" $? "$(cat "$work/requests")"
	! grep -q CONSOLE "$work/errors"
	report "$name: no error" $? "$(grep CONSOLE "$work/errors")"
done
! cmp -s "$work/dark.png" "$work/light.png"
report "dark is not light" $?

browse --dump-dom "http://127.0.0.1:$port/width.html" >"$work/dom"
result=$(sed -n 's/.*id="result">\([^<]*\).*/\1/p' "$work/dom")
[ "$result" = "width 390 images 0 scripts 0" ]
report "not wider than a telephone, no image, no script" $? "$result"
[ -z "${KEEP-}" ] || cp "$work"/*.png "$KEEP"
done_testing
