package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.cli.verb.Session;
import io.slab.ingest.NoteTally;
import io.slab.source.Note;
import java.util.List;
import java.util.Locale;

/** What an ingest did to records on their way. */
final class Remarks {
  private Remarks() {}

  /** For programs. */
  static List<Doc> docs(List<NoteTally.Count> notes) {
    return notes.stream()
        .map(note ->
            new Doc()
                .put("kind", note.kind().name().toLowerCase(Locale.ROOT))
                .put("effect", note.kind().effect().label())
                .put("text", note.kind().text())
                .put("count", note.count())
                .put("first", note.first()))
        .toList();
  }

  /** For people: what was left out or rounded even where all else is silenced. */
  static void say(Session session, List<NoteTally.Count> notes) {
    for (NoteTally.Count note : notes) {
      String text =
          "found "
              + Human.count(note.count())
              + " "
              + note.kind().text()
              + "; first: "
              + note.first()
              + (note.kind().hint() == null ? "" : "; " + note.kind().hint());
      if (note.kind().effect() == Note.Effect.CONVERTED) {
        session.say(text);
      } else {
        session.console().warn(text);
      }
    }
  }
}
