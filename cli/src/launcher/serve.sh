# What a start of the server needs besides: its jars, its flags and its cache. Sourced by run.sh for slab serve, and for slab
# prepare. The cache is made once on a machine, when the server is first started or with slab prepare. It lies, with the log
# that says that it was tried, with what other commands start from.

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
case " $* " in
  *" --help "* | *" -h "*) ;;
  *) [ -z "$serve_start" ] || [ -e "$serve_start/serve.log" ] || (prepare_serve "$1") || [ $? -ne 130 ] || exit 130 ;;
esac

if [ "$1" = serve ]; then
  classpath=$classpath$serve
  long_flags="$long_flags $serve_flags"
  if [ -n "$serve_start" ] && [ -s "$serve_start/slab-serve.aot" ]; then
    aot=$serve_start/slab-serve.aot
    aot_s3=$aot
  fi
fi
