package io.slab.cli.command;

import io.slab.cli.input.LocalFile;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.StorageOptions;
import io.slab.error.CorruptException;
import io.slab.error.StoreException;
import io.slab.source.ReadFailure;
import io.slab.source.ScanOptions;
import io.slab.source.Shape;
import io.slab.source.Source;
import io.slab.source.SourceFiles;
import io.slab.source.SourcePart;
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
 * Finds out what the inputs of an ingest are. Where the first bytes say that an input is JSON lines
 * it is taken as such; everything else is scanned.
 */
final class IngestInputs {
  private final Session session;
  private final StorageOptions storage;
  private final ScanOptions options;
  private final boolean recognise;
  private final boolean skip;
  private final List<SourcePart> parts = new ArrayList<>();
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

  /** The inputs, in their order. */
  List<SourcePart> of(List<String> words) {
    if (words.isEmpty()) {
      throw new UsageException(
          "no FILE to ingest", "name files or folders of records, or - for stdin");
    }
    for (String word : words) {
      if (!word.equals("-") && !isRemote(word)) {
        LocalFile.require("FILE", Path.of(word));
      }
    }
    if (words.stream().filter("-"::equals).count() > 1) {
      throw new UsageException("stdin can be read once only", "name - once");
    }
    words.forEach(this::add);
    boolean numbered = parts.stream().anyMatch(part -> part.numbers() != null);
    ExportOptions.requireUse(options.numbers(), numbered);
    // Not before: what is made up is known when all inputs are.
    return parts.stream().map(part -> OwnIds.part(part, options.numbers())).toList();
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

  private void add(String word) {
    if (word.equals("-")) {
      stdin();
    } else if (isRemote(word)) {
      remote(word);
    } else if (SourceScanner.isPipe(word)) {
      pipe(word);
    } else if (isLines(Path.of(word))) {
      parts.add(lines(Path.of(word)));
    } else {
      announce(word, SourcePlace.scan(session, word, options, storage, skip));
    }
  }

  private SourcePart lines(Path file) {
    long bytes;
    try {
      bytes = FileKind.of(file) == FileKind.FILE ? Files.size(file) : -1;
    } catch (IOException e) {
      // The job reports it with its place among the inputs when it opens the file.
      bytes = -1;
    }
    return NativeLines.part(
        file.toString(), bytes, () -> Files.newInputStream(file), options.fields());
  }

  private boolean isLines(Path file) {
    if (!recognise) {
      return true;
    }
    FileKind kind = FileKind.of(file);
    if (options.shape() != null
        || kind == FileKind.FOLDER
        || SourceScanner.isPlaced(file.toString(), options.fields())) {
      return false;
    }
    if (kind != FileKind.FILE) {
      return true;
    }
    try {
      return NativeLines.is(NativeLines.start(file.toString(), () -> Files.newInputStream(file)));
    } catch (IOException e) {
      return true;
    } catch (CorruptException e) {
      // Packed and damaged: the scan says so.
      return false;
    }
  }

  private void remote(String word) {
    SourceFiles files = SourcePlace.remote(word, storage);
    SourcePart found = options.shape() == null ? NativeLines.of(files, options.fields()) : null;
    if (found != null) {
      parts.add(found);
    } else {
      announce(word, SourcePlace.scan(session, word, files, options, skip));
    }
  }

  private void stdin() {
    stream("stdin", session.console().stdin());
  }

  private void pipe(String word) {
    try {
      stream(word, Files.newInputStream(Path.of(word)));
    } catch (IOException e) {
      throw ReadFailure.of(word, e);
    }
  }

  /** What can be read only once. */
  private void stream(String name, InputStream from) {
    BufferedInputStream in = new BufferedInputStream(from, NativeLines.PREFIX);
    try {
      byte[] start = options.shape() == null && recognise ? StreamScan.peek(in) : new byte[0];
      if (options.shape() == null && (start.length == 0 || NativeLines.is(start))
          || options.shape() == Shape.JSONL && options.fields().names().isEmpty()) {
        parts.add(NativeLines.part(name, -1, () -> in, options.fields()));
      } else {
        announce(name, StreamScan.scan(name, in, options));
      }
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Kind.FAILED, "cannot read " + name + ": " + e.getMessage(), null, e);
    }
  }

  private void announce(String word, Source source) {
    session.say("reading " + word + ": " + source.shape().text());
    source.notices().forEach(notice -> notice(session, notice));
    notices.addAll(source.notices());
    parts.addAll(source.parts());
    if (!skip) {
      source.requireAllRead();
    }
    unread.addAll(source.unread());
  }
}
