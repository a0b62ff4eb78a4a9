package io.slab.check;

import io.slab.error.SlabException;
import io.slab.format.SlabFault;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.model.IndexSpec;
import io.slab.store.ByteSource;
import java.util.function.IntPredicate;

/**
 * Verifies one slab: structure, then checksums, then whether its parts agree with each other.
 * Damage is reported and never thrown, and one problem does not end the run. Read-only; each call
 * is independent of others.
 */
public final class SlabCheck {
  private SlabCheck() {}

  /** As {@link #report(ByteSource, CheckLevel, String)}, for a slab in the current folder. */
  public static CheckReport report(ByteSource source, CheckLevel level) {
    return report(source, level, "");
  }

  /**
   * Checks a slab on its own; the caller closes the source.
   *
   * @param place what stands before its name in the commands that the report suggests, such as
   *     {@code "folder/"}
   * @throws io.slab.error.StoreException when the storage fails, which says nothing about the slab
   */
  public static CheckReport report(ByteSource source, CheckLevel level, String place) {
    Findings findings = new Findings(place);
    check(source, null, null, level, findings);
    return findings.report(level);
  }

  /**
   * Checks a slab and notes what is wrong; never throws for what is in the file.
   *
   * @param entry what the manifest of a namespace says about the slab, or null
   * @param spec the index that it lies in, or null
   */
  public static void check(
      ByteSource source, ExpectedSlab entry, IndexSpec spec, CheckLevel level, Findings findings) {
    check(source, entry, spec, row -> false, level, findings);
  }

  /**
   * As {@link #check(ByteSource, ExpectedSlab, IndexSpec, CheckLevel, Findings)} for a slab of
   * which some rows are dead.
   *
   * @param dead true for rows of which the rules of records are not asked
   */
  public static void check(
      ByteSource source,
      ExpectedSlab entry,
      IndexSpec spec,
      IntPredicate dead,
      CheckLevel level,
      Findings findings) {
    findings.object();
    int before = findings.size();
    long errors = findings.errors();
    String ledger = null;
    ByteSource counted = new CountingSource(source, findings);
    try {
      SlabStructure structure = SlabStructure.check(counted, findings);
      if (!structure.complete()) {
        findings.atRisk(entry == null ? 0 : entry.liveRows());
        return;
      }
      if (entry != null) {
        compare(source.name(), structure, entry, findings);
      }
      if (level != CheckLevel.QUICK) {
        boolean sound = findings.size() == before;
        sound &= SectionChecksums.check(counted, structure, findings).intact();
        if (sound) {
          ledger = content(source, entry, dead, findings);
        }
      }
      if (findings.errors() == errors) {
        SlabOpening.check(source, entry, spec, findings);
        if (level == CheckLevel.DEEP && findings.errors() == errors) {
          derived(source, findings);
          TermCheck.check(source, dead, findings);
        }
      }
      if (ledger != null) {
        // Last: it says that something is wrong with the rows, and others perhaps what.
        findings.error(source.name(), SectionKind.MANIFEST.name(), -1, ledger);
      }
    } catch (SlabException e) {
      findings.failure(source.name(), null, e);
    }
  }

  /** Not counted as read: these are the very bytes whose checksums were just verified. */
  private static String content(
      ByteSource source, ExpectedSlab entry, IntPredicate dead, Findings findings) {
    // Closing the container would close the caller's source.
    return ContentCheck.check(SlabFile.open(source), entry, dead, findings);
  }

  /** Measures what the index finds, which asks for the same rows thousands of times. */
  private static void derived(ByteSource source, Findings findings) {
    ByteSource mapped = source.forSearch();
    try {
      DerivedCheck.check(mapped, findings);
    } catch (InternalError e) {
      throw SlabFault.of(e, mapped::requireReadable);
    } finally {
      if (mapped != source) {
        mapped.close();
      }
    }
  }

  private static void compare(
      String name, SlabStructure structure, ExpectedSlab entry, Findings findings) {
    if (!structure.id().equals(entry.id())) {
      findings.error(
          name, "trailer", -1, "slab id " + structure.id() + ", the manifest names " + entry.id());
    }
    if (structure.hotOffset() != entry.hotOffset()) {
      // A hint: who reads from another place finds the right one in the trailer.
      findings.warning(
          name,
          "trailer",
          -1,
          "hot offset " + structure.hotOffset() + ", the manifest says " + entry.hotOffset());
    }
    if (structure.rows() != entry.rows()) {
      findings.error(
          name, "directory", -1, structure.rows() + " rows, the manifest says " + entry.rows());
    }
  }
}
