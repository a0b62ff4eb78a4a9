package io.slab.pull;

import io.slab.error.InvalidInputException;
import io.slab.error.NotFoundException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.output.OutputPlace;
import io.slab.pull.NamespacePull.Reached;
import io.slab.pull.PullReport.Pulled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Reads a live Pinecone index into a folder of JSON lines, one file for each namespace, with a
 * manifest of what the server counts: an export that a migration takes and proves. A run that was
 * killed goes on where it stopped. Writes of others meanwhile are read or not, as they come; the
 * report compares what was read with what the server counts afterwards. One thread calls it, once.
 */
public final class Pull {
  private final PullOptions options;
  private final PullProgress progress;
  private final ApiCalls calls;

  /** What the control plane says of the index, or null. */
  private JsonNode description;

  private Pull(PullOptions options, PullProgress progress, ApiCalls calls) {
    this.options = options;
    this.progress = progress;
    this.calls = calls;
  }

  /**
   * Reads the index.
   *
   * @throws NotFoundException where there is no such index or namespace
   * @throws io.slab.error.StoreException where the server refuses, or does not answer
   * @throws io.slab.error.ConflictException where the export is there, or another pull left off
   */
  public static PullReport run(PullOptions options, PullProgress progress) {
    try (ApiCalls calls =
        new ApiCalls(
            options.key(), options.perSecond(), options.firstWait(), options.cancellation())) {
      return new Pull(options, progress, calls).pull();
    } catch (IOException e) {
      throw OutputPlace.failure(options.work(), e);
    }
  }

  /**
   * Whether the folder of the options is such an export already: of the same host, with the
   * namespaces that are asked for.
   *
   * @throws io.slab.error.StoreException where the server refuses, or does not answer
   */
  public static boolean isThere(PullOptions options) {
    Path manifest = options.folder().resolve("manifest.json");
    if (!Files.isRegularFile(manifest)) {
      return false;
    }
    try (ApiCalls calls =
        new ApiCalls(
            options.key(), options.perSecond(), options.firstWait(), options.cancellation())) {
      JsonNode tree = Json.parseStored(manifest.toString(), Files.readAllBytes(manifest));
      JsonNode from = tree.get("exported_from");
      JsonNode spaces = tree.get("namespaces");
      Pull pull = new Pull(options, null, calls);
      if (from == null || !from.isString() || spaces == null || !spaces.isObject()) {
        return false;
      }
      return from.stringValue().equals(pull.host())
          && Set.copyOf(spaces.propertyNames())
              .equals(pull.counts(new PineconeApi(calls, pull.host()).stats()).keySet());
    } catch (IOException e) {
      throw OutputPlace.failure(options.folder(), e);
    }
  }

  private PullReport pull() throws IOException {
    PineconeApi api = new PineconeApi(calls, host());
    JsonNode before = api.stats();
    Map<String, Long> counts = counts(before);
    requireAsked(counts, before);
    int dimension = dimension(before);
    boolean probing = options.probe() || options.ids() == null && isPod();
    if (probing && !options.probe()) {
      progress.say("a pod does not list its ids: looking for them with queries");
    }
    String from = options.ids() != null ? options.ids().toString() : probing ? "queries" : "list";
    try (PullWork work = PullWork.open(options, host() + ", ids from " + from);
        ExecutorService threads = Executors.newFixedThreadPool(options.threads())) {
      Map<String, NamespacePull> pulls = new LinkedHashMap<>();
      List<Path> files = new ArrayList<>();
      for (Map.Entry<String, Long> space : counts.entrySet()) {
        Path file = work.file(space.getKey());
        NamespacePull pull = new NamespacePull(api, space.getKey(), file);
        if (!pull.reached().done()) {
          try (IdPages ids = ids(api, work, space, pull, probing, dimension)) {
            int slots = options.threads();
            pull.run(ids, threads, slots, space.getValue(), progress, options.cancellation());
          }
        }
        pulls.put(space.getKey(), pull);
        files.add(file);
      }
      Map<String, Long> after = counts(api.stats());
      List<Pulled> all = all(counts, after, pulls);
      Path manifest = work.path("manifest.json");
      PullWork.replace(manifest, manifest(before, all, files));
      files.add(manifest);
      work.finish(options.folder().toAbsolutePath(), files);
      return new PullReport(
          host(),
          dimension,
          metric(before),
          options.folder(),
          all,
          appeared(counts, after),
          calls.requests(),
          calls.repeats(),
          work.resumed());
    }
  }

  /** What was pulled of each namespace, beside the counts before and after. */
  private static List<Pulled> all(
      Map<String, Long> before, Map<String, Long> after, Map<String, NamespacePull> pulls) {
    List<Pulled> all = new ArrayList<>();
    for (Map.Entry<String, Long> space : before.entrySet()) {
      long now = after.getOrDefault(space.getKey(), 0L);
      all.add(pulled(space, now, pulls.get(space.getKey()).reached()));
    }
    return all;
  }

  private static Pulled pulled(Map.Entry<String, Long> space, long after, Reached reached) {
    return new Pulled(
        space.getKey(),
        space.getValue(),
        after,
        reached.ids(),
        reached.records(),
        reached.absent(),
        reached.some(),
        reached.bytes());
  }

