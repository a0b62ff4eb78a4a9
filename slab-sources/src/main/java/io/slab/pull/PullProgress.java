package io.slab.pull;

/** What a {@link Pull} tells of its work while it is at it. Called by one thread. */
public interface PullProgress {
  /** Something that the user should know, in a sentence. */
  void say(String text);

  /** So many identifiers are known of a namespace with so many records. */
  void found(String namespace, long ids, long expected);

  /** So many records of a namespace are written, of about so many. */
  void written(String namespace, long records, long expected);
}
