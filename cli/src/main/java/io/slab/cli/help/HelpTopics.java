package io.slab.cli.help;

import io.slab.cli.usage.ExitCode;
import java.util.List;

/** {@code slab help TOPIC}. */
public final class HelpTopics {
  public static final List<String> NAMES =
      List.of(
          "exit-codes",
          "filters",
          "output",
          "formats",
          "embeddings",
          "states",
          "s3",
          "environment");

  private static final String FILTERS =
      """
      Filters are JSON, for --filter of query, fetch, stats, delete, update and explain.

        {"genre": "poetry"}                          equals (short for $eq)
        {"year": {"$gte": 1900, "$lt": 2000}}        both
        {"genre": "poetry", "fiction": true}         both
        {"$or": [{"year": 1984}, {"tags": "war"}]}   either

        $eq $ne            string, number, boolean
        $gt $gte $lt $lte  number
        $in $nin           list of strings or list of numbers
        $exists            true or false
        $and $or           list of filters

      A list of strings matches when any element does. $ne and $nin also match records that lack
      the field. Numbers are 64-bit floats; a number never equals a string.
      A filter can be given in place, as @FILE or FILE.json, or as - for stdin.
      """;

  private static final String OUTPUT =
      """
      Data goes to stdout, everything else (progress, summaries, errors) to stderr.

        table   aligned columns, the default on a terminal; long cells are shortened there
        tsv     the default elsewhere: a header and one row per line; \\t \\n \\r \\\\ are escaped
        csv     RFC 4180 with a header
        json    one document
        ndjson  one object per line, each with a "type"; the last one is "summary" (or, on stderr, "error")
        line    name = value

      --fields id,score,metadata.genre chooses and orders. --out FILE writes the file atomically;
      a device, a FIFO and /dev/fd/3 are written into, and a symbolic link stays one.
      FILE.json, FILE.ndjson, FILE.jsonl, FILE.csv and FILE.tsv choose the form when --output does not; a name
      that says something else than what is written is refused.
      Scores and values are printed with the fewest digits that read back as the same 32-bit float.
      LSNs are strings. Nothing is shortened outside of a terminal.
      Colour: --color auto|always|never; NO_COLOR, CLICOLOR, CLICOLOR_FORCE and TERM=dumb are honoured.
      """;

