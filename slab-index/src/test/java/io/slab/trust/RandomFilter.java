package io.slab.trust;

import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A filter as text, and what it means, written down a second time without the code that is tested.
 *
 * @param json the filter
 * @param matches whether a record with these fields is meant
 */
record RandomFilter(String json, Predicate<Metadata> matches) {
  static RandomFilter of(Random random, int depth) {
    int kind = random.nextInt(depth > 0 ? 9 : 6);
    return switch (kind) {
      case 0 -> number(random, "$gt", (a, b) -> a > b);
      case 1 -> number(random, "$lte", (a, b) -> a <= b);
      case 2 -> equal(random, false);
      case 3 -> equal(random, true);
      case 4 -> in(random);
      case 5 -> exists(random);
      case 6 -> both(random, depth - 1);
      default -> either(random, depth - 1);
    };
  }

  private interface Compare {
    boolean holds(double a, double b);
  }

  private static RandomFilter number(Random random, String operator, Compare compare) {
    double limit = random.nextInt(10);
    return new RandomFilter(
        "{\"n\":{\"" + operator + "\":" + (int) limit + "}}",
        fields ->
            fields.fields().get("n") instanceof MetaValue.Num n && compare.holds(n.value(), limit));
  }

  private static boolean has(Metadata fields, String text) {
    MetaValue value = fields.fields().get("t");
    return switch (value) {
      case MetaValue.Str s -> s.value().equals(text);
      case MetaValue.StrList l -> l.values().contains(text);
      case null, default -> false;
    };
  }

  private static RandomFilter equal(Random random, boolean not) {
    String text = "x" + random.nextInt(4);
    return new RandomFilter(
        "{\"t\":{\"" + (not ? "$ne" : "$eq") + "\":\"" + text + "\"}}",
        fields -> has(fields, text) != not);
  }

  private static RandomFilter in(Random random) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      texts.add("x" + random.nextInt(4));
    }
    return new RandomFilter(
        "{\"t\":{\"$in\":[\"" + String.join("\",\"", texts) + "\"]}}",
        fields -> texts.stream().anyMatch(text -> has(fields, text)));
  }

  private static RandomFilter exists(Random random) {
    String field = random.nextBoolean() ? "n" : "t";
    boolean wanted = random.nextBoolean();
    return new RandomFilter(
        "{\"" + field + "\":{\"$exists\":" + wanted + "}}",
        fields -> fields.fields().containsKey(field) == wanted);
  }

  private static RandomFilter both(Random random, int depth) {
    List<RandomFilter> parts = parts(random, depth);
    return new RandomFilter(
        "{\"$and\":[" + joined(parts) + "]}",
        fields -> parts.stream().allMatch(part -> part.matches.test(fields)));
  }

  private static RandomFilter either(Random random, int depth) {
    List<RandomFilter> parts = parts(random, depth);
    return new RandomFilter(
        "{\"$or\":[" + joined(parts) + "]}",
        fields -> parts.stream().anyMatch(part -> part.matches.test(fields)));
  }

  private static List<RandomFilter> parts(Random random, int depth) {
    List<RandomFilter> parts = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      parts.add(of(random, depth));
    }
    return parts;
  }

  private static String joined(List<RandomFilter> parts) {
    return parts.stream().map(RandomFilter::json).collect(Collectors.joining(","));
  }
}
