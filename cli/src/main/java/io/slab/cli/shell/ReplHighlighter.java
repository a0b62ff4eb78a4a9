package io.slab.cli.shell;

import io.slab.cli.completion.CompletionModel;
import io.slab.cli.output.Style;
import io.slab.cli.output.Terminal;
import java.util.Map;
import org.jline.reader.Highlighter;
import org.jline.reader.LineReader;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** Colours for what is typed: verbs, options, and JSON by its parts. */
final class ReplHighlighter implements Highlighter {
  private static final AttributedStyle VERB = AttributedStyle.BOLD;
  private static final AttributedStyle WRONG =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.RED);
  private static final AttributedStyle OPTION =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN);
  private static final AttributedStyle TEXT =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN);
  private static final AttributedStyle NUMBER =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.MAGENTA);
  private static final AttributedStyle VARIABLE =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.YELLOW);

  private static final AttributedStyle COMMENT = AttributedStyle.DEFAULT.faint();

  private final boolean color;

  ReplHighlighter(Map<String, String> env) {
    color = Terminal.style("auto", true, env) == Style.COLOR;
  }

  @Override
  public AttributedString highlight(LineReader reader, String buffer) {
    if (!color) {
      return new AttributedString(buffer);
    }
    if (ReplLine.isComment(buffer.stripLeading())) {
      return new AttributedString(buffer, COMMENT);
    }
    AttributedStringBuilder out = new AttributedStringBuilder();
    boolean first = true;
    for (int at = 0; at < buffer.length(); ) {
      int end = end(buffer, at);
      String token = buffer.substring(at, end);
      AttributedStyle style = style(token, first && !token.isBlank());
      first &= token.isBlank();
      out.append(token, style);
      at = end;
    }
    return out.toAttributedString();
  }

  private static AttributedStyle style(String token, boolean first) {
    char c = token.charAt(0);
    if (first) {
      return known(token) ? VERB : WRONG;
    }
    if (c == '"' || c == '\'') {
      return TEXT;
    }
    if (c == '$') {
      return VARIABLE;
    }
    if (c == '-' && token.length() > 1 && !Character.isDigit(token.charAt(1))) {
      return OPTION;
    }
    return c == '-' || Character.isDigit(c) ? NUMBER : AttributedStyle.DEFAULT;
  }

  /** Whether a first word is, or may become, something that runs. */
  private static boolean known(String word) {
    return ReplCommands.HELP.keySet().stream().anyMatch(name -> name.startsWith(word))
        || CompletionModel.firsts().keySet().stream().anyMatch(name -> name.startsWith(word))
        || "slab exit quit".contains(word);
  }

  /** The end of the token that begins at a place: a string, a run of word characters, one other. */
  private static int end(String text, int from) {
    char c = text.charAt(from);
    int at = from + 1;
    if (c == '"' || c == '\'') {
      while (at < text.length() && text.charAt(at) != c) {
        at += text.charAt(at) == '\\' && at + 1 < text.length() ? 2 : 1;
      }
      return Math.min(text.length(), at + 1);
    }
    if (!wordCharacter(c)) {
      return at;
    }
    while (at < text.length() && wordCharacter(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean wordCharacter(char c) {
    return Character.isLetterOrDigit(c) || "-_.$@/#".indexOf(c) >= 0;
  }
}
