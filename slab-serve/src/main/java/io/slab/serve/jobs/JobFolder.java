package io.slab.serve.jobs;

import io.slab.Index;
import io.slab.IndexOptions;
import io.slab.error.MissingException;
import io.slab.serve.api.ApiException;
import io.slab.serve.json.Bodies;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.store.Stores;
import io.slab.store.Together;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/**
 * The folder of the server beside the indexes (spec/serve.md, "Files"). Objects in it are created,
 * never changed: a job has one that says what it is, at the end one that says how it ended, and
 * meanwhile signs of life, so that a job whose server died is told from one that goes on elsewhere.
 * Thread-safe.
 */
public final class JobFolder implements AutoCloseable {
  /** Its name in ROOT, which no index has. */
  public static final String NAME = "_service";

  /** How long the ends of imports and restore jobs are kept. */
  public static final Duration KEPT = Duration.ofDays(30);

  /** How far the clocks of servers may be ahead of that of the storage. */
  private static final Duration CLOCKS = Duration.ofDays(1);

  private static final String BEGUN = "begun.json";
  private static final String ENDED = "ended.json";
  private static final String SIGN = "sign-";
  private static final String LEFT = "left";
  private static final String CANCEL = "cancel";
  private static final byte[] SAID = {'{', '}'};
  private static final int MAX_BYTES = 1 << 20;
  private static final int MOST_KEPT = 10_000;
  private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,45}");

  private final ObjectStore store;

  /** Jobs that ended, which do not change any more. */
  private final Map<String, Job> known = new ConcurrentHashMap<>();

  public JobFolder(String root, IndexOptions reading) {
    this.store = Stores.open(Index.child(root, NAME), reading.store());
  }

  /** The time as jobs have it. */
  public static String now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
  }

  private static String name(Kind kind, String id, String file) {
    return kind.folder() + "/" + id + "/" + file;
  }

  /**
   * Begins a job.
   *
   * @return false when there is one of this id
   */
  public boolean begin(Kind kind, String id, ObjectNode about) {
    if (kind.isReused()) {
      clear(kind, id);
    }
    return create(name(kind, id, BEGUN), Bodies.bytes(about));
  }

  /**
   * What a removal that was cut short left of an earlier one would be taken for that of the new.
   */
  private void clear(Kind kind, String id) {
    List<ObjectInfo> before = objects(kind.folder() + "/" + id + "/");
    if (!before.isEmpty() && read(name(kind, id, BEGUN)) == null) {
      before.forEach(object -> delete(object.name()));
    }
  }

  /** Creates an object; that of an earlier attempt of this very call counts as created. */
  private boolean create(String name, byte[] content) {
    return store.retry().run(() -> store.create(name, content))
        || Arrays.equals(content, read(name));
  }

  private byte[] read(String name) {
    try {
      return store.retry().run(() -> store.read(name, MAX_BYTES));
    } catch (MissingException e) {
      return null;
    }
  }

  private void delete(String name) {
    store
        .retry()
        .run(() -> {
          store.delete(name);
          return null;
        });
  }

  /** Says how a job ended; what was said first counts. */
  public void end(Kind kind, String id, ObjectNode end) {
    boolean unused = create(name(kind, id, ENDED), Bodies.bytes(end));
  }

  /** A job; empty where there is none of this id, or no id is of this form. */
  public Optional<Job> find(Kind kind, String id) {
    if (!ID.matcher(id).matches()) {
      return Optional.empty();
    }
    String key = kind.folder() + "/" + id;
    byte[] about = read(name(kind, id, BEGUN));
    if (about == null) {
      known.remove(key);
      return Optional.empty();
    }
    Job kept = known.get(key);
    if (kept != null && !kind.isReused()) {
      return Optional.of(kept);
    }
    byte[] end = read(name(kind, id, ENDED));
    Job job = new Job(kind, id, tree(about), end == null ? null : tree(end));
    if (job.ended() && known.size() < MOST_KEPT) {
      known.put(key, job);
    }
    return Optional.of(job);
  }

  /** One that is damaged says nothing, and does not hide the others. */
  private static ObjectNode tree(byte[] bytes) {
    try {
      return Bodies.tree(bytes);
    } catch (ApiException e) {
      return Bodies.object().put("status", "Failed").put("error", "its description is damaged");
    }
  }

  /** All jobs of a kind, oldest first. */
  public List<Job> list(Kind kind) {
    List<Job> jobs = Collections.synchronizedList(new ArrayList<>());
    List<Runnable> looks = new ArrayList<>();
    for (String id : folders(kind.folder() + "/")) {
      Job kept = kind.isReused() ? null : known.get(kind.folder() + "/" + id);
      if (kept != null) {
        jobs.add(kept);
      } else {
        looks.add(() -> find(kind, id).ifPresent(jobs::add));
      }
    }
    if (store.isRemote()) {
      Together.run(looks);
    } else {
      looks.forEach(Runnable::run);
    }
    return jobs.stream().sorted(Comparator.comparing(Job::begun).thenComparing(Job::id)).toList();
  }

  private List<String> folders(String folder) {
    return store.retry().run(() -> store.listFolders(folder));
  }

  private List<ObjectInfo> objects(String folder) {
    return store.retry().run(() -> store.list(folder, null));
  }

  /**
   * Forgets a job: from the first step on there is none.
   *
   * @return false when there was none
   */
  public boolean remove(Kind kind, String id) {
    if (find(kind, id).isEmpty()) {
      return false;
    }
    delete(name(kind, id, BEGUN));
    known.remove(kind.folder() + "/" + id);
    objects(kind.folder() + "/" + id + "/").forEach(object -> delete(object.name()));
    return true;
  }

  /**
   * A sign of life of a job that is not ended, which says how far it is.
   *
   * @param number one more than that of the last sign
   * @return false when another server gave it
   */
  boolean sign(Kind kind, String id, long number, Progress progress) {
    // Of its own kind each: what a failed attempt left is told from the sign of another server.
    ObjectNode by = Bodies.object().put("by", UUID.randomUUID().toString());
    by.put("part", progress.part()).put("records", progress.records());
    boolean first = create(name(kind, id, sign(number)), Bodies.bytes(by));
    if (first && number > 1) {
      delete(name(kind, id, sign(number - 1)));
    }
    return first;
  }

  private static String sign(long number) {
    return SIGN + "%010d".formatted(number);
  }

  /** How far a job is by its last sign of life; empty where no server has been at it. */
  public Optional<Progress> progress(Kind kind, String id) {
    return objects(kind.folder() + "/" + id + "/").stream()
        .map(ObjectInfo::name)
        .filter(name -> name.contains("/" + SIGN) || name.endsWith("/" + LEFT))
        // A sign is newer than what the server said that left it.
        .max(Comparator.naturalOrder())
        .map(this::read)
        .map(JobFolder::tree)
        .map(sign -> new Progress(sign.path("part").asDouble(0), sign.path("records").asLong(0)));
  }

  /**
   * Forgets jobs of a kind that ended so long ago, by the clock of the storage: what servers say of
   * their ends is by clocks of theirs.
   */
  public void expire(Kind kind, Duration age) {
    long before = store.now() - age.toMillis();
    // The storage is asked only about those that may be due by a clock that is a day ahead.
    Instant perhaps = Instant.ofEpochMilli(before).plus(CLOCKS);
    for (Job job : list(kind)) {
      if (job.endedAt() != null && job.endedAt().isBefore(perhaps) && ended(job) < before) {
        boolean unused = remove(kind, job.id());
      }
    }
  }

  /** When the storage has it that a job ended, in milliseconds; never where it knows no end. */
  private long ended(Job job) {
    return objects(job.kind().folder() + "/" + job.id() + "/").stream()
        .filter(object -> object.fileName().equals(ENDED))
        .mapToLong(ObjectInfo::modifiedMillis)
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }

  /** Notes that an index was deleted, of which something may stay for a while. */
  public void noteRemoved(String index) {
    boolean unused = create("removed/" + index, SAID);
  }

  /** Names of indexes that were deleted, and of which something may be left. */
  public List<String> removed() {
    return objects("removed/").stream().map(ObjectInfo::fileName).toList();
  }

  /** Of a deleted index nothing is left. */
  public void forgetRemoved(String index) {
    delete("removed/" + index);
  }

  /** Takes the signs of life away: another server need not wait to go on with the job. */
  void leave(Kind kind, String id, Progress progress) {
    objects(kind.folder() + "/" + id + "/").stream()
        .filter(object -> object.fileName().startsWith(SIGN))
        .forEach(object -> delete(object.name()));
    ObjectNode left = Bodies.object().put("part", progress.part());
    boolean unused =
        create(name(kind, id, LEFT), Bodies.bytes(left.put("records", progress.records())));
  }

  /** Asks the server that works on a job to end it. */
  public void cancel(Kind kind, String id) {
    boolean unused = create(name(kind, id, CANCEL), SAID);
  }

  /** Whether a client asked for the end of a job. */
  boolean isCancelled(Kind kind, String id) {
    return read(name(kind, id, CANCEL)) != null;
  }

  /**
   * Takes over a job that no server is at.
   *
   * @param silence how long there must have been no sign of life
   * @return the number of the last sign, which this server gave; -1 where the job is alive, ended,
   *     or another server was first
   */
  long takeOver(Kind kind, String id, Duration silence) {
    List<ObjectInfo> objects = objects(kind.folder() + "/" + id + "/");
    long now = store.now();
    long last = 0;
    boolean left = false;
    long newest = Long.MIN_VALUE;
    for (ObjectInfo object : objects) {
      if (object.fileName().equals(ENDED)) {
        return -1;
      }
      left |= object.fileName().equals(LEFT);
      newest = Math.max(newest, object.modifiedMillis());
      if (object.fileName().startsWith(SIGN)) {
        last = Math.max(last, Long.parseLong(object.fileName().substring(SIGN.length())));
      }
    }
    boolean silent = left && last == 0 || now - newest >= silence.toMillis();
    if (!silent) {
      return -1;
    }
    Progress progress = progress(kind, id).orElse(Progress.NONE);
    return sign(kind, id, last + 1, progress) ? last + 1 : -1;
  }

  /**
   * Claims the name of an index that is about to be made, for one server at a time.
   *
   * @param content what is to be done with it
   * @return false when it is claimed
   */
  public boolean claim(String index, ObjectNode content) {
    return create("claims/" + index, Bodies.bytes(content));
  }

  /** Ends a claim. */
  public void release(String index) {
    delete("claims/" + index);
  }

  /** A claim of a name. */
  public record Claim(String index, ObjectNode content, Duration age) {}

  /** The claim of a name, if there is one. */
  public Optional<Claim> claimed(String index) {
    return claims().stream().filter(claim -> claim.index().equals(index)).findFirst();
  }

  /** All claims. */
  public List<Claim> claims() {
    long now = store.now();
    return objects("claims/").stream()
        .map(object -> {
          byte[] content = read(object.name());
          Duration age = Duration.ofMillis(now - object.modifiedMillis());
          return content == null ? null : new Claim(object.fileName(), tree(content), age);
        })
        .filter(Objects::nonNull)
        .toList();
  }

  /** Ids of copies that are there, wanted or not. */
  public List<String> copies() {
    return folders("copies/");
  }

  /** The place of a copy of an index below ROOT. */
  public static String copy(String root, String id) {
    return Index.child(Index.child(root, NAME), "copies/" + id);
  }

  @Override
  public void close() {
    store.close();
  }
}
