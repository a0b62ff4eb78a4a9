package io.slab.source;

/** The shapes of export that are recognised, with their names on the command line. */
public enum Shape {
  JSONL("jsonl", "JSON lines, one record each"),
  JSON_ARRAY("json-array", "a JSON array of records"),
  JSON_VECTORS("json-vectors", "JSON with a list of records under \"vectors\""),
  FETCH_RESPONSES("fetch", "responses of fetch calls"),
  QUERY_RESPONSES("query", "responses of queries"),
  BY_NAMESPACE("by-namespace", "a JSON object with the records of each namespace"),
  COLUMNAR_JSON("columnar-json", "JSON with one list per column"),
  JSONL_FOLDER("jsonl-folder", "a folder of JSON-lines files, one per namespace, with a manifest"),
  PINECONE_IMPORT("pinecone-import", "Parquet files in one folder per namespace (bulk import)"),
  VDF("vdf", "a Vector Dataset Format folder (vector-io)"),
  PINECONE_DATASET("pinecone-dataset", "a pinecone-datasets folder"),
  PARQUET("parquet", "Parquet files"),
  DELTA("delta", "a Delta Lake table"),
  CSV("csv", "comma-separated values"),
  NPY("npy", "a NumPy matrix"),
  NPY_IDS("npy-ids", "a NumPy matrix with a list of ids"),
  NPZ("npz", "a matrix in a NumPy archive"),
  SAFETENSORS("safetensors", "a matrix in a file of tensors (safetensors)"),
  FVECS("fvecs", "a matrix of 32-bit floats in .fvecs form"),
  BVECS("bvecs", "a matrix of bytes in .bvecs form"),
  IVECS("ivecs", "a matrix of 32-bit integers in .ivecs form"),
  MIXED("mixed", "files of several shapes");

  private final String label;
  private final String text;

  Shape(String label, String text) {
    this.label = label;
    this.text = text;
  }

  /** Its name on the command line. */
  public String label() {
    return label;
  }

  /** For people. */
  public String text() {
    return text;
  }

  /** The shape of a name, or null. */
  public static Shape of(String label) {
    for (Shape shape : values()) {
      if (shape.label.equals(label)) {
        return shape;
      }
    }
    return null;
  }
}
