#!/usr/bin/env bash
# On a machine with an NVIDIA GPU and the .NET SDK: builds with CUDA, runs the engine's tests on the card, then the benchmarks whose contestants can all use it (adapt-64 needs PyTorch for CUDA: COMOD_PYTHON).
# benchmarks/gpu.sh [--quick]
set -euo pipefail
cd "$(dirname "$0")/.."
command -v nvidia-smi > /dev/null || { echo "error: nvidia-smi is not there: this machine has no NVIDIA driver." >&2; exit 1; }
card=$(nvidia-smi --query-gpu=name --format=csv,noheader | head -1)
export COMOD_DEVICE=${COMOD_DEVICE:-cuda}
results=benchmarks/results/$(tr '[:upper:] ' '[:lower:]-' <<< "$card")
mkdir -p "$results"
echo "== $card, device $COMOD_DEVICE"
nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv > "$results/card.csv"

echo "== build"
dotnet build tests/Engine.Tests -c Release -p:TorchBackend=cuda
dotnet build benchmarks -c Release -p:TorchBackend=cuda

echo "== tests on the card"
dotnet test --project tests/Engine.Tests -c Release --no-build -p:TorchBackend=cuda | tee "$results/tests.log"

for name in adapt-64 packed predict-mix growth allocations; do
  echo "== $name"
  dotnet run --project benchmarks -c Release --no-build -p:TorchBackend=cuda -- "$name" "$@" --results "$results"
done
echo "Everything is in $results."
