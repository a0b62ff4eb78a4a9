package io.slab.source.json;

import io.slab.source.FieldMap;
import io.slab.source.FieldMap.Role;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Walks through a JSON text of any length and cuts the records out of it. */
final class StreamBlocks implements RecordBlocks {
  /** Members of an envelope that hold records. */
  static final Set<String> LISTS =
      Set.of("vectors", "matches", "records", "data", "points", "objects", "result", "hits");

  /**
   * Those of {@link #LISTS} that are also likely names of namespaces: their records must show it.
   */
  static final Set<String> OTHER_LISTS = Set.of("points", "objects", "result", "hits");

  /** Where Elasticsearch and OpenSearch have an object with the list of the same name in it. */
  static final String HITS = "hits";

  /** Member of a backup that holds the records of each namespace. */
  static final String WRAPPER = "namespaces";

  /** What stands beside a list of records in an object of its own, and is no record. */
  static final Set<String> BESIDE =
      Set.of(
          "namespace",
          "count",
          "vector_count",
          "vectorCount",
          "total",
          "total_vectors",
          "dimension",
          "metric",
          "next_page_offset",
          "next",
          "pagination",
          "usage",
          "name");

  /** Members of an envelope that hold more envelopes. */
  private static final String RESULTS = "results";

  private static final int MAX_DEPTH = 16;

  /** What the walker is inside of. */
  private enum Frame {
    LIST,
    ENVELOPE_LIST,
    BY_ID,
    ENVELOPE,
    NAMESPACES,
    WRAPPER
  }

  private final JsonWindow text;
  private final JsonLayout layout;

  /** What the envelopes say, in their order, where that was read beforehand; else null. */
  private final List<String> envelopeNamespaces;

  private final BlockBuilder builder = new BlockBuilder();
  private final Deque<Frame> frames = new ArrayDeque<>();
  private boolean fresh;
  private String namespace;
  private int envelopes;
  private long ordinal;

  /** A value was found: it is next in the text. */
  private boolean found;

  private String key;

  /** True when the envelope that the walker is in has what only a record has. */
  private boolean record;

  /** True when that envelope has a list of records. */
  private boolean listed;

  StreamBlocks(JsonWindow text, JsonLayout layout, List<String> envelopeNamespaces) {
    this.text = text;
    this.layout = layout;
    this.envelopeNamespaces = envelopeNamespaces;
  }

  /** True for a name under which a list is one of records for certain. */
  static boolean isList(String name) {
    return LISTS.contains(name) && !OTHER_LISTS.contains(name);
  }

  @Override
  public RecordBlock next(byte[] recycled) throws IOException {
    builder.start(recycled);
    String of = null;
    while (!builder.full() && (found || find())) {
      if (builder.count() > 0 && !Objects.equals(of, namespace)) {
        break;
      }
      of = namespace;
      add();
    }
    if (builder.count() == 0) {
      return null;
    }
    long first = ordinal;
    ordinal += builder.count();
    return builder.block(first, text.offset(), of);
  }

  private void add() throws IOException {
    found = false;
    long offset = text.offset();
    int length = text.hold();
    if (length < 0) {
      builder.endOverlong(offset, key);
    } else {
      int from = builder.size();
      text.copy(length, builder.room(length), from);
      builder.grow(length);
      builder.end(from, offset, key);
    }
  }

  /** Goes on until a record is next in the text; false at the end. */
  private boolean find() throws IOException {
    while (!found) {
      Frame frame = frames.peek();
      if (frame == null) {
        if (!top()) {
          return false;
        }
      } else {
        switch (frame) {
          case LIST -> list(false);
          case ENVELOPE_LIST -> list(true);
          case BY_ID -> byId();
          case ENVELOPE -> envelope();
          case NAMESPACES -> namespaces();
          case WRAPPER -> wrapper();
        }
      }
    }
    return true;
  }

  private boolean top() throws IOException {
    int next = text.peek();
    if (next < 0) {
      return false;
    }
    switch (next) {
      case '[' -> enter(layout == JsonLayout.ENVELOPES ? Frame.ENVELOPE_LIST : Frame.LIST);
      case '{' -> {
        switch (layout) {
          case RECORDS -> record(null);
          case ENVELOPES -> enterEnvelope();
          case NAMESPACES -> enter(Frame.NAMESPACES);
          case BY_ID -> enter(Frame.BY_ID);
          case WRAPPED -> enter(Frame.WRAPPER);
        }
      }
      default -> throw text.unexpected("a JSON object or a list of them");
    }
    return true;
  }

  private void enter(Frame frame) throws IOException {
    if (frames.size() == MAX_DEPTH) {
      throw text.unexpected("a record, not more lists");
    }
    text.expect(frame == Frame.LIST || frame == Frame.ENVELOPE_LIST ? '[' : '{');
    frames.push(frame);
    fresh = true;
  }

  private void enterEnvelope() throws IOException {
    namespace = envelopeNamespaces == null ? null : envelopeNamespaces.get(envelopes);
    envelopes++;
    record = false;
    listed = false;
    enter(Frame.ENVELOPE);
  }

