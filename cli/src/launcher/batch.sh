# Whether the queries of a file are long work. Sourced by run.sh where a command line names such a file.

# True for a file of so few queries that they are answered before vector instructions would be compiled.
is_few() {
  [ "$1" = "${1%.npy}" ] && [ -f "${1#@}" ] && [ -r "${1#@}" ] && [ "$(head -n 17 < "${1#@}" | wc -l)" -le 16 ]
}

# True where the words of a query name a file of more, or one that scans whole slabs: these share their work among all queries.
is_long_batch() {
  previous=
  file=
  exact=
  for argument; do
    case $argument in
      --queries=*) file=${argument#*=} ;;
      --exact) exact=1 ;;
      *) [ "$previous" != --queries ] || file=$argument ;;
    esac
    previous=$argument
  done
  [ -n "$file" ] && { [ -n "$exact" ] || ! is_few "$file"; }
}
