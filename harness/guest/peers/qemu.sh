# SPDX-License-Identifier: GPL-2.0
# QEMU with all of its sandbox, which interprets a boot sector; sourced by deep_test

qemu=$work/qemu
mkdir -p $qemu

# assemble: writes each character to port 0xe9, QEMU's debug console, and 16 to port
# 0xf4, which ends it with status 33
assemble() {
	local text='hello from the guest' i

	printf '\xfa'						# cli
	for ((i = 0; i < ${#text}; i++)); do
		printf '\xb0%s\xe6\xe9' "${text:i:1}"		# mov al, c; out 0xe9, al
	done
	printf '\xb0\x10\xe6\xf4\xf4\xeb\xfd'			# ...; hlt; jmp -1
}
{ assemble; head -c 510 /dev/zero; } | head -c 510 >$qemu/disk
printf '\x55\xaa' >>$qemu/disk

qemu_runs() {
	local pid line

	qemu-system-x86_64 -nodefaults -display none -machine pc -m 16 -accel tcg -S \
		-sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny \
		-drive "file=$qemu/disk,format=raw,if=ide" -debugcon file:$qemu/out \
		-device isa-debug-exit,iobase=0xf4,iosize=1 \
		-chardev socket,id=control,host=127.0.0.1,port=4444,server=on,wait=off \
		-mon chardev=control,mode=control &
	pid=$!
	await confined $pid && await listens 4444 || return
	exec 7<>/dev/tcp/127.0.0.1/4444
	read -r -t 600 line <&7 && echo "$line" &&
	printf '{"execute":"qmp_capabilities"}{"execute":"cont"}\n' >&7 &&
	until read -r -t 600 line <&7 && echo "$line" && [[ $line = *RESUME* ]]; do
		[ -n "$line" ] || return
	done
	confined $pid || echo "not confined at the end"
	wait $pid
	[ $? = 33 ] && [ "$(cat $qemu/out)" = 'hello from the guest' ]
}
logged_check "qemu -sandbox on is confined, obeys its monitor and runs a guest" qemu_runs
exec 7>&-
