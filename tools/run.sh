#!/usr/bin/env bash
# Opens the application; without a display it works on practice stores, serves the same page on this computer and prints
# a line for each cycle. Arguments are passed on, such as --data DIR.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname)" = Darwin ]; then
  make --no-print-directory build/bin/evenstock
  exec build/bin/evenstock "$@"
fi
make --no-print-directory build/bin/evenstock-cli
echo "There is no display, so the page is served to a browser on this computer, with practice stores. Ctrl C ends it."
exec build/bin/evenstock-cli "$@" run --practice --web 127.0.0.1:0
