package io.slab.cli.shell;

import io.slab.cli.command.LiveWords;
import io.slab.cli.command.OpenIndexes;
import io.slab.cli.completion.CompletionModel;
import io.slab.cli.completion.FilterPieces;
import io.slab.cli.completion.JsonPrefix;
import io.slab.cli.help.VerbOptions;
import io.slab.cli.verb.VerbName;
import io.slab.cli.verb.Verbs;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What the interactive shell offers for the Tab key. Knows nothing of terminals. Words that come
 * from the index are bounded by {@link LiveWords}; when the index cannot be read none are offered.
 */
final class ReplCompletion {
  /**
   * One offer.
   *
   * @param about a few words for people, or null
   * @param whole false when more can follow without a space
   */
  record Offer(String text, String about, boolean whole) {}

  private static final List<String> FILE_OPTIONS =
      List.of(
          "--queries", "--out", "--rejects", "--metadata", "--ground-truth", "--file", "--html");
  private final ReplState state;
  private final OpenIndexes open;
  private final Verbs verbs;
  private Map<VerbName, List<VerbOptions.Choice>> options;

  ReplCompletion(Verbs verbs, ReplState state, OpenIndexes open) {
    this.verbs = verbs;
    this.state = state;
    this.open = open;
  }

  /**
   * Loads the model of all verbs, which takes a moment: before the first Tab, in the background.
   */
  synchronized Map<VerbName, List<VerbOptions.Choice>> options() {
    if (options == null) {
      options = VerbOptions.all(verbs);
    }
    return options;
  }

  /** Where the piece of text begins that offers replace. */
  static int start(String text) {
    int start = ReplLine.of(text).start();
    int piece = JsonPrefix.pieceStart(text.substring(start));
    return piece < 0 ? start : start + piece;
  }

  /** The offers for a line that ends at the cursor. */
  List<Offer> offers(String text) {
    ReplLine line = ReplLine.of(text);
    List<String> words = new ArrayList<>();
    line.words().forEach(word -> words.add(word.text()));
    if (line.start() < text.length()) {
      words.removeLast();
    }
    String current = text.substring(line.start());
    List<Offer> offers = new ArrayList<>();
    if (!words.isEmpty() && words.getFirst().equals("slab")) {
      words.removeFirst();
    }
    if (words.isEmpty()) {
      first(current, offers);
    } else if (words.getFirst().startsWith(".")) {
      dot(words, current, offers);
    } else {
      verb(words, current, offers);
    }
    return offers;
  }

  private void first(String current, List<Offer> offers) {
    if (current.startsWith(".")) {
      ReplCommands.HELP.forEach((name, about) -> add(offers, name, about[1], current));
      return;
    }
    CompletionModel.firsts().forEach((word, about) -> add(offers, word, about, current));
  }

  private void dot(List<String> words, String current, List<Offer> offers) {
    switch (words.getFirst()) {
      case ".mode" -> addAll(offers, ReplCommands.MODES, current);
      case ".timer", ".profile", ".pager", ".echo", ".bail" ->
          addAll(offers, List.of("on", "off"), current);
      case ".set" -> setting(words, current, offers);
      case ".ns" -> live(words(live -> addAll(offers, live.namespaces(current), current)));
      case ".open", ".read", ".output", ".once" -> files(current, offers);
      case ".help" -> first(current, offers);
      default -> {}
    }
  }

  private void setting(List<String> words, String current, List<Offer> offers) {
    if (words.size() == 1) {
      addAll(offers, ReplCommands.SETTINGS, current);
    } else if (words.size() == 2 && ReplCommands.SETTINGS.contains(words.get(1))) {
      boolean mode = words.get(1).equals("mode");
      addAll(offers, mode ? ReplCommands.MODES : List.of("on", "off"), current);
    }
  }

