#!/bin/sh
# Every test, in two halves side by side: those of one process, under coverage, and those that start the whole stack.
# What the first half says comes after the second, in full. Either failing fails. Ctrl-C stops both.
set -u
floor=$1
said=out/units.log
mkdir -p out
.venv/bin/python -m infra.build.catalogue
.venv/bin/python -m slipcover --source chalicelib --omit 'chalicelib/web/compiled/*' --json --out out/coverage.json \
    -m pytest tests --ignore tests/e2e --ignore tests/local >"$said" 2>&1 &
units=$!
trap 'kill "$units" 2>/dev/null; exit 130' INT TERM
.venv/bin/pytest tests/e2e tests/local
stack=$?
wait "$units"
alone=$?
cat "$said"
[ "$alone" -eq 0 ] || echo "the tests of one process failed ($alone): see above, or $said" >&2
[ "$stack" -eq 0 ] || echo "the tests of the whole stack failed ($stack): see further above" >&2
.venv/bin/python -m tests.covered out/coverage.json "$floor" && [ "$alone" -eq 0 ] && [ "$stack" -eq 0 ]
