package io.slab.cli.command;

import io.slab.cli.input.LocalFile;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.StorageOptions;
import io.slab.error.StoreException;
import io.slab.ingest.IngestInput;
import io.slab.source.ScanOptions;
import io.slab.source.Shape;
import io.slab.source.Source;
import io.slab.source.Unread;
import io.slab.source.scan.NativeLines;
import io.slab.source.scan.OwnIds;
import io.slab.source.scan.SourceScanner;
import io.slab.source.scan.StreamScan;
import io.slab.store.FileKind;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out what the inputs of an ingest are. JSON lines are read directly; all else is scanned.
 */
final class IngestInputs {
  private final Session session;
  private final StorageOptions storage;
  private final ScanOptions options;
  private final boolean recognise;
  private final boolean skip;
  private final List<IngestInput> lines = new ArrayList<>();
  private final List<IngestInput> parts = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();
  private final List<Unread> unread = new ArrayList<>();

  /**
   * @param recognise false when everything is JSON lines because the user said so
   * @param skip true to go on without files that may hold records and are not read
   */
  IngestInputs(
      Session session,
      StorageOptions storage,
      ScanOptions options,
      boolean recognise,
      boolean skip) {
    this.session = session;
    this.storage = storage;
    this.options = options;
    this.recognise = recognise;
    this.skip = skip;
  }

  /** The inputs, either all JSON lines or all parts of sources. */
  List<IngestInput> of(List<String> words) {
    if (words.isEmpty()) {
      throw new UsageException(
          "no FILE to ingest", "name files or folders of records, or - for stdin");
    }
    for (String word : words) {
      if (!word.equals("-") && !isRemote(word)) {
        LocalFile.require("FILE", Path.of(word));
      }
    }
    // One foreign input makes all of them parts, so that they are read in their order.
    boolean allLines = options.shape() == null;
    for (String word : words) {
      allLines = allLines && !word.equals("-") && !isRemote(word) && isLines(Path.of(word));
    }
    if (words.size() == 1 && words.getFirst().equals("-")) {
      stdin();
    } else {
      for (String word : words) {
        add(word, allLines || !recognise);
      }
    }
    boolean numbered = parts.stream().anyMatch(input -> input.part().numbers() != null);
    ExportOptions.requireUse(options.numbers(), numbered);
    return parts.isEmpty() ? lines : parts;
  }

  /** What was said about the sources. */
  List<String> notices() {
    return notices;
  }

  /** Says what is to be known of a source; what is left out even where talk is silenced. */
  static void notice(Session session, String notice) {
    if (Source.saysLeftOut(notice)) {
      session.console().warn(notice);
    } else {
      session.say(notice);
    }
  }

  /** Files among the inputs that may hold records and are none of them. */
  List<Unread> unread() {
    return unread;
  }

  private static boolean isRemote(String word) {
    return StorageOptions.isRemote(word);
  }

  private void add(String word, boolean asLines) {
    if (word.equals("-")) {
      if (!asLines) {
        throw new UsageException("stdin goes with JSON-lines files, or alone", "save it to a file");
      }
      lines.add(IngestInput.stream("stdin", session.console().stdin()));
    } else if (asLines) {
      lines.add(IngestInput.file(Path.of(word)));
    } else {
      announce(word, SourcePlace.scan(session, word, options, storage, skip));
    }
  }

  private boolean isLines(Path file) {
    FileKind kind = FileKind.of(file);
    if (kind == FileKind.FOLDER || SourceScanner.isPlaced(file.toString(), options.fields())) {
      return false;
    }
    if (kind != FileKind.FILE) {
      // A pipe: what was read of it could not be read again.
      return true;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return NativeLines.is(in.readNBytes(NativeLines.PREFIX));
    } catch (IOException e) {
      return true;
    }
  }

  private void stdin() {
    BufferedInputStream in = new BufferedInputStream(session.console().stdin(), NativeLines.PREFIX);
    try {
      byte[] start = options.shape() == null && recognise ? StreamScan.peek(in) : new byte[0];
      if (options.shape() == null && (start.length == 0 || NativeLines.is(start))
          || options.shape() == Shape.JSONL && options.fields().names().isEmpty()) {
        lines.add(IngestInput.stream("stdin", in));
      } else {
        announce("stdin", StreamScan.scan("stdin", in, options));
      }
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Kind.FAILED, "cannot read stdin: " + e.getMessage(), null, e);
    }
  }

  private void announce(String word, Source source) {
    session.say("reading " + word + ": " + source.shape().text());
    source.notices().forEach(notice -> notice(session, notice));
    notices.addAll(source.notices());
    source
        .parts()
        .forEach(part -> parts.add(IngestInput.part(OwnIds.part(part, options.numbers()))));
    if (!skip) {
      source.requireAllRead();
    }
    unread.addAll(source.unread());
  }
}
