package io.slab.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.store.ObjectStore;
import io.slab.testkit.DistantStore;
import io.slab.testkit.MemoryStore;
import io.slab.verify.StoreFinding.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoreDoctorTest {
  private static class Scratch extends DistantStore {
    Scratch() {
      super(new MemoryStore(), 0, 0);
    }

    @Override
    public void deleteTemporary(String name) {
      // It has none.
    }
  }

  private static Status create(ObjectStore scratch) {
    List<StoreFinding> findings =
        new StoreDoctor(new MemoryStore(), scratch, System::currentTimeMillis).run();
    return findings.stream()
        .filter(finding -> finding.check().equals("create"))
        .findFirst()
        .orElseThrow()
        .status();
  }

  /** Readers would take what others write for absent (spec/index.md, R-12). */
  @Test
  void aStorageThatRemembersWhatWasNotThereFails() {
    assertEquals(Status.OK, create(new Scratch()));
    assertEquals(
        Status.FAIL,
        create(
            new Scratch() {
              @Override
              public long absentAt(String name) {
                return now();
              }
            }));
  }
}
