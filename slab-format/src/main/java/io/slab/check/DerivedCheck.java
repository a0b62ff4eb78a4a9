package io.slab.check;

import io.slab.ann.AnnVerifier;
import io.slab.error.SlabException;
import io.slab.error.StoreException;
import io.slab.format.SlabBuilder;
import io.slab.format.SlabInput;
import io.slab.format.SlabManifest;
import io.slab.format.SlabReader;
import io.slab.format.SlabRequest;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.Section;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFormat;
import io.slab.format.section.SparsePostingsReader;
import io.slab.format.section.SparseRowsReader;
import io.slab.format.section.StringBlocksLayout;
import io.slab.format.section.StringBlocksReader;
import io.slab.model.IndexSpec;
import io.slab.store.ByteSource;
import io.slab.store.LocalStore;
import io.slab.store.ObjectUpload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Builds the derived sections of a slab anew from its rows and compares them with the stored ones.
 * For slabs whose other checks found nothing. The rebuilt slab lies in a scratch file.
 */
final class DerivedCheck {
  private static final String REBUILT = "rebuilt.slab";
  private static final long STEP = 1 << 20;
  private static final int CACHED_BLOCKS = 2;

  /** Sections that are checked against the stored centroids, which nothing else determines. */
  private static final Set<SectionKind> INDEX =
      Set.of(
          SectionKind.ROTATION,
          SectionKind.IVF_CENTROIDS,
          SectionKind.IVF_DIR,
          SectionKind.IVF_LISTS,
          SectionKind.PQ_CODEBOOK);

  /**
   * Sets of rows, which the content check compared already. Writers have a choice in the containers
   * and their order: other bytes may well mean the same.
   */
  private static final Set<SectionKind> SETS =
      Set.of(SectionKind.BITMAP_DICT, SectionKind.BITMAP_DATA, SectionKind.RANK_SLICES);

  private final SlabReader slab;
  private final Findings findings;

  private DerivedCheck(SlabReader slab, Findings findings) {
    this.slab = slab;
    this.findings = findings;
  }

  /** Notes every derived section that is not what the rows give. */
  static void check(ByteSource source, Findings findings) {
    // Closing the slab would close the caller's source.
    DerivedCheck check = new DerivedCheck(SlabReader.open(source), findings);
    check.sections();
    check.index();
  }

  private void sections() {
    Path folder = null;
    try {
      folder = Files.createTempDirectory("slab-verify");
      LocalStore scratch = new LocalStore(folder);
      try (ObjectUpload upload = scratch.upload(REBUILT)) {
        SlabBuilder.build(request(), new Rows(slab), upload, StoredOrder.of(slab));
        upload.commit();
      }
      try (SlabReader rebuilt = SlabReader.open(scratch.open(REBUILT))) {
        compare(rebuilt);
      } finally {
        scratch.delete(REBUILT);
      }
    } catch (IOException e) {
      throw noScratch(e);
    } finally {
      delete(folder);
    }
  }

  private static StoreException noScratch(IOException e) {
    return new StoreException(
        StoreException.Kind.FAILED,
        "cannot write a scratch file to rebuild a slab",
        "free some space in the temporary folder",
        e);
  }

