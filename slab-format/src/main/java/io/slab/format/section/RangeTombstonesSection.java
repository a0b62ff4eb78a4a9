package io.slab.format.section;

import io.slab.bytes.ByteCursor;
import io.slab.bytes.ByteWriter;
import io.slab.error.InvalidInputException;
import io.slab.filter.FilterParser;
import io.slab.format.file.Section;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SectionSpec;
import io.slab.format.file.SlabFileWriter;
import io.slab.format.file.SlabFormat;
import io.slab.model.Limits;
import io.slab.model.PrivateNumbers;
import io.slab.model.RangeTombstone;
import io.slab.model.RangeTombstone.Kind;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * RANGE_TOMBSTONES, back to back, ascending by LSN, kind and argument:
 *
 * <pre>
 * 0  8  LSN
 * 8  1  kind
 * 9     uvarint length of the argument, argument
 * </pre>
 */
public final class RangeTombstonesSection {
  private RangeTombstonesSection() {}

  /** Writes the section. */
  public static void write(SlabFileWriter out, List<RangeTombstone> tombstones) {
    ByteWriter bytes = new ByteWriter();
    for (RangeTombstone one : tombstones) {
      bytes.u64(one.lsn()).u8(one.kind().code());
      bytes.uvarint(one.argument().length).bytes(one.argument());
    }
    out.section(
        SectionSpec.of(SectionKind.RANGE_TOMBSTONES),
        bytes.segment(),
        bytes.size(),
        tombstones.size());
  }

  /** Reads all of it and checks what can be checked without the rest of the slab. */
  public static List<RangeTombstone> read(Section section) {
    Sections.codec(section, SlabFormat.CODEC_NONE);
    Sections.encoding(section, 1);
    int items = Sections.items(section);
    ByteCursor in = Sections.cursor(section, 0, section.length());
    List<RangeTombstone> all = new ArrayList<>();
    for (int i = 0; i < items; i++) {
      RangeTombstone one = one(in);
      if (!all.isEmpty() && all.getLast().compareTo(one) >= 0) {
        throw in.corrupt("range tombstone " + i + " out of order", "ascending ones");
      }
      all.add(one);
    }
    in.end("the range tombstones");
    return all;
  }

  private static RangeTombstone one(ByteCursor in) {
    long lsn = in.u64("LSN");
    int code = in.u8("kind");
    Kind kind = Kind.ofCode(code);
    if (kind == null) {
      throw in.unsupported(
          "range tombstone of kind " + code,
          "a kind that this version knows",
          PrivateNumbers.hint(code >= PrivateNumbers.RANGE_KIND));
    }
    byte[] argument = in.bytes(in.varCount("argument length", in.remaining()), "argument");
    String problem = problem(kind, argument);
    if (problem != null) {
      throw in.corrupt(problem, "a possible argument of kind " + code);
    }
    return new RangeTombstone(lsn, kind, argument);
  }

  private static String problem(Kind kind, byte[] argument) {
    return switch (kind) {
      case ALL, FLUSHED ->
          argument.length > 0 ? "an argument of " + argument.length + " bytes" : null;
      case PREFIX ->
          argument.length == 0 || argument.length > Limits.MAX_ID_BYTES
              ? "a prefix of " + argument.length + " bytes"
              : null;
      case FILTER -> filterProblem(argument);
      case OTHER_SLABS, RESTORED -> slabsProblem(argument);
    };
  }

  private static String filterProblem(byte[] argument) {
    try {
      FilterParser.parse(Utf8.decode(argument, 0, argument.length));
      return null;
    } catch (CharacterCodingException e) {
      return "a filter that is not UTF-8";
    } catch (InvalidInputException e) {
      return "a filter with a problem: " + e.getMessage();
    }
  }

  private static String slabsProblem(byte[] argument) {
    if (argument.length % Ulid.BYTES != 0) {
      return argument.length + " bytes of slab ids";
    }
    for (int at = Ulid.BYTES; at < argument.length; at += Ulid.BYTES) {
      int before = at - Ulid.BYTES;
      if (Arrays.compareUnsigned(argument, before, at, argument, at, at + Ulid.BYTES) >= 0) {
        return "slab ids out of order";
      }
    }
    return null;
  }
}
