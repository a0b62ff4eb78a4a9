package io.slab.pull;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.CancellationToken;
import io.slab.error.InvalidInputException;
import io.slab.error.StoreException;
import io.slab.testkit.index.FakePinecone;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that stalls, and an index that changes while it is read. */
class PullTroubleTest {
  private static final PullProgress QUIET =
      new PullProgress() {
        @Override
        public void say(String text) {}

        @Override
        public void found(String namespace, long ids, long expected) {}

        @Override
        public void written(String namespace, long records, long expected) {}
      };

  @TempDir Path folder;
  private FakePinecone cloud;

  @BeforeEach
  void start() throws IOException {
    cloud = new FakePinecone();
    cloud.put("a", "r1", "\"values\":[0.5,1.5]");
  }

  @AfterEach
  void stop() {
    cloud.close();
  }

  private PullOptions options(Set<String> namespaces, Path ids) {
    return PullOptions.into(folder.resolve("export"))
        .host(cloud.host())
        .control(cloud.host())
        .key(FakePinecone.KEY)
        .namespaces(namespaces)
        .ids(ids)
        .idle(20)
        .threads(1)
        .perSecond(10_000)
        .firstWait(Duration.ofMillis(1))
        .build();
  }

  /** A namespace more once the first record is asked for. */
  private void oneMoreMeanwhile() {
    cloud.before =
        () -> {
          if (cloud.requests.getLast().contains("/vectors/fetch")) {
            cloud.put("late", "l1", "\"values\":[0.5,1.5]");
          }
        };
  }

  @Test
  void aNamespaceThatCameMeanwhileIsNamed() {
    oneMoreMeanwhile();
    PullReport report = Pull.run(options(Set.of(), null), QUIET);
    assertEquals(List.of("late"), report.appeared());
    assertFalse(report.whole());
  }

  @Test
  void whoNamesWhatToReadMissesNothing() throws IOException {
    oneMoreMeanwhile();
    Path ids = Files.writeString(folder.resolve("ids"), "r1\n");
    assertTrue(Pull.run(options(Set.of(), ids), QUIET).whole());
    assertTrue(Files.exists(folder.resolve("export/manifest.json")));
  }

  @Test
  void aNamespaceThatIsGoneAtTheEndCountsNothing() {
    cloud.before =
        () -> {
          if (cloud.requests.size() > 1 && cloud.requests.getLast().contains("stats")) {
            cloud.spaces.remove("a");
          }
        };
    PullReport report = Pull.run(options(Set.of("a"), null), QUIET);
    assertEquals(0, report.namespaces().getFirst().after());
    assertFalse(report.whole());
  }

  @Test
  void aBodyThatStallsIsATemporaryFault() throws IOException {
    List<Socket> open = new ArrayList<>();
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ApiCalls calls =
            new ApiCalls(
                "k", 1000, Duration.ofMillis(1), CancellationToken.NONE, Duration.ofMillis(100))) {
      Thread.ofVirtual()
          .start(() -> {
            try {
              while (true) {
                Socket socket = server.accept();
                open.add(socket);
                socket
                    .getOutputStream()
                    .write(
                        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":"
                            .getBytes(StandardCharsets.US_ASCII));
              }
            } catch (IOException e) {
              // The end of the test.
            }
          });
      URI address = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/x");
      StoreException e = assertThrows(StoreException.class, () -> calls.get(address));
      assertEquals(StoreException.Kind.TEMPORARY, e.kind());
      assertTrue(e.getMessage().contains("not whole"), e.getMessage());
      assertEquals(7, calls.repeats());
    }
    for (Socket socket : open) {
      socket.close();
    }
  }

  @Test
  void aFileOfIdsInAnotherEncodingIsNamed() throws IOException {
    Path ids = Files.write(folder.resolve("ids"), new byte[] {'r', (byte) 0xE4, '\n'});
    InvalidInputException e =
        assertThrows(InvalidInputException.class, () -> Pull.run(options(Set.of("a"), ids), QUIET));
    assertTrue(e.getMessage().contains("ids is not UTF-8"), e.getMessage());
  }

  @Test
  void aTokenThatIsRefusedSaysNothingOfPods() {
    cloud.lists = false;
    try (ApiCalls calls =
        new ApiCalls(FakePinecone.KEY, 1000, Duration.ofMillis(1), CancellationToken.NONE)) {
      ListedIds ids = new ListedIds(new PineconeApi(calls, cloud.host()), "a", "old");
      StoreException e = assertThrows(StoreException.class, ids::next);
      assertTrue(e.hint().contains("--restart"), e.hint());
    }
  }

  @Test
  void anExportIsKnownByItsHostAndItsNamespaces() {
    PullOptions options = options(Set.of(), null);
    assertFalse(Pull.isThere(options));
    Pull.run(options, QUIET);
    assertTrue(Pull.isThere(options));
    cloud.put("b", "r1", "\"values\":[0.5,1.5]");
    assertFalse(Pull.isThere(options));
    assertTrue(Pull.isThere(options(Set.of("a"), null)));
  }
}
