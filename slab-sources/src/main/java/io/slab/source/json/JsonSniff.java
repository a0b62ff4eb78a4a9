package io.slab.source.json;

import io.slab.error.CorruptException;
import io.slab.source.FieldMap;
import io.slab.source.FieldMap.Role;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Finds out from its beginning how records stand in a JSON text. One thread only. */
public final class JsonSniff {
  /** Records that are looked at to learn which members they have. */
  private static final int SAMPLE = 100;

  private final FieldMap fields;
  private JsonLayout layout;
  private List<String> columns;
  private String list;
  private boolean byId;
  private boolean array;
  private boolean lines;
  private final Set<String> extras = new TreeSet<>();
  private boolean metadata;
  private boolean vectors;
  private boolean ids;
  private boolean scores;
  private int sampled;
  private List<String> bareIds = List.of();

  /** The object that was read over last has what only a record has. */
  private boolean inner;

  /** Records stand by namespace in an object inside of another one. */
  private boolean wrapped;

  /** A record of a list has its metadata where other vector databases put it. */
  private boolean described;

  /** The list of records that was found is inside of an object. */
  private boolean inObject;

  private boolean chroma;

  /** How many numbers the list holds that was read over last; 0 where it is another one. */
  private int numbers;

  /** A member that holds vectors by id, where no id beside it says that they are one record's. */
  private String bare;

  private JsonSniff(FieldMap fields) {
    this.fields = fields;
  }

  /**
   * Looks at a text.
   *
   * @return null when it is no JSON that could hold records
   */
  public static JsonSniff of(String name, JsonRecords.Input input, FieldMap fields)
      throws IOException {
    JsonSniff sniff = new JsonSniff(fields);
    try (InputStream in = input.open()) {
      sniff.top(new JsonWindow(in, name));
    }
    if (sniff.layout != null) {
      sniff.sample(name, input);
    } else if (sniff.columns != null) {
      sniff.columns = sniff.allColumns(name, input);
    }
    return sniff.layout == null && sniff.columns == null ? null : sniff;
  }

  /**
   * Looks at the beginning of a text that can be read once only.
   *
   * @return true when it shows that records do not stand in it one after the other; false when they
   *     do, and when that cannot be told
   */
  public static boolean isOther(String name, byte[] start, FieldMap fields) throws IOException {
    JsonSniff sniff = new JsonSniff(fields);
    try (JsonWindow text = new JsonWindow(new ByteArrayInputStream(start), name)) {
      sniff.top(text);
    } catch (CorruptException e) {
      // The text goes on; what was seen counts.
    }
    boolean records = sniff.layout == null || sniff.layout == JsonLayout.RECORDS;
    return sniff.columns != null || !records;
  }

  private void top(JsonWindow text) throws IOException {
    while (text.take('[')) {
      array = true;
    }
    if (text.peek() == '{') {
      object(text);
    }
  }

  /** Reads members until one tells what the object is. */
  private void object(JsonWindow text) throws IOException {
    text.expect('{');
    if (text.take('}')) {
      return;
    }
    boolean hasId = false;
    boolean keyed = false;
    boolean beside = true;
    BareVectors vectors = new BareVectors();
    do {
      String name = text.member();
      Next next = Next.of(text);
      numbers = 0;
      if (keyed && next == Next.OBJECT) {
        layout = JsonLayout.BY_ID;
        return;
      }
      keyed = false;
      Role role = RecordMembers.role(fields, name, next == Next.OBJECT);
      if (next == Next.LIST || next == Next.OBJECT) {
        if (hasId && name.equals(RecordMembers.SOURCE)) {
          layout = JsonLayout.RECORDS;
          return;
        }
        if (StreamBlocks.LISTS.contains(name) || role != Role.METADATA && role != Role.SPARSE) {
          hasId |= role == Role.ID && next == Next.OBJECT;
          if (inner(text, name, role, next)) {
            return;
          }
          keyed = inner && !hasId;
          beside &= name.equals(bare);
          vectors.add(role == null ? numbers : 0);
          if (vectors.surely() && !array) {
            layout = JsonLayout.BY_ID;
            return;
          }
          continue;
        }
      } else {
        hasId |= role == Role.ID;
      }
      beside &= StreamBlocks.BESIDE.contains(name);
      vectors.add(0);
      text.skip();
    } while (text.more('}'));
    end(hasId, keyed || vectors.are() && !array, beside);
  }

