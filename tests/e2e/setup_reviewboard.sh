#!/bin/sh
# Installs Review Board for its end-to-end test, in an environment of its own: sh setup_reviewboard.sh BIN_DIR
set -eu

bin=${1:?usage: setup_reviewboard.sh BIN_DIR}
own=$(CDPATH='' cd -- "$bin/.." && pwd)/e2e/reviewboard

if [ ! -x "$own/bin/rb-site" ]; then
    # Its own set-up of a site wants an environment with pip.
    "$bin/python" -m venv "$own"
    "$bin/uv" pip install --quiet --python "$own/bin/python" 'ReviewBoard>=8.1,<9'
fi
test -x "$own/bin/rb-site"
