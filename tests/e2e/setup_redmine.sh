#!/bin/sh
# A Redmine for the end-to-end tests: sh tests/e2e/setup_redmine.sh BIN_DIR
# It comes from Debian; a copy of it with a database of its own is prepared under BIN_DIR/../e2e/redmine,
# so that one that may run on this machine is left alone, and starting it needs no rights.
set -eu

bin=${1:?usage: setup_redmine.sh BIN_DIR}
place=$(CDPATH='' cd -- "$bin/.." && pwd)/e2e/redmine
from=/usr/share/redmine

missing=''
for package in redmine redmine-sqlite thin; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing="$missing $package"
done
if [ -n "$missing" ]; then
    root=''
    [ "$(id -u)" = 0 ] || root=sudo
    if ! command -v apt-get >/dev/null 2>&1 || { [ -n "$root" ] && ! command -v sudo >/dev/null 2>&1; }; then
        echo "The end-to-end test of Redmine needs packages of Debian that are not installed here:$missing" >&2
        echo "As root on Debian or Ubuntu: apt-get install$missing" >&2
        exit 1
    fi
    # shellcheck disable=SC2086 # one word per package, and perhaps no word for root
    { $root apt-get update -qq && $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing; } || {
        echo "These packages of Debian could not be installed, see above:$missing" >&2
        exit 1
    }
fi

version=$(dpkg-query -W -f='${Version}' redmine)
if [ "$(cat "$place/ready" 2>/dev/null || true)" != "$version" ]; then
    rm -rf "$place"
    mkdir -p "${place%/*}"
    cp -R "$from" "$place"
    cd "$place"
    rm -f Gemfile.lock config/database.yml instances
    cp /var/lib/redmine/Gemfile.lock .
    # Debian's own list of gems names the database of the machine, which not everybody may read.
    sed -n 's/^ *\(gem .sqlite3.*\)$/\1/p' Gemfile >Gemfile.local
    mkdir -p instances/fresh/config instances/fresh/log instances/fresh/tmp instances/fresh/files
    cat >instances/fresh/config/database.yml <<'END'
production:
  adapter: sqlite3
  database: <%= File.expand_path("../redmine.sqlite3", __dir__) %>
END
    export REDMINE_INSTANCE=fresh RAILS_ENV=production BUNDLE_GEMFILE="$place/Gemfile" \
        SECRET_KEY_BASE=only-for-tests REDMINE_LANG=en SCHEMA=/dev/null
    ruby bin/rake db:migrate >prepared.log 2>&1 || { tail -20 prepared.log >&2; exit 1; }
    ruby bin/rake redmine:load_default_data >>prepared.log 2>&1 || { tail -20 prepared.log >&2; exit 1; }
    ruby bin/rails runner '
        Setting.rest_api_enabled = "1"
        User.find_by_login("admin").update_columns(must_change_passwd: false)
    ' >>prepared.log 2>&1 || { tail -20 prepared.log >&2; exit 1; }
    echo "$version" >ready
fi