  /** The object ended, and no member told by itself what it is. */
  private void end(boolean hasId, boolean byId, boolean beside) {
    if (bare != null && beside && !hasId) {
      found(bare, true);
    } else {
      layout = byId ? JsonLayout.BY_ID : hasId ? JsonLayout.RECORDS : null;
    }
  }

  /** Looks into a list or object; true when that decided it, else it was read over. */
  private boolean inner(JsonWindow text, String name, Role role, Next kind) throws IOException {
    inner = false;
    if (kind == Next.LIST) {
      text.expect('[');
      Next first = Next.of(text);
      if (role == Role.VALUES && first == Next.NUMBER) {
        layout = JsonLayout.RECORDS;
        return true;
      }
      boolean column = role == Role.ID || role == Role.VALUES && first == Next.LIST;
      if (column && !array && (first == Next.TEXT || first == Next.NUMBER || first == Next.LIST)) {
        columns = List.of();
        return true;
      }
      if (first == Next.OBJECT) {
        return listOfObjects(text, name);
      }
      int count = text.restOfList();
      numbers = first == Next.NUMBER ? count : 0;
      return false;
    }
    text.expect('{');
    if (text.take('}')) {
      return false;
    }
    String first = text.member();
    Role firstRole = RecordMembers.role(fields, first, true);
    boolean total = name.equals(StreamBlocks.HITS) && first.equals("total");
    if (Next.of(text) == Next.OBJECT
        && !total
        && firstRole != Role.METADATA
        && firstRole != Role.SPARSE) {
      return objects(text, name);
    }
    return innerObject(text, name, first);
  }

  /** An object whose first member is one as well: by id, or by namespace in a backup. */
  private boolean objects(JsonWindow text, String name) throws IOException {
    if (name.equals(StreamBlocks.WRAPPER) && !array) {
      text.expect('{');
      if (!text.take('}')) {
        text.member();
        Next next = Next.of(text);
        wrapped = next == Next.LIST || next == Next.OBJECT;
      }
    }
    found(name, true);
    return true;
  }

  /** An object with members of its own: a record, or one with a list of records among them. */
  private boolean innerObject(JsonWindow text, String name, String first) throws IOException {
    String member = first;
    BareVectors vectors = new BareVectors();
    while (true) {
      Next next = Next.of(text);
      numbers = 0;
      Role role = RecordMembers.role(fields, member, next == Next.OBJECT);
      if (next == Next.LIST) {
        text.expect('[');
        Next element = Next.of(text);
        boolean records = element == Next.OBJECT && StreamBlocks.LISTS.contains(member);
        if (records || element == Next.OBJECT && name.equals(StreamBlocks.WRAPPER) && !array) {
          wrapped = !records || name.equals(StreamBlocks.WRAPPER);
          inObject = true;
          found(name, false);
          return true;
        }
        inner |= role == Role.VALUES && element == Next.NUMBER;
        int count = text.restOfList();
        numbers = element == Next.NUMBER ? count : 0;
      } else {
        inner |= role == Role.SPARSE && next == Next.OBJECT;
        text.skip();
      }
      vectors.add(role == null ? numbers : 0);
      if (!text.more('}')) {
        boolean list = StreamBlocks.isList(name) && !inner && !array;
        bare = list && vectors.are() ? name : bare;
        numbers = 0;
        return false;
      }
      member = text.member();
    }
  }

  private boolean listOfObjects(JsonWindow text, String name) throws IOException {
    if (!StreamBlocks.isList(name) && !hasRecord(text, name.equals("results"))) {
      if (text.more(']')) {
        text.restOfList();
      }
      return false;
    }
    found(name, false);
    return true;
  }

