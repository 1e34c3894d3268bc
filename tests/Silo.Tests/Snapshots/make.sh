#!/bin/bash
# Makes the snapshots of a build: make.sh COMMIT NAME [MAKER]. See README.md.
set -euo pipefail
commit=${1:?the commit whose silo writes}
name=${2:?folder of the snapshot, beside this script}
maker=${3:-SnapshotMaker}
here=$(cd "$(dirname "$0")" && pwd)
build=$(mktemp -d)
trap 'git -C "$here" worktree remove --force "$build/tree" 2>/dev/null; rm -rf "$build"' EXIT
git -C "$here" worktree add --detach "$build/tree" "$commit"
dotnet build "$build/tree/src/Silo" -c Release -v q -o "$build/silo"
# The built-in backbones are large, and every silo registers its own.
rm -rf "$build/silo/Backbones"
mkdir -p "$here/$name"
silo=$build/silo/comod-silo
[ -x "$silo" ] || silo=$build/silo/ComodCluster.Silo # its name in the first builds
export COMOD_SNAPSHOT_SILO="$silo" COMOD_SNAPSHOT_TARGET="$here/$name" PATH="$PATH:$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)"
dotnet run --project "$here/.." -c Release -- -explicit only -class ComodCluster.Silo.Tests.Snapshots.$maker
