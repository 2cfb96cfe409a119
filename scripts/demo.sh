#!/usr/bin/env bash
# Shows clew at work; called by `make demo`, with the project's environment on PATH.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
python -m clew --version
