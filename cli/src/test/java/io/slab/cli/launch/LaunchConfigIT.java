package io.slab.cli.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import io.slab.cli.Processes;
import io.slab.cli.verb.VerbName;
import io.slab.s3.S3Address;
import io.slab.testkit.Layers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the shell reads is what Java means, and names what is there. */
class LaunchConfigIT {
  @TempDir Path folder;

  private record Run(int code, String out) {}

  private Run run(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes());
    return new Run(process.waitFor(), out);
  }

  /** A renamed class would only make commands slower, without a word. */
  @Test
  void everyPatternMatchesMethodsWithCode() {
    for (String methods : LaunchConfig.COMPILED_AT_ONCE) {
      String[] parts = methods.split("::");
      Pattern type = glob(parts[0]);
      Pattern method = glob(parts[1]);
      List<String> found = new ArrayList<>();
      String packageName = parts[0].substring(0, parts[0].lastIndexOf('.'));
      for (JavaClass candidate : Layers.importer().importPackages(packageName)) {
        if (type.matcher(candidate.getName()).matches()) {
          for (JavaMethod one : candidate.getMethods()) {
            boolean code = one.getModifiers().stream().noneMatch(m -> m.name().equals("ABSTRACT"));
            if (code && method.matcher(one.getName()).matches()) {
              found.add(one.getFullName());
            }
          }
        }
      }
      assertFalse(found.isEmpty(), methods + " matches no method");
    }
  }

  private static Pattern glob(String text) {
    return Pattern.compile(Pattern.quote(text).replace("*", "\\E.*\\Q"));
  }

  /** The launcher lets Java pass over flags that it does not know: a test must not. */
  @Test
  void javaKnowsEveryFlag() throws Exception {
    for (List<String> flags : List.of(LaunchConfig.shortFlags(), LaunchConfig.longFlags())) {
      List<String> command = new ArrayList<>(List.of(Processes.java()));
      flags.stream().filter(flag -> !flag.contains("IgnoreUnrecognized")).forEach(command::add);
      command.addAll(List.of("-cp", Processes.classPath(), "io.slab.cli.Main", "version"));
      Run version = run(command);
      assertEquals(0, version.code(), version.out());
      assertTrue(version.out().startsWith("slab "), version.out());
    }
  }

  /** Answers of the shell to one question about each word. */
  private String answers(String question, List<String> words) throws Exception {
    Path config = Files.writeString(folder.resolve("flags.sh"), LaunchConfig.shell());
    List<String> command =
        new ArrayList<>(
            List.of(
                "sh",
                "-c",
                "set -eu; . \"$0\"; for w; do if "
                    + question
                    + " \"$w\"; then printf y; else printf n; fi; done",
                config.toString()));
    command.addAll(words);
    Run run = run(command);
    assertEquals(0, run.code(), run.out());
    return run.out();
  }

  @Test
  void theShellKnowsTheLongVerbs() throws Exception {
    List<String> words = new ArrayList<>();
    StringBuilder expected = new StringBuilder();
    for (VerbName verb : VerbName.values()) {
      words.add(verb.word);
      expected.append(LaunchConfig.LONG.contains(verb) ? 'y' : 'n');
      if (verb.alias != null) {
        words.add(verb.alias);
        expected.append(LaunchConfig.LONG.contains(verb) ? 'y' : 'n');
      }
    }
    assertEquals(expected.toString(), answers("is_long", words));
    assertEquals("nnn", answers("is_long", List.of("", "ingest upsert", "*")));
  }

  @Test
  void theShellKnowsTheAddressesThatJavaKnows() throws Exception {
    List<String> words =
        List.of(
            "s3://b/p",
            "S3://b",
            "s3a://b/p",
            "S3N://b",
            "s3:/b",
            "gs://b",
            "./s3://b",
            "s3://",
            "file",
            "--out=s3://b");
    StringBuilder expected = new StringBuilder();
    words.forEach(word -> expected.append(S3Address.is(word) ? 'y' : 'n'));
    assertEquals(expected.toString(), answers("is_s3", words));
  }

  @Test
  void everyValueArrivesInTheShell() throws IOException, Exception {
    String odd = "a 'quoted' \"$HOME\" `x` \\\\ größe*";
    new StartSettings().with("made_for", odd).with("zstd", null).write(folder);
    Run run =
        run(
            List.of(
                "sh",
                "-c",
                "zstd=wrong; . \"$0\"; printf '%s|%s' \"$made_for\" \"$zstd\"",
                folder.resolve(StartSettings.FILE).toString()));
    assertEquals(odd + "|", run.out());
  }
}