  /**
   * True when the object that is next has an id or values.
   *
   * @param envelopes true when it may have a list of records instead
   */
  private boolean hasRecord(JsonWindow text, boolean envelopes) throws IOException {
    boolean found = false;
    text.expect('{');
    if (!text.take('}')) {
      do {
        String name = text.member();
        Next next = Next.of(text);
        Role role = fields.role(name, true);
        found |= role == Role.ID || role == Role.VALUES;
        found |= envelopes && next == Next.LIST && StreamBlocks.LISTS.contains(name);
        described |= next == Next.OBJECT && RecordMembers.describes(name);
        text.skip();
      } while (text.more('}'));
    }
    return found;
  }

  private void found(String name, boolean keyed) {
    boolean envelope = StreamBlocks.LISTS.contains(name) || name.equals("results");
    // A list that only other programs call so may be that of a namespace.
    envelope &= !StreamBlocks.OTHER_LISTS.contains(name) || described || !keyed && inObject;
    list = name;
    byId = keyed;
    layout = wrapped ? JsonLayout.WRAPPED : envelope ? JsonLayout.ENVELOPES : JsonLayout.NAMESPACES;
  }

  private List<String> allColumns(String name, JsonRecords.Input input) throws IOException {
    List<String> names = new ArrayList<>();
    try (InputStream in = input.open()) {
      for (ColumnBlocks.Column column : ColumnBlocks.find(new JsonWindow(in, name))) {
        Role role = fields.role(column.name(), true);
        names.add(column.name());
        metadata |= role == Role.METADATA;
        vectors |= role == Role.VALUES || role == Role.SPARSE;
        if (role == null) {
          extras.add(column.name());
        }
      }
    }
    chroma = ChromaColumns.are(names);
    if (chroma) {
      names.remove(ChromaColumns.INCLUDED);
      extras.remove(ChromaColumns.INCLUDED);
      List<String> lists = List.copyOf(extras);
      extras.clear();
      lists.forEach(list -> extras.add(ChromaColumns.single(list)));
    }
    return names;
  }

  private void sample(String name, JsonRecords.Input input) throws IOException {
    if (layout == JsonLayout.RECORDS && !array) {
      try (InputStream in = input.open()) {
        lines = new JsonWindow(in, name).firstValueIsOneLine();
      }
    }
    try (RecordBlocks blocks = lines ? new LineBlocks(input.open()) : stream(name, input)) {
      RecordBlock block = blocks.next(null);
      MemberCensus census = new MemberCensus(fields);
      for (int i = 0; block != null && i < block.count() && i < SAMPLE; i++) {
        census.add(block, i);
        sampled++;
      }
      extras.addAll(census.extras());
      metadata = census.metadata();
      vectors = census.vectors();
      ids = census.ids();
      scores = census.scores();
      bareIds = census.bareIds();
    }
  }

  private RecordBlocks stream(String name, JsonRecords.Input input) throws IOException {
    return new StreamBlocks(new JsonWindow(input.open(), name), layout, null);
  }

  /** True for what Chroma's {@code collection.get()} gives. */
  public boolean chroma() {
    return chroma;
  }

  /** How the records stand in the text; null where they are in columns. */
  public JsonLayout layout() {
    return layout;
  }

  /** Names of the lists of a columnar text, else null. */
  public List<String> columns() {
    return columns;
  }

  /** True when each line is one record. */
  public boolean lines() {
    return lines;
  }

  /** True when the text is a list. */
  public boolean array() {
    return array;
  }

  /** Member that holds the records of an envelope. */
  public String list() {
    return list;
  }

  /** True when records stand under their ids. */
  public boolean byId() {
    return byId;
  }

  /** Members of the first records that are no part of a record. */
  public Set<String> extras() {
    return extras;
  }

  /** True when one of the first records has metadata of its own. */
  public boolean hasMetadata() {
    return metadata;
  }

  /** True when one of the first records has an id. */
  public boolean hasIds() {
    return ids;
  }

  /** True when one of the first records has dense or sparse values that are not empty. */
  public boolean hasVectors() {
    return vectors;
  }

  /** True when the first records have scores, as the matches of a query have. */
  public boolean hasScores() {
    return scores;
  }

  /** Ids of those of the first records that are a vector alone, under its id. */
  public List<String> bareIds() {
    return bareIds;
  }

  /** Number of records looked at. */
  public int sampled() {
    return sampled;
  }
}