  private void record(String name) {
    key = name;
    found = true;
  }

  /** True when the list or object that the walker is in has another element. */
  private boolean another(char close) throws IOException {
    boolean more = fresh ? !text.take(close) : text.more(close);
    fresh = false;
    if (!more) {
      frames.pop();
    }
    return more;
  }

  private void list(boolean ofEnvelopes) throws IOException {
    if (!another(']')) {
      return;
    }
    if (text.peek() == '[') {
      enter(ofEnvelopes ? Frame.ENVELOPE_LIST : Frame.LIST);
    } else if (ofEnvelopes) {
      enterEnvelope();
    } else {
      record(null);
    }
  }

  private void byId() throws IOException {
    if (!another('}')) {
      return;
    }
    String name = text.member();
    int next = text.peek();
    if (layout == JsonLayout.BY_ID || next == '{') {
      record(name);
    } else if (next == '[' && LISTS.contains(name) && !text.numbersNext()) {
      // It is no object of records by id, but one with a list of them.
      frames.pop();
      frames.push(Frame.ENVELOPE);
      listed = true;
      enter(Frame.LIST);
    } else if (next != '[' && BESIDE.contains(name)) {
      text.skip();
    } else {
      record(name);
    }
  }

  private void wrapper() throws IOException {
    if (!another('}')) {
      return;
    }
    String name = text.member();
    if (name.equals(WRAPPER) && text.peek() == '{') {
      enter(Frame.NAMESPACES);
    } else if (StrayRecords.passOver(text)) {
      throw strays(name, WRAPPER);
    }
  }

  private RuntimeException strays(String name, String read) {
    return text.bad(
        "records under '" + name + "', just before this, which are not read",
        "records under " + read + " alone");
  }

  private void envelope() throws IOException {
    if (!another('}')) {
      if (record && !listed) {
        throw text.bad(
            "a record by itself, just before this, among objects that hold lists of records",
            "records of one form");
      }
      return;
    }
    String name = text.member();
    int next = text.peek();
    Role role = FieldMap.USUAL.role(name, true);
    record |= role == Role.ID || role == Role.VALUES && !LISTS.contains(name);
    listed |= LISTS.contains(name) || name.equals(RESULTS);
    if (LISTS.contains(name) && next == '[') {
      enter(Frame.LIST);
    } else if (name.equals(HITS) && next == '{') {
      enter(Frame.ENVELOPE);
    } else if (LISTS.contains(name) && next == '{') {
      enter(Frame.BY_ID);
    } else if (name.equals(RESULTS) && next == '[') {
      enter(Frame.ENVELOPE_LIST);
    } else if (name.equals("namespace") && next == '"') {
      String said = text.text();
      // Where records stand by namespace, the name above them counts.
      namespace = layout == JsonLayout.ENVELOPES ? said : namespace;
    } else if (role == Role.METADATA) {
      text.skip();
    } else if (StrayRecords.passOver(text)) {
      throw strays(name, "vectors, matches, records, data, points, objects or hits");
    }
  }

  private void namespaces() throws IOException {
    if (!another('}')) {
      return;
    }
    String name = text.member();
    switch (text.peek()) {
      case '[' -> {
        namespace = name;
        enter(Frame.LIST);
      }
      case '{' -> {
        namespace = name;
        enter(Frame.BY_ID);
      }
      default -> text.skip();
    }
  }

  /** What each envelope of a text says about its namespace, null where it says nothing. */
  static List<String> envelopeNamespaces(JsonWindow text) throws IOException {
    NamespaceWalk walk = new NamespaceWalk(text);
    while (text.peek() >= 0) {
      walk.value();
    }
    return walk.names;
  }

  /** Reads over everything but the names of namespaces. */
  private static final class NamespaceWalk {
    private final JsonWindow text;
    private final List<String> names = new ArrayList<>();

    NamespaceWalk(JsonWindow text) {
      this.text = text;
    }

    void value() throws IOException {
      if (text.take('[')) {
        if (!text.take(']')) {
          do {
            value();
          } while (text.more(']'));
        }
      } else if (text.take('{')) {
        envelope();
      } else {
        throw text.unexpected("a JSON object or a list of them");
      }
    }

    private void envelope() throws IOException {
      int number = names.size();
      names.add(null);
      if (text.take('}')) {
        return;
      }
      do {
        String name = text.member();
        int next = text.peek();
        if (name.equals("namespace") && next == '"') {
          names.set(number, text.text());
        } else if (name.equals(RESULTS) && next == '[') {
          value();
        } else if (LISTS.contains(name) && next == '{') {
          inner(number);
        } else {
          text.skip();
        }
      } while (text.more('}'));
    }

    /** An object under the name of a list: records by id, or a list of them and its namespace. */
    private void inner(int number) throws IOException {
      text.expect('{');
      if (text.take('}')) {
        return;
      }
      do {
        if (text.member().equals("namespace") && text.peek() == '"') {
          names.set(number, text.text());
        } else {
          text.skip();
        }
      } while (text.more('}'));
    }
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
