package io.slab.cli.shell;

import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Hands the offers of {@link ReplCompletion} to jline. */
final class ReplCompleter implements Completer {
  private final ReplCompletion completion;

  ReplCompleter(ReplCompletion completion) {
    this.completion = completion;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    String text = line.line().substring(0, line.cursor());
    int order = 0;
    for (ReplCompletion.Offer offer : completion.offers(text)) {
      candidates.add(
          new Candidate(
              offer.text(), offer.text(), null, offer.about(), null, null, offer.whole(), order++));
    }
  }
}
