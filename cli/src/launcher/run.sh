# Starts Java for one command line. Sourced by slab, with the folder of the distribution in $home and the words of the
# command line as arguments. Before Java it starts no other process but stty on a terminal, and two small ones where it
# counts the queries of a file.

# What start-up is prepared with belongs to one JVM on one machine: the first command makes it, inside the distribution
# where it may write there, else in the user's cache, else not at all, which is slower and works. SLAB_START_DIR is another
# place for it. The same folder by another name, through a link, is the same folder.
for start in ${SLAB_START_DIR:+"$SLAB_START_DIR"} "$home/start" "${XDG_CACHE_HOME:-${HOME:-/dev/null}/.cache}/slab-start/${home##*/}"; do
  made_for=
  java=
  serve=
  [ ! -r "$start/launch.sh" ] || . "$start/launch.sh"
  [ ! "$made_for" -ef "$home" ] || [ ! -x "$java" ] || break
done
case " $* " in
  *" --help "* | *" -h "*) ;;
  " prepare "*) SLAB_REBUILD=1 ;;
esac
if [ ! "$made_for" -ef "$home" ] || [ ! -x "$java" ] || [ -n "$SLAB_REBUILD" ]; then
  . "$home/lib/launcher/prepare.sh"
fi
if [ -n "$SLAB_JAVA_HOME" ] && [ "$SLAB_JAVA_HOME/bin/java" != "$java" ]; then
  java=$SLAB_JAVA_HOME/bin/java
  aot=
  aot_s3=
  serve_start=
else
  serve_start=${made_for:+$start}
fi

SLAB_HOME=$home
SLAB_START=${made_for:+$start}

# Java takes the words of the command line and the names of files in the encoding of the locale: the plain C locale of
# containers and cron would make question marks of everything beyond ASCII.
case ${LC_ALL:-${LC_CTYPE:-$LANG}} in
  *[Uu][Tt][Ff]*8*) ;;
  *)
    LC_ALL=C.UTF-8
    export LC_ALL
    ;;
esac

# Which streams are terminals: the shell knows it for each of them, Java does not.
SLAB_TTY=
[ ! -t 0 ] || SLAB_TTY=0
[ ! -t 1 ] || SLAB_TTY=${SLAB_TTY}1
[ ! -t 2 ] || SLAB_TTY=${SLAB_TTY}2
if [ -t 1 ]; then
  size=$(stty size 2> /dev/null < /dev/tty)
  SLAB_COLUMNS=${COLUMNS:-${size#* }}
  export SLAB_COLUMNS
fi
export SLAB_HOME SLAB_START SLAB_TTY

# True for long work, which is worth the optimising compiler and the vector instructions; a short answer is not.
is_long_line() {
  case "$1 $*" in
    "query query "*" --queries"*)
      . "$home/lib/launcher/batch.sh"
      is_long_batch "$@"
      ;;
    *) is_long "$1" ;;
  esac
}

# The server's jars are its own, and so is its cache: no other verb starts with them.
case $1 in
  serve | prepare) . "$home/lib/launcher/serve.sh" ;;
esac

# Is anything on S3? Then with the jars for it, and the cache that knows them.
for argument in "$SLAB_TARGET" "$@"; do
  is_s3 "$argument" || continue
  classpath=$classpath$s3
  aot=$aot_s3
  break
done

# The flags are words without blanks and without quotes, and none of them is a pattern for files.
set -f
flags=$short_flags
options=$SLAB_JAVA_OPTS
if is_long_line "$@"; then
  flags=$long_flags
  options=${SLAB_JAVA_OPTS:-$long_defaults}
fi
# shellcheck disable=SC2086
exec "$java" $flags ${aot:+"-XX:AOTCache=$aot"} ${zstd:+"-DZstdNativePath=$zstd"} $options -cp "$classpath" io.slab.cli.Main "$@"
