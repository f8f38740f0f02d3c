#!/bin/sh
# Makes a Python environment with pika, a client of RabbitMQ, in TARGET. Takes Python >= 3.11 with venv and pip; what it
# fetches is held to the hashes of requirements.txt (`pip-compile --generate-hashes requirements.in` renews it).
set -eu
target=$1
python3 -m venv "$target"
"$target/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes \
  --only-binary :all: --requirement "$(dirname "$0")/requirements.txt"
