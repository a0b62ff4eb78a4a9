package io.slab.cli.command;

import io.slab.embed.Embedder;
import io.slab.embed.Embeddings;
import io.slab.error.CancellationToken;
import java.util.List;

/** An embedder that stays open when it is closed. */
record LentEmbedder(Embedder owner) implements Embedder {
  @Override
  public String model() {
    return owner.model();
  }

  @Override
  public int atOnce() {
    return owner.atOnce();
  }

  @Override
  public String place() {
    return owner.place();
  }

  @Override
  public Embeddings embed(List<String> texts, Kind kind, CancellationToken cancellation) {
    return owner.embed(texts, kind, cancellation);
  }

  @Override
  public void close() {
    // The shell does.
  }
}
