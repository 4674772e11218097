#!/usr/bin/env bash
# Puts a Linux kernel of Debian or Ubuntu with its modules into .vm-test/, for the tier `vm`; nothing of it is installed. It is
# the ordinary kernel: those for clouds and the like have no 9p, by which a virtual machine sees the files of this one.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=.vm-test
[ -f "$folder/.complete" ] && exit 0

for program in apt-get apt-cache dpkg-deb depmod; do
  PATH=$PATH:/usr/sbin:/sbin command -v "$program" > /dev/null && continue
  echo "$program is missing: the kernel comes as a package of Debian or Ubuntu, and depmod of kmod indexes its modules" \
    "(scripts/install-system-packages.sh installs that)." >&2
  exit 1
done
export PATH=$PATH:/usr/sbin:/sbin

# Those of the packages that this one depends on, directly or not, which hold a kernel or its modules.
declare -A seen=()
collect() {
  local name
  for name in $(apt-cache depends --important "$1" 2> /dev/null |
    sed -nE 's/^ [ |]Depends: (linux-(image|modules|modules-extra)-[0-9].*)/\1/p'); do
    [ -n "${seen[$name]:-}" ] && continue
    seen[$name]=1
    collect "$name"
  done
}
find_packages() {
  collect linux-image-amd64 # Debian
  [ "${#seen[@]}" -gt 0 ] || collect linux-image-generic # Ubuntu
}

rm -rf "$folder"
mkdir -p "$folder/packages"
download() { (cd "$folder/packages" && apt-get download -q -o APT::Sandbox::User=root "${!seen[@]}" > /dev/null); }

find_packages
if [ "${#seen[@]}" -eq 0 ] || ! download; then
  # The lists of packages are not there, or older than what the servers have.
  if [ "$(id -u)" -ne 0 ]; then
    echo "No kernel could be downloaded; run \`apt-get update\` as root, then this again." >&2
    exit 1
  fi
  apt-get update -q
  seen=()
  find_packages
  if [ "${#seen[@]}" -eq 0 ]; then
    echo "Neither linux-image-amd64 nor linux-image-generic is a package that apt-get knows here." >&2
    exit 1
  fi
  download
fi

mkdir "$folder/kernel"
for package in "$folder"/packages/*.deb; do dpkg-deb -x "$package" "$folder/kernel"; done
rm -r "$folder/packages"
# Newer packages keep modules below /usr, where depmod does not look.
[ -d "$folder/kernel/lib" ] || ln -s usr/lib "$folder/kernel/lib"
for release in "$folder"/kernel/lib/modules/*; do depmod --basedir "$folder/kernel" "$(basename "$release")"; done
touch "$folder/.complete"
