package io.slab.serve.client;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.pinecone.clients.AsyncIndex;
import io.pinecone.clients.Index;
import io.pinecone.clients.Pinecone;
import io.pinecone.proto.FetchResponse;
import io.pinecone.proto.ListResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/**
 * The calls: {@code JavaClientCalls CONTROL_URL NAME IMPORTS}. Ends with 1 when one did not give
 * what it must.
 */
public final class JavaClientCalls {
  private static int calls;
  private static int failed;

  private JavaClientCalls() {}

  public static void main(String[] args) throws Exception {
    Pinecone client = new Pinecone.Builder("x").withHost(args[0]).withTlsEnabled(false).build();
    String name = args[1];
    control(client, name);
    try (Index index = client.getIndexConnection(name)) {
      records(index);
      changes(index);
      namespaces(index);
    }
    copies(client, name);
    try (AsyncIndex index = client.getAsyncIndexConnection(name)) {
      imports(index, args[2]);
    }
    end(client, name);
    System.out.println("Java: " + calls + " calls, " + failed + " failed");
    System.exit(failed == 0 ? 0 : 1);
  }

  private static <T> void ok(String what, Callable<T> call, Predicate<T> test) {
    calls++;
    try {
      T answer = call.call();
      if (!test.test(answer)) {
        failed++;
        System.out.println("FAILED " + what + ": " + answer);
      }
    } catch (Exception e) {
      failed++;
      System.out.println("FAILED " + what + ": " + e);
    }
  }

  private static void refused(String what, Callable<?> call, String sentence) {
    calls++;
    try {
      failed++;
      System.out.println("FAILED " + what + ": " + call.call());
    } catch (Exception e) {
      if (String.valueOf(e).contains(sentence)) {
        failed--;
      } else {
        System.out.println("FAILED " + what + ": " + e);
      }
    }
  }

  private static void control(Pinecone client, String name) {
    Callable<Object> create =
        () ->
            client.createServerlessIndex(
                name, "dotproduct", 4, "aws", "us-east-1", "disabled", Map.of("a", "b"));
    ok("create", create, made -> made.toString().contains(name));
    refused("create again", create, "already exists");
    ok("describe", () -> client.describeIndex(name), index -> index.getDimension() == 4);
    ok("list indexes", client::listIndexes, list -> list.toString().contains(name));
    refused("describe none", () -> client.describeIndex("nope"), "");
  }

  private static Struct struct(String field, String value) {
    return Struct.newBuilder()
        .putFields(field, Value.newBuilder().setStringValue(value).build())
        .build();
  }

  private static void records(Index index) {
    upserts(index);
    queries(index);
    ok("fetch", () -> index.fetch(List.of("b c#/%", "zz"), "n1"), JavaClientCalls::hasSparse);
    ok(
        "list",
        () -> index.list("n1", "r", 5),
        (ListResponse l) -> l.getVectorsCount() == 5 && !l.getPagination().getNext().isEmpty());
  }

  private static void upserts(Index index) {
    ok("upsert", () -> index.upsert("a", List.of(1f, 0f, 0f, 0f)), u -> u.getUpsertedCount() == 1);
    ok(
        "upsert with all",
        () ->
            index.upsert(
                "b c#/%",
                List.of(0f, 1f, 0f, 0f),
                List.of(1L, 4_294_967_295L),
                List.of(0.5f, 0.25f),
                struct("g", "y"),
                "n1"),
        u -> u.getUpsertedCount() == 1);
    for (int i = 0; i < 12; i++) {
      String id = "r%02d".formatted(i);
      List<Float> values = List.of(i + 1f, 1f, 0f, 0f);
      String parity = i % 2 == 0 ? "even" : "odd";
      ok(
          "upsert " + id,
          () -> index.upsert(id, values, null, null, struct("g", parity), "n1"),
          u -> u.getUpsertedCount() == 1);
    }
    refused(
        "upsert of a wrong dimension",
        () -> index.upsert("z", List.of(1f, 2f)),
        "does not match the dimension of the index");
  }

  private static void queries(Index index) {
    ok(
        "query",
        () -> index.queryByVector(3, List.of(1f, 1f, 0f, 0f), "n1", true, true),
        q ->
            q.getMatchesList().size() == 3
                && q.getMatches(0).getId().equals("r11")
                && q.getMatches(0).getValuesList().size() == 4);
    ok(
        "query with a filter",
        () -> index.queryByVector(20, List.of(1f, 1f, 0f, 0f), "n1", struct("g", "odd")),
        q -> q.getMatchesList().size() == 6);
    ok(
        "hybrid query",
        () ->
            index.query(
                1,
                List.of(0f, 1f, 0f, 0f),
                List.of(4_294_967_295L),
                List.of(100f),
                null,
                "n1",
                null,
                true,
                true),
        q -> q.getMatches(0).getId().equals("b c#/%"));
    ok(
        "query by id",
        () -> index.queryByVectorId(2, "r03", "n1"),
        q -> q.getMatchesList().size() == 2);
    ok(
        "no such id",
        () -> index.queryByVectorId(2, "zz", "n1"),
        q -> q.getMatchesList().size() == 0);
  }

  private static boolean hasSparse(FetchResponse fetched) {
    return fetched.getVectorsCount() == 1
        && fetched.getVectorsOrThrow("b c#/%").getSparseValues().getIndices(1) == -1;
  }

