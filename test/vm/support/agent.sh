#!/bin/bash
# The agent of a virtual machine, and its process 1: runs the commands of agent.ts, several at a time. A request is a line of a
# number, a time in seconds and a script in base64; a reply is a line of the number, the exit code and the bytes of output that
# follow. Output has a channel of its own, so that nothing the kernel says gets in between.
project=$1
export PATH=$project/node_modules/.bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8
folder=/run/agent
mkdir -p $folder /dev/shm /dev/pts
# A command may make another root of the machine's; what is named from here is found all the same.
cd $folder || exit
mount -t tmpfs tmpfs /dev/shm
mount -t devpts devpts /dev/pts
ln -s /proc/self/fd /dev/fd

modprobe -a virtio_blk dm_mod
# The device manager makes the links of LVM below /dev, and volumes wait for it, as on every installed system.
/lib/systemd/systemd-udevd --daemon
udevadm trigger --subsystem-match=block --subsystem-match=misc
udevadm settle

answer() {
	local code=0
	(cd "$project" && exec timeout --kill-after=5 "$2" bash "$folder/$1.sh") > "$1.out" 2>&1 3>&- < /dev/null || code=$?
	{
		flock 9
		printf '%s %s %s\n' "$1" "$code" "$(stat -c %s "$1.out")"
		cat "$1.out"
	} >&3 9> lock
	rm "$1.sh" "$1.out"
}

exec 3<> /dev/vport*
echo ready >&3
# Ends when the host's side does, which is how it asks the machine to switch itself off.
while read -r number time script <&3; do
	base64 -d <<< "$script" > "$number.sh"
	answer "$number" "$time" &
done
sync
echo 1 > /proc/sys/kernel/sysrq
# All file systems to read-only, so that what was stopped in an orderly way needs no repair; the kernel does it in its own time.
echo u > /proc/sysrq-trigger
sleep 1
echo o > /proc/sysrq-trigger
sleep 60
