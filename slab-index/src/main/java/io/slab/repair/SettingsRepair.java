package io.slab.repair;

import io.slab.error.ConflictException;
import io.slab.error.DataException;
import io.slab.error.MissingException;
import io.slab.error.UnsupportedException;
import io.slab.manifest.Settings;
import io.slab.manifest.SettingsLog;
import io.slab.model.Environment;
import io.slab.repair.RepairStep.Remedy;
import io.slab.store.ByteSource;
import io.slab.store.ObjectStore;
import io.slab.store.ObjectUpload;
import java.util.List;

/**
 * Puts new settings over damaged ones, without which the index cannot be opened. What they said is
 * taken from the last ones that can be read; the index is protected afterwards, because the damaged
 * ones may have said so. One thread only.
 */
public final class SettingsRepair {
  private static final long STEP = 1 << 20;

  private final ObjectStore store;
  private final SettingsLog log;
  private RepairStep step;
  private long damaged;
  private Settings known = Settings.DEFAULT;

  /**
   * Looks at them.
   *
   * @throws UnsupportedException when a newer version wrote them: that is no damage
   */
  public SettingsRepair(ObjectStore store) {
    this.store = store;
    this.log = new SettingsLog(store, store.retry());
    List<Long> numbers = log.numbers();
    for (int i = numbers.size() - 1; i >= 0; i--) {
      try {
        known = log.read(numbers.get(i));
        return;
      } catch (UnsupportedException e) {
        throw e;
      } catch (MissingException e) {
        continue; // Removed meanwhile, since a newer one is there.
      } catch (DataException e) {
        if (step == null) {
          damaged = numbers.get(i);
          step = NamespaceRepair.step(SettingsLog.name(damaged), e, Remedy.RECOVER);
        }
      }
    }
  }

  /** What is wrong with the newest ones, or null. */
  public RepairStep step() {
    return step;
  }

  /** The settings in force, or the last ones before them that can be read. */
  public Settings known() {
    return known;
  }

  /** What a user has to know of it; null where nothing is damaged. */
  public String note() {
    return step == null
        ? null
        : "settings "
            + damaged
            + " cannot be read: the index is protected against deletion, and there, though they"
            + " may have said that it was dropped; "
            + embedding();
  }

  private String embedding() {
    return known.embedding() == null
        ? "whether they named a model for texts is not known, and none is named now"
        : "the model for texts is that of settings "
            + known.id()
            + ", "
            + known.embedding().model()
            + ", though they may have named another";
  }

  /**
   * Commits new settings; the damaged ones are kept under another name as well.
   *
   * @throws ConflictException when another process was faster; nothing is changed then
   */
  public void apply(Environment environment) {
    if (step == null) {
      return;
    }
    String name = SettingsLog.name(damaged);
    try (ByteSource source = store.openUnmapped(name, -1);
        ObjectUpload copy = store.upload(name + ".damaged-" + environment.newId())) {
      for (long at = 0; at < source.length(); at += STEP) {
        copy.write(source.read(at, Math.min(STEP, source.length() - at)));
      }
      copy.commit();
    }
    if (!log.replace(damaged, known, environment)) {
      throw new ConflictException("another process changed the settings", "run it again");
    }
  }
}
