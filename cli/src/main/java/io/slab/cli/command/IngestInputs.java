package io.slab.cli.command;

import io.slab.cli.input.LocalFile;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.StorageOptions;
import io.slab.error.CorruptException;
import io.slab.error.InvalidInputException;
import io.slab.source.ReadFailure;
import io.slab.source.ScanOptions;
import io.slab.source.Shape;
import io.slab.source.Source;
import io.slab.source.SourceFiles;
import io.slab.source.SourcePart;
import io.slab.source.Unread;
import io.slab.source.json.JsonRecords;
import io.slab.source.scan.NativeLines;
import io.slab.source.scan.OwnIds;
import io.slab.source.scan.SourceScanner;
import io.slab.source.scan.StreamScan;
import io.slab.store.FileKind;
import java.io.BufferedInputStream;
import java.io.IOException;
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

  /** Whether more than one input can be read only once. */
  private boolean several;

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
    List<String> pipes = words.stream().filter(IngestInputs::isPipe).toList();
    requireOnce(pipes);
    several = pipes.size() + (words.contains("-") ? 1 : 0) > 1;
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

  private static boolean isPipe(String word) {
    return !word.equals("-") && !isRemote(word) && SourceScanner.isPipe(word);
  }

  /** What a pipe gave it does not give again. */
  private static void requireOnce(List<String> pipes) {
    for (int i = 0; i < pipes.size(); i++) {
      for (int j = i + 1; j < pipes.size(); j++) {
        if (isSame(pipes.get(i), pipes.get(j))) {
          throw new UsageException(pipes.get(j) + " can be read once only", "name it once");
        }
      }
    }
  }

  private static boolean isSame(String one, String other) {
    try {
      return Files.isSameFile(Path.of(one), Path.of(other));
    } catch (IOException e) {
      return one.equals(other);
    }
  }

  private void add(String word) {
    if (word.equals("-")) {
      stream("stdin", session.console()::stdin);
    } else if (isRemote(word)) {
      remote(word);
    } else if (SourceScanner.isPipe(word)) {
      stream(word, () -> Files.newInputStream(Path.of(word)));
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

  /**
   * What can be read only once. Of several none is looked at before those in front of it are read:
   * who writes one after the other would wait for us, and we for the next one.
   */
  private void stream(String name, JsonRecords.Input input) {
    if (several) {
      parts.add(new SourcePart(name, null, -1, -1, read -> late(name, input).open(read)));
    } else {
      parts.add(recognised(name, input));
    }
  }

  /** Rows whose numbers are their ids have to be known before the first one is written. */
  private SourcePart late(String name, JsonRecords.Input input) {
    SourcePart part = recognised(name, input);
    if (part.numbers() != null) {
      throw new InvalidInputException(
          name + " has rows without ids, which are numbered, and comes beside other pipes",
          "name it alone, or save it to a file");
    }
    return part;
  }

  private SourcePart recognised(String name, JsonRecords.Input input) {
    try {
      BufferedInputStream in = new BufferedInputStream(input.open(), NativeLines.PREFIX);
      byte[] start = options.shape() == null && recognise ? StreamScan.peek(in) : new byte[0];
      if (options.shape() == null && (start.length == 0 || NativeLines.is(start))
          || options.shape() == Shape.JSONL && options.fields().names().isEmpty()) {
        return NativeLines.part(name, -1, () -> in, options.fields());
      }
      Source source = StreamScan.scan(name, in, options);
      session.say("reading " + name + ": " + source.shape().text());
      source.notices().forEach(notice -> notice(session, notice));
      notices.addAll(source.notices());
      return source.parts().getFirst();
    } catch (IOException e) {
      throw ReadFailure.of(name, e);
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