  private static void changes(Index index) {
    ok("update", () -> index.update("r02", List.of(9f, 1f, 0f, 0f), "n1"), u -> true);
    ok(
        "updated",
        () -> index.fetch(List.of("r02"), "n1"),
        f -> f.getVectorsOrThrow("r02").getValues(0) == 9f);
    ok(
        "fetch by metadata",
        () -> index.fetchByMetadata("n1", struct("g", "odd"), 4, null),
        f -> f.getVectorsCount() == 4 && f.hasPagination());
    ok(
        "update by filter, tried",
        () -> index.updateByMetadata(struct("g", "odd"), struct("m", "1"), "n1", true),
        u -> u.getMatchedRecords() == 6);
    ok(
        "update by filter",
        () -> index.updateByMetadata(struct("g", "odd"), struct("m", "1"), "n1"),
        u -> u.getMatchedRecords() == 6);
    ok("delete", () -> index.deleteByIds(List.of("r00", "zz"), "n1"), d -> true);
    ok("delete by filter", () -> index.deleteByFilter(struct("m", "1"), "n1"), d -> true);
    ok("stats", index::describeIndexStats, s -> s.getTotalVectorCount() == 7);
    ok("delete all", () -> index.deleteAll("n1"), d -> true);
    refused("delete all of none", () -> index.deleteAll("no"), "NOT_FOUND");
  }

  private static void namespaces(Index index) {
    ok("create namespace", () -> index.createNamespace("made"), n -> n.getName().equals("made"));
    refused("create namespace again", () -> index.createNamespace("made"), "ALREADY_EXISTS");
    ok("list namespaces", () -> index.listNamespaces(), l -> l.getNamespacesCount() == 3);
    ok("describe namespace", () -> index.describeNamespace("made"), n -> n.getRecordCount() == 0);
    ok("delete namespace", () -> index.deleteNamespace("made"), d -> true);
    refused("describe no namespace", () -> index.describeNamespace("made"), "NOT_FOUND");
  }

  /** Calls until the answer is as wanted, for some seconds. */
  private static <T> void until(String what, Callable<T> call, Predicate<T> test) throws Exception {
    T answer = null;
    for (int i = 0; i < 200; i++) {
      answer = call.call();
      if (test.test(answer)) {
        break;
      }
      Thread.sleep(25);
    }
    T last = answer;
    ok(what, () -> last, test);
  }

  private static void copies(Pinecone client, String name) throws Exception {
    String collection = name + "-c";
    ok("create collection", () -> client.createCollection(collection, name), c -> true);
    until(
        "describe collection",
        () -> client.describeCollection(collection),
        c -> c.getStatus().equals("Ready") && c.getVectorCount() == 1);
    ok(
        "list collections",
        () -> client.listCollections().toString(),
        list -> list.contains(collection));
    done("delete collection", () -> client.deleteCollection(collection));
    String id = client.createBackup(name, "bk", "d").getBackupId();
    until(
        "describe backup",
        () -> client.describeBackup(id),
        b -> b.getStatus().equals("Ready") && b.getRecordCount() == 1);
    ok("list backups", () -> client.listIndexBackups(name).getData().size(), n -> n == 1);
    ok("list all backups", () -> client.listProjectBackups().toString(), l -> l.contains(id));
    refused("restore over an index", () -> client.createIndexFromBackup(id, name), "");
    String restored = name + "-r";
    String job = client.createIndexFromBackup(id, restored).getRestoreJobId();
    until(
        "describe restore job",
        () -> client.describeRestoreJob(job),
        j -> j.getStatus().equals("Completed"));
    ok("list restore jobs", () -> client.listRestoreJobs(10).toString(), l -> l.contains(job));
    ok("the restored", () -> client.describeIndex(restored), i -> i.getStatus().getReady());
    done("delete the restored", () -> client.deleteIndex(restored));
    done("delete backup", () -> client.deleteBackup(id));
    refused("describe no backup", () -> client.describeBackup(id), "");
  }

  /** A call without an answer. */
  private interface Done {
    void call() throws Exception;
  }

  private static void done(String what, Done call) {
    ok(
        what,
        () -> {
          call.call();
          return true;
        },
        d -> d);
  }

  private static void imports(AsyncIndex index, String place) throws Exception {
    refused("import from elsewhere", () -> index.startImport("/elsewhere", null, "abort"), "");
    String id = index.startImport(place, null, "abort").getId();
    until(
        "describe import",
        () -> index.describeImport(id),
        i -> i.getStatus().equals("Completed") && i.getRecordsImported() == 5);
    ok("list imports", () -> index.listImports().toString(), l -> l.contains(id));
    done("cancel an import that ended", () -> index.cancelImport(id));
  }

  private static void end(Pinecone client, String name) {
    ok(
        "protect",
        () -> client.configureServerlessIndex(name, "enabled", Map.of("c", "d"), null),
        i -> i.getTags().get("c").equals("d"));
    refused(
        "delete a protected one",
        () -> {
          client.deleteIndex(name);
          return null;
        },
        "Deletion protection is enabled");
    ok(
        "unprotect",
        () -> client.configureServerlessIndex(name, "disabled", Map.of(), null),
        i -> true);
    ok(
        "delete",
        () -> {
          client.deleteIndex(name);
          return null;
        },
        d -> true);
    refused("describe a deleted one", () -> client.describeIndex(name), "");
  }
}
