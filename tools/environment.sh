#!/bin/sh
# Makes the environment in .venv: `runtime` (what a phone's software needs), `app` (that and Node.js,
# for the web app) or `dev` (everything).
# Says what it does, and in one clear line why it cannot.
set -eu
kind=$1
venv=${VENV:-.venv}
stamp=$venv/.$kind
say() { printf '\033[1m== %s\033[0m\n' "$*"; }
fail() { printf 'safelight: %s\n' "$*" >&2; exit 1; }

fresh() { [ -f "$venv/.$1" ] && [ "$venv/.$1" -nt pyproject.toml ]; }
if fresh "$kind" || { [ "$kind" = app ] && fresh dev; }; then exit 0; fi

python=
for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.10}; do
  if command -v "$candidate" >/dev/null 2>&1 &&
    "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
[ -n "$python" ] || fail "Python 3.10 or newer is needed; found: $(python3 --version 2>&1 || echo none). Install one, or name it: make PYTHON=/path/to/python3"
"$python" -c 'import venv, ensurepip' 2>/dev/null ||
  fail "this Python has no venv or ensurepip. On Debian and Ubuntu: apt-get install python3-venv"

if [ ! -x "$venv/bin/python" ]; then
  say "making $venv with $("$python" --version)"
  "$python" -m venv "$venv" || fail "could not make $venv"
fi
case $kind in
  runtime) what=. note="the runtime alone: numpy, onnxruntime, tokenizers, cryptography, rich (about 60 MB to download)" ;;
  app) what='.[app]' note="the runtime and Node.js (about 110 MB to download)" ;;
  dev) what='.[dev]' note="everything that training, export and tests need. PyTorch is the large part: about 200 MB as a CPU build; PyPI's own Linux build is a CUDA build of about 3 GB. For CPU wheels from an index of yours: make TORCH_INDEX=URL test" ;;
  *) fail "unknown environment: $kind" ;;
esac
say "installing $note"
log=$venv/.install.log
start=$(date +%s)
if [ "$kind" = dev ] && [ -n "${TORCH_INDEX:-}" ]; then
  "$venv/bin/python" -m pip install --disable-pip-version-check -q --index-url "$TORCH_INDEX" torch >"$log" 2>&1 ||
    fail "could not install torch from TORCH_INDEX: $(tail -n 1 "$log")"
fi
if ! "$venv/bin/python" -m pip install --disable-pip-version-check --progress-bar off -e "$what" >"$log" 2>&1; then
  grep -qiE 'connection|resolve|network|timed out|proxy|no matching distribution' "$log" &&
    fail "could not reach the package index: is there a network? ($(grep -iE '^error' "$log" | tail -n 1))"
  fail "installing failed: $(grep -iE 'error' "$log" | tail -n 1) (whole log: $log)"
fi
touch "$stamp"
say "installed in $(($(date +%s) - start)) s"
