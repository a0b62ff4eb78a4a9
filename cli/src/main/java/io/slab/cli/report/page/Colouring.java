package io.slab.cli.report.page;

import io.slab.cli.report.Figures;
import io.slab.cli.report.SlabDocs;
import io.slab.format.SlabReader;
import io.slab.inspect.SampledRows;
import io.slab.model.MetaValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which colour each of the rows shown has, by one metadata field: one for each of the most frequent
 * values, or a shade for each fifth of the numbers.
 *
 * @param field its name, null for no colouring
 * @param shades true for ordered colours
 * @param names what each colour stands for, in their order
 * @param counts rows of each colour
 * @param of the colour of each row shown
 */
record Colouring(String field, boolean shades, List<String> names, int[] counts, int[] of) {
  /** Colours that can be told apart; the last one is for everything else. */
  static final int COLOURS = 10;

  private static final int SHADES = 5;

  /** By a field, or null for one colour. */
  static Colouring of(SlabReader slab, SampledRows sample, String field) {
    if (field == null) {
      int[] all = new int[sample.count()];
      return new Colouring(null, false, List.of(), new int[] {all.length}, all);
    }
    MetaValue[] values = new MetaValue[sample.count()];
    Map<String, Integer> counts = new HashMap<>();
    boolean numbers = true;
    for (int i = 0; i < values.length; i++) {
      values[i] = slab.metadata(sample.row(i)).fields().get(field);
      if (values[i] != null) {
        counts.merge(label(values[i]), 1, Integer::sum);
        numbers &= values[i] instanceof MetaValue.Num;
      }
    }
    return numbers && counts.size() > COLOURS
        ? shades(field, values)
        : classes(field, values, counts);
  }

  /** Of a list its first element: a row has one colour. */
  private static String label(MetaValue value) {
    return value instanceof MetaValue.StrList list
        ? list.values().isEmpty() ? "(empty list)" : list.values().getFirst()
        : SlabDocs.text(value).isBlank() ? "(empty)" : SlabDocs.text(value);
  }

  private static Colouring classes(String field, MetaValue[] values, Map<String, Integer> counts) {
    boolean absent = Arrays.stream(values).anyMatch(value -> value == null);
    List<String> names =
        new ArrayList<>(
            counts.entrySet().stream()
                .sorted(
                    Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .toList());
    boolean others = names.size() + (absent ? 1 : 0) > COLOURS;
    if (others) {
      names = new ArrayList<>(names.subList(0, COLOURS - 1));
    }
    if (others || absent) {
      names.add(others ? "everything else" : "(absent)");
    }
    int[] of = new int[values.length];
    int[] sums = new int[names.size()];
    for (int i = 0; i < values.length; i++) {
      int known = values[i] == null ? -1 : names.indexOf(label(values[i]));
      of[i] = known < 0 ? names.size() - 1 : known;
      sums[of[i]]++;
    }
    return new Colouring(field, false, List.copyOf(names), sums, of);
  }

  private static Colouring shades(String field, MetaValue[] values) {
    double[] sorted =
        Arrays.stream(values)
            .filter(value -> value instanceof MetaValue.Num)
            .mapToDouble(value -> ((MetaValue.Num) value).value())
            .sorted()
            .toArray();
    double[] ends = new double[SHADES - 1];
    for (int i = 1; i < SHADES; i++) {
      ends[i - 1] = sorted[i * sorted.length / SHADES];
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < SHADES; i++) {
      double from = i == 0 ? sorted[0] : ends[i - 1];
      double to = i == SHADES - 1 ? sorted[sorted.length - 1] : ends[i];
      names.add(Figures.number(from) + " to " + Figures.number(to));
    }
    boolean absent = sorted.length < values.length;
    if (absent) {
      names.add("(absent)");
    }
    int[] of = new int[values.length];
    int[] sums = new int[names.size()];
    for (int i = 0; i < values.length; i++) {
      of[i] = names.size() - 1;
      if (values[i] instanceof MetaValue.Num(double number)) {
        of[i] = 0;
        for (double end : ends) {
          of[i] += number >= end ? 1 : 0;
        }
      }
      sums[of[i]]++;
    }
    return new Colouring(field, true, List.copyOf(names), sums, of);
  }

  /** The style of a colour. */
  String style(int colour) {
    boolean absent = !names.isEmpty() && names.get(colour).equals("(absent)");
    boolean rest = !names.isEmpty() && names.get(colour).equals("everything else");
    return absent || rest ? "s-rest" : (shades ? "q" : "s") + colour;
  }
}
