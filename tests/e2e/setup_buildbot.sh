#!/bin/sh
# Installs Buildbot for its end-to-end test, in an environment of its own: sh setup_buildbot.sh BIN_DIR
set -eu

bin=${1:?usage: setup_buildbot.sh BIN_DIR}
own=$(CDPATH='' cd -- "$bin/.." && pwd)/e2e/buildbot

if [ ! -x "$own/bin/buildbot" ]; then
    "$bin/python" -m venv "$own"
    "$bin/uv" pip install --quiet --python "$own/bin/python" 'buildbot[bundle]>=4.3,<5' setuptools
fi
test -x "$own/bin/buildbot"
