package io.slab.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.serve.api.ApiVersion;
import io.slab.serve.api.Status;
import io.slab.serve.grpc.GrpcService;
import io.slab.serve.rest.Route;
import io.slab.serve.rest.Router;
import io.slab.serve.rest.Services;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tables of spec/serve.md say what the program does. */
class SpecTablesTest {
  private static List<List<String>> rows(String pattern) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    Pattern row = Pattern.compile(pattern);
    Path spec = Path.of(System.getProperty("slab.root"), "spec/serve.md");
    for (String line : Files.readAllLines(spec)) {
      Matcher matcher = row.matcher(line);
      if (matcher.lookingAt()) {
        List<String> cells = new ArrayList<>();
        for (int i = 1; i <= matcher.groupCount(); i++) {
          cells.add(matcher.group(i));
        }
        rows.add(cells);
      }
    }
    return rows;
  }

  @Test
  void endpointsAreTheRoutes() throws IOException {
    Set<List<String>> routes = new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()));
    for (Route route : new Router(new Services(null, null, null, null, null)).routes()) {
      String effect = route.effect().name().toLowerCase(Locale.ROOT);
      routes.add(List.of(route.method() + " " + route.path(), effect));
    }
    Set<List<String>> documented = new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()));
    documented.addAll(rows("\\| `([A-Z]+ /[^`]*)` \\| (read|write) \\|"));
    assertEquals(List.copyOf(routes), List.copyOf(documented));
  }

  @Test
  void statusesAreThoseOfTheProgram() throws IOException {
    List<List<String>> statuses =
        Arrays.stream(Status.values())
            .map(s -> List.of(s.code(), Integer.toString(s.http()), Integer.toString(s.grpc())))
            .toList();
    assertEquals(statuses, rows("\\| `([A-Z_]+)` \\| (\\d+) \\| (\\d+) \\|"));
  }

  @Test
  void methodsOfGrpcAreThere() throws IOException {
    List<String> documented =
        rows("\\| `([A-Z][A-Za-z]+)` \\| `[A-Z]+ /").stream().map(List::getFirst).toList();
    assertEquals(
        new TreeSet<>(GrpcService.names()).toString(), new TreeSet<>(documented).toString());
  }

  @Test
  void versionsAreThoseOfTheProgram() throws IOException {
    List<String> documented = new ArrayList<>();
    for (List<String> row : rows("\\| ((?:`20\\d\\d-\\d\\d`(?:, )?)+) \\|")) {
      documented.addAll(List.of(row.getFirst().replace("`", "").split(", ")));
    }
    assertEquals(Arrays.stream(ApiVersion.values()).map(ApiVersion::label).toList(), documented);
  }
}
