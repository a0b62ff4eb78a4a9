package io.slab.source.scan;

import io.slab.model.Limits;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.source.FieldMap.Extras;
import io.slab.source.Note;
import io.slab.source.RecordReader;
import io.slab.source.SourcePart;
import io.slab.source.SourceProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Adds to each record what the place of its file says: the columns that are the same in the whole
 * file. A record that says otherwise itself is refused.
 */
final class PlacedReader extends ReaderView {
  private final Place place;
  private VectorRecord record;
  private SourceProblem problem;

  private final Map<String, Note> rounded;
  private List<Note> notes = List.of();

  private PlacedReader(RecordReader inner, Place place, Map<String, Note> rounded) {
    super(inner);
    this.place = place;
    this.rounded = rounded;
  }

  /**
   * A part whose records have what its place says.
   *
   * @param extras whether columns become metadata
   */
  static SourcePart part(SourcePart part, Place place, Extras extras) {
    return part(part, place, extras, Map.of());
  }

  /**
   * As the other, for a place that says numbers which a 64-bit float does not hold.
   *
   * @param rounded what is noted of a record that gets such a column
   */
  static SourcePart part(SourcePart part, Place place, Extras extras, Map<String, Note> rounded) {
    Place said = extras == Extras.IGNORE ? place.withoutColumns() : place;
    return said.decided() || !said.columns().isEmpty()
        ? part.withOpener(options -> new PlacedReader(part.open(options), said, rounded))
        : part;
  }

  @Override
  public boolean next() {
    record = null;
    problem = null;
    notes = List.of();
    if (!inner.next()) {
      return false;
    }
    problem = inner.problem();
    if (problem == null && place.decided() && !sameNamespace(inner.namespace())) {
      refuse(
          "namespace",
          "Record is of the namespace '"
              + inner.namespace()
              + "', its folder of '"
              + place.namespace()
              + "'");
    }
    if (problem == null) {
      assemble();
    }
    return true;
  }

  private boolean sameNamespace(String own) {
    return named(own).equals(named(place.namespace()));
  }

  private static String named(String namespace) {
    return namespace == null || namespace.isEmpty() ? Limits.DEFAULT_NAMESPACE : namespace;
  }

  private void assemble() {
    VectorRecord own = inner.record();
    SortedMap<String, MetaValue> added = null;
    for (Map.Entry<String, MetaValue> column : place.columns().entrySet()) {
      String name = column.getKey();
      MetaValue value = column.getValue();
      MetaValue there = own.metadata().get(name);
      if (there != null && !agree(there, value)) {
        String said = value == null ? "null" : "'" + Place.text(value) + "'";
        refuse(
            "metadata." + name,
            "Metadata field '"
                + name
                + "' is '"
                + Place.text(there)
                + "' in the record and "
                + said
                + " by the place of its file");
        return;
      }
      if (there == null && value != null) {
        added = added == null ? new TreeMap<>(Utf8.ORDER) : added;
        added.put(name, value);
        note(rounded.get(name));
      }
    }
    record =
        added == null
            ? own
            : new VectorRecord(
                own.id(), own.values(), own.sparse(), own.metadata().merge(new Metadata(added)));
  }

  private void note(Note note) {
    if (note != null) {
      notes = notes.isEmpty() ? new ArrayList<>() : notes;
      notes.add(note);
    }
  }

  @Override
  public List<Note> notes() {
    if (notes.isEmpty()) {
      return inner.notes();
    }
    List<Note> all = new ArrayList<>(inner.notes());
    all.addAll(notes);
    return all;
  }

  /** True when a record and its place say the same, be it as text and as number. */
  private static boolean agree(MetaValue own, MetaValue placed) {
    if (placed == null) {
      return false;
    }
    if (own.equals(placed) || Place.text(own).equals(Place.text(placed))) {
      return true;
    }
    if (own instanceof MetaValue.Num(double number)
        && placed instanceof MetaValue.Str(String text)) {
      try {
        return Double.parseDouble(text) == number;
      } catch (NumberFormatException e) {
        return false;
      }
    }
    return own instanceof MetaValue.Bool && Place.text(own).equalsIgnoreCase(Place.text(placed));
  }

  private void refuse(String field, String message) {
    problem =
        new SourceProblem(
            inner.position(), inner.ordinal(), -1, inner.record().id(), field, message);
  }

  @Override
  public VectorRecord record() {
    return record;
  }

  @Override
  public SourceProblem problem() {
    return problem;
  }
}
