package io.slab.cli.shell;

import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/** Tells jline when a line is complete, and which piece of it the Tab key is about. */
final class ReplParser implements Parser {
  /** What was entered of the line so far: a long one is read once, and not with each Enter. */
  private String entered = "";

  private OpenLine open = new OpenLine();

  @Override
  public ParsedLine parse(String line, int cursor, ParseContext context) {
    if (context == ParseContext.ACCEPT_LINE) {
      String missing = missing(line);
      if (missing != null) {
        throw new EOFError(-1, -1, missing + " is missing", "");
      }
    }
    return new Line(line, cursor);
  }

  private String missing(String line) {
    boolean goesOn = line.startsWith(entered) && line.startsWith("\n", entered.length());
    if (entered.isEmpty() || !goesOn) {
      entered = "";
      open = new OpenLine();
    }
    open.add(line.substring(entered.length()));
    entered = line;
    return open.missing();
  }

  @Override
  public boolean isEscapeChar(char ch) {
    return ch == '\\';
  }

  /** The line to the cursor; its only word is the piece that is being typed. */
  private record Line(String line, int cursor) implements CompletingParsedLine {
    @Override
    public String word() {
      String text = line.substring(0, cursor);
      return text.substring(ReplCompletion.start(text));
    }

    @Override
    public int wordCursor() {
      return word().length();
    }

    @Override
    public int wordIndex() {
      return 0;
    }

    @Override
    public List<String> words() {
      return List.of(word());
    }

    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
      return candidate;
    }

    @Override
    public int rawWordCursor() {
      return wordCursor();
    }

    @Override
    public int rawWordLength() {
      return word().length();
    }
  }
}