  private static void delete(Path folder) {
    try {
      if (folder != null) {
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      throw noScratch(e);
    }
  }

  /** Level 0, so that no index is trained; the level shows in no derived section. */
  private SlabRequest request() {
    SlabManifest manifest = slab.manifest();
    List<String> indexed =
        manifest.columns().stream().map(SlabManifest.Column::field).distinct().toList();
    IndexSpec spec =
        new IndexSpec(
            "verify",
            manifest.dimension(),
            manifest.metric(),
            manifest.vectorType(),
            indexed,
            manifest.textIndex(),
            slab.file().header().createdMillis());
    return new SlabRequest(
        slab.id(),
        spec.createdMillis(),
        spec,
        manifest.namespace(),
        0,
        List.of(),
        // A slab without rows is built for their sake.
        slab.tombstones());
  }

  /** The rows of a slab as a builder reads them. */
  private record Rows(SlabReader slab) implements SlabInput {
    @Override
    public int rows() {
      return slab.rows();
    }

    @Override
    public Cursor open() {
      return slab.cursor();
    }

    @Override
    public boolean inIdOrder() {
      return slab.inIdOrder();
    }

    @Override
    public Arrivals arrivals() {
      return slab.arrivals();
    }
  }

  private void compare(SlabReader rebuilt) {
    for (Section section : slab.file().sections()) {
      SectionKind kind = section.entry().knownKind();
      if (kind != null && kind.derived() && !INDEX.contains(kind)) {
        compare(kind, section, rebuilt);
      }
    }
  }

  private void compare(SectionKind kind, Section stored, SlabReader rebuilt) {
    Section made = rebuilt.file().find(kind, stored.entry().column());
    if (made == null) {
      error(stored, 0, "the rows give no such section");
    } else if (kind == SectionKind.COLUMN_DICT && stored.entry().codec() != SlabFormat.CODEC_NONE) {
      strings(stored, made);
    } else if (!otherParameters(kind, rebuilt)) {
      long at = difference(stored, made);
      if (at >= 0 && SETS.contains(kind)) {
        findings.warning(
            slab.file().name(),
            stored.entry().label(),
            stored.entry().offset() + at,
            "the sets that the rows give, in a form that this version does not write");
      } else if (at >= 0) {
        error(stored, at, "from here on it is not what the rows give");
      }
    }
  }

  /** Compares decoded strings: how they compress is no property of the rows. */
  private void strings(Section stored, Section made) {
    try {
      StringBlocksReader found = reader(stored);
      StringBlocksReader wanted = reader(made);
      found.verify();
      boolean same = found.items() == wanted.items();
      for (int i = 0; same && i < wanted.items(); i++) {
        same = Arrays.equals(found.get(i), wanted.get(i));
      }
      if (!same) {
        error(stored, 0, "other strings than the rows have");
      }
    } catch (SlabException e) {
      findings.failure(slab.file().name(), stored.entry().label(), e);
    }
  }

  private static StringBlocksReader reader(Section section) {
    return new StringBlocksReader(section, StringBlocksLayout.MAX_VALUE_BYTES, CACHED_BLOCKS);
  }

  /** True when a number that writers may choose differs; then only the meaning can be compared. */
  private boolean otherParameters(SectionKind kind, SlabReader rebuilt) {
    return switch (kind) {
      case ID_TOP -> differ(SectionKind.ID_BLOCKS, rebuilt);
      case SPARSE_DICT -> {
        boolean other = differ(SectionKind.SPARSE_DICT, rebuilt);
        if (other) {
          postings();
        }
        yield other;
      }
      case SPARSE_POSTINGS -> differ(SectionKind.SPARSE_DICT, rebuilt);
      default -> false;
    };
  }

  private boolean differ(SectionKind kind, SlabReader rebuilt) {
    DirectoryEntry stored = slab.file().require(kind).entry();
    return stored.param() != rebuilt.file().require(kind).entry().param();
  }

  private void postings() {
    try {
      Section dictionary = slab.file().require(SectionKind.SPARSE_DICT);
      Section lists = slab.file().require(SectionKind.SPARSE_POSTINGS);
      Section rows = slab.file().require(SectionKind.SPARSE_ROWS);
      new SparsePostingsReader(dictionary, lists, slab.rows())
          .verify(new SparseRowsReader(rows, slab.rows()));
    } catch (SlabException e) {
      findings.failure(slab.file().name(), SectionKind.SPARSE_POSTINGS.name(), e);
    }
  }

  /** The first byte that differs, or -1. Read in steps, as slabs that are not mapped are. */
  private static long difference(Section stored, Section made) {
    long length = Math.min(stored.length(), made.length());
    for (long at = 0; at < length; at += STEP) {
      long step = Math.min(STEP, length - at);
      long found = stored.slice(at, step).mismatch(made.slice(at, step));
      if (found >= 0) {
        return at + found;
      }
    }
    DirectoryEntry a = stored.entry();
    DirectoryEntry b = made.entry();
    boolean same =
        stored.length() == made.length()
            && a.items() == b.items()
            && a.param() == b.param()
            && a.encoding() == b.encoding();
    return same ? -1 : length;
  }

  private void index() {
    if (slab.dense() == null) {
      return;
    }
    int threads = Runtime.getRuntime().availableProcessors();
    try {
      AnnVerifier.verify(slab, threads, new IndexProblems());
    } catch (SlabException e) {
      findings.failure(slab.file().name(), SectionKind.IVF_LISTS.name(), e);
    }
  }

  private final class IndexProblems implements AnnVerifier.Problems {
    @Override
    public void error(SectionKind kind, long at, String problem) {
      DerivedCheck.this.error(slab.file().require(kind), at, problem);
    }

    @Override
    public void missed(String problem) {
      Section manifest = slab.file().require(SectionKind.MANIFEST);
      findings.warning(
          slab.file().name(),
          manifest.entry().label(),
          manifest.entry().offset(),
          problem + "; compaction measures it anew");
    }
  }

  private void error(Section section, long at, String problem) {
    findings.error(
        slab.file().name(), section.entry().label(), section.entry().offset() + at, problem);
  }
}
