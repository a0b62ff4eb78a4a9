package io.slab.serve.rest;

import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.serve.data.UpdateRequest;
import io.slab.serve.json.Bodies;
import io.slab.serve.json.Members;
import io.slab.serve.json.VectorReader;
import tools.jackson.databind.node.ObjectNode;

/** Reads the body of {@code POST /vectors/update}. */
final class UpdateReader {
  private UpdateReader() {}

  /** What is to be changed, and where. */
  public record Asked(String namespace, UpdateRequest update) {}

  /** Reads a body. */
  public static Asked read(byte[] body) {
    Members members = new Members(Bodies.tree(body));
    String id = members.text("id");
    UpdateRequest update =
        new UpdateRequest(
            id == null || id.isEmpty() ? null : id,
            members.objectText("filter"),
            floats(members, "values"),
            sparse(members, "sparseValues"),
            metadata(members.object("setMetadata"), id == null ? "" : id),
            members.flag("dryRun", false));
    String namespace = members.text("namespace");
    return new Asked(namespace == null ? "" : namespace, update);
  }

  /** Dense values, or null for none. */
  public static float[] floats(Members members, String name) {
    if (!members.has(name)) {
      return null;
    }
    float[] values = Bodies.reread(members.get(name), in -> VectorReader.floats(in, 16, name));
    return values.length == 0 ? null : values;
  }

  /** Sparse values, or null for none. */
  public static SparseVector sparse(Members members, String name) {
    return members.has(name)
        ? Bodies.reread(members.get(name), in -> VectorReader.sparse(in, name))
        : null;
  }

  private static Metadata metadata(ObjectNode fields, String id) {
    return fields == null ? null : Bodies.reread(fields, in -> VectorReader.metadata(in, 0, id));
  }
}
