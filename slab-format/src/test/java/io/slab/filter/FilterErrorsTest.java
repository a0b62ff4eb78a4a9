package io.slab.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.InvalidInputException;
import io.slab.json.Json;
import io.slab.model.Limits;
import io.slab.model.Metadata;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterErrorsTest {
  private static FilterProblem only(String json) {
    List<FilterProblem> problems = FilterParser.problems(Json.parse("filter", json));
    assertEquals(1, problems.size(), problems.toString());
    return problems.getFirst();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"f\":{\"$eq\":null}}     | $.f.$eq  | the $eq operator must be followed by a string, boolean or a number, got null instead",
        "{\"f\":{\"$eq\":{}}}       | $.f.$eq  | the $eq operator must be followed by a string, boolean or a number, got {} instead",
        "{\"f\":{\"$eq\":[\"a\"]}}  | $.f.$eq  | the $eq operator must be followed by a string, boolean or a number, got [\"a\"] instead",
        "{\"f\":{\"$ne\":[]}}       | $.f.$ne  | the $ne operator must be followed by a string, boolean or a number, got [] instead",
        "{\"f\":null}               | $.f      | the $eq operator must be followed by a string, boolean or a number, got null instead",
        "{\"f\":{\"$gt\":\"500\"}}  | $.f.$gt  | the $gt operator must be followed by a number",
        "{\"f\":{\"$gte\":true}}    | $.f.$gte | the $gte operator must be followed by a number",
        "{\"f\":{\"$lt\":[]}}       | $.f.$lt  | the $lt operator must be followed by a number",
        "{\"f\":{\"$lte\":{}}}      | $.f.$lte | the $lte operator must be followed by a number",
        "{\"f\":{\"$gt\":null}}     | $.f.$gt  | the $gt operator must be followed by a number",
        "{\"f\":{\"$in\":5}}        | $.f.$in  | the $in operator must be followed by a list of strings or a list of numbers",
        "{\"f\":{\"$in\":\"x\"}}    | $.f.$in  | the $in operator must be followed by a list of strings or a list of numbers",
        "{\"f\":{\"$in\":true}}     | $.f.$in  | the $in operator must be followed by a list of strings or a list of numbers",
        "{\"f\":{\"$in\":[null]}}   | $.f.$in  | the $in operator must be followed by a list of strings or a list of numbers",
        "{\"f\":{\"$in\":[true,false]}} | $.f.$in | the $in operator must be followed by a list of strings or a list of numbers",
        "{\"f\":{\"$in\":[\"a\",1]}} | $.f.$in | the $in operator must be followed by a list of strings or a list of numbers",
        "{\"f\":{\"$nin\":[1,\"a\"]}} | $.f.$nin | the $nin operator must be followed by a list of strings or a list of numbers",
        "{\"f\":[\"a\",\"b\"]}      | $.f      | invalid filter (compilation error): a field cannot be followed by a list",
        "{\"f\":{\"$xyz\":1}}       | $.f.$xyz | $xyz is not a valid operator",
        "{\"$xyz\":[]}              | $.$xyz   | $xyz is not a valid operator",
        "{\"f\":{\"g\":1}}          | $.f.g    | g is not a valid operator",
        "{\"f\":{\"$and\":[]}}      | $.f.$and | $and is not a valid operator",
        "{\"f\":{\"$exists\":1}}    | $.f.$exists | the $exists operator must be followed by a boolean",
        "{\"f\":{\"$not\":1}}       | $.f.$not | the $not operator must be followed by an object of operators",
        "{\"f\":{\"$not\":{}}}      | $.f.$not | the $not operator must be followed by an object of operators",
        "{\"$eq\":1}                | $.$eq    | the $eq operator must be inside a field",
        "{\"$not\":{\"f\":1}}       | $.$not   | the $not operator must be inside a field",
        "{\"$and\":{}}              | $.$and   | the $and operator must be followed by a non-empty list of filters",
        "{\"$or\":[]}               | $.$or    | the $or operator must be followed by a non-empty list of filters",
        "{\"$or\":[{},5]}           | $.$or[1] | a filter must be a JSON object, got 5 instead",
        "[]                         | $        | a filter must be a JSON object, got [] instead",
        "{\"a b\":{\"$gt\":\"\"}}   | $[\"a b\"].$gt | the $gt operator must be followed by a number",
      })
  void saysWhatTheServiceSays(String json, String path, String message) {
    FilterProblem problem = only(json);
    assertEquals(path, problem.path());
    assertEquals(message, problem.message());
    InvalidInputException e =
        assertThrows(InvalidInputException.class, () -> FilterParser.parse(json));
    assertEquals("filter: " + problem.text(), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"f\":{\"$ge\":1}}         | did you mean $gte?",
        "{\"f\":{\"$le\":1}}         | did you mean $lte?",
        "{\"f\":{\"eq\":1}}          | did you mean $eq?",
        "{\"f\":{\"$EQ\":1}}         | did you mean $eq?",
        "{\"f\":{\"$neq\":1}}        | did you mean $ne?",
        "{\"f\":{\"$exist\":true}}   | did you mean $exists?",
        "{\"f\":{\"$exsits\":true}}  | did you mean $exists?",
        "{\"f\":{\">=\":1}}          | did you mean $gte?",
        "{\"f\":{\"$notin\":[]}}     | did you mean $nin?",
        "{\"f\":{\"$tge\":[]}}       | did you mean $gte?",
        "{\"$adn\":[]}               | did you mean $and?",
        "{\"and\":[{\"f\":1}]}       | did you mean $and?",
        "{\"f\":{\"$eq\":[1]}}       | did you mean $in?",
        "{\"f\":{\"$ne\":null}}      | for records without the field write {\"$exists\": true}",
        "{\"f\":{\"$gt\":\"500\"}}   | write 500 without quotes",
        "{\"f\":{\"$in\":\"x\"}}     | write \"$in\": [\"x\"]",
        "{\"f\":[\"a\"]}             | write {\"$in\": [\"a\"]}",
        "{\"f\":{\"$not\":1}}        | did you mean $ne?",
        "{\"f\":{\"name\":{}}}       | metadata is flat: a field holds no fields of its own",
        "{\"f\":{\"$regex\":\"x\"}}  | there is no search inside strings; filters compare whole strings",
        "{\"f\":{\"$unheard\":1}}    | one of $eq $ne $gt $gte $lt $lte $in $nin $exists $not",
      })
  void suggestsWhatWasMeant(String json, String suggestion) {
    assertEquals(suggestion, only(json).suggestion());
  }

  @Test
  void countsTheValuesOfIn() {
    String most = values(Limits.MAX_IN_VALUES);
    FilterParser.parse("{\"f\":{\"$in\":" + most + "}}");
    FilterProblem problem = only("{\"f\":{\"$nin\":" + values(Limits.MAX_IN_VALUES + 1) + "}}");
    assertEquals(
        "the $nin operator must be followed by at most 10000 values, got 10001", problem.message());
  }

  private static String values(int count) {
    return IntStream.range(0, count)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Test
  void listsAllProblemsAtOnce() {
    InvalidInputException e =
        assertThrows(
            InvalidInputException.class,
            () ->
                FilterParser.parse(
                    "{\"$or\":[{\"a\":{\"$gt\":\"x\",\"$ltt\":1}},{\"b\":null}],\"c\":{\"$in\":1}}"));
    assertEquals(
        """
        filter: 4 problems
          $.$or[0].a.$gt: the $gt operator must be followed by a number (only numbers are ordered)
          $.$or[0].a.$ltt: $ltt is not a valid operator (did you mean $lt?)
          $.$or[1].b: the $eq operator must be followed by a string, boolean or a number, got null instead \
        (for records without the field write {"$exists": false})
          $.c.$in: the $in operator must be followed by a list of strings or a list of numbers \
        (write "$in": [1])\
        """,
        e.getMessage());
  }

  @Test
  void longValuesAreCutInMessages() {
    String text = "x".repeat(1000);
    assertTrue(only("{\"f\":{\"$eq\":[\"" + text + "\"]}}").message().length() < 200);
  }

  @Test
  void fieldsOutsideTheSchemaAreRefused() {
    FieldIndex index = FieldIndexes.of(List.of(Metadata.EMPTY), "year"::equals);
    FilterEvaluator.rows(FilterParser.parse("{\"year\":1}"), index);
    InvalidInputException e =
        assertThrows(
            InvalidInputException.class,
            () ->
                FilterEvaluator.rows(FilterParser.parse("{\"year\":1,\"g\":{\"$ne\":2}}"), index));
    assertEquals("filter: the field 'g' is not indexed in this index's schema", e.getMessage());
    e =
        assertThrows(
            InvalidInputException.class,
            () ->
                FilterEvaluator.explain(
                    FilterParser.parse("{\"$or\":[{\"b\":1},{\"a\":2}]}"), index));
    assertEquals(
        "filter: the fields 'a', 'b' are not indexed in this index's schema", e.getMessage());
  }
}
