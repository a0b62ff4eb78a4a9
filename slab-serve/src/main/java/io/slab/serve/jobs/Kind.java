package io.slab.serve.jobs;

/** Kinds of long work, each with a folder of its own (spec/serve.md, "Files"). */
public enum Kind {
  BACKUP("backups"),
  COLLECTION("collections"),
  RESTORE("restores"),
  IMPORT("imports");

  private final String folder;

  Kind(String folder) {
    this.folder = folder;
  }

  /** What people call one. */
  public String label() {
    return folder.substring(0, folder.length() - 1);
  }

  /** Its folder, without slashes. */
  String folder() {
    return folder;
  }

  /** Whether an id can come again after it was removed: names that users choose. */
  boolean isReused() {
    return this == COLLECTION;
  }
}
