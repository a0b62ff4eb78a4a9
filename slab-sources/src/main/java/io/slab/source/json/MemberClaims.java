package io.slab.source.json;

import io.slab.source.FieldMap;
import java.util.Arrays;

/**
 * Which member of a record is which part of it, where a part comes once. Of two usual names of the
 * id, or of the vector, the first of their order counts, and the other one is an extra. One thread
 * only.
 */
final class MemberClaims {
  /** What a parser remembers of a member name, so that it need not be looked up again. */
  enum Member {
    ID,
    VALUES,
    SPARSE,
    METADATA,
    NAMESPACE,
    /** The score of a query's match: known, and of no use. */
    SCORE,
    EXTRA,
    /** A document with the other parts of the record in it. */
    SOURCE;

    /** How many of them a record has once at most. */
    static final int SINGLE = SCORE.ordinal();
  }

  /** By what name each part came; null for parts that did not. */
  private final String[] names = new String[Member.SINGLE];

  private final int[] places = new int[Member.SINGLE];

  /** For the next record. */
  void reset() {
    Arrays.fill(names, null);
  }

  boolean has(Member member) {
    return names[member.ordinal()] != null;
  }

  /** Where a part that the record has begins. */
  int place(Member member) {
    return places[member.ordinal()];
  }

  /** True for a name that takes a part from the member that had it. */
  boolean replaces(Member member, String name) {
    return order(member, name) < 0;
  }

  /**
   * Takes a member for a part.
   *
   * @return what it is, then: an extra where another member has the part by right
   * @throws BadRecordException when two members say one thing
   */
  Member claim(Member member, String name, int at) {
    int order = order(member, name);
    if (order > 0) {
      return Member.EXTRA;
    }
    String before = names[member.ordinal()];
    if (before != null && order == 0) {
      String message =
          before.equals(name)
              ? "Member '" + name + "' is given twice"
              : "Member '" + name + "' says what '" + before + "' said already";
      throw new BadRecordException(at, name, message);
    }
    names[member.ordinal()] = name;
    places[member.ordinal()] = at;
    return member;
  }

  /** Below 0 when a name comes before that of the part so far, above 0 behind it, 0 neither. */
  private int order(Member member, String name) {
    String before = names[member.ordinal()];
    boolean described = member == Member.METADATA && RecordMembers.isDescription(name);
    if (before == null || before.equals(name)) {
      return 0;
    }
    if (described) {
      return 1;
    }
    return switch (member) {
      case ID -> rank(FieldMap.Role.ID, name, before);
      case VALUES -> rank(FieldMap.Role.VALUES, name, before);
      default -> 0;
    };
  }

  private static int rank(FieldMap.Role role, String name, String before) {
    return Integer.compare(FieldMap.rank(role, name), FieldMap.rank(role, before));
  }
}