  private static final String FORMATS =
      """
      Records (slab ingest) are JSON lines:

        {"id": "b1", "values": [0.1, 0.2], "metadata": {"genre": "poetry", "year": 1922, "tags": ["war"]}}

        id             1 to 512 bytes of UTF-8
        values         the dense vector, as many numbers as the index has dimensions
        sparse_values  {"indices": [3, 17], "values": [0.5, 1.5]} (or sparseValues), {"3": 0.5} or
                       [[3, 0.5], [17, 1.5]]
        metadata       strings, numbers, booleans, lists of strings; at most 40,960 bytes

      Any record in JSON is read by the same rules, alone, beside others, in a folder, packed, from stdin or S3.
      A null or NaN in the metadata, or a null in a list there, refuses the record in ingest and update, and is
      left out and counted in a migration; --nulls refuse|drop says otherwise. Null and empty values and
      sparse_values are absent. An id that is a whole number becomes its digits. Other members are metadata of a
      record without metadata of its own, else left out (--extras); nested values go by --nested; marks of
      export programs are left out (--keep-markers). A member that comes twice refuses the record.

      A NumPy matrix (.npy) of float16, 32, 64, int8 or uint8 is one record per row, in each order
      of bytes and elements. Its id is the row number with leading zeros (0007 of 5,000 rows)
      after --id-prefix, or stands in the JSON lines of --metadata, one per row,
      {"id": .., "metadata": {..}}; either member may be left out. Several matrices are numbered as
      one, a folder's files in natural order. A made-up id that a record has already is refused;
      --number-from N says where to begin. --number-rows does the same for tables (CSV, Parquet)
      without a column of ids.

      Exports of other programs are recognised by what is in them (ingest, migrate-from-pod-export);
      --format or --shape says it instead, --map ROLE=NAME names members and columns:

        jsonl, json-array, json-vectors    records in JSON, in lists, under "vectors"
        fetch, query, by-namespace         API responses, {id: {..}}, {id: [numbers]}; lists of records
                                           by namespace, also under "namespaces"
        columnar-json                      {"ids": [..], "vectors": [..], "metadata": [..]}, and
                                           Chroma's collection.get()
        jsonl-folder                       JSON lines per namespace with a manifest.json
        pinecone-import, parquet           Parquet with id, values, sparse_values, metadata or other
                                           columns; one folder per namespace, or none
        vdf, pinecone-dataset              VDF_META.json; metadata.json and documents/
        csv                                a header, vectors and metadata as JSON in their cells
        npy, npy-ids, npz, safetensors     matrices; ids.txt, ids.json or metadata.jsonl beside them,
                                           or ids in the file; --map values=NAME of several
        fvecs, bvecs, ivecs                matrices
        delta                              a Delta Lake table, by its log
        mixed                              a folder of several of these

      Points of Qdrant, objects of Weaviate, lines of mongoexport and elasticdump are records in JSON,
      and so are the hits of a search answer of Elasticsearch and OpenSearch. Lists of numbers alone, all
      of one length and without ids, are vectors by id: a table of such columns looks the same, so what
      was taken for ids is said before anything is written.
      Of two usual names of one part (id and vector_id) the first counts, the other one is an extra.
      MongoDB's extended JSON becomes what it stands for: {"$oid": ..} and {"$date": ..} text,
      {"$numberLong": ..} a number. A vector may be a list, the text of one, or an object of one dense
      and one sparse vector by name.

      In a folder each file is read for itself. One that may hold records and cannot be read stops
      the command, or is left out and counted (--on-error skip, exit code 8). Folders are
      namespaces, but for data/ of a dataset (data/train-00000.parquet); column=value (Hive partitions)
      is a metadata field, as text, or the namespace.
      Iceberg and Hudi tables are refused. A linked file is read for each namespace in whose folder
      it stands. A text beside .npy that may hold its ids (b_ids.txt) is never passed over: only
      the names above are read. A file that is named itself is not skipped.

      Parquet columns are read by their annotations: DECIMAL and unsigned integers are numbers; DATE, TIME
      and TIMESTAMP ISO text (2024-02-29, 12:34:56.789, 2024-02-29T12:34:56Z, without Z when local); UUID its
      usual text; INTERVAL P1M2DT3.004S; a number as id its digits. Times, texts and booleans are no vectors.
      Bytes that are no text (BSON, geometry) and nested values go by --nested; an annotation that is not known
      refuses the file. Numbers that 64 (metadata) or 32 bits (vectors) do not hold exactly are rounded and
      counted; 0.1 as a DECIMAL is 0.1. The whole table is in spec/parquet.md.

      A row of a CSV file with more or fewer cells than its header, with text after a closing quote, or that is
      no UTF-8 is refused with its line, never shifted; empty lines are passed over, empty cells are absent.
      A column of metadata is read as one: numbers when all its cells are numbers of JSON, booleans when all
      are true or false (True, TRUE), text otherwise: 01234 makes 90210 below it text. Quotes change nothing.
      Columns of one name in several files are one column. A cell [..] or {..} of a column of text is a list.
      What is rounded, left out or converted on the way is counted: on stderr, and as "remarks" in JSON. In
      vectors that is a whole number that no 32-bit float holds (16777217), and 1e-50, which becomes 0.

      Files may be packed with gzip or zstd. Other containers and pages (tar, zip, Excel, .pt,
      pickle, HDF5, Arrow, Avro, ORC, FAISS, UTF-16, Git LFS pointers, HTML) are named with the way out.
      From stdin JSON records, one after the other or in a list, are read as they come; everything else is saved to
      a temporary file (TMPDIR) first.

      Vectors (--vector): [0.1, 0.2] in place, @FILE, FILE.json, FILE.npy (float32), or - for stdin; also
      what embedding tools print: [[..]], {"embedding": [..]}, {"embeddings": [[..]]}, {"data": [{"embedding": [..]}]}.

      Batches of queries (--queries): FILE.npy, one query per row; or JSON lines:

        {"id": "q1", "vector": [0.1, 0.2], "sparse_values": {..}, "filter": {..}, "top_k": 5}
        {"id": "q2", "text": "words to look for, or for the embedder to make a vector of"}
        {"id": "q3", "text": "words, beside a vector of one's own", "vector": [0.1, 0.2]}
      """;

  private static final String EMBEDDINGS =
      """
      Texts in a file, a question, an answer. Without a model, by the words:

        slab create notes --text-index text
        slab ingest notes notes.jsonl
        slab query notes --text "a detective solves a murder" --include-metadata

      The file has a record a line:

        {"id": "n1", "text": "A detective hunts a thief in Paris", "year": 1998}

      With a model, by the meaning: slab has none, and asks one of yours, a server that speaks OpenAI's API
      (ollama, llama.cpp, TEI, vLLM and others) or a program.

        export SLAB_EMBED_URL=http://127.0.0.1:11434/v1 SLAB_EMBED_MODEL=nomic-embed-text
        slab create notes
        slab ingest notes notes.jsonl --text-field text
        slab query notes --text "a detective solves a murder" --include-metadata

      Options, or else the environment (SLAB_EMBED_URL, SLAB_EMBED_COMMAND, SLAB_EMBED_MODEL,
      SLAB_EMBED_TIMEOUT, SLAB_PROMPT_PREFIX, SLAB_QUERY_PREFIX), or else ~/.config/slab/config.json say which:

        {"embed": {"url": "http://127.0.0.1:11434/v1", "model": "nomic-embed-text"}}

      That file counts only where no other user can write it. Nothing is taken from an index, which records
      the name of the model only: a question by another model ends with exit code 4.
      A key comes from SLAB_EMBED_KEY (or OPENAI_API_KEY, for https://api.openai.com alone). No text leaves
      the machine unless a URL was given; a line on stderr says where texts go.

      --embed-command 'CMD' starts a program once. For each batch it gets one line on stdin and prints one
      line, at once, with a vector for each text:

        {"texts": ["..", ".."], "kind": "document", "model": "NAME"}      [[0.1, ..], [0.3, ..]]

      Records with values stay as they are. Records whose text the model refuses are refused records
      (--on-error skip). --resume goes on after a failure, --dry-run sends nothing. Requests are repeated as
      Retry-After says, within --embed-timeout (2m). --embed-batch (32), --embed-concurrency (4), --embed-rate,
      --embed-normalize, --prompt-prefix and --query-prefix suit models and servers that want them.
      """;

