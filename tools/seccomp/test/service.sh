# SPDX-License-Identifier: GPL-2.0
# For tests with a service: sourced behind lib.sh, as root. golden/bin/systemctl
# is in the place of systemd, with a /run of its own, so that no one else takes
# it for systemd's. Sets $group, a cgroup; the service's command is $SERVICE.
if [ -z "${SERVICE_TEST-}" ]; then
	rm -rf "$work"
	SERVICE_TEST=1 exec unshare -m "./${0##*/}"
fi
mount -t tmpfs run /run && mkdir -p /run/systemd/system || exit 1
mkdir "$work/cgroup" && mount -t cgroup2 cgroup "$work/cgroup" || exit 1
group=$work/cgroup/sclog-test-$$
export PATH=$PWD/golden/bin:$PATH
export SERVICE_STATE=$work/state SERVICE_GROUP=$group/demo.service WATCHED=$work/watched
mkdir -p "$SERVICE_STATE" "$SERVICE_GROUP"
${CC:-cc} -O1 -o "$WATCHED" watched.c -pthread || exit 1
end_service() {
	kill $(cat "$SERVICE_GROUP/cgroup.procs") 2>/dev/null
	while ! rmdir "$SERVICE_GROUP" "$group" 2>/dev/null && [ -d "$group" ]; do sleep 0.05; done
	umount "$work/cgroup"
}
