#!/bin/busybox sh
# The first program of a virtual machine, in its initramfs: makes a root of the host's files, which stay as they are, and
# memory for what changes, and hands over to agent.sh there. /project names the folder of this project.
set -e
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
for module in $(cat /modules/order); do insmod "/modules/$module"; done

mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=512000,cache=loose host /host
mount -t tmpfs changes /changes
mkdir /changes/files /changes/work
mount -t overlay -o lowerdir=/host,upperdir=/changes/files,workdir=/changes/work overlay /root

# The project may lie below a folder that is covered here.
project=$(cat /project)
mount --bind "/root$project" /covered
for folder in /run /tmp; do mount -t tmpfs tmpfs "/root$folder"; done
mkdir -p "/root$project"
mount --move /covered "/root$project"

mkdir -p /root/lib/modules
mount --bind "/root$project/.vm-test/kernel/lib/modules" /root/lib/modules
for folder in /dev /proc /sys; do mount --move $folder "/root$folder"; done
exec switch_root /root /bin/bash "$project/test/vm/support/agent.sh" "$project"
