package io.slab.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A collection in the form of the SMART system: texts, questions, and which texts answer which
 * question.
 *
 * @param docs by their number
 * @param queries those with judgements, by the number that the judgements have
 * @param relevant numbers of the texts that answer a query
 */
record SmartSet(
    Map<String, String> docs, Map<String, String> queries, Map<String, Set<String>> relevant) {
  static SmartSet read(Path folder) throws IOException {
    Map<String, Set<String>> relevant = judgements(folder.resolve("qrels"));
    Map<String, String> all = texts(folder.resolve("queries"));
    // Cranfield's judgements count the questions from 1, also where these have other numbers.
    if (!all.keySet().containsAll(relevant.keySet())) {
      List<String> inOrder = new ArrayList<>(all.values());
      all.clear();
      for (int i = 0; i < inOrder.size(); i++) {
        all.put(Integer.toString(i + 1), inOrder.get(i));
      }
    }
    all.keySet().retainAll(relevant.keySet());
    return new SmartSet(texts(folder.resolve("docs")), all, relevant);
  }

  /** Title and text of each entry; authors and sources are left out. */
  private static Map<String, String> texts(Path file) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    String id = null;
    boolean text = true;
    for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
      if (line.startsWith(".I")) {
        id = Integer.toString(Integer.parseInt(line.substring(2).strip()));
        texts.put(id, "");
        text = true;
      } else if (line.length() >= 2 && line.charAt(0) == '.' && line.strip().length() == 2) {
        text = line.startsWith(".T") || line.startsWith(".W");
      } else if (text) {
        texts.merge(id, line + "\n", String::concat);
      }
    }
    return texts;
  }

  private static Map<String, Set<String>> judgements(Path file) throws IOException {
    Map<String, Set<String>> relevant = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] words = line.strip().split("\\s+");
      // A grade of -1 says that a judge looked and found it of no interest.
      if (words.length >= 2 && !(words.length == 3 && words[2].equals("-1"))) {
        relevant.computeIfAbsent(words[0], query -> new HashSet<>()).add(words[1]);
      }
    }
    return relevant;
  }

  /** NDCG of the first answers, each relevant or not. */
  double ndcg(String query, List<String> answers, int depth) {
    Set<String> wanted = relevant.get(query);
    double found = 0;
    double best = 0;
    for (int i = 0; i < depth; i++) {
      double gain = Math.log(2) / Math.log(i + 2);
      found += i < answers.size() && wanted.contains(answers.get(i)) ? gain : 0;
      best += i < wanted.size() ? gain : 0;
    }
    return found / best;
  }
}
