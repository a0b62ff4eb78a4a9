# Finds a JDK 25, or a newer one. Sourced by the launcher where it builds or prepares; nothing of it runs at a usual start.

# Ends with an error: what is wrong, and what to do.
fail() {
  echo "error: $1" >&2
  [ -z "$2" ] || echo "  hint: $2" >&2
  exit 1
}

# True when $1 is the home of a JDK 25, or of a newer one where $newer is set. The release file answers without starting Java.
is_jdk() {
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  while IFS= read -r line; do
    case $line in
      JAVA_VERSION=\"[0-9]*)
        line=${line#*\"}
        line=${line%%[!0-9]*}
        [ "$line" -eq 25 ] || { [ -n "$newer" ] && [ "$line" -gt 25 ]; }
        return
        ;;
    esac
  done < "$1/release"
  return 1
}

# The first JDK 25 (with a compiler when $1 is "jdk") into $found, or a newer one where there is none, or where it is asked for.
find_jdk() {
  newer=1
  [ -z "$SLAB_JAVA_HOME" ] || { try_jdk "$1" "$SLAB_JAVA_HOME" && return 0; }
  newer=
  look_for_jdk "$1" && return 0
  newer=1
  look_for_jdk "$1"
}

look_for_jdk() {
  found=
  # An image brings its own.
  [ "$1" = jdk ] || { try_jdk "$1" "$home/jre" && return 0; }
  [ -z "$JAVA_HOME" ] || { try_jdk "$1" "$JAVA_HOME" && return 0; }
  on_path=$(command -v java 2> /dev/null)
  if [ -n "$on_path" ]; then
    on_path=$(readlink -f "$on_path" 2> /dev/null || echo "$on_path")
    try_jdk "$1" "${on_path%/bin/java}" && return 0
  fi
  # With SLAB_JDK_DIRS (separated by colons) the usual places are left out.
  if [ -n "$SLAB_JDK_DIRS" ]; then
    rest=$SLAB_JDK_DIRS:
    while [ -n "$rest" ]; do
      for candidate in "${rest%%:*}"/*; do
        try_jdk "$1" "$candidate" && return 0
      done
      rest=${rest#*:}
    done
    return 1
  fi
  for candidate in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/* "$HOME"/.jdks/* "$HOME"/.asdf/installs/java/*; do
    try_jdk "$1" "$candidate" && return 0
  done
  if [ -r "$HOME/.m2/toolchains.xml" ]; then
    homes=$(sed -n 's/.*<jdkHome>[[:space:]]*\(.*[^[:space:]]\)[[:space:]]*<\/jdkHome>.*/\1/p' "$HOME/.m2/toolchains.xml")
    while IFS= read -r candidate; do
      try_jdk "$1" "$candidate" && return 0
    done <<EOF
$homes
EOF
  fi
  return 1
}

try_jdk() {
  is_jdk "$2" || return 1
  [ "$1" != jdk ] || [ -x "$2/bin/javac" ] || return 1
  found=$2
}
