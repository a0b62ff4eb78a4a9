package io.slab.migrate;

/** Is told how a migration gets on, now and then, on the thread that runs it. */
@FunctionalInterface
public interface MigrationProgress {
  /** What is being done. */
  enum Stage {
    READ("read"),
    WRITE("write"),
    VERIFY("verify");

    private final String label;

    Stage(String label) {
      this.label = label;
    }

    /** One word for people. */
    public String label() {
      return label;
    }
  }

  /**
   * @param records done in this stage, those of an earlier process included
   * @param fraction between 0 and 1, or negative when the whole is not known
   */
  void update(Stage stage, long records, double fraction);
}
