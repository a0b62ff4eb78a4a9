package io.slab.cli.output;

/** Colours of one stream: escape sequences or nothing. */
public enum Style {
  PLAIN,
  COLOR;

  public String bold(String text) {
    return wrap("1", text);
  }

  public String red(String text) {
    return wrap("1;31", text);
  }

  public String yellow(String text) {
    return wrap("33", text);
  }

  public String green(String text) {
    return wrap("32", text);
  }

  public String dim(String text) {
    return wrap("2", text);
  }

  /** One of 256 colours: those from 17 to 231 look the same on most terminals. */
  public String color(int color, String text) {
    return wrap("38;5;" + color, text);
  }

  private String wrap(String code, String text) {
    return this == PLAIN || text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
  }
}
