package io.slab.check;

import io.slab.error.CorruptException;
import io.slab.error.DataException;
import io.slab.error.ShellWord;
import io.slab.error.SlabException;
import io.slab.error.StoreException;
import io.slab.error.UnsupportedException;
import io.slab.format.file.SectionKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;

/** Collects what one run of a check finds. One thread only. */
public final class Findings {
  /** A text that ends with the rule that is broken, as {@code [D-48]}. */
  private static final Pattern RULED = Pattern.compile(" \\[[A-Z]+-\\w+]$");

  private final String place;
  private final List<Problem> problems = new ArrayList<>();
  private long objects;
  private LongConsumer onRead = count -> {};
  private long bytes;
  private long recordsAtRisk;

  /**
   * @param place what stands before the name of an object in a suggested command
   */
  public Findings(String place) {
    this.place = place;
  }

  public void object() {
    objects++;
  }

  public void read(long count) {
    bytes += count;
    onRead.accept(count);
  }

  /** Tells a listener of all that is read from now on, in bytes. */
  public void onRead(LongConsumer listener) {
    onRead = listener;
  }

  public void atRisk(long records) {
    recordsAtRisk += records;
  }

  public void error(String object, String section, long offset, String problem) {
    error(object, section, offset, problem, false, 0);
  }

  /** The same with the number of records that lie in the damaged bytes. */
  void error(String object, String section, long offset, String problem, long risk) {
    error(object, section, offset, problem, false, risk);
  }

  private void error(
      String object, String section, long offset, String problem, boolean unsupported, long risk) {
    String look = lookAt(object, offset);
    String ruled = withRule(section, problem);
    problems.add(
        new Problem(object, section, offset, Severity.ERROR, ruled, unsupported, risk, look));
  }

  /** Names the rule: that of the kind of section, where the finding names none of its own. */
  private static String withRule(String section, String problem) {
    SectionKind kind = RULED.matcher(problem).find() ? null : SectionKind.ofLabel(section);
    return kind == null ? problem : problem + " [" + kind.rule() + "]";
  }

  /** What a newer version may know. */
  void unsupported(String object, String section, long offset, String problem) {
    error(object, section, offset, problem, true, 0);
  }

  /** An object that should be there and is not: there is nothing to look at. */
  public void missing(String object, String problem) {
    problems.add(
        new Problem(object, null, -1, Severity.ERROR, "missing" + problem, false, 0, null));
  }

  /** Something that is no object where one belongs: there is nothing to look at. */
  public void misplaced(CorruptException e) {
    String problem = withoutPlace(e.getMessage()) + "; " + e.hint();
    problems.add(new Problem(e.resource(), null, -1, Severity.ERROR, problem, false, 0, null));
  }

  public void warning(String object, String section, long offset, String problem) {
    problems.add(new Problem(object, section, offset, Severity.WARNING, problem, false, 0, null));
  }

  /**
   * Notes an exception that reading an object or a part of it ended in. A failing store is not the
   * data's fault and says nothing about it: that ends the check.
   *
   * @param section null for the one that the exception names
   */
  public void failure(String object, String section, SlabException e) {
    if (e instanceof StoreException) {
      throw e;
    }
    long offset = e instanceof DataException data ? data.offset() : -1;
    error(
        object,
        section == null ? section(object, e) : section,
        offset,
        withoutPlace(e.getMessage()),
        e instanceof UnsupportedException,
        0);
  }

  /** Where inside the object reading ended, which stands after its name; null for nowhere. */
  private static String section(String object, SlabException e) {
    String resource = e instanceof DataException data ? data.resource() : "";
    return resource.startsWith(object + " ") ? resource.substring(object.length() + 1) : null;
  }

  /** Drops the leading "object at byte N: ", which has columns of its own. */
  private static String withoutPlace(String message) {
    int found = message.indexOf(": found ");
    return found < 0 ? message : message.substring(found + 2);
  }

  private String lookAt(String object, long offset) {
    String path = place + object;
    String file = ShellWord.of(path);
    return offset < 0
        ? "slab inspect " + file
        : "slab inspect " + file + " --what hex --offset " + offset + " --length 64";
  }

  int size() {
    return problems.size();
  }

  /** Problems found so far that are errors. */
  public long errors() {
    return problems.stream().filter(problem -> problem.severity() == Severity.ERROR).count();
  }

  public CheckReport report(CheckLevel level) {
    return new CheckReport(level, objects, bytes, problems, recordsAtRisk);
  }
}
