#!/bin/sh
# Static checks of the packaged template: what an emulator accepts and AWS would refuse.
set -eu
out=${1:-out}
# Both partitions: a type or setting that AWS China lacks is an error here.
.venv/bin/cfn-lint --template "$out/sam.yaml" --regions ap-southeast-1 cn-north-1
.venv/bin/python -m infra.build.asl infra/timer.asl.json
if [ ! -x .venv-checkov/bin/checkov ] || [ requirements-checkov.txt -nt .venv-checkov/.ready ]; then
    .venv/bin/uv venv --quiet --clear --python .venv/bin/python .venv-checkov
    .venv/bin/uv pip install --quiet --python .venv-checkov/bin/python --require-hashes -r requirements-checkov.txt
    touch .venv-checkov/.ready
fi
LOG_LEVEL=ERROR .venv-checkov/bin/checkov --config-file infra/build/checkov.yaml --file "$out/sam.yaml"
