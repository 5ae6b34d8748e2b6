#!/bin/sh
# Install the browser that the tests of the pages drive, where it can be installed.
# Without it say what will not be run; in CI that is a failure.
set -eu
log=$1

have() { command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1; }

if ! have && command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo "installing Chromium and Chinese fonts for the tests in a real browser"
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends chromium fonts-noto-cjk; } >"$log" 2>&1 || cat "$log"
fi
if ! have; then
  echo "" >&2
  echo "NOT RUN: the tests in a real browser need Chromium." >&2
  echo "Install it (Debian: apt-get install chromium fonts-noto-cjk) and run 'make test' again." >&2
  echo "" >&2
  [ "${CI:-}" != true ]
fi
