package io.slab.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.StoreException;
import io.slab.store.ObjectInfo;
import io.slab.testkit.s3.ChaosProxy;
import io.slab.testkit.s3.ChaosProxy.Fault;
import io.slab.testkit.s3.S3Server;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which answers to a listing are believed. */
class S3ListingIT {
  private final S3Address place = S3Server.newPlace();
  private final ChaosProxy proxy = new ChaosProxy(S3Server.endpoint(), request -> Fault.NONE);

  @BeforeEach
  void fill() {
    S3Store clean = S3Store.open(place, S3Server.settings());
    for (String name :
        List.of("index.json", "config/1", "ns/a/w/1", "ns/a/w/2", "ns/a/w/3", "ns/a%2Fb/w/1")) {
      assertTrue(clean.create(name, new byte[] {1}));
    }
  }

  @AfterEach
  void close() {
    proxy.close();
  }

  private S3Store store(Integer pageSize) {
    return S3Store.open(
        place, S3Server.settings(proxy.endpoint(), Duration.ofSeconds(1)), pageSize);
  }

  private void answers(String regex, String replacement) {
    proxy.tamper((request, body) ->
        request.is("GET", "list-type=2") ? body.replaceAll("(?s)" + regex, replacement) : body);
  }

  private static List<String> names(List<ObjectInfo> objects) {
    return objects.stream().map(ObjectInfo::name).toList();
  }

  private void assertWhole(Integer pageSize) {
    S3Store store = store(pageSize);
    assertEquals(List.of("index.json"), names(store.list("", null)));
    assertEquals(List.of("config", "ns"), store.listFolders(""));
    assertEquals(List.of("a", "a%2Fb"), store.listFolders("ns/"));
    assertEquals(List.of("w"), store.listFolders("ns/a/"));
    assertEquals(List.of(), store.listFolders("ns/a/w/"));
    assertEquals(List.of(), store.listFolders("nothing/"));
    assertEquals(List.of("ns/a/w/2", "ns/a/w/3"), names(store.list("ns/a/w/", "1")));
  }

  private static void assertRefused(String detail, Runnable listing) {
    StoreException e = assertThrows(StoreException.class, listing::run);
    assertEquals(StoreException.Kind.TEMPORARY, e.kind());
    assertTrue(e.getMessage().contains(detail), e.getMessage());
  }

  @Test
  void anHonestListing() {
    assertWhole(null);
    assertWhole(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  \n",
        "<!DOCTYPE html><html><body>Sign in</body></html>",
        "<html xmlns=\"http://www.w3.org/1999/xhtml\"><body/></html>",
        "{\"error\":\"sign in\"}",
        "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>",
        "<?xml version=\"1.0\"?><Error><Code>InternalError</Code></Error>",
        "<!-- <ListBucketResult> --><x/>",
        "<?xml version=\"1.0\"?>",
        "<ListBucketResult"
      })
  void aBodyThatIsNoListingIsRefused(String page) {
    proxy.tamper((request, body) -> request.is("GET", "list-type=2") ? page : body);
    S3Store store = store(null);
    assertRefused("the answer is no listing", () -> store.list("ns/a/w/", null));
  }

  @Test
  void halfAListingIsRefused() {
    proxy.tamper((request, body) ->
        request.is("GET", "list-type=2") ? body.substring(0, body.length() - 20) : body);
    S3Store store = store(null);
    assertRefused("half an answer", () -> store.list("", null));
    assertRefused("half an answer", () -> store.listFolders("ns/"));
    assertRefused("half an answer", store::now);
  }

  @Test
  void aListingThatIsDamagedOnceIsAskedForAgain() {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    proxy.tamper((request, body) ->
        request.is("GET", "list-type=2") && seen.add(request.target()) ? "<html/>" : body);
    S3Store store = store(null);
    assertEquals(List.of("a", "a%2Fb"), store.listFolders("ns/"));
    assertEquals(3, store.list("ns/a/w/", null).size());
    assertEquals(2, seen.size());
  }

  @Test
  void whatServersDoDifferentlyIsNoLie() {
    proxy.tamper((request, body) ->
        request.is("GET", "list-type=2")
            ? "<!-- a proxy --> "
                + body.replaceAll("<\\?xml[^>]*>\\s*", "")
                    .replaceAll("<Name>[^<]*</Name>", "<Name>other</Name>")
                    .replaceAll("<(MaxKeys|KeyCount|StartAfter)>[^<]*</\\1>", "")
            : body);
    assertWhole(null);
    assertWhole(1);
  }

  @Test
  void whereFoldersAreNotListedKeysTell() {
    answers("<CommonPrefixes>.*?</CommonPrefixes>", "");
    assertWhole(null);
    // The same, without a count that would give it away.
    answers("<CommonPrefixes>.*?</CommonPrefixes>|<KeyCount>\\d+</KeyCount>", "");
    S3Store store = store(null);
    assertEquals(List.of("a", "a%2Fb"), store.listFolders("ns/"));
  }

  @Test
  void aServerThatKnowsNoDelimiterListsKeys() {
    String time = "<LastModified>2026-01-01T00:00:00.000Z</LastModified>";
    String keys =
        Stream.of("a/w/1", "a/w/2", "a%252Fb/w/1")
            .map(key -> "<Contents><Key>some/prefix/ns/" + key + "</Key>" + time)
            .map(start -> start + "<Size>1</Size></Contents>")
            .collect(Collectors.joining());
    proxy.tamper((request, body) ->
        request.is("GET", "list-type=2")
            ? "<ListBucketResult><EncodingType>url</EncodingType>" + keys + "</ListBucketResult>"
            : body);
    S3Store store = store(null);
    assertEquals(List.of("a", "a%2Fb"), store.listFolders("ns/"));
    assertEquals(List.of(), store.list("ns/", null));
  }

  @Test
  void aCountOfMoreThanIsShownIsRefused() {
    answers("<KeyCount>\\d+</KeyCount>", "<KeyCount>99</KeyCount>");
    S3Store store = store(null);
    assertRefused("shows less than it counts", () -> store.list("", null));
    assertRefused("shows less than it counts", () -> store.listFolders("ns/"));
  }

  @Test
  void aListingThatBreaksOffIsRefused() {
    answers("<NextContinuationToken>[^<]*</NextContinuationToken>", "");
    S3Store store = store(1);
    assertRefused("breaks off", () -> store.list("ns/a/w/", null));
    assertRefused("breaks off", () -> store.listFolders("ns/"));
  }

  @Test
  void aListingThatBeginsAgainIsRefused() {
    proxy.tamper((request, body) ->
        request.is("GET", "list-type=2")
            ? "<ListBucketResult><IsTruncated>true</IsTruncated>"
                + "<NextContinuationToken>same</NextContinuationToken></ListBucketResult>"
            : body);
    assertRefused("breaks off", () -> store(1).list("ns/a/w/", null));
  }

  @Test
  void keysThatWereNotAskedForAreRefused() {
    answers("<Key>[^<]*</Key>", "<Key>elsewhere/x</Key>");
    assertRefused("elsewhere/x, which was not asked for", () -> store(null).list("", null));
  }

  @Test
  void unfinishedUploadsAreAListingToo() {
    proxy.tamper((request, body) -> request.is("GET", "uploads") ? "<html/>" : body);
    assertRefused("the answer is no listing", () -> store(null).listTemporary("ns/"));
  }
}
