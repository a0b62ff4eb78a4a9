package io.slab.output;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder that others may write, too, can hold other things with a name like ours. */
class StaleOutputTest {
  private static final String NAME = ".slab-export-00000000-0000-0000-0000-00000000000";

  @TempDir Path folder;

  @Test
  void aLinkIsRemovedAndNotWhatItLeadsTo() throws IOException {
    Path precious = Files.createDirectory(folder.resolve("precious"));
    Path kept = Files.writeString(precious.resolve("kept"), "x");
    Path left = Files.createDirectory(folder.resolve(NAME + "1"));
    Files.writeString(left.resolve("half"), "x");
    Path inside = Files.createSymbolicLink(left.resolve("link"), precious);
    Path link = Files.createSymbolicLink(folder.resolve(NAME + "2"), precious);
    long now = System.currentTimeMillis();
    StaleOutput.sweep(folder, now);
    assertTrue(Files.exists(inside));
    StaleOutput.sweep(folder, now + Duration.ofDays(2).toMillis());
    assertFalse(Files.exists(left));
    assertFalse(Files.exists(link, LinkOption.NOFOLLOW_LINKS));
    assertTrue(Files.exists(kept));
  }
}
