#!/bin/sh
# Makes sure that the browser tests find a Chromium: takes Debian's when root, otherwise says how to get it.
set -eu
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium for the browser tests ..."
    log="$(mktemp)"
    trap 'rm -f "$log"' EXIT
    export DEBIAN_FRONTEND=noninteractive
    if ! { apt-get update && apt-get install -y --no-install-recommends chromium; } >"$log" 2>&1; then
        cat "$log" >&2
        echo "Could not install Chromium; apt's words are above." >&2
        exit 1
    fi
else
    echo "No Chromium found, so the browser tests will be skipped; on Debian and Ubuntu: sudo apt-get install chromium" >&2
fi
