package io.slab.cli.completion;

import io.slab.cli.command.LiveWords;
import io.slab.cli.output.JsonText;
import io.slab.model.MetaValue;
import io.slab.model.Numbers;
import java.util.ArrayList;
import java.util.List;

/**
 * What can follow in a filter that is being typed: names of fields and operators, and values of the
 * field as far as bitmaps know them.
 */
public final class FilterPieces {
  private static final List<String> OPERATORS =
      List.of("$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$exists");

  private final LiveWords words;

  public FilterPieces(LiveWords words) {
    this.words = words;
  }

  /** The pieces that can stand in the place of the last one: names with a colon, or values. */
  public List<String> of(String begun) {
    if (begun.isEmpty()) {
      return List.of("{");
    }
    JsonPrefix cursor = JsonPrefix.of(begun);
    String piece = cursor.piece();
    String bare = piece.startsWith("\"") ? piece.substring(1) : piece;
    List<String> found = new ArrayList<>();
    if (cursor.place() == JsonPrefix.Place.NAME) {
      if (cursor.field() == null) {
        words.fields(bare).forEach(field -> found.add(name(field)));
        addNames(bare.isEmpty() ? List.of() : List.of("$and", "$or"), bare, found);
      } else {
        addNames(OPERATORS, bare, found);
      }
    } else if (cursor.place() == JsonPrefix.Place.VALUE && cursor.field() != null) {
      words.values(cursor.field(), bare).forEach(value -> found.add(json(value)));
    }
    return found;
  }

  /**
   * Whole words for a shell that has a quotation mark open. Such a shell closes the mark after a
   * word that is the only one: so a value comes with the brackets that are still open, and a name
   * that is alone comes with what can follow it.
   */
  List<String> words(String begun) {
    String text = begun.isEmpty() ? "{" : begun;
    JsonPrefix cursor = JsonPrefix.of(text);
    String head = text.substring(0, cursor.start());
    List<String> pieces = of(text);
    if (cursor.place() == JsonPrefix.Place.VALUE) {
      return pieces.stream().map(piece -> head + piece + cursor.closing()).toList();
    }
    List<String> found = new ArrayList<>();
    pieces.forEach(piece -> found.add(head + piece));
    if (found.size() == 1) {
      String name = found.getFirst();
      found.addAll(words(name));
      found.add(name + (cursor.field() == null ? "{\"$" : "\""));
    }
    return found;
  }

  private static void addNames(List<String> names, String bare, List<String> found) {
    names.stream().filter(name -> name.startsWith(bare)).forEach(name -> found.add(name(name)));
  }

  private static String name(String name) {
    return JsonText.of(name) + ":";
  }

  private static String json(MetaValue value) {
    return switch (value) {
      case MetaValue.Str(String text) -> JsonText.of(text);
      case MetaValue.Num(double number) -> Numbers.text(number);
      case MetaValue.Bool(boolean truth) -> Boolean.toString(truth);
      case MetaValue.StrList list -> JsonText.of(list.values());
    };
  }
}
