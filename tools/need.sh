#!/usr/bin/env bash
# Makes sure that what is needed is there: need.sh build|window|test ...
# On Debian and Ubuntu missing packages are installed, as root or through sudo; elsewhere they are named and nothing is
# changed. Go and Node.js are never installed: their versions are the user's business.
set -euo pipefail

min_go=1.26
min_node=20.19

missing=()

# at_least HAVE WANT: is a version new enough?
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n1)" = "$2" ]; }

check_tools() {
  local go node
  go=$(go env GOVERSION 2>/dev/null | sed 's/^go//' || true)
  node=$(node --version 2>/dev/null | sed 's/^v//' || true)
  if [ -z "$go" ] || ! at_least "$go" "$min_go"; then missing+=("Go $min_go or newer (found: ${go:-none}), from https://go.dev/dl"); fi
  if [ -z "$node" ] || ! at_least "$node" "$min_node"; then missing+=("Node.js $min_node or newer (found: ${node:-none}), from https://nodejs.org"); fi
  command -v npm >/dev/null || missing+=("npm, which comes with Node.js")
}

# What each purpose needs of a Debian or Ubuntu system.
packages_for() {
  case $1 in
    build) echo ca-certificates git ;;
    window) echo gcc libc6-dev pkg-config libgtk-3-dev libwebkit2gtk-4.1-dev ;;
    test) echo gcc libc6-dev xvfb xauth xdotool dbus bash curl jq openssl ;;
    *) echo "need.sh: unknown purpose $1" >&2; exit 2 ;;
  esac
}

installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'install ok installed'; }

install_packages() {
  local sudo=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { missing+=("these packages, which only root can install: $*"); return; }
    sudo=(sudo)
  fi
  echo "Installing: $*"
  local apt=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600)
  "${apt[@]}" update >/dev/null
  "${apt[@]}" install -y --no-install-recommends "$@" >/dev/null
}

# A browser for the end-to-end tests. Ubuntu's own package is a snap, which needs a running snapd.
need_chromium() {
  "$(dirname "$0")/chromium.sh" >/dev/null 2>&1 && return
  if command -v apt-get >/dev/null; then install_packages chromium || true; fi
  "$(dirname "$0")/chromium.sh" >/dev/null 2>&1 ||
    missing+=("Chromium or Google Chrome (or set CHROMIUM to its program)")
}

check_tools
wanted=()
for purpose in "$@"; do
  for package in $(packages_for "$purpose"); do
    if ! command -v dpkg-query >/dev/null; then
      case $package in # elsewhere only what a program or a library can be asked for
        libgtk-3-dev) pkg-config --exists gtk+-3.0 2>/dev/null || missing+=("GTK 3 with its headers (pkg-config gtk+-3.0)") ;;
        libwebkit2gtk-4.1-dev) pkg-config --exists webkit2gtk-4.1 2>/dev/null || missing+=("WebKitGTK 4.1 with its headers (pkg-config webkit2gtk-4.1)") ;;
        gcc | pkg-config | git | curl | jq | openssl) command -v "$package" >/dev/null || missing+=("$package") ;;
        xvfb) command -v xvfb-run >/dev/null || missing+=("xvfb-run") ;;
        xdotool) command -v xdotool >/dev/null || missing+=("xdotool") ;;
        dbus) command -v dbus-run-session >/dev/null || missing+=("dbus-run-session") ;;
      esac
    elif ! installed "$package"; then
      wanted+=("$package")
    fi
  done
done
if [ "${#wanted[@]}" -gt 0 ]; then install_packages "${wanted[@]}"; fi
case " $* " in *" test "*) need_chromium ;; esac

if [ "${#missing[@]}" -gt 0 ]; then
  echo "Missing on this system:" >&2
  printf '  - %s\n' "${missing[@]}" >&2
  exit 1
fi
