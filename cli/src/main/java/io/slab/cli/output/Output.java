package io.slab.cli.output;

import io.slab.error.CancellationToken;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The data a command prints: chooses the renderer, checks {@code --fields}, writes to stdout or to
 * a file. Close without {@link #finish} to leave an {@code --out} file untouched.
 */
public final class Output implements AutoCloseable {
  /**
   * How to print.
   *
   * @param fields members to show, empty for all
   * @param file where to write, or null for stdout
   * @param width longest table line, 0 for no limit
   */
  public record Options(
      OutputFormat format, List<String> fields, Path file, Style style, int width) {
    public Options {
      fields = List.copyOf(fields);
    }
  }

  private static final int MOST_WARNINGS = 20;

  private final Options options;
  private final OutputStream stdout;
  private final Consumer<Doc> watcher;
  private final CancellationToken cancellation;
  private final List<String> warnings = new ArrayList<>();
  private final MissingMetadata missing;
  private Sink sink;
  private Renderer renderer;
  private boolean muted;
  private boolean shown;

  public Output(Options options, OutputStream stdout) {
    this(options, stdout, row -> {}, CancellationToken.NONE);
  }

  /**
   * @param watcher is shown each row of a listing
   * @param cancellation asked before each row of a listing
   */
  public Output(
      Options options, OutputStream stdout, Consumer<Doc> watcher, CancellationToken cancellation) {
    this.options = options;
    this.stdout = stdout;
    this.watcher = watcher;
    this.cancellation = cancellation;
    this.missing = new MissingMetadata(options.fields());
  }

  /**
   * Has a warning in what is printed as JSON.
   *
   * @return false where it is known, or where there are too many of them to say more
   */
  public boolean addWarning(String text) {
    return warnings.size() < MOST_WARNINGS && !warnings.contains(text) && warnings.add(text);
  }

  /** Warnings that the end of a listing brought, for people. */
  public List<String> lateWarnings() {
    return missing.warnings();
  }

  public OutputFormat format() {
    return options.format();
  }

  /** True when rows are read by a program or a file rather than shown on a screen. */
  public boolean isMachine() {
    return options.format() != OutputFormat.TABLE;
  }

  /** What is printed goes to a terminal, which nothing out of the data may drive. */
  public void toTerminal() {
    shown = true;
  }

  /** From now on nothing is printed: a quiet command whose result was not asked for. */
  public void mute() {
    muted = true;
  }

  /** Starts a listing. */
  public void begin(Listing shape) {
    if (!options.fields().isEmpty()) {
      Fields.columns(shape, options.fields());
    }
    renderer().begin(shape);
  }

  /** One row of the listing. */
  public void row(Doc row) {
    cancellation.check();
    watcher.accept(row);
    missing.row(row);
    renderer().row(row);
  }

  /** Ends the listing. */
  public void end(Doc summary) {
    for (String text : missing.warnings()) {
      addWarning(text);
    }
    renderer().end(withWarnings(summary));
    finish();
  }

  /** Ends a listing that another one follows: a table for people has room for both. */
  public void endPart() {
    renderer().end(new Doc());
    textPart("");
    renderer = null;
  }

  /** Prints a result without rows. */
  public void document(Doc document) {
    Fields.check(document, options.fields());
    renderer().document(withWarnings(document));
    finish();
  }

  private Doc withWarnings(Doc doc) {
    return warnings.isEmpty() || !format().isJson() ? doc : doc.put("warnings", warnings);
  }

  /** Prints a result without rows that text follows, for people. */
  public void documentPart(Doc document) {
    renderer().document(document);
    textPart("");
    renderer = null;
  }

  /** Prints text that more follows. */
  public void textPart(String text) {
    if (!muted) {
      sink().write(text + "\n");
    }
  }

  /** Prints text as it is, in every format (help, versions, trees). */
  public void text(String text) {
    if (!muted) {
      sink().write(text);
    }
    finish();
  }

  /** Where raw bytes go; {@link #finish} ends them. */
  public Sink sink() {
    if (sink == null) {
      sink = options.file() == null ? Sink.of(stdout) : Sink.ofFile(options.file());
    }
    return sink;
  }

  /** Everything was printed: flushes, and makes an {@code --out} file visible. */
  public void finish() {
    sink().commit();
  }

  private Renderer renderer() {
    if (muted) {
      return Renderer.NOTHING;
    }
    if (renderer == null) {
      // A table and lines of names and values are cleaned for every reader.
      Sink out = shown ? sink().numbered() : sink();
      List<String> fields = options.fields();
      renderer =
          switch (options.format()) {
            case TABLE -> new TableRenderer(sink(), fields, options.style(), options.width());
            case JSON -> new JsonRenderer(out, fields);
            case NDJSON -> new NdjsonRenderer(out, fields);
            case CSV -> new SeparatedRenderer(out, fields, true);
            case TSV -> new SeparatedRenderer(out, fields, false);
            case LINE -> new LineRenderer(sink(), fields);
          };
    }
    return renderer;
  }

  @Override
  public void close() {
    if (sink != null) {
      sink.close();
    }
  }
}
