package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.cli.verb.Verb;
import io.slab.cli.verb.VerbName;
import io.slab.cli.verb.VerbParser;
import io.slab.testkit.Breadth;
import io.slab.testkit.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * The generated bindings say what picocli says, or nothing: all that one of them accepts, picocli
 * accepts, and every field has the same value.
 */
class OptionBindingIT {
  private static final long SEED = Seeds.of("OptionBindingIT");

  private static final int ROUNDS = Breadth.of(60, 3_000);

  /**
   * Verbs of two positional words, or of one that must be there, which bindings do not take; none
   * of them is in a hurry.
   */
  private static final Set<VerbName> LEFT_TO_PICOCLI =
      Set.of(
          VerbName.MIGRATE,
          VerbName.PULL,
          VerbName.COPY,
          VerbName.CHECKPOINT_CREATE,
          VerbName.CHECKPOINT_SHOW,
          VerbName.CHECKPOINT_DELETE,
          VerbName.RESTORE,
          VerbName.SERVE);

  /** Words that have been trouble for some parser or other. */
  private static final List<String> ODD =
      List.of(
          "",
          "-",
          "--",
          "-5",
          "-0.5",
          "-x",
          "--wrong",
          "0",
          "007",
          "+3",
          "3.5",
          "1e3",
          "12345678901",
          "0x10",
          "true",
          "a,b",
          "a,,b",
          ",a",
          "a,",
          "'a,b'",
          "\"q\"",
          "$x",
          "${sys:user.name}",
          "@file",
          "[1, -2]",
          "[-1,2]",
          "{\"a\":1}",
          "--json=true",
          "-k5",
          "-k=5",
          "--top-k=5",
          "--output=",
          "-jq",
          "größe",
          "a b",
          "NaN",
          "1_000",
          " 7",
          "7 ",
          "\\,",
          "--no-json",
          "-o",
          "--fields=a,b");

