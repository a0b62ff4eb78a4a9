package io.slab.repair;

/**
 * What is done about one problem.
 *
 * @param object that is damaged or missing
 * @param section of it, or null
 * @param offset in it, or -1
 * @param problem what is wrong
 * @param remedy what is done
 */
public record RepairStep(
    String object, String section, long offset, String problem, Remedy remedy) {
  /** What is done about a problem; the words stand in JSON. */
  public enum Remedy {
    /** All records are whole: what is derived from them is made anew. */
    REBUILD("rebuild"),
    /** The readable records go into a new slab. */
    SALVAGE("salvage"),
    /** Nothing of it can be read: it is named no more. */
    LEAVE_OUT("leave-out"),
    /** What it said is found out from slabs and log. */
    RECOVER("recover"),
    /** The readable operations go into a slab; the object is not read any more. */
    SET_ASIDE("set-aside");

    private final String label;

    Remedy(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }
}
