#!/bin/sh
# Makes .venv with the given Python, or says in one line what is missing.
set -eu
python="$1"
if [ -z "$python" ]; then
    echo "Paint-Off needs Python 3.11 or newer and found none; name one with: make PYTHON=/path/to/python3" >&2
    exit 1
fi
if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    echo "$python cannot make environments; on Debian and Ubuntu: apt-get install python3-venv" >&2
    exit 1
fi
# Made anew from nothing: a half-made or moved environment is worse than none.
rm -rf .venv
"$python" -m venv .venv
