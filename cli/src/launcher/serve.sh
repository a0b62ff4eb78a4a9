# Prepares the starts of the server, once on a machine, when it is first started or with slab prepare. Sourced by run.sh.
# What it makes, and the log that says that it was tried, lie with what other commands start from.

# One at a time; a server that comes meanwhile starts without. A lock is left where one was killed: see prepare.sh.
prepare_serve() {
  [ -w "$start" ] || return 0
  [ -z "$(find "$start.lock" -prune -mmin +10 2> /dev/null)" ] || rmdir "$start.lock" 2> /dev/null
  mkdir "$start.lock" 2> /dev/null || return 0
  trap 'rmdir "$start.lock" 2> /dev/null' EXIT
  trap 'exit 130' INT TERM
  [ ! -t 2 ] || [ "$1" != serve ] || echo "slab: first server on this machine, preparing a quick start (some seconds)" >&2
  "$java" -XX:TieredStopAtLevel=1 -cp "$classpath" io.slab.cli.launch.PrepareServe "$start" "$java" "$classpath$serve" \
    > "$start/serve.log.tmp" 2>&1 < /dev/null
  mv "$start/serve.log.tmp" "$start/serve.log"
}
(prepare_serve "$1") || [ $? -ne 130 ] || exit 130
