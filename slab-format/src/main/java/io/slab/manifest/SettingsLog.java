package io.slab.manifest;

import io.slab.error.MissingException;
import io.slab.model.Environment;
import io.slab.model.Ulid;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import java.util.List;

/**
 * The settings of an index that may change, as numbered objects of which the newest counts
 * (spec/index.md, "Settings"):
 *
 * <pre>
 * config/&lt;20 digits&gt;.json  {"crc32c","format":"slab-config","version":[1,0],"features","id" (decimal string),
 *                           "commit","timeMs","deletionProtected"}
 * </pre>
 *
 * Thread-safe.
 */
public final class SettingsLog {
  public static final String FORMAT = "slab-config";

  /** The folder of these objects, how their names end, and most bytes of one. */
  public static final String FOLDER = "config/";

  public static final String SUFFIX = ".json";
  public static final int MAX_BYTES = 1 << 20;
  private static final int MAX_CHASES = 50;

  private final ObjectSequence sequence;
  private final Retry retry;

  private record Settings(long id, Ulid commit, boolean deletionProtected) {}

  public SettingsLog(ObjectStore store, Retry retry) {
    this.sequence = new ObjectSequence(store, FOLDER, SUFFIX);
    this.retry = retry;
  }

  /** True when the index must not be dropped. */
  public boolean deletionProtected() {
    Settings newest = newest();
    return newest != null && newest.deletionProtected;
  }

  private Settings newest() {
    for (int chase = 0; ; chase++) {
      List<Long> ids = retry.run(() -> sequence.listAfter(-1));
      if (ids.isEmpty()) {
        return null;
      }
      long id = ids.getLast();
      try {
        return decode(id, retry.run(() -> sequence.read(id, MAX_BYTES)));
      } catch (MissingException e) {
        if (chase == MAX_CHASES) {
          throw e;
        }
      }
    }
  }

  private Settings decode(long id, byte[] bytes) {
    return decode(sequence.name(id), id, bytes);
  }

  /**
   * Throws for what {@link #deletionProtected} would throw for.
   *
   * @param id the number in the name
   */
  public static void check(String resource, long id, byte[] bytes) {
    decode(resource, id, bytes);
  }

  private static Settings decode(String resource, long id, byte[] bytes) {
    StoredJson in = new StoredJson(resource, CheckedJson.read(resource, bytes));
    in.header(FORMAT);
    if (in.decimal("id") != id) {
      throw in.wrong("id " + in.text("id"), "the number in the name, " + id);
    }
    return new Settings(id, in.ulid("commit"), in.flag("deletionProtected"));
  }

  private static byte[] encode(Settings settings, long now) {
    return CheckedJson.write(out -> {
      ManifestJson.writeHeader(out, FORMAT);
      out.writeStringProperty("id", Long.toString(settings.id));
      out.writeStringProperty("commit", settings.commit.toString());
      out.writeNumberProperty("timeMs", now);
      out.writeBooleanProperty("deletionProtected", settings.deletionProtected);
    });
  }

  /**
   * Sets the protection; of two callers at once, one comes last and counts. Setting it twice does
   * no harm.
   */
  public void setDeletionProtected(boolean wanted, Environment environment) {
    while (true) {
      Settings newest = newest();
      if (newest != null && newest.deletionProtected == wanted) {
        return;
      }
      long id = newest == null ? 1 : newest.id + 1;
      Settings next = new Settings(id, environment.newId(), wanted);
      byte[] bytes = encode(next, environment.now());
      // Whether this very object won does not matter: the loop ends when the newest one says what
      // is wanted.
      retry.run(() -> sequence.create(id, bytes));
    }
  }
}
