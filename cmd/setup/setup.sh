#!/usr/bin/env bash
# Installs what the project needs to build and run, and with "tests" what its
# tests need too. Runs as root or as an ordinary user (then with sudo). What is
# there already is left alone, so a second run takes no time. On a system
# without apt it says exactly what to install and stops.
set -euo pipefail
cd "$(dirname "$0")/../.."
want_tests=${1:-}
tools=$PWD/.tools
go_version=1.26.0
node_major=20

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# at_least A B: version A is not below version B.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -1)" = "$2" ]; }

go_ok() {
  have go || return 1
  local v; v=$(GOTOOLCHAIN=local go version | sed -E 's/.* go([0-9.]+).*/\1/')
  at_least "$v" 1.21.0 # from here on go fetches the version in go.mod itself
}
node_ok() { have node && have npm && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge $node_major ]; }
cc_ok() { have gcc || have clang; }
pg_ok() {
  local d v
  for d in $(printf '%s' "$PATH" | tr ':' ' ') /usr/lib/postgresql/*/bin /usr/pgsql-*/bin \
    /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin; do
    [ -x "$d/postgres" ] && [ -x "$d/initdb" ] || continue
    v=$("$d/postgres" --version | sed -E 's/[^0-9]*([0-9]+).*/\1/')
    [ "$v" -ge 15 ] && return 0
  done
  return 1
}
chromium_ok() { have chromium || have chromium-browser || have google-chrome; }
mosquitto_ok() { have mosquitto || [ -x /usr/sbin/mosquitto ]; }
mosquitto_pub_ok() { have mosquitto_pub; }

packages=()
go_ok || packages+=(golang-go)
node_ok || packages+=(nodejs npm)
cc_ok || packages+=(gcc libc6-dev)
pg_ok || packages+=(postgresql)
if [ -n "$want_tests" ]; then
  chromium_ok || packages+=(chromium fonts-liberation)
  mosquitto_ok || packages+=(mosquitto)
  mosquitto_pub_ok || packages+=(mosquitto-clients)
fi

if [ ${#packages[@]} -gt 0 ]; then
  if ! have apt-get; then
    say "this system has no apt-get; please install these yourself and run make again:"
    go_ok || say "  Go >= $go_version                   (https://go.dev/dl)"
    node_ok || say "  Node.js >= $node_major with npm            (macOS: brew install node)"
    cc_ok || say "  a C compiler                      (macOS: xcode-select --install)"
    pg_ok || say "  PostgreSQL >= 15 server programs  (macOS: brew install postgresql@16; Fedora: dnf install postgresql-server)"
    [ -z "$want_tests" ] || chromium_ok || say "  Chromium                          (macOS: brew install chromium)"
    [ -z "$want_tests" ] || { mosquitto_ok && mosquitto_pub_ok; } || say "  mosquitto with its clients        (macOS: brew install mosquitto)"
    exit 1
  fi
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    have sudo || die "not root and no sudo; as root run: apt-get update && apt-get install --no-install-recommends ${packages[*]}"
    as_root=(sudo)
  fi
  say "installing ${packages[*]}"
  # The service runs its own PostgreSQL; a cluster of the distribution's own is
  # not wanted where there was none before.
  case " ${packages[*]} " in *" postgresql "*)
    if [ ! -d /etc/postgresql-common ]; then
      "${as_root[@]}" mkdir -p /etc/postgresql-common/createcluster.d
      echo 'create_main_cluster = false' | "${as_root[@]}" tee /etc/postgresql-common/createcluster.d/serenazgo.conf >/dev/null
    fi ;;
  esac
  mkdir -p "$tools"
  log=$tools/setup.log
  if ! { "${as_root[@]}" apt-get update -q &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${packages[@]}"; } >"$log" 2>&1; then
    tail -20 "$log" >&2
    die "apt-get failed; the whole output is in $log"
  fi
  hash -r
fi

if ! go_ok; then
  # The distribution's Go is too old to fetch a newer one by itself, but it can
  # download the toolchain as a module.
  os=$(go env GOOS) arch=$(go env GOARCH)
  say "fetching Go $go_version"
  (cd "$(mktemp -d)" && go mod download "golang.org/toolchain@v0.0.1-go$go_version.$os-$arch")
  mkdir -p "$tools"
  rm -rf "$tools/go"
  cp -r "$(go env GOMODCACHE)/golang.org/toolchain@v0.0.1-go$go_version.$os-$arch" "$tools/go"
  chmod -R u+w "$tools/go"
  chmod +x "$tools"/go/bin/* "$tools"/go/pkg/tool/*/*
  PATH=$tools/go/bin:$PATH
  go_ok || die "Go is still too old; install Go >= $go_version from https://go.dev/dl"
fi
if ! node_ok; then
  say "fetching Node.js $node_major"
  npm install --no-fund --no-audit --loglevel=error --prefix "$tools" "node@$node_major"
  PATH=$tools/node_modules/node/bin:$PATH
  node_ok || die "Node.js is still too old; install Node.js >= $node_major"
fi
pg_ok || die "no PostgreSQL >= 15 found after the installation; your distribution's is older: see https://www.postgresql.org/download"

# The page's own packages, when the lock file changed.
if [ -f web/package-lock.json ] && ! cmp -s web/package-lock.json web/node_modules/.installed; then
  say "installing the page's packages"
  (cd web && npm ci --no-fund --no-audit --loglevel=error >&2)
  cp web/package-lock.json web/node_modules/.installed
fi
