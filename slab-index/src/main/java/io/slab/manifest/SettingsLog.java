package io.slab.manifest;

import io.slab.error.ConflictException;
import io.slab.error.InvalidInputException;
import io.slab.error.MissingException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.manifest.CommitRules.CommitState;
import io.slab.manifest.Settings.State;
import io.slab.model.EmbeddingSpec;
import io.slab.model.Environment;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.UnaryOperator;

/**
 * The settings of an index that may change, as numbered objects of which the newest counts
 * (spec/index.md, "Settings"):
 *
 * <pre>
 * config/&lt;20 digits&gt;.json  {"crc32c","format":"slab-config","version":[1,0],"features","id" (decimal string),
 *                           "commit","timeMs","deletionProtected","state","service","embedding"}
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
  private static final int MAX_SERVICE_BYTES = 1 << 18;

  private final ObjectSequence sequence;
  private final Retry retry;

  public SettingsLog(ObjectStore store, Retry retry) {
    this.sequence = new ObjectSequence(store, FOLDER, SUFFIX);
    this.retry = retry;
  }

  /** Name of the object with a number. */
  public static String name(long number) {
    return new ObjectSequence(null, FOLDER, SUFFIX).name(number);
  }

  /** The settings in force; costs one listing, and one read where there are any. */
  public Settings newest() {
    return newest(Look.LIST);
  }

  /** The same, looked for in another way. */
  public Settings newest(Look first) {
    for (int chase = 0; ; chase++) {
      Look look = chase == 0 ? first : Look.LIST;
      ObjectInfo newest = retry.run(() -> sequence.last(look));
      if (newest == null) {
        return Settings.DEFAULT;
      }
      long id = sequence.number(newest.fileName());
      try {
        return sequence.decode(
            id,
            () -> retry.run(() -> sequence.read(id, MAX_BYTES)),
            bytes -> decode(sequence.name(id), id, newest.modifiedMillis(), bytes));
      } catch (MissingException e) {
        if (chase == MAX_CHASES) {
          throw e;
        }
      }
    }
  }

  /**
   * Throws for what {@link #newest} would throw for.
   *
   * @param id the number in the name
   */
  public static void check(String resource, long id, byte[] bytes) {
    decode(resource, id, 0, bytes);
  }

  private static Settings decode(String resource, long id, long modifiedMillis, byte[] bytes) {
    StoredJson in = new StoredJson(resource, CheckedJson.read(resource, bytes), "CJ-");
    in.header(FORMAT);
    if (in.decimal("id") != id) {
      throw in.wrong("id " + in.text("id"), "the number in the name, " + id);
    }
    in.count("timeMs");
    // Objects of the first writers have no state.
    State state = in.has("state") ? State.of(in.text("state")) : State.LIVE;
    if (state == null) {
      throw in.wrong("state \"" + in.text("state") + "\"", "live, dropped or removing");
    }
    return new Settings(
        id,
        in.ulid("commit"),
        in.flag("deletionProtected"),
        state,
        service(in),
        EmbeddingJson.read(in),
        modifiedMillis);
  }

  /** Settings of an index without a service have none, and those of the first writers no member. */
  private static String service(StoredJson in) {
    if (!in.has("service") || in.isNull("service")) {
      return null;
    }
    JsonNode service = in.node("service");
    if (!service.isObject()) {
      throw in.wrong("service", "'service' of type " + service.getNodeType(), "an object or null");
    }
    return Json.text(service);
  }

  /**
   * Reads what is to be kept as {@link Settings#service}.
   *
   * @return compact JSON, so that equal texts say the same
   * @throws InvalidInputException for what is no object, or too large
   */
  private static String canonical(String service) {
    if (service == null) {
      return null;
    }
    JsonNode node = Json.parse("what a service keeps", service);
    String text = Json.text(node);
    if (!node.isObject() || Utf8.bytes(text).length > MAX_SERVICE_BYTES) {
      throw new InvalidInputException(
          "what a service keeps beside an index is an object of at most "
              + MAX_SERVICE_BYTES
              + " bytes",
          "keep less of it");
    }
    return text;
  }

  private static byte[] encode(Settings settings, long now) {
    return CheckedJson.write(out -> {
      ManifestJson.writeHeader(out, FORMAT);
      out.writeStringProperty("id", Long.toString(settings.id()));
      out.writeStringProperty("commit", settings.commit().toString());
      out.writeNumberProperty("timeMs", now);
      out.writeBooleanProperty("deletionProtected", settings.deletionProtected());
      out.writeStringProperty("state", settings.state().label());
      out.writeName("service");
      if (settings.service() == null) {
        out.writeNull();
      } else {
        Json.write(out, Json.parse("service", settings.service()));
      }
      EmbeddingJson.write(out, settings.embedding());
    });
  }

  /**
   * Sets the protection; of two callers at once, one comes last and counts. Setting it twice does
   * no harm.
   */
  public void setDeletionProtected(boolean wanted, Environment environment) {
    change(newest -> newest.withProtection(wanted), environment);
  }

  /**
   * Changes what a service keeps here, and the protection with it or not.
   *
   * @param wanted of the protection; null leaves it
   * @param service makes the next text of the newest one, each null for none; called again when
   *     another process was faster
   */
  public void configure(Boolean wanted, UnaryOperator<String> service, Environment environment) {
    change(
        newest -> {
          Settings next = wanted == null ? newest : newest.withProtection(wanted);
          return next.withService(canonical(service.apply(newest.service())));
        },
        environment);
  }

  /**
   * Changes which model the vectors are said to be of.
   *
   * @param next makes it of the newest one, each null for none; called again when another process
   *     was faster; what it throws ends this
   */
  public void embed(UnaryOperator<EmbeddingSpec> next, Environment environment) {
    change(newest -> newest.withEmbedding(next.apply(newest.embedding())), environment);
  }

  /**
   * Ends the index for readers and writers; nothing is deleted.
   *
   * @throws ConflictException when it is protected
   */
  public void drop(Environment environment) {
    change(
        newest -> {
          requireUnprotected(newest);
          return newest.state() == State.LIVE ? newest.withState(State.DROPPED) : newest;
        },
        environment);
  }

  /**
   * Brings a dropped index back.
   *
   * @throws ConflictException when it is not dropped, or its objects are being deleted
   */
  public void undoDrop(Environment environment) {
    Settings before = newest();
    if (before.state() == State.LIVE) {
      throw new ConflictException("the index is not dropped", "there is nothing to undo");
    }
    change(
        newest -> {
          if (newest.state() == State.REMOVING) {
            throw new ConflictException(
                "the objects of the index are being deleted", "it is too late to bring it back");
          }
          return newest.withState(State.LIVE);
        },
        environment);
  }

  /**
   * From here on a dropped index does not come back, and its objects may be deleted.
   *
   * @param now true to drop it as well where it is not dropped yet
   * @param due says of the time of a drop (the store's, in milliseconds) that it is long enough ago
   * @throws ConflictException when it is protected, or was brought back, or dropped anew
   */
  public void remove(boolean now, LongPredicate due, Environment environment) {
    change(
        newest -> {
          requireUnprotected(newest);
          if (newest.state() == State.LIVE && !now) {
            throw new ConflictException("the index is not dropped", "nothing was deleted");
          }
          if (newest.state() == State.DROPPED && !now && !due.test(newest.modifiedMillis())) {
            throw new ConflictException(
                "the index was dropped anew a moment ago", "nothing was deleted");
          }
          return newest.withState(State.REMOVING);
        },
        environment);
  }

  /** Begins the settings of a new index in the place of one that was removed. */
  public void begin(Environment environment) {
    change(
        newest -> newest.withState(State.LIVE).withService(null).withEmbedding(null), environment);
  }

  private static void requireUnprotected(Settings settings) {
    if (settings.deletionProtected()) {
      throw new ConflictException(
          "the index is protected against deletion", "switch the protection off first");
    }
  }

  /** Commits what a change makes of the newest settings, unless these say so already. */
  private void change(UnaryOperator<Settings> change, Environment environment) {
    Ulid commit = environment.newId();
    while (true) {
      Settings newest = newest();
      Settings wanted = change.apply(newest);
      if (wanted.says(newest)) {
        return;
      }
      long id = newest.id() + 1;
      Settings next = wanted.as(id, commit);
      Attempt attempt = sequence.attempt(id, encode(next, environment.now()), retry);
      // Whether this very object won does not matter: it is done when the newest one says what is
      // wanted.
      if (attempt.judge(() -> stateOf(attempt, wanted))) {
        return;
      }
    }
  }

  private CommitState stateOf(Attempt attempt, Settings wanted) {
    if (wanted.says(newest())) {
      return CommitState.COMMITTED;
    }
    return attempt.created() || attempt.exists() ? CommitState.LOST : CommitState.LOOK;
  }

  /**
   * Takes the next number for what the settings say already, unless another process takes it: for a
   * copy that is going to pass over numbers, so that a reader who asks for the next one finds
   * something (spec/index.md, R-14).
   */
  public void repeat(Environment environment) {
    Settings newest = newest();
    long id = newest.id() + 1;
    Settings next = newest.as(id, environment.newId());
    Attempt attempt = sequence.attempt(id, encode(next, environment.now()), retry);
    if (!attempt.created() && !attempt.exists()) {
      throw attempt.nothingThere();
    }
  }

  /** The numbers that are there, ascending. */
  public List<Long> numbers() {
    return retry.run(() -> sequence.listAfter(-1));
  }

  /** The settings of one object, in force or not. */
  public Settings read(long id) {
    byte[] bytes = retry.run(() -> sequence.read(id, MAX_BYTES));
    return decode(sequence.name(id), id, 0, bytes);
  }

  /**
   * Commits settings over ones that cannot be read: the index is there and protected.
   *
   * @param damaged the highest number
   * @param known earlier settings, of which what a service keeps is taken over
   * @return false when another process took the number
   */
  public boolean replace(long damaged, Settings known, Environment environment) {
    Settings next =
        known.withState(State.LIVE).withProtection(true).as(damaged + 1, environment.newId());
    return sequence.attempt(damaged + 1, encode(next, environment.now()), retry).created();
  }

  /** All objects of the folder that the newest one replaced. */
  public List<ObjectInfo> superseded() {
    List<ObjectInfo> all = retry.run(sequence::list);
    return all.isEmpty() ? all : all.subList(0, all.size() - 1);
  }

  /**
   * Those of {@link #superseded} that no reader may still ask for (spec/index.md, R-13).
   *
   * @param now by the store's clock
   */
  public List<ObjectInfo> superseded(long now) {
    List<ObjectInfo> all = retry.run(sequence::list);
    List<ObjectInfo> old = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (NumberedObjects.oldEnough(all, i, now)) {
        old.add(all.get(i));
      }
    }
    return old;
  }
}
