package io.slab.error;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnFailureTest {
  private int closed;
  private final Closeable resource = () -> closed++;

  @Test
  void whatSucceedsStaysOpen() {
    assertEquals("x", OnFailure.close(resource, () -> "x"));
    assertEquals(0, closed);
  }

  @Test
  void whateverEndsTheWorkClosesAndComesOut() {
    for (Throwable failure :
        List.of(
            new IOException("a"), new IllegalStateException("b"), new StackOverflowError("c"))) {
      closed = 0;
      Throwable thrown =
          assertThrows(Throwable.class, () -> OnFailure.close(resource, () -> fail(failure)));
      assertSame(failure, thrown);
      assertEquals(1, closed);
    }
  }

  @Test
  void aFailureOfClosingDoesNotHideTheFirst() {
    IOException first = new IOException("first");
    IOException second = new IOException("second");
    Closeable broken =
        () -> {
          throw second;
        };
    assertSame(
        first,
        assertThrows(
            IOException.class,
            () ->
                OnFailure.close(
                    broken,
                    () -> {
                      throw first;
                    })));
    assertArrayEquals(new Throwable[] {second}, first.getSuppressed());
  }

  @Test
  void theSameFailureTwiceIsNoneOfItsOwn() {
    IllegalStateException failure = new IllegalStateException();
    assertSame(
        failure,
        assertThrows(
            IllegalStateException.class,
            () -> OnFailure.undo(() -> fail(failure), () -> fail(failure))));
    assertEquals(0, failure.getSuppressed().length);
  }

  private static Object fail(Throwable failure) throws Exception {
    switch (failure) {
      case Exception e -> throw e;
      case Error e -> throw e;
      default -> throw new AssertionError(failure);
    }
  }
}
