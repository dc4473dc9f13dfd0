#!/bin/sh
# Runs the JavaScript tests with Node's own test runner; says aloud when there is no Node.
set -eu
if ! command -v node >/dev/null 2>&1; then
    echo "No node found, so the JavaScript tests were NOT run; on Debian and Ubuntu: sudo apt-get install nodejs" >&2
    exit 0
fi
exec node --test $(find tests/js -name '*.test.mjs' | sort)
