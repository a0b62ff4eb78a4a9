# Prepares the starts of a distribution, once on a machine. Sourced by run.sh; sets what later starts read from the file that
# is written here. The command runs all the same when something fails.
. "$home/lib/launcher/jdk.sh"
. "$home/lib/launcher/flags.sh"

find_jdk jre || fail "slab needs Java 25 or newer and none was found" "install one (for example Temurin 25) and set JAVA_HOME to it"
java=$found/bin/java
start=${SLAB_START_DIR:-$home/start}
if [ -z "$SLAB_START_DIR" ] && [ ! -w "$home" ]; then
  cache_home=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
  start=${cache_home:+$cache_home/slab-start/${home##*/}}
fi

# One command at a time prepares; another that comes meanwhile starts without. A lock is left where one was killed: it is
# void when it is older than any preparation.
prepare() {
  mkdir -p "${start%/*}" 2> /dev/null || return 0
  [ -z "$(find "$start.lock" -prune -mmin +10 2> /dev/null)" ] || rmdir "$start.lock" 2> /dev/null
  mkdir "$start.lock" 2> /dev/null || return 0
  trap 'rmdir "$start.lock" 2> /dev/null' EXIT
  trap 'exit 130' INT TERM
  [ ! -t 2 ] || echo "slab: first use on this machine: Java loads its classes and keeps them in a cache for quick starts (about 20 seconds, once; log: $start.log)" >&2
  "$java" -XX:TieredStopAtLevel=1 -cp "$home/lib/*" io.slab.cli.launch.Prepare "$home" "$start" "$java" \
    > "$start.log" 2>&1 < /dev/null
}
[ -z "$start" ] || (prepare) || [ $? -ne 130 ] || exit 130

made_for=
[ -z "$start" ] || [ ! -r "$start/launch.sh" ] || . "$start/launch.sh"
if [ ! "$made_for" -ef "$home" ]; then
  made_for=
  java=$found/bin/java
  classpath=
  zstd=
  aot=
  aot_s3=
  s3=
  for jar in "$home"/lib/s3/*.jar; do
    s3=$s3:$jar
  done
  serve=
  for jar in "$home"/lib/serve/*.jar; do
    serve=$serve:$jar
  done
  for jar in "$home"/lib/*.jar; do
    classpath=$classpath${classpath:+:}$jar
  done
fi
