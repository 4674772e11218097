#!/usr/bin/env bash
# Installs what the test tiers need from Debian or Ubuntu: the vendors' file system tools that judge our work, a browser,
# and the programs that grant rights. Run it as root; it installs nothing that is already there.
set -euo pipefail

packages=(
  e2fsprogs xfsprogs btrfs-progs ntfs-3g dosfstools exfatprogs exfat-fuse fusefat fuse3 mtools # file systems
  gdisk fdisk partclone qemu-utils libnbd-bin cryptsetup-bin                     # partition tables, peers, containers
  sshfs openssh-sftp-server rclone                                               # folders on servers, without a network
  libxml2-utils zstd xz-utils unzip jq util-linux mount procps attr acl libcap2-bin rsync openssl systemd # judges and small tools
  strace faketime qemu-user                                                       # death at a system call, other clocks and processors
  chromium fonts-dejavu-core                                                      # the browser of the VS Code tiers
  sudo pkexec polkitd dbus passwd                                                 # elevation
  qemu-system-x86 busybox-static kmod udev lvm2 thin-provisioning-tools mdadm     # virtual machines, LVM and arrays in them
  grub-common grub-pc-bin grub-efi-amd64-bin ovmf                                 # boot loaders and firmware of these
  xorriso shim-signed grub-efi-amd64-signed                                       # rescue media, also for Secure Boot
  wine wine64 gcc-mingw-w64-x86-64 g++-mingw-w64-x86-64-posix                     # Windows code
)

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if [ "${#missing[@]}" -eq 0 ]; then
  echo "All system packages are there."
  exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "These packages are missing; install them as root: apt-get install ${missing[*]}" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -q -y --no-install-recommends "${missing[@]}"
