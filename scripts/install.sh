#!/bin/sh
# install.sh WHAT PIP-ARGUMENTS...: installs quietly into .venv; on failure shows all that pip said.
set -eu
what="$1"
shift
echo "Installing $what ..."
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
# Byte-compiling now (pip's default, said aloud) keeps every later start short.
if ! .venv/bin/python -m pip install --disable-pip-version-check --no-input --compile "$@" >"$log" 2>&1; then
    cat "$log" >&2
    echo "Could not install $what; pip's words are above. Run the same command again to go on from here." >&2
    exit 1
fi
