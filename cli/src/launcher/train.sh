#!/bin/sh
# Makes the AOT cache that short verbs start from: runs typical short commands in one process and keeps what was loaded.
# The flags must be those of the launcher, or Java ignores the cache.
#   train.sh JAVA CLASSPATH CACHE FLAG...
# SLAB_TRAINING=TrainingS3 with the jars for S3 on the class path makes the cache for targets on S3.
java=$1
classpath=$2
cache=$3
shift 3
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
SLAB_TRAIN=$work "$java" "$@" "-XX:AOTCacheOutput=$cache" -cp "$classpath" "io.slab.cli.${SLAB_TRAINING:-Training}" "$work"
