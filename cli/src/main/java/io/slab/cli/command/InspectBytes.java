package io.slab.cli.command;

import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Listing;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Session;
import io.slab.error.NotFoundException;
import io.slab.inspect.HexDump;
import io.slab.inspect.SectionInfo;
import io.slab.inspect.SlabInspector;
import io.slab.objects.ObjectType;
import io.slab.store.ByteSource;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Bytes of any object as they are. */
final class InspectBytes {
  private static final Listing HEX =
      new Listing(
          "lines", "line", List.of(Column.text("offset"), Column.text("hex"), Column.text("text")));
  private static final int STEP = 1 << 20;
  private static final long DEFAULT_LENGTH = 256;

  private final Inspect options;
  private final Session session;
  private final ByteSource source;
  private final ObjectType type;

  InspectBytes(Inspect options, Session session, ByteSource source, ObjectType type) {
    this.options = options;
    this.session = session;
    this.source = source;
    this.type = type;
  }

  ExitCode run() {
    long start = options.offset;
    long whole = source.length();
    if (options.section != null) {
      SectionInfo info = section();
      start += info.offset();
      whole = info.offset() + info.storedLength();
    }
    if (start < 0 || start > whole) {
      throw new UsageException(
          "--offset " + options.offset + " is outside of " + source.name(), null);
    }
    boolean everything = options.length == null && (options.raw || options.section != null);
    long length =
        everything ? whole - start : options.length == null ? DEFAULT_LENGTH : options.length;
    if (length < 0) {
      throw new UsageException("--length must not be negative", null);
    }
    length = Math.min(length, whole - start);
    if (options.raw) {
      raw(start, length);
    } else {
      hex(start, Math.min(length, HexDump.MAX_BYTES));
    }
    return ExitCode.OK;
  }

  private void raw(long start, long length) {
    for (long done = 0; done < length; done += STEP) {
      byte[] part =
          source.read(start + done, Math.min(STEP, length - done)).toArray(ValueLayout.JAVA_BYTE);
      session.output().sink().write(part, 0, part.length);
    }
    session.output().finish();
  }

  private void hex(long start, long length) {
    session.output().begin(HEX);
    for (HexDump.Line line : HexDump.of(source, start, length)) {
      session
          .output()
          .row(
              new Doc()
                  .put("offset", String.format(Locale.ROOT, "%08x", line.offset()))
                  .put("hex", line.hex())
                  .put("text", line.text()));
    }
    session.output().end(new Doc());
  }

  private SectionInfo section() {
    if (type != ObjectType.SLAB) {
      throw new UsageException("only slabs have sections and this is a " + type.label(), null);
    }
    String[] words = options.section.split(":", 2);
    try (SlabInspector slab = SlabInspector.open(options.target.place().open())) {
      for (SectionInfo info : slab.sections()) {
        boolean column =
            words.length == 1
                || words[1].equals(Integer.toString(info.column()))
                || words[1].equals(info.field());
        if (info.kind().equalsIgnoreCase(words[0]) && column) {
          return info;
        }
      }
    }
    throw new NotFoundException("there is no section " + options.section, "see --what sections");
  }

  /** Stored JSON, as it is. */
  static ExitCode json(Session session, ByteSource source) {
    byte[] bytes = source.read(0, source.length()).toArray(ValueLayout.JAVA_BYTE);
    String text = new String(bytes, StandardCharsets.UTF_8);
    session.output().text(text.endsWith("\n") ? text : text + "\n");
    return ExitCode.OK;
  }

  /** What kind of object this is, for those that have no view of their own. */
  static ExitCode identify(Session session, ByteSource source, ObjectType type) {
    session.output().document(new Doc().put("object", type.label()).put("bytes", source.length()));
    session.say("see its bytes with --what hex");
    return ExitCode.OK;
  }
}
