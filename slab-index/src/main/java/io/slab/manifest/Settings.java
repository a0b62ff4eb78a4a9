package io.slab.manifest;

import io.slab.model.EmbeddingSpec;
import io.slab.model.Ulid;
import java.util.Objects;

/**
 * The settings of an index that may change (spec/index.md, "index.json and settings").
 *
 * @param id number of the object that has them, 0 when there is none
 * @param commit what tells this attempt from every other, null when there is none
 * @param deletionProtected true when the index must not be dropped
 * @param state whether it is there at all
 * @param service compact JSON of an object that a program which offers the index to others keeps
 *     here, or null (spec/serve.md, "Files")
 * @param embedding which model made the vectors from texts, or null
 * @param modifiedMillis when they were written by the store's clock, 0 when there is none
 */
public record Settings(
    long id,
    Ulid commit,
    boolean deletionProtected,
    State state,
    String service,
    EmbeddingSpec embedding,
    long modifiedMillis) {
  /** Of an index for which nothing was ever set. */
  public static final Settings DEFAULT = new Settings(0, null, false, State.LIVE, null, null, 0);

  /** Whether there is an index. */
  public enum State {
    LIVE("live"),
    /** No process reads or writes it, and nothing is deleted yet. */
    DROPPED("dropped"),
    /** Its objects are being deleted; it does not come back. */
    REMOVING("removing");

    private final String label;

    State(String label) {
      this.label = label;
    }

    /** As the object has it. */
    public String label() {
      return label;
    }

    /** The state of a name, or null. */
    static State of(String label) {
      for (State state : values()) {
        if (state.label.equals(label)) {
          return state;
        }
      }
      return null;
    }
  }

  Settings withProtection(boolean wanted) {
    return new Settings(id, commit, wanted, state, service, embedding, modifiedMillis);
  }

  Settings withState(State next) {
    return new Settings(id, commit, deletionProtected, next, service, embedding, modifiedMillis);
  }

  Settings withService(String json) {
    return new Settings(id, commit, deletionProtected, state, json, embedding, modifiedMillis);
  }

  Settings withEmbedding(EmbeddingSpec model) {
    return new Settings(id, commit, deletionProtected, state, service, model, modifiedMillis);
  }

  /** The same with the number and the commit of an attempt. */
  Settings as(long number, Ulid attempt) {
    return new Settings(number, attempt, deletionProtected, state, service, embedding, 0);
  }

  boolean says(Settings other) {
    return deletionProtected == other.deletionProtected
        && state == other.state
        && Objects.equals(service, other.service)
        && Objects.equals(embedding, other.embedding);
  }
}
