package io.slab.manifest;

import io.slab.error.CorruptException;
import io.slab.manifest.NamespaceManifest.Change;
import io.slab.manifest.NamespaceManifest.Checkpoint;
import io.slab.manifest.NamespaceManifest.WalCommit;
import io.slab.model.Ulid;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/**
 * Namespace manifests as JSON (spec/index.md). Members in this order:
 *
 * <pre>
 * crc32c            see CheckedJson
 * format            "slab-namespace"
 * version           [1,0]
 * features          {"required":[],"optional":[]}: an unknown required one is refused
 * id, parent        decimal strings; parent "0" for the first
 * commit            ULID
 * operation         "create", "flush", "compact", "drop", "restore"; informative
 * timeMs, writer    informative
 * namespace         the decoded name
 * state             "live" or "deleted"
 * lsnFlushed        decimal string
 * walFlushedThrough decimal string
 * slabs             [{id, level, bytes, hotOffset, rows, lsnMin, lsnMax, lsnAsOf? (decimal strings), tombstones?,
 *                     ledger,
 *                     algorithm, columns:[{field, type, rows, min?, max?}],
 *                     deletes: null | {cardinality, inline: base64} | {cardinality, file}}], oldest first
 * history           [[id, commit, operation]], ids without gaps, the last one is this manifest
 * walHistory        [[sequence, commit]], without gaps, the last one is walFlushedThrough
 * checkpoints       [{name, manifest (decimal string), expiresMs}]
 * condemned         ["slabs/..." or "deletes/..."]; absent when there are none
 * retired           [ULID]; absent when there are none
 * thresholds        {name: whole number}
 * </pre>
 *
 * Unknown members are ignored.
 */
public final class ManifestJson {
  static final String FORMAT = "slab-namespace";

  /** Most bytes of one manifest; a reader refuses larger ones. */
  public static final int MAX_BYTES = 64 << 20;

  private ManifestJson() {}

  /** Encodes; the same manifest gives the same bytes. */
  public static byte[] encode(NamespaceManifest m) {
    return CheckedJson.write(out -> {
      writeHeader(out, FORMAT);
      text(out, "id", m.id());
      text(out, "parent", m.parent());
      text(out, "commit", m.commit());
      text(out, "operation", m.operation());
      out.writeNumberProperty("timeMs", m.timeMillis());
      text(out, "writer", m.writer());
      text(out, "namespace", m.namespace());
      text(out, "state", m.deleted() ? "deleted" : "live");
      text(out, "lsnFlushed", m.lsnFlushed());
      text(out, "walFlushedThrough", m.walFlushedThrough());
      out.writeArrayPropertyStart("slabs");
      m.slabs().forEach(slab -> SlabEntryJson.write(out, slab));
      out.writeEndArray();
      writeHistories(out, m);
      writePolicies(out, m);
    });
  }

  static void writeHeader(JsonGenerator out, String format) {
    writeHeader(out, format, List.of());
  }

  static void writeHeader(JsonGenerator out, String format, List<String> required) {
    text(out, "format", format);
    out.writeArrayPropertyStart("version");
    out.writeNumber(1);
    out.writeNumber(0);
    out.writeEndArray();
    out.writeObjectPropertyStart("features");
    out.writeArrayPropertyStart("required");
    required.forEach(out::writeString);
    out.writeEndArray();
    out.writeArrayPropertyStart("optional");
    out.writeEndArray();
    out.writeEndObject();
  }

  static void text(JsonGenerator out, String name, Object value) {
    out.writeStringProperty(name, String.valueOf(value));
  }

  private static void writeHistories(JsonGenerator out, NamespaceManifest m) {
    out.writeArrayPropertyStart("history");
    for (Change change : m.history()) {
      out.writeStartArray();
      out.writeString(Long.toString(change.id()));
      out.writeString(change.commit().toString());
      out.writeString(change.operation());
      out.writeEndArray();
    }
    out.writeEndArray();
    out.writeArrayPropertyStart("walHistory");
    for (WalCommit commit : m.walHistory()) {
      out.writeStartArray();
      out.writeString(Long.toString(commit.sequence()));
      out.writeString(commit.commit().toString());
      out.writeEndArray();
    }
    out.writeEndArray();
  }

  private static void writePolicies(JsonGenerator out, NamespaceManifest m) {
    out.writeArrayPropertyStart("checkpoints");
    for (Checkpoint checkpoint : m.checkpoints()) {
      out.writeStartObject();
      text(out, "name", checkpoint.name());
      text(out, "manifest", checkpoint.manifest());
      out.writeNumberProperty("expiresMs", checkpoint.expiresMillis());
      out.writeEndObject();
    }
    out.writeEndArray();
    if (!m.condemned().isEmpty()) {
      out.writeArrayPropertyStart("condemned");
      m.condemned().forEach(out::writeString);
      out.writeEndArray();
    }
    if (!m.retired().isEmpty()) {
      out.writeArrayPropertyStart("retired");
      m.retired().forEach(slab -> out.writeString(slab.toString()));
      out.writeEndArray();
    }
    out.writeObjectPropertyStart("thresholds");
    m.thresholds().forEach(out::writeNumberProperty);
    out.writeEndObject();
  }

