#!/bin/sh
# Install the browser that the tests of the pages drive, and a font with Chinese in it, where they can be installed.
# Without them say what will not be run; in CI that is a failure.
set -eu
log=$1

have_browser() { command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1; }
have_font() { ! command -v fc-list >/dev/null 2>&1 || fc-list :lang=zh | grep -q .; }
have() { have_browser && have_font; }

if ! have && command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo "installing Chromium and Chinese fonts for the tests in a real browser"
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends chromium fontconfig fonts-noto-cjk; } >"$log" 2>&1 || cat "$log"
fi
if ! have; then
  echo "" >&2
  echo "NOT RUN: the tests in a real browser need Chromium and a font with Chinese in it." >&2
  echo "Install them (Debian: apt-get install chromium fontconfig fonts-noto-cjk) and run 'make test' again." >&2
  echo "" >&2
  [ "${CI:-}" != true ]
fi
