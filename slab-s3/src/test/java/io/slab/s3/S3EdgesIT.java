package io.slab.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.slab.error.InvalidInputException;
import io.slab.error.MissingException;
import io.slab.error.SlabException;
import io.slab.error.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that are not there, variables that are empty, servers that answer in their own way. */
class S3EdgesIT {
  private static final S3Address PLACE = new S3Address("bucket", "p/");

  @TempDir Path home;

  /** Answers every request with the same bytes. */
  private static final class Answers implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final byte[] answer;

    Answers(String answer) throws IOException {
      this.answer = answer.getBytes(StandardCharsets.ISO_8859_1);
      Thread.ofPlatform().daemon().start(this::serve);
    }

    private void serve() {
      while (!socket.isClosed()) {
        try (Socket client = socket.accept()) {
          InputStream in = client.getInputStream();
          int ends = 0;
          while (ends < 4) {
            int b = in.read();
            if (b < 0) {
              break;
            }
            ends = b == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : 0;
          }
          client.getOutputStream().write(answer);
        } catch (IOException e) {
          // Closed, or the client went away.
        }
      }
    }

    URI uri() {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private Map<String, String> environment(Map<String, String> more) {
    Map<String, String> env = new HashMap<>(more);
    env.put("HOME", home.toString());
    env.putIfAbsent("AWS_REGION", "us-east-1");
    return env;
  }

  private static Map<String, String> keys() {
    return new HashMap<>(Map.of("AWS_ACCESS_KEY_ID", "a", "AWS_SECRET_ACCESS_KEY", "s"));
  }

  private static S3Settings settings(String profile, URI endpoint, Map<String, String> env) {
    return new S3Settings(profile, null, endpoint, null, false, Duration.ofSeconds(5), 4, env);
  }

  private StoreException refused(String config, String profile, Map<String, String> env)
      throws IOException {
    Files.createDirectories(home.resolve(".aws"));
    Files.writeString(home.resolve(".aws/config"), config);
    S3Settings settings = settings(profile, URI.create("http://127.0.0.1:1"), environment(env));
    try (S3Store store = S3Store.open(PLACE, settings)) {
      StoreException e = assertThrows(StoreException.class, () -> store.read("x", 100));
      assertEquals(StoreException.Kind.DENIED, e.kind(), e.getMessage());
      return e;
    }
  }

  @Test
  void whatAProfileCannotGiveIsSaidInItsOwnWords() throws IOException {
    String process =
        "[profile vault]\ncredential_process = sh -c \"echo the vault is sealed >&2; exit 3\"\n";
    for (String named : new String[] {"vault", null}) {
      StoreException sealed =
          refused(process, named, named == null ? Map.of("AWS_PROFILE", "vault") : Map.of());
      assertTrue(sealed.getMessage().contains("'vault'"), sealed.getMessage());
      assertTrue(sealed.getMessage().contains("the vault is sealed"), sealed.getMessage());
      assertTrue(sealed.hint().contains("by itself"), sealed.hint());
    }
    String usual = process.replace("profile vault", "default");
    assertTrue(refused(usual, null, Map.of()).getMessage().contains("the vault is sealed"));
    String sso =
        "[profile work]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n"
            + "[sso-session s]\nsso_region = us-east-1\nsso_start_url = https://nowhere.invalid/x\n";
    StoreException token = refused(sso, "work", Map.of());
    assertTrue(token.getMessage().contains("(SSO)"), token.getMessage());
    assertTrue(token.hint().contains("aws sso login --profile work"), token.hint());
    String role =
        "[profile r]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = none\nregion = us-east-1\n";
    StoreException unassumed = refused(role, "r", Map.of());
    assertTrue(unassumed.getMessage().contains("role arn:aws:iam::1:role/x"));
    assertTrue(unassumed.getMessage().contains("none"), unassumed.getMessage());
  }

  @Test
  void emptyVariablesAreUnset() throws IOException {
    try (Answers server = new Answers("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")) {
      Map<String, String> env = keys();
      for (String name :
          new String[] {
            "AWS_ENDPOINT_URL_S3",
            "AWS_REGION",
            "AWS_DEFAULT_REGION",
            "AWS_PROFILE",
            "AWS_SESSION_TOKEN",
            "AWS_CONFIG_FILE",
            "AWS_SHARED_CREDENTIALS_FILE",
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
            "AWS_WEB_IDENTITY_TOKEN_FILE"
          }) {
        env.put(name, "");
      }
      env.put("AWS_ENDPOINT_URL", server.uri().toString());
      try (S3Store store = S3Store.open(PLACE, settings(null, null, environment(env)))) {
        assertArrayEquals(new byte[] {'h', 'i'}, store.read("x", 100));
      }
    }
    Map<String, String> empty = new HashMap<>(Map.of("AWS_ENDPOINT_URL_S3", " "));
    assertFalse(settings(null, null, empty).environment().containsKey("AWS_ENDPOINT_URL_S3"));
  }

  @Test
  void answersWithoutALengthAreRead() throws IOException {
    String chunks = "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n";
    try (Answers server = new Answers("HTTP/1.1 200 OK\r\n" + chunks);
        S3Store store = S3Store.open(PLACE, settings(null, server.uri(), environment(keys())))) {
      assertArrayEquals("hello".getBytes(StandardCharsets.US_ASCII), store.read("x", 100));
      assertThrows(SlabException.class, () -> store.read("x", 4));
    }
    String part = "HTTP/1.1 206 Partial\r\nContent-Range: bytes 0-4/5\r\n" + chunks;
    try (Answers server = new Answers(part);
        S3Store store = S3Store.open(PLACE, settings(null, server.uri(), environment(keys())));
        var source = store.open("x")) {
      assertEquals(5, source.length());
      assertArrayEquals(
          "hello".getBytes(StandardCharsets.US_ASCII),
          source.read(0, 5).toArray(ValueLayout.JAVA_BYTE));
    }
  }

  @Test
  void aNotFoundThatIsNoneOfS3IsSaid() throws IOException {
    String page = "<html>nginx</html>";
    String head = "HTTP/1.1 404 Not Found\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s";
    for (String[] other : new String[][] {{"text/html", page}, {"application/json", "{}"}}) {
      String answer = head.formatted(other[0], other[1].length(), other[1]);
      try (Answers server = new Answers(answer);
          S3Store store = S3Store.open(PLACE, settings(null, server.uri(), environment(keys())))) {
        StoreException e = assertThrows(StoreException.class, () -> store.read("x", 100));
        assertTrue(e.getMessage().contains("this endpoint does not speak S3"), e.getMessage());
        StoreException listed = assertThrows(StoreException.class, () -> store.list("", null));
        assertTrue(listed.getMessage().contains("does not speak S3"), listed.getMessage());
      }
    }
    String own =
        "<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code><Message>no</Message></Error>";
    try (Answers server = new Answers(head.formatted("application/xml", own.length(), own));
        S3Store store = S3Store.open(PLACE, settings(null, server.uri(), environment(keys())))) {
      assertThrows(MissingException.class, () -> store.read("x", 100));
    }
  }

  @Test
  void aProfileMaySayHowBucketsAreNamed() throws IOException {
    Files.createDirectories(home.resolve(".aws"));
    for (String[] style :
        new String[][] {{"path", "true"}, {"virtual", "false"}, {"auto", "true"}}) {
      Files.writeString(
          home.resolve(".aws/config"), "[default]\ns3 =\n  addressing_style = " + style[0] + "\n");
      S3Settings settings = settings(null, URI.create("http://127.0.0.1:1"), environment(keys()));
      S3Connection connection = S3Connection.open(settings);
      assertEquals(Boolean.valueOf(style[1]), connection.pathStyle(), style[0]);
      connection.client().close();
    }
  }

  private static String error(int status, String code, String message) {
    String body =
        "<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>%s</Message></Error>"
            .formatted(code, message);
    return "HTTP/1.1 %d X\r\nContent-Type: application/xml\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(status, body.length(), body);
  }

  @Test
  void refusedSignaturesSayWhatToDo() throws IOException {
    Object[][] answers = {
      {403, "RequestTimeTooSkewed", "The difference is too large.", "set the clock", "DENIED"},
      {
        400,
        "AuthorizationHeaderMalformed",
        "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'",
        "--region",
        "FAILED"
      },
      {
        400,
        "AuthorizationHeaderMalformed",
        "The authorization header is malformed; the Credential is mal-formed",
        "AWS_ACCESS_KEY_ID",
        "DENIED"
      },
      {403, "InvalidAccessKeyId", "no such key", "check the keys", "DENIED"},
      {403, "SignatureDoesNotMatch", "no match", "check the keys", "DENIED"},
      {400, "ExpiredToken", "The token has Expired", "log in again", "DENIED"},
    };
    for (Object[] answer : answers) {
      String text = error((int) answer[0], (String) answer[1], (String) answer[2]);
      try (Answers server = new Answers(text);
          S3Store store = S3Store.open(PLACE, settings(null, server.uri(), environment(keys())))) {
        StoreException e = assertThrows(StoreException.class, () -> store.read("x", 100));
        assertTrue(e.getMessage().contains((String) answer[2]), e.getMessage());
        assertTrue(e.hint().contains((String) answer[3]), e.hint());
        assertEquals(answer[4], e.kind().toString(), e.getMessage());
      }
    }
  }

  /** Ceph makes another version in spite of If-None-Match. */
  @Test
  void aBucketWhoseVersionsHideTheConditionIsSaid() throws IOException {
    String made = "HTTP/1.1 200 OK\r\n%sETag: \"1\"\r\nContent-Length: 0\r\n\r\n";
    for (boolean versioned : new boolean[] {true, false}) {
      String answer = made.formatted(versioned ? "x-amz-version-id: v1\r\n" : "");
      try (Answers server = new Answers(answer);
          S3Store store = S3Store.open(PLACE, settings(null, server.uri(), environment(keys())))) {
        StoreException e =
            assertThrows(StoreException.class, () -> store.create("x", new byte[] {1}));
        assertEquals(versioned, e.getMessage().contains("versioning"), e.getMessage());
        assertEquals(versioned, e.hint().contains("never had versioning"), e.hint());
      }
    }
  }

  @Test
  void whatTheOwnerOfTheBucketAsksIsInEachRequest() throws IOException {
    List<String> seen = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          var headers = exchange.getRequestHeaders();
          seen.add(
              exchange.getRequestMethod()
                  + " "
                  + headers.getFirst("x-amz-request-payer")
                  + " "
                  + headers.getFirst("x-amz-server-side-encryption")
                  + " "
                  + headers.getFirst("x-amz-server-side-encryption-aws-kms-key-id")
                  + " "
                  + headers.getFirst("Authorization").contains("x-amz-request-payer"));
          // The proof of conditional writes is there already.
          boolean proof = exchange.getRequestURI().getPath().endsWith("conditional-writes");
          exchange.sendResponseHeaders(proof ? 412 : 200, -1);
          exchange.close();
        });
    server.start();
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    S3Headers headers = new S3Headers(null, "key-7", true);
    S3Settings settings =
        new S3Settings(
            null, null, uri, null, false, Duration.ofSeconds(5), 4, environment(keys()), headers);
    try (S3Store store = S3Store.open(PLACE, settings)) {
      assertTrue(store.create("x", new byte[] {1}));
      store.delete("x");
    } finally {
      server.stop(0);
    }
    assertEquals(
        List.of(
            "PUT requester aws:kms key-7 true",
            "PUT requester aws:kms key-7 true",
            "DELETE requester null null true"),
        seen);
    assertThrows(InvalidInputException.class, () -> new S3Headers("AES256", "key", false));
    assertThrows(InvalidInputException.class, () -> new S3Headers("rot13", null, false));
  }

  /** No folder need show where they are. */
  @Test
  void unfinishedUploadsAreFoundInEachFolder() throws IOException {
    String page =
        "<?xml version=\"1.0\"?><ListMultipartUploadsResult><IsTruncated>false</IsTruncated>"
            + "<Upload><Key>p/ns/x/slabs/a.slab</Key><UploadId>u1</UploadId>"
            + "<Initiated>2026-01-01T00:00:00Z</Initiated></Upload></ListMultipartUploadsResult>";
    String head = "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: %d\r\n\r\n";
    try (Answers server = new Answers(head.formatted(page.length()) + page);
        S3Store store = S3Store.open(PLACE, settings(null, server.uri(), environment(keys())))) {
      assertEquals("ns/x/slabs/.tmp-a.slab@dTE", store.listUnfinished().getFirst().name());
    }
  }
}