  private IdPages ids(
      PineconeApi api,
      PullWork work,
      Map.Entry<String, Long> space,
      NamespacePull pull,
      boolean probing,
      int dimension)
      throws IOException {
    String position = pull.reached().position();
    if (options.ids() != null) {
      return new FileIds(options.ids(), false, position);
    }
    if (!probing) {
      return new ListedIds(api, space.getKey(), position);
    }
    if (dimension < 1) {
      throw new InvalidInputException(
          "queries cannot look for the ids of an index without a dimension", "give --ids FILE");
    }
    Path found = work.path(pull.reachedFile().getFileName() + ".ids");
    IdProbe probe =
        new IdProbe(
            api,
            space.getKey(),
            dimension,
            options.idle(),
            System.nanoTime(),
            options.cancellation());
    probe.run(space.getValue(), found, progress);
    return new FileIds(found, true, position);
  }

  private String host() {
    if (options.host() != null) {
      return PineconeApi.address(options.host());
    }
    if (description == null) {
      description = PineconeApi.describe(calls, options.control(), options.index());
    }
    JsonNode host = description.get("host");
    if (host == null || !host.isString()) {
      throw new NotFoundException(
          "the description of index " + options.index() + " has no host", "give --host");
    }
    return PineconeApi.address(host.stringValue());
  }

  private boolean isPod() {
    JsonNode spec = description == null ? null : description.get("spec");
    return spec != null && spec.get("pod") != null;
  }

  /** The namespaces to read with what the server counts, in the order of their names. */
  private Map<String, Long> counts(JsonNode stats) {
    Map<String, Long> counts = new TreeMap<>();
    JsonNode spaces = stats.get("namespaces");
    if (spaces != null) {
      spaces.forEachEntry((name, space) -> {
        JsonNode count = space.get("vectorCount");
        count = count == null ? space.get("recordCount") : count;
        boolean number = count != null && count.canConvertToLong();
        if (options.namespaces().isEmpty() || options.namespaces().contains(plain(name))) {
          counts.put(name, number ? count.longValue() : 0);
        }
      });
    }
    return counts;
  }

  /** Namespaces that were not there at first; those that were not asked for are none. */
  private List<String> appeared(Map<String, Long> before, Map<String, Long> after) {
    return options.ids() != null
        ? List.of()
        : after.entrySet().stream()
            .filter(space -> space.getValue() > 0 && !before.containsKey(space.getKey()))
            .map(Map.Entry::getKey)
            .toList();
  }

  private void requireAsked(Map<String, Long> counts, JsonNode stats) {
    JsonNode spaces = stats.get("namespaces");
    for (String wanted : options.namespaces()) {
      if (counts.keySet().stream().noneMatch(name -> plain(name).equals(wanted))) {
        throw new NotFoundException(
            "the index has no records in namespace " + wanted,
            "it has: " + String.join(", ", names(spaces)));
      }
    }
    if (options.ids() != null && counts.size() > 1) {
      throw new InvalidInputException(
          "--ids is for one namespace, and the index has " + counts.size(),
          "name it with --namespace");
    }
  }

  private static List<String> names(JsonNode spaces) {
    return spaces == null
        ? List.of()
        : spaces.propertyNames().stream().map(Pull::plain).limit(20).toList();
  }

  /** The name of a namespace as it is written here: the default one is never empty. */
  private static String plain(String name) {
    return name.isEmpty() ? "__default__" : name;
  }

  private int dimension(JsonNode stats) {
    for (JsonNode said : List.of(stats, description == null ? stats : description)) {
      JsonNode dimension = said.get("dimension");
      if (dimension != null && dimension.isInt() && dimension.intValue() > 0) {
        return dimension.intValue();
      }
    }
    return -1;
  }

  private String metric(JsonNode stats) {
    for (JsonNode said : List.of(description == null ? stats : description, stats)) {
      JsonNode metric = said.get("metric");
      if (metric != null && metric.isString()) {
        return metric.stringValue();
      }
    }
    return null;
  }

  private byte[] manifest(JsonNode stats, List<Pulled> all, List<Path> files) throws IOException {
    List<String> sums = new ArrayList<>();
    for (Path file : files) {
      sums.add(PullWork.sha256(file));
    }
    return Json.bytes(json -> {
      json.writeStartObject();
      json.writeName("exported_from").writeString(host());
      json.writeName("exported_at")
          .writeString(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
      json.writeName("index");
      if (description != null) {
        Json.write(json, description);
      } else {
        json.writeStartObject();
        if (dimension(stats) > 0) {
          json.writeName("dimension").writeNumber(dimension(stats));
        }
        if (metric(stats) != null) {
          json.writeName("metric").writeString(metric(stats));
        }
        json.writeEndObject();
      }
      json.writeName("total_vectors").writeNumber(all.stream().mapToLong(Pulled::after).sum());
      json.writeName("namespaces").writeStartObject();
      for (int i = 0; i < all.size(); i++) {
        json.writeName(all.get(i).namespace()).writeStartObject();
        json.writeName("file").writeString(files.get(i).getFileName().toString());
        json.writeName("count").writeNumber(all.get(i).after());
        json.writeName("sha256").writeString(sums.get(i));
        json.writeEndObject();
      }
      json.writeEndObject();
      json.writeEndObject();
    });
  }
}