  private void verb(List<String> words, String current, List<Offer> offers) {
    List<String> seconds = CompletionModel.seconds().get(words.getFirst());
    if (seconds != null && words.size() == 1) {
      addAll(offers, seconds, current);
      return;
    }
    VerbName verb = VerbName.of(String.join(" ", words.subList(0, VerbName.wordsIn(words))));
    if (verb == null) {
      return;
    }
    int equals = current.startsWith("--") ? current.indexOf('=') : -1;
    if (equals > 0) {
      List<Offer> values = new ArrayList<>();
      value(verb, current.substring(0, equals), current.substring(equals + 1), values);
      String head = current.substring(0, equals + 1);
      boolean piece = JsonPrefix.pieceStart(current) >= 0;
      values.forEach(offer ->
          offers.add(piece ? offer : new Offer(head + offer.text(), offer.about(), offer.whole())));
    } else if (current.startsWith("-")) {
      for (VerbOptions.Choice choice : options().get(verb)) {
        choice.names().stream()
            .filter(name -> name.startsWith("--") || current.equals(name))
            .forEach(name -> add(offers, name, choice.about(), current));
      }
    } else if (!value(verb, words.getLast(), current, offers)) {
      String live = CompletionModel.afterTarget(verb);
      if (live != null && words.size() == VerbName.wordsIn(words)) {
        live(live, current, offers);
      } else if (verb == VerbName.INGEST
          || verb == VerbName.INSPECT
          || verb == VerbName.VERIFY
          || verb == VerbName.REPAIR) {
        files(current, offers);
      }
    }
  }

  /** Offers values of an option; false when the word is no option that takes one. */
  private boolean value(VerbName verb, String option, String current, List<Offer> offers) {
    VerbOptions.Choice choice = null;
    for (VerbOptions.Choice candidate : options().get(verb)) {
      choice = candidate.names().contains(option) && candidate.takesValue() ? candidate : choice;
    }
    if (choice == null) {
      return false;
    }
    if (current.startsWith("$")) {
      state.variables.keySet().forEach(name -> add(offers, "$" + name, null, current));
      add(offers, "$last", "the ids of the last result", current);
    } else if (!choice.values().isEmpty()) {
      addAll(offers, choice.values(), current);
    } else if (CompletionModel.live(verb, choice) != null) {
      live(CompletionModel.live(verb, choice), current, offers);
    } else if (choice.names().stream().anyMatch(FILE_OPTIONS::contains)) {
      files(current, offers);
    }
    return true;
  }

  private void fields(String current, List<Offer> offers) {
    int comma = current.lastIndexOf(',') + 1;
    String head = current.substring(0, comma);
    List<String> names = new ArrayList<>(List.of("id", "score", "rank", "values", "metadata"));
    live(words(live -> live.fields("").forEach(field -> names.add("metadata." + field))));
    for (String name : names) {
      if (name.startsWith(current.substring(comma))) {
        offers.add(new Offer(head + name, null, false));
      }
    }
  }

  /** Offers words of the index, as {@link CompletionModel} names their kinds. */
  private void live(String what, String current, List<Offer> offers) {
    switch (what) {
      case "namespaces" -> live(words(live -> addAll(offers, live.namespaces(current), current)));
      case "checkpoints" -> live(words(live -> addAll(offers, live.checkpoints(current), current)));
      case "fields" -> live(words(live -> addAll(offers, live.fields(current), current)));
      case "members" -> fields(current, offers);
      case "filter" -> filter(current, offers);
      default -> live(words(live -> addAll(offers, live.ids(current), current)));
    }
  }

  private void filter(String current, List<Offer> offers) {
    if (current.isEmpty()) {
      offers.add(new Offer("{", "a filter", false));
      return;
    }
    live(
        words(live ->
            new FilterPieces(live)
                .of(current)
                .forEach(piece -> offers.add(new Offer(piece, null, false)))));
  }

  private Runnable words(Consumer<LiveWords> use) {
    return () -> open.words(state.target, state.namespace, use);
  }

  private void live(Runnable read) {
    if (state.target == null) {
      return;
    }
    try {
      read.run();
    } catch (RuntimeException e) {
      // Nothing to offer; a command that reads the same will say why.
      return;
    }
  }

  private static void files(String current, List<Offer> offers) {
    int slash = current.lastIndexOf('/') + 1;
    String folder = current.substring(0, slash);
    String name = current.substring(slash);
    Path path = Path.of(folder.isEmpty() ? "." : folder);
    if (!Files.isDirectory(path)) {
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        String file = entry.getFileName().toString();
        if (file.startsWith(name) && (name.startsWith(".") || !file.startsWith("."))) {
          boolean directory = Files.isDirectory(entry);
          offers.add(new Offer(folder + file + (directory ? "/" : ""), null, !directory));
        }
      }
    } catch (IOException e) {
      // A folder that cannot be read offers nothing.
      return;
    }
  }

  private static void addAll(List<Offer> offers, Collection<String> words, String current) {
    words.forEach(word -> add(offers, word, null, current));
  }

  private static void add(List<Offer> offers, String word, String about, String current) {
    if (word.startsWith(current)) {
      offers.add(new Offer(word, about, true));
    }
  }
}