  private static Map<String, Object> fields(Verb verb) {
    CommandSpec spec = CommandSpec.forAnnotatedObject(verb);
    Map<String, Object> values = new LinkedHashMap<>();
    for (ArgSpec arg : spec.args()) {
      String name = arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel();
      try {
        values.put(name, arg.getter().get());
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
    return values;
  }

  /** Compares the two parsers; returns whether the binding was sure. */
  private static boolean agree(VerbName name, List<String> words, Map<String, String> env) {
    Verb bound = Dispatcher.bound(name, words, env);
    if (bound == null) {
      return false;
    }
    // Building the model anew sets no field: what parsing left is read.
    Map<String, Object> quick = fields(bound);
    try {
      assertEquals(
          fields(VerbParser.parsed(name, new ProgramVerbs(), words, env)),
          quick,
          name + " " + words + env);
    } catch (ParameterException e) {
      throw new AssertionError(name + " " + words + " " + env + ": picocli says " + e.getMessage());
    }
    return true;
  }

  @ParameterizedTest
  @EnumSource(VerbName.class)
  void agreesWithPicocliOnRandomCommandLines(VerbName name) {
    Random random = new Random(SEED);
    CommandSpec spec = CommandSpec.forAnnotatedObject(new ProgramVerbs().create(name));
    int sure = 0;
    for (int i = 0; i < ROUNDS; i++) {
      List<String> words = line(spec, random, i % 3 == 0 ? 0 : 0.15);
      sure += agree(name, words, environment(random)) ? 1 : 0;
    }
    String found = name + ": sure of " + sure + " command lines, seed " + SEED;
    if (LEFT_TO_PICOCLI.contains(name)) {
      assertEquals(0, sure, found);
    } else {
      assertTrue(sure > ROUNDS / 20, found);
    }
  }

  private static Map<String, String> environment(Random random) {
    Map<String, String> env = new HashMap<>();
    if (random.nextInt(3) == 0) {
      env.put("SLAB_TARGET", "from-env");
      env.put("SLAB_OUTPUT", random.nextBoolean() ? "json" : "");
      env.put("SLAB_THREADS", random.nextBoolean() ? "2" : "two");
      env.put("SLAB_WIDTH", "77");
    }
    return env;
  }

  private static List<String> line(CommandSpec spec, Random random, double odd) {
    List<String> words = new ArrayList<>();
    List<OptionSpec> options = spec.options();
    int count = random.nextInt(5);
    if (random.nextInt(4) > 0) {
      words.add("target");
    }
    for (OptionSpec option : options) {
      if (option.required() && random.nextInt(4) > 0) {
        words.add(option.longestName());
        words.add("word");
      }
    }
    for (int i = 0; i < count; i++) {
      if (random.nextDouble() < odd) {
        words.add(ODD.get(random.nextInt(ODD.size())));
      }
      OptionSpec option = options.get(random.nextInt(options.size()));
      String name = option.names()[random.nextInt(option.names().length)];
      String value = value(option, random, odd);
      boolean takes = option.arity().max() > 0 && random.nextDouble() >= odd / 3;
      if (option.negatable() && random.nextBoolean()) {
        name = name.replaceFirst("^--", "--no-");
      }
      if (takes && name.startsWith("--") && random.nextInt(3) == 0) {
        words.add(name + "=" + value);
      } else {
        words.add(name);
        if (takes) {
          words.add(value);
        }
      }
    }
    return words;
  }

  private static String value(OptionSpec option, Random random, double odd) {
    if (random.nextDouble() < odd) {
      return ODD.get(random.nextInt(ODD.size()));
    }
    String type = option.type().getSimpleName().toLowerCase(Locale.ROOT);
    return switch (type) {
      case "int", "integer", "long" -> Integer.toString(random.nextInt(2000));
      case "float", "double" -> random.nextInt(3) + "." + random.nextInt(1000);
      default -> List.of("word", "a,b,c", "[0.5,1]", "{\"x\":[1]}").get(random.nextInt(4));
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "query i -v [0.1,-2] -k 5 -f {\"a\":1} --include-metadata -o json",
        "query i --id x --top-k=3 --recall 0.9 --threads 1 --fields rank,id",
        "query i --vector - --exact -n space --profile-query -q",
        "query i -v @file.json --alpha 0.3 --sparse-indices [1] --sparse-values [2]",
        "inspect a.slab",
        "inspect a.slab --what bitmaps --field genre --head 3 --offset 0",
        "fetch i --ids a,b --no-include-values",
        "list i --prefix x -l 5",
        "stats i -f {} --json",
        "describe i",
        "namespace list i",
        "explain i --id x"
      })
  void isSureOfTheUsualShortCommands(String line) {
    List<String> words = Arrays.asList(line.split(" "));
    int count = VerbName.wordsIn(words);
    VerbName name = VerbName.find(String.join(" ", words.subList(0, count)));
    assertTrue(agree(name, words.subList(count, words.size()), Map.of()), line);
  }

  @Test
  void leavesErrorsToPicocli() {
    assertNull(Dispatcher.bound(VerbName.QUERY, List.of("i", "--wrong"), Map.of()));
    assertNull(Dispatcher.bound(VerbName.QUERY, List.of("i", "-k"), Map.of()));
    assertNull(Dispatcher.bound(VerbName.QUERY, List.of("i", "-k", "ten"), Map.of()));
    assertNull(Dispatcher.bound(VerbName.QUERY, List.of("i", "-k", "1", "-k", "2"), Map.of()));
    assertNull(Dispatcher.bound(VerbName.QUERY, List.of("i", "j"), Map.of()));
    assertNotNull(Dispatcher.bound(VerbName.QUERY, List.of("i", "-k", "1"), Map.of()));
  }

  @Test
  void theModelReadsFieldsAsTheyAre() {
    Verb verb = Dispatcher.bound(VerbName.QUERY, List.of("i", "-k", "7"), Map.of());
    assertEquals(7, fields(verb).get("--top-k"));
    assertEquals("i", fields(verb).get("TARGET"));
  }
}