  /**
   * Decodes and checks.
   *
   * @param resource the object's name, for errors
   * @param id the number in that name
   */
  public static NamespaceManifest decode(String resource, long id, byte[] bytes) {
    StoredJson in = new StoredJson(resource, CheckedJson.read(resource, bytes), "NM-");
    in.header(FORMAT);
    if (in.decimal("id") != id) {
      throw in.wrong("id " + in.text("id"), "the number in the name, " + id);
    }
    String state = in.text("state");
    if (!state.equals("live") && !state.equals("deleted")) {
      throw in.wrong("state \"" + state + "\"", "\"live\" or \"deleted\"");
    }
    NamespaceManifest manifest =
        new NamespaceManifest(
            id,
            in.decimal("parent"),
            in.ulid("commit"),
            in.text("operation"),
            in.count("timeMs"),
            in.text("writer"),
            in.text("namespace"),
            state.equals("deleted"),
            in.decimal("lsnFlushed"),
            in.decimal("walFlushedThrough"),
            in.objects("slabs", SlabEntryJson::read),
            readHistory(in),
            readWalHistory(in),
            in.objects(
                "checkpoints",
                c -> new Checkpoint(c.text("name"), c.decimal("manifest"), c.count("expiresMs"))),
            readCondemned(in),
            readRetired(in),
            readThresholds(in));
    checkHistories(in, manifest);
    Set<Ulid> slabs = new HashSet<>(manifest.retired());
    if (slabs.size() < manifest.retired().size()) {
      throw in.wrong("a retired slab twice", "each once");
    }
    for (SlabEntry slab : manifest.slabs()) {
      if (!slabs.add(slab.id())) {
        throw in.wrong("the slab " + slab.id() + " twice, or retired too", "each slab once");
      }
    }
    return manifest;
  }

  private static List<Change> readHistory(StoredJson in) {
    List<Change> history = new ArrayList<>();
    for (List<String> row : in.rows("history", 3)) {
      history.add(
          new Change(
              in.decimal("history", row.get(0)), in.ulid("history", row.get(1)), row.get(2)));
    }
    return history;
  }

  private static List<WalCommit> readWalHistory(StoredJson in) {
    List<WalCommit> history = new ArrayList<>();
    for (List<String> row : in.rows("walHistory", 2)) {
      history.add(
          new WalCommit(in.decimal("walHistory", row.get(0)), in.ulid("walHistory", row.get(1))));
    }
    return history;
  }

  private static List<String> readCondemned(StoredJson in) {
    List<String> names = in.has("condemned") ? in.strings("condemned") : List.of();
    for (String name : names) {
      // Gc deletes what stands here: nothing but a slab or a deletion vector is accepted.
      if (!NamespaceNames.isFile(name)) {
        throw in.wrong("condemned \"" + name + "\"", "a slab or a deletion vector");
      }
    }
    return names;
  }

  private static List<Ulid> readRetired(StoredJson in) {
    List<Ulid> slabs = new ArrayList<>();
    for (String slab : in.has("retired") ? in.strings("retired") : List.<String>of()) {
      slabs.add(in.ulid("retired", slab));
    }
    if (slabs.size() > NamespaceManifest.MAX_RETIRED) {
      throw in.wrong(slabs.size() + " retired slabs", "at most " + NamespaceManifest.MAX_RETIRED);
    }
    return slabs;
  }

  private static SortedMap<String, Long> readThresholds(StoredJson in) {
    SortedMap<String, Long> thresholds = new TreeMap<>();
    StoredJson object = in.object("thresholds");
    for (String name : in.node("thresholds").propertyNames()) {
      thresholds.put(name, object.count(name));
    }
    return thresholds;
  }

  /** The commit rules stand on histories without gaps that end where the manifest says. */
  private static void checkHistories(StoredJson in, NamespaceManifest m) throws CorruptException {
    long expected = m.id() - m.history().size() + 1;
    for (Change change : m.history()) {
      if (change.id() != expected++) {
        throw in.wrong("history with id " + change.id(), "ids without gaps up to " + m.id());
      }
    }
    if (m.history().isEmpty() || !m.history().getLast().commit().equals(m.commit())) {
      throw in.wrong("a history that ends elsewhere", "this manifest as its last entry");
    }
    expected = m.walFlushedThrough() - m.walHistory().size() + 1;
    for (WalCommit commit : m.walHistory()) {
      if (commit.sequence() != expected++) {
        throw in.wrong(
            "walHistory with " + commit.sequence(), "numbers without gaps up to walFlushedThrough");
      }
    }
    if (m.walHistory().isEmpty()) {
      throw in.wrong("an empty walHistory", "at least the anchor");
    }
    if (m.history().size() > NamespaceManifest.MAX_HISTORY
        || m.walHistory().size() > NamespaceManifest.MAX_WAL_HISTORY) {
      throw in.wrong(
          "histories of " + m.history().size() + " and " + m.walHistory().size() + " entries",
          "at most " + NamespaceManifest.MAX_HISTORY + " and " + NamespaceManifest.MAX_WAL_HISTORY);
    }
  }
}
