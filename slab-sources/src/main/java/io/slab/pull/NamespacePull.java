package io.slab.pull;

import io.slab.error.CancellationToken;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Writes the records of one namespace into a file of JSON lines, in the order of their identifiers'
 * source, several fetches at once. After each page the file is forced to disk, and then the {@link
 * Reached} beside it says how far it is good, so that a killed run loses a page and no more.
 */
final class NamespacePull {
  /**
   * How far a file is.
   *
   * @param position where the identifiers go on, or null
   * @param done whether there are no more
   * @param bytes of the file that are good
   * @param ids identifiers so far
   * @param records written
   * @param absent identifiers without a record
   * @param some the first of them, at most {@link #NAMED}
   */
  record Reached(
      String position,
      boolean done,
      long bytes,
      long ids,
      long records,
      long absent,
      List<String> some) {
    static final int NAMED = 100;
    static final Reached NOTHING = new Reached(null, false, 0, 0, 0, 0, List.of());

    static Reached read(Path file) throws IOException {
      if (!Files.exists(file)) {
        return NOTHING;
      }
      JsonNode tree = Json.parseStored(file.toString(), Files.readAllBytes(file));
      JsonNode position = tree.get("position");
      List<String> some = new ArrayList<>();
      tree.get("some_absent").forEach(id -> some.add(id.stringValue()));
      return new Reached(
          position.isNull() ? null : position.stringValue(),
          tree.get("done").booleanValue(),
          tree.get("bytes").longValue(),
          tree.get("ids").longValue(),
          tree.get("records").longValue(),
          tree.get("absent").longValue(),
          some);
    }

    void write(Path file) throws IOException {
      byte[] text =
          Json.bytes(out -> {
            out.writeStartObject();
            out.writeName("position");
            if (position == null) {
              out.writeNull();
            } else {
              out.writeString(position);
            }
            out.writeName("done").writeBoolean(done);
            out.writeName("bytes").writeNumber(bytes);
            out.writeName("ids").writeNumber(ids);
            out.writeName("records").writeNumber(records);
            out.writeName("absent").writeNumber(absent);
            out.writeName("some_absent").writeStartArray();
            some.forEach(out::writeString);
            out.writeEndArray();
            out.writeEndObject();
          });
      PullWork.replace(file, text);
    }
  }

  private record Fetch(List<String> ids, String position, Future<Map<String, JsonNode>> records) {}

  private final PineconeApi api;
  private final String namespace;
  private final Path file;
  private final Path reachedFile;
  private Reached reached;

  NamespacePull(PineconeApi api, String namespace, Path file) throws IOException {
    this.api = api;
    this.namespace = namespace;
    this.file = file;
    this.reachedFile = file.resolveSibling(file.getFileName() + ".reached");
    this.reached = Reached.read(reachedFile);
  }

  Reached reached() {
    return reached;
  }

  Path reachedFile() {
    return reachedFile;
  }

  /** Reads on until there are no more identifiers. */
  void run(
      IdPages ids,
      ExecutorService threads,
      int atOnce,
      long expected,
      PullProgress progress,
      CancellationToken cancellation)
      throws IOException {
    Deque<Fetch> pending = new ArrayDeque<>();
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
      out.truncate(reached.bytes());
      out.position(reached.bytes());
      boolean more = true;
      while (true) {
        while (more && pending.size() < 2 * atOnce) {
          cancellation.check();
          List<String> page = ids.next();
          more = page != null;
          if (more) {
            pending.add(
                new Fetch(page, ids.position(), threads.submit(() -> api.fetch(namespace, page))));
          }
        }
        if (pending.isEmpty()) {
          break;
        }
        take(pending.poll(), out);
        progress.written(namespace, reached.records(), expected);
      }
    } finally {
      pending.forEach(fetch -> fetch.records().cancel(true));
    }
    reached =
        new Reached(
            null,
            true,
            reached.bytes(),
            reached.ids(),
            reached.records(),
            reached.absent(),
            reached.some());
    reached.write(reachedFile);
  }

  private void take(Fetch fetch, FileChannel out) throws IOException {
    Map<String, JsonNode> records = result(fetch.records());
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    List<String> some = new ArrayList<>(reached.some());
    long absent = 0;
    for (String id : fetch.ids()) {
      JsonNode record = records.get(id);
      if (record != null) {
        lines.writeBytes(Json.bytes(json -> Json.write(json, record)));
        lines.write('\n');
        continue;
      }
      absent++;
      if (some.size() < Reached.NAMED) {
        some.add(id);
      }
    }
    ByteBuffer bytes = ByteBuffer.wrap(lines.toByteArray());
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
    out.force(false);
    reached =
        new Reached(
            fetch.position(),
            // The last page of a list has no position after it.
            fetch.position() == null,
            reached.bytes() + bytes.limit(),
            reached.ids() + fetch.ids().size(),
            reached.records() + fetch.ids().size() - absent,
            reached.absent() + absent,
            some);
    reached.write(reachedFile);
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
