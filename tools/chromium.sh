#!/usr/bin/env bash
# Prints the path of a Chromium that the end-to-end tests can drive; fails when there is none.
set -euo pipefail
for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
  if [ -n "$name" ] && path=$(command -v "$name"); then
    echo "$path"
    exit 0
  fi
done
exit 1