  private static final String S3 =
      """
      TARGET may be s3://bucket/prefix: the same files, the same commit protocol, the same answers.
      S3://, s3a:// and s3n:// mean the same. The bucket must exist. Any number of processes may
      write at once.

        slab create s3://bucket/books --dimension 384
        slab ingest s3://bucket/books books.jsonl --flush
        slab copy s3://bucket/books ./books

      Credentials, region and server are found as the aws command line finds them: AWS_PROFILE,
      AWS_REGION, AWS_ENDPOINT_URL and their like, ~/.aws, the role of the machine. For one command:
      --profile, --region, --endpoint-url, --path-style, --no-sign-request. Keys are never options.
      --sse and --sse-kms-key-id have the server encrypt what is written, --request-payer requester
      pays for requests to a bucket of others.

      A server must honour If-None-Match: *; one that does not is found out before the first write
      and can be read only. Permissions: ListBucket and GetObject to read, PutObject to write, and
      DeleteObject for gc, drop and erase (of a bucket with versioning ListBucketVersions and
      DeleteObjectVersion too).

      Ranges that were read are kept, checked, in a local cache (--cache-dir, --cache-size,
      --no-cache); slab warm fills it. slab explain and query --profile-query show the requests,
      bytes and rounds of a query, slab estimate foresees them and what they cost.

      Exit codes: 5 temporary trouble and nothing written, 9 a commit without an answer that could
      not be looked up, 10 refused credentials and nothing written, 3 no such bucket.
      """;

  private static final String ENVIRONMENT =
      """
        SLAB_TARGET       the index, where TARGET is left out
        SLAB_NAMESPACE    default of --namespace; likewise SLAB_OUTPUT, SLAB_COLOR, SLAB_PROGRESS,
                          SLAB_WIDTH, SLAB_THREADS, SLAB_BATCH_SIZE
        SLAB_EMBED_URL    default of --embed-url; likewise SLAB_EMBED_MODEL, SLAB_EMBED_COMMAND,
                          SLAB_EMBED_TIMEOUT, SLAB_PROMPT_PREFIX, SLAB_QUERY_PREFIX
        SLAB_EMBED_KEY    the key of that server
        SLAB_CACHE_DIR    default of --cache-dir; likewise SLAB_CACHE_SIZE, SLAB_NO_CACHE
        SLAB_JAVA_HOME    the JDK to use (25 or newer), instead of the one that is found
        SLAB_JAVA_OPTS    more options for Java, such as -Xmx8g
        SLAB_JDK_DIRS     where to look for JDKs, instead of the usual places
        SLAB_START_DIR    the folder for what quick starts need (`slab prepare`), instead of one with
                          the program or in the user's cache
        SLAB_REBUILD      1: build again (a checkout), or prepare the quick start again
        SLAB_FORCE_TTY    a width: behave as on a terminal of that width
        PINECONE_API_KEY  the key of `slab pull`; PINECONE_CONTROLLER_HOST another control plane
        NO_COLOR, CLICOLOR, CLICOLOR_FORCE, TERM
      An option on the command line wins over the environment.
      """;

  private static final String STATES =
      """
      A state of a namespace, for --as-of of query, fetch, list, stats, export and copy, and for restore:

        nightly                  the checkpoint of that name (also checkpoint:nightly)
        12, manifest:12          what manifest 12 has; numbers are those of `slab log`
        8388608, lsn:8388608     with every write up to that LSN, as writes report it
        2026-11-30T09:00Z        at that time; UTC where no zone is given; a day is its first moment
        90s, 15m, 2h, 3d         so long ago

      A checkpoint is kept until it expires or is deleted. Every other state can be had for about as
      long as gc's --min-age (a day), and is named by `slab log`. A state that is gone ends with exit
      code 3 and the nearest ones. Times are those of the storage; copying gives objects new ones.
      """;

  private HelpTopics() {}

  /** The text of a topic, or null when there is none of that name. */
  static String text(String topic) {
    return switch (topic) {
      case "exit-codes" -> exitCodes();
      case "filters" -> FILTERS;
      case "output" -> OUTPUT;
      case "formats" -> FORMATS;
      case "embeddings" -> EMBEDDINGS;
      case "states" -> STATES;
      case "s3" -> S3;
      case "environment" -> ENVIRONMENT;
      default -> null;
    };
  }

  private static String exitCodes() {
    StringBuilder out = new StringBuilder();
    for (ExitCode exit : ExitCode.values()) {
      out.append(String.format("%3d  %s%n", exit.code(), exit.meaning()));
    }
    return out.toString();
  }
}
