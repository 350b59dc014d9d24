#!/bin/sh
# Installs what the end-to-end tests need and is not there yet: sh tests/e2e/setup.sh BIN_DIR
set -eu

bin=${1:?usage: setup.sh BIN_DIR}
here=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
cache=$(CDPATH='' cd -- "$bin/.." && pwd)/e2e
chromium=${TRUEUP_CHROMIUM:-/usr/bin/chromium}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

missing=''
[ -x "$chromium" ] || missing="$missing chromium"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
command -v npm >/dev/null 2>&1 || missing="$missing npm"
if [ -n "$missing" ]; then
    as_root apt-get update -qq
    # shellcheck disable=SC2086 # one word per package
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing
fi

"$bin/python" -c 'import playwright' 2>/dev/null ||
    "$bin/uv" pip install --quiet --python "$bin/python" --constraint "$here/constraints.txt" playwright

"$bin/python" -c 'import psycopg' 2>/dev/null ||
    "$bin/uv" pip install --quiet --python "$bin/python" --constraint "$here/constraints.txt" 'psycopg[binary]'

mkdir -p "$cache"
[ -f "$cache/node_modules/axe-core/axe.min.js" ] ||
    npm install --prefix "$cache" --no-audit --no-fund --loglevel=error axe-core@4
# GitHub's own description of its interface, a server that holds requests against it, and recorded traffic.
if [ ! -x "$cache/node_modules/.bin/prism" ] || [ ! -f "$cache/node_modules/@octokit/graphql-schema/schema.graphql" ]; then
    npm install --prefix "$cache" --no-audit --no-fund --loglevel=error \
        @stoplight/prism-cli@5 @octokit/openapi@23.0.2 @octokit/graphql-schema@15 \
        @octokit/fixtures-server@8 @octokit/fixtures@23
fi
# Linear's own description, as types.
[ -f "$cache/node_modules/@linear/sdk/package.json" ] ||
    npm install --prefix "$cache" --no-audit --no-fund --loglevel=error @linear/sdk@98
sh "$here/tests/e2e/setup_redmine.sh" "$bin"

sh "$here/tests/e2e/setup_reviewboard.sh" "$bin"
sh "$here/tests/e2e/setup_buildbot.sh" "$bin"

"$bin/python" -c 'import playwright'
"$bin/python" -c 'import psycopg'
ls /usr/lib/postgresql/*/bin/initdb >/dev/null
test -x "$chromium"
test -f "$cache/node_modules/axe-core/axe.min.js"
test -x "$cache/node_modules/.bin/prism"
test -x "$cache/node_modules/.bin/octokit-fixtures-server"
test -f "$cache/node_modules/@octokit/graphql-schema/schema.graphql"
test -f "$cache/node_modules/@octokit/openapi/generated/api.github.com.json"
test -f "$cache/node_modules/@linear/sdk/package.json"
