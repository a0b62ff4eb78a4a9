package io.slab.format.section;

/**
 * Hands out one string for equal short ones, as far as it remembers: newer ones replace older ones.
 * Thread-safe without locks, since strings never change and any of two equal ones will do.
 */
final class SharedTexts {
  private static final int SLOTS = 1024;
  private static final int MAX_LENGTH = 64;

  private final String[] slots = new String[SLOTS];

  String shared(String text) {
    if (text.length() > MAX_LENGTH) {
      return text;
    }
    int hash = text.hashCode();
    int slot = (hash ^ hash >>> 15) & SLOTS - 1;
    String known = slots[slot];
    if (text.equals(known)) {
      return known;
    }
    slots[slot] = text;
    return text;
  }
}
